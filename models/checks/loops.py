"""Whether a translation repeats itself as no sentence does: by form, and never for what its source says as often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

LONGEST = 40  # words of the longest unit looked for
PHRASE = 5  # words: a phrase of as many, said twice in a row, is a slip ("what it is, not what it is not" has four)
CLAUSE = 4  # words in a row by which a clause is known again, when it comes back with small changes
ENOUGH = 24  # words; of a shorter text too little can be said twice
SHARE = 0.4  # of a text's runs of CLAUSE words that are there more than once; a translation of news has under a tenth
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+|[,:/]\d+)*")
# Letters or syllables without end (ooooooo, lalalalala), also with digits and marks among them (1.1.1.1.1.1.).
_RUN = re.compile(r"([^\W\d_])\1{6}|([^\W\d_]\S{1,7}?)\2{4}|((?=\d{0,7}[^\W\d_]|\d{1,7}[^\w\s])\S{2,8}?)\3{5}")


def is_loop(text: str, source: str = "") -> bool:
    """True if `text` repeats itself as no sentence does, and `source` (Arabic), if given, does not.

    A word four times in a row, two or three words three times, a longer phrase twice; clauses that come back with small
    changes until they are much of the text; a run of the same letters. Numbers count as words, marks do not.
    """
    if _RUN.search(text):
        return _RUN.search(source) is None
    words, read = (_WORD.findall(one.lower()) for one in (text, source))
    times = _most_times(words)
    if times > 1:
        return times > _most_times(read, PHRASE // 2)
    return _share(words, CLAUSE) > SHARE and _share(read, CLAUSE - 1) < SHARE / 2


def _most_times(words: Sequence[str], phrase: int = PHRASE) -> int:
    """How often a unit of words is said in a row, at most, where that is too often for its length; else 1.

    `phrase` is the number of words from which twice is too often: Arabic says in two what takes five in English.
    """
    most = 1
    for size in range(1, min(LONGEST, len(words) // 2) + 1):
        enough = 2 if size >= phrase else 4 if size == 1 else 3
        run = 0
        for here, there in zip(words, words[size:], strict=False):
            run = run + 1 if here == there else 0
            if run >= size * (enough - 1):
                most = max(most, run // size + 1)
    return most


def _share(words: Sequence[str], size: int) -> float:
    """Of the runs of `size` words, the share of those that are there more than once; 0 for a short text."""
    if len(words) < ENOUGH:
        return 0.0
    runs = Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
    return sum(times for times in runs.values() if times > 1) / runs.total()
