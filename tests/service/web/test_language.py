"""The pages' own strings: none is left untranslated, and every page is in one language and says which.

A string that fails here is to be marked in its template (`{{ _("...") }}`), and put into service/web/words/ar.po.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from babel.messages.extract import extract

import service
from models.briefs import chat_server, support
from models.briefs.abstractive import NOTES
from models.checks import fidelity
from models.checks.numbers.words import WORDS
from models.stories import counted, in_words
from models.stories.compared import LIMITS
from service.articles import kinds
from service.config import Settings
from service.core import offers
from service.errors import FULL, TOO_LARGE
from service.jobs import records, runner
from service.output import durations, remarks
from service.requests import bodies
from service.web import jobs, language, reading
from service.web.pages import LABELS, TRUSTED
from service.web.preferences import LANGUAGES, THEMES
from service.web.shelf import MARKS
from tests import tiny
from tests.conftest import cases
from tests.jobs import ended
from tests.messages import HOLE, messages
from tests.pages import VOID, Page, sample

ROOT = Path(service.__file__).parents[1]
TEMPLATES = [path for path in sorted(Path(language.__file__).parent.glob("templates/*.html")) if path.stem != "api"]
SPOKEN = {"title", "aria-label", "placeholder", "alt"}  # attributes that people read
NAMES = re.compile(
    r"[\W\d_]+|Mujaz|JSON|Word|Markdown|https?|Gemma Terms of Use|Gemma|doubtful|\b[a-z]\b|Apache|"
    r"Noto Naskh Arabic|OFL|MUJAZ_\w+"
)


def marked() -> dict[str, str]:
    """{string: where it stands} of all that goes through the catalogue."""
    found = {}
    for path in TEMPLATES:
        with path.open("rb") as file:
            found |= {words: path.name for _, words, _, _ in extract("jinja2", file)}
    for module in (reading, language, remarks, fidelity, records, durations):
        with open(module.__file__, "rb") as file:
            found |= {words: module.__name__ for _, words, _, _ in extract("python", file, keywords={"say": None})}
    constants = [FULL, runner.NO_ROOM, *jobs.HEADS.values(), *MARKS.values()]
    constants += [*NOTES.values(), *LIMITS, *LABELS.values(), *THEMES.values(), *(words for _, words in TRUSTED)]
    makers = [json.loads(path.read_text("utf-8")).get("warning") for path in ROOT.glob("models/*/mujaz.json")]
    constants += [remarks.WORDS, remarks.CONFIDENCE, *map(remarks.warning, [None, *makers])]
    return found | dict.fromkeys(constants, "a constant")


@pytest.mark.parametrize("of", [code for code in LANGUAGES if code != "en"])
def test_every_string_has_its_translation(of):
    known, strings = language.catalogue(of), marked()
    assert len(strings) > 150
    assert {words: where for words, where in strings.items() if known.gettext(words) == words} == {}
    values = re.compile(r"%\(\w+\)s|\{\w+\}")
    wrong = [w for w in strings if sorted(values.findall(w)) != sorted(values.findall(known.gettext(w)))]
    assert wrong == [], "a translation has other values than its string"


TELLING = [
    ROOT / "service" / name
    for name in "jobs access/browsers.py access/entry.py access/limits.py articles requests store web".split()
]
TELLING += [ROOT / "service" / f"{name}.py" for name in "load errors core comparison records".split()]
TELLING += [ROOT / "models" / name for name in ("pipeline.py", "briefs", "checks/legible.py")]


def told() -> set[str]:
    """What other parts of Mujaz tell, with holes for values."""
    paths = [one for path in TELLING for one in ([path] if path.suffix else path.rglob("*.py"))]
    found = {text for path in paths for text in messages(path) if "SELECT" not in text}
    found |= {*chat_server.REFUSED.values(), *filter(None, support._UNSUPPORTED.values()), *kinds._ADVICE.values()}
    templates = [*bodies.MESSAGES.values(), bodies.TOO_LONG, bodies.TOO_LONG_TO_WAIT, TOO_LARGE]
    found |= {re.sub(r"{\w+(:,)?}", HOLE, words) for words in templates}
    return found | {reason for offer in offers(Settings()) for reason in (offer.description, offer.reason) if reason}


def test_what_other_parts_of_mujaz_say_has_its_translation():
    said = told()
    assert len(said) > 180
    for words in said:
        values = [f"v{number}" for number in range(words.count(HOLE))]
        sample = words.replace(HOLE, "%s") % tuple(values)
        found = language.reworded(sample, "ar")
        assert re.search("[ء-ي]{2}", found) and all(value in found for value in values), f"{sample!r}: {found!r}"
        assert language.reworded(sample, "en") == sample


def test_what_figures_count_has_its_translation():
    money = {f"money {value}" for role, value in WORDS.values() if role == "currency"}
    days = {f"day of month {month}" for month in in_words.MONTHS}
    kinds = {
        *counted.STATES,
        *counted.THINGS,
        *(f"dead {name}" for name in counted.THINGS),
        "persons",
        "percent",
        "year",
    }
    for what in kinds | money | days:
        assert not re.search("[a-z]", in_words.thing(what, language.catalogue("ar").gettext)), what


class Bare(HTMLParser):
    """What a page says in each language: text, and the attributes that people read."""

    def __init__(self, html: str, at: str = "") -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self._languages = [at]
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        now = given.get("lang") or self._languages[-1]
        self.said += [(self._languages[-1], words) for name, words in attrs if name in SPOKEN and words]
        if tag not in VOID:
            self._languages.append(now)

    def handle_endtag(self, tag):
        self._languages.pop()

    def handle_data(self, data):
        if data.strip():
            self.said.append((self._languages[-1], data.strip()))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_that_is_not_marked(path):
    tokens = jinja2.Environment(autoescape=True).lex(path.read_text(encoding="utf-8"))
    html = "".join(value if kind == "data" else "" for _, kind, value in tokens)
    left = [re.sub('[a-z-]+="[^"]*"', "", words) for _, words in Bare(html).said]  # attributes out of macros
    assert [words for words in left if re.search("[a-z]{2}", NAMES.sub(" ", words))] == []


@pytest.fixture
def pages(client, store):
    """The paths of a page of every kind, their content made up where it has to be."""
    title, text = sample()
    for number in (12, 15):
        told = f"قتل {number} شخصا في حريق سوق المدينة القديمة يوم 15 رمضان 1445 هـ."
        record = client.post("/api/v1/briefs", json={"title": title, "text": f"{told}\n\n{text}"}).get_json()
        for sentence, flag in zip(record["translation"]["sentences"], fidelity.FLAGS, strict=False):
            sentence |= {"flags": [flag], "confidence": 0.6}
        record["translation"]["names"] = [
            {"arabic": "عادل", "english": "Adel", "sentences": [3], "changed": [{"sentence": 3, "was": "Adil"}]}
        ]
        record["id"] = f"made-up-{number}"
        store.add(record, text)
    client.put("/api/v1/briefs/made-up-12/tags", json={"tags": ["to check", "السودان"]})
    articles = [{"text": arabic} for arabic, _ in tiny.trained_pairs()[:2]]
    job = client.post("/api/v1/jobs", json={"articles": articles}).location
    ended(client, job)
    briefs = "/briefs/made-up-12"
    views = [f"{briefs}?view=english", f"{briefs}?view=brief", f"{briefs}?show=doubtful", f"{briefs}?show=unmarked"]
    compared = "/digests?id=made-up-12&id=made-up-15&one=1"
    lists = ["/briefs", "/briefs?q=none", "/briefs?flag=any", "/briefs?to=2020-01-01", compared, "/digests?id=x"]
    return ["/", "/?sample=1", briefs, *views, *lists, "/briefs/none", job.removeprefix("/api/v1")]


def test_a_page_is_in_one_language_and_says_which(client, pages):
    for of, other, run in (("en", "[ء-ي]", "ltr"), ("ar", "[A-Za-z]{2}", "rtl")):
        for path in pages:
            page = client.get(path, headers={"Accept": "text/html", "Accept-Language": of})
            html = Page(page.text).one("html").attributes
            assert (html["lang"], html["dir"], page.headers["Content-Language"]) == (of, run, of), path
            own = [words for at, words in Bare(page.text).said if at == of]
            # Lines on names quote both languages, and a flag may quote what another model reads.
            quoted = re.compile("[“«].*?[”»]|«?\u2068.*?\u2069»?|for [ء-ي]+|\\([^)]*\\)")
            assert [words for words in own if re.search(other, NAMES.sub(" ", quoted.sub(" ", words)))] == [], path


def test_what_is_wrong_is_told_in_the_language_of_the_page(client):
    arabic = {"Accept-Language": "ar", "Accept": "text/html"}
    told = []
    for fields, _ in cases("wrong-forms"):
        told += [one.text for one in Page(client.post("/", data=fields, headers=arabic).text).all("p", class_="error")]
    for query in ("from=1", "to=2026-13-01", "from=2026-02-30", "flag=x", f"q={'x' * 201}", "before=0", "before=x"):
        told.append(Page(client.get(f"/briefs?{query}", headers=arabic).text).one("main").text)
    told += [Page(client.get(path, headers=arabic).text).one("main").text for path in ("/briefs/x", "/digests?id=x")]
    client.application.extensions["mujaz"].load.draining.set()
    told.append(Page(client.post("/", data={"text": "خبر."}, headers=arabic).text).one("p", role="alert").text)
    assert len(told) > 15
    for words in told:
        own = re.sub("\u2068.*?\u2069|\\(extractive\\)", "", words)
        assert re.search("[ء-ي]{2}", own) and not re.search("[a-z]{3}", NAMES.sub(" ", own)), words


def test_the_language_is_asked_for_remembered_and_else_the_browsers(client):
    def html(path="/", **headers):
        return Page(client.get(path, headers=headers).text).one("html").attributes["lang"]

    arabic = {"Accept-Language": "fr, ar-LB;q=0.8, en;q=0.5"}
    assert html() == "en" and html(**{"Accept-Language": "fr"}) == "en" and html(**arabic) == "ar"
    assert html("/?lang=en", **arabic) == "en" and html(**arabic) == "en", "kept"
    assert html("/?lang=xx") == "en" and html("/briefs?q=a&lang=ar") == "ar" and html() == "ar"
    link = Page(client.get("/briefs?q=a&lang=ar").text).one("a", hreflang="en")
    assert link.attributes["href"] == "?q=a&lang=en" and link.attributes["lang"] == "en"
    assert not Page(client.post("/", data={"text": "no"}).text).all("a", hreflang="en"), "it would lose what was typed"


def test_the_colours_are_asked_for_and_remembered(client):
    dark = "dark", "dark"
    for path, theme, scheme in (("/", "auto", "light dark"), ("/?theme=dark", *dark), ("/briefs", *dark)):
        page = Page(client.get(path).text)
        assert page.one("html").attributes["data-theme"] == theme
        assert page.one("meta", name="color-scheme").attributes["content"] == scheme
    assert page.one("a", aria_current="true").attributes["href"] == "?theme=dark"
    assert Page(client.get("/?theme=pink").text).one("html").attributes["data-theme"] == "dark"
    assert Page(client.get("/?theme=auto&lang=ar").text).one("html").attributes["data-theme"] == "auto"


def test_a_text_to_paste_is_english_whatever_the_pages_are(client, pages):
    client.get("/?lang=ar")
    text = client.get("/briefs/made-up-12.txt").text
    assert "BRIEF (numbers" in text and fidelity.FLAGS["empty"] in text and "There is some doubt" in text
    assert "Date: 15 Ramadan 1445 AH is 25 March 2024: computed by the calendar of Umm al-Qura" in text


def test_what_is_not_ours_is_never_markup(client, pages):
    """The catalogue's strings are markup, what others say is not, also where it is looked up in the catalogue."""
    for lang in LANGUAGES:
        for path in ("/briefs?q=<b>x</b>%25(y)s", "/digests?id=<b>%25", "/briefs/<b>%25s"):
            page = client.get(path, headers={"Accept": "text/html", "Accept-Language": lang})
            assert "<b>" not in page.text and page.status_code < 500, path


@pytest.mark.parametrize("unit", [": ", "; ", " (", ", ", "x: ", "x (y) ", "%s", "a, b; "])
def test_what_is_no_message_comes_back_as_it_is(unit):
    for text in ("", unit, unit * 5, unit * (1000 // len(unit)), unit * 1000):
        found = language.reworded(text, "ar")
        assert re.sub("[\u2068\u2069]", "", found) == text
