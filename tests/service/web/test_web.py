"""The pages, through the real app with a small real model."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from models.checks.fidelity import FLAGS, SERIOUS
from models.engines.conversion import converted_folder
from models.errors import NotReady
from models.pipeline import Pipeline
from models.translation.loader import load_translator
from service import create_app
from service.surface import answers
from service.web.language import moment
from service.web.reading import explain, is_link, plain
from tests.conftest import cases
from tests.pages import Page, sample
from tests.tiny import SUMMARIZERS

FIELDS = ("title", "text", "url", "sentences")


def submit(client, **fields):
    return client.post("/", data=fields, content_type="multipart/form-data")


def made(client, **fields) -> str:
    """The address of a brief made through the form."""
    response = submit(client, **fields)
    assert response.status_code == 303, response.text
    return response.location


def made_of_sample(client) -> str:
    title, text = sample()
    return made(client, title=title, text=text, url="https://news.example.org/a?b=1&c=2", sentences="3")


def bare(element) -> str:
    """An element's text without the Latin letters above names."""
    text = element.text
    for above in (e for e in element.inner if e.tag in ("rt", "rp")):
        text = text.replace(above.text, "", 1)
    return text


def textarea(page: Page) -> str:
    """What a browser would show in the box: HTML drops one newline after the tag."""
    return page.one("textarea").text.removeprefix("\n")


def test_the_form_labels_every_field_and_names_the_model(client, app):
    response = client.get("/")
    page = Page(response.text)
    assert response.status_code == 200
    for name in FIELDS:
        field = next(e for e in page.elements if e.attributes.get("name") == name)
        assert page.one("label", for_=field.attributes["id"]).text.strip()
    assert page.one("textarea").attributes["dir"] == "auto"
    assert page.one("textarea").attributes["lang"] == "ar"
    info = app.extensions["mujaz"].model_info
    assert f"{info.name} {info.version}" in page.one("p", class_="notice").text
    assert "check it against the Arabic" in page.one("p", class_="notice").text


def test_pages_hold_no_script_no_inline_style_and_no_other_host(client):
    brief = made_of_sample(client)
    for address in ("/", "/?sample=1", brief, "/briefs", "/briefs/none"):
        response = client.get(address, headers={"Accept": "text/html"})
        page = Page(response.text)
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert not page.all("style") and not "".join(script.text for script in page.all("script"))
        for element in page.elements:
            assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
            loaded = element.attributes.get("src") or (element.tag == "link" and element.attributes["href"])
            assert not loaded or loaded.startswith("/static/")
        assert client.get("/static/site.css").status_code == 200


def test_the_sample_fills_the_form_and_makes_a_brief(client):
    title, text = sample()
    page = Page(client.get("/?sample=1").text)
    assert page.one("input", id="title").attributes["value"] == title
    assert textarea(page) == text
    response = client.get(made(client, title=title, text=textarea(page), sentences="3"))
    assert response.status_code == 200


def test_a_brief_shows_every_sentence_and_links_each_statement_to_its_source(client):
    address = made_of_sample(client)
    record = client.get(f"/api/v1{address}").json
    page = Page(client.get(address).text)
    sentences = record["translation"]["sentences"]
    rows = [e for e in page.all("li") if re.fullmatch(r"s\d+", e.attributes.get("id") or "")]
    assert [row.attributes["id"] for row in rows] == [f"s{i + 1}" for i in range(len(sentences))]
    for row, sentence in zip(rows, sentences, strict=True):
        arabic = [e for e in row.inner if e.tag == "p" and e.attributes.get("lang") == "ar"]
        assert [(e.attributes["dir"], bare(e)) for e in arabic] == [("rtl", sentence["source"])]
        assert sentence["text"] in row.text
        for flag in sentence["flags"]:
            assert FLAGS[flag] in row.text
    cited = [link.attributes["href"] for link in page.all("a", class_="source")]
    wanted = [source for sentence in record["brief"]["sentences"] for source in sentence["sources"]]
    assert cited == [f"#s{source + 1}" for source in wanted]
    assert [i for i, row in enumerate(rows) if "chosen" in row.attributes["class"].split()] == sorted(set(wanted))
    assert [i for i, row in enumerate(rows) if "In the brief" in row.text] == sorted(set(wanted))
    assert page.one("h1").text == record["title"]["text"]
    assert page.one("a", rel="noreferrer noopener nofollow").attributes["href"] == record["url"]
    assert record["signature"] in [code.text for code in page.all("code")]
    assert page.one("a", href=f"/api/v1{address}").text == "JSON"


