import sqlite3
import threading

import pytest

from models.errors import NotFound, SettingError
from models.types import Contrast, Doubt, Judged, Omitted, Sentence, Translation
from service.store.briefs import Store
from service.store.database import MIGRATIONS


def record(number: int, text: str = "text", source: str = "عنوان") -> dict:
    return {
        "id": f"id{number}",
        "created_at": f"2026-01-01T00:00:{number:02}Z",
        "url": None,
        "title": {"source": source, "text": f"Title {number}"},
        "brief": {"sentences": [{"text": f"Brief {number}.", "sources": [0], "exact": False}]},
        "translation": {"text": text, "sentences": [{"source": "جملة", "text": text, "flags": []}]},
        "model": {"name": "m", "version": "1", "backend": "b", "compute_type": "int8", "quality": None},
        "signature": "s",
    }


def test_a_brief_comes_back_as_it_was_and_outlives_the_process(store, settings):
    store.add(record(1), "النص")
    again = Store(settings.data / "mujaz.sqlite3")
    assert again.get("id1") == record(1)
    with pytest.raises(NotFound):
        again.get("id2")


def test_newest_first_in_pages(store):
    for number in range(5):
        store.add(record(number), f"نص {number}")
    assert [item["id"] for item in store.list(limit=2)] == ["id4", "id3"]
    assert [item["id"] for item in store.list(limit=9, before=4)] == ["id2", "id1", "id0"]
    unjudged = {"flags": [], "confidence": None, "words": [], "contrast": None, "extra": None, "other": None}
    unjudged |= {"omitted": None}
    source = {"index": 0, "source": "جملة", "text": "text", **unjudged}
    assert store.list(limit=1)[0] == {
        "number": 5,
        "id": "id4",
        "created_at": "2026-01-01T00:00:04Z",
        "title": {"source": "عنوان", "text": "Title 4", **unjudged},
        "brief_text": "Brief 4.",
        "sentences": [{"text": "Brief 4.", "exact": False, "sources": [source]}],
        "model": {**record(4)["model"], "warning": None, "second": None},
        "tags": [],
    }
    store.delete("id3")
    assert [item["id"] for item in store.list(limit=1, before=4)] == ["id2"], "a page goes on after a deleted brief"


def test_delete_forgets_the_article_with_its_last_brief(store, settings):
    store.add(record(1), "نص")
    store.add(record(2), "نص")

    def articles() -> int:
        connection = sqlite3.connect(settings.data / "mujaz.sqlite3")
        return connection.execute("SELECT count(*) FROM article").fetchone()[0]

    assert articles() == 1
    store.delete("id1")
    assert articles() == 1
    store.delete("id2")
    assert articles() == 0 and store.list() == []
    with pytest.raises(NotFound):
        store.delete("id2")


def test_memory_is_keyed_by_sentence_and_signature(store):
    left_out = Omitted("ونعم", "And yes.")
    judged = Judged(0.7, (Doubt(0, 3, 0.001),), Contrast("Yes", "No"), "Yes", "No.", left_out)
    done = [Translation(Sentence(0, 0, 0, 3, "نعم"), "Yes", -0.5, ("numbers", "split"), judged)]
    store.remember(done, "a")
    store.remember(done, "a")
    assert store.recall(["نعم", "لا"], "a") == {"نعم": ("Yes", -0.5, ("numbers", "split"), judged)}
    assert store.recall(["نعم"], "b") == {}


def test_deleting_forgets_the_translations_of_its_sentences(store):
    store.add(record(1), "نعم")
    store.remember([Translation(Sentence(0, 0, 0, 3, text), "x") for text in ("نعم", "لا")], "a")
    store.delete("id1", ["نعم"])
    assert set(store.recall(["نعم", "لا"], "a")) == {"لا"}


@pytest.mark.parametrize("spoil", [lambda p: p.write_text("no database"), lambda p: p.mkdir()])
def test_a_store_that_cannot_be_used_says_which_setting_to_change(tmp_path, spoil):
    spoil(tmp_path / "mujaz.sqlite3")
    with pytest.raises(SettingError) as error:
        Store(tmp_path / "mujaz.sqlite3")
    assert "MUJAZ_DATA" in str(error.value)


def test_many_threads_at_once(store):
    def work(number):
        for i in range(10):
            store.add(record(number * 100 + i), f"نص {number} {i}")
            store.remember([Translation(Sentence(0, 0, 0, 1, f"{number} {i}"), "x")], "s")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.list(limit=100)) == 80


def test_migrations_are_numbered_and_applied_once(store, settings):
    Store(settings.data / "mujaz.sqlite3")
    connection = sqlite3.connect(settings.data / "mujaz.sqlite3")
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
