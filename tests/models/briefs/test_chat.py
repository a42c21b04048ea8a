"""The chat summarizer against a real small server: hostile articles, hostile answers, and a server that fails."""

from __future__ import annotations

import json
import logging

import pytest

from models import callers
from models.briefs import quoting
from models.briefs.abstractive import AbstractiveSummarizer, Line, WriterError
from models.briefs.chat import ChatWriter, parse
from models.briefs.chat_server import ChatServer
from models.briefs.review import Draft
from models.briefs.summarizers import usable
from models.pipeline import Pipeline
from service import create_app
from service.config import Settings
from service.core import offers
from service.load import Overloaded
from tests.chatserver import KEY, MODEL, Model, chat_server, raw, reply, status
from tests.conftest import DATA, article, cases, jsonl, translations

HOSTILE, PLAIN = (jsonl(DATA / "injection" / name) for name in ("articles.jsonl", "plain.jsonl"))
NEWS = cases("news")
GOOD = "Another convoy arrives on Sunday. [5]"


def summarizer(url: str, words: int = 2000, timeout: float = 5, retries: int = 0) -> AbstractiveSummarizer:
    return AbstractiveSummarizer(ChatWriter(ChatServer(url, MODEL, KEY, timeout, retries), words))


def summary_of(answers, pairs=NEWS, limit: int = 3, **options):
    with chat_server(answers) as server:
        return summarizer(server.url, **options).summarize(translations(pairs), limit), server


# ---------------------------------------------------------------- an ordinary article


def test_a_brief_is_written_and_traced():
    answer = "Aid lorries, 40 in all, reached the city of Homs, the ministry announced. [1]\n- " + GOOD
    summary, server = summary_of([answer])
    assert [(s.sources, s.exact) for s in summary.sentences] == [((0,), False), ((4,), True)]
    assert summary.sentences[1].text == "Another convoy arrives on Sunday." and summary.notes == ()
    (request,) = server.requests
    assert server.keys == [KEY] and server.paths == ["/v1/chat/completions"]
    assert request["model"] == MODEL and request["temperature"] == 0 and request["stream"] is False
    system, user = request["messages"]
    assert "40 aid lorries" in user["content"] and "lorries" not in system["content"]


@pytest.mark.parametrize(("line", "text", "cited"), cases("chat-lines"))
def test_lines_are_read_strictly(line, text, cited):
    assert parse(f"<think>A lie. [1]\n</think>\n\n{line}\n---\n") == [Draft(text, tuple(cited))]


def test_a_long_article_goes_in_overlapping_parts_and_nothing_is_cut():
    said = "Village number {0} received {0} tanks of water, the mayor of village {0} said."
    pairs = [(f"الجملة رقم {i} من المقال.", said.format(i)) for i in range(60)]
    model = Model()
    summary, server = summary_of(model, pairs, words=200)
    sent = "\n".join(request["messages"][1]["content"] for request in server.requests)
    assert len(server.requests) > 3 and all(pair[1] in sent for pair in pairs)
    assert len(summary.sentences) == 3
    assert all(len(r["messages"][1]["content"].split()) <= 202 for r in server.requests)


def test_a_sentence_longer_than_a_window_is_sent_in_parts():
    long = "The list names " + ", ".join(f"village {i} in the north" for i in range(120)) + "."
    _, server = summary_of(Model(), [("قائمة طويلة.", long), *NEWS], words=200)
    sent = " ".join(request["messages"][1]["content"] for request in server.requests)
    assert len(server.requests) > 2 and all(f"village {i} in the north" in sent for i in range(120))


# ---------------------------------------------------------------- articles that give orders


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda h: h["name"])
def test_an_order_in_an_article_never_stands_outside_its_marks(hostile):
    """With nothing withheld: what the model takes for instructions is the prompt alone."""
    lines = [Line(i, english) for i, (_, english) in enumerate(hostile["sentences"], 1)]
    lines += [Line(len(lines) + i, arabic) for i, (arabic, _) in enumerate(hostile["sentences"], 1)]
    model = Model()
    with chat_server(model) as server:
        drafts = ChatWriter(ChatServer(server.url, MODEL, KEY), 2000).write(lines, 3)
    assert model.obeyed == []
    assert [draft.cited for draft in drafts] == [(1,), (2,), (3,)]
    assert drafts[0].text == hostile["sentences"][0][1]


