import gzip
import json
from pathlib import Path

import pytest

from models.errors import InputError
from models.types import Document
from service.core import brief_record
from service.writers import format_of, write
from tests.conftest import article

FIELDS = ("title", "brief", "translation", "model", "signature")  # of a record, after its id and file
NUMBERS = ("01", "04", "16", "20")  # four of tests/data/articles


def make_record(pipeline, key, file, text, title=None):
    """A record as the batch run makes it."""
    document = Document(key, text, title)
    made = brief_record(document, pipeline.start(document).brief(), pipeline.translator.info)
    return {"id": key, "file": file} | {name: made[name] for name in FIELDS}


@pytest.fixture
def records(pipeline):
    """Records of real articles: two of one file, one in a folder, one from standard input without a title."""
    made = []
    for number, file in zip(NUMBERS, ("news.jsonl", "news.jsonl", "sub folder/تقرير.txt", "-"), strict=True):
        title, text = article(number)
        made.append(make_record(pipeline, f"{file}:{number}", file, text, None if file == "-" else title))
    return made


@pytest.mark.parametrize(
    "name, asked, found",
    [
        ("out.jsonl", None, "jsonl"),
        ("out.JSONL.gz", None, "jsonl"),
        ("out.csv", "csv", "csv"),
        ("out.csv.gz", None, "csv"),
        ("out.parquet", None, "parquet"),
        ("out", "csv", "csv"),
        ("out.gz", "jsonl", "jsonl"),
        ("briefs-2026.11", "markdown", "markdown"),
        ("briefs", "mirror", "mirror"),
    ],
)
def test_the_format_is_told_by_the_suffix_or_asked_for(name, asked, found):
    assert format_of(Path("a.b") / name, asked) == found


@pytest.mark.parametrize(
    "name, asked, field, reason",
    [
        ("out", None, "--output", "jsonl, csv, parquet, markdown, mirror"),
        ("out.xlsx", None, "--output", "jsonl, csv, parquet, markdown, mirror"),
        ("out.gz", None, "--output", ".jsonl.gz, .csv.gz"),
        ("out.jsonl", "xml", "--format", "jsonl, csv, parquet, markdown, mirror"),
        ("out.jsonl", "csv", "--format", "says jsonl"),
        ("out.csv", "markdown", "--format", "a folder"),
        ("out.gz", "mirror", "--format", "a folder"),
        ("out.parquet.gz", None, "--output", "leave .gz away"),
        ("out.gz", "parquet", "--output", "leave .gz away"),
    ],
)
def test_a_format_that_cannot_be_is_refused_with_the_choices(name, asked, field, reason):
    with pytest.raises(InputError) as refused:
        format_of(Path(name), asked)
    assert refused.value.field == field and reason in refused.value.detail


@pytest.mark.parametrize("name", ["out.jsonl", "OUT.JSONL.GZ"])
def test_jsonl_holds_the_records_as_they_are(records, tmp_path, name):
    write(tmp_path / name, "jsonl", iter(records))
    data = (tmp_path / name).read_bytes()
    lines = (gzip.decompress(data) if name.endswith("GZ") else data).decode().splitlines()
    assert [json.loads(line) for line in lines] == records
    assert list(json.loads(lines[0])) == ["id", "file", *FIELDS]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [name]  # nothing is left over
