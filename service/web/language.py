"""The language of the pages themselves, English or Arabic; what an article or its translation says is not its matter.

Templates mark their strings as gettext has it, `_("...")`, code with `say("...")`; `words/ar.po` has the Arabic.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from service.web import preferences

WORDS = Path(__file__).parent / "words"


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
    preferred = (one.partition("-")[0] for one in request.accept_languages.values())
    wanted = (g.get("language"), preferences.chosen("lang"), *preferred)
    return next((one for one in wanted if one in preferences.LANGUAGES), "en")


def tell(response: Response) -> Response:
    """Say which language a page is in."""
    if g.get("page") and response.mimetype == "text/html":
        response.vary.add("Accept-Language")
        response.content_language.add(chosen())
    return response


@cache
def catalogue(language: str) -> NullTranslations:
    """The strings of a language, as gettext reads them."""
    if not (path := WORDS / f"{language}.po").is_file():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    with path.open("rb") as file, BytesIO() as compiled:
        write_mo(compiled, read_po(file, locale=language))
        compiled.seek(0)
        return Translations(compiled)


def say(words: str) -> str:
    """A string of the pages in the language of the request."""
    return catalogue(chosen()).gettext(words) if words else ""


def spoken() -> Callable[[str], str]:
    """`say` in the language of this request, for what is still told when it has been answered."""
    return catalogue(chosen()).gettext


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
