"""Records and outputs of batches, for the tests of the writers."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import jsonl

GOLDEN = Path(__file__).parent / "data" / "outputs"
# What the tiny model and the pipeline once made of four articles of tests/data/articles. Kept, because a model that is
# trained on another machine is another model; records.csv and digests/ are what `write` makes of them.
RECORDS = GOLDEN / "records.jsonl"


def stored() -> list[dict]:
    """The records of RECORDS."""
    return jsonl(RECORDS)


def contents(output: Path) -> bytes | dict[str, bytes]:
    """The bytes of a file, or of every file of a folder by its path in it."""
    if output.is_file():
        return output.read_bytes()
    return {p.relative_to(output).as_posix(): p.read_bytes() for p in sorted(output.rglob("*")) if p.is_file()}
