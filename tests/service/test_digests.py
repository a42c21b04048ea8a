"""Several briefs on one story: the endpoint, the page and the command line, over a small real model."""

from __future__ import annotations

import json

import pytest

from models.engines.registry import ROOT
from models.stories.compared import LIMITS, MOST
from service import digest
from service.batch.run import FIELDS
from tests.pages import Page

DATA = ROOT / "tests" / "data" / "stories"
ARTICLES = {a["id"]: a for a in map(json.loads, (DATA / "articles.jsonl").read_text(encoding="utf-8").splitlines())}
BOAT = [name for name in ARTICLES if name.startswith("boat-")]
URL = "/api/v1/digests"


@pytest.fixture
def make(client):
    """A function that makes briefs of articles of tests/data/stories: {name: record}."""

    def made(*names):
        bodies = {name: {field: ARTICLES[name][field] for field in ("title", "text", "url")} for name in names}
        return {name: client.post("/api/v1/briefs", json=body).json for name, body in bodies.items()}

    return made


def all_sources(value) -> list[dict]:
    """Every source in an answer, wherever it stands."""
    if isinstance(value, dict):
        return value.get("sources", []) + [s for v in value.values() for s in all_sources(v)]
    return [s for v in value for s in all_sources(v)] if isinstance(value, list) else []


def test_a_digest_and_its_sources(client, make):
    briefs = make(*BOAT, "museum-alsabah")
    records = {record["id"]: record for record in briefs.values()}
    found = client.post(URL, json={"ids": list(records)})
    assert found.status_code == 200
    (story,) = found.json["stories"]
    assert [a["outlet"] for a in story["articles"]] == ["alnahar.example", "almaghrib.example", "alsafir.example"]
    assert [article["id"] for article in found.json["alone"]] == [briefs["museum-alsabah"]["id"]]
    assert found.json["limits"] == list(LIMITS) and found.json["models"] == [briefs[BOAT[0]]["model"]]
    told = {
        (line["counted"], v["figure"]["value"]): [s["outlet"].partition(".")[0] for s in v["sources"]]
        for line in story["differ"]
        for v in line["values"]
    }
    assert told[("dead", 9)] == told[("missing", 20)] == ["alnahar"] and len(told) == 4
    assert told[("dead", 11)] == ["almaghrib"] and told[("missing", 25)] == ["alsafir"]
    (same,) = (line for line in story["agree"] if len(line["sources"]) == 3)
    assert same["figures"] == [{"value": 40, "said": "40 مهاجرا", "counted": "rescued"}]
    assert all_sources(found.json)
    for source in all_sources(found.json):
        record = records[source["id"]]
        stands = record["title"] if source["index"] is None else record["translation"]["sentences"][source["index"]]
        assert all(stands[key] == source[key] for key in ("source", "text", "flags"))
    placed = {(s["id"], s["index"]) for s in all_sources(story)}
    placed |= {(left["id"], index) for left in story["rest"] for index in left["sentences"]}
    wanted = {(briefs[name]["id"], s["index"]) for name in BOAT for s in briefs[name]["translation"]["sentences"]}
    assert wanted <= placed, "no sentence is dropped without a word"


def test_the_order_of_ids_does_not_matter_and_nothing_is_stored(client, make):
    ids = [record["id"] for record in make(*BOAT, "oil-alrai").values()]
    first = client.post(URL, json={"ids": ids}).json
    assert client.post(URL, json={"ids": ids[::-1]}).json == first
    assert client.get("/api/v1/briefs").json["briefs"][0]["id"] == ids[-1]


def test_articles_can_be_taken_as_one_story(client, make):
    ids = [record["id"] for record in make("museum-alsabah", "fire-almaghrib").values()]
    assert client.post(URL, json={"ids": ids}).json["stories"] == []
    forced = client.post(URL, json={"ids": ids, "one_story": True}).json
    assert len(forced["stories"]) == 1 and forced["alone"] == [] and forced["stories"][0]["only"]


