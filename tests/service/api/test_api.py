import json
from dataclasses import replace

import pytest

from models.ahead import done
from models.pipeline import Pipeline
from service import create_app
from tests.conftest import Counting, article, cases

TITLE, BODY = article("03")
BRIEF = {"id", "created_at", "url", "title", "brief", "translation", "model", "signature", "timing"}
SENTENCE = {"index", "paragraph", "start", "end", "source", "text", "score", "flags", "other"}
SENTENCE |= {"confidence", "words", "contrast", "extra", "omitted"}


def test_a_brief_has_all_that_is_promised(client):
    asked = {"text": BODY, "title": TITLE, "url": "https://example.org/a", "sentences": 2}
    answer = client.post("/api/v1/briefs", json=asked)
    assert answer.status_code == 201 and answer.mimetype == "application/json"
    record = answer.get_json()
    assert set(record) == BRIEF and answer.headers["Location"] == f"/api/v1/briefs/{record['id']}"
    assert record["title"]["source"] == TITLE and record["url"] == "https://example.org/a"
    sentences = record["translation"]["sentences"]
    assert [s["index"] for s in sentences] == list(range(len(sentences)))
    for sentence in sentences:
        assert set(sentence) == SENTENCE
        assert BODY[sentence["start"] : sentence["end"]] == sentence["source"]
    assert record["brief"]["summarizer"] == "extractive"
    for statement in record["brief"]["sentences"]:
        (source,) = statement["sources"]
        assert statement["exact"] and statement["text"] == sentences[source]["text"]
    assert set(record["model"]) == {"name", "version", "backend", "compute_type", "quality", "warning", "second"}
    assert set(record["timing"]) == {"segment_ms", "translate_ms", "summarize_ms"}
    assert "العواصف" in answer.get_data(as_text=True), "UTF-8, not escapes"
    assert client.get(answer.headers["Location"]).get_json() == record


def test_plain_text_is_taken_too(client):
    kind = "text/plain; charset=utf-8"
    answer = client.post("/api/v1/briefs?sentences=1&title=x", data=BODY.encode(), content_type=kind)
    assert answer.status_code == 201 and len(answer.get_json()["brief"]["sentences"]) == 1
    arabic = BODY.encode("windows-1256", errors="ignore")
    answer = client.post("/api/v1/briefs", data=arabic, content_type="text/plain; charset=windows-1256")
    assert answer.status_code == 201


def test_how_sure_a_brief_must_be_can_be_asked_in_every_way(client):
    """The tiny model has no second beside it, so that no confidence is known."""
    asked = {"text": BODY, "min_confidence": 0.5}
    made = client.post("/api/v1/briefs", json=asked).get_json()
    assert made["signature"].endswith("|confidence:0.5") and made["brief"]["sentences"]
    assert [note["kind"] for note in made["brief"]["notes"]] == ["unsure"]
    plain = client.post("/api/v1/briefs?min_confidence=0.5", data=BODY.encode(), content_type="text/plain").get_json()
    assert plain["brief"] == made["brief"]
    assert (
        client.post("/api/v1/briefs?min_confidence=x", data=BODY.encode(), content_type="text/plain").status_code == 422
    )
    for nothing in ({}, {"min_confidence": 0}):
        assert client.post("/api/v1/briefs", json={"text": BODY, **nothing}).get_json()["brief"]["notes"] == []


def test_a_second_time_comes_from_the_memory(client, store, translator):
    text = "\n\n".join(article(f"{n:02}")[1] for n in range(1, 13))
    first, second = (client.post("/api/v1/briefs", json={"text": text}).get_json() for _ in range(2))
    assert second["translation"] == first["translation"] and second["brief"] == first["brief"]
    known = store.recall([s["source"] for s in first["translation"]["sentences"]], translator.signature)
    assert [known[s["source"]][0] for s in first["translation"]["sentences"]]


def test_list_page_search_get_delete(client):
    ids = [client.post("/api/v1/briefs", json={"text": article(f"{n:02}")[1]}).get_json()["id"] for n in (1, 2, 3)]
    listed = client.get("/api/v1/briefs?limit=2").get_json()
    assert [item["id"] for item in listed["briefs"]] == ids[:0:-1] and listed["next"] == listed["briefs"][-1]["number"]
    rest = client.get(f"/api/v1/briefs?before={listed['next']}").get_json()
    assert [item["id"] for item in rest["briefs"]] == ids[:1] and rest["next"] is None
    assert [i["id"] for i in client.get("/api/v1/briefs?q=خيمة").get_json()["briefs"]] == [ids[2]]
    assert client.get("/api/v1/briefs?before=&q=").get_json()["briefs"][0]["id"] == ids[2]
    assert client.delete(f"/api/v1/briefs/{ids[0]}").status_code == 204
    for gone in (client.get, client.delete):
        answer = gone(f"/api/v1/briefs/{ids[0]}")
        assert answer.status_code == 404 and answer.mimetype == "application/problem+json"


