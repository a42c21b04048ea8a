"""Pictures of every page, narrow to wide, light and dark, in both languages, by the embedded model: to be looked at.

They are left in the folder that SCREENSHOTS names, if it does. Of each page it is checked that it fits its window, and
that all text has the contrast that WCAG 2 asks for.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from service import create_app
from service.config import Settings
from service.web.pages import SHORT
from service.web.preferences import LANGUAGES
from tests.chromium import Browser
from tests.conftest import HOLD
from tests.jobs import ended, until
from tests.pages import sample
from tests.service.web.test_reading import AXE, violations

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("chromium", [True], indirect=True, ids=["javascript"]),
]
WIDTHS = (390, 768, 1440)
TOLD = "وقتل {} شخصا في انهيار المبنى القديم يوم 15 رمضان 1445 هـ، بحسب الدفاع المدني."


@pytest.fixture
def app(tmp_path):
    app = create_app(Settings(data=tmp_path))
    app.extensions["mujaz"].wait()
    yield app
    app.extensions["mujaz.jobs"].stop()


@pytest.fixture
def pages(client, held) -> dict[str, str]:
    """The pages by name: two briefs of one story, a job that runs, one that is done, and all that needs nothing."""
    title, text = sample()
    ids = []
    for number in (12, 15):
        article = {
            "title": title,
            "text": f"{text}\n\n{TOLD.format(number)}",
            "url": f"https://news-{number}.example/1",
        }
        ids.append(client.post("/api/v1/briefs", json=article).get_json()["id"])
    client.put(f"/api/v1/briefs/{ids[0]}/tags", json={"tags": ["to check", "السودان"]})
    done = client.post("/api/v1/jobs", json={"articles": [{"text": TOLD.format(n)} for n in (12, 15)]}).location
    ended(client, done)
    sentences = [TOLD.format(number) for number in range(SHORT)]
    running = client.post("/", data={"text": "\n\n".join([*sentences, f"{HOLD} اليوم."])}).location
    until(lambda: client.get(f"/api/v1{running}").get_json()["progress"]["sentences_done"] == SHORT, seconds=300)
    brief = f"/briefs/{ids[0]}"
    return {
        "form": "/",
        "form-sample": "/?sample=1",
        "job-running": running,
        "job-done": done.removeprefix("/api/v1"),
        "brief": brief,
        "brief-english": f"{brief}?view=english",
        "brief-alone": f"{brief}?view=brief",
        "brief-doubtful": f"{brief}?show=doubtful",
        "brief-unmarked": f"{brief}?show=unmarked",
        "list": "/briefs",
        "search": "/briefs?q=Fire",
        "search-none": "/briefs?q=zebra",
        "digest": f"/digests?id={ids[0]}&id={ids[1]}&one=1",
        "digest-wrong": "/digests?id=none",
        "sign-in": "/sign-in",
        "api": "/api/docs",
        "error": "/briefs/none",
        "error-search": "/briefs?from=yesterday",
    }


def test_every_page_fits_and_can_be_read(browser, pages, app, tmp_path):
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        browser.open(f"/?lang={language}")
        for name, path in pages.items():
            app.extensions["mujaz-door"].is_locked = path == "/sign-in"  # else it leads to the form
            browser.open(path)
            look(browser, folder, f"{name}-{language}")
        browser.open("/")
        browser.one("#text").send_keys("No Arabic here")
        browser.one("form[enctype] button").click()
        browser.comes_to("/")
        assert browser.all(".error")
        look(browser, folder, f"form-wrong-{language}")


def look(browser: Browser, folder: Path, name: str) -> None:
    """Take the page that is open in both themes and all widths, and check it."""
    browser.driver.execute_script(AXE)
    for theme in ("light", "dark"):
        assert violations(browser, theme, runOnly=["color-contrast"]) == [], (name, theme)
        for width in WIDTHS:
            resize(browser, width, 900)
            browser.assert_fits(width)
            resize(browser, width, browser.layout()["cssContentSize"]["height"])
            picture = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {})["data"]
            (folder / f"{name}-{theme}-{width}.png").write_bytes(base64.b64decode(picture))


def resize(browser: Browser, width: int, height: int) -> None:
    """Set the window, and wait until the page is drawn in it."""
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.painted()
