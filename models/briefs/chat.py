"""The `chat` writer: a language model behind a chat server, told what to do by `prompts/brief.txt`.

The article goes into a message of its own, between marks that it cannot forge (`quoting`); the answer must be
lines that end in the numbers of their sources, and nothing else of it is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import prompts
from models.briefs.abstractive import Line
from models.briefs.chat_server import ChatServer
from models.briefs.quoting import escape, fence, numbered
from models.briefs.review import Draft

TOKENS = 100  # of an answer, a sentence; and as many once more
MOST_LINES = 40  # of an answer; what is beyond is noise

_NUMBERS = r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]"
_LINE = re.compile(rf"(?:[-*•–]\s+|\d{{1,2}}[.)]\s+)?(?P<text>.*?\S)\s*(?P<cited>(?:{_NUMBERS}[\s,]*)+)\.?")
_THOUGHTS = re.compile(r"\A.*</think>", re.DOTALL)


class ChatWriter:
    """Implements `abstractive.Writer`."""

    name = "chat"

    def __init__(self, server: ChatServer, words: int) -> None:
        self._server = server
        self._prompt = prompts.load("brief")
        self.room = words

    @property
    def signature(self) -> str:
        """Names the server, its model and the prompt; never the key."""
        prompt = f"{self._prompt.name}-{self._prompt.version}+{self._prompt.fingerprint[:12]}"
        return (
            f"chat,model={self._server.model},server={self._server.url},prompt={prompt}"
            f",temperature=0,seed=0,tokens={TOKENS}"
        )

    def cost(self, text: str) -> int:
        """Words (a long run of letters counts as several), and one for the number of the line."""
        read = escape(text)
        return max(len(read.split()), len(read) // 8) + 1

    def write(self, lines: Sequence[Line], limit: int) -> list[Draft]:
        """What the server answers, line by line. Raises WriterError."""
        article = numbered((line.number, line.text) for line in lines)
        messages = self._prompt.fill(sentences=limit, fence=fence(article), article=article)
        return parse(self._server.ask(messages, TOKENS * (limit + 1)))


def parse(answer: str) -> list[Draft]:
    """The lines of an answer as drafts; one that does not end in source numbers cites nothing."""
    lines = [line.strip() for line in _THOUGHTS.sub("", answer).splitlines()]
    found = []
    for line in [line for line in lines if re.search(r"\w", line)][:MOST_LINES]:
        match = _LINE.fullmatch(line)
        if match:
            text = match["text"].rstrip(" ,")
            found.append(Draft(text if text[-1] in ".!?”\"'" else f"{text}.", _cited(match["cited"])))
        else:
            found.append(Draft(line, ()))
    return found


def _cited(text: str) -> tuple[int, ...]:
    """The numbers of `[3]`, `[3, 5]` and `[3-5]`, each once."""
    found: list[int] = []
    for first, last in re.findall(r"(\d{1,6})(?:\s*[–-]\s*(\d{1,6}))?", text):
        found += range(int(first), min(int(last or first), int(first) + 9) + 1)
    return tuple(dict.fromkeys(found))