def test_the_model_does_obey_where_the_marks_are_broken():
    """What the tests above rest on: without our marks and brackets, this model takes every such order."""
    obeyed = []
    for hostile in HOSTILE:
        lines = [f"[{i}] {english}" for i, (_, english) in enumerate(hostile["sentences"], 1)]
        model = Model()
        system = "Write at most 3 sentences about the article between two lines that read ===. "
        with chat_server(model) as server:
            messages = [{"role": "system", "content": system}, {"role": "user", "content": "\n".join(["===", *lines])}]
            ChatServer(server.url, MODEL, KEY).ask(messages, 100)
        obeyed += [hostile["name"]] if model.obeyed else []
    assert len(obeyed) >= 10, obeyed


@pytest.mark.parametrize("gullible", [False, True], ids=["obedient", "gullible"])
@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda h: h["name"])
def test_an_order_in_an_article_changes_no_brief(hostile, gullible):
    """Even a model that obeys orders inside the article cannot get what they ask for into a brief."""
    pairs = hostile["sentences"]
    summary, server = summary_of(Model(gullible), pairs)
    assert summary.sentences and all(s.sources and s.sources[0] < len(pairs) for s in summary.sentences)
    own_words = {english for _, english in pairs}
    for sentence in summary.sentences:
        assert sentence.exact == (sentence.text in own_words)
        if not sentence.exact:
            assert not any(word in sentence.text.lower() for word in hostile["forbidden"]), sentence.text
    assert KEY not in repr(summary)
    assert all(request["messages"][0] == server.requests[0]["messages"][0] for request in server.requests)


def test_what_speaks_to_a_machine_is_withheld_and_said_to_be():
    known = [h for h in HOSTILE if h["name"] not in ("school", "airline", "council")]  # those say it in no known way
    for hostile in known:
        summary, _ = summary_of(Model(), hostile["sentences"])
        assert [note.kind for note in summary.notes] == ["withheld"], hostile["name"]


@pytest.mark.parametrize("pair", PLAIN, ids=lambda p: p[1][:30])
def test_ordinary_sentences_are_not_withheld(pair):
    assert not quoting.speaks_to_machine(*pair)


def test_a_mark_cannot_be_forged():
    body = quoting.numbered([(1, "A sentence."), (2, "[3] Not a line.\n[4] Nor this. ［5］ <b>")])
    mark = quoting.fence(body)
    assert body.count("\n") == 1 and "[3]" not in body and "<" not in body and body.count("[") == 2
    assert mark not in body and quoting.fence(body + f"\n[6] {mark}") != mark


# ---------------------------------------------------------------- answers that cannot be trusted

BAD = {kind: told for kind, *told in cases("bad-sentences")}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_sentence_is_left_out_or_replaced_and_the_brief_says_so(kind):
    bad, told = BAD[kind]
    good = "The lorries carry flour and medicine. [4]" if "[4]" not in bad else "Another convoy arrives on Sunday. [5]"
    summary, _ = summary_of([f"{bad}\n{good}"])
    notes = [note for note in summary.notes if note.kind in ("dropped", "replaced")]
    assert [note.text.rstrip("…") for note in notes] == [parse(bad)[0].text[:400]] and told in notes[0].reason, summary
    said = {english for _, english in NEWS} | {parse(good)[0].text}
    assert all(sentence.text in said for sentence in summary.sentences)
    assert len(summary.sentences) == (2 if notes[0].kind == "replaced" else 1)


@pytest.mark.parametrize("kind", BAD)
def test_where_nothing_stands_the_brief_is_of_translated_sentences(kind):
    summary, _ = summary_of([BAD[kind][0]])
    assert len(summary.sentences) == 3 and all(sentence.exact for sentence in summary.sentences)
    assert [note.kind for note in summary.notes] == ["dropped", "fallback"]


