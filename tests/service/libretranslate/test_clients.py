"""What clients of LibreTranslate send and are answered: the real packages, and requests shaped as others'."""

from __future__ import annotations

import io
import json
import os
import threading
import urllib.error
import urllib.request

import pytest
from deep_translator import LibreTranslator
from deep_translator.exceptions import ServerException
from libretranslatepy import LibreTranslateAPI
from werkzeug.serving import make_server

from tests import tiny
from tests.conftest import Counting

PAIRS = tiny.trained_pairs()
(ONE, ENGLISH), (TWO, OTHER) = PAIRS[1], PAIRS[2]
AR = {"confidence": 100, "language": "ar"}
EN = {"confidence": 100, "language": "en"}
HELLO = "The news of the day."


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()


def test_libretranslatepy(address):
    client = LibreTranslateAPI(address)
    assert client.translate(ONE, "ar", "en") == ENGLISH
    assert client.translate(ONE, "auto", "en") == ENGLISH
    assert client.detect(ONE) == [AR] and client.detect(HELLO) == [EN]
    assert [(one["code"], one["targets"]) for one in client.languages()] == [("ar", ["en"]), ("en", [])]
    with pytest.raises(urllib.error.HTTPError) as error:
        client.translate("Hallo", "de", "en")
    assert error.value.code == 400


def test_deep_translator(address):
    client = LibreTranslator("ar", "en", api_key="any", custom_url=address)
    assert client.translate(ONE) == ENGLISH
    assert client.translate_batch([ONE, TWO]) == [ENGLISH, OTHER]
    assert LibreTranslator("auto", "en", api_key="any", custom_url=address).translate(HELLO) == HELLO
    with pytest.raises(ServerException):
        LibreTranslator("ar", "de", api_key="any", custom_url=address).translate(ONE)


