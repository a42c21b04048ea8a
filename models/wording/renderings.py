"""What a translation has in a glossary term's place, found by evidence, and the term put there.

The evidence, best first: the same words in another case; another listed name of the same thing (`checks.places`); what
the model makes of the term when it stands alone; capitalised words that sound like the Arabic and like no other word
of the sentence (`models.checks.skeleton`). Whatever is found more often than the term is in the Arabic proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from models.checks import names, places, skeleton
from models.wording.glossary import Term, folded

Span = tuple[int, int]
_TRIMMED = re.compile(r"^(?:the|an?)\s+|[\s.,;:!?]+$", re.IGNORECASE)
_JOINING = frozenset("al el ul bin ben ibn bint abu".split())  # within a name, and perhaps not in both languages
_BEGINS = re.compile(r"(?:^|[.!?]\s)[\s\"'“‘(\[]*$")


def put(
    term: Term, count: int, source: str, text: str, kept: Sequence[str], alone: Callable[[Term], str]
) -> tuple[str, list[str]] | None:
    """(`text` with the term in it, what stood in its places), or None if its place cannot be found.

    `count` is how often the term is in `source`, `kept` the English of every term in it, which no other term may
    touch, and `alone` gives the model's translation of a term by itself.
    """
    here = list(_wanted(term, text))
    protected = [span for english in kept for span in _spans(text, english, ignore_case=False)] + here
    missing = count - len(here)
    for spans in _evidence(term, source, text, alone) if missing > 0 else ():
        free = [(a, b) for a, b in spans if all(b <= c or a >= d for c, d in protected) and _strong(term, text[a:b])]
        if 0 < len(free) <= missing:
            return _replaced(term, text, sorted(free))
    return (text, []) if here else None


def _wanted(term: Term, text: str) -> Iterator[Span]:
    """Where the wanted English is already."""
    for start, end in _spans(text, term.english, ignore_case=True):
        if not term.case or text[start:end] in (term.english, _cased(term, text, start)):
            yield start, end


def _spans(text: str, words: str, ignore_case: bool) -> Iterator[Span]:
    pattern = r"\s+".join(map(re.escape, words.split()))
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE if ignore_case else 0):
        yield match.span()


def _strong(term: Term, found: str) -> bool:
    """One small word is too little to be taken for a name: سام is Sam, and poisonous as well."""
    return not found.islower() or " " in found or term.english.islower() or found == term.english.lower()


def _evidence(term: Term, source: str, text: str, alone: Callable[[Term], str]) -> Iterator[list[Span]]:
    yield list(_spans(text, term.english, ignore_case=True))
    rendering = _TRIMMED.sub("", alone(term))
    said: list[Span] = []
    if any(len(word) > 3 or (len(word) > 1 and word.isupper()) for word in re.findall(r"\w+", rendering)):
        said = list(_spans(text, rendering, ignore_case=True))
    # the longer of two: "North Atlantic" is listed, "North Atlantic Alliance" is what the model said
    yield [next(((c, d) for c, d in said if c <= a and b <= d), (a, b)) for a, b in _listed(term, text)]
    yield said
    yield _sounding(term, source, text)


def _listed(term: Term, text: str) -> list[Span]:
    """Listed names of what the term names: of several words or acronyms, for Syria and Syrian are listed as one."""
    words = folded(term.arabic).split()
    ids = [ids - {"?"} for ids, start, stop in places.find_arabic(words) if stop - start == len(words)]
    tokens = places.english_tokens(text)
    return [
        _span(tokens, start, stop)
        for known, start, stop in (places.find_english(tokens) if ids else ())
        if known & ids[0] and (stop - start > 1 or (tokens[start][1].isupper() and len(tokens[start][1]) > 1))
    ]


def _span(tokens: Sequence[places.Token], start: int, stop: int) -> Span:
    return tokens[start][2], tokens[stop - 1][2] + len(tokens[stop - 1][1])


def _sounding(term: Term, source: str, text: str) -> list[Span]:
    """Runs of capitalised English words that sound like the term's, word for word."""
    voices = [voice(word) for word in folded(term.arabic).split()]
    tokens = places.english_tokens(text)
    if sum(min(map(len, voice), default=0) for voice in voices) < skeleton.SHORTEST:
        return []
    others = term.pattern.sub(" ", folded(source))
    others_voices = [voice(word) for word in re.findall(r"\w+", others)]
    found = []
    for start in range(len(tokens)):
        if (stop := _run(tokens, start, voices)) is None or _more(tokens, stop, text):
            continue
        if all(names.is_ordinary(key) for key, _, _ in tokens[start:stop]):
            continue
        heard = sound(tokens[stop - 1][0])
        if all(heard.isdisjoint(other) for other in others_voices):
            found.append(_span(tokens, start - _has_article(tokens, start, text), stop))
    return found


def _has_article(tokens: Sequence[places.Token], start: int, text: str) -> bool:
    """Whether the word before is the al- of a name."""
    if not start or tokens[start - 1][0] not in ("al", "el", "ul"):
        return False
    return text[_span(tokens, start - 1, start)[1] : tokens[start][2]] in ("-", " ")


def _run(tokens: Sequence[places.Token], start: int, voices: Sequence[frozenset[str]]) -> int | None:
    """Behind the last word of the run at `start` that sounds like all of `voices`, or None."""
    at = start
    for voice_ in voices:
        while start < at < len(tokens) and tokens[at][0] in _JOINING and not sound(tokens[at][0]) & voice_:
            at += 1
        if at == len(tokens) or not tokens[at][1][0].isupper() or not sound(tokens[at][0]) & voice_:
            return None
        at += 1
    return at


def _more(tokens: Sequence[places.Token], stop: int, text: str) -> bool:
    """Whether the run is only the beginning of a hyphenated word."""
    return stop < len(tokens) and text[_span(tokens, stop - 1, stop)[1] : tokens[stop][2]] == "-"


def voice(word: str) -> frozenset[str]:
    """The skeletons of a folded Arabic word with its ending: a silent letter behind it keeps that from being cut."""
    return frozenset(one for one in skeleton.arabic(f"{word}ء") if len(one) > 1)


def sound(word: str) -> frozenset[str]:
    """The skeletons of an English word with its ending: Syrian is not Syria here."""
    return frozenset(one for one in skeleton.english(f"{word}.") if len(one) > 1)


def _replaced(term: Term, text: str, spans: Sequence[Span]) -> tuple[str, list[str]]:
    was: list[str] = []
    for start, end in reversed(spans):
        start, end = _widened(term, text, start, end)
        was.insert(0, text[start:end])
        text = text[:start] + _cased(term, text, start) + text[end:]
    return text, was


def _widened(term: Term, text: str, start: int, end: int) -> Span:
    """With the word before or behind it that the English begins or ends with: no "the the", no "Forces forces"."""
    first, last = term.english.split()[0], term.english.split()[-1]
    if before := re.search(rf"(?<!\w){re.escape(first)}\s+$", text[:start], re.IGNORECASE):
        start = before.start()
    if behind := re.match(rf"\s+{re.escape(last)}(?!\w)", text[end:], re.IGNORECASE):
        end += behind.end()
    return start, end


def _cased(term: Term, text: str, start: int) -> str:
    """The English, with a capital where a sentence begins unless it is a word of mixed case (iPhone)."""
    english = term.english
    if english[1:2].islower() and english.split()[0].islower() and _BEGINS.search(text[:start]):
        return english[0].upper() + english[1:]
    return english
