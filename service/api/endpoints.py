"""The JSON endpoints: /api/v1/briefs, /api/v1/translations, checks, digests, summarizers, and health."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, request, stream_with_context, url_for

from models.doubts.pairs import Pair
from models.errors import MujazError
from models.types import Document
from service.comparison import compare_briefs
from service.core import current
from service.errors import describe
from service.load import admit
from service.records import model_record, offer_record, sentence_record, translation_record
from service.requests.bodies import awaited, validate
from service.requests.schemas import BriefRequest, CheckRequest, DigestRequest, TranslationRequest
from service.requests.selection import ListRequest, TagsRequest

NDJSON = "application/x-ndjson"
Item = TypeVar("Item")


def blueprint() -> Blueprint:
    """The endpoints; register at the root."""
    api = Blueprint("api", __name__)
    api.post("/api/v1/briefs")(post_brief)
    api.get("/api/v1/briefs")(list_briefs)
    api.get("/api/v1/briefs/<brief_id>")(get_brief)
    api.delete("/api/v1/briefs/<brief_id>")(delete_brief)
    api.get("/api/v1/briefs/<brief_id>/tags")(get_tags)
    api.put("/api/v1/briefs/<brief_id>/tags")(put_tags)
    api.post("/api/v1/translations")(post_translation)
    api.post("/api/v1/checks")(post_checks)
    api.post("/api/v1/digests")(post_digest)
    api.get("/api/v1/summarizers")(list_summarizers)
    api.get("/healthz")(healthz)
    api.get("/readyz")(readyz)
    return api


def post_brief() -> Any:
    """Translate, brief and store an article."""
    admit()
    wanted = validate(BriefRequest, awaited(request, current().settings))
    job = current().start(wanted.text, wanted.title, wanted.url, wanted.wish)
    finish = current().finish
    if wants_stream():
        sentences = ({"type": "sentence", **sentence_record(translation)} for translation in job)
        return stream(chain(sentences, ({"type": "brief", **finish(j)} for j in [job])))
    record = finish(job)
    return record, 201, {"Location": url_for("api.get_brief", brief_id=record["id"])}


def list_briefs() -> Any:
    """Earlier briefs that are wanted, newest first; `next` is the `before` of the following page, null on the last."""
    wanted = validate(ListRequest, {name: value for name, value in request.args.items() if value})
    found = current().store.list(wanted.limit + 1, wanted.before, wanted.filter)
    page = found[: wanted.limit]
    return {"briefs": page, "next": page[-1]["number"] if len(found) > wanted.limit else None}


def get_brief(brief_id: str) -> Any:
    """One brief, as it was answered."""
    return current().store.get(brief_id)


def delete_brief(brief_id: str) -> Any:
    """Forget a brief and its article."""
    current().bin.delete(brief_id)
    return "", 204


def get_tags(brief_id: str) -> Any:
    """What a brief is tagged with."""
    return {"tags": current().store.tags(brief_id)}


def put_tags(brief_id: str) -> Any:
    """Tag a brief with these and no others."""
    wanted = validate(TagsRequest, awaited(request, current().settings))
    current().store.tag(brief_id, wanted.tags)
    return get_tags(brief_id)


def post_translation() -> Any:
    """Translate one text, or several as one batch; nothing is stored but the translation memory."""
    admit()
    wanted = validate(TranslationRequest, awaited(request, current().settings))
    texts = wanted.texts if wanted.texts is not None else [wanted.text or ""]
    if wants_stream():
        return stream_translations(texts)
    results = list(current().translations(texts))
    return results[0] if wanted.texts is None else {"translations": results}


def stream_translations(texts: list[str]) -> Response:
    """One line a sentence, with the number of its text, then one line a text with the whole translation."""
    pipeline = current().pipeline
    info = {"model": model_record(pipeline.translator.info), "signature": pipeline.text_signature}

    def lines() -> Iterator[dict]:
        jobs = [pipeline.begin(Document(str(i), text)) for i, text in enumerate(texts)]
        for number, job in enumerate(jobs):
            for translation in job:
                yield {"type": "sentence", "text_index": number, **sentence_record(translation)}
            _, body, wording = job.finish()
            yield {"type": "translation", "text_index": number, **translation_record(body, wording), **info}

    return stream(lines())


def post_checks() -> Any:
    """What is to be doubted in translations that someone already has; nothing is stored."""
    admit()
    wanted = validate(CheckRequest, awaited(request, current().settings))
    info = current().pipeline.translator.info
    checks = current().checks([Pair(pair.arabic, pair.english) for pair in wanted.pairs])
    return {"checks": checks, "model": model_record(info)}


def post_digest() -> Any:
    """What several briefs say of one story; nothing is stored."""
    wanted = validate(DigestRequest, awaited(request, current().settings))
    return compare_briefs(current().store, wanted.ids, wanted.one_story)


def list_summarizers() -> Any:
    """What can make a brief here, and what cannot and why."""
    return {"summarizers": [offer_record(offer) for offer in current().summarizers]}


def healthz() -> Any:
    """The process is alive."""
    return {"status": "ok"}


def readyz() -> Any:
    """200 while requests are taken: once the model is loaded, until the server is stopped; else 503 and why."""
    state = current().state()
    if state != "ready":
        return {"status": state}, 503, {"Retry-After": "2"}
    info = current().model_info
    return {"status": state, "model": model_record(info) if info else None}


def wants_stream() -> bool:
    """True if the client would rather have one line a sentence."""
    return request.accept_mimetypes.best_match(["application/json", NDJSON]) == NDJSON


def stream(items: Iterable[dict]) -> Response:
    """One JSON line an item. The first is made before the answer starts, so that its errors have a status;
    a later failure is the last line, with type "error"."""
    iterator = iter(items)
    first = next(iterator)

    def lines() -> Iterator[str]:
        try:
            for item in chain([first], iterator):
                yield json.dumps(item, ensure_ascii=False) + "\n"
        except Exception as error:
            if not isinstance(error, MujazError):
                current_app.logger.exception("a stream broke off")
            yield json.dumps({**describe(error), "type": "error"}, ensure_ascii=False) + "\n"

    return Response(stream_with_context(lines()), mimetype=NDJSON)