def test_translations_of_one_text_and_of_many(client):
    one = client.post("/api/v1/translations", json={"text": BODY}).get_json()
    assert set(one) == {"text", "sentences", "glossary", "names", "model", "signature"}
    many = client.post("/api/v1/translations", json={"texts": [BODY, TITLE]}).get_json()["translations"]
    assert many[0] == one and many[1]["sentences"][0]["source"] == TITLE
    assert client.get("/api/v1/briefs").get_json()["briefs"] == [], "nothing is stored"


def test_too_many_texts_and_too_many_errors_are_told_in_few_words(client):
    many = client.post("/api/v1/translations", json={"texts": [""] * 500_000})
    assert many.status_code == 422 and "1000" in many.get_data(as_text=True) and len(many.get_data()) < 2_000
    wrong = client.post("/api/v1/translations", json={"texts": [""] * 500})
    assert len(json.loads(wrong.get_data())["errors"]) == 101


def test_a_deleted_brief_leaves_nothing_behind(client, store, translator):
    made = client.post("/api/v1/briefs", json={"text": BODY, "title": TITLE}).get_json()
    sentences = [TITLE, *(s["source"] for s in made["translation"]["sentences"])]
    assert len(store.recall(sentences, translator.signature)) == len(set(sentences))
    client.delete(f"/api/v1/briefs/{made['id']}")
    assert not store.recall(sentences, translator.signature)


def lines(answer):
    assert answer.status_code == 200 and answer.mimetype == "application/x-ndjson"
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def test_a_brief_streams_sentence_by_sentence(client):
    found = lines(client.post("/api/v1/briefs", json={"text": BODY}, headers={"Accept": "application/x-ndjson"}))
    *sentences, last = found
    assert all(line["type"] == "sentence" for line in sentences) and last["type"] == "brief"
    assert [{k: v for k, v in line.items() if k != "type"} for line in sentences] == last["translation"]["sentences"]
    stored = client.get(f"/api/v1/briefs/{last['id']}").get_json()
    assert {**stored, "type": "brief"} == last


def test_translations_stream_too(client):
    body = {"texts": [BODY, TITLE]}
    found = lines(client.post("/api/v1/translations", json=body, headers={"Accept": "application/x-ndjson"}))
    whole = [line for line in found if line["type"] == "translation"]
    assert [line["text_index"] for line in whole] == [0, 1]
    plain = client.post("/api/v1/translations", json=body).get_json()["translations"]
    assert [line["text"] for line in whole] == [item["text"] for item in plain]


def test_a_stream_that_breaks_off_says_so_in_its_last_line(settings, translator, store):
    class Failing(Counting):
        """Until the tenth sentence it does not."""

        def begin(self, sentences, turn=None):
            failed = done(RuntimeError("out of memory"))
            return [*translator.begin(sentences[:9], turn), *(failed for _ in sentences[9:])]

    from tests.tiny import SUMMARIZERS

    client = create_app(settings, pipeline=Pipeline(Failing(translator), SUMMARIZERS, store)).test_client()
    text = "\n\n".join(article(f"{n:02}")[1] for n in range(1, 6))
    found = lines(client.post("/api/v1/briefs", json={"text": text}, headers={"Accept": "application/x-ndjson"}))
    assert found[0]["type"] == "sentence" and found[-1]["type"] == "error" and found[-1]["status"] == 500
    assert "out of memory" not in json.dumps(found[-1])


@pytest.mark.parametrize(("body", "fields"), cases("wrong-requests"))
def test_wrong_fields_are_all_named(client, body, fields):
    answer = client.post("/api/v1/briefs", json=body)
    problem = json.loads(answer.get_data())
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert problem["status"] == 422 and problem["title"] and problem["detail"]
    assert sorted({error["field"] for error in problem["errors"]}) == fields


@pytest.mark.parametrize(("kind", "most"), [("briefs", 40_000), ("translations", 40_000), ("jobs", 200_000)])
def test_a_text_that_is_too_long_is_no_wrong_field(client, kind, most):
    answer = client.post(f"/api/v1/{kind}", json={"text": "ا" * (most + 1)})
    problem = json.loads(answer.get_data())
    assert answer.status_code == problem["status"] == 413 and "errors" not in problem
    assert f"{most:,}" in problem["detail"] and ("/api/v1/jobs" in problem["detail"]) == (kind != "jobs")


def test_a_title_counts_too_and_the_setting_that_is_smaller_is_named(settings, pipeline):
    client = create_app(replace(settings, max_chars=100), pipeline=pipeline).test_client()
    answer = client.post("/api/v1/briefs", json={"text": "خبر", "title": "ا" * 100})
    assert answer.status_code == 413
    assert "MUJAZ_MAX_CHARS" in answer.get_json()["detail"] and "jobs" not in answer.get_json()["detail"]


