"""A text of 300 sentences in the form: when a draft of its first sentence is shown, when the sentence itself, and how
long its page makes a reader wait.

What is measured is printed (`pytest -m slow -s`) and, being of the machine and its load, not judged.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.chromium import Browser, WebDriverWait
from tests.processes import begun, environment, free_port

from selenium.common.exceptions import WebDriverException  # isort: skip

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("chromium", [True], indirect=True, ids=["javascript"])]
SENTENCES = 300
PLACES = "المدينة القديمة;القرية البعيدة;الميناء الشرقي;السوق الكبير;الحي الجنوبي".split(";")
EVENTS = "وصلت {} شاحنات محملة بالدقيق إلى;أعلنت البلدية إصلاح {} آبار في;زار {} أطباء;عاد {} أسر إلى".split(";")
WATCH = """
window.waits = [];
const watch = (list) => waits.push(...list.getEntries().map((one) => Math.round(one.duration)));
new PerformanceObserver(watch).observe({type: 'longtask', buffered: true});
new MutationObserver(() => {
  if (document.querySelector('#sentences > li')) window.first ??= Date.now();
  if (document.querySelector('#drafts li')) window.drafted ??= Date.now();
}).observe(document, {childList: true, subtree: true});
"""


@pytest.fixture
def address(tmp_path: Path):
    """Where the service answers, with the embedded model loaded and nothing remembered."""
    port = free_port()
    service = begun("-m", "service", env=environment(MUJAZ_DATA=str(tmp_path), PORT=str(port)))
    yield f"http://127.0.0.1:{port}"
    service.terminate()
    service.wait(60)


def article() -> str:
    """Sentences of which no two are alike, in paragraphs of five."""
    said = [
        f"{EVENTS[n % 4].format(3 + n % 8)} {PLACES[n % 5]} يوم {1 + n % 28} من الشهر، بحسب التقرير رقم {n + 1}."
        for n in range(SENTENCES)
    ]
    return "\n\n".join(" ".join(said[n : n + 5]) for n in range(0, SENTENCES, 5))


def used_before(chromium: Browser) -> None:
    """As one finds a service that runs all day: nothing of it is asked for the first time."""
    chromium.open("/?sample=1")
    chromium.one("form[enctype] button").click()
    chromium.comes_to("/briefs/")


def test_a_text_of_300_sentences_fills_its_page(chromium: Browser, address: str):
    chromium.server, driver = address, chromium.driver
    wait = WebDriverWait(driver, 1200, 0.5, ignored_exceptions=(WebDriverException,))
    wait.until(lambda _: driver.get(f"{address}/readyz") or "ready" in driver.page_source)
    used_before(chromium)
    chromium.open("/")
    driver.execute_script("arguments[0].value = arguments[1]", chromium.one("#text"), article())
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    sent, waits = time.time(), []
    chromium.one("form[enctype] button").click()
    first = wait.until(lambda _: driver.execute_script("return window.first"))
    draft = driver.execute_script("return window.drafted")
    print(f"\ndraft after {draft / 1000 - sent:.1f} s, first sentence after {first / 1000 - sent:.1f} s", flush=True)

    def ended(_) -> bool:
        nonlocal waits
        is_there, so_far = driver.execute_script("return [location.pathname.startsWith('/briefs/'), window.waits]")
        waits = waits if is_there else so_far
        return is_there

    wait.until(ended)
    chromium.painted()
    brief = driver.execute_script("return window.waits")
    print(
        f"all after {time.time() - sent:.0f} s; tasks over 50 ms: {waits} while it filled, {brief} of the brief's page"
    )
    assert len(chromium.all(".paragraph > li")) == SENTENCES
