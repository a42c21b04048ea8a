import pytest

from models.code import fingerprint


def test_any_change_of_code_or_data_is_another_digest(tmp_path):
    (tmp_path / "text" / "data").mkdir(parents=True)
    module, data = tmp_path / "text" / "a.py", tmp_path / "text" / "data" / "words.tsv"
    seen = set()
    for path, content in ((module, "x = 1\n"), (data, "a\tb\n"), (module, "x = 2\n"), (data, "a\tc\n")):
        path.write_text(content, encoding="utf-8")
        fingerprint.cache_clear()  # computed once a process
        seen.add(fingerprint("text", root=tmp_path))
    assert len(seen) == 4
    (tmp_path / "text" / "a.pyc").write_bytes(b"compiled")
    fingerprint.cache_clear()
    assert fingerprint("text", root=tmp_path) in seen
    assert fingerprint("text/a.py", root=tmp_path) not in seen and len(fingerprint("text/a.py", root=tmp_path)) == 8


def test_a_place_without_code_is_no_place(tmp_path):
    (tmp_path / "empty").mkdir()
    for place in ("nowhere", "empty"):
        with pytest.raises(ValueError, match="holds no code"):
            fingerprint(place, root=tmp_path)


def test_of_our_own_packages_no_two_are_alike():
    fingerprint.cache_clear()
    packages = ("text", "checks", "engines", "translation", "wording", "briefs", "stories")
    assert len({fingerprint(name) for name in packages}) == len(packages)