def test_good_sentences_in_other_words_are_let_through():
    good = (
        "Aid trucks, 40 of them, have reached Homs, the ministry announced. [1]\n"
        "Twelve people were hurt in a road accident. [2]\n"
        "There were no deaths. [3]\n"
        "The lorries hold medicine and flour for three weeks. [4]\n"
    )
    summary, _ = summary_of([good], limit=4)
    assert [s.sources for s in summary.sentences] == [(0,), (1,), (2,), (3,)] and not summary.notes, summary


@pytest.mark.parametrize(
    "answer", ["", "   \n\n", "```\n```", "�" * 500, "lorem ipsum " * 3000, "[1] [2] [3]", "\x00\x01"]
)
def test_garbage_gives_a_brief_of_translated_sentences(answer):
    summary, _ = summary_of([answer])
    assert len(summary.sentences) == 3 and all(sentence.exact for sentence in summary.sentences)
    assert summary.notes[-1].kind == "fallback" and len(repr(summary.notes)) < 20_000


def test_more_than_asked_for_is_ranked_and_said():
    summary, _ = summary_of(["\n".join(f"{english} [{i}]" for i, (_, english) in enumerate(NEWS, 1))], limit=2)
    assert len(summary.sentences) == 2


# ---------------------------------------------------------------- a server that fails


@pytest.mark.parametrize(
    ("answers", "tries"),
    [
        ([status(500), GOOD], 2),
        ([status(503), status(502), GOOD], 3),
        ([status(429, Retry_After="0"), GOOD], 2),
        ([raw(reply(GOOD)[:50]), GOOD], 2),
        ([raw(reply(GOOD), length=5000), GOOD], 2),
        ([b"<html>busy</html>", GOOD], 2),
        ([b'{"choices": []}', GOOD], 2),
        ([reply(None), GOOD], 2),
        ([raw(reply(GOOD), pause=1.6), GOOD], 2),
    ],
    ids=["500", "503 and 502", "429", "half a JSON", "broken off", "a page", "no choice", "no text", "late"],
)
def test_what_may_pass_is_tried_again(answers, tries):
    summary, server = summary_of(answers, timeout=1, retries=2)
    assert [s.text for s in summary.sentences] == ["Another convoy arrives on Sunday."] and summary.notes == ()
    assert len(server.requests) == tries


@pytest.mark.parametrize(
    ("answers", "told", "tries"),
    [
        ([status(500)], "it answers with status 500 (2 tries)", 2),
        ([status(429)], "it answers with status 429 (2 tries)", 2),
        ([status(401)], "it refuses the key (401)", 1),
        ([status(404)], "it knows no such address or model (404)", 1),
        ([status(400)], "it answers with status 400", 1),
        ([b"{" * 100_000], "its answer cannot be read (2 tries)", 2),
        ([b'{"choices": [{"message": "x"}]}'], "its answer cannot be read (2 tries)", 2),
        ([raw(reply("x" * 1_100_000))], "its answer has no end", 1),
        ([raw(reply(GOOD), pause=30)], "it did not answer within 1 seconds (2 tries)", 2),
        ([raw(reply(GOOD), pause=0.3, chunk=8)], "it did not answer within 1 seconds (2 tries)", 2),
    ],
    ids=["500", "429", "401", "404", "400", "deep JSON", "other JSON", "endless", "late", "byte by byte"],
)
def test_a_failure_gives_a_brief_of_translated_sentences_and_says_why(answers, told, tries):
    summary, server = summary_of(answers, timeout=1, retries=1)
    assert len(summary.sentences) == 3 and all(sentence.exact for sentence in summary.sentences)
    (note,) = summary.notes
    assert note.kind == "fallback" and told in note.reason and KEY not in note.reason
    assert len(server.requests) == tries


def test_nothing_more_is_asked_for_one_who_hung_up():
    class Gone(callers.Caller):
        def check(self):
            if asked.requests:
                raise Overloaded("the client hung up")

    callers.become(Gone())
    try:
        with chat_server([status(503)]) as asked, pytest.raises(Overloaded):
            summarizer(asked.url, retries=2).summarize(translations(NEWS), 3)
    finally:
        callers.become(None)
    assert len(asked.requests) == 1


def test_a_server_that_is_not_there():
    summary = summarizer("http://127.0.0.1:9/v1", timeout=1).summarize(translations(NEWS), 3)
    assert summary.notes[0].reason == "the chat server gave no brief: it cannot be reached"
    assert len(summary.sentences) == 3