CALLS = [
    # who, how, fields, what they read of the answer
    ("weblate", "json", {"api_key": "", "q": [ONE, TWO], "source": "ar", "target": "en"}, [ENGLISH, OTHER]),
    ("mastodon", "json", {"q": [f"<p>{ONE}</p>", HELLO], "source": "auto", "target": "en", "format": "html",
     "api_key": None}, [f"<p>{ENGLISH}</p>", HELLO]),
    ("discourse", "data", {"q": ONE, "source": "ar", "target": "en", "format": "html", "api_key": ""}, ENGLISH),
    ("query string", "query_string", {"q": ONE, "source": "ar", "target": "en", "format": "text"}, ENGLISH),
    ("query string, twice", "query_string", {"q": [ONE, TWO], "source": "ar", "target": "en"}, [ENGLISH, OTHER]),
    ("one in a list", "json", {"q": [ONE], "source": "ar", "target": "en"}, [ENGLISH]),
    ("none in a list", "json", {"q": [], "source": "ar", "target": "en"}, []),
    ("lines", "json", {"q": f"{ONE}\n\n  {TWO}\n", "source": "ar", "target": "en"}, f"{ENGLISH}\n\n  {OTHER}\n"),
    ("items with bars", "json", {"q": ["a", "b|c"], "source": "auto", "target": "en"}, ["a", "b|c"]),
    ("nothing", "json", {"q": "", "source": "auto", "target": "en"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("who", "how", "fields", "told"), CALLS, ids=[call[0] for call in CALLS])
def test_each_call_and_its_answer(client, who, how, fields, told):
    answer = client.post("/translate", **{how: fields})
    assert answer.status_code == 200, answer.get_json()
    found = answer.get_json()
    assert found["translatedText"] == told
    assert set(found) == {"translatedText", *(["detectedLanguage"] if fields["source"] == "auto" else [])}
    if who == "mastodon":
        assert found["detectedLanguage"] == [AR, EN]


WRONG = [
    ({"source": "ar", "target": "en"}, 400, "missing q parameter"),
    ({"q": ONE, "target": "en"}, 400, "missing source parameter"),
    ({"q": ONE, "source": "ar"}, 400, "missing target parameter"),
    ({"q": ONE, "source": "de", "target": "en"}, 400, "de is not supported"),
    ({"q": ONE, "source": "ar", "target": "x" * 500}, 400, "is not supported"),
    ({"q": ONE, "source": "ar", "target": "en", "format": "pdf"}, 400, "format is not supported"),
    ({"q": ONE, "source": "ar", "target": "en", "alternatives": "many"}, 400, "alternatives"),
    ({"q": ONE, "source": "ar", "target": "en", "alternatives": 10_000}, 400, "alternatives"),
    ({"q": {"a": 1}, "source": "ar", "target": "en"}, 400, "q"),
    ({"q": ["\ud800"], "source": "ar", "target": "en"}, 400, "surrogate"),
    ({"q": "س" * 40_001, "source": "ar", "target": "en"}, 400, "exceeds text limit (40000)"),
    ([], 400, "no JSON object"),
]


@pytest.mark.parametrize(("fields", "status", "told"), WRONG, ids=[case[2] for case in WRONG])
def test_errors_have_one_form(client, fields, status, told):
    answer = client.post("/translate", data=json.dumps(fields), content_type="application/json")
    assert answer.status_code == status and set(answer.get_json()) == {"error"} and told in answer.get_json()["error"]
    assert len(answer.get_json()["error"]) < 200


def test_what_comes_from_another_sites_page_is_refused_in_the_same_form(client):
    answer = client.post("/translate", json={"q": ONE}, headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 403 and set(answer.get_json()) == {"error"}


def test_a_batch_is_one(app, core, translator, client):
    """Equal texts are translated once, and what was asked comes in one call; a bar in a text joins nothing."""
    core.pipeline.translator = counting = Counting(translator)
    answer = client.post("/translate", json={"q": [ONE, TWO, ONE], "source": "ar", "target": "en"})
    assert answer.get_json()["translatedText"] == [ENGLISH, OTHER, ENGLISH]
    assert sorted(counting.asked) == sorted([ONE, TWO])


def test_alternatives_are_other_readings(client):
    asked = {"q": ONE, "source": "ar", "target": "en", "alternatives": 2}
    one = client.post("/translate", json=asked).get_json()
    assert 1 <= len(one["alternatives"]) <= 2 and ENGLISH not in one["alternatives"]
    many = client.post("/translate", json={**asked, "q": [f"<b>{ONE}</b>", HELLO], "format": "html"}).get_json()
    assert many["alternatives"] == [[f"<b>{text}</b>" for text in one["alternatives"]], []]


def test_other_languages(client):
    persian = "رئیس جمهور ایران گفت که این کشور باید از حقوق خود دفاع کند"
    assert client.post("/detect", data={"q": persian}).get_json()[0]["language"] == "fa"
    assert client.post("/detect", data={"q": "Новости дня"}).get_json() == [{"confidence": 0, "language": "und"}]
    auto = client.post("/translate", json={"q": persian, "source": "auto", "target": "en"}).get_json()
    assert auto["translatedText"] == persian and auto["detectedLanguage"]["language"] == "fa"
    assert client.post("/detect").status_code == 400


def test_files(client, settings):
    def send(name, data, **fields):
        form = {"source": "auto", "target": "en", "file": (io.BytesIO(data), name), **fields}
        return client.post("/translate_file", data=form)

    url = send("a.txt", f"{ONE}\n".encode()).get_json()["translatedFileUrl"]
    answer = client.get(url)
    assert answer.get_data(as_text=True) == f"{ENGLISH}\n"
    page = f'<meta charset="windows-1256"><p title="سلام">{ONE}</p>'.encode("windows-1256")
    answer = client.get(send("a.HTML", page, source="ar").get_json()["translatedFileUrl"])
    assert answer.get_data().decode("windows-1256") == f'<meta charset="windows-1256"><p title="سلام">{ENGLISH}</p>'
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (*_, path) = sorted((settings.data / "files").iterdir())
    os.utime(path, (0, 0))
    assert client.get(f"/download_file/{path.name}").status_code == 404 and not path.exists()
    for name, data, told in (("a.exe", b"x", "format"), ("a.txt", b"\0\0", "file"), ("", b"", "file")):
        wrong = send(name, data)
        assert wrong.status_code == 400 and told in wrong.get_json()["error"]
    for name in ("x", "..%2f..%2fmujaz.sqlite3", "0" * 32 + ".txt"):
        assert client.get(f"/download_file/{name}").status_code == 404


def test_what_a_client_asks_before(client):
    assert client.get("/health").get_json() == {"status": "ok"}
    told = client.get("/frontend/settings").get_json()
    assert told["charLimit"] == 40_000 and told["keyRequired"] is False
    assert told["language"] == {
        "source": {"code": "ar", "name": "Arabic"},
        "target": {"code": "en", "name": "English"},
    }


def test_before_the_model_is_loaded(client, core):
    core._pipeline = None
    answer = client.post("/translate", json={"q": ONE, "source": "ar", "target": "en"})
    assert answer.status_code == 503 and answer.headers["Retry-After"] and set(answer.get_json()) == {"error"}
