"""Quotation marks in a generated sentence: they stand only round words that its sources quote, to the letter.

A paraphrase between quotation marks puts words into somebody's mouth. The words themselves are `support`'s matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.types import Translation

_DOUBLE = r"“([^“”]*)”|\"([^\"]*)\"|«([^«»]*)»"
# A single mark opens before a word and closes behind one; within a word it is an apostrophe.
_QUOTED = re.compile(rf"{_DOUBLE}|(?<!\w)[‘'](?=\w)((?:[^‘’']|(?<=\w)[’'](?=\w))*)[’'](?!\w)")
_LONE = re.compile(r"[“”\"«»‘]")
_ARABIC = re.compile(r"[«»“”„\"]|(?<!\w)['‘](?=\w)")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def held(text: str, sources: Sequence[Translation]) -> str:
    """`text` without the quotation marks round words that no source quotes, and without those that stand alone."""
    quoted = [_words(match) for t in sources if _ARABIC.search(t.sentence.text) for match in _QUOTED.finditer(t.text)]

    def kept(match: re.Match[str]) -> str:
        said = _words(match)
        if said and any(said in words for words in quoted):
            return match.group()
        return next(filter(None, match.groups()), "")

    parts, end = [], 0
    for match in _QUOTED.finditer(text):
        parts += [_LONE.sub("", text[end : match.start()]), kept(match)]
        end = match.end()
    return "".join([*parts, _LONE.sub("", text[end:])])


def _words(match: re.Match[str]) -> str:
    """What a quotation says, word by word: ` the talks have failed `."""
    inner = next(filter(None, match.groups()), "")
    return f" {' '.join(_WORD.findall(inner.lower().replace('’', chr(39))))} " if inner.strip() else ""
