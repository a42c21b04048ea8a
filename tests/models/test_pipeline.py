import pytest

from models.errors import InputError, NoArabicError
from models.layout.laid_out import parted
from models.pipeline import Pipeline, brief_length, joined
from models.types import Document, Wish
from tests import tiny
from tests.conftest import Counting, article
from tests.tiny import SUMMARIZERS

TITLE, BODY = article("03")


def brief_of(pipeline, text, title=None, **options):
    return pipeline.start(Document("d", text, title), Wish(**options)).brief()


def test_every_sentence_is_translated_in_order_and_selects_its_source(pipeline):
    brief = brief_of(pipeline, BODY, TITLE)
    assert [t.sentence.index for t in brief.translations] == list(range(len(brief.translations)))
    assert all(BODY[t.sentence.start : t.sentence.end] == t.sentence.text for t in brief.translations)
    assert all(t.text.strip() for t in brief.translations)
    assert {i for s in brief.sentences for i in s.sources} <= {t.sentence.index for t in brief.translations}
    assert "summarizer:extractive|" in brief.signature and pipeline.translator.signature in brief.signature


def test_the_headline_is_the_title_given(pipeline):
    brief = brief_of(pipeline, BODY, TITLE)
    assert brief.headline.source == TITLE
    ((alone, _),) = pipeline.translate_documents([Document("t", TITLE)])
    assert brief.headline.text == joined(alone)


def test_a_first_line_that_reads_like_a_title_is_the_headline(pipeline):
    brief = brief_of(pipeline, f"{TITLE}\n\n{BODY}")
    assert brief.headline.source == TITLE
    assert 0 not in {i for s in brief.sentences for i in s.sources}, "the brief does not repeat its headline"
    assert brief.translations[0].sentence.text == TITLE, "but the translation has every sentence"


def test_without_a_title_the_best_short_sentence_heads_the_brief(pipeline):
    brief = brief_of(pipeline, BODY)
    assert brief.headline.source in {t.sentence.text for t in brief.translations}


def test_a_title_that_is_also_the_first_line_is_not_in_the_brief(pipeline):
    brief = brief_of(pipeline, f"{TITLE}\n\n{BODY}", TITLE)
    assert 0 not in {i for s in brief.sentences for i in s.sources}


def test_what_the_memory_knows_is_not_translated_again(translator, store):
    counting = Counting(translator)
    asked, pipeline = counting.asked, Pipeline(counting, SUMMARIZERS, store)
    first = brief_of(pipeline, BODY, TITLE)
    count = len(asked)
    assert count == len(first.translations) + 1
    speed = pipeline.speed.per_character
    assert speed and brief_of(pipeline, BODY, TITLE) == first and len(asked) == count
    assert pipeline.speed.per_character == speed, "what is remembered is not how fast a model is"
    brief_of(pipeline, (BODY + "\n\n") * 2)
    assert len(asked) == count, "equal sentences are one"


def test_sentences_come_before_the_last_is_translated(pipeline):
    job = pipeline.start(Document("d", "\n\n".join(article(f"{n:02}")[1] for n in range(1, 9))))
    first = next(iter(job))
    assert first.sentence.index == 0
    assert len(job._done) < len(job.sentences)
    assert len(job.brief().translations) == len(job.sentences)


def test_many_documents_are_one_batch_and_come_back_apart(pipeline):
    documents = [Document(str(n), article(f"{n:02}")[1]) for n in range(1, 6)]
    together = list(pipeline.translate_documents(documents))
    assert [[t.sentence for t in found] for found, _ in together] == [
        [t.sentence for t in brief_of(pipeline, document.text).translations] for document in documents
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "is empty"), (" \n\t", "is empty"), ("Hello there", "Latin"), ("12 ١٢ 😀", "no letters at all")],
)
def test_text_with_nothing_to_translate_is_refused_with_what_was_found(pipeline, text, told):
    with pytest.raises(InputError) as error:
        brief_of(pipeline, text)
    assert told in error.value.detail and error.value.field == "text"
    assert isinstance(error.value, NoArabicError) or not text.strip()


