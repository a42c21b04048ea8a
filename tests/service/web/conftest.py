"""A browser that the tests of the pages share, with and without JavaScript."""

from __future__ import annotations

import threading

import pytest
from werkzeug.serving import make_server


@pytest.fixture(
    scope="session", params=[True, pytest.param(False, marks=pytest.mark.slow)], ids=["javascript", "no javascript"]
)
def chromium(request, tmp_path_factory):
    from tests.chromium import Browser

    chromium = Browser(tmp_path_factory.mktemp("profile"), javascript=request.param)
    chromium.driver.get("data:text/html,<title>off</title><script>document.title='on'</script>")
    assert chromium.driver.title == ("on" if request.param else "off")
    yield chromium
    chromium.driver.quit()


@pytest.fixture
def browser(chromium, app):
    """The browser at the real app, served on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    chromium.server = f"http://127.0.0.1:{server.server_port}"
    yield chromium
    chromium.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})  # a language, a theme: no other test's
    server.shutdown()
    thread.join()
    server.server_close()
