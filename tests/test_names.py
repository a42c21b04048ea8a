import pytest

from service.names import create

LONG = "تقرير " * 60
WEIRD = [
    "../../etc/passwd",
    "/abs",
    "a/b.txt",
    "a",
    "a.md/b",
    "x" * 300,
    "x" * 299 + "y",
    LONG,
    "d/" * 200 + "deep",
    "Report.txt",
    "report.txt",
    "REPORT.TXT",
    "",
    ".",
    "..",
    "/",
    ".hidden",
    "تقرير عن المياه؟",
    "index",
    "tab\tand\nline\x00nul\x7f",
    "reversed\u202etxt.exe",
    "half \udc80 of a pair",
    'C:\\new<>|"?*.txt',
    "con",
    "aux.txt",
    "console",
    "trailing dot. ",
    "e\u0301.txt",
    "\u00e9.txt",
    "a%20b#c",
]


def made(folder, names, suffix=".md", portable=True):
    paths = []
    for name in names:
        file, path = create(folder, name, suffix, portable)
        with file:
            file.write(name.encode("utf-8", "surrogatepass"))
        paths.append(path)
    return paths


@pytest.mark.parametrize("portable", [True, False])
def test_no_name_leaves_the_folder_or_takes_anothers_place(tmp_path, portable):
    inside = tmp_path / "in"
    inside.mkdir()
    paths = made(inside, WEIRD, portable=portable)
    assert len(set(paths)) == len(WEIRD)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    for name, path in zip(WEIRD, paths, strict=True):
        assert (inside / path).read_bytes() == name.encode("utf-8", "surrogatepass")
        assert path.endswith(".md") and max(len(part.encode()) for part in path.split("/")) <= 255
    if portable:
        assert len({path.casefold() for path in paths}) == len(WEIRD)
        assert not {character for path in paths for character in path} & set('<>:"|?*\\\n\t\x00\u202e')


def test_the_paths_of_ids(tmp_path):
    paths = dict(zip(WEIRD, made(tmp_path, WEIRD), strict=True))
    assert paths["../../etc/passwd"] == "_/_/etc/passwd.md"
    assert paths["/abs"] == "abs.md"
    assert paths["a/b.txt"] == "a/b.txt.md"
    assert paths["a.md/b"] == "a.md_/b.md"  # a.md is the file of another
    assert paths["تقرير عن المياه؟"] == "تقرير عن المياه؟.md"
    assert paths["Report.txt"] == "report.txt.md" and paths["report.txt"].startswith("report.txt-")
    assert paths[""] == "_.md" and paths["con"] == "_con.md" and paths["console"] == "console.md"
    assert paths[LONG].startswith("تقرير تقرير") and paths["d/" * 200 + "deep"].count("/") == 0


def test_the_paths_are_the_same_every_time(tmp_path):
    assert made(tmp_path / "one", WEIRD) == made(tmp_path / "two", WEIRD)
    assert len(set(made(tmp_path / "three", ["same"] * 4))) == 4


def test_a_mirror_keeps_names_as_they_are(tmp_path):
    names = ["Sub Folder/12:30 Report?.TXT", ".hidden", "sub/تقرير.txt", "x.jsonl/y.txt", "x"]
    assert made(tmp_path, names, ".jsonl", portable=False) == [
        "Sub Folder/12:30 Report?.TXT.jsonl",
        ".hidden.jsonl",
        "sub/تقرير.txt.jsonl",
        "x.jsonl_/y.txt.jsonl",
        "x.jsonl",
    ]
