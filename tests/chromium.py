"""Headless Chromium at the pages, for tests. Importing this skips the tests of a module where Chromium, its driver or
selenium is absent (Debian: chromium, chromium-driver).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("selenium", reason="selenium is not installed")
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--force-prefers-reduced-motion --disable-component-update --disable-sync --hide-scrollbars"
).split()

if not (CHROMIUM and DRIVER):
    pytest.skip("chromium or chromedriver is not installed", allow_module_level=True)


class Browser:
    """Chromium at a server, in a window of a given width."""

    def __init__(self, profile: Path, javascript: bool) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not javascript:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.server, self.javascript = "", javascript

    def open(self, path: str, width: int = 1280) -> None:
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.driver.get(self.server + path)
        self.painted()

    def painted(self) -> None:
        """Wait until the page has been drawn: before, Chromium drops what is typed."""
        if self.javascript:
            drawn = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))"
            self.driver.execute_async_script(drawn)

    def comes_to(self, *paths: str) -> None:
        """Wait until the page is at one of these paths (from their beginning) and drawn."""
        WebDriverWait(self.driver, 60).until(lambda _: any(map(self.path.startswith, paths)), f"{paths}: {self.path}")
        self.painted()

    @property
    def path(self) -> str:
        return self.driver.current_url.removeprefix(self.server)

    def all(self, selector: str) -> list:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def press(self, words: str) -> None:
        """Click the button or link with these words; returns once another page has come."""
        before = self.one("html")
        self.driver.find_element(By.XPATH, f"//*[self::a or self::button][normalize-space()='{words}']").click()
        WebDriverWait(self.driver, 60).until(lambda _: self.one("html") != before)

    def layout(self) -> dict:
        return self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})

    def assert_fits(self, width: int) -> None:
        """Nothing has to be scrolled sideways; nothing on the page was refused (by the CSP, say) or not found."""
        WebDriverWait(self.driver, 60).until(lambda _: self.layout()["cssContentSize"]["width"] == width, self.path)
        log = self.driver.get_log("browser")
        pages = [entry for entry in log if entry["source"] == "network" and "/static/" not in entry["message"]]
        assert [entry for entry in log if entry not in pages] == []  # a page itself may be a 404
