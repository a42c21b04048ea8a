"""The files to read: those given, those in given folders, and standard input."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from models import places
from models.errors import InputError
from service.articles.kinds import FORMATS, passed_over, suffix_of
from service.articles.sources import Failure, Source

STDIN = "-"


def find_sources(inputs: Sequence[Path], leave_out: Collection[Path] = ()) -> tuple[list[Source], list[Failure]]:
    """The files to read: those given, and those in given folders, sorted, at any depth; `-` is standard input.

    Names are relative to the one input, or with several inputs as they were given; what comes twice is read once.
    `leave_out` holds what the run itself writes, files or folders: in an input folder they are passed over. What
    cannot be looked at comes back as failures, and so does every file in a folder that is of no known kind. Raises
    InputError for a path that does not exist, is of no known kind, is left out, or is a folder without articles, and
    where a library is missing that a file needs.
    """
    known = f"{', '.join(FORMATS)} (each also with .gz)"
    out = {path.resolve() for path in leave_out}
    found: dict[str, Source] = {}
    failures: list[Failure] = []
    for path in inputs:
        inside = sorted(p for p in _walk(path, failures) if not _within(p, out)) if path.is_dir() else []
        others = [p for p in inside if not suffix_of(p.name)]
        inside = [p for p in inside if suffix_of(p.name)]
        if str(path) == STDIN:
            new = [Source(None, STDIN)]
        elif path.is_dir():
            if not inside and all(failure.passed_over for failure in failures):
                raise InputError("INPUT", f"{path} holds no {known} file")
            names = {p: _name(p if len(inputs) > 1 else p.relative_to(path)) for p in (*inside, *others)}
            new = [Source(p, names[p]) for p in inside]
            failures += (passed_over(names[p]) for p in others)
        elif not path.exists():
            raise InputError("INPUT", f"{path} does not exist")
        elif not suffix_of(path.name):
            raise InputError("INPUT", f"{path} is of no kind that is read here; choose {known} or a folder")
        elif _within(path, out):
            raise InputError("INPUT", f"{path} is what this run writes")
        else:
            new = [Source(path, _name(path if len(inputs) > 1 else Path(path.name)))]
        found |= {source.name: source for source in new}
    _check_libraries(found.values())
    return list(found.values()), failures


def _check_libraries(sources: Iterable[Source]) -> None:
    for suffix in sorted({suffix_of(source.path.name) for source in sources if source.path}):
        needs = FORMATS[suffix].needs
        if needs and not find_spec(needs):
            raise InputError("INPUT", f"{suffix} files need {needs}; {places.install('batch')}")


def _within(path: Path, folders: Collection[Path]) -> bool:
    resolved = path.resolve()
    return any(resolved == folder or folder in resolved.parents for folder in folders)


def _walk(folder: Path, failures: list[Failure]) -> Iterator[Path]:
    """The files in a folder at any depth, through links too, each folder once."""

    def unreadable(error: OSError) -> None:
        failures.append(Failure(_name(Path(error.filename)), f"cannot be read: {error.strerror}"))

    seen = {folder.resolve()}
    for top, folders, files in os.walk(folder, followlinks=True, onerror=unreadable):
        folders[:] = [name for name in folders if (Path(top) / name).resolve() not in seen]
        seen.update((Path(top) / name).resolve() for name in folders)
        yield from (Path(top) / name for name in files)


def _name(path: Path) -> str:
    """A path as text, also where the file system holds bytes that are no UTF-8."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
