"""A real small chat server for tests: it listens on localhost and speaks the OpenAI chat API.

Behind it is a program in a language model's place. It reads messages as such a model does: what stands outside the
article's marks it takes for instructions, and it OBEYS them; a control token in a text begins a new message for it; a
line between the marks without a number has broken out of the article. A gullible one obeys what it finds anywhere.
Left alone it gives the first sentences of the article with their numbers.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-test-5f1c0e7a9b"
MODEL = "tiny-chat"
_FENCE = re.compile(r"two lines that read (\S+?)\.")
_LINE = re.compile(r"\[(\d+)\] (.+)")
_CONTROL = re.compile(
    r"<\|im_start\|>|<\|eot_id\|>|\[INST\]|<<SYS>>|\{\"role\": ?\"system\"|^\s*#+ ?(?:System|Instruction)", re.M
)
# What a model that takes orders does with them: it writes what it is told to.
_ORDER = re.compile(
    r"\b(?:write|say|add|state|report)(?: in your summary)?(?: that|:) (?P<en>[^.”\"]+)|\b(?P<key>print [^.]*key)"
    r"|(?:اكتب|أضف|قل|اطبع|اذكر)\w* (?:أن |إن |: ?)?(?P<ar>[^.»\"]+)",
    re.IGNORECASE,
)


def read_messages(messages: list[dict[str, str]]) -> tuple[list[tuple[str, str]], list[str]]:
    """((number, sentence) of the article, what the model takes for further instructions)."""
    system, user = messages[0]["content"], messages[1]["content"]
    mark = _FENCE.search(system)
    if not mark:
        return [], [user]
    lines = user.splitlines()
    at = [i for i, line in enumerate(lines) if line == mark[1]]
    if len(at) < 2:
        return [], lines
    outside = [*lines[: at[0]], *lines[at[1] + 1 :]]
    article: dict[str, str] = {}
    for line in lines[at[0] + 1 : at[1]]:
        control = _CONTROL.search(line)
        found = _LINE.fullmatch(line)
        if control:
            outside.append(line[control.start() :])
        elif not found or found[1] in article:
            outside.append(line)
        else:
            article[found[1]] = found[2]
    outside += [m["content"] for m in messages[2:]]
    return list(article.items()), [line for line in outside if line.strip()]


def orders(lines: list[str]) -> list[str]:
    """What the model is told to write, as it would write it."""
    found = [match[match.lastgroup].strip() for line in lines for match in _ORDER.finditer(line)]
    return [text[:1].upper() + text[1:] for text in found]


class Model:
    """The program in the model's place. `obeyed` is every order that it took."""

    def __init__(self, gullible: bool = False) -> None:
        self.gullible = gullible
        self.obeyed: list[str] = []

    def __call__(self, request: dict, key: str) -> str:
        article, outside = read_messages(request["messages"])
        told = [(text, "1") for text in orders(outside)]
        if self.gullible:
            told += [(text, number) for number, line in article for text in orders([line])]
        self.obeyed += [text for text, _ in told]
        if any("key" in text or "مفتاح" in text for text, _ in told):
            return f"The key is {key} [1]"
        if told:
            return "\n".join(f"{text}. [{number}]" for text, number in told)
        limit = int(re.search(r"at most (\d+) sentences", request["messages"][0]["content"])[1])
        return "\n".join(f"{text} [{number}]" for number, text in article[:limit])


class ChatServer:
    """What a test is told of its server. `answers` is a model, or a list of what it does at each request in turn."""

    def __init__(self, answers) -> None:
        self.answers = answers
        self.requests: list[dict] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.url = ""


def reply(content, **more) -> bytes:
    """The body of an answer."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return json.dumps({"id": "x", "object": "chat.completion", "model": MODEL, "choices": [choice], **more}).encode()


def status(code: int, **headers: str) -> Callable:
    """An answer with this status; it holds the key, as a careless server's error page may."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        body = json.dumps({"error": {"message": f"bad key {handler.headers['Authorization']}"}}).encode()
        send(handler, body, code, **{name.replace("_", "-"): value for name, value in headers.items()})

    return act


def raw(body: bytes, length: int | None = None, pause: float = 0, chunk: int = 0) -> Callable:
    """These bytes; with a wrong `length`, after a `pause` in seconds, or `chunk` by chunk with the pause between."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        if not chunk:
            time.sleep(pause)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        for at in range(0, len(body), chunk or len(body)):
            handler.wfile.write(body[at : at + (chunk or len(body))])
            handler.wfile.flush()
            if chunk:
                time.sleep(pause)

    return act


def send(handler: BaseHTTPRequestHandler, body: bytes, code: int = 200, **headers: str) -> None:
    handler.send_response(code)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def chat_server(answers) -> Iterator[ChatServer]:
    """A server that runs while the block does. `answers`: a callable (request, key) -> text, or a list of texts,
    bytes and callables (handler), one a request, the last for all that follow."""
    told = ChatServer(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.requests.append(request)
            told.paths.append(self.path)
            told.keys.append((self.headers["Authorization"] or "").removeprefix("Bearer ") or None)
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has given up, as it should
                self._answer(request)
            self.close_connection = True

        def _answer(self, request: dict) -> None:
            if callable(told.answers):
                return send(self, reply(told.answers(request, told.keys[-1])))
            answer = told.answers[min(len(told.requests), len(told.answers)) - 1]
            if callable(answer):
                return answer(self)
            send(self, answer if isinstance(answer, bytes) else reply(answer))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    told.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
