"""Arabic without the differences that spelling confuses: how words are compared, and never what a model reads."""

from __future__ import annotations

import re

LIGHT = str.maketrans("أإآٱىة", "اااايه")  # as in Larkey's light10: a hamza keeps its seat
_WHOLE = LIGHT | str.maketrans("ؤئ", "وي")
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")


def fold(text: str) -> str:
    """One alif, ه for ة, ي for ى and ئ, و for ؤ. As long as `text`, if that is normalised and so without marks."""
    return _MARKS.sub("", text).translate(_WHOLE)
