"""A brief's page as it is read: with a pointer, by keyboard alone, without JavaScript, in both languages and themes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.web.preferences import LANGUAGES
from tests.chromium import Browser, By, WebDriverWait
from tests.pages import sample

from selenium.webdriver import ActionChains  # isort: skip
from selenium.webdriver.common.keys import Keys  # isort: skip

AXE = (Path(__file__).parents[2] / "data" / "axe" / "axe.min.js").read_text(encoding="utf-8")
WEIGHT = 150_000  # bytes of a page's files
scripted = pytest.mark.parametrize("chromium", [True], indirect=True, ids=["javascript"])


@pytest.fixture
def article(client, store) -> str:
    """The address of a brief of the sample whose marks are made up: sentences 2 and 5 are doubtful."""
    title, text = sample()
    body = f"قتل 12 شخصا في حريق سوق المدينة يوم 15 رمضان 1445 هـ.\n\n{text}"
    record = client.post("/api/v1/briefs", json={"title": title, "text": body, "url": "https://a.example/1"}).get_json()
    sentences = record["translation"]["sentences"]
    for sentence in (record["title"], *sentences):
        sentence |= {"text": f"English {sentence.get('index')} text.", "flags": [], "confidence": 0.9, "words": []}
    sentences[1] |= {"flags": ["numbers"], "confidence": 0.6, "words": [{"start": 0, "end": 7, "probability": 0.01}]}
    sentences[4]["flags"] = ["unsure"]
    record["translation"]["names"] = [{"arabic": "منصور", "english": "Mansour", "sentences": [3], "changed": []}]
    points = [([0], True), ([3, 5], False)]
    record["brief"]["sentences"] = [
        {"text": sentences[of[0]]["text"], "sources": of, "exact": exact} for of, exact in points
    ]
    record["id"] = "read"
    store.add(record, body)
    return "/briefs/read"


def lit(browser: Browser) -> list[str]:
    return [one.get_attribute("id") or "point" for one in browser.all(".lit")]


def press(browser: Browser, *keys: str) -> None:
    ActionChains(browser.driver).send_keys(*keys).perform()


def focused(browser: Browser):
    return browser.driver.switch_to.active_element


def copied(browser: Browser, *keys: str) -> str:
    """What is in the clipboard once the page says that these keys have copied it."""
    allowed = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.driver.execute_cdp_cmd("Browser.grantPermissions", allowed)
    told = browser.one("#told")
    browser.driver.execute_script("arguments[0].textContent = ''", told)
    press(browser, *keys)
    WebDriverWait(browser.driver, 60).until(lambda _: told.get_property("textContent") == "Copied.")
    read = "const done = arguments[0]; (window.real || navigator.clipboard).readText().then(done, done)"
    return browser.driver.execute_async_script(read)


def tab_to(browser: Browser, wanted: str) -> None:
    """Press Tab until the element with these words, this name or this label has the focus."""
    for _ in range(120):
        press(browser, Keys.TAB)
        names = [focused(browser).get_attribute(name) for name in ("textContent", "aria-label", "id")]
        if wanted in [(name or "").strip() for name in names]:
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


@scripted
def test_pointing_at_a_sentence_lights_its_twins_and_tapping_keeps_them(browser, article):
    browser.open(article)
    point, row = browser.all(".brief > li")[1], browser.one("#s6 > p")
    for where, wanted in ((point, ["point", "s4", "s6"]), (row, ["point", "s6"]), (browser.one("#s3 p"), ["s3"])):
        ActionChains(browser.driver).move_to_element(where).perform()
        assert lit(browser) == wanted
    shade = browser.one("#s3 > p").value_of_css_property("background-color")
    colours = [browser.one(f"#s{n}").value_of_css_property("background-color") for n in (3, 2)]
    assert colours[0] != colours[1] and shade == "rgba(0, 0, 0, 0)", "both sides of the row are lit"
    browser.all(".brief .source")[1].click()
    assert browser.path == f"{article}#s4" and lit(browser)[0] == "point"


@scripted
def test_everything_is_done_by_keys(browser, article):
    browser.open(article)
    press(browser, "jnj")
    assert focused(browser).text == "3" and lit(browser) == ["s3"]
    press(browser, "p")
    assert focused(browser).text == "2"
    press(browser, "f")
    assert focused(browser).text == "5"
    press(browser, "kkk")
    lines = copied(browser, "c").split("\n")
    source = browser.one("#s2 > p").text
    assert lines[:2] == ["English(?) 1 text.", source] and lines[-1] == f"{browser.server}{article}#s2"
    assert any("A number in the source is not in the translation." in line for line in lines), "and what is noted there"
    press(browser, "jj", Keys.ESCAPE)
    assert "د. عادل منصور، إن العمل سيبدأ" in copied(browser, "c"), "without the letters above"
    browser.driver.execute_script("document.activeElement.blur()")
    brief = copied(browser, "c")
    assert "- English 0 text. [1]" in brief and "[4] [6]" in brief and "check it against the Arabic" in brief

    press(browser, "?")
    assert browser.one("#keys").is_displayed()
    press(browser, "j", Keys.ESCAPE)
    assert not browser.one("#keys").is_displayed() and focused(browser).tag_name != "a"
    press(browser, "/")
    assert focused(browser).get_attribute("name") == "q"
    press(browser, "jfc?/", Keys.ENTER)
    browser.comes_to("/briefs?q=jfc%3F%2F")  # in a field a key is a letter


@scripted
def test_letters_can_be_turned_off_and_copying_works_without_a_clipboard(browser, article):
    browser.open(article)
    browser.driver.execute_script(
        "window.real = navigator.clipboard; Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    )
    tab_to(browser, "Copy the translation")
    text = copied(browser, Keys.ENTER)
    sentences = [f"English {n} text." for n in range(10) if n != 1]
    assert all(sentence in text for sentence in sentences) and "English(?) 1 text." in text
    assert "[2] Note: A number" in text and "check it against the Arabic" in text
    assert focused(browser).get_attribute("data-copy") == "article", "the focus stays"
    tab_to(browser, "Keys")
    press(browser, Keys.ENTER)
    tab_to(browser, "letters")
    press(browser, Keys.SPACE, Keys.ESCAPE, "j")
    assert focused(browser).get_attribute("id") == "help"
    browser.open(article)
    press(browser, "j")
    assert focused(browser).tag_name == "body", "and stay off"
    browser.driver.execute_script("localStorage.clear()")


@scripted
def test_a_newcomer_comes_from_the_form_to_a_deleted_brief_by_keyboard_alone(browser):
    browser.open("/")
    tab_to(browser, "Try a sample article")
    press(browser, Keys.ENTER)
    browser.comes_to("/?sample=1")
    tab_to(browser, "Translate and brief")
    press(browser, Keys.ENTER)
    browser.comes_to("/briefs/")
    path = browser.path
    for words, ending in (
        ("English only", "?view=english#article"),
        ("Brief only", "?view=brief#article"),
        ("Side by side", "#article"),
        ("Hide the doubtful", "?show=unmarked#article"),
        ("1", "?show=unmarked#s1"),
    ):
        if browser.driver.find_elements(By.LINK_TEXT, words):
            tab_to(browser, words)
            press(browser, Keys.ENTER)
            browser.comes_to(path + ending, path + "#s1")
    tab_to(browser, "العربية")
    press(browser, Keys.ENTER)
    browser.comes_to(f"{path}?lang=ar", f"{path}?show=unmarked&lang=ar")
    assert browser.one("html").get_attribute("dir") == "rtl"
    tab_to(browser, "English")
    press(browser, Keys.ENTER)
    browser.comes_to(f"{path}?lang=en", f"{path}?show=unmarked&lang=en")
    tab_to(browser, "How this was made")
    press(browser, Keys.ENTER)
    assert browser.one("dl").is_displayed()
    tab_to(browser, "Delete")
    press(browser, Keys.ENTER)
    tab_to(browser, "Delete this brief")
    press(browser, Keys.ENTER)
    browser.comes_to("/briefs?deleted=")
    tab_to(browser, "Undo")
    press(browser, Keys.ENTER)
    browser.comes_to(path)


@scripted
@pytest.mark.slow
def test_every_action_once_by_keyboard_alone(browser, article):
    def does(words: str, *leads: str) -> None:
        tab_to(browser, words)
        press(browser, Keys.ENTER)
        browser.comes_to(*leads)

    browser.open("/")
    tab_to(browser, "text")
    press(browser, "ورحب التجار بالخطوة الجديدة في الميناء.")
    does("Translate and brief", "/briefs/")
    written = browser.path
    press(browser, "j")
    assert focused(browser).text == "1" and "الميناء" in copied(browser, "c")
    tab_to(browser, "Copy the brief")
    assert f"{browser.server}{written}" in copied(browser, Keys.ENTER)
    tab_to(browser, "New tag")
    press(browser, "harbour", Keys.ENTER)
    WebDriverWait(browser.driver, 60).until(lambda _: browser.all(".tagged"))
    for words, theme in (("Dark", "dark"), ("Auto", "auto")):
        does(words, f"{written}?theme={theme}")
        assert browser.one("html").get_attribute("data-theme") == theme
    does("العربية", f"{written}?theme=auto&lang=ar")
    does("English", f"{written}?theme=auto&lang=en")

    does("Earlier briefs", "/briefs")
    tab_to(browser, "q")
    press(browser, "harbour", Keys.ENTER)
    browser.comes_to("/briefs?q=harbour")
    does("Show all briefs", "/briefs")
    tab_to(browser, "tag")
    press(browser, "harbour", Keys.ENTER)
    does("Search", "/briefs?q=&from=&to=&flag=&tag=harbour")
    does("Remove the tag “harbour”", "/briefs?")
    does("Earlier briefs", "/briefs")
    for _ in range(2):
        tab_to_box(browser)
        press(browser, Keys.SPACE)
    does("Compare", "/digests?id=")
    assert browser.one("h1").text == "2 briefs compared"

    browser.open(article)
    does("Only the 2 doubtful", f"{article}?show=doubtful")
    tab_to(browser, "Delete")
    press(browser, Keys.ENTER)
    does("Delete this brief", "/briefs?deleted=read")
    does("Undo", article)


def tab_to_box(browser: Browser) -> None:
    """Press Tab until the next box that can be ticked has the focus."""
    for _ in range(60):
        press(browser, Keys.TAB)
        if focused(browser).get_attribute("type") == "checkbox":
            return
    raise AssertionError("the keyboard reaches no box")


def test_the_views_and_the_filter_need_no_javascript(browser, article):
    browser.open(article)
    assert [e.text for e in browser.all("rt")] == ["Mnṣūr"]
    assert "25 March 2024: computed" in browser.one("#s1").text
    for words, arabic, rows in (("English only", 0, 10), ("Brief only", 3, 0), ("Side by side", 10, 10)):
        browser.driver.find_element(By.LINK_TEXT, words).click()
        assert len(browser.all(".paragraph > li")) == rows
        assert len(browser.all("section p[lang=ar]")) == arabic, words
        assert browser.one("h1").is_displayed() and len(browser.all(".brief > li")) == 2
    browser.driver.find_element(By.LINK_TEXT, "Hide the doubtful").click()
    assert len(browser.all(".paragraph > li")) == 8
    assert "2 doubtful sentences are hidden" in browser.one("section .notice").text
    browser.driver.find_element(By.LINK_TEXT, "Only the 2 doubtful").click()
    assert [row.get_attribute("id") for row in browser.all(".paragraph > li")] == ["s2", "s5"]


@scripted
@pytest.mark.parametrize("width", (390, 1280))
def test_arabic_pages_keep_english_on_the_left_and_fit(browser, article, width):
    for path in (f"{article}?lang=ar", "/", "/briefs", "/briefs/none"):
        browser.open(path, width)
        browser.assert_fits(width)
    browser.open(article, width)
    english, arabic = (browser.one(f"#s1 {css}").rect for css in (".english", "> [lang=ar]"))
    assert english["x"] + english["width"] <= arabic["x"] if width == 1280 else english["y"] < arabic["y"]
    browser.open("/?lang=en")


@scripted
def test_a_page_is_light_and_asks_no_other_host(browser, article):
    browser.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    browser.open(article)
    loaded = "return performance.getEntriesByType('resource').map(one => [one.name, one.encodedBodySize])"
    browser.driver.execute_async_script("document.fonts.ready.then(arguments[0])")
    files = dict(browser.driver.execute_script(loaded))
    assert all(name.startswith(f"{browser.server}/static/") for name in files)
    assert {Path(name.partition("?")[0]).suffix for name in files} >= {".css", ".js", ".woff2"}
    assert 0 < sum(files.values()) < WEIGHT


def test_static_files_are_kept_and_their_addresses_name_what_is_in_them(client):
    page = client.get("/").text
    assert "/static/site.css?v=" in page
    for path in ("site.css", "reading.js", "fonts/noto-naskh-arabic-5.3.0.woff2"):
        headers = client.get(f"/static/{path}").headers
        assert "max-age=31536000" in headers["Cache-Control"], path


@scripted
def test_those_who_want_less_motion_and_those_who_print(browser, article):
    def motion(wanted: str) -> str:
        feature = {"name": "prefers-reduced-motion", "value": wanted}
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        return browser.one("html").value_of_css_property("scroll-behavior")

    browser.open(article)
    assert motion("no-preference") == "smooth" and motion("reduce") == "auto"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = (".site nav", ".find", ".bar", ".tools", ".copy", "article > footer .actions")
    assert not any(one.is_displayed() for css in hidden for one in browser.all(css))
    assert browser.one("#s1 > p").is_displayed() and browser.one("aside .notice").is_displayed()
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def violations(browser: Browser, theme: str, **options) -> list[str]:
    """What axe finds wrong with the page that is open, in a theme."""
    feature = {"name": "prefers-color-scheme", "value": theme}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    run = "const [options, done] = arguments; axe.run(document, options).then(r => done(JSON.stringify(r.violations)))"
    found = json.loads(browser.driver.execute_async_script(run, {"resultTypes": ["violations"], **options}))
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


BRIEFS = (
    "/briefs/read?view=brief /briefs/read?view=english&show=unmarked /briefs/read?show=doubtful /briefs /briefs?q=no"
)
OTHERS = f"/?sample=1 {BRIEFS} /digests?id=read&id=other&one=1 /digests?id=none /briefs/none /api/docs".split()


@scripted
@pytest.mark.parametrize(
    "paths", [["/", "/briefs/read"], pytest.param(OTHERS, marks=pytest.mark.slow)], ids=["main", "others"]
)
def test_axe_finds_nothing_in_both_languages_and_themes(browser, article, client, store, paths):
    store.add({**client.get("/api/v1/briefs/read").get_json(), "id": "other"}, sample()[1])
    for path in paths:
        for language in LANGUAGES:
            browser.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
            browser.driver.execute_script(AXE)
            assert violations(browser, "light") == [], (path, language)
            assert violations(browser, "dark", runOnly=["color-contrast"]) == [], (path, language)
    browser.open("/?lang=en")
    browser.one("#text").send_keys("No Arabic here")
    browser.press("Translate and brief")
    browser.driver.execute_script(AXE)
    assert violations(browser, "light") == []
    browser.driver.execute_script("document.querySelector('.error').style.color = '#ccc'")
    assert "color-contrast" in str(violations(browser, "light")), "it can find something"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
