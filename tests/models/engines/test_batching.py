import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.engines.batching import BATCH_PIECES, Batcher, Decoding, Hypothesis, Unit, choose

ONE = Decoding(1)


def unit(length, limit=64, decoding=ONE):
    return Unit(["x"] * length, limit, decoding)


class Echo:
    """An engine that answers with the length of each source, and remembers its batches; it waits while `busy`."""

    def __init__(self, workers=2, busy=False):
        self.workers, self.batches = workers, []
        self.begun, self.free = threading.Event(), threading.Event()
        if not busy:
            self.free.set()

    def decode(self, batch, limit, decoding):
        self.batches.append([len(source) for source in batch])
        self.begun.set()
        assert self.free.wait(10)
        if any(len(source) == 13 for source in batch):
            raise RuntimeError("unlucky")
        return [[Hypothesis([str(len(source))], 0.0)] for source in batch]


def submit(batcher, units, rank=0):
    futures = batcher.add(units, rank)
    batcher.wake()
    return futures


def lengths(futures):
    return [int(future.result()[0].pieces[0]) for future in futures]


LENGTHS = st.lists(st.integers(1, 400).filter(lambda n: n != 13), max_size=60)


@given(st.lists(LENGTHS, max_size=4), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_every_unit_of_every_caller_gets_its_own_answer(callers, workers):
    batcher = Batcher(Echo(workers), 300)
    futures = [submit(batcher, [unit(n, 32 * (1 + n // 32)) for n in caller]) for caller in callers]
    assert [lengths(f) for f in futures] == callers


@given(st.lists(st.tuples(st.integers(1, 200), st.sampled_from([32, 64]), st.sampled_from([1, 4])), min_size=1))
def test_a_batch_is_of_one_kind_small_enough_and_has_the_first(drawn):
    units = [unit(length, limit, Decoding(beam)) for length, limit, beam in drawn]
    batch = choose(units, 300)
    assert 0 in batch and len(set(batch)) == len(batch) and len({units[i].kind for i in batch}) == 1
    assert len(batch) == 1 or len(batch) * max(len(units[i].pieces) for i in batch) * units[0].decoding.beam <= 300


def test_a_batch_leaves_room_for_the_longest_of_its_hypotheses():
    class Limits(Echo):
        def decode(self, batch, limit, decoding):
            self.limit = limit
            return super().decode(batch, limit, decoding)

    engine = Limits(1)
    lengths(submit(Batcher(engine), [unit(40, 64), unit(40, 96), unit(40, 32)]))
    assert engine.limit == 96 and len(engine.batches) == 1


def test_those_that_come_later_wait_as_if_others_stood_before_them():
    engine = Echo(1, busy=True)
    batcher = Batcher(engine, 100)
    submit(batcher, [unit(40)])
    assert engine.begun.wait(10)
    later, soon = submit(batcher, [unit(51), unit(52)], rank=2), submit(batcher, [unit(61), unit(62), unit(63)])
    engine.free.set()
    assert lengths(later) == [51, 52] and lengths(soon) == [61, 62, 63]
    assert engine.batches == [[40], [61], [62], [51], [63], [52]]


def test_what_is_added_bit_by_bit_shares_a_batch_once_it_is_asked_for():
    engine = Echo(1)
    batcher = Batcher(engine, 200)
    futures = [future for _ in range(4) for future in batcher.add([unit(40)])]
    time.sleep(0.05)
    assert not engine.batches
    batcher.wake()
    assert lengths(futures) == [40] * 4 and engine.batches == [[40] * 4]


def test_neighbours_are_near_in_length():
    units = [unit(n) for n in (40, 100, 41, 39, 90, 42, 20)]
    assert sorted(choose(units, 42 * 4)) == [0, 2, 3, 5]


def busy(workers=1, most=BATCH_PIECES):
    """An engine at work on a unit of 50 pieces, its batcher, and that unit's future."""
    engine = Echo(workers, busy=True)
    batcher = Batcher(engine, most)
    futures = submit(batcher, [unit(50)])
    assert engine.begun.wait(10)
    return engine, batcher, futures


def test_callers_share_batches_while_the_engine_is_busy():
    engine, batcher, first = busy()
    others = [submit(batcher, [unit(20)]) for _ in range(8)]
    engine.free.set()
    assert lengths(first) == [50] and [lengths(f) for f in others] == [[20]] * 8
    assert engine.batches == [[50], [20] * 8]


def test_few_units_are_spread_over_the_workers_and_many_fill_batches():
    engine = Echo(workers=2)
    lengths(submit(Batcher(engine), [unit(40)] * 10))
    assert len(engine.batches) > 1 and max(map(len, engine.batches)) <= 5
    engine = Echo(workers=2)
    lengths(submit(Batcher(engine), [unit(32)] * 320))
    assert max(len(batch) for batch in engine.batches) == BATCH_PIECES // 32


def test_a_short_article_does_not_wait_for_the_end_of_a_long_one():
    engine, batcher, _ = busy(most=200)
    long = submit(batcher, [unit(20 + i % 40) for i in range(300)])
    short = submit(batcher, [unit(30, decoding=Decoding(2))] * 3)
    engine.free.set()
    assert lengths(short) == [30] * 3 and lengths(long) == [20 + i % 40 for i in range(300)]
    assert next(i for i, batch in enumerate(engine.batches) if batch == [30] * 3) < 5


def test_an_engine_that_fails_fails_its_batch_alone():
    engine, batcher, good = busy()
    bad, other = submit(batcher, [unit(13)]), submit(batcher, [unit(14, 96)])
    engine.free.set()
    with pytest.raises(RuntimeError, match="unlucky"):
        bad[0].result()
    assert lengths(good) == [50] and lengths(other) == [14] and lengths(submit(batcher, [unit(7)])) == [7]


def test_an_engine_that_answers_too_little_fails_its_batch_and_no_one_waits_for_ever():
    class Short(Echo):
        def decode(self, batch, limit, decoding):
            return super().decode(batch, limit, decoding)[:-1]

    batcher = Batcher(Short(1))
    for _ in range(2):
        with pytest.raises(ValueError, match="shorter"):
            lengths(submit(batcher, [unit(40), unit(40)]))


def test_searches_that_may_not_repeat_themselves_are_alone():
    units = [unit(40, decoding=Decoding(1, no_repeat_ngram=3)) for _ in range(3)]
    engine = Echo(1)
    lengths(submit(Batcher(engine), units))
    assert engine.batches == [[40]] * 3


def test_what_is_cancelled_is_not_decoded():
    engine, batcher, first = busy()
    gone, kept = submit(batcher, [unit(20)]), submit(batcher, [unit(21)])
    assert gone[0].cancel()
    engine.free.set()
    assert lengths(first) == [50] and lengths(kept) == [21] and engine.batches == [[50], [21]]


def test_threads_end_with_their_batcher():
    before = threading.active_count()
    for _ in range(5):
        lengths(submit(Batcher(Echo(workers=2)), [unit(5), unit(6)]))
    deadline = time.time() + 5
    while threading.active_count() > before and time.time() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
