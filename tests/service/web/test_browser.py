"""The pages in a real browser: headless Chromium, a wide and a narrow window, with and without JavaScript."""

from __future__ import annotations

import pytest

from service.web.pages import SHORT
from tests import tiny
from tests.chromium import By, WebDriverWait  # skips where there is no browser
from tests.conftest import HOLD
from tests.pages import sample

from selenium.common.exceptions import StaleElementReferenceException  # isort: skip
from selenium.webdriver.common.action_chains import ActionChains  # isort: skip
from selenium.webdriver.common.keys import Keys  # isort: skip

WIDTHS = (1280, 390)
STALE = (StaleElementReferenceException,)  # of a page that is on its way


@pytest.mark.parametrize("width", WIDTHS)
def test_a_newcomer_reads_a_brief_of_the_sample(browser, width):
    title, text = sample()
    browser.open("/", width)
    browser.assert_fits(width)
    browser.press("Try a sample article")
    assert browser.one("#title").get_property("value") == title
    assert browser.one("#text").get_property("value") == text
    browser.press("Translate and brief")
    assert browser.path.startswith("/briefs/")
    assert browser.one("h1").text
    browser.assert_fits(width)

    links = browser.all("a.source")
    assert links
    for link in links:
        number = link.text.strip("[]")
        link.click()
        assert browser.path.endswith(f"#s{number}")
        target = browser.one("li:target")
        assert target.get_attribute("id") == f"s{number}"
        assert "In the brief" in target.text
        view = browser.layout()["cssVisualViewport"]
        assert view["pageY"] <= target.rect["y"] < view["pageY"] + view["clientHeight"]

    for row in browser.all(".paragraph > li"):
        english, arabic = (row.find_element(By.CSS_SELECTOR, css).rect for css in (".english", ":scope > [lang=ar]"))
        if width == 1280:
            assert english["x"] + english["width"] <= arabic["x"]
            assert abs(english["y"] - arabic["y"]) < 10
        else:
            assert english["y"] + english["height"] <= arabic["y"]


def test_a_refused_article_stays_in_the_box(browser):
    browser.open("/")
    browser.one("#text").send_keys("No Arabic here")
    browser.press("Translate and brief")
    assert browser.path == "/"
    assert "no Arabic" in browser.one("#text-error").text
    assert browser.one("#text").get_property("value") == "No Arabic here"
    assert browser.one("#text").get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize("chromium", [True], indirect=True, ids=["javascript"])
def test_the_form_measures_what_is_typed_and_takes_what_is_dropped(browser, core, tmp_path):
    def typed(words: str) -> str:
        browser.one("#text").clear()
        browser.one("#text").send_keys(words)
        return browser.one("#size").text

    def runs() -> str:
        return browser.one("#text").value_of_css_property("direction")

    most = f"{(limit := core.settings.max_chars):,}"
    browser.open("/")
    assert runs() == "rtl" and typed("خبر من المدينة.") == f"15 of {most} characters", "nothing is known of the speed"
    assert runs() == "rtl"
    assert typed("News") == f"4 of {most} characters" and runs() == "ltr"
    core.pipeline.speed.add(100, 1000.0)
    browser.open("/")
    assert typed("خبر من المدينة.").endswith("; to be translated in about 3 min")
    browser.driver.execute_script("arguments[0].value = 'ب'.repeat(arguments[1])", browser.one("#text"), limit)
    browser.one("#text").send_keys("ا")
    assert browser.one("#size").text == f"{limit + 1:,} of {most} characters: too many"

    names = ["a.txt", "ب.txt"]
    for name in names:
        (tmp_path / name).write_text(tiny.trained_pairs()[0][0], encoding="utf-8")
        drop(browser, tmp_path / name)
    drop(browser, tmp_path)
    assert browser.one("#chosen").text == ", ".join(names), "one after the other, but no folder"
    browser.one("#text").clear()
    browser.press("Translate and brief")
    browser.comes_to("/jobs/")


