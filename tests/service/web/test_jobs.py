"""The page of a job, and the form where it leads there."""

from __future__ import annotations

import io
import json

from service.jobs import events
from service.web.pages import SHORT
from tests import tiny
from tests.conftest import HOLD, article
from tests.jobs import ended, until
from tests.pages import Page

KNOWN = [arabic for arabic, _ in tiny.trained_pairs()]
LONG = "\n\n".join([*KNOWN[: SHORT - 1], KNOWN[0] + " " + KNOWN[1], f"{HOLD} اليوم."])


def submitted(client, files=(), **fields):
    parts = [(io.BytesIO(data), name) for name, data in files]
    return client.post("/", data={**fields, "files": parts}, content_type="multipart/form-data")


def test_a_long_text_shows_how_far_it_is_and_ends_at_its_brief(client, held):
    made = submitted(client, text=LONG, title="عنوان", sentences="2")
    assert made.status_code == 303 and made.location.startswith("/jobs/")
    job = f"/api/v1{made.location}"
    until(lambda: client.get(job).get_json()["progress"]["sentences_done"] >= SHORT)
    answer = client.get(made.location)
    page = Page(answer.text)
    said = page.one("ol", id="sentences").inner
    assert next(e.text for e in said if e.attributes.get("lang") == "ar") == KNOWN[0]
    assert int(page.one("progress").attributes["value"]) >= SHORT
    assert "sentences" in page.one("p", id="line").text and "left" in page.one("p", id="line").text
    assert [e.tag for e in page.one("noscript").inner] == ["meta"], "without JavaScript it looks again by itself"
    assert [e.attributes["src"].partition("?")[0] for e in page.all("script")] == ["/static/job.js"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in client.get("/briefs").headers["Content-Security-Policy"]
    assert any(e.attributes["href"] == made.location for e in Page(client.get("/").text).all("a")), "the form tells"
    held.gate.set()
    ended(client, job)
    brief = client.get(made.location)
    assert brief.status_code == 303 and brief.location.startswith("/briefs/")
    record = client.get(f"/api/v1{brief.location}").get_json()
    assert record["title"]["source"] == "عنوان" and len(record["brief"]["sentences"]) <= 2


def test_a_draft_is_seen_until_the_first_sentence_is_done(app, client, held):
    runner, first = app.extensions["mujaz.jobs"], f"{HOLD} اليوم."
    made = submitted(client, text=f"{first}\n\n{LONG}")
    (live,) = until(lambda: list(runner.live.values()))
    live.drafted(first, "He arrived <today>.")
    drafts = Page(client.get(made.location).text).one("div", id="drafts")
    assert [e.text.strip() for e in drafts.inner if e.tag == "p"][1:] == ["He arrived <today>.", first]
    assert "hidden" not in drafts.attributes
    told = events.events(runner, made.location.rpartition("/")[2], events.Place())
    data = next(event for event in told if "event: draft" in event).split("data: ")[1]
    assert json.loads(data) == {"sentences": [{"source": first, "text": "He arrived <today>."}]}
    held.gate.set()
    assert 'event: draft\ndata: {"sentences": []}' in "".join(told), "it is gone once there is more"
    assert live.drafts == []


def test_a_job_is_cancelled_from_its_page(client, held):
    made = submitted(client, text=LONG)
    form = Page(client.get(made.location).text).one("form")
    assert client.post(form.attributes["action"]).location == made.location
    page = Page(client.get(made.location).text)
    assert page.one("h1").text == "Cancelled" and "was cancelled" in page.one("p", role="alert").text
    assert not page.all("script") and not page.all("noscript")
    assert client.post(f"{made.location}/cancel", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_several_files_give_a_list_of_briefs_and_of_what_could_not_be_read(client):
    nasty = "../<script>alert(1).txt"
    files = [("a.txt", article("03")[1].encode()), ("b.txt", KNOWN[0].encode()), (nasty, b"x"), ("c.odd", b"x")]
    made = submitted(client, files, text=KNOWN[1], title="عنوان")
    ended(client, f"/api/v1{made.location}")
    page = Page(client.get(made.location).text)
    assert page.one("h1").text == "Done" and "3 of 5 articles, 2 failed" in page.one("p", id="line").text
    briefs = [e.attributes["href"] for e in page.all("a") if e.attributes["href"].startswith("/briefs/")]
    assert len(briefs) == 3 and all(client.get(brief).status_code == 200 for brief in briefs)
    told = page.one("div", id="done").text
    assert "<script>alert(1).txt: has no Arabic letters" in told and "c.odd: is of no kind" in told
    assert not page.all("script")
    assert Page(client.get("/").text).all("input", type="file")[0].attributes["id"] == "files"


def test_a_text_survives_files_that_cannot_be_used(client):
    refused = submitted(client, [("a.odd", b"x")], text="No Arabic", title="عنوان")
    page = Page(refused.text)
    assert refused.status_code == 422 and page.one("textarea").text.removeprefix("\n") == "No Arabic"
    assert "chosen again" in refused.text
    alone = submitted(client, [("a.odd", b"x"), ("b.txt", b"")])
    page = Page(alone.text)
    assert alone.status_code == 422 and "a.odd: is of no kind" in page.one("div", role="alert").text
    assert "b.txt: is empty" in page.one("div", role="alert").text, "each is told"
    nothing = submitted(client, text="")
    assert nothing.status_code == 422 and Page(nothing.text).one("p", id="text-error")


def test_a_title_goes_with_the_one_article_of_the_files(client):
    made = submitted(client, [("a.txt", KNOWN[0].encode())], title="عنوان", url="https://a.example")
    ended(client, f"/api/v1{made.location}")
    record = client.get(f"/api/v1{client.get(made.location).location}").get_json()
    assert record["title"]["source"] == "عنوان" and record["url"] == "https://a.example"
    several = [("a.txt", KNOWN[0].encode()), ("b.txt", KNOWN[1].encode())]
    refused = submitted(client, several, title="عنوان")
    assert refused.status_code == 422 and "2" in Page(refused.text).one("p", id="title-error").text


def test_what_a_page_listens_to_is_in_its_language(client):
    made = submitted(client, [("a.txt", KNOWN[0].encode()), ("b.txt", b"x")])
    ended(client, f"/api/v1{made.location}")
    told = client.get(f"{made.location}/events", headers={"Accept-Language": "ar"}).get_data(as_text=True)
    assert "الجمل: 1 من 1، المقالات: 1 من 2، تعذّر منها 1" in told and told.rstrip().split("\n")[-2] == "event: end"
    api = client.get(f"/api/v1{made.location}/events", headers={"Accept-Language": "ar"}).get_data(as_text=True)
    assert "1 of 1 sentences, 1 of 2 articles, 1 failed" in api
    assert client.get("/jobs/none/events").status_code == 404


def test_there_is_no_page_of_a_job_that_is_not_there(client):
    for answer in (client.get("/jobs/none", headers={"Accept": "text/html"}), client.post("/jobs/none/cancel")):
        assert answer.status_code == 404


def test_each_of_several_articles_in_one_text_is_briefed_when_asked(client):
    first, second = ("\n\n".join(article(name)) for name in ("03", "04"))
    brief = client.post("/", data={"text": f"{first}\n\n***\n\n{second}"}).location
    brief = ended(client, f"/api/v1{brief}") and client.get(brief).location if "/jobs/" in brief else brief
    forms = [one.attributes.get("action") for one in Page(client.get(brief).text).all("form")]
    assert f"{brief}/parts" in forms
    job = f"/api/v1{client.post(f'{brief}/parts').location}"
    ended(client, job)
    results = client.get(f"{job}/results").get_json()["results"]
    assert [one["name"] for one in results] == ["article 1", "article 2"]
    assert [
        one["brief"]["translation"]["sentences"][-1]["source"] in text
        for one, text in zip(results, (first, second), strict=True)
    ] == [True, True]
    alone = f"/briefs/{results[0]['brief']['id']}"
    assert f"{alone}/parts" not in client.get(alone).text
    assert client.post(f"{alone}/parts").status_code == 422 and client.post("/briefs/none/parts").status_code == 404