def test_an_unknown_summarizer_names_the_choices(pipeline):
    with pytest.raises(InputError) as error:
        brief_of(pipeline, BODY, summarizer="magic")
    assert error.value.field == "summarizer" and "extractive" in error.value.detail


@pytest.mark.parametrize(
    ("size", "limit", "expected"),
    [(1, 3, 1), (2, 3, 2), (2, 1, 1), (3, 3, 1), (6, 3, 2), (9, 3, 3), (9, 10, 3), (40, 10, 10)],
)
def test_a_brief_is_at_most_a_third_of_its_article(pipeline, size, limit, expected):
    text = "\n\n".join(a for a, _ in tiny.pairs()[20 : 20 + size])
    assert brief_length(size, limit) == expected
    brief = brief_of(pipeline, text, title=tiny.pairs()[20][0], sentences=limit)
    assert len(brief.translations) == size and len(brief.sentences) <= expected
    assert brief.signature.endswith(f"|sentences:{limit}|confidence:0")


def test_paragraphs_are_kept_in_the_translation(pipeline):
    brief = brief_of(pipeline, BODY)
    assert joined(brief.translations).count("\n\n") == brief.translations[-1].sentence.paragraph


def texts(brief):
    return [sentence.text for sentence in brief.sentences]


def test_lines_round_an_article_are_translated_and_not_briefed(pipeline):
    round_it = [
        "الرئيسية | سياسة",
        "اقرأ أيضا: ارتفاع أسعار القمح في الأسواق بعد موجة جفاف طويلة",
        "شارك الخبر عبر واتساب",
    ]
    whole = brief_of(pipeline, "\n\n".join([round_it[0], TITLE, BODY, *round_it[1:]]), sentences=10)
    alone = brief_of(pipeline, f"{TITLE}\n\n{BODY}", sentences=10)
    assert texts(whole) == texts(alone) and whole.headline == alone.headline, "they are not counted either"
    marked = [t.sentence.text for t in whole.translations if "apart" in t.flags]
    assert marked == round_it and len(whole.translations) == len(alone.translations) + 3, "and nothing is lost"
    assert [(note.kind, note.reason.split(":")[0]) for note in whole.notes] == [
        ("apart", f"3 of {len(whole.translations)} sentences")
    ]
    ((found, _),) = pipeline.translate_documents([Document("d", f"{BODY}\n\n{round_it[2]}")])
    assert [t.sentence.text for t in found if "apart" in t.flags] == round_it[2:]
    ((found, _),) = pipeline.translate_documents([Document("d", round_it[2])])
    assert not any("apart" in t.flags for t in found), "where nothing else is asked for"


def test_headlines_are_a_list_and_no_story(pipeline):
    lines = [article(prefix)[0] for prefix in ("01", "02", "03", "04", "05")]
    brief = brief_of(pipeline, "\n".join(lines))
    assert [s.sources for s in brief.sentences] == [(0,), (1,), (2,)] and all(s.exact for s in brief.sentences)
    assert [(note.kind, note.reason) for note in brief.notes] == [("list", "3 of 5 lines; each stands for itself")]
    assert brief.headline.source == lines[0] and len(brief.translations) == 5
    assert brief_of(pipeline, "\n".join(lines), TITLE, sentences=9).headline.source == TITLE


def test_several_articles_in_one_text_are_told_with_where_each_begins(pipeline):
    parts = ["\n\n".join(article(prefix)) for prefix in ("01", "02", "03")]
    text = "\n\n=====\n\n".join(parts)
    brief = brief_of(pipeline, text)
    (note,) = brief.notes
    starts = [next(t for t in brief.translations if t.sentence.text == article(p)[0]) for p in ("01", "02", "03")]
    assert note.kind == "several" and note.reason.startswith("this looks like 3 articles")
    assert all(f"sentence {t.sentence.index + 1}, “{t.text[:80]}”" in note.reason for t in starts)
    assert parted(text) == parts


def test_what_is_said_200_times_counts_once(pipeline):
    first, rest = BODY.split(". ", 1)
    once = brief_of(pipeline, BODY)
    often = brief_of(pipeline, f"{first}.\n\n" * 200 + rest)
    assert texts(often) == texts(once) and len(often.translations) == len(once.translations) + 199
