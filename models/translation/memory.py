"""Between those who want sentences translated and the translator: what the memory knows, and what is equal, is not
translated again."""

from __future__ import annotations

from typing import Protocol

from models.ahead import Coming, done
from models.callers import Turn
from models.speed import Speed
from models.types import Memory, Sentence, Translation, Translator


class Watcher(Protocol):
    """Is told what a pipeline does, from whatever thread does it."""

    def translated(self, translation: Translation) -> None:
        """A sentence is done, by a model or out of the memory."""
        ...

    def recalled(self, count: int) -> None:
        """The memory knew so many sentences."""
        ...


class Stream:
    """Begins sentences that neither the memory knows nor the stream has begun before.

    What is done goes to the memory; without one the stream keeps it.
    """

    def __init__(self, translator: Translator, memory: Memory | None, watcher: Watcher | None, speed: Speed):
        self._translator, self._memory, self._watcher = translator, memory, watcher
        self._begun: dict[str, Coming] = {}
        self._tell = speed.stretch()

    def begin(self, sentences: list[Sentence], turn: Turn) -> list[Coming]:
        """A future for each; `turn` is the first one's."""
        self.remember()
        texts = {s.text: s for s in sentences if s.text not in self._begun}
        known = self._memory.recall(list(texts), self._translator.signature) if self._memory else {}
        if self._watcher:
            self._watcher.recalled(len(known))
        fresh = [s for text, s in texts.items() if text not in known]
        self._begun |= zip((s.text for s in fresh), self._translator.begin(fresh, turn), strict=True)
        return [self._begun.get(s.text) or done(Translation(s, *known[s.text])) for s in sentences]

    def remember(self) -> None:
        """Hand what is done to the memory, and forget what failed."""
        ended = {text: future for text, future in self._begun.items() if future.done() and not future.cancelled()}
        if self._memory:
            new = [future.result() for future in ended.values() if not future.exception()]
            self._memory.remember(new, self._translator.signature)
            self._tell(sum(len(one.sentence.text) for one in new), len(self._begun) > len(new))
        for text, future in ended.items():
            if self._memory or future.exception():
                del self._begun[text]
