"""What a writer wrote and may not stand: its opposite is likelier, nobody said what it quotes, it is said twice."""

import pytest

from models.briefs import align
from models.briefs.abstractive import NOTES, AbstractiveSummarizer
from models.briefs.extractive import ExtractiveSummarizer
from models.briefs.review import Draft
from models.briefs.support import well_quoted
from models.doubts.opinion import TwoOpinions
from models.engines.registry import DEFAULT_CACHE
from models.translation.loader import load_translator
from models.types import Judged, Sentence, Translation

NEWS = [
    ("اتهمت باريس روما بخرق الاتفاق.", "Paris accused Rome of breaking the agreement."),
    ("وقال الوزير: «لن نغلق الميناء أمام السفن».", 'The minister said: "We will not close the port to ships."'),
    ("ولم تغلق المدارس أبوابها أمس بسبب الأمطار.", "Schools did not close their doors yesterday because of the rain."),
]
ARTICLE = [Translation(Sentence(i, 0, 0, 0, arabic), english, -0.2) for i, (arabic, english) in enumerate(NEWS)]


class Writing:
    """A writer that has its drafts ready."""

    name, room, signature = "writing", 1000, "writing-1"

    def __init__(self, *drafts):
        self._drafts = [Draft(text, cited) for text, *cited in drafts]

    def cost(self, text):
        return len(text.split())

    def write(self, lines, limit):
        return self._drafts


def brief(*drafts, weigh=None):
    return AbstractiveSummarizer(Writing(*drafts), weigh).summarize(ARTICLE, 3)


@pytest.fixture(scope="module")
def weigh():
    fast = load_translator("embedded-fast", cache=DEFAULT_CACHE)
    return TwoOpinions(fast, fast).weigh


TURNED, RIGHT = "Rome accused Paris of breaking the agreement.", "Schools did not close because of the rain."


def test_what_has_a_likelier_opposite_gives_way_to_its_source(weigh):
    made = brief((TURNED, 1), (RIGHT, 3), weigh=weigh)
    assert [(s.text, s.sources, s.exact) for s in made.sentences] == [(NEWS[0][1], (0,), True), (RIGHT, (2,), False)]
    (note,) = made.notes
    assert note.kind == "replaced" and note.text == TURNED and "more probable" in note.reason


def test_without_a_second_model_nothing_is_judged():
    made = brief((TURNED, 1), (RIGHT, 3))
    assert [sentence.text for sentence in made.sentences] == [TURNED, RIGHT] and made.notes == ()


def test_only_what_was_generated_is_judged_and_each_by_its_own_sources():
    seen = []

    def weigh(written):
        seen.extend(written)
        return [Judged(extra="doors")] * len(written)

    made = brief((NEWS[0][1], 1), ("Invented people resigned today.", 2), (RIGHT, 3), weigh=weigh)
    assert [(text, [t.sentence.index for t in sources]) for text, sources in seen] == [(RIGHT, [2])]
    assert [sentence.text for sentence in made.sentences if sentence.sources == (2,)] == [NEWS[2][1]]
    assert any(note.text == RIGHT and "says “doors”" in note.reason for note in made.notes)


def test_a_judge_that_finds_nothing_or_fails_leaves_the_brief_as_it_is(weigh):
    assert brief((RIGHT, 3), weigh=lambda written: [Judged() for _ in written]).sentences[0].text == RIGHT
    endless = " ".join(["rain"] * 2000)
    assert weigh([(endless, ARTICLE[2:])]) == [Judged()], "too long to be judged"
    assert weigh([]) == []


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("“We will not close the port”, he said.", "“We will not close the port”, he said."),
        ("He spoke of 'the port' and the minister's ships.", "He spoke of 'the port' and the minister's ships."),
        ("He said the port “will stay open”.", "He said the port will stay open."),
        ("The «minister» spoke of “ships.", "The minister spoke of ships."),
        ("It is the workers' port.", "It is the workers' port."),
    ],
)
def test_marks_stand_only_round_what_a_source_quotes(text, stands):
    assert well_quoted(text, ARTICLE) == stands
    said = [Translation(Sentence(0, 0, 0, 0, "قال الوزير إنه لن يغلق الميناء."), NEWS[1][1])]
    assert not set('“”«»"') & set(well_quoted(text, said)), "the Arabic quotes nobody"


def test_a_brief_tells_which_marks_it_took_away():
    made = brief(("The minister said “the port” will not “close to ships”.", 2))
    assert made.sentences[0].text == "The minister said “the port” will not close to ships." and "unquoted" in NOTES
    assert [note.kind for note in made.notes] == ["unquoted"]


def test_of_two_drafts_that_say_the_same_the_fuller_stands():
    short, full = "Schools did not close.", RIGHT
    for drafts in ([(short, 3), (full, 3)], [(full, 3), (short, 3)]):
        made = brief(*drafts)
        assert [sentence.text for sentence in made.sentences] == [full]
        assert [(note.kind, note.text) for note in made.notes] == [("dropped", short)]


SAID = "The ministry said on Monday that 12 people were killed in Homs."


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (SAID, True),
        ("The ministry said that 12 people were killed in Homs.", True),
        ("The ministry said on Monday that 13 people were killed in Homs.", False),
        ("The ministry said on Monday that 12 people were killed in Idlib.", False),
        ("The ministry said on Monday that 12 people were not killed in Homs.", False),
        ("The ministry said on Monday that 12 people were arrested in Homs.", False),
        ("It is.", False),
    ],
)
def test_what_says_the_same_says_no_other_number_name_or_deed(text, again):
    assert align.repeats(text, ["It rained.", SAID]) is again
    assert not align.repeats("Rome accused Paris of fraud.", ["Paris accused Rome of fraud."])


def test_a_chosen_brief_says_nothing_twice():
    twice = [Translation(Sentence(i, 0, 0, 0, arabic), english) for i, (arabic, english) in enumerate(NEWS * 3)]
    made = ExtractiveSummarizer().summarize(twice, 9)
    assert [sentence.sources for sentence in made] == [(0,), (1,), (2,)]
