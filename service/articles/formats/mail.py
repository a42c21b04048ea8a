"""Letters: .eml and Outlook's .msg. The body is an article; each attachment that can be read is one of its own."""

from __future__ import annotations

import email
import email.policy
import io
from collections.abc import Iterable, Iterator
from email.message import EmailMessage, MIMEPart
from typing import BinaryIO

from models.types import Document
from service.articles.encodings import Unreadable, decode
from service.articles.formats.archives import UNPACKED
from service.articles.formats.documents import all_of, declared
from service.articles.sources import Context, Failure, read_whole

_PARTS = 1_000  # of a letter; more are no attachments
_ENDINGS = {"text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml"}


def read_eml(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The body under its subject, then the attachments."""
    data = read_whole(stream, UNPACKED)
    try:
        letter = email.message_from_bytes(data, policy=email.policy.default)
        body = letter.get_body(("plain", "html")) if isinstance(letter, EmailMessage) else None
        subject = str(letter["subject"] or "")
        parts = [part for part in _leaves(letter) if part is not body]
    except Exception as error:  # the standard library's parser meets much that it has no name for
        raise Unreadable(f"is no e-mail, or a damaged one: {type(error).__name__}: {error}") from None
    if not any(name.lower() in ("from", "to", "subject", "date", "content-type") for name in letter):
        raise Unreadable("is no e-mail: it has no header")
    if len(parts) > _PARTS:
        raise Unreadable(f"has {len(parts):,} parts; at most {_PARTS:,} are taken")
    text = _text(body, ctx) if body is not None else ""
    other = {id(part) for part in _alternatives(letter)}  # the body once more
    attached = ((_name(part, n), _bytes(part)) for n, part in enumerate(parts, start=1) if id(part) not in other)
    yield from _letter(ctx, subject, text, attached)


def _leaves(letter: MIMEPart) -> Iterator[MIMEPart]:
    """The parts that hold something, letters that were forwarded as one each."""
    if letter.get_content_type() != "message/rfc822" and letter.is_multipart():
        for part in letter.iter_parts():
            yield from _leaves(part)
    else:
        yield letter


def _alternatives(letter: MIMEPart) -> Iterator[MIMEPart]:
    for part in letter.walk():
        if part.get_content_type() == "multipart/alternative":
            yield from _leaves(part)


def _bytes(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        return b"".join(inner.as_bytes() for inner in part.iter_parts())
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _text(part: MIMEPart, ctx: Context) -> str:
    data = _bytes(part)
    charset = part.get_content_charset()
    if not data.strip():
        return ""
    text, encoding = decode(data, ctx.encoding, charset or declared(data))
    if (charset or "").lower() not in (encoding.name, "windows-1256", "iso-8859-6"):
        ctx.tell(encoding)
    return all_of(text) if part.get_content_subtype() == "html" else text.replace("\r\n", "\n")


def _name(part: MIMEPart, number: int) -> str:
    ending = _ENDINGS.get(part.get_content_type(), f".{part.get_content_subtype()}")
    return part.get_filename() or f"part {number}{ending}"


def _letter(
    ctx: Context, subject: str, text: str, attached: Iterable[tuple[str, bytes]]
) -> Iterator[Document | Failure]:
    """A letter's article, and those of its attachments."""
    if text.strip():
        yield Document(ctx.name, text.strip("\n"), " ".join(subject.split()) or None)
    found = list(attached)
    if not text.strip() and not found:
        yield Failure(ctx.name, "holds no text")
    for name, data in found:
        where = f"{ctx.name}/{name}"
        if ctx.inside.reads(name):
            yield from ctx.inside.read(where, data, ctx)
        else:
            yield ctx.inside.passed_over(where)


def read_msg(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The same of a letter that Outlook has saved."""
    from oxmsg import Message

    data = read_whole(stream, UNPACKED)
    try:
        letter = Message.load(io.BytesIO(data))
        text = letter.body or all_of(letter.html_body or "")
        subject = letter.subject
        attached = [(part.file_name or f"part {n}", part.file_bytes) for n, part in enumerate(letter.attachments, 1)]
    except Exception as error:  # olefile's and python-oxmsg's are of many kinds
        raise Unreadable(f"is no Outlook letter (.msg), or a damaged one: {type(error).__name__}: {error}") from None
    yield from _letter(ctx, subject, text.replace("\r\n", "\n"), ((name, held or b"") for name, held in attached))