def test_paragraphs_are_kept(client):
    address = made_of_sample(client)
    sentences = client.get(f"/api/v1{address}").json["translation"]["sentences"]
    page = Page(client.get(address).text)
    starts = [sentences.index(next(s for s in sentences if s["paragraph"] == n)) for n in range(3)]
    assert [e.attributes["start"] for e in page.all("ol", class_="paragraph both")] == [str(i + 1) for i in starts]


def test_everything_typed_is_escaped(client):
    nasty = "<script>alert(1)</script>\"'&lt;</textarea>"
    address = made(client, title=f"عنوان {nasty}", text=f"هذا خبر قصير {nasty} عن المدينة.")
    for response in (client.get(address), client.get("/"), client.get("/briefs"), client.get(f"/briefs?q={nasty}")):
        assert "<script>" not in response.text
        assert not "".join(script.text for script in Page(response.text).all("script"))
    assert nasty in Page(client.get(address).text).one("li", id="s1").text
    refused = submit(client, title=nasty, text=f"{nasty} no Arabic", url=nasty)
    assert refused.status_code == 422
    assert "<script>" not in refused.text
    assert textarea(Page(refused.text)) == f"{nasty} no Arabic"


@pytest.mark.parametrize(("fields", "wrong"), cases("wrong-forms"))
def test_a_refused_form_comes_back_with_all_that_was_typed(client, fields, wrong):
    response = submit(client, **fields)
    page = Page(response.text)
    assert response.status_code == 422
    assert sorted(e.attributes["id"].removesuffix("-error") for e in page.all("p", class_="error")) == wrong
    for name in wrong:
        field = next(e for e in page.elements if e.attributes.get("id") == name)
        assert f"{name}-error" in field.attributes["aria-describedby"].split()
        assert field.attributes["aria-invalid"] == "true"
        assert page.all("a", href=f"#{name}")
    assert textarea(page) == fields.get("text", "")
    for name in {"title", "url", "sentences"} & set(fields):
        assert page.one("input", id=name).attributes["value"] == fields[name]


def test_the_script_found_is_named(client):
    page = Page(submit(client, text="Привет, мир").text)
    assert "Cyrillic" in page.one("p", id="text-error").text


def test_an_article_that_is_too_long_is_handed_back_whole(client, app):
    limit = app.extensions["mujaz"].settings.max_chars
    text = "ا" * (limit + 1)
    response = submit(client, text=text)
    assert response.status_code == 413
    assert textarea(Page(response.text)) == text
    assert f"{limit:,}" in Page(response.text).one("p", id="text-error").text


