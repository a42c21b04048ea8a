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
from urllib.parse import urlencode

from flask import Flask, Response, g, has_request_context, request

LANGUAGES = {"en": "English", "ar": "العربية"}
WORDS = Path(__file__).parent / "words"
COOKIE = "language"
YEAR = 365 * 24 * 3600  # seconds


def register(app: Flask) -> None:
    """Give the templates of `app` their strings, in the language that a request asks for."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(say, say_many, newstyle=True)  # type: ignore[attr-defined]
    app.context_processor(shown)
    app.after_request(remember)


def shown() -> dict[str, Any]:
    """What every template reads."""
    if has_request_context():
        g.page = True
    return {"language": chosen(), "languages": LANGUAGES, "in_language": in_language}


def chosen() -> str:
    """What `?lang=` asks for, what was asked for before (a cookie), or what the browser prefers; else English.

    `g.language` goes before all of these."""
    if not has_request_context():
        return "en"
    asked = (g.get("language"), request.args.get("lang"), request.cookies.get(COOKIE))
    preferred = (one.partition("-")[0] for one in request.accept_languages.values())
    return next((one for one in (*asked, *preferred) if one in LANGUAGES), "en")


def remember(response: Response) -> Response:
    """Keep the language that was asked for by `?lang=`; pages differ by it, and what else is HTML (an answer of
    /translate_file) does not."""
    if g.get("page") and response.mimetype == "text/html":
        response.vary.update(("Cookie", "Accept-Language"))
        response.content_language.add(chosen())
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(COOKIE, chosen(), max_age=YEAR, samesite="Lax", httponly=True)
    return response


def in_language(language: str) -> str:
    """The address of the page that is shown, in another language."""
    return f"?{urlencode([*((k, v) for k, v in request.args.items(multi=True) if k != 'lang'), ('lang', language)])}"


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