def test_a_body_of_too_many_bytes_is_told_how_many_may_come(client, app):
    most = app.config["MAX_CONTENT_LENGTH"]
    answer = client.post("/api/v1/briefs", json={"text": "x" * most})
    assert answer.status_code == 413 and f"{most:,} bytes" in answer.get_json()["detail"]


def test_a_text_too_long_to_wait_for_can_be_a_job(client, app):
    text = f"{BODY}\n\n" * (1 + app.extensions["mujaz"].settings.waited_chars // len(BODY))
    assert client.post("/api/v1/briefs", json={"text": text}).status_code == 413
    assert client.post("/api/v1/jobs", json={"text": text}).status_code == 202


def test_an_error_names_the_choices_and_the_script_found(client):
    told = lambda body: client.post("/api/v1/briefs", json=body).get_data(as_text=True)  # noqa: E731
    assert "at most 1000 characters" in told({"text": BODY, "title": "x" * 1001})
    assert "Cyrillic" in told({"text": "Привет"})
    assert "extractive" in told({"text": BODY, "summarizer": "magic"})
    for wrong in (2, -1, "x"):
        assert "from 0 to 1" in told({"text": BODY, "min_confidence": wrong})
    assert "choose text, title, url, sentences, summarizer, min_confidence" in told({"text": BODY, "colour": "red"})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("put", "/api/v1/briefs", 405),
        ("get", "/api/v1/briefs?limit=x", 422),
        ("get", "/api/v1/briefs?limit=0", 422),
        ("get", "/api/v1/briefs?before=x", 422),
        ("get", "/api/v1/briefs?q=" + "x" * 300, 422),
        ("get", "/api/v1/briefs?page=2", 422),
    ],
)
def test_errors_of_routing_and_queries_are_problems(client, method, path, status):
    answer = getattr(client, method)(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert status != 405 or "POST" in answer.headers["Allow"]


def test_media_types(client):
    assert client.post("/api/v1/briefs", data="x", content_type="application/xml").status_code == 415
    assert client.post("/api/v1/briefs", data=b"x").status_code == 415
    for charset in ("klingon", "punycode", "utf-7"):
        answer = client.post("/api/v1/briefs", data="x", content_type=f"text/plain; charset={charset}")
        assert answer.status_code == 415 and "windows-1256" in answer.get_data(as_text=True)
    assert client.post("/api/v1/briefs", data=b"\xff\xfe", content_type="application/json").status_code == 400


def test_health_and_headers(client):
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.get_json()["status"] == "ready" and ready.get_json()["model"]["name"] == "tiny-bart"
    assert "unsafe-inline" not in ready.headers["Content-Security-Policy"]
    assert ready.headers["X-Content-Type-Options"] == "nosniff"


def test_another_sites_page_cannot_act(client):
    for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        answer = client.post("/api/v1/briefs", json={"text": BODY}, headers=foreign)
        assert answer.status_code == 403, foreign
    assert client.get("/api/v1/briefs", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/api/v1/briefs").get_json()["briefs"] == []
    for ours in ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "http://localhost"}):
        assert client.post("/api/v1/briefs", json={"text": BODY}, headers=ours).status_code == 201, ours


def test_while_the_model_loads_it_is_alive_and_says_so(settings):
    app = create_app(settings)
    client = app.test_client()
    early = client.post("/api/v1/briefs", json={"text": BODY})
    assert early.status_code in (503, 201) and client.get("/healthz").status_code == 200
    if early.status_code == 503:
        assert early.headers["Retry-After"] and early.mimetype == "application/problem+json"
    app.extensions["mujaz"].wait()
    assert client.get("/readyz").status_code == 200
    assert client.post("/api/v1/briefs", json={"text": BODY}).status_code == 201


def test_a_model_that_fails_to_load_is_told_not_hidden(settings, tmp_path, cache):
    from dataclasses import replace

    from models.errors import NotReady
    from tests import tiny

    folder = tiny.make_model(tmp_path / "untrained", epochs=0)
    app = create_app(replace(settings, model=str(folder)))
    with pytest.raises(NotReady):
        app.extensions["mujaz"].wait()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503 and "will not be used" in answer.get_json()["status"]


def test_of_several_texts_one_without_arabic_comes_back_as_it_is(client):
    given = ["٦١٧٠-٢٢", "12", TITLE, "%"]
    found = client.post("/api/v1/translations", json={"texts": given}).get_json()["translations"]
    assert [t["sentences"][0]["source"] for t in found] == given
    assert ["copied" in t["sentences"][0]["flags"] for t in found] == [True, True, False, True]
    streamed = lines(
        client.post("/api/v1/translations", json={"texts": given}, headers={"Accept": "application/x-ndjson"})
    )
    assert [line["text"] for line in streamed if line["type"] == "translation"] == [t["text"] for t in found]
    for wrong in ({"texts": ["12", " "]}, {"text": "12"}):
        assert client.post("/api/v1/translations", json=wrong).status_code == 422
