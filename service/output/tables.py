"""Records as tables: CSV for Excel and pandas, Parquet for everything else."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from models.checks.fidelity import FLAGS
from service.output.remarks import counted

Cell = str | int | float
COLUMNS = (
    *"id file title title_source brief brief_sources lowest_confidence translation flags notes".split(),
    *"glossary sentences model signature".split(),
)
JUDGED: dict[str, Any] = {
    "confidence": float,
    "words": [{"start": int, "end": int, "probability": float}],
    "contrast": {"said": str, "instead": str},
    "extra": str,
    "other": str,
    "omitted": {"source": str, "text": str},
}
# Every field of a record: a type, {name: shape}, or [shape of each]. Any value may be None.
SHAPE: dict[str, Any] = {
    "id": str,
    "file": str,
    "title": {"source": str, "text": str, "flags": [str], **JUDGED},
    "brief": {
        "sentences": [{"text": str, "sources": [int], "exact": bool}],
        "summarizer": str,
        "notes": [{"kind": str, "text": str, "reason": str}],
    },
    "translation": {
        "text": str,
        "sentences": [
            dict.fromkeys(("index", "paragraph", "start", "end"), int)
            | {"source": str, "text": str, "score": float, "flags": [str], **JUDGED}
        ],
        "glossary": [{"arabic": str, "english": str, "changed": [{"sentence": int, "was": str}], "missing": [int]}],
        "names": [{"arabic": str, "english": str, "sentences": [int], "changed": [{"sentence": int, "was": str}]}],
    },
    "model": dict.fromkeys(("name", "version", "backend", "compute_type", "quality", "warning", "second"), str),
    "signature": str,
}
_GROUP_ROWS, _GROUP_CHARS = 1_000, 4_000_000  # of a Parquet row group: what is held in memory at a time
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*(?!-\Z)[=+\-@＝＋－＠])")


def write_csv(file: BinaryIO, records: Iterable[dict]) -> None:
    """One row an article, with a byte order mark, without which Excel takes UTF-8 for something else.

    `brief` is its sentences joined by spaces; `brief_sources` the Arabic sentences that it rests on, with blank lines
    between; `lowest_confidence` that of the least sure of these, empty where none was measured; `flags` counts each
    over the sentences and the title ("numbers 2, unsure 1"); `notes` are what the summarizer did, one a line;
    `glossary` what the glossary, and making names one, have changed, one a line.
    A cell that a spreadsheet could run as a formula gets an apostrophe: see `guarded`.
    pandas keeps every cell as it is with `read_csv(path, dtype=str, keep_default_na=False)`. Excel shows at most
    32,767 characters of a cell: take another format for articles longer than that.
    """
    write_rows(file, COLUMNS, map(_row, records))


def write_rows(file: BinaryIO, columns: Iterable[str], rows: Iterable[Iterable[Cell]]) -> None:
    """A table as `write_csv` writes it."""
    table = csv.writer(codecs.getwriter("utf-8-sig")(file), quoting=csv.QUOTE_NONNUMERIC)
    table.writerow(columns)
    table.writerows((guarded(cell) if isinstance(cell, str) else cell for cell in row) for row in rows)


def guarded(text: str) -> str:
    """`text`, with an apostrophe before it if a spreadsheet could take it for a formula.

    As OWASP advises ("CSV Injection"): cells that start with = + - @, their full-width forms, a tab or a line end;
    here also after white space or apostrophes, but not for a lone - (standard input). So that a reader can undo it, a
    cell that was given an apostrophe would be given another one.
    """
    return "'" + text if _FORMULA.match(text) else text


def _row(record: dict) -> tuple[Cell, ...]:
    title, brief, translation, model = (record[name] for name in ("title", "brief", "translation", "model"))
    sentences = translation["sentences"]
    rests_on = [sentences[i] for i in dict.fromkeys(i for one in brief["sentences"] for i in one["sources"])]
    sure = [one["confidence"] for one in rests_on if one.get("confidence") is not None]
    return (
        record["id"],
        record["file"],
        title["text"],
        title["source"],
        " ".join(sentence["text"] for sentence in brief["sentences"]),
        "\n\n".join(one["source"] for one in rests_on),
        min(sure, default=""),
        translation["text"],
        ", ".join(f"{flag} {number}" for flag, number in _flags(title, sentences)),
        "\n".join(": ".join(filter(None, (note["reason"], note["text"]))) for note in brief["notes"]),
        "\n".join(counted(record)),
        len(sentences),
        f"{model['name']} {model['version']}",
        record["signature"],
    )


def _flags(title: dict, sentences: list[dict]) -> list[tuple[str, int]]:
    """(flag, how often), in the order of FLAGS; a title that is a sentence of the article counts once."""
    counted = Counter(flag for sentence in sentences for flag in sentence["flags"])
    if all(sentence["source"] != title["source"] for sentence in sentences):
        counted.update(title["flags"])
    order = {flag: place for place, flag in enumerate(FLAGS)}
    return sorted(counted.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


def write_parquet(file: BinaryIO, records: Iterable[dict]) -> None:
    """One row an article with all that a record has, lists and structs as they are: a row read is the JSONL record.

    Raises ValueError for a record that is not of SHAPE, of which something would be lost.
    """
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, _arrow(shape)) for name, shape in SHAPE.items()])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(records):
            writer.write_table(pyarrow.Table.from_pylist(group, schema))


def _groups(records: Iterable[dict]) -> Iterator[list[dict]]:
    """Records by row groups, none too large to hold."""
    group: list[dict] = []
    chars = 0
    for record in records:
        _check(record, SHAPE)
        group.append(record)
        chars += len(record["translation"]["text"])
        if len(group) == _GROUP_ROWS or chars >= _GROUP_CHARS:
            yield group
            group, chars = [], 0
    if group:
        yield group


def _check(value: Any, shape: Any) -> None:
    """ValueError if a value has fields that its shape has not. A record of an earlier version may lack one: null."""
    if value is None:
        return
    if isinstance(shape, dict):
        if not value.keys() <= shape.keys():
            raise ValueError(f"a record has the fields {', '.join(value)} where {', '.join(shape)} are expected")
        for name in value:
            _check(value[name], shape[name])
    elif isinstance(shape, list) and not isinstance(shape[0], type):
        for item in value:
            _check(item, shape[0])


def _arrow(shape: Any) -> Any:
    """The Arrow type of a shape."""
    import pyarrow

    if isinstance(shape, dict):
        return pyarrow.struct([(name, _arrow(inner)) for name, inner in shape.items()])
    if isinstance(shape, list):
        return pyarrow.list_(_arrow(shape[0]))
    return {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}[shape]
