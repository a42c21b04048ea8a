"""The language of the pages themselves, English or Arabic; what an article or its translation says is not its matter.

Templates mark their strings as gettext has it, `_("...")`, code with `say("...")`; `words/ar.po` has the Arabic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, partial
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, has_request_context, request

from service.web import preferences

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

WORDS = Path(__file__).parent / "words"
LONGEST, PARTS = 1000, 8  # characters of a message; parts of one between marks of one kind
LEAST = 8  # letters that a string has beside its values, to be known by


def register(app: Flask) -> None:
    """Give the templates of `app` their strings, in the language that a request asks for."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(say, say_many, newstyle=True)  # type: ignore[attr-defined]
    app.context_processor(shown)
    app.after_request(tell)


def shown() -> dict[str, Any]:
    """What every template reads."""
    return {"language": chosen()}


def chosen() -> str:
    """`g.language`, what the reader has chosen, or what the browser prefers; else English."""
    if not has_request_context():
        return "en"
    if "language" not in g:  # it is asked for with every string of a page
        preferred = (one.partition("-")[0] for one in request.accept_languages.values())
        wanted = (preferences.chosen("lang"), *preferred)
        g.language = next((one for one in wanted if one in preferences.LANGUAGES), "en")
    return g.language


def tell(response: Response) -> Response:
    """Say which language a page is in."""
    if g.get("page") and response.mimetype == "text/html":
        response.vary.add("Accept-Language")
        response.content_language.add(chosen())
    return response


@cache
def strings(language: str) -> Catalog:
    """The strings of a language and their translations."""
    from babel.messages.pofile import read_po

    with (WORDS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def catalogue(language: str) -> NullTranslations:
    """The same as gettext reads them; English has none."""
    if language == "en":
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.support import Translations

    with BytesIO() as compiled:
        write_mo(compiled, strings(language))
        compiled.seek(0)
        return Translations(compiled)


def say(words: str) -> str:
    """A string of the pages in the language of the request."""
    return _string(words, chosen())


def reworded(words: str, language: str | None = None) -> str:
    """What another part of Mujaz says, with values in it that it put there: in the language of the request. What the
    catalogue does not know comes back as it is, and what is too long to be a message."""
    language = language or chosen()
    if language == "en" or not 0 < len(words) <= LONGEST:
        return words
    return _known(words, language) or _of_parts(words, language) or words


def _known(words: str, language: str) -> str:
    """The translation of a string, of one with values, or of a list of strings; "" if there is none."""
    if (found := _string(words, language)) != words:
        return found
    for pattern, wanted in _patterns(language):
        if match := pattern.fullmatch(words):
            return wanted.format(**{name: _value(value, language) for name, value in match.groupdict().items()})
    listed = [_string(part, language) for part in words.split(", ")]
    return "، ".join(listed) if len(listed) > 1 and set(listed).isdisjoint(words.split(", ")) else ""


def _string(words: str, language: str) -> str:
    """As gettext has it, which for "" has the catalogue's head."""
    return catalogue(language).gettext(words) if words else ""


def _of_parts(words: str, language: str) -> str:
    """`words` as several texts of which one is known, a name and what is wrong with it, or a text and more in brackets;
    else ""."""
    for mark, written, end in (("; ", "؛ ", ""), (": ", ": ", ""), (" (", " (", ")")):
        parts = words.removesuffix(end).split(mark)
        for at in range(1, len(parts) if len(parts) <= PARTS else 0):
            one, other = mark.join(parts[:at]), mark.join(parts[at:])
            if _known(one, language) or _known(other, language):
                return f"{_value(one, language)}{written}{_value(other, language)}{end}"
    return ""


def _value(words: str, language: str) -> str:
    """A value; one that runs another way turns nothing round it."""
    found = reworded(words, language)
    return found if found != words or re.fullmatch(r"[\d.,]*", words) else f"\u2068{words}\u2069"


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Strings with values in them: what such a text matches, and its translation. The fullest come first."""
    held = [(str(one.id), str(one.string)) for one in strings(language) if "{" in one.id]
    bare = {words: re.sub(r"{\w+}", "", words) for words, _ in held}
    held = sorted((one for one in held if len(bare[one[0]]) >= LEAST), key=lambda one: -len(bare[one[0]]))
    return [
        (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*)", re.escape(words)), re.DOTALL), wanted)
        for words, wanted in held
    ]


def spoken() -> Callable[[str], str]:
    """`reworded` in the language of this request, for what is still told when it has been answered."""
    return partial(reworded, language=chosen())


def say_many(one: str, many: str, number: int) -> str:
    """The form of a string that goes with a number."""
    return catalogue(chosen()).ngettext(one, many, number)


def day(when: date) -> str:
    """23 November 2026, in the language of the request."""
    if chosen() == "en":
        return f"{when.day} {when:%B %Y}"
    from babel.dates import format_date

    return format_date(when, "long", locale=chosen())


def moment(when: str) -> str:
    """An ISO 8601 moment as a reader writes it: 23 November 2026, 16:05 UTC."""
    at = datetime.fromisoformat(when).astimezone(UTC)
    return say("{day}, {time} UTC").format(day=day(at), time=f"{at:%H:%M}")