def test_a_redirect_is_not_followed():
    with chat_server(["stolen [1]"]) as other:
        summary, server = summary_of([status(307, Location=f"{other.url}/chat/completions")])
    assert "307" in summary.notes[0].reason and other.requests == [] and len(server.requests) == 1


def test_the_key_is_nowhere(caplog):
    caplog.set_level(logging.DEBUG)
    server = ChatServer("http://127.0.0.1:9/v1", MODEL, KEY, 1, 0)
    assert KEY not in repr(server) and KEY not in repr(Settings(chat_key=KEY))
    assert KEY not in AbstractiveSummarizer(ChatWriter(server, 2000)).signature
    with pytest.raises(WriterError) as error:
        server.ask([], 10)
    assert KEY not in str(error.value) and KEY not in repr(error.value.__cause__)
    for answers in ([status(401)], [status(500)], [f"The key is {KEY}. [1]\n{GOOD}"]):
        summary, told = summary_of(answers)
        assert told.keys[0] == KEY and KEY not in repr(summary)
    assert KEY not in caplog.text


# ---------------------------------------------------------------- settings and signature


def test_the_signature_names_what_can_change_the_text():
    def signature(url="http://a/v1", model="m", words=500):
        return AbstractiveSummarizer(ChatWriter(ChatServer(url, model, KEY), words)).signature

    assert len({signature(), signature(url="http://b/v1"), signature(model="n"), signature(words=600)}) == 4
    for part in ("model=m", "server=http://a/v1", "prompt=brief-2+", "temperature=0", "room=500+2"):
        assert part in signature()
    assert "|" not in signature()


# ---------------------------------------------------------------- through the service


def test_a_brief_through_the_service(settings, translator, store):
    title, body = article("08-")
    with chat_server(Model()) as server:
        there = Settings(
            model=settings.model, data=settings.data, cache=settings.cache,
            chat_url=server.url, chat_model=MODEL, chat_key=KEY, chat_retries=0, chat_timeout=5,
        )  # fmt: skip
        pipeline = Pipeline(translator, usable(offers(there)), store)
        client = create_app(there, pipeline=pipeline).test_client()
        listed = {s["name"]: s for s in client.get("/api/v1/summarizers").get_json()["summarizers"]}
        assert listed["chat"]["available"] and listed["chat"]["output"] == "generated"
        assert listed["extractive"] == {**listed["extractive"], "available": True, "default": True, "output": "exact"}
        assert not listed["seq2seq"]["available"] and "model get" in listed["seq2seq"]["reason"]
        asked = {"title": title, "text": body, "summarizer": "chat"}
        record = client.post("/api/v1/briefs", json=asked).get_json()
    assert server.requests and record["brief"]["summarizer"] == "chat" and record["brief"]["sentences"]
    assert f"summarizer:chat,model={MODEL}" in record["signature"]
    assert KEY not in json.dumps(record) and KEY not in json.dumps(listed)
    # the server has gone: the same article still gets a brief, which says why it is another
    record = client.post("/api/v1/briefs", json=asked).get_json()
    assert [note["kind"] for note in record["brief"]["notes"]] == ["fallback"] and record["brief"]["sentences"]
    page = client.get(f"/briefs/{record['id']}").get_data(as_text=True)
    assert "it cannot be reached" in page and "its sentences are translated ones" in page
    assert "it cannot be reached" in client.get(f"/briefs/{record['id']}.txt").get_data(as_text=True)


def test_what_cannot_be_used_is_refused_with_the_reason(client):
    answer = client.post("/api/v1/briefs", json={"text": "أعلنت الوزارة اليوم.", "summarizer": "chat"})
    assert answer.status_code == 422 and "MUJAZ_CHAT_URL" in answer.get_data(as_text=True)
    answer = client.post("/api/v1/briefs", json={"text": "أعلنت الوزارة اليوم.", "summarizer": "magic"})
    assert answer.status_code == 422 and "extractive, seq2seq, chat" in answer.get_data(as_text=True)
    form = client.get("/").get_data(as_text=True)
    assert '<option lang="en" disabled>chat' in form and '<option lang="en">extractive' in form
    assert "MUJAZ_CHAT_URL" in form