def test_the_same_text_twice_is_said_to_be_the_same_word_for_word(client, make):
    ids = [make("bus-alkhabar")["bus-alkhabar"]["id"] for _ in range(2)]
    (story,) = client.post(URL, json={"ids": ids}).json["stories"]
    assert story["differ"] == story["only"] == [] and all(line["word_for_word"] for line in story["agree"])


def test_what_cannot_be_compared_is_told(client, make):
    (record,) = make("fire-almaghrib").values()
    known = record["id"]
    for ids, words in (
        ([], "at least 2"),
        ([known], "at least 2"),
        ([known, known], known),
        ([known, "gone", "lost"], "no brief 'gone', 'lost'"),
        ([str(i) for i in range(MOST + 1)], f"at most {MOST}"),
        ([known, 5], "string"),
        ("abc", "list"),
        (None, "list"),
    ):
        answer = client.post(URL, json={"ids": ids})
        problem = json.loads(answer.data)
        assert answer.status_code == 422 and answer.mimetype == "application/problem+json", ids
        assert words in problem["detail"] and problem["errors"][0]["field"].startswith("ids"), (ids, problem)
    wrong = json.loads(client.post(URL, json={"brief_ids": []}).data)
    assert {error["field"] for error in wrong["errors"]} == {"ids", "brief_ids"}


def test_the_page_from_the_list_of_briefs(client, make):
    briefs = make(*BOAT)
    listed = Page(client.get("/briefs").text)
    boxes = listed.all("input", type="checkbox", name="id")
    assert {box.attributes["value"] for box in boxes} == {record["id"] for record in briefs.values()}
    ids = [box.attributes["value"] for box in boxes]
    answer = client.get("/digests", query_string={"id": ids})
    page = Page(answer.text)
    assert answer.status_code == 200 and "3 briefs compared" in page.one("h1").text
    for line in all_sources(client.post(URL, json={"ids": ids}).json):
        anchor = "" if line["index"] is None else f"#s{line['index'] + 1}"
        assert page.all("a", href=f"/briefs/{line['id']}{anchor}")
        assert any(line["source"] in p.text for p in page.all("p", lang="ar"))
    assert all(limit in answer.text.replace("&#39;", "'") for limit in LIMITS)


@pytest.mark.parametrize("query", ["", "?id=x", "?id=x&id=x", "?id=x&id=<b>"])
def test_the_page_of_what_cannot_be_compared_is_the_list_and_why(client, make, query):
    (record,) = make("fire-almaghrib").values()
    answer = client.get(f"/digests{query}&id={record['id']}" if query else "/digests")
    page = Page(answer.text)
    assert answer.status_code == 422 and "cannot be compared" in page.one("p", role="alert").text
    (box,) = page.all("input", type="checkbox")
    assert ("checked" in box.attributes) == bool(query)


@pytest.fixture
def run(monkeypatch, model_folder, cache, tmp_path, capsys):
    """A function that runs the command line: (status, what it printed, its errors)."""
    settings = {"MUJAZ_MODEL": model_folder, "MUJAZ_CACHE": cache, "MUJAZ_DATA": tmp_path / "data"}
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))

    def ran(*arguments):
        code = digest.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return ran


def test_the_command_line_on_articles_and_on_batch_output(client, make, run, tmp_path):
    paths = []
    for name in BOAT[:2]:
        paths.append(tmp_path / f"{name}.txt")
        paths[-1].write_text(f"{ARTICLES[name]['title']}\n\n{ARTICLES[name]['text']}", encoding="utf-8")
    code, text, _ = run(*paths)
    assert code == 0 and LIMITS[0] in text
    assert text.index("WHERE THEY DIFFER") < text.index("  9 dead (تسعة") < text.index("ONLY ONE SAYS")
    record = make(BOAT[2])[BOAT[2]]
    output = tmp_path / "briefs.jsonl"
    kept = {"id": "third", "file": "c.txt", **{field: record[field] for field in FIELDS}}
    output.write_text(json.dumps(kept, ensure_ascii=False) + "\n", encoding="utf-8")
    code, text, _ = run(*paths, output, "--json")
    (story,) = json.loads(text)["stories"]
    outlets = {article["outlet"].rpartition("/")[2] for article in story["articles"]}
    assert code == 0 and outlets == {f"{BOAT[0]}.txt", f"{BOAT[1]}.txt", "third"}


