"""What the glossary and the names made one have changed, where readers see it: pages, Markdown, tables, batches."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from models.errors import InputError
from service import create_app
from service.batch import __main__ as batch
from service.core import load_pipeline
from service.output.markdown import write_pages
from service.output.remarks import changes
from service.output.spelling_report import COLUMNS, Spellings, names_file
from service.output.tables import write_csv
from tests import tiny
from tests.outputs import stored


@pytest.fixture
def glossary(tmp_path):
    """A glossary whose terms the tiny model's sentences have."""
    path = tmp_path / "words.csv"
    path.write_text(
        "arabic,english,case\nوزارة الصحة,Ministry of Health,no\nمستشفى,clinic,no\nالعاصمة,seat of government,\n",
        encoding="utf-8",
    )
    return path


ARTICLE = f"{tiny.GOLDEN}\n\nوهذه جملة لا يعرفها النموذج عن مستشفى."


@pytest.fixture
def worded(settings, glossary, store):
    """A client of an app with the glossary."""
    settings = replace(settings, glossary=str(glossary))
    return create_app(settings, pipeline=load_pipeline(settings, store)).test_client()


def brief(client):
    return client.post("/api/v1/briefs", json={"text": ARTICLE}).json


def test_the_record_has_every_change_and_all_that_was_not_put_in(worded, client):
    plain, record = brief(client), brief(worded)
    uses = {use["english"]: use for use in record["translation"]["glossary"]}
    first = plain["translation"]["sentences"][0]["text"]
    text = record["translation"]["sentences"][0]["text"]
    for use in uses.values():
        for change in use["changed"]:
            if change["sentence"] == 0:
                assert change["was"] in first and use["english"].lower() in text.lower()
    assert {index for use in uses.values() for index in use["missing"]} == {
        sentence["index"] for sentence in record["translation"]["sentences"] if "glossary" in sentence["flags"]
    }
    assert "|glossary:none|" in plain["signature"] and "|glossary:none|" not in record["signature"]
    assert plain["translation"]["glossary"] == []


def test_translations_and_streams_have_it_as_well(worded):
    record = brief(worded)
    translation = worded.post("/api/v1/translations", json={"text": ARTICLE}).json
    assert {name: translation[name] for name in record["translation"]} == record["translation"]
    answer = worded.post("/api/v1/translations", json={"text": ARTICLE}, headers={"Accept": "application/x-ndjson"})
    last = json.loads(answer.text.splitlines()[-1])
    assert {name: last[name] for name in record["translation"]} == record["translation"]
    assert last["signature"] == translation["signature"]


def test_page_and_text_show_it(worded):
    record = brief(worded)
    lines = [line for found in changes(record).values() for line in found]
    assert lines
    for address in (f"/briefs/{record['id']}", f"/briefs/{record['id']}.txt"):
        page = worded.get(address).text
        assert all(line in page for line in lines), address


def changed_record():
    record = stored()[0]
    record["translation"]["glossary"] = [
        {"arabic": "أوبك", "english": "OPEC", "changed": [{"sentence": 1, "was": "Opec*"}], "missing": [2, None]}
    ]
    record["translation"]["names"] = [
        {"arabic": "بلينكن", "english": "Blinken", "sentences": [0, 1], "changed": [{"sentence": 0, "was": "Blinkin"}]},
        {"arabic": "هاربر", "english": "Harper", "sentences": [3], "changed": []},
    ]
    return record


def test_words_for_readers():
    assert changes(changed_record()) == {
        1: ["Glossary: “OPEC” for أوبك; it was “Opec*”."],
        2: ["Glossary: “OPEC” for أوبك was not put in; its place was not found."],
        None: ["Glossary: “OPEC” for أوبك was not put in; its place was not found."],
        0: ["One spelling: “Blinken” for بلينكن (Blīnkn); it was “Blinkin”."],
    }
    assert changes({"translation": {"text": "", "sentences": []}}) == {}, "a record stored before there was a glossary"


def test_markdown_and_csv_show_it(tmp_path):
    folder = tmp_path / "digests"
    folder.mkdir()
    write_pages(folder, [changed_record()])
    (page,) = (path.read_text(encoding="utf-8") for path in folder.rglob("*.md") if path.name != "index.md")
    assert page.count("> **Wording:**") == 3 and page.count("> **Wording on the title:**") == 1
    assert "Opec\\*" in page
    file = io.BytesIO()
    write_csv(file, [changed_record()])
    (row,) = csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""))
    assert row["glossary"].splitlines() == [
        "OPEC for أوبك: 1 changed (was Opec*), 2 not put in",
        "Blinken for بلينكن: 1 changed (was Blinkin)",
    ]


def test_spellings_of_a_batch_are_counted_by_article(tmp_path):
    def record(number, *names):
        found = [{"arabic": a, "english": e, "sentences": s, "changed": []} for a, e, s in names]
        return {"id": f"n{number}", "translation": {"names": found}}

    records = [
        record(1, ("بلينكن", "Blinkin", [0]), ("هاربر", "Harper", [0, 1])),
        record(2, ("بلينكن", "Blinken", [0, 2])),
        record(3, ("بلينكن", "Blinken", [None]), ("هاربر", "Harper", [1])),
    ]
    spellings = Spellings()
    assert list(spellings.watch(iter(records))) == records
    path = names_file(tmp_path / "out.jsonl")
    spellings.write(path)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    assert rows == [list(COLUMNS), ["بلينكن", "Blinken", "2", "3", "n2"], ["بلينكن", "Blinkin", "1", "1", "n1"]]
    Spellings().write(path)
    assert not path.exists(), "nothing to choose from"


def run(monkeypatch, settings, *args):
    for name in ("model", "data", "cache"):
        monkeypatch.setenv(f"MUJAZ_{name.upper()}", str(getattr(settings, name)))
    return batch.main([str(arg) for arg in args])


def test_a_batch_with_a_glossary(monkeypatch, tmp_path, settings, glossary):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [json.dumps({"id": f"n{i}", "text": f"{ARTICLE}\n\nالتقرير رقم {i}."}) for i in range(3)]
    source.write_text("\n".join(lines), encoding="utf-8")
    assert run(monkeypatch, settings, source, "--output", out) == 0
    plain = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert run(monkeypatch, settings, source, "--output", out, "--glossary", glossary) == 0
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(records) == 3 and all(record["translation"]["glossary"] for record in records)
    assert all(a["signature"] != b["signature"] for a, b in zip(plain, records, strict=True)), "no stale text"
    uses = [[{**use} for use in record["translation"]["glossary"]] for record in records]
    assert uses[0] == uses[1] == uses[2], "one glossary, one wording across the batch"
    assert run(monkeypatch, settings, source, "--output", out) == 0
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == plain


def test_a_glossary_that_cannot_be_used_begins_nothing(monkeypatch, tmp_path, settings, capsys):
    source, bad = tmp_path / "in.jsonl", tmp_path / "bad.csv"
    source.write_text(json.dumps({"id": "a", "text": ARTICLE}), encoding="utf-8")
    bad.write_text("arabic,english\nأوبك\n", encoding="utf-8")
    assert run(monkeypatch, settings, source, "--output", tmp_path / "out.jsonl", "--glossary", bad) == 2
    assert "bad.csv, line 2" in capsys.readouterr().err
    with pytest.raises(InputError, match="line 2"):
        create_app(replace(settings, glossary=str(bad)))
