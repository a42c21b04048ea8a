"""Where a request comes from. What it says of that itself is believed only if a named proxy sent it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from service.config import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Proxies:
    """WSGI middleware. Behind one of `networks`, REMOTE_ADDR is the last address in X-Forwarded-For that is no proxy's
    of ours, and the scheme that of X-Forwarded-Proto. The name of the host is taken from Host alone."""

    def __init__(self, app: Callable[..., Iterable[bytes]], networks: Sequence[Network]) -> None:
        self._app, self._networks = app, networks

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        told = environ.pop("HTTP_X_FORWARDED_FOR", "").split(",")
        scheme = environ.pop("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
        peer = address(environ.get("REMOTE_ADDR", ""))
        if scheme in ("http", "https") and self._is_ours(peer):
            environ["wsgi.url_scheme"] = scheme
        while told and self._is_ours(peer) and (before := address(told.pop())):
            peer = before
        environ["REMOTE_ADDR"] = str(peer or "")
        return self._app(environ, start_response)

    def _is_ours(self, peer: Address | None) -> bool:
        return peer is not None and any(peer in network for network in self._networks)


def address(text: str) -> Address | None:
    """An address, an IPv4 one in IPv6's clothes as what it is; None if it is none."""
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return (found.version == 6 and found.ipv4_mapped) or found


def neighbourhood(text: str) -> str:
    """Whom to count as one: an IPv4 address, or the /64 that one holder of IPv6 addresses has."""
    found = address(text)
    return str(ipaddress.ip_network((found, 64), strict=False)) if found and found.version == 6 else str(found)