def drop(browser, path) -> None:
    """Drop a file at the top of the page, as a file manager does."""
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        browser.driver.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, "x": 5, "y": 5, "data": data})


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(browser, client, width):
    long = "ب" * 300
    article = {"title": long, "text": f"{long} {'x' * 300} خبر.\nhttps://a.org/{'a' * 200}", "url": f"https://{long}"}
    brief = client.post("/", data=article).location
    for path in ("/", "/?sample=1", brief, "/briefs", f"/briefs?q={'z' * 300}", "/briefs/nothing"):
        browser.open(path, width)
        browser.assert_fits(width)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_doubtful_sentences_alone(browser, client, width):
    """The tiny model knows some sentences by heart, and loses the numbers of others."""
    text = "\n\n".join([tiny.trained_pairs()[0][0], sample()[1]])
    record = client.post("/api/v1/briefs", json={"text": text}).get_json()
    browser.open(f"/briefs/{record['id']}", width)
    every = len(browser.all(".paragraph > li"))
    browser.driver.find_element(By.PARTIAL_LINK_TEXT, "Only the").click()
    assert browser.path == f"/briefs/{record['id']}?show=doubtful#article"
    browser.assert_fits(width)
    assert 0 < len(browser.all(".paragraph > li")) < every
    browser.driver.find_element(By.PARTIAL_LINK_TEXT, "All ").click()
    assert len(browser.all(".paragraph > li")) == every


def test_a_brief_is_found_again_and_deleted(browser):
    browser.open("/")
    browser.one("#title").send_keys("خبر المدينة")
    browser.one("#text").send_keys("هذا خبر قصير عن المدينة.")
    browser.press("Translate and brief")
    path = browser.path
    browser.open("/briefs")
    browser.one("#q").send_keys("المدينة")
    browser.press("Search")
    assert browser.one(".briefs a").get_attribute("href") == browser.server + path
    browser.one(".briefs a").click()
    assert not browser.one(".delete button").is_displayed()
    browser.one(".delete summary").click()
    browser.press("Delete this brief")
    assert browser.path.startswith("/briefs?deleted=")
    assert not browser.all(".briefs a")
    browser.press("Undo")
    assert browser.path == path
    browser.one(".delete summary").click()
    browser.press("Delete this brief")
    browser.open(path)
    assert browser.one("h1").text == "Not Found"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_text_is_watched_and_ends_at_its_brief(browser, held, width):
    """With JavaScript its sentences come by themselves, else the page is loaded anew; a reload changes nothing."""
    lines = [arabic for arabic, _ in tiny.trained_pairs()[:SHORT]]
    browser.open("/", width)
    text = "\n\n".join([*lines, f"{HOLD} اليوم.", "وقالت الوزارة: خبر أخير."])
    browser.one("#text").send_keys(text)
    browser.press("Translate and brief")
    assert browser.path.startswith("/jobs/")
    wait = WebDriverWait(browser.driver, 60, ignored_exceptions=STALE)
    for _ in range(2):
        wait.until(lambda _: f" of {SHORT + 2} sentences" in browser.one("#line").text)
        wait.until(lambda _: [row.text for row in browser.all("#sentences > li > [lang=ar]")] == lines)
        assert [row.text for row in browser.all("#sentences .number")] == [str(i + 1) for i in range(SHORT)]
        browser.assert_fits(width)
        browser.driver.refresh()
    held.gate.set()
    wait.until(lambda _: browser.path.startswith("/briefs/"))
    assert browser.one("h1").text


def test_the_colours_are_the_systems_or_those_that_are_chosen(browser):
    def paper() -> str:
        return browser.one("body").value_of_css_property("background-color")

    browser.open("/")
    light, shades = paper(), []
    for system in ("light", "dark"):
        wanted = {"features": [{"name": "prefers-color-scheme", "value": system}]}
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wanted)
        for theme in ("Dark", "Light", "Auto"):
            browser.press(theme)
            shades.append(paper())
    dark = shades[0]
    assert dark != light and shades == [dark, light, light, dark, light, dark]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.mark.parametrize("width", WIDTHS)
