"""What the templates of a brief read: which sentences are shown, what is marked in them, and what is said of them.

Jinja escapes every value, so nothing here builds HTML. Sentences are numbered from 1 for the reader; the record and
the JSON count from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import groupby
from typing import Any, Literal

from models.briefs.abstractive import NOTES
from models.checks.fidelity import SERIOUS, findings, in_words
from models.doubts.confidence import is_doubtful
from models.stories.in_words import figure, thing
from models.text.segment import has_arabic
from models.wording.latin import latin
from service.output.hijri import hijri_dates
from service.output.remarks import changes, further, legend, parts, quoted, trust, warning
from service.store.shelf import names
from service.web.language import chosen, day, moment, reworded, say

VIEWS = ("both", "english", "brief")  # `?view=`
SHOWN = ("all", "doubtful", "unmarked")  # `?show=`
_MARKS = "[\u064b-\u0652\u0670\u0640]*"
_TELEPHONE = re.compile(r"(?<![\w+])((?:\+|00|٠٠)\d(?:[ ()./-]{0,2}\d){6,16})(?!\w)")
_BEFORE = "(?<!\\w)(?:[وف]?[بكل]?(?:ال)?|[وف]?لل)"


def reading(record: dict[str, Any], view: str = "both", show: str = "all") -> dict[str, Any]:
    """The record, the paragraphs to show (none where only the brief is wanted), the sentences that the brief rests on,
    and where there is doubt. An unknown view shows both languages, an unknown `show` all sentences."""
    sentences = record["translation"]["sentences"]
    doubtful = {sentence["index"] for sentence in sentences if is_doubtful(sentence)}
    shown = [] if view == "brief" else sentences
    if show in ("doubtful", "unmarked"):
        shown = [sentence for sentence in shown if (sentence["index"] in doubtful) == (show == "doubtful")]
    return {
        "record": record,
        "sentences": sentences,
        "paragraphs": [list(group) for _, group in groupby(shown, key=lambda sentence: sentence["paragraph"])],
        "shown": {sentence["index"] for sentence in shown},
        "doubtful": doubtful,
        "view": view if view in VIEWS else VIEWS[0],
        "show": show if show in SHOWN else SHOWN[0],
        "legend": legend([record["title"], *sentences]),
        "worded": changes(record, say),
        "named": names(record),
        "chosen": {source for sentence in record["brief"]["sentences"] for source in sentence["sources"]},
    }


def filters() -> dict[str, Any]:
    """What templates call by `value|name`."""
    found = (say, reworded, figure, warning, explain, dates, told, parts, quoted, further, spelt, telephones, tongue)
    ours = {"trust": partial(trust, say=say), "thing": partial(thing, say=say), "when": moment}
    return {function.__name__: function for function in (*found, plain, is_link)} | ours


def spelt(source: str, wanted: Iterable[str]) -> list[tuple[str, str]]:
    """A source in pieces: the words that are names, each with its Latin letters, and what is between with "".

    A word is one piece with what is written before the name (و ب ل ال), for its letters join."""
    pieces: list[tuple[str, str]] = []
    end = 0
    either = "|".join(map(_as_written, sorted(filter(None, wanted), key=len, reverse=True)))
    for match in re.finditer(rf"{_BEFORE}({either})(?!\w)", source) if either else ():
        pieces += [(source[end : match.start()], ""), (match.group(), latin(match[1]))]
        end = match.end()
    return [piece for piece in (*pieces, (source[end:], "")) if piece[0]]


def telephones(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is a telephone number with the code of its country: amid Arabic its groups
    would be seen in the reverse of their order."""
    return [(piece, bool(at % 2)) for at, piece in enumerate(_TELEPHONE.split(text)) if piece]


def _as_written(name: str) -> str:
    """The pattern of a name: its letters with or without marks, its words on one line or on two."""
    return r"\s+".join("".join(re.escape(letter) + _MARKS for letter in word) for word in name.split())


def explain(pair: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Of a source and its translation: each flag in plain words, what exactly was found, and whether it is serious."""
    flags = pair.get("flags")  # records of earlier versions have none of titles
    found = [one for one in findings(pair["source"], pair["text"]) if one.detail] if flags else []
    exact = [(one.flag, f"{one.detail} {latin(one.detail)}" if one.flag == "names" else one.detail) for one in found]
    details = {flag: ", ".join(reworded(detail) for kind, detail in exact if kind == flag) for flag in flags or ()}
    return [(in_words(flag, pair, say), detail, flag in SERIOUS) for flag, detail in details.items()]


def dates(source: str) -> list[str]:
    """A line for each Hijri date of a source: which day it is."""
    written: Literal["en", "ar"] = "ar" if chosen() == "ar" else "en"
    if not (found := hijri_dates(source, written)):
        return []
    line = say("{hijri} is {day}: computed by the calendar of Umm al-Qura; by others it may be a day earlier or later.")
    return [line.format(hijri=hijri, day=day(gregorian)) for hijri, gregorian in found]


def told(note: dict[str, str]) -> str:
    """What a note of a brief says happened, in plain words."""
    return say(NOTES.get(note["kind"], note["kind"]))


def tongue(text: str) -> str:
    """The language of what stands in place of a translation: its first letter's ("ar" where nothing was translated)."""
    first = next((letter for letter in text if letter.isalpha()), "")
    return "ar" if has_arabic(first) else "en"


def plain(text: str) -> str:
    """`text` on one line: hard-wrapped sentences keep their line ends in the record."""
    return " ".join(text.split())


def is_link(url: str | None) -> bool:
    """True for what may stand in an href: other schemes (javascript:, data:) are shown as text."""
    return (url or "").lower().startswith(("http://", "https://"))
