"""Whether a translation says next to nothing: a full stop, a greeting or one word for a whole sentence."""

from __future__ import annotations

import re

from models.checks.names import PARTICLES
from models.checks.places import word_list
from models.text.folding import fold

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_GREETINGS = frozenset(  # folded; of these the same English words are all that can be said
    "شكرا وشكرا جزيلا لك لكم جميعا اهلا وسهلا سهلا مرحبا ومرحبا بك بكم السلام عليكم وعليكم ورحمه الله وبركاته".split()
)
FEW = 6  # words of Arabic; fewer may well be one or two of English (وقد قتلوهم, They killed them)
RATIO = 4  # of content words


def too_little(source: str, text: str) -> bool:
    """Whether `text` has far fewer words with a content than `source` (Arabic, both normalised) must have given it."""
    read = {word for word in _WORD.findall(fold(source)) if word not in PARTICLES and word not in _GREETINGS}
    written = {word.lower() for word in _WORD.findall(text)}
    if not written:
        return bool(read)
    said = len(written - word_list("empty-words.txt"))
    if not said and len(read) >= 4:
        return True
    return len(read) >= FEW - 1 and len(_WORD.findall(source)) >= FEW and said * RATIO < len(read)