def test_several_files_end_as_a_list_of_briefs(browser, tmp_path, width):
    paths = [tmp_path / f"{n}{'x' * 100}.txt" for n in range(3)]
    for path, (arabic, _) in zip(paths, tiny.trained_pairs(), strict=False):
        path.write_text(arabic, encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    browser.open("/", width)
    browser.one("#files").send_keys("\n".join(map(str, [*paths, tmp_path / "empty.txt"])))
    browser.press("Translate and brief")
    WebDriverWait(browser.driver, 60, ignored_exceptions=STALE).until(
        lambda _: len(browser.all(".briefs > li")) == 3 and "empty.txt: is empty" in browser.one("#done").text
    )
    assert browser.one("h1").text == "Done"
    browser.assert_fits(width)


@pytest.mark.parametrize("width", WIDTHS)
def test_briefs_are_tagged_filtered_and_deleted_in_the_list(browser, client, width):
    paths = [client.post("/", data={"text": f"وصل {n} شخصا إلى المدينة."}).location for n in (12, 15)]
    browser.open("/briefs?q=المدينة", width)
    browser.one(".briefs li:last-child .tags input[name=tag]").send_keys("السودان")
    browser.all(".briefs li:last-child .tags button")[0].click()
    WebDriverWait(browser.driver, 60, ignored_exceptions=STALE).until(lambda _: browser.all(".tagged"))
    assert "#brief-" in browser.path and "?q=" in browser.path, "one stays in the list"
    browser.assert_fits(width)
    browser.one("#tag option:last-child").click()
    browser.press("Search")
    assert [a.get_attribute("href") for a in browser.all(".briefs li > a")] == [browser.server + paths[0]]
    browser.driver.execute_cdp_cmd("Page.bringToFront", {})
    browser.one("#to").send_keys("01012020")
    browser.press("Search")
    assert "No brief matches" in browser.one("main").text and not browser.all(".briefs")
    browser.press("Show all briefs")
    browser.one(".briefs li:last-child .delete summary").click()
    browser.one(".briefs li:last-child .delete button").click()
    WebDriverWait(browser.driver, 60, ignored_exceptions=STALE).until(lambda _: len(browser.all(".briefs > li")) == 1)
    browser.assert_fits(width)
    browser.press("Undo")
    assert browser.server + browser.path == browser.server + paths[0]
    browser.one(".tagged button").click()
    WebDriverWait(browser.driver, 60, ignored_exceptions=STALE).until(lambda _: not browser.all(".tagged"))
    assert browser.path == paths[0]


@pytest.mark.parametrize("width", WIDTHS)
def test_briefs_are_ticked_and_compared(browser, client, width):
    for number, name in ((12, "أ"), (15, "ب")):
        text = f"قتل {number} شخصا في حريق سوق المدينة القديمة ليل السبت. وحضر رجال الإطفاء {name}."
        client.post("/", data={"text": text, "url": f"https://{'n' * 60}.example/{name}"})
    browser.open("/briefs", width)
    browser.assert_fits(width)
    for box in browser.all("input[type=checkbox]"):
        box.click()
    browser.press("Compare")
    assert browser.path.startswith("/digests?id=")
    browser.assert_fits(width)
    assert [said.text for said in browser.all(".said")] == ["12 (12 شخصا)", "15 (15 شخصا)"]
    browser.one(".line a").click()
    assert browser.one("li:target > [lang=ar]").text.startswith("قتل 12")
    browser.open("/digests?id=none", width)
    browser.assert_fits(width)
    assert "cannot be compared" in browser.one("[role=alert]").text


def test_the_keyboard_reaches_the_form_and_shows_where_it_is(browser):
    browser.open("/")
    browser.one("body").send_keys(Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Skip to the text"
    seen = []
    for _ in range(16):
        focused = browser.driver.switch_to.active_element
        assert focused.value_of_css_property("outline-style") == "solid"
        seen.append(focused.get_attribute("id"))
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()  # a field of files would take it for a path
        if focused.tag_name == "button":
            break
    fields = ["title", "text", "files", "url", "sentences", "summarizer", "min_confidence"]
    assert [name for name in seen if name] == fields


def test_a_person_signs_in_works_and_signs_out(browser, app):
    """What a real browser says of where a form comes from is enough, and its cookie comes back."""
    door = app.extensions["mujaz-door"]
    door.is_locked, token = True, door.keys.make("reader", {})
    browser.open("/briefs")
    assert browser.path == "/sign-in?next=/briefs"
    browser.assert_fits(1280)
    for key, path in (("wrong", "/sign-in"), (token, "/briefs")):
        browser.one("#key").send_keys(key)
        browser.press("Sign in")
        assert browser.path == path
    assert browser.driver.get_cookie("mujaz")["httpOnly"]
    browser.open("/?sample=1")
    browser.press("Translate and brief")
    assert browser.path.startswith("/briefs/")
    browser.press("Sign out")
    browser.open("/briefs")
    assert browser.path == "/sign-in?next=/briefs"
