"""Ways in without a key, and ways to be taken for another."""

from __future__ import annotations

import hmac
import io

import pytest

from tests.service.attacks.conftest import ASKED, TEXT


def asked(client, token: str, address: str = "6.6.6.6", **more: str):
    headers = {"Authorization": f"Bearer {token}", **more}
    return client.get("/api/v1/summarizers", headers=headers, environ_base={"REMOTE_ADDR": address})


def test_guesses_are_told_nothing_and_soon_to_stop(fort, key):
    """No answer tells a wrong key from none, or from one that is nearly right; the right one is never held up."""
    none = fort.get("/api/v1/summarizers", environ_base={"REMOTE_ADDR": "6.6.6.6"})
    close = [asked(fort, guess) for guess in ("x", key[:-1], key + "x", key.swapcase(), "'", "é", "x" * 50_000)]
    for answer in close:
        assert (answer.status_code, answer.get_data()) == (401, none.get_data())
        assert answer.headers["WWW-Authenticate"] == none.headers["WWW-Authenticate"]
    rest = [asked(fort, f"guess{n}") for n in range(30)]
    assert [answer.status_code for answer in rest] == [401] * 12 + [429] * 18
    assert 1 <= int(rest[-1].headers["Retry-After"]) <= 60
    assert asked(fort, key).status_code == 200 and asked(fort, "x", "7.7.7.7").status_code == 401


def test_guesses_at_the_sign_in_page_are_counted_too(fort):
    sent = {
        "data": {"key": "x"},
        "headers": {"Sec-Fetch-Site": "same-origin"},
        "environ_base": {"REMOTE_ADDR": "6.6.6.8"},
    }
    assert [fort.post("/sign-in", **sent).status_code for _ in range(25)] == [403] * 20 + [429] * 5


def test_keys_are_compared_in_constant_time(fort, key, monkeypatch):
    """Every key that is kept is compared, by the one function that takes as long whatever differs."""
    seen = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: seen.append((len(a), len(b))) or real(a, b))
    asked(fort, "x")
    asked(fort, key)
    assert seen == [(32, 32)] * len(seen) and len(seen) == 2 * len(fort.application.extensions["mujaz-door"].keys.all())


FORGED = [
    "X-Forwarded-For",
    "X-Real-IP",
    "Forwarded",
    "CF-Connecting-IP",
    "True-Client-IP",
    "X-Client-IP",
    "X-Remote-Addr",
]


@pytest.mark.parametrize("header", FORGED)
def test_a_new_address_for_each_guess_is_no_way_round(fort, header):
    sent = [
        asked(fort, "x", "6.6.6.6", **{header: f"for=1.2.3.{n}" if header == "Forwarded" else f"1.2.3.{n}"})
        for n in range(22)
    ]
    assert [answer.status_code for answer in sent] == [401] * 20 + [429] * 2


def test_nor_is_one_in_the_chain_of_a_proxy_that_is_ours(fort):
    sent = [asked(fort, "x", "10.0.0.1", **{"X-Forwarded-For": f"1.2.3.{n}, 6.6.6.6"}) for n in range(22)]
    assert [answer.status_code for answer in sent] == [401] * 20 + [429] * 2


def test_another_address_does_not_make_it_this_machine(fort):
    """No header says that a request is from loopback, and being so would open nothing."""
    for forged in ({"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-Host": "localhost"}, {"X-Original-URL": "/healthz"}):
        assert asked(fort, "x", "10.0.0.1", **forged).status_code == 401
        assert asked(fort, "x", "127.0.0.1", **forged).status_code == 401
    for path in (
        "/healthz/../briefs",
        "/static/../briefs",
        "//briefs",
        "/briefs/",
        "/BRIEFS",
        "/briefs;/healthz",
        "/sign-in/x",
    ):
        assert fort.get(path, environ_base={"REMOTE_ADDR": "6.6.7.7"}).status_code in (303, 308, 401, 404), path


@pytest.mark.parametrize("host", ["evil.example", "mujaz.example.evil.example", "mujaz.example@evil.example", "0.0.0.0",
                                  "mujaz.example:99999", "mujaz.example/x", "[::1", "127.0.0.1.nip.io"])  # fmt: skip
def test_a_name_that_is_not_ours(fort, client, key, host):
    """A name that someone made to point here (DNS rebinding), or that would stand in links of ours."""
    headers = {"Host": host, "Authorization": f"Bearer {key}"}
    assert fort.get("/briefs", headers=headers).status_code == 400
    assert client.get("/briefs", headers={"Host": host}).status_code == 400


def test_a_link_of_ours_names_our_host(fort, key):
    form = {"file": (io.BytesIO(TEXT.encode()), "a.txt"), "source": "ar", "target": "en", "api_key": key}
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    sent = {"data": form, "headers": forged, "content_type": "multipart/form-data", "base_url": "http://mujaz.example"}
    told = fort.post("/translate_file", **sent).get_json()
    assert told["translatedFileUrl"].startswith("http://mujaz.example/download_file/")
    assert fort.get(told["translatedFileUrl"].removeprefix("http://mujaz.example")).status_code == 403, (
        "a file is for those with a key"
    )


def test_a_key_where_none_is_looked_for(fort, key):
    for sent in (
        {"query_string": {"key": key}}, {"query_string": {"Authorization": f"Bearer {key}"}},
        {"headers": {"Authorization": f"Basic {key}"}}, {"headers": {"Cookie": f"mujaz={key}"}},
    ):  # fmt: skip
        assert fort.get("/api/v1/briefs", **sent).status_code == 401
    nested = {**ASKED, "api_key": {"api_key": [key]}}
    assert fort.post("/translate", json=nested).status_code == 403
    assert fort.post("/translate", data="[" * 100_000, content_type="application/json").status_code == 403
