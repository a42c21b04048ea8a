"""Signing in: a person's browser keeps a cookie that stands for a key."""

from __future__ import annotations

from dataclasses import replace

from service import create_app
from tests import tiny
from tests.pages import Page

TEXT = tiny.trained_pairs()[1][0]
OWN = {"Sec-Fetch-Site": "same-origin"}


def sign_in(client, token, next_="/", **more):
    return client.post("/sign-in", data={"key": token, "next": next_}, headers=OWN, **more)


def test_from_a_page_to_the_key_and_back(locked, token):
    first = locked.get("/briefs?q=x")
    assert first.status_code == 303
    page = Page(locked.get(first.headers["Location"]).get_data(as_text=True))
    wanted = page.one("input", name="next").attributes["value"]
    assert wanted == "/briefs?q=x" and page.one("input", name="key").attributes["type"] == "password"
    wrong = sign_in(locked, "x", wanted)
    assert wrong.status_code == 403 and "no key" in wrong.get_data(as_text=True) and "Set-Cookie" not in wrong.headers
    assert Page(wrong.get_data(as_text=True)).one("input", name="next").attributes["value"] == wanted
    right = sign_in(locked, token, wanted)
    assert (right.status_code, right.headers["Location"]) == (303, wanted)
    cookie = right.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie and token not in cookie
    listed = locked.get(wanted)
    assert "private" in listed.headers["Cache-Control"]
    assert listed.status_code == 200 and "Sign out" in listed.get_data(as_text=True)
    assert locked.post("/", data={"text": TEXT}, headers=OWN).status_code == 303
    assert locked.get("/api/v1/briefs").status_code == 200, "the page's own requests"
    assert locked.post("/sign-out", headers=OWN).status_code == 303
    assert locked.get("/briefs").status_code == 303


def test_behind_https_the_cookie_goes_over_https_only(made, token):
    client = made(open="0", proxies="127.0.0.1")
    told = client.post("/sign-in", data={"key": token}, headers={**OWN, "X-Forwarded-Proto": "https"})
    assert "Secure" in told.headers["Set-Cookie"]
    assert "Secure" not in sign_in(client, token).headers["Set-Cookie"]


def test_a_revoked_key_ends_what_was_signed_in_with_it(locked, token, keys):
    sign_in(locked, token)
    assert locked.get("/").status_code == 200
    keys.revoke("desk")
    keys.make("desk", {})
    assert locked.get("/").status_code == 303


def test_a_cookie_that_was_not_signed_here_is_none(locked):
    for cookie in ("", "1", "x.y.z", "true", '{"number": 1}', "1.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"):
        locked.set_cookie("mujaz", cookie)
        assert locked.get("/api/v1/briefs").status_code == 401, cookie


def test_nor_is_one_of_another_installation_of_another_use_or_too_old(settings, pipeline, locked, token, tmp_path):
    other = create_app(replace(settings, open="0", data=tmp_path / "other"), pipeline=pipeline)
    door = locked.application.extensions["mujaz-door"]
    theirs = other.extensions["mujaz-door"].signer.dumps(1)
    purpose = type(door.signer)(door.keys.secret(), salt="another").dumps(1)

    class Old(door.signer.signer):
        def get_timestamp(self):
            return super().get_timestamp() - 31 * 24 * 3600

    old = type(door.signer)(door.keys.secret(), salt="sign-in", signer=Old).dumps(1)
    for value, status in ((theirs, 401), (purpose, 401), (old, 401), (door.signer.dumps(1), 200)):
        locked.set_cookie("mujaz", value)
        assert locked.get("/api/v1/briefs").status_code == status


def test_a_cookie_alone_changes_nothing_and_helps_no_other_site(made, token):
    client = made(open="0", cors="https://sister.localhost")
    sign_in(client, token)
    asked = {"json": {"text": TEXT}}
    assert client.post("/api/v1/translations", **asked).status_code == 403, "no browser leaves both headers out"
    assert client.post("/api/v1/translations", **asked, headers=OWN).status_code == 200
    for site in ("cross-site", "same-site"):
        let_in = {"Origin": "https://sister.localhost", "Sec-Fetch-Site": site}
        assert client.post("/api/v1/translations", **asked, headers=let_in).status_code == 401
        let_in["Authorization"] = f"Bearer {token}"
        assert client.post("/api/v1/translations", **asked, headers=let_in).status_code == 200
    assert client.get("/api/v1/briefs", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 401


def test_another_site_cannot_sign_a_reader_in_or_out(locked, token):
    for foreign in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://["}):
        assert locked.post("/sign-in", data={"key": token}, headers=foreign).status_code == 403
    sign_in(locked, token)
    for foreign in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert locked.post("/sign-out", headers=foreign).status_code in (401, 403)
    assert locked.get("/").status_code == 200


ELSEWHERE = ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
             "/a\r\nSet-Cookie: x=y", "", " /", "/\t/evil.example", "evil.example", "///evil.example"]  # fmt: skip


def test_it_leads_nowhere_else(locked, token, client):
    for next_ in ELSEWHERE:
        told = sign_in(locked, token, next_)
        assert told.headers["Location"] == "/" and "x=y" not in str(told.headers), next_
        open_ = client.get("/sign-in", query_string={"next": next_})
        assert open_.headers["Location"] == "/", "where no key is asked for"
