"""A client of the OpenAI chat API, as llama.cpp, vLLM, Ollama and others serve it: one question, one answer.

On urllib3: no dependency of its own, a fifth of what httpx or the openai package bring, and all that one POST needs.
Nothing is retried or followed behind our back: a redirect could carry the key elsewhere. The key goes into one header
and is in no message, log or representation.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from models.briefs.abstractive import WriterError
from models.callers import caller

CONNECT = 10  # seconds at most to be let in
LONGEST_ANSWER = 1_000_000  # bytes
LONGEST_WAIT = 20.0  # seconds between two tries, whatever the server asks for
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses that may pass
REFUSED = dict.fromkeys((401, 403), "it refuses the key")
REFUSED |= {404: "it knows no such address or model", 413: "the article is too long for it"}


class _MayPass(Exception):
    """What may go better at a second try, in words for the reader; `wait` is what the server asked for, in seconds."""

    def __init__(self, told: str, wait: float | None = None) -> None:
        super().__init__(told)
        self.wait = wait


@dataclass(frozen=True)
class ChatServer:
    """Where to ask, and how patiently. `url` ends before /chat/completions; `timeout` is in seconds and for one try."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 60.0
    retries: int = 2

    def ask(self, messages: list[dict[str, str]], tokens: int) -> str:
        """The answer's text, of at most `tokens` tokens, as probable as can be. Raises WriterError, and what
        `Caller.check` does: nothing is asked for one who waits no longer."""
        question = {"model": self.model, "messages": messages, "max_tokens": tokens, "temperature": 0, "seed": 0}
        body = json.dumps({**question, "stream": False}).encode()
        for attempt in range(self.retries + 1):
            caller().check()
            try:
                return self._hidden(_text(self._post(body)))
            except _MayPass as error:
                failed = error
            if attempt < self.retries:
                wait = failed.wait if failed.wait is not None else 0.5 * 2**attempt
                time.sleep(min(wait, LONGEST_WAIT))
        tries = f" ({self.retries + 1} tries)" if self.retries else ""
        raise WriterError(f"the chat server gave no brief: {failed}{tries}")

    def _post(self, body: bytes) -> bytes:
        import urllib3
        from urllib3.exceptions import HTTPError, ReadTimeoutError, TimeoutError

        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "mujaz"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        deadline = time.monotonic() + self.timeout
        limits = urllib3.Timeout(connect=min(CONNECT, self.timeout), read=self.timeout)
        late = f"it did not answer within {self.timeout:g} seconds"
        try:
            with urllib3.PoolManager(headers=headers, timeout=limits, retries=False) as pool:
                response = pool.request("POST", f"{self.url}/chat/completions", body=body, preload_content=False)
                _check(response.status, response.headers)
                answer = b""
                while chunk := response.read1(65_536):
                    answer += chunk
                    if len(answer) > LONGEST_ANSWER:
                        raise WriterError("the chat server gave no brief: its answer has no end")
                    if time.monotonic() > deadline:  # one that sends a byte now and then never times out by itself
                        raise _MayPass(late)
                return answer
        except ReadTimeoutError:
            raise _MayPass(late) from None
        except TimeoutError:
            raise _MayPass("it cannot be reached") from None
        except HTTPError as error:
            broken = "its answer breaks off" if "IncompleteRead" in str(error) else "it cannot be reached"
            raise _MayPass(broken) from None

    def _hidden(self, text: str) -> str:
        """An answer without the key, should a server give it back."""
        return text.replace(self.key, "…") if self.key else text


def _check(status: int, headers: Any) -> None:
    if status in AGAIN:
        asked = headers.get("Retry-After", "")
        raise _MayPass(f"it answers with status {status}", float(asked) if asked.isdigit() else None)
    if status != 200:
        told = REFUSED.get(status, f"it answers with status {status}")
        raise WriterError(f"the chat server gave no brief: {told}" + (f" ({status})" if status in REFUSED else ""))


def _text(answer: bytes) -> str:
    try:
        text = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise _MayPass("its answer cannot be read") from None
    if not isinstance(text, str):
        raise _MayPass("its answer holds no text")
    return text
