"""Whose word is taken for an address: a named proxy's, and nobody else's."""

from __future__ import annotations

import pytest

from service.access.addresses import Proxies, neighbourhood
from service.config import Settings

CASES = [
    # the proxies, who connects, X-Forwarded-For, X-Forwarded-Proto -> address, scheme
    ("", "127.0.0.1", "1.2.3.4", "https", "127.0.0.1", "http"),
    ("10.0.0.1", "9.9.9.9", "1.2.3.4", "https", "9.9.9.9", "http"),
    ("10.0.0.1", "10.0.0.1", "1.2.3.4", "https", "1.2.3.4", "https"),
    ("10.0.0.1", "10.0.0.1", "6.6.6.6, 1.2.3.4", "", "1.2.3.4", "http"),
    ("10.0.0.1, 10.0.0.2", "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", "http,https", "1.2.3.4", "https"),
    ("10.0.0.0/8", "10.0.0.1", "10.0.0.9", "", "10.0.0.9", "http"),
    ("10.0.0.1", "10.0.0.1", "", "", "10.0.0.1", "http"),
    ("10.0.0.1", "10.0.0.1", "1.2.3.4, nonsense", "javascript", "10.0.0.1", "http"),
    ("10.0.0.1", "10.0.0.1", "1.2.3.4, unknown,", "HTTPS", "10.0.0.1", "https"),
    ("10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "", "2001:db8::1", "http"),
    ("::1 2001:db8::/32", "::1", "1.2.3.4, 2001:db8::5", "", "1.2.3.4", "http"),
    ("10.0.0.1", "10.0.0.1", ",".join(["6.6.6.6"] * 2000), "", "6.6.6.6", "http"),
]


@pytest.mark.parametrize(("proxies", "peer", "told", "scheme", "address", "over"), CASES)
def test_who_is_believed(proxies, peer, told, scheme, address, over):
    seen = []
    app = Proxies(lambda environ, _: seen.append(environ) or [], Settings(proxies=proxies).proxy_networks)
    sent = {"HTTP_X_FORWARDED_FOR": told, "HTTP_X_FORWARDED_PROTO": scheme}
    app({"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", **sent}, None)
    assert (seen[0]["REMOTE_ADDR"], seen[0]["wsgi.url_scheme"]) == (address, over)
    assert not sent.keys() & seen[0].keys(), "nothing behind it can believe them"


def test_neighbourhoods():
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1") == "2001:db8::/64"
    assert neighbourhood("10.0.0.1") != neighbourhood("10.0.0.2")
