"""A user's glossary: which English is wanted for which Arabic, and where it stands in a sentence and its translation.

How it works: replacement with evidence. The Arabic term is looked for in the source; if the wanted English is not in
the translation, what the model wrote for the term is looked for (`renderings`), and that span is replaced,
nothing around it. The model is not constrained in its decoding: it would have to be told where in the sentence the
term belongs, and a term forced in at a wrong place is a fluent error that nobody can see. Giving it the English
within the Arabic sentence was tried: the embedded model does not copy it ("MF" for MSF).

Measured, and read one by one: of the 66 terms in the sentences of tests/data/glossary the first embedded model has 3
right; 18 are put in, none at a wrong place, and 45 are told as not put in, for that model seldom writes anything like
them. With 282 names of FLORES-200 dev as a glossary for the Google, OPUS-MT and NLLB translations in ../shared/eval,
199 of 1,026 are put in, 2 at a wrong place (Boston, for its people), 135 told as not put in; 4 ms a sentence.

What it cannot do: find a rendering that is neither listed, nor what the model makes of the term alone, nor sounds like
it; inflect (a plural stays as the glossary has it; "a" does not become "an"); see a term whose Arabic has an ending
that the glossary's has not. What cannot be applied is said, and the text left alone.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from models.checks import names
from models.errors import InputError
from models.text.folding import fold
from models.text.normalize import has_arabic, normalize

REQUIRED, OPTIONAL = ("arabic", "english"), ("case", "whole_word")
CASE = ("yes", "no")
WHOLE = ("yes", "exact", "no")
LONGEST = 200  # characters of a term, in either language
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Term:
    """A line of a glossary.

    `case`: the English is written just as it is given (but for a capital at the beginning of a sentence); without it,
    the same words in any case will do. `whole`: "yes" finds whole words, before which و ف ب ل ك ال may stand, "exact"
    whole words as they are given, "no" any run of letters.
    """

    arabic: str
    english: str
    case: bool = True
    whole: str = "yes"

    @cached_property
    def folded(self) -> str:
        """The Arabic as it is compared."""
        return folded(self.arabic)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the term in folded Arabic; what may stand before it is the group "before"."""
        words = r"\s".join(map(re.escape, self.folded.split()))
        if self.whole == "no":
            return re.compile(f"(?P<before>){words}")
        before = ""
        if self.whole == "yes" and words.startswith("ال") and len(words) > 3:
            words = words[2:]
            # ل and ال are written لل, and before a ل only one of the two
            before = "[وف]?[بك]?ال|[وف]?ل" + ("" if words.startswith("ل") else "ل")
        elif self.whole == "yes":
            before = "[وف]?(?:[بك]?ال|لل|[بكل])?"
        return re.compile(rf"(?<!\w)(?P<before>{before}){words}(?!\w)")


@dataclass(frozen=True)
class Glossary:
    """Terms, no two with the same Arabic. Empty, it changes nothing."""

    terms: tuple[Term, ...] = ()
    signature: str = field(init=False)

    def __post_init__(self) -> None:
        told = "none"
        if self.terms:
            rows = sorted((t.arabic, t.english, t.case, t.whole) for t in self.terms)
            told = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:12]
        object.__setattr__(self, "signature", told)

    def find(self, source: str) -> dict[Term, int]:
        """The terms in a sentence and how often each is there; of terms that overlap, the longest."""
        if not self.terms:
            return {}
        text = folded(source)
        found = [
            (match.start(), match.end(), term)
            for term in self.terms
            if (term.folded[2:] if term.whole == "yes" and term.folded.startswith("ال") else term.folded) in text
            for match in term.pattern.finditer(text)
            if not _another_name(match, text)
        ]
        taken: list[tuple[int, int, Term]] = []
        for start, end, term in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
            if all(end <= other or start >= stop for other, stop, _ in taken):
                taken.append((start, end, term))
        counts: dict[Term, int] = {}
        for _, _, term in sorted(taken, key=lambda one: one[0]):
            counts[term] = counts.get(term, 0) + 1
        return counts


def folded(text: str) -> str:
    """Arabic as the model reads it, without the differences that spelling confuses."""
    return fold(normalize(text))


def _another_name(match: re.Match[str], text: str) -> bool:
    """Whether what looks like a prefix is a name's first letter: بلال is not ب and لال."""
    if not match["before"] or (word := _WORD.match(text, match.start())) is None:
        return False
    return names.is_given_name(word.group())


def load(path: str | Path) -> Glossary:
    """Read a CSV file in UTF-8 (with or without a byte order mark); `""` is the empty glossary.

    Its first line is `arabic,english`, and `case` and `whole_word` if wanted. Raises InputError that names the file,
    the line, the column and what it takes.
    """
    if path == "":
        return Glossary()
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError("glossary", f"{path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(f"glossary {path}, line {line}", "is not UTF-8; save the file as UTF-8") from None
    return Glossary(tuple(_terms(text, str(path))))


def _terms(text: str, path: str) -> Iterator[Term]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] = []
    seen: dict[str, int] = {}
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            where = f"glossary {path}, line {rows.line_num}"
            if not any(cells):
                continue
            if not columns:
                columns = _header(cells, where)
                continue
            if len(cells) != len(columns):
                raise InputError(where, f"has {len(cells)} cells where {', '.join(columns)} are expected")
            term = _term(dict(zip(columns, cells, strict=True)), where)
            if (key := folded(term.arabic)) in seen:
                raise InputError(where, f"arabic: {term.arabic} is in line {seen[key]} already; give each term once")
            seen[key] = rows.line_num
            yield term
    except csv.Error as error:
        raise InputError(f"glossary {path}, line {rows.line_num}", f"is no CSV ({error})") from None
    if not columns:
        raise InputError(f"glossary {path}", "is empty; its first line must be arabic,english[,case][,whole_word]")


def _header(cells: list[str], where: str) -> list[str]:
    known = (*REQUIRED, *OPTIONAL)
    strange = [cell for cell in cells if cell not in known]
    if strange or len(set(cells)) < len(cells) or not set(REQUIRED) <= set(cells):
        told = f"the columns are {', '.join(cells)}"
        raise InputError(where, f"{told}; choose arabic, english and, if wanted, case, whole_word, each once")
    return cells


def _term(cells: dict[str, str], where: str) -> Term:
    arabic, english = cells["arabic"], cells["english"]
    if not has_arabic(arabic):
        raise InputError(where, f"arabic: {arabic!r} has no Arabic letter")
    if not re.search(r"[^\W_]", english) or has_arabic(english):
        raise InputError(where, f"english: {english!r} must have letters or digits, and no Arabic ones")
    for column, value in (("arabic", arabic), ("english", english)):
        if len(value) > LONGEST or not value.isprintable():
            raise InputError(where, f"{column}: must be one line of at most {LONGEST} characters that can be seen")
    case, whole = cells.get("case") or CASE[0], cells.get("whole_word") or WHOLE[0]
    if case not in CASE:
        raise InputError(where, f"case: {case!r} is unknown; choose {', '.join(CASE)}")
    if whole not in WHOLE:
        raise InputError(where, f"whole_word: {whole!r} is unknown; choose {', '.join(WHOLE)}")
    return Term(arabic, english, case == "yes", whole)
