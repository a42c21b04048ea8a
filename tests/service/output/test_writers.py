import csv
import gzip
import io
import json
import signal
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from models.errors import InputError
from models.types import Document
from service.output.whole import swap_in_two_steps, whole_folder
from service.output.writers import FOLDERS, FORMATS, format_of, write
from service.records import brief_record
from tests.conftest import article, cases
from tests.outputs import contents, stored
from tests.processes import begun, python

FIELDS = ("title", "brief", "translation", "model", "signature")  # of a record, after its id and file
OF_ANY = tuple(form for form in FORMATS if form != "subtitles")  # what takes articles out of any file
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


@pytest.mark.parametrize(("name", "asked", "found"), cases("formats"))
def test_the_format_is_told_by_the_suffix_or_asked_for(name, asked, found):
    assert format_of(Path("a.b") / name, asked) == found


@pytest.mark.parametrize(("name", "asked", "field", "reason"), cases("wrong-formats"))
def test_a_format_that_cannot_be_is_refused_with_the_choices(name, asked, field, reason):
    with pytest.raises(InputError) as refused:
        format_of(Path(name), asked)
    assert refused.value.field == field and reason in refused.value.detail


def test_what_could_only_fail_at_the_end_is_told_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="no folder, which mirror writes"):
        format_of(tmp_path / "file", "mirror")
    with pytest.raises(InputError, match="no file, which csv writes"):
        format_of(tmp_path, "csv")
    with pytest.raises(InputError, match="no file, which jsonl writes"):
        format_of(Path("/dev/null"), "jsonl")


def test_parquet_without_pyarrow_says_what_to_install(tmp_path):
    script = """
        import sys
        from pathlib import Path
        sys.modules["pyarrow"] = None
        from service.output.writers import format_of
        format_of(Path("out.parquet"), None)
    """
    done = run(script)
    assert done.returncode == 1 and "pip install -r requirements/batch.txt" in done.stderr


@pytest.mark.parametrize("name", ["out.jsonl", "OUT.JSONL.GZ"])
def test_jsonl_holds_the_records_as_they_are(records, tmp_path, name):
    write(tmp_path / name, "jsonl", iter(records))
    data = (tmp_path / name).read_bytes()
    lines = (gzip.decompress(data) if name.endswith("GZ") else data).decode().splitlines()
    assert [json.loads(line) for line in lines] == records
    assert list(json.loads(lines[0])) == ["id", "file", *FIELDS]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [name]  # nothing is left over


def test_a_mirror_has_the_folders_of_the_input(records, tmp_path):
    write(tmp_path / "out", "mirror", iter(records))
    files = contents(tmp_path / "out")
    assert list(files) == ["news.jsonl.jsonl", "stdin.jsonl", "sub folder/تقرير.txt.jsonl"]
    assert [json.loads(line) for line in files["news.jsonl.jsonl"].splitlines()] == records[:2]
    assert json.loads(files["sub folder/تقرير.txt.jsonl"]) == records[2]
    assert json.loads(files["stdin.jsonl"]) == records[3]


def test_every_format_writes_the_records_of_today(records, tmp_path):
    for form in OF_ANY:
        write(tmp_path / form, form, iter(records))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "csv").read_text(encoding="utf-8-sig"), newline="")))
    assert [row["title_source"] for row in rows] == [record["title"]["source"] for record in records]
    pages = contents(tmp_path / "markdown")
    assert len(pages) == len(records) + 1
    for record in records:
        (page,) = (page.decode() for page in pages.values() if f"- Article: `{record['id']}`" in page.decode())
        assert all(sentence["source"] in page for sentence in record["translation"]["sentences"])


# What follows holds for every format, gzip included.
OUTPUTS = [(form, form) for form in OF_ANY] + [("jsonl", "out.jsonl.gz"), ("csv", "out.csv.gz")]
every_format = pytest.mark.parametrize("form, name", OUTPUTS)
# What takes seconds: one of them, the others when there is time.
once = pytest.mark.parametrize(
    "form, name",
    [one if one == ("mirror", "mirror") else pytest.param(*one, marks=pytest.mark.slow) for one in OUTPUTS],
)


def run(script, *arguments):
    """Run Python code in a process of its own, whose limits are its own, too."""
    return python("-c", dedent(script), *arguments, timeout=300)


def an_old_output(folder, form, name):
    """What an earlier run left."""
    output = folder / name
    if form in FOLDERS:
        output.mkdir()
        (output / "old.txt").write_text("old")
    else:
        output.write_text("old")
    return output


