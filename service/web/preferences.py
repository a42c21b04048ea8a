"""What a reader chooses for all pages: `?lang=` and `?theme=` ask for a language and for colours, cookies keep them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, has_request_context, request

LANGUAGES = {"en": "English", "ar": "العربية"}
THEMES = {"auto": "Auto", "light": "Light", "dark": "Dark"}
CHOICES = {"lang": LANGUAGES, "theme": THEMES}
YEAR = 365 * 24 * 3600  # seconds


def register(app: Flask) -> None:
    """Let the pages of `app` be chosen for."""
    app.context_processor(shown)
    app.after_request(remember)


def shown() -> dict[str, Any]:
    """What every template reads."""
    if has_request_context():
        g.page = True
    return {"languages": LANGUAGES, "themes": THEMES, "theme": chosen("theme") or "auto", "chosen_here": chosen_here}


def chosen(name: str) -> str | None:
    """What is asked for by the query string, or was before."""
    if not has_request_context():
        return None
    asked = (request.args.get(name), request.cookies.get(name))
    return next((one for one in asked if one in CHOICES[name]), None)


def chosen_here(name: str, value: str) -> str:
    """The address of the page that is shown, with another choice."""
    return f"?{urlencode([*((k, v) for k, v in request.args.items(multi=True) if k != name), (name, value)])}"


def remember(response: Response) -> Response:
    """Keep what was asked for; pages differ by it, and what else is HTML (an answer of /translate_file) does not."""
    if g.get("page") and response.mimetype == "text/html":
        response.vary.add("Cookie")
        for name, choices in CHOICES.items():
            if (value := request.args.get(name, "")) in choices:
                response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True)
    return response
