"""A hub of models on this machine: what `huggingface_hub` asks of one for a model's files, over one folder."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlsplit

COMMIT = "c0ffee" * 6 + "c0de"


class Handler(BaseHTTPRequestHandler):
    """The server has `model` (name and revision), `folder`, `breaking`, a file of which half is sent and then nothing,
    and `held`, which is set when that half is sent; then it is kept waiting until `released` is."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Either of two questions to the API, or a file."""
        path, (name, revision) = urlsplit(self.path).path, self.server.model
        files = {file.name: file.read_bytes() for file in self.server.folder.iterdir()}
        if path == f"/api/models/{name}/revision/{quote(revision, safe='')}":
            return self._json({"id": name, "sha": COMMIT, "siblings": []})
        if path == f"/api/models/{name}/tree/{COMMIT}":
            return self._json([{"type": "file", "path": n, "size": len(b), "oid": COMMIT} for n, b in files.items()])
        before, _, file = path.rpartition("/")
        if before == f"/{name}/resolve/{COMMIT}" and file in files:
            self.server.sent.append((self.command, file))
            return self._answer(200, files[file], file)
        return self._answer(404, b"", "", {"X-Error-Code": "RepoNotFound"})

    do_HEAD = do_GET

    def _json(self, value: object) -> None:
        self._answer(200, json.dumps(value).encode(), "")

    def _answer(self, status: int, body: bytes, file: str, headers: dict[str, str] | None = None) -> None:
        breaks = file and file == self.server.breaking and self.command == "GET"
        if breaks and self.server.sent.count(("GET", file)) > 1:  # asked for the rest: nothing at all
            self.close_connection = True
            return
        self.send_response(status)
        known = {"Content-Length": str(len(body)), "ETag": f'"{hashlib.sha256(body).hexdigest()}"'}
        for key, value in {**known, "X-Repo-Commit": COMMIT, **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body[: len(body) // 2] if breaks else body)
        if breaks:
            self.server.held.set()
            self.server.released.wait()
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def hub(folder: Path, model: tuple[str, str], breaking: str = "", hold: bool = False) -> Iterator[ThreadingHTTPServer]:
    """Serve `folder` as `model`, (name, revision); `.url` is its address, `.sent` the [(method, file)] asked for."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.folder, server.model, server.breaking, server.sent = folder, model, breaking, []
        server.held, server.released = threading.Event(), threading.Event()
        if not hold:
            server.released.set()
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()