def is_untouched(output):
    return contents(output) in (b"old", {"old.txt": b"old"}) and list(output.parent.iterdir()) == [output]


@every_format
def test_the_same_records_give_the_same_bytes(tmp_path, form, name):
    write(tmp_path / name, form, iter(stored()))
    first = contents(tmp_path / name)
    write(tmp_path / name, form, iter(stored()))
    assert contents(tmp_path / name) == first
    assert [path.name for path in tmp_path.iterdir()] == [name]


@every_format
def test_no_records_make_an_empty_output(tmp_path, form, name):
    write(an_old_output(tmp_path, form, name), form, iter(()))
    assert (tmp_path / name).exists() and not is_untouched(tmp_path / name)


@every_format
def test_records_that_break_off_leave_the_old_output(tmp_path, form, name):
    def broken():
        yield from stored()
        raise KeyboardInterrupt

    output = an_old_output(tmp_path, form, name)
    with pytest.raises(KeyboardInterrupt):
        write(output, form, broken())
    assert is_untouched(output)


ENDLESS = """
    import sys
    from itertools import count
    from pathlib import Path
    from service.output.writers import write
    from tests.outputs import stored

    def endless():
        records = stored()
        for number in count():
            if number == 10:
                print("writing", flush=True)
            yield {**records[number % 4], "id": str(number), "file": f"file {number // 100}"}
"""


@once
def test_a_killed_run_leaves_the_old_output_and_the_next_one_clears_up(tmp_path, form, name):
    output = an_old_output(tmp_path, form, name)
    script = f"{dedent(ENDLESS)}write(Path(sys.argv[1]), sys.argv[2], endless())"
    with begun("-c", script, output, form, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == "writing\n"
        process.send_signal(signal.SIGKILL)
    assert contents(output) in (b"old", {"old.txt": b"old"})
    assert {path.name for path in tmp_path.iterdir()} == {name, f".{name}.part"}
    write(output, form, iter(stored()))
    assert [path.name for path in tmp_path.iterdir()] == [name] and not is_untouched(output)


@once
def test_a_full_disk_leaves_the_old_output(tmp_path, form, name):
    output = an_old_output(tmp_path, form, name)
    done = run(
        ENDLESS
        + """
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        write(Path(sys.argv[1]), sys.argv[2], endless())
    except OSError as error:
        print(type(error).__name__, error)
        """,
        output,
        form,
    )
    assert "File too large" in done.stdout, done.stderr
    assert is_untouched(output)


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "out.jsonl").symlink_to("real.jsonl")
    write(tmp_path / "out.jsonl", "jsonl", iter(stored()))
    assert (tmp_path / "out.jsonl").is_symlink() and len((tmp_path / "real.jsonl").read_text().splitlines()) == 4


def test_where_folders_cannot_be_exchanged_they_are_swapped_in_two_steps(tmp_path):
    """And a run that was killed between the two is put right."""
    old, new, aside = an_old_output(tmp_path, "mirror", "out"), tmp_path / ".out.part", tmp_path / ".out.old"
    new.mkdir()
    swap_in_two_steps(new, old, aside)
    assert contents(old) == {} and contents(aside) == {"old.txt": b"old"}
    old.rmdir()  # as if killed after the first step
    with pytest.raises(ZeroDivisionError), whole_folder(old):
        raise ZeroDivisionError
    assert is_untouched(old)
    with pytest.raises(FileNotFoundError):
        swap_in_two_steps(new, old, aside)  # there is no new one
    assert is_untouched(old)


MEMORY = (
    ENDLESS
    + """
    from itertools import islice
    write(Path(sys.argv[1]), sys.argv[2], islice(endless(), int(sys.argv[3])))
    # Not ru_maxrss, which starts with what the parent had when it forked.
    print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""
)


def check_memory(folder, form, name, few, many):
    peaks = [int(run(MEMORY, folder / name, form, number).stdout.split()[-1]) for number in (few, many)]
    print(f"{name}: {peaks[0] // 1024} MB for {few:,} records, {peaks[1] // 1024} MB for {many:,}")
    assert peaks[1] <= 1.2 * peaks[0]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("form, name", [output for output in OUTPUTS if output[0] not in ("markdown", "docx")])
def test_memory_is_flat(tmp_path, form, name):
    check_memory(tmp_path, form, name, 1_000, 20_000)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("few, many", [(100, 1_000), (1_000, 20_000)])
def test_memory_is_flat_for_digests(tmp_path, few, many):
    check_memory(tmp_path, "markdown", "digests", few, many)  # every file is fsynced, which takes its time