def test_the_command_line_tells_what_it_cannot_use(run, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a", "translation": 5}\n', encoding="utf-8")
    alone = tmp_path / "a.txt"
    alone.write_text("خبر واحد من المدينة.", encoding="utf-8")
    latin = tmp_path / "b.txt"
    latin.write_text("No Arabic.", encoding="utf-8")
    assert run(broken) == (2, "", "broken.jsonl:1: is no record of the batch script\n")
    code, out, told = run(alone, latin)
    assert (code, out) == (2, "") and "b.txt" in told and "at least two" in told
    assert run(tmp_path / "none.txt")[0] == 2


def test_a_digest_tells_what_is_doubtful(client, make, run, tmp_path, store):
    record = make(BOAT[0])[BOAT[0]]
    for sentence in record["translation"]["sentences"]:
        words = sentence["text"].split()[0]
        sentence |= {"flags": ["contrast"], "contrast": {"said": words, "instead": "Others"}, "confidence": 0.6}
        sentence["words"] = [{"start": 0, "end": len(words), "probability": 0.001}]
    record["id"] = "doubted"
    store.add(record, ARTICLES[BOAT[0]]["text"])
    other = make(BOAT[1])[BOAT[1]]
    found = client.post(URL, json={"ids": ["doubted", other["id"]]}).json
    told = {source["id"]: source for source in all_sources(found) if source["index"] is not None}
    fields = ("confidence", "words", "contrast", "other")
    stands = record["translation"]["sentences"][told["doubted"]["index"]]
    assert [told["doubted"][field] for field in fields] == [stands[field] for field in fields]
    assert [told[other["id"]][field] for field in fields] == [None, [], None, None]
    page = Page(client.get(f"/digests?id=doubted&id={other['id']}").text)
    assert [mark for mark in page.all("span", class_="doubt") if mark.text.startswith(stands["text"].split()[0])]
    lines = "finds “Others” more probable", "little chance to “", "There is some doubt (confidence 0.60)."
    assert all(line in client.get(f"/digests?id=doubted&id={other['id']}").text for line in (lines[0], lines[2]))
    kept = [{"file": "x", **{f: one[f] for f in ("id", *FIELDS)}} for one in (record, other)]
    (tmp_path / "briefs.jsonl").write_text("".join(json.dumps(one) + "\n" for one in kept), encoding="utf-8")
    code, text, _ = run(tmp_path / "briefs.jsonl")
    assert code == 0 and all(line in text for line in lines)


@pytest.mark.parametrize("words", [5, [5], [{"start": "0", "end": 2}], [{}], {"start": 0}])
def test_doubts_that_are_none_are_told(run, make, tmp_path, words):
    record = make(BOAT[0])[BOAT[0]]
    record["translation"]["sentences"][0]["words"] = words
    path = tmp_path / "briefs.jsonl"
    path.write_text(json.dumps({f: record[f] for f in ("id", *FIELDS)}) + "\n", encoding="utf-8")
    code, _, error = run(path, path)
    assert code == 2 and "no record of the batch script" in error


def test_lines_round_an_article_are_no_part_of_a_story(client):
    shared = "اقرأ أيضا: مصرع 17 عاملا في انهيار سقف مصنع بمدينة صفاقس"
    made = []
    for name in BOAT[:2]:
        body = {"title": ARTICLES[name]["title"], "text": f"{ARTICLES[name]['text']}\n\n{shared}"}
        made.append(client.post("/api/v1/briefs", json=body).json)
    assert all(record["translation"]["sentences"][-1]["flags"][-1] == "apart" for record in made)
    found = client.post(URL, json={"ids": [record["id"] for record in made]}).json
    assert found["stories"] and not any(source["source"] == shared for source in all_sources(found["stories"]))
