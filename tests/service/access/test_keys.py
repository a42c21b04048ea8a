"""Keys: made, listed and revoked by a command, kept hashed, and taken wherever clients send them."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest

from models.errors import InputError, NotFound, SettingError
from service.__main__ import main
from service.access.entry import require_keys
from service.config import Settings
from service.store.keys import Keys
from tests import tiny
from tests.processes import environment, python

TEXT, ENGLISH = tiny.trained_pairs()[1]
ASKED = {"q": TEXT, "source": "ar", "target": "en"}
SIGNED = {"Sec-Fetch-Site": "same-origin"}  # as a browser sends a form of ours


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_key_is_kept_as_a_hash_and_found_until_it_is_revoked(keys, settings):
    token, other = keys.make("desk", {"rate": 5}), keys.make("other", {})
    assert len(token) > 43 and token != other
    kept = b"".join(path.read_bytes() for path in settings.data.iterdir())
    assert token.encode() not in kept and token.removeprefix("mujaz_").encode() not in kept
    assert (keys.find(token).name, keys.find(token).limits) == ("desk", {"rate": 5})
    for wrong in ("", token[:-1], token + "x", token.upper(), "\ud800"):
        assert keys.find(wrong) is None
    with pytest.raises(InputError, match="already"):
        keys.make("desk", {})
    keys.revoke("desk")
    assert keys.find(token) is None and keys.find(other).name == "other"
    with pytest.raises(NotFound):
        keys.revoke("desk")
    again = keys.make("desk", {})
    assert keys.find(again).number > keys.find(other).number, "no number is given twice: it stands in cookies"


@pytest.fixture
def command(settings, monkeypatch, capsys):
    """A function that runs `mujaz key WORDS`: the exit status, and what it printed."""
    monkeypatch.setenv("MUJAZ_DATA", str(settings.data))

    def run(*words):
        status = main(["key", *words])
        return status, *capsys.readouterr()

    return run


def test_the_command(command, keys):
    status, out, said = command("new", "desk", "--rate", "5", "--at-once", "0")
    token = out.strip()
    assert status == 0 and token.startswith("mujaz_") and "this once" in said
    _, listed, _ = command("list")
    assert "desk" in listed and "5 requests a minute" in listed and token not in listed
    assert keys.find(token).limits == {"rate": 5, "at_once": 0}
    status, out, said = command("new", "desk")
    assert status == 2 and "already" in said and not out
    assert command("revoke", "desk")[0] == 0
    status, _, said = command("revoke", "desk")
    assert status == 2 and "desk" in said
    for wrong in (["new", "a b"], ["new", "x", "--rate", "-1"], ["new", "x" * 65], []):
        with pytest.raises(SystemExit):
            command(*wrong)
    assert command("list")[1] == ""


def test_without_a_key_it_does_not_start_where_others_can_reach_it(settings, keys):
    done = python("-m", "service", env=environment(settings, HOST="0.0.0.0"), timeout=60)
    assert done.returncode == 2 and "key new NAME" in done.stderr and "MUJAZ_OPEN=1" in done.stderr
    for own in ({"host": "::"}, {"host": "10.0.0.1"}, {"open": "0"}):
        with pytest.raises(SettingError, match="key new NAME"):
            require_keys(replace(settings, **own))
    require_keys(replace(settings, host="0.0.0.0", open="1"))
    keys.make("desk", {})
    require_keys(replace(settings, host="0.0.0.0"))


def test_when_keys_are_demanded():
    for host, open_, demanded in [
        ("127.0.0.1", "auto", False), ("localhost", "auto", False), ("::1", "auto", False),
        ("127.0.0.9", "auto", False),
        ("0.0.0.0", "auto", True), ("::", "auto", True), ("10.1.2.3", "auto", True), ("mujaz.example", "auto", True),
        ("0.0.0.0", "1", False), ("127.0.0.1", "0", True),
    ]:  # fmt: skip
        found = Settings(host=host, open=open_)
        assert found.demands_keys == demanded, (host, open_)
        assert all(found.rates.values()) == (host not in ("127.0.0.1", "localhost", "::1", "127.0.0.9") or demanded)


WAYS = [
    # address, how the key is sent
    ("/api/v1/translations", lambda key: {"json": {"text": TEXT}, "headers": bearer(key)}),
    ("/api/v1/translations", lambda key: {"json": {"text": TEXT}, "headers": {"Authorization": f"bearer  {key} "}}),
    ("/api/v1/translations", lambda key: {"json": {"text": TEXT}, "headers": {"X-API-Key": key}}),
    ("/translate", lambda key: {"json": ASKED, "headers": bearer(key)}),
    ("/translate", lambda key: {"json": {**ASKED, "api_key": key}}),
    ("/translate", lambda key: {"data": {**ASKED, "api_key": key}}),
    ("/translate", lambda key: {"query_string": {**ASKED, "api_key": key}}),
    ("/translate", lambda key: {"json": ASKED, "query_string": {"api_key": key}}),
    ("/detect", lambda key: {"json": {"q": TEXT, "api_key": key}}),
]


@pytest.mark.parametrize(("path", "sent"), WAYS)
def test_each_way_to_send_a_key(locked, token, keys, path, sent):
    assert locked.post(path, **sent(token)).status_code == 200
    refused = [locked.post(path, **sent(wrong)) for wrong in ("x", token[:-1], token + "é")]
    keys.revoke("desk")
    refused.append(locked.post(path, **sent(token)))
    for answer in refused:
        plain = path in ("/translate", "/detect")
        assert answer.status_code == (403 if plain else 401)
        assert answer.mimetype == ("application/json" if plain else "application/problem+json")
        assert set(json.loads(answer.get_data())) == ({"error"} if plain else {"type", "title", "status", "detail"})


def test_a_key_in_a_field_opens_nothing_else(locked, token):
    assert locked.post("/api/v1/translations", json={"text": TEXT, "api_key": token}).status_code == 401
    assert locked.get(f"/api/v1/briefs?api_key={token}").status_code == 401


OPEN = ["/healthz", "/readyz", "/health", "/languages", "/frontend/settings", "/sign-in", "/static/site.css"]


def test_what_is_open_to_all(locked):
    assert {locked.get(path).status_code for path in OPEN} == {200}


def test_all_else_is_not(locked, app):
    closed = {rule.rule for rule in app.url_map.iter_rules()} - {*OPEN, "/static/<path:filename>", "/sign-in"}
    assert "/metrics" in closed and "/" in closed
    for path in [*closed, "/nothing", "/.git/config"]:
        for method in ("GET", "POST", "DELETE", "PUT", "TRACE"):
            answer = made_new(locked).open(path.replace("<", "").replace(">", ""), method=method)
            assert answer.status_code in (401, 403, 303), (method, path)
            if answer.status_code == 303:
                assert answer.headers["Location"].startswith("/sign-in?next="), (method, path)


def made_new(client):
    """The same app with nothing counted yet."""
    client.application.extensions["mujaz-limits"]._counts.storage.reset()
    return client


def test_programs_read_that_a_key_is_needed(made, locked, client):
    assert {locked.get("/frontend/settings").get_json()[name] for name in ("apiKeys", "keyRequired")} == {True}
    assert {client.get("/frontend/settings").get_json()[name] for name in ("apiKeys", "keyRequired")} == {False}
    assert "Bearer" in locked.get("/api/v1/briefs").headers["WWW-Authenticate"]


def test_where_all_are_let_in_no_key_is_looked_at(client):
    assert client.post("/translate", json={**ASKED, "api_key": "any"}).status_code == 200
    assert client.get("/api/v1/briefs", headers=bearer("any")).status_code == 200


def test_a_database_of_the_last_release_gets_its_tables(settings, keys):
    from service.store import database

    path = settings.data / "old.sqlite3"
    path.parent.mkdir(exist_ok=True)
    with sqlite3.connect(path) as connection:
        for script in database.MIGRATIONS[:3]:
            connection.executescript(script)
        connection.execute("PRAGMA user_version = 3")
    token = Keys(path).make("desk", {})
    assert Keys(path).find(token) and Keys(path).secret() == Keys(path).secret() != keys.secret()


def test_a_setting_that_is_wrong_is_told():
    for name, wrong in [("open", "yes"), ("hosts", "a:80"), ("proxies", "nginx"), ("rate", "-1"), ("at_once", "many")]:
        with pytest.raises(Exception, match=f"MUJAZ_{name.upper()}"):
            replace(Settings(), **{name: wrong})
