import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
from service.output.tables import _GROUP_ROWS, COLUMNS, guarded, write_csv, write_parquet
from tests.conftest import cases
from tests.outputs import GOLDEN, stored


def rows(records):
    """The CSV read back, as pandas would with dtype=str."""
    file = io.BytesIO()
    write_csv(file, records)
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))


def read_parquet(file):
    from pyarrow import parquet

    return parquet.ParquetFile(file)


def test_csv_is_as_it_was():
    file = io.BytesIO()
    write_csv(file, stored())
    assert file.getvalue() == (GOLDEN / "records.csv").read_bytes()


def test_csv_columns():
    records = stored()
    for row, record in zip(rows(records), records, strict=True):
        sentences = record["translation"]["sentences"]
        assert tuple(row) == COLUMNS
        assert (row["id"], row["file"]) == (guarded(record["id"]), record["file"])
        assert row["brief"] == " ".join(s["text"] for s in record["brief"]["sentences"])
        assert row["translation"] == record["translation"]["text"]
        assert row["brief_sources"].split("\n\n") == [
            sentences[source]["source"] for s in record["brief"]["sentences"] for source in s["sources"]
        ]
        assert row["sentences"] == str(len(sentences))
    assert [row["flags"] for row in rows(records)] == [
        "numbers 1, contrast 2, disputed 6, unsure 6",
        "numbers 3, negation 1, contrast 2, disputed 6, unsure 6",
        "numbers 3, contrast 3, disputed 7, unsure 6",
        "numbers 2, contrast 1, disputed 4, unsure 4",
    ]
    assert [float(row["lowest_confidence"]) for row in rows(records)] == [
        min(
            record["translation"]["sentences"][i]["confidence"]
            for s in record["brief"]["sentences"]
            for i in s["sources"]
        )
        for record in records
    ]


def test_csv_tells_what_a_summarizer_did():
    record = stored()[0]
    record["brief"]["notes"] = [
        {"kind": "dropped", "text": "Nine died.", "reason": "A number has no source"},
        {"kind": "other", "text": "", "reason": "Two windows"},
    ]
    assert rows([record])[0]["notes"] == "A number has no source: Nine died.\nTwo windows"


@pytest.mark.parametrize(("text", "cell"), cases("formulas"))
def test_a_cell_is_no_formula(text, cell):
    assert guarded(text) == cell
    assert unguarded(cell) == text


def unguarded(cell):
    """What a reader does to undo it."""
    return cell[1:] if cell.startswith("'") and guarded(cell) != cell else cell


@given(st.text(alphabet="'=+-@\t\r\n ＝aم", max_size=6) | st.text())
def test_the_guard_can_be_undone(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text) in (text, "'" + text)


def test_an_article_cannot_put_a_formula_into_any_cell():
    record = stored()[0]
    evil = '=cmd|"/c calc"!A1'
    sentence = record["translation"]["sentences"][0]
    record |= {"id": evil, "file": evil, "title": {"source": evil, "text": evil, "flags": []}}
    record["translation"]["text"] = sentence["text"] = sentence["source"] = evil
    record["brief"]["sentences"] = [{"text": evil, "sources": [0], "exact": True}]
    (row,) = rows([record])
    for column in ("id", "file", "title", "title_source", "brief", "brief_sources", "translation"):
        assert row[column] == "'" + evil and unguarded(row[column]) == evil


def test_parquet_is_the_records(request):
    records = [{**record, "id": f"{number}:{record['id']}"} for number in range(300) for record in stored()]
    assert len(records) > _GROUP_ROWS
    file = io.BytesIO()
    write_parquet(file, iter(records))
    table = read_parquet(file)
    assert table.num_row_groups == 2
    assert table.read().to_pylist() == records
    assert list(table.read_row_group(0).to_pylist()[0]) == list(records[0])


def test_parquet_of_no_records_has_the_same_columns():
    empty, full = io.BytesIO(), io.BytesIO()
    write_parquet(empty, [])
    write_parquet(full, stored())
    assert read_parquet(empty).schema_arrow == read_parquet(full).schema_arrow


def test_parquet_takes_records_of_an_earlier_version():
    record, file = stored()[0], io.BytesIO()
    del record["title"]["other"]
    write_parquet(file, [record])
    assert read_parquet(file).read().to_pylist()[0]["title"] == {**record["title"], "other": None}


def test_a_confidence_that_was_not_measured_is_an_empty_cell():
    record = stored()[0]
    for sentence in record["translation"]["sentences"]:
        sentence["confidence"] = None
    assert rows([record])[0]["lowest_confidence"] == ""
    for sentence in record["translation"]["sentences"]:
        del sentence["confidence"]
    assert rows([record])[0]["lowest_confidence"] == "", "a record of an earlier version"


def test_parquet_loses_no_field_silently():
    record = stored()[0]
    record["translation"]["sentences"][0]["findings"] = ["430"]
    with pytest.raises(ValueError, match="findings"):
        write_parquet(io.BytesIO(), [record])


def test_the_records_of_today_go_into_parquet(pipeline):
    from tests.service.output.test_writers import make_record

    record = make_record(pipeline, "a", "-", "أعلنت الوزارة افتتاح 3 مدارس. BBC 2024.\n\nولم تسجل حوادث.", None)
    file = io.BytesIO()
    write_parquet(file, [record])
    assert read_parquet(file).read().to_pylist() == [record]