def test_a_text_keeps_its_first_newline_and_its_offsets(client):
    text = "\n\nخبر أول.\n\nخبر ثان."
    page = Page(submit(client, text=text, sentences="no").text)
    assert textarea(page) == text
    address = made(client, text=text.replace("\n", "\r\n"))
    for sentence in client.get(f"/api/v1{address}").json["translation"]["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["source"]


def test_the_digest_is_plain_text_to_paste(client):
    address = made_of_sample(client)
    record = client.get(f"/api/v1{address}").json
    response = client.get(f"{address}.txt")
    assert response.mimetype == "text/plain"
    assert response.headers["Content-Disposition"] == f"attachment; filename=mujaz-{record['id']}.txt"
    lines = response.text.splitlines()
    assert response.text.startswith(plain(record["title"]["text"]) + "\n")
    for statement in record["brief"]["sentences"]:
        numbers = " ".join(f"[{source + 1}]" for source in statement["sources"])
        assert f"- {plain(statement['text'])} {numbers}" in lines
    for sentence in record["translation"]["sentences"]:
        at = lines.index(f"[{sentence['index'] + 1}] {plain(sentence['text'])}")
        assert lines[at + 1] == plain(sentence["source"])
        notes = [line.partition(": ")[2] for line in lines[at + 2 : at + 2 + len(sentence["flags"])]]
        assert notes == [f"{words} ({detail})" if detail else words for words, detail, _ in explain(sentence)]
        assert len(notes) == len(sentence["flags"])
    assert f"Signature: {record['signature']}" in lines
    warning = next(i for i, line in enumerate(lines) if "check it against the Arabic" in line)
    assert warning < lines.index("BRIEF (numbers are those of the sentences below)")
    assert "&" not in response.text.replace("?b=1&c=2", "")
    assert client.get("/briefs/none.txt").status_code == 404


def test_a_hard_wrapped_sentence_is_one_line_of_the_digest(client):
    address = made(client, text="هذا خبر طويل كتب على\nسطرين في الصحيفة اليوم.")
    assert "هذا خبر طويل كتب على سطرين في الصحيفة اليوم." in client.get(f"{address}.txt").text.splitlines()


def test_earlier_briefs_are_listed_searched_and_paged(client):
    assert "None yet" in client.get("/").text
    addresses = [made(client, title=f"عنوان رقم {n}", text="خبر من المدينة.") for n in range(23)]
    addresses.append(made(client, title="المرفأ", text="خبر آخر."))

    def linked(response) -> list[str]:
        return [e.attributes["href"] for e in Page(response.text).all("a") if e.attributes["href"] in addresses]

    assert linked(client.get("/")) == addresses[:-6:-1]
    first = client.get("/briefs")
    assert linked(first) == addresses[:-21:-1]
    second = client.get("/briefs", query_string=older(first))
    assert linked(second) == addresses[3::-1]
    assert not Page(second.text).all("button", name="before")
    assert linked(client.get("/briefs", query_string={"q": "المرفأ"})) == addresses[-1:]
    assert "No brief matches" in client.get("/briefs", query_string={"q": "zebra<b>"}).text
    paged = client.get("/briefs", query_string={"q": "عنوان"})
    rest = client.get("/briefs", query_string=older(paged))
    assert linked(paged) + linked(rest) == addresses[-2::-1]


def older(response) -> dict[str, str]:
    """What the button "Older briefs" sends when nothing is ticked."""
    page = Page(response.text)
    form = page.one("form", id="compare")
    assert page.one("button", name="before").attributes["formaction"] == "/briefs"
    sent = [e.attributes for e in form.inner if e.attributes.get("type") == "hidden" or e.attributes.get("name")]
    return {attributes["name"]: attributes["value"] for attributes in sent}


def test_a_brief_can_be_deleted_and_brought_back(client):
    address = made_of_sample(client)
    form = Page(client.get(address).text).one("form", action=f"{address}/delete")
    assert form.attributes["method"] == "post"
    response = client.post(form.attributes["action"])
    assert (response.status_code, response.location) == (303, f"/briefs?deleted={address.removeprefix('/briefs/')}")
    gone = client.get(address, headers={"Accept": "text/html"})
    assert gone.status_code == 404
    assert Page(gone.text).one("h1").text == "Not Found"
    assert client.post(form.attributes["action"]).status_code == 404
    assert client.get("/api/v1/briefs").get_json()["briefs"] == []
    undo = Page(client.get(response.location).text).one("form", role="status").attributes["action"]
    back = client.post(undo)
    assert (back.status_code, back.location) == (303, address) and client.get(address).status_code == 200
    assert client.post(undo).status_code == 404
    assert not Page(client.get(response.location).text).all("form", role="status")


def test_a_brief_deleted_by_a_program_is_gone_for_good(client):
    address = made_of_sample(client)
    assert client.delete(f"/api/v1{address}").status_code == 204
    assert client.post(f"{address}/restore").status_code == 404


def test_tags_are_given_and_taken_in_the_list_and_on_the_page_of_a_brief(client):
    address = made_of_sample(client)
    there = f"/api/v1{address}/tags"
    back = client.post(f"{address}/tags", data={"tag": " السودان , to  check,"})
    assert back.location == address and client.get(there).get_json() == {"tags": ["to check", "السودان"]}
    assert Page(client.get(address).text).one("a", href="/briefs?tag=to+check").text == "to check"
    query = "q=&flag=&tag=to+check&deleted=x&_external=1"
    back = client.post(f"{address}/tags", data={"remove": "to check", "tag": "", "list": query})
    assert back.location.startswith("/briefs?tag=to+check&_external=1#brief-")
    assert client.get(there).get_json() == {"tags": ["السودان"]}
    assert client.post(f"{address}/tags", data={"tag": "x" * 51}).status_code == 422
    assert client.put(there, json={"tags": ["x"] * 21}).status_code == 422
    assert client.put(there, json={"tags": [" "]}).get_json()["errors"][0]["field"] == "tags.0"
    assert client.put(there, json={"tags": ["<b>", "<B>"]}).get_json() == {"tags": ["<b>"]}
    assert "<b>" not in client.get("/briefs").text
    assert [brief["tags"] for brief in client.get("/api/v1/briefs?tag=%3CB%3E").get_json()["briefs"]] == [["<b>"]]
    assert client.put("/api/v1/briefs/none/tags", json={"tags": []}).status_code == 404


def test_the_list_is_filtered(client):
    address = made_of_sample(client)
    today = client.get(f"/api/v1{address}").get_json()["created_at"][:10]
    for query, there in (
        ({"from": today, "to": today}, True),
        ({"to": "2020-01-01"}, False),
        ({"from": "2999-01-01"}, False),
        ({"tag": "x"}, False),
        ({"flag": "reversed"}, False),
        ({"q": "", "from": "", "flag": ""}, True),
    ):
        assert (address in client.get("/briefs", query_string=query).text) == there, query
        asked = {name: value for name, value in query.items() if value}
        assert bool(client.get("/api/v1/briefs", query_string=asked).get_json()["briefs"]) == there
    for field, value in (("from", "1600000000"), ("to", "2026-13-01"), ("flag", "x"), ("tag", "x" * 51)):
        answer = client.get("/api/v1/briefs", query_string={field: value})
        assert answer.status_code == 422 and answer.get_json()["errors"][0]["field"] == field
    assert "choose limit, before, q, from, to, flag, tag" in client.get("/api/v1/briefs?x=1").get_json()["detail"]
    page = Page(client.get("/briefs?flag=any&from=2026-01-02&q=x").text)
    assert page.one("input", id="from").attributes["value"] == "2026-01-02"
    assert page.one("option", value="any").attributes.get("selected", "no") is None


def test_lists_tell_what_is_doubtful(client, judged, store):
    doubts = (
        "Nagon</b (doubtful)",
        "a second model finds “<i>not Nagon” more probable",
        "some doubt (confidence 0.60)",
    )
    for path in ("/", "/briefs", "/briefs?q=Nagon", "/briefs?flag=contrast"):
        text = Page(client.get(path).text).one("li", id=f"brief-{judged}").text
        assert all(words in text for words in doubts), path
        assert "check it against the Arabic" in client.get(path).text
    listed = client.get("/api/v1/briefs?q=Nagon").get_json()["briefs"][0]
    record = store.get(judged)
    answers.ListedBrief.model_validate(listed)
    first = record["translation"]["sentences"][0]
    assert {name: listed["sentences"][0]["sources"][0][name] for name in first if name in listed["title"]} == {
        name: first[name] for name in first if name in listed["title"]
    }
    assert listed["title"] == record["title"] and listed["model"] == record["model"]
    record["title"] |= {"flags": ["numbers"], "words": [{"start": 0, "end": 3, "probability": 0.001}]}
    store.add(record | {"id": "other"}, "نص آخر")
    text = Page(client.get("/digests?id=judged&id=other").text).one("ul", class_="articles").text
    assert FLAGS["numbers"] in text and "(doubtful)" in text


def test_briefs_of_an_earlier_version_are_shown(client, store):
    address = made_of_sample(client)
    record = store.get(address.removeprefix("/briefs/"))
    old = ("index", "paragraph", "start", "end", "source", "text", "score", "flags")
    record["translation"] = {
        "text": record["translation"]["text"],
        "sentences": [{name: one[name] for name in old} for one in record["translation"]["sentences"]],
    }
    record |= {"id": "old", "title": {name: record["title"][name] for name in ("source", "text")}}
    record["model"] = {
        name: record["model"][name] for name in ("name", "version", "backend", "compute_type", "quality")
    }
    del record["brief"]["notes"]
    store.add(record, "نص")
    for path in ("/", "/briefs", "/briefs/old", "/briefs/old.txt", "/digests?one=1&id=old&id=" + address[8:]):
        assert client.get(path).status_code == 200, path
    answers.Briefs.model_validate(client.get("/api/v1/briefs").get_json())


def test_ticks_are_kept_over_pages(client):
    ids = [made(client, text=f"خبر رقم {n}.").removeprefix("/briefs/") for n in range(22)]
    page = Page(client.get("/briefs", query_string={"before": 3, "id": [ids[1], ids[20]], "q": "خبر"}).text)
    boxes = page.all("input", type="checkbox")
    assert {box.attributes["form"] for box in boxes} == {"compare"} and len(boxes) == 2
    assert [box.attributes["value"] for box in boxes if "checked" in box.attributes] == [ids[1]]
    kept = [
        (e.attributes["name"], e.attributes["value"]) for e in page.one("form", id="compare").inner if e.tag == "input"
    ]
    assert kept == [("id", ids[20]), ("q", "خبر")] and "1 ticked on other pages" in page.one("form", id="compare").text


def test_another_site_can_neither_write_nor_delete(client):
    address = made_of_sample(client)
    for target, data in (("/", {"text": "خبر."}), (f"{address}/delete", {})):
        for site in ("cross-site", "same-site"):
            assert client.post(target, data=data, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert client.get(address).status_code == 200


def test_without_a_model_the_form_says_so_and_keeps_what_was_typed(settings, model_folder, tmp_path):
    converted_folder(model_folder, tmp_path, settings.compute_type).mkdir(parents=True)  # with nothing to load in it
    app = create_app(replace(settings, cache=tmp_path))
    with pytest.raises(NotReady):
        app.extensions["mujaz"].wait()
    client = app.test_client()
    assert "cannot be used" in Page(client.get("/").text).one("p", role="alert").text
    response = submit(client, text="خبر من المدينة.", title="عنوان")
    page = Page(response.text)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "What you typed is kept" in page.one("p", role="alert").text
    assert textarea(page) == "خبر من المدينة."
    assert page.one("input", id="title").attributes["value"] == "عنوان"


def test_a_telephone_number_reads_in_its_order(client):
    text = "اتصلوا على 00961-1-555-0123 أو +961 (3) 555 019 بين 2010-2015، أو ٠٠٩٦١ ٣ ٥٥٥ ٠١٩."
    page = Page(client.get(made(client, text=text)).text)
    (source,) = (e for e in page.one("li", id="s1").inner if e.attributes.get("lang") == "ar")
    assert [e.text for e in source.inner if e.attributes.get("dir") == "ltr" and e.tag == "bdi"] == [
        "00961-1-555-0123",
        "+961 (3) 555 019",
        "٠٠٩٦١ ٣ ٥٥٥ ٠١٩",
    ]
    assert bare(source) == text


def test_words_for_flags_times_and_links():
    for flag, words in FLAGS.items():
        pair = {"source": "وصلت شاحنات.", "text": "Lorries arrived.", "flags": [flag]}
        assert explain(pair) == [(words, "", flag in SERIOUS)]
    changed = {"source": "وصلت 49 شاحنة.", "text": "48 lorries arrived.", "flags": ["changed", "unsure"]}
    assert explain(changed) == [(FLAGS["changed"], "49 → 48", True), (FLAGS["unsure"], "", False)]
    lost = {"source": "وصلت المبعوثة إلى القاهرة.", "text": "The envoy arrived.", "flags": ["names"]}
    assert explain(lost) == [(FLAGS["names"], "القاهرة al-Qāhra", False)]
    assert moment("2026-03-05T07:08:09.123Z") == "5 March 2026, 07:08 UTC"
    assert plain("a\n  b\t c") == "a b c"
    assert is_link("HTTPS://a.example") and not is_link("javascript:alert(1)") and not is_link(None)


def test_what_the_makers_of_a_model_warn_of_is_on_every_page(model_folder, settings, store, cache, tmp_path):
    folder = Path(shutil.copytree(model_folder, tmp_path / "model"))
    release = {"name": "weak", "quality": "BLEU 1.0", "warning": "Far too weak.", "window": 100, "beam": 3}
    (folder / "mujaz.json").write_text(json.dumps(release), encoding="utf-8")
    pipeline = Pipeline(load_translator(str(folder), cache=cache), SUMMARIZERS, store)
    client = create_app(settings, pipeline=pipeline).test_client()
    title, text = sample()
    made = client.post("/api/v1/briefs", json={"title": title, "text": text})
    assert made.get_json()["model"]["warning"] == "Far too weak."
    assert "|beam:3|" in made.get_json()["signature"]
    brief_id = made.get_json()["id"]
    for path in ("/", f"/briefs/{brief_id}", f"/briefs/{brief_id}.txt"):
        page = client.get(path).get_data(as_text=True)
        assert "Far too weak." in page and "BLEU 1.0" in page, path


@pytest.fixture
def judged(client, store):
    """The id of a brief of the sample with doubts of every kind: its text is the tiny model's, they are made up."""
    title, text = sample()
    record = client.post("/api/v1/briefs", json={"title": title, "text": text}).get_json()
    for number, sentence in enumerate(record["translation"]["sentences"]):
        sentence |= {"flags": [], "confidence": (0.9, 0.6, 0.3)[number % 3]}
    first, second, third, *_ = record["translation"]["sentences"]
    first |= {"text": "<b>Nagon</b> & others", "flags": ["contrast"]}
    first |= {"contrast": {"said": "<b>Nagon", "instead": "<i>not Nagon"}}
    first["words"] = [{"start": 3, "end": 8, "probability": 0.001}, {"start": 8, "end": 11, "probability": 0.001}]
    third["flags"] = ["unsure"]
    record["brief"]["sentences"] = [
        {"text": s["text"], "sources": [s["index"]], "exact": True} for s in (first, second)
    ]
    record["id"] = "judged"
    store.add(record, text)
    return record["id"]


def test_doubtful_words_are_marked_for_all_and_none_of_them_is_markup(client, judged):
    page = Page(client.get(f"/briefs/{judged}").text)
    marked = [mark for mark in page.all("span", class_="doubt") if "title" in mark.attributes]
    assert [mark.text for mark in marked] == ["Nagon</b (doubtful)"] * 2, "in the brief and in the article"
    assert all(mark.inner[0].attributes["class"] == "unseen" for mark in marked)
    assert not page.all("b") and not page.all("i")
    told = "It says “<b>Nagon”; a second model finds “<i>not Nagon” more probable."
    assert [li.text for li in page.all("li") if li.text.endswith(told)] == [f"Note: {told}"] * 2
    assert any("There is some doubt (confidence 0.60)." in ul.text for ul in page.all("ul", class_="flags"))
    assert "(confidence 0.90)" not in client.get(f"/briefs/{judged}").text, "what is sure has no mark"
    assert any("Underlined so: words" in p.text and "no grave error" in p.text for p in page.all("p", class_="small"))
    text = client.get(f"/briefs/{judged}.txt").text
    assert "A second model gave little chance to “Nagon</b”." in text and told in text
    assert "Note: There is some doubt (confidence 0.60)." in text and "Its confidence is 0.30." in text


def test_only_the_doubtful_sentences_can_be_shown(client, judged):
    whole = Page(client.get(f"/briefs/{judged}").text)
    page = Page(client.get(f"/briefs/{judged}?show=doubtful").text)
    shown = lambda of: [li.attributes["id"] for li in of.all("li") if "id" in li.attributes]  # noqa: E731
    wanted = [name for number, name in enumerate(shown(whole)) if number % 3 == 1 or number in (0, 2)]
    assert shown(page) == wanted and len(wanted) < len(shown(whole))
    current = lambda of: [a.text for a in of.all("a", aria_current="true")][1:]  # noqa: E731 (the first: its colours)
    assert current(page) == ["Side by side", f"Only the {len(wanted)} doubtful"]
    assert current(whole) == ["Side by side", f"All {len(shown(whole))}"]
    addresses = [a.attributes["href"] for a in page.all("a", class_="source")]
    assert addresses == ["#s1", "#s2"]
    brief = made_of_sample(client)
    found = Page(client.get(brief + "?show=doubtful").text)
    there = {f"#{name}" for name in shown(found)}
    for link in found.all("a", class_="source"):
        address, _, name = link.attributes["href"].partition("#")
        assert f"#{name}" in there if not address else address == brief, "what is not shown is on the whole page"


def test_how_sure_a_brief_must_be_is_chosen_in_the_form(client):
    title, text = sample()
    brief = made(client, title=title, text=text, sentences="3", min_confidence="0.5")
    page = client.get(brief).text
    assert "too doubtful" in page and "|confidence:0.5" in page
    wrong = submit(client, text=text, min_confidence="7")
    assert (
        wrong.status_code == 422 and Page(wrong.text).one("p", id="min_confidence-error").text == "must be from 0 to 1"
    )
    again = Page(submit(client, text="Hello", min_confidence="0.8").text)
    (chosen,) = (o for o in again.one("select", id="min_confidence").inner if "selected" in o.attributes)
    assert chosen.attributes["value"] == "0.8", "what was chosen is kept"
