import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ahead import FIRST, Coming, done, in_order, when_all
from models.types import Sentence, Translation

SENTENCES = [Sentence(i, 0, 0, 1, str(i)) for i in range(100)]


class Beginning:
    """What was read and begun; every future is done when it is asked for, unless it is to `wait`."""

    def __init__(self, wait=()):
        self.read, self.turns, self.futures, self._wait = 0, [], {}, wait

    def sentences(self):
        for sentence in SENTENCES:
            self.read += 1
            yield sentence

    def begin(self, sentences, turn):
        self.turns.append(turn)
        if any(sentence.index == 13 for sentence in sentences):
            raise RuntimeError("unlucky")
        new = [Coming() if s.index in self._wait else done(Translation(s, s.text)) for s in sentences]
        self.futures |= zip((s.index for s in sentences), new, strict=True)
        return new


@given(st.integers(1, 120))
def test_all_come_in_order_and_no_more_than_so_many_are_read_ahead(ahead):
    beginning = Beginning()
    for given_before, (sentence, future) in enumerate(in_order(beginning.sentences(), beginning.begin, ahead)):
        assert sentence == SENTENCES[given_before] and future.done()
        assert beginning.read - given_before <= ahead
    numbers = [turn.number for turn in beginning.turns]
    assert beginning.read == len(SENTENCES) and numbers == sorted(set(numbers))
    assert len({turn.caller for turn in beginning.turns}) == 1


def test_what_could_not_be_begun_fails_and_what_follows_does_not():
    beginning = Beginning()
    found = {s.index: future.exception() for s, future in in_order(beginning.sentences(), beginning.begin, 1)}
    assert [str(error) for error in found.values() if error] == ["unlucky"] and found[13] and len(found) == 100


def test_what_nobody_waits_for_any_more_is_cancelled():
    beginning = Beginning(wait=range(3, 100))
    coming = in_order(beginning.sentences(), beginning.begin, 8)
    assert [next(coming)[0].index for _ in range(3)] == [0, 1, 2]
    coming.close()
    cancelled = [i for i, future in beginning.futures.items() if future.cancelled()]
    assert cancelled == list(range(3, len(beginning.futures)))


def test_when_all_are_done_however_they_ended():
    futures, told = [Coming() for _ in range(3)], []
    when_all(futures, lambda: told.append(all(future.done() for future in futures)))
    futures[2].set_result(Translation(SENTENCES[0], "0"))
    futures[0].set_exception(RuntimeError())
    assert not told
    futures[1].cancel()
    when_all(futures[:1], lambda: told.append("at once"))
    assert told == [True, "at once"]


@pytest.mark.parametrize("ahead", [1, 50])
def test_of_nothing_comes_nothing(ahead):
    assert not list(in_order([], Beginning().begin, ahead))


def test_the_first_sentences_are_begun_alone_and_the_others_when_the_first_is_given():
    sizes = []

    def begin(taken, turn):
        sizes.append(len(taken))
        return [done(number) for number in taken]

    coming = in_order(range(50), begin, 20)
    assert next(coming)[0] == 0 and sizes == [FIRST]
    assert [number for number, _ in coming] == list(range(1, 50)) and sizes[1] == 20 - (FIRST - 1)
