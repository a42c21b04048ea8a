"""Whether the sources of a generated brief sentence carry it: every check that it must pass to be shown.

A check answers with a reason in words for the reader, or None. All err on the side of refusing: what is refused is
replaced by a translated sentence, so that nothing is lost but style. What they cannot see: the same words in another
order ("A accused B", "B accused A"), and shades of meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.briefs import align
from models.checks import cues, fidelity
from models.text.segment import has_arabic, normalize
from models.types import Translation

LEAST_SHARE = 0.75  # of a sentence's content words must be in its sources
LONGEST_RUN = 2  # content words in a row that no source holds
LONGEST = 70  # words
SHORTEST = 3
NEAR = 8  # words on either side of a number in a source, among which what the brief counts must stand

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:com|org|net|info|io|ru|ir|example)\b\S*", re.I)
_DOUBLE = r"“([^“”]*)”|\"([^\"]*)\"|«([^«»]*)»"
# A single mark opens before a word and closes behind one; within a word it is an apostrophe.
_QUOTED = re.compile(rf"{_DOUBLE}|(?<!\w)[‘'](?=\w)((?:[^‘’']|(?<=\w)[’'](?=\w))*)[’'](?!\w)")
_LONE_MARK = re.compile(r"[“”\"«»‘]")
_QUOTES_AR = re.compile(r"[«»“”„\"]|(?<!\w)['‘](?=\w)")
_QUOTED_WORD = re.compile(r"\w+(?:['’]\w+)*")
_MARKUP = re.compile(r"[<>{}|`\\\[\]]|\*\*|__|^#")
_DENIES_AR = re.compile(
    r"(?<!\w)[وف]?(?:لم|لن|ليس\w?|ليسوا|لا|ما|غير|دون|بدون|عدم|نفى|نفت|نفوا|ينفي|تنفي|رفض\w*|يرفض|ترفض|فشل\w*|تعذر)(?!\w)"
)
_REPORTS = re.compile(
    r"\b(?:that|said|says|say|stated?|claim(?:s|ed)?|alleg(?:es|ed)|announced|added|add|warned|insisted|argued|told)\b"
    r"|:|[“\"«]",
    re.IGNORECASE,
)
_UNSUPPORTED = {
    "added": "its sources do not hold this number",
    "changed": "the number is another in its sources",
    "invented": "its sources do not hold this name",
}
# Numbers that come and go between languages, so that a check of a translation lets them pass; a brief may not add one.
_COUNTS = {
    **{"two": "2", "both": "2", "dozen": "12", "hundred": "100", "thousand": "1000"},
    **dict.fromkeys("half double twice dozens hundreds thousands million millions billion billions".split(), ""),
}


def objection(text: str, sources: Sequence[Translation]) -> str | None:
    """Why `text` may not stand in a brief on these `sources`, in words for the reader; None if it may."""
    english = [source.text for source in sources]
    arabic = [source.sentence.text for source in sources]
    return (
        _form(text, english)
        or (None if sources else "it names no source")
        or _unsupported(text, arabic)
        or _numbers(text, english)
        or _names(text, english)
        or _denial(text, english, " ".join(arabic))
        or _words(text, english)
        or _reported(text, english)
        or _weakened(text, sources)
    )


def well_quoted(text: str, sources: Sequence[Translation]) -> str:
    """`text` without the quotation marks round words that no source quotes, and without those that stand alone: a
    paraphrase between them puts words into somebody's mouth. The words themselves are for `objection`."""
    quoted = [
        _quoted_words(match)
        for t in sources
        if _QUOTES_AR.search(t.sentence.text)
        for match in _QUOTED.finditer(t.text)
    ]

    def kept(match: re.Match[str]) -> str:
        said = _quoted_words(match)
        if said and any(said in words for words in quoted):
            return match.group()
        return next(filter(None, match.groups()), "")

    parts, end = [], 0
    for match in _QUOTED.finditer(text):
        parts += [_LONE_MARK.sub("", text[end : match.start()]), kept(match)]
        end = match.end()
    return "".join([*parts, _LONE_MARK.sub("", text[end:])])


def _quoted_words(match: re.Match[str]) -> str:
    """What a quotation says, word by word: ` the talks have failed `."""
    inner = next(filter(None, match.groups()), "")
    return f" {' '.join(_QUOTED_WORD.findall(inner.lower().replace('’', chr(39))))} " if inner.strip() else ""


def _form(text: str, english: Sequence[str]) -> str | None:
    count = len(text.split())
    if count < SHORTEST:
        return "it is no sentence"
    if count > LONGEST:
        return f"it has {count} words, too many for one sentence"
    if fidelity.is_loop(text):
        return "it repeats itself"
    if has_arabic(text):
        return "it is not in English"
    if _MARKUP.search(text):
        return "it holds markup"
    for found in _ADDRESS.findall(text):
        if not any(found.rstrip(".,;") in source for source in english):
            return f"its sources do not hold the address {found}"
    return None


