"""Records of briefs -> what they say of one story: each line with its sources, in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from models import code
from models.errors import InputError, NotFound
from models.stories.clashes import DENIAL, Clash, Together
from models.stories.compared import LIMITS, MOST, Article, Story, stories
from models.stories.counted import Figure
from models.stories.counterparts import Line
from models.text.normalize import normalize
from service.store.briefs import Store
from service.store.shelf import said

Record = dict[str, Any]


def compare_briefs(store: Store, ids: Sequence[str], one: bool) -> Record:
    """`comparison` of stored briefs. Raises InputError that names the ids of which there is no brief."""
    _check(ids)
    found, unknown = [], []
    for brief_id in ids:
        try:
            found.append(store.get(brief_id))
        except NotFound:
            unknown.append(brief_id)
    if unknown:
        raise InputError("ids", f"no brief {', '.join(map(repr, unknown))}")
    return comparison(found, one)


def comparison(records: Sequence[Record], one: bool = False) -> Record:
    """What briefs' records (of the API or the batch script) say of the stories that at least two of them tell.

    With `one` they are taken as one story. {"stories", "alone", "limits", "models", "signature"}; the same in whatever
    order the records come. Raises InputError for fewer than two, more than MOST, or one id twice.
    """
    _check([record["id"] for record in records])
    records = sorted(records, key=_oldest_first)
    found = stories([_article(record) for record in records], one)
    told = {number for story in found for number in story.articles}
    made_by = {str(record["model"]): record["model"] for record in records}
    return {
        "stories": [_story(story, records) for story in found],
        "alone": [_named(record) for number, record in enumerate(records) if number not in told],
        "limits": list(LIMITS),
        "models": [made_by[name] for name in sorted(made_by)],
        "signature": f"stories-{code.fingerprint('stories', 'briefs', 'checks', 'text')}",
    }


def _check(ids: Sequence[str]) -> None:
    if len(ids) < 2:
        raise InputError("ids", f"{len(ids)} given; at least two are needed")
    if len(ids) > MOST:
        raise InputError("ids", f"{len(ids)} given; at most {MOST} are compared at a time")
    if twice := [brief_id for brief_id, times in Counter(ids).items() if times > 1]:
        raise InputError("ids", f"given twice: {', '.join(map(repr, twice))}")


def outlet(record: Record) -> str:
    """Who says so: the host of the article's address, or else its title, or else its id."""
    host = urlsplit(record.get("url") or "").hostname
    return (host or "").removeprefix("www.") or record.get("outlet") or record["title"]["source"] or record["id"]


def _oldest_first(record: Record) -> tuple[str, str]:
    return record.get("created_at", ""), record["id"]


def _article(record: Record) -> Article:
    told = record["translation"]["sentences"]  # a line beside the article says nothing, and keeps its place
    sentences = tuple("" if "apart" in sentence["flags"] else sentence["source"] for sentence in told)
    title = record["title"]["source"]
    own = title and normalize(title) not in {normalize(sentence) for sentence in sentences}
    return Article(" ".join(_oldest_first(record)), title if own else None, sentences)


def _named(record: Record) -> Record:
    return {
        "id": record["id"],
        "outlet": outlet(record),
        "url": record.get("url"),
        "title": said(record["title"]),
        "sentences": len(record["translation"]["sentences"]),
    }


def _story(story: Story, records: Sequence[Record]) -> Record:
    rest: dict[int, list[int | None]] = {}
    for line in story.rest:
        rest.setdefault(line.article, []).append(line.index)
    return {
        "articles": [_named(records[number]) for number in story.articles],
        "agree": [_together(one, records) for one in story.agree],
        "differ": [_clash(clash, records) for clash in story.differ],
        "only": [{"sources": [_source(line, records)]} for line in story.only],
        "rest": [{"id": records[number]["id"], "sentences": indices} for number, indices in rest.items()],
    }


def _together(one: Together, records: Sequence[Record]) -> Record:
    return {
        "figures": [_figure(figure) for figure in one.figures],
        "differs": one.differs,
        "word_for_word": len({normalize(line.text) for line in one.lines}) == 1,
        "sources": [_source(line, records) for line in one.lines],
    }


def _clash(clash: Clash, records: Sequence[Record]) -> Record:
    denial = clash.what == DENIAL
    return {
        "kind": "denial" if denial else "figure",
        "counted": None if denial else _counted(clash.what),
        "rough": clash.rough,
        "values": [
            {
                "figure": _figure(value.figure) if value.figure else None,
                "denies": denial and number == 0,
                "sources": [_source(line, records) for line in value.lines],
            }
            for number, value in enumerate(clash.values)
        ],
    }


def _figure(figure: Figure) -> Record:
    """A figure: its value, its words in the Arabic, and what it counts, in English if that is known."""
    return {"value": figure.values[0], "said": figure.said, "counted": _counted(figure.what)}


def _counted(what: str) -> str | None:
    return None if what.startswith("word ") else what


def _source(line: Line, records: Sequence[Record]) -> Record:
    """A sentence of an article, or its title (`index` None), in both languages."""
    record = records[line.article]
    one = record["title"] if line.index is None else record["translation"]["sentences"][line.index]
    return {"id": record["id"], "outlet": outlet(record), "index": line.index, **said(one)}
