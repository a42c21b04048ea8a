"""What no client library sends: each attack on a real server, which goes on answering others."""

from __future__ import annotations

import re
import socket
from contextlib import suppress

import pytest

HOST = b"Host: 127.0.0.1\r\n"
END = b"Connection: close\r\n\r\n"
GET = b"GET /healthz HTTP/1.1\r\n" + HOST
POST = b"POST /translate HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"
HIDDEN = b"GET /briefs HTTP/1.1\r\n" + HOST + b"\r\n"  # a request in a request

ATTACKS = {
    # name: bytes, the statuses that are right (which of them is the server's choice), None where it may just hang up
    "a body said to be of 10 GB": (POST + b"Content-Length: 10000000000\r\n" + END, {413}),
    "a body in chunks without end": (POST + b"Transfer-Encoding: chunked\r\n" + END + CHUNK * 1100, {400, 413}),
    "a body longer than said": (POST + b"Content-Length: 2\r\n" + END + b"{}" + HIDDEN, {400}),
    "a negative length": (POST + b"Content-Length: -1\r\n" + END, {400}),
    "a length that is no number": (POST + b"Content-Length: 1_0\r\n" + END, {400}),
    "a length of 5,000 digits": (POST + b"Content-Length: " + b"9" * 5000 + b"\r\n" + END, {400, 413, None}),
    "two lengths": (POST + b"Content-Length: 2\r\nContent-Length: 40\r\n" + END + b"{}" + HIDDEN, {400}),
    "a length and chunks": (
        POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n" + END + b"0\r\n\r\n" + HIDDEN, {400}),
    "chunked in disguise": (POST + b"Transfer-Encoding: xchunked\r\n" + END + b"0\r\n\r\n" + HIDDEN, {400, 501}),
    "chunked behind another coding": (
        POST + b"Transfer-Encoding: chunked, identity\r\n" + END + b"0\r\n\r\n" + HIDDEN, {400, 501}),
    "chunked behind a blank": (POST + b"Transfer-Encoding : chunked\r\n" + END + b"0\r\n\r\n" + HIDDEN, {400}),
    "a chunk of a negative size": (POST + b"Transfer-Encoding: chunked\r\n" + END + b"-1\r\n\r\n", {400}),
    "a chunk of no size": (POST + b"Transfer-Encoding: chunked\r\n" + END + b"zz\r\n\r\n", {400}),
    "a folded header": (GET + b"X-A: b\r\n c: d\r\n" + END, {200, 400}),
    "a header with a NUL": (GET + b"X-A: a\x00b\r\n" + END, {400}),
    "a header without a name": (GET + b": x\r\n" + END, {400}),
    "a header of 100,000 bytes": (GET + b"X-A: " + b"x" * 100_000 + b"\r\n" + END, {400, 431}),
    "10,000 headers": (GET + b"X-A: b\r\n" * 10_000 + END, {400, 431}),
    "an address of 100,000 bytes": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + END, {400, 414, 431}),
    "a header that names the script": (
        b"GET /x/healthz HTTP/1.1\r\n" + HOST + b"SCRIPT_NAME: /x\r\nSCRIPT-NAME: /x\r\n" + END, {404}),
    "two hosts": (b"GET /api/docs HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n" + END, {400}),
    "another site's host": (b"GET /briefs HTTP/1.1\r\nHost: evil.example\r\n" + END, {400}),
    "a host with a path": (b"GET /briefs HTTP/1.1\r\nHost: 127.0.0.1/evil.example\r\n" + END, {400}),
    "a whole address, another's": (b"GET http://evil.example/briefs HTTP/1.1\r\n" + HOST + END, {200, 400}),
    "no host": (b"GET /briefs HTTP/1.1\r\n" + END, {400}),
    "TRACE": (b"TRACE /briefs HTTP/1.1\r\nX-Secret: s3cret\r\n" + HOST + END, {405}),
    "CONNECT": (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + END, {400, 404, 405}),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500 + b"\r\n\r\n", {400}),
    "HTTP/9.9": (b"GET /briefs HTTP/9.9\r\n" + HOST + END, {200, 400, 505}),
    "the announcement of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 100, {400, 505}),
    "1,000 ranges": (
        b"GET /static/site.css HTTP/1.1\r\n" + HOST + b"Range: bytes=" + b"0-," * 1000 + b"0-\r\n" + END, {200, 416}),
    "a range that is none": (b"GET /static/site.css HTTP/1.1\r\n" + HOST + b"Range: bytes=9-1\r\n" + END, {200, 416}),
}  # fmt: skip


def answers(port: int, sent: bytes) -> bytes:
    """All that the server sends back until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        with suppress(BrokenPipeError, ConnectionResetError):  # it did not read on
            line.sendall(sent)
        found = b""
        with suppress(ConnectionResetError):
            while more := line.recv(65536):
                found += more
        return found


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(port, name):
    sent, right = ATTACKS[name]
    told = answers(port, sent)
    statuses = [int(status) for status in re.findall(rb"(?:^|\r\n)HTTP/1\.\d (\d{3}) ", told)]
    assert len(statuses) <= 1, f"{statuses}: a request in a request was answered"
    assert {*statuses, *([] if statuses else [None])} <= right
    assert b"Traceback" not in told and b"s3cret" not in told
    assert answers(port, GET + END).startswith(b"HTTP/1.1 200 "), "others are answered"


def test_a_forged_address_is_counted_as_its_sender(port):
    """The server is told to believe a proxy at 127.0.0.1, and passes on what that says; of a chain, its last word."""

    def left(forwarded: bytes) -> int:
        told = answers(port, b"GET /languages HTTP/1.1\r\n" + HOST + b"X-Forwarded-For: " + forwarded + b"\r\n" + END)
        return int(re.search(rb'"requests";r=(\d+)', told)[1])

    found = [left(one) for one in (b"9.9.9.1", b"9.9.9.1", b"9.9.9.2", b"9.9.9.3, 9.9.9.1", b"127.0.0.1, 9.9.9.1")]
    assert found == [999, 998, 999, 997, 996]
