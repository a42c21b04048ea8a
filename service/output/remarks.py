"""What readers are told of a translation beside it: that a machine wrote it, what is doubtful in it, and what a
glossary and the names made one have changed.

`said` is a sentence's record, or a title's, as `service.core` makes them; records of earlier versions have less. `say`
puts words into another language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from models.checks.fidelity import SERIOUS, in_words
from models.doubts.confidence import level
from models.wording.latin import latin

Said = Mapping[str, Any]
Say = Callable[[str], str]
# What the marks mean. None of them says that a sentence is right.
WORDS = "words to which a second model gave little chance."
CONFIDENCE = (
    "The confidence of a sentence is the share of translations like it in which a reader found no grave error. "
    "A sentence without any mark can be wrong as well."
)


def warning(makers: str | None) -> str:
    """What every reader must bear in mind: what the model's makers want to be said, if anything."""
    return makers or "A machine wrote the English: check it against the Arabic before you rely on it."


def notes(said: Said, marked: bool = False, say: Say = str) -> Iterator[tuple[str, bool]]:
    """What there is to say of a translation, in plain words, and whether it is serious: its flags, and what `further`
    says, but for the doubtful words where they are `marked` in the text."""
    yield from ((in_words(flag, said, say), flag in SERIOUS) for flag in said["flags"])
    yield from ((words, False) for words in further(said, marked, say))


def further(said: Said, marked: bool = False, say: Say = str) -> Iterator[str]:
    """What there is to say beside the flags: the doubtful words, and how far the whole is to be trusted."""
    if not marked and (words := doubted(said)):
        quotes = ", ".join(f"“{word}”" for word in words)
        yield say("A second model gave little chance to {words}.").format(words=quotes)
    if doubt := trust(said, say):
        yield doubt


def trust(said: Said, say: Say = str) -> str:
    """How far a translation is to be trusted, where that is neither far nor so little that it has the flag `unsure`."""
    sure = said.get("confidence")
    if sure is None or level(sure) != "middle":
        return ""
    return say("There is some doubt (confidence {sure}).").format(sure=f"{sure:.2f}")


def doubted(said: Said) -> list[str]:
    """The doubtful words."""
    return [words for words, doubtful in parts(said) if doubtful]


def parts(said: Said) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is doubtful words; put together they are the text. Doubtful words side
    by side are one piece."""
    pieces: list[tuple[str, bool]] = []
    for piece, doubtful in _pieces(said):
        if doubtful and len(pieces) > 1 and pieces[-2][1] and not re.search(r"\w", pieces[-1][0]):
            between, before = pieces.pop()[0], pieces.pop()[0]
            piece = before + between + piece
        pieces.append((piece, doubtful))
    return [piece for piece in pieces if piece[0]]


def _pieces(said: Said) -> Iterator[tuple[str, bool]]:
    """The text between doubtful words, which may be "", and these by turns."""
    text, end = said["text"], 0
    for doubt in sorted(said.get("words") or (), key=lambda doubt: doubt["start"]):
        if end <= doubt["start"] < doubt["end"] <= len(text):
            yield text[end : doubt["start"]], False
            yield text[doubt["start"] : doubt["end"]], True
            end = doubt["end"]
    yield text[end:], False


def queried(said: Said) -> str:
    """The text with (?) after each doubtful word, where type cannot mark them."""
    return "".join(f"{words}(?)" if doubtful else words for words, doubtful in _pieces(said))


def quoted(sentence: Said, sentences: Sequence[Said]) -> Said:
    """What a brief's sentence says, with the doubts of the one that it repeats."""
    repeated = [sentences[source] for source in sentence["sources"]] if sentence["exact"] else []
    return next((said for said in repeated if said["text"] == sentence["text"]), {"text": sentence["text"]})


def legend(said: Sequence[Said]) -> dict[str, str]:
    """What the marks on translations mean, of those that they have."""
    judged = any(one.get("confidence") is not None for one in said)
    return {"words": WORDS if any(map(doubted, said)) else "", "confidence": CONFIDENCE if judged else ""}


def changes(record: dict[str, Any], say: Say = str) -> dict[int | None, list[str]]:
    """By sentence (None: the title), a line for each change and for each term whose place was not found."""
    translation = record["translation"]
    lines: dict[int | None, list[str]] = {}
    kinds = ((say("Glossary"), "glossary"), (say("One spelling"), "names"))
    for kind, use in ((kind, use) for kind, name in kinds for use in translation.get(name, [])):  # old records: neither
        arabic = use["arabic"] if "missing" in use else f"{use['arabic']} ({latin(use['arabic'])})"  # a term; a name
        wanted = say("{kind}: “{english}” for {arabic}").format(kind=kind, english=use["english"], arabic=arabic)
        for change in use["changed"]:
            line = say("{wanted}; it was “{was}”.").format(wanted=wanted, was=change["was"])
            lines.setdefault(change["sentence"], []).append(line)
        for sentence in use.get("missing", []):
            line = say("{wanted} was not put in; its place was not found.").format(wanted=wanted)
            lines.setdefault(sentence, []).append(line)
    return {sentence: list(dict.fromkeys(found)) for sentence, found in lines.items()}


def counted(record: dict[str, Any]) -> list[str]:
    """A line for each term of the glossary that changed anything or was not put in, and each name that was changed."""
    translation = record["translation"]
    lines = []
    for use in (*translation["glossary"], *(name for name in translation["names"] if name["changed"])):
        was = ", ".join(dict.fromkeys(change["was"] for change in use["changed"]))
        parts = [f"{len(use['changed'])} changed (was {was})"] if was else []
        parts += [f"{len(use['missing'])} not put in"] if use.get("missing") else []
        lines.append(f"{use['english']} for {use['arabic']}: {', '.join(parts)}")
    return lines
