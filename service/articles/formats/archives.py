"""Zip files: of articles in any format that is read here, and what office documents and books are packed in.

Nothing is ever unpacked onto the disk: the names in an archive are only names, wherever they seem to point.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from models.types import Document
from service.articles.encodings import Unreadable
from service.articles.sources import LONGEST, Context, Failure, read_whole

if TYPE_CHECKING:
    from lxml.etree import _Element

UNPACKED = 8 * LONGEST  # bytes of all that is packed in a file together
MEMBERS = 10_000  # files in a zip
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Package:
    """A zip file, in memory, of which no more is unpacked than UNPACKED and LONGEST allow; raises Unreadable."""

    def __init__(self, data: bytes, kind: str, single: bool = True) -> None:
        """`kind` is what the file should be, in the words of a failure; `single`: one article."""
        self.kind = kind
        if data.startswith(_OLD_OFFICE):
            raise Unreadable(f"is no {kind}: it is encrypted, or an older kind (.doc, .xls) by another name")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.members = self._zip.infolist()
        except Exception as error:  # of many kinds: zipfile's, struct's, UnicodeDecodeError
            raise self.damaged(error) from None
        if len(self.members) > MEMBERS:
            raise Unreadable(f"holds {len(self.members):,} files; at most {MEMBERS:,} are taken")
        if sum(member.file_size for member in self.members) > UNPACKED:
            told = ": no single article" if single else ""
            raise Unreadable(f"is larger than {UNPACKED // 2**20} MiB, unpacked{told}")

    def read(self, name: str | zipfile.ZipInfo) -> bytes:
        """What a member holds."""
        try:
            member = self._zip.getinfo(name) if isinstance(name, str) else name
        except KeyError:
            raise Unreadable(f"is no {self.kind}: there is no {name} in it") from None
        if member.flag_bits & 1:
            raise Unreadable("is encrypted: a password is needed")
        if member.file_size > LONGEST:
            raise Unreadable(f"is larger than {LONGEST // 2**20} MiB, unpacked: no single article")
        try:
            with self._zip.open(member) as stream:
                return stream.read(LONGEST + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise self.damaged(error) from None

    def xml(self, name: str) -> _Element:
        """The root of a member that is XML. Entities are not expanded, and nothing outside is fetched."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        data = self.read(name)
        try:
            root = etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError) as error:
            raise self.damaged(error) from None
        if root is None or next(root.iter(etree.Entity), None) is not None:
            raise Unreadable("defines entities of its own, which may be a bomb; it is not read")
        return root

    def has(self, name: str) -> bool:
        """Whether there is a member of that name."""
        return any(member.filename == name for member in self.members)

    def damaged(self, error: Exception) -> Unreadable:
        """What to raise where the file breaks."""
        return Unreadable(f"is no {self.kind}, or a damaged one: {type(error).__name__}: {error}")


def read_zip(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The articles of the files in a zip, by their names in it; what is not read is named."""
    package = Package(read_whole(stream, UNPACKED), "zip file", single=False)
    for member in package.members:
        if member.is_dir():
            continue
        where = f"{ctx.name}/{member.filename}"
        if not ctx.inside.reads(member.filename):
            yield ctx.inside.passed_over(where)
            continue
        try:
            data = package.read(member)
        except Unreadable as error:
            yield Failure(where, str(error))
        else:
            yield from ctx.inside.read(where, data, ctx)
