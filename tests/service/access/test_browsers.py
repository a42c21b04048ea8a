"""What other sites' pages may do through a reader's browser: nothing, or what MUJAZ_CORS says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.errors import SettingError
from service import create_app
from service.config import Settings
from tests import tiny

TEXT = tiny.trained_pairs()[1][0]
THEIRS, OTHER = "https://news.example", "https://elsewhere.example"
ASKED = {"q": TEXT, "source": "ar", "target": "en"}


@pytest.fixture
def open_client(settings, pipeline):
    return create_app(replace(settings, cors=f"{THEIRS}, http://localhost:3000"), pipeline=pipeline).test_client()


@pytest.mark.parametrize("path", ["/", "/api/v1/summarizers", "/translate", "/nothing", "/metrics", "/static/site.css"])
def test_every_answer_has_the_headers(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("sent", [{"Origin": OTHER}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
def test_no_other_site_changes_anything(client, sent):
    made = client.post("/api/v1/briefs", json={"text": TEXT}).get_json()
    for path in ("/", f"/briefs/{made['id']}/delete", "/api/v1/briefs", "/translate"):
        assert client.post(path, headers=sent).status_code == 403
    assert client.delete(f"/api/v1/briefs/{made['id']}", headers=sent).status_code == 403
    assert client.get(f"/api/v1/briefs/{made['id']}").status_code == 200
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(f"/briefs/{made['id']}/delete", headers=own).status_code == 303


def test_a_site_that_is_named_may_use_the_endpoints(open_client):
    sent = {"Origin": THEIRS, "Sec-Fetch-Site": "cross-site"}
    asked = {**sent, "Access-Control-Request-Method": "POST"}
    before = open_client.options("/translate", headers=asked)
    assert before.status_code == 200 and before.headers["Access-Control-Allow-Origin"] == THEIRS
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    answer = open_client.post("/translate", json=ASKED, headers=sent)
    assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == THEIRS
    assert "Origin" in answer.headers["Vary"] and "Access-Control-Allow-Credentials" not in answer.headers


def test_but_not_the_forms_and_no_other_site(open_client):
    form = open_client.post("/", data={"text": TEXT}, headers={"Origin": THEIRS, "Sec-Fetch-Site": "cross-site"})
    assert form.status_code == 403 and "Access-Control-Allow-Origin" not in form.headers
    other = open_client.post("/translate", json=ASKED, headers={"Origin": OTHER})
    assert other.status_code == 403 and "Access-Control-Allow-Origin" not in other.headers


def test_all_sites_may_be_let_in(settings, pipeline):
    client = create_app(replace(settings, cors="*"), pipeline=pipeline).test_client()
    assert client.post("/translate", json=ASKED, headers={"Origin": OTHER}).status_code == 200


@pytest.mark.parametrize("wrong", ["example.org", "https://example.org/", "ftp://x", "https://a, b"])
def test_what_is_no_site_is_told(wrong):
    with pytest.raises(SettingError, match="MUJAZ_CORS"):
        Settings(cors=wrong)
