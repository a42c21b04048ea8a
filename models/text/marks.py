"""Whether a mark (. ؟ ? ! … ۔ 。) ends a sentence: the rules that `segment` lists, one function each.

All positions are in one paragraph, `chunk`: the sentence so far begins at `start`, the run of marks at `dot`, and
`stop` is behind the run and the quotes and brackets that close with it. Every look around is of bounded length,
which keeps segmentation linear.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from models.text.normalize import INVISIBLE, normalize
from models.text.tables import word_sets

MARKS = ".؟?!…۔。｡！？‼⁇⁈⁉"
CLOSERS = "»”’›)]}」』】﴾"
QUOTES = "\"'“‘«„"  # may close as well as open

_CLOSERS = re.escape(CLOSERS)
_RUN = re.compile(rf"[{MARKS}{_CLOSERS}{INVISIBLE}]*(?:\[\d{{1,3}}\])*")  # with footnote signs: نص.[12]
_SPACED_CLOSER = re.compile(f'[^\\S\\n]{{1,3}}([{_CLOSERS}]|"(?=[\\s،؛:,.]|$))[{_CLOSERS}{MARKS}]*')
_EMOJI = re.compile("[^\\S\n]{0,3}[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\u200d]+")
_OPEN_QUOTE = re.compile('(?:[«“]|(?<![^\\s(])")([^«»“”"]*)$')
_GAP = re.compile(f"[\\s{INVISIBLE}]*")
_MARKER = re.compile(r"\W*(?:\d{1,3}|[^\W\d_])")
_LAST_WORDS = re.compile(r"(?:([^\W_]+)[^\w.،,]*)?((?<![^\W_])(?:[^\W_]{1,20}\.)*[^\W_]+)$")
_NEXT_WORD = re.compile(rf"[\s{INVISIBLE}{QUOTES}(]*((?:[^\W_]|[\u064b-\u0652\u0670\u0640]){{1,40}})")
_PLAIN = re.compile("[\u0620-\u063f\u0641-\u064a]{3}")  # letters that end a word no abbreviation is as long as
_REPORTED = re.compile(
    "و?(?:مضيف|مؤكد|مشير|موضح|لافت|داعي|قائل|متابع|مردف|مذكر|متسائل|مبين|معتبر|مشدد|معرب|مطالب|محذر|منوه|معلق|مستدرك"
    "|وفق|رد)[اة]"
)
_PAUSE = 4  # words: an ellipsis after fewer is a pause
_LOOK = 40  # characters looked at on either side: longer than any word that a rule names


_ARTICLE = re.compile("^[وف]?(?:ال|بال|كال|لل)(?=[ء-ي]$)")
_WORDS = word_sets(Path(__file__).parent / "data" / "sentence-ends.tsv")


def close(chunk: str, start: int, at: int) -> int:
    """The position behind all marks, quotes, brackets and emoji that close at `at`, where the first mark of a run ends.

    A straight quote, which may open as well, closes if no letter follows or an odd number is open before it.
    """
    while True:
        at = _RUN.match(chunk, at).end()  # type: ignore[union-attr]
        quote, following = chunk[at : at + 1], chunk[at + 1 : at + 2]
        if not quote or quote not in QUOTES or (following.isalnum() and not _quote_open(chunk, start, at, quote)):
            break
        at += 1
    spaced = _SPACED_CLOSER.match(chunk, at)
    if spaced and (spaced[1] != '"' or _quote_open(chunk, start, at, '"')):
        at = spaced.end()
    emoji = _EMOJI.match(chunk, at)
    return emoji.end() if emoji else at


def _quote_open(chunk: str, start: int, at: int, quote: str) -> bool:
    """Whether a straight double quote before `at` still waits for its other half (looking 2,000 characters back)."""
    return quote == '"' and chunk.count('"', max(start, at - 2000), at) % 2 == 1


def ends(chunk: str, start: int, dot: int, stop: int) -> bool:
    """Whether chunk[dot:stop], a run of marks with what closes after it, ends the sentence that begins at `start`."""
    after = _GAP.match(chunk, stop).end()  # type: ignore[union-attr]
    following = chunk[after : after + 1]
    if not following:
        return True
    run = chunk[dot:stop]
    marks = "".join(character for character in run if character in MARKS)
    if following in "،,؛;:" or _aside(chunk, start, dot, run):
        return False
    if after == stop and not _ends_without_space(chunk, start, dot, following, marks):
        return False
    if following.isascii() and following.islower() and chunk[dot - 1].isascii() and chunk[dot - 1].isalpha():
        return False
    word = _next_word(chunk, stop)
    if marks == ".":
        return not (_is_marker(chunk, start, dot) or _abbreviated(chunk, start, dot, word) or _goes_on(run, word))
    if marks == "…" * len(marks) or marks == "." * len(marks):
        on = word in _WORDS["et cetera"] or _REPORTED.fullmatch(word) or _goes_on(run, word)
        return not (on or _only_pauses(chunk, start, dot))
    return not _goes_on(run, word)


def _aside(chunk: str, start: int, dot: int, run: str) -> bool:
    """Whether the marks are in brackets in mid-sentence: alone, as in (...), or at the end as in (أخيرا!)."""
    if run[-1] not in ")]}" or "[" in run:
        return False
    if chunk[dot - 1] in "([{":
        return True
    return run[:-1] != "." and chunk[start] not in "([{"


def _only_pauses(chunk: str, start: int, dot: int) -> bool:
    """Whether fewer than four words are before an ellipsis, in its sentence or in the quote it is in."""
    before = chunk[max(start, dot - 2 * _LOOK) : dot]
    quote = _OPEN_QUOTE.search(before)
    return len((quote[1] if quote else before).split()) < _PAUSE


def _goes_on(run: str, word: str) -> bool:
    """Whether `word`, behind a run that closes a quote or bracket, continues the clause around it."""
    if run[-1] in MARKS or not any(character in CLOSERS + QUOTES for character in run):
        return False
    return _REPORTED.fullmatch(word) is not None or (run[0] != "." and word in _WORDS["continuations"])


def _is_marker(chunk: str, start: int, dot: int) -> bool:
    """Whether the dot belongs to a list marker: `1.` or `أ.` at the start of a sentence or after a colon."""
    colon = chunk.rfind(": ", max(start, dot - 6), dot)
    begin = start if colon < 0 else colon + 1
    return dot - begin < 12 and _MARKER.fullmatch(chunk, begin, dot) is not None


def _ends_without_space(chunk: str, start: int, dot: int, right: str, marks: str) -> bool:
    """Whether a mark ends a sentence although `right` follows at once."""
    left = chunk[dot - 1]
    if right in "/\\@_-=&%~+":
        return False
    if not right.isalnum():
        return True
    if marks != ".":
        return not (left.isascii() and left.isalnum() and right.isascii())
    if not left.isalnum():
        return not right.isdigit() and not _is_latin(right)
    if _is_latin(left) or left.isdigit():
        return not right.isdigit() and not _is_latin(right) and len(_next_word(chunk, dot + 1)) > 1
    before = _last_words(chunk[max(start, dot - _LOOK) : dot])[1].rsplit(".", 1)[-1]
    after = _next_word(chunk, dot + 1)
    if right.isdigit():
        return len(before) > 2 and before not in _WORDS["numbered"]
    if _is_latin(right):
        return right.isupper()
    named = before in _WORDS["letter names"] and after in _WORDS["letter names"]
    return len(before) > 1 and len(after) > 1 and not named and after not in _WORDS["domains"]


def _abbreviated(chunk: str, start: int, dot: int, word: str) -> bool:
    """Whether the dot marks an abbreviation or an initial that does not end the sentence before `word`."""
    if _PLAIN.match(chunk, max(start, dot - 3), dot) or word in _WORDS["openers"]:
        return False  # most full stops: saves the look at what is before
    before, token = _last_words(chunk[max(start, dot - _LOOK) : dot])
    parts = token.split(".")
    last = parts[-1]
    if not last or last.isdigit():
        return False
    if last in _WORDS["eras"] and before.isdigit():
        return word in _WORDS["prepositions"]
    if len(parts) == 1 and len(last) == 1:
        return before not in _WORDS["lettered"] or len(word) == 1  # two letters in a row: titles, as in أ. د.
    if last.lower() in _WORDS["latin abbreviations"] or last in _WORDS["arabic abbreviations"]:
        return True
    if last.lower() == "no":
        return word.isdigit()
    parts[0] = _ARTICLE.sub("", parts[0])
    return len(parts) > 1 and all(len(part) == 1 or part in _WORDS["prefixed"] or part == "Ph" for part in parts)


@lru_cache(4096)
def _last_words(tail: str) -> tuple[str, str]:
    """The word before the last and the last (with its inner dots: "ص.ب") as the rules name them; empty if missing."""
    found = _LAST_WORDS.search(normalize(tail))
    return (found[1] or "", found[2]) if found else ("", "")


def _next_word(chunk: str, at: int) -> str:
    """The word behind `at` as the rules name it, its first 40 characters at most; empty if there is none."""
    found = _NEXT_WORD.match(chunk, at)
    return _word(found[1]) if found else ""


@lru_cache(4096)
def _word(raw: str) -> str:
    return normalize(raw)


def _is_latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"
