"""The description of the API is that of this code: hundreds of requests made from it are answered as it says."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance

from service import create_app
from service.store.keys import Keys
from service.surface import answers, openapi
from tests.conftest import article

LISTS = ("/api/v1/briefs", "/api/v1/jobs")
BODY = article("03")[1]


@pytest.fixture
def described(app):
    """The API as a program finds it."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


def answered_as_described(case) -> None:
    answered_but_for(case)


def answered_but_for(case, *excluded) -> None:
    # No description says which briefs there are, nor what makes bytes a file of articles.
    form = case.media_type == "multipart/form-data"
    listed = case.method == "GET" and case.path.startswith(LISTS)  # an empty value there is none, as in a form
    left_out = {
        positive_data_acceptance: form or case.path == "/api/v1/digests",
        negative_data_rejection: form or listed,
    }
    case.call_and_validate(excluded_checks=[*excluded, *(check for check, is_out in left_out.items() if is_out)])


def tried(described, examples: int, answered=answered_as_described) -> None:
    """Make so many requests in all, sound ones and others, and hold every answer against the description."""
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) == len(openapi.OPERATIONS)
    each = -(-examples // (2 * len(operations)))
    hold = settings(max_examples=each, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    for operation in operations:
        for mode in schemathesis.GenerationMode:
            with suppress(Unsatisfiable):  # there is no wrong way to ask for what takes nothing
                hold(given(operation.as_strategy(generation_mode=mode))(answered))()


def test_200_requests_are_answered_as_described(described):
    tried(described, 200)


@pytest.mark.slow
def test_2000_requests_are_answered_as_described(described):
    tried(described, 2000)


def test_every_endpoint_for_programs_is_described(app):
    told = {(one.method.upper(), one.path.replace("{", "<").replace("}", ">")) for one in openapi.OPERATIONS}
    pages = re.compile(r"/(sign-.*|briefs.*|jobs.*|digests|static.*|frontend.*|download_file.*|api/[do].*|)")
    there = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not pages.fullmatch(rule.rule)
    }
    assert told == there


def test_real_answers_have_the_described_shape(client):
    brief = client.post("/api/v1/briefs", json={"text": BODY}).get_json()
    assert answers.Brief.model_validate(brief).model_dump(mode="json") == brief
    one = client.post("/api/v1/translations", json={"text": BODY}).get_json()
    assert answers.Translation.model_validate(one).model_dump(mode="json") == one


def test_the_page_names_all_and_needs_no_other_host(client):
    page = client.get("/api/docs").get_data(as_text=True)
    for one in openapi.OPERATIONS:
        assert f"{one.method.upper()} {one.path}" in page
    names = set(re.findall(r'href="#(\w+)"', page)) - {"main"}
    assert names and all(f'id="{name}"' in page for name in names)
    elsewhere = re.findall(r'(?:src|href)="(https?://[^"]*)', page)
    assert "<script" not in page and elsewhere == ["https://ai.google.dev/gemma/terms"]


def test_with_a_key_it_is_as_described_too(settings, pipeline):
    """Without one or with another it is refused, as tests/service/access shows."""
    token = Keys(settings.data / "mujaz.sqlite3").make("robot", {"rate": 0, "rate_chars": 0, "at_once": 0})
    app = create_app(replace(settings, open="0"), pipeline=pipeline)

    def answered(case) -> None:
        case.headers.update({"X-API-Key": token})
        answered_but_for(case, ignored_auth)

    described = schemathesis.openapi.from_wsgi("/api/openapi.json", app, headers={"X-API-Key": token})
    tried(described, 30, answered)
