"""Who a request is from, and whether it is let in: with a key, by a cookie that stands for one, or because all are."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Flask, abort, current_app, g, redirect, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from models import places
from models.errors import SettingError
from service.access import limits
from service.access.addresses import Proxies, neighbourhood
from service.access.browsers import PAGES, SAFE, is_foreign, says_its_site
from service.access.limits import REFUSED, Client
from service.config import Settings
from service.store.database import DATABASE
from service.store.keys import Key, Keys

COOKIE = "mujaz"
SIGNED_IN = 30 * 24 * 3600  # seconds that a sign-in lasts
WATCHED = ("/healthz", "/readyz", "/health")  # asked by what keeps the service running; neither counted nor refused
OPEN = (*WATCHED, "/languages", "/frontend/settings", "/sign-in", "/static/<path:filename>")
PLAIN = "libretranslate"  # the blueprint whose clients send keys as a field


class Door:
    """The keys of one app, and what signs its cookies."""

    def __init__(self, settings: Settings) -> None:
        self.is_locked = settings.demands_keys
        self.rates = settings.rates
        self.keys = Keys(settings.data / DATABASE)
        self.signer = URLSafeTimedSerializer(self.keys.secret(), salt="sign-in")

    def by_cookie(self) -> Key | None:
        """The key that the cookie stands for, if it is ours, of the last 30 days, and the key is still there."""
        try:
            number = self.signer.loads(request.cookies.get(COOKIE, ""), max_age=SIGNED_IN)
        except BadData:
            return None
        return self.keys.numbered(number)

    def who(self) -> Client:
        """Who asks, with the limits that are theirs."""
        address = f"address {neighbourhood(request.remote_addr or '')}"
        if not self.is_locked:
            return Client(address, self.rates)
        sent = next(_sent(), None)
        key = self.keys.find(sent) if sent else None if is_foreign() else self.by_cookie()
        if key is None:
            return Client(address, self.rates)
        return Client(f"key {key.number}", {**self.rates, **key.limits}, key, by_cookie=not sent)


def require_keys(settings: Settings) -> None:
    """SettingError if keys are demanded and there is none: nobody could get in."""
    if settings.demands_keys and not Keys(settings.data / DATABASE).all():
        why = "MUJAZ_OPEN: 0" if settings.open == "0" else f"HOST: {settings.host}, which others can reach,"
        how = f"make one ({places.COMMAND} key new NAME), or let in whoever can reach it (MUJAZ_OPEN=1)"
        raise SettingError(f"{why} demands a key, and there is none in {settings.data}; {how}")


def register(app: Flask, settings: Settings) -> None:
    """Look at every request of `app` before it is answered."""
    app.extensions["mujaz-door"] = Door(settings)
    app.wsgi_app = Proxies(app.wsgi_app, settings.proxy_networks)  # type: ignore[method-assign]
    app.before_request(admit)
    app.after_request(keep_private)


def door() -> Door:
    """That of the app that answers a request."""
    return current_app.extensions["mujaz-door"]


def admit() -> Response | None:
    """Let a request in, or tell how to be; raises Unauthorized or TooManyRequests."""
    route = request.url_rule.rule if request.url_rule else ""
    if route in WATCHED or request.method == "OPTIONS":  # a browser asks before it sends a key
        return None
    g.client = client = door().who()
    if door().is_locked and not client.key and route not in OPEN:
        refused(client)
        if request.blueprint == PAGES and request.method in SAFE:
            return redirect(url_for("access.form", next=request.full_path.rstrip("?")), 303)
        raise Unauthorized(
            "A key is needed: Authorization: Bearer KEY, X-API-Key, or sign in.",
            www_authenticate=WWWAuthenticate("bearer", {"realm": "Mujaz"}),
        )
    if client.by_cookie and request.method not in SAFE and not says_its_site():
        abort(403, "This request does not say which site's page it comes from.")
    if request.endpoint != "static":
        limits.count(client)
    return None


def keep_private(response: Response) -> Response:
    """What takes a key to see is kept by no cache that others use."""
    if door().is_locked and request.endpoint != "static":
        response.cache_control.private = True
    return response


def refused(client: Client) -> None:
    """Count one without a sound key: too many of an address are not looked at. A sound one is never held up."""
    limits.limiter().take("requests without a key", client.name, REFUSED)


def _sent() -> Iterator[str]:
    """The keys that a request comes with; the first counts."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        yield token.strip()
    yield from filter(None, [request.headers.get("X-API-Key", "")])
    if request.blueprint == PLAIN:
        yield from filter(None, [_field()])


def _field() -> str:
    """`api_key`, wherever LibreTranslate's clients put it."""
    try:
        body = json.loads(request.get_data()) if request.is_json else request.form
    except (ValueError, RecursionError):
        body = None
    found = body.get("api_key") if isinstance(body, dict) else None
    found = found or request.args.get("api_key")
    return found if isinstance(found, str) else ""
