"""Web and e-mail addresses and paths: what is in them is never changed, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

WEB = r"(?:https?://|ftp://|www\.)[^\s<>«»“”\"]+"
# e-mail, then what has Latin letters before a slash (example.org/مصر, wiki/مصر); each run of characters is tried once
ADDRESS = (
    rf"(?:{WEB}|(?<![\w.+%-])[\w.+%-]++@[\w.-]+"
    r"|(?<![A-Za-z0-9_.~%:-])(?=[0-9_.~%:-]*+[A-Za-z])[A-Za-z0-9_.~%:-]++/[^\s<>«»“”\"]*)"
)
_ADDRESS = re.compile(ADDRESS, re.IGNORECASE)


def outside(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of `pattern` in `text` that touch no address."""
    addresses = _ADDRESS.finditer(text)
    address = next(addresses, None)
    for found in pattern.finditer(text):
        while address and address.end() <= found.start():
            address = next(addresses, None)
        if not address or address.start() >= found.end():
            yield found


def replace(pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], text: str) -> str:
    """`pattern.sub(new, text)`, but for matches that touch an address."""
    pieces, at = [], 0
    for found in outside(pattern, text):
        pieces += [text[at : found.start()], new(found)]
        at = found.end()
    return "".join([*pieces, text[at:]])
