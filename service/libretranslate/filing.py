"""Files in, files of the same kind out, in English."""

from __future__ import annotations

from models.errors import InputError
from service.articles.encodings import Unreadable
from service.articles.formats.subtitles import cues, said
from service.core import Core
from service.libretranslate import files
from service.libretranslate.documents import in_english
from service.libretranslate.languages import is_arabic
from service.libretranslate.requests import Refused, check_texts
from service.libretranslate.translating import translate
from service.output.subtitles import laid_back


def translated(core: Core, suffix: str, data: bytes, always: bool) -> bytes:
    """A file of one of files.FORMATS in English; `always` as for texts. Raises Refused."""
    most = core.settings.waited_chars

    def page(text: str) -> str:
        check_texts([text], most)
        return translate(core, [text], True, 0, always)[0].text

    try:
        if suffix in (".docx", ".odt"):
            return in_english(data, suffix, page)
        text, encoding = files.read(data)
        if suffix in (".srt", ".vtt"):
            check_texts([text], most)
            return _subtitles(core, text, always).encode()
    except (Unreadable, InputError) as error:
        raise Refused(f"Invalid request: the file {error}") from None
    if suffix == ".txt":
        check_texts([text], most)
        return translate(core, [text], False, 0, always)[0].text.encode()
    return page(text).encode(encoding, "xmlcharrefreplace")


def _subtitles(core: Core, text: str, always: bool) -> str:
    article, _ = said(cues(text))
    if not article or not (always or is_arabic(article)):
        return text
    (record,) = core.translations([article])
    return laid_back(text, record["sentences"])