def _numbers(text: str, english: Sequence[str]) -> str | None:
    """A number must stand by words that it stands by in a source; those that no check knows must be there at all."""
    spoken = {word.lower() for source in english for word in align.words(source)}
    places = [(words, _positions(words)) for words in map(align.words, english)]
    tokens = align.words(text)
    for at, token in enumerate(tokens):
        if token.lower() in _COUNTS:
            if not spoken & {token.lower(), _COUNTS[token.lower()], f"{token.lower()}s"}:
                return f"its sources do not say “{token}”"
        elif token[0].isdigit():
            found = [(words, spot) for words, where in places for spot in where.get(align.stem(token), [])]
            if found and not any(_beside(tokens, at, words, spot) for words, spot in found):
                return f"in its sources the number {token} counts something else"
    return None


def _positions(words: Sequence[str]) -> dict[str, list[int]]:
    where: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        if word[0].isdigit():
            where.setdefault(align.stem(word), []).append(at)
    return where


def _beside(tokens: Sequence[str], at: int, words: Sequence[str], spot: int) -> bool:
    """Whether what follows the number in the brief (or comes before it, at the end) is near it in the source."""
    after = [s for s in align.content(" ".join(tokens[at + 1 : at + 4])) if not s[0].isdigit()]
    before = [s for s in align.content(" ".join(tokens[max(0, at - 3) : at])) if not s[0].isdigit()]
    wanted = after[:1] or before[-1:]
    known = align.Known(words[max(0, spot - NEAR) : spot + NEAR + 1])
    return not wanted or wanted[0] in known or any(s in known for s in after[1:2])


def _names(text: str, english: Sequence[str]) -> str | None:
    """Every capitalised word must be capitalised in a source too, or open the sentence and be in one."""
    said = {align.stem(word) for source in english for word in align.words(source) if word[0].isupper()}
    known = align.Known(english)
    for at, word in enumerate(align.words(text)):
        if not word[0].isupper() or word.lower() in align.FUNCTION or len(word) == 1:
            continue
        found = align.stem(word)
        if any(align._same_word(found, s) or found == s for s in said):
            continue
        if at and not word.isupper():
            return f"its sources do not hold the name {word}"
        if found not in known:
            return f"its sources do not say “{word}”"
    return None


def _unsupported(text: str, arabic: Sequence[str]) -> str | None:
    """What the checks of numbers and names miss in the Arabic itself."""
    for finding in fidelity.unsupported(arabic, text):
        if finding.flag in _UNSUPPORTED:
            return f"{_UNSUPPORTED[finding.flag]} ({finding.detail})"
    return None


def _reported(text: str, english: Sequence[str]) -> str | None:
    """A sentence may not say what its source only reports that someone says, wants or asks for."""
    resting = [source for source in english if align.support(text, [source]).share >= 0.5]
    if resting and all(_only_inside(text, source) for source in resting):
        return "it leaves out by whom and how its source puts it"
    return None


def _only_inside(text: str, source: str) -> bool:
    """Whether `text` repeats only what stands behind a reporting verb, `that`, a colon or a quotation mark."""
    known = align.Known([text])
    for match in _REPORTS.finditer(source):
        before, behind = align.content(source[: match.start()]), align.content(source[match.end() :])
        if before and not any(s in known for s in before) and sum(s in known for s in behind) > 1:
            return True
    return False


def _weakened(text: str, sources: Sequence[Translation]) -> str | None:
    """What a sentence on one source leaves out of it: a denial or a doubt."""
    if len(sources) != 1:
        return None
    source = normalize(sources[0].sentence.text)
    for lost, told in (
        (cues.lost_denial, "it leaves out a denial of its source"),
        (cues.lost_hedge, "it leaves out a doubt of its source"),
    ):
        if words := lost(source, text):
            return f"{told} ({words})"
    return None


def _denial(text: str, english: Sequence[str], arabic: str) -> str | None:
    """A sentence may deny only what a source denies, and must deny what the clause that it repeats denies."""
    denying = cues.cue("denying")
    if denying.search(text):
        if not any(map(denying.search, english)) and not _DENIES_AR.search(normalize(arabic)):
            return "it denies something that its sources do not deny"
        return None
    known = align.Known([text])
    for clause in (clause for source in english for clause in align.clauses(source)):
        stems = align.content(clause)
        repeated = sum(s in known for s in stems)
        if denying.search(clause) and len(stems) > 1 and repeated >= len(stems) / 2:
            return "it leaves out a denial of its sources"
    return None


def _words(text: str, english: Sequence[str]) -> str | None:
    found = align.support(text, english)
    if found.grave:
        return f"its sources do not say “{found.grave[0]}”"
    if found.share < LEAST_SHARE or found.run > LONGEST_RUN:
        return f"its sources do not say “{' '.join(found.lacking[:4])}”"
    for clause in align.clauses(text):
        inner = align.support(clause, english)
        if len(align.content(clause)) > 1 and inner.share < 0.5:
            return f"its sources do not say “{' '.join(inner.lacking[:4])}”"
    return None
