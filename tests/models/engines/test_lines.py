"""Whose turn it is: by counting, never by the clock."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.engines.lines import Lines

MOST = 2
COST = 512  # of an item, so that a caller's first is served early, and no other


def made():
    """Lines of (name, cost), all of which cost what they say."""
    return Lines(lambda item: item[1])


def served(lines, count=1000):
    """What is taken one by one, the first in turn each time."""
    found = []
    while len(found) < count and (first := lines.first(MOST)):
        lines.take(first[:1])
        found.append(first[0])
    return found


def named(name, count, cost=1):
    return [(f"{name}{i}", int(cost * COST)) for i in range(count)]


@given(st.lists(st.tuples(st.integers(0, 20), st.lists(st.integers(1, 9), max_size=5)), max_size=8))
def test_one_caller_alone_is_served_by_rank_and_then_as_it_came(added):
    lines, expected = made(), []
    for number, (rank, costs) in enumerate(added):
        items = [((number, place), cost) for place, cost in enumerate(costs)]
        lines.add("one", items, rank)
        expected += [((rank + place, number), item) for place, item in enumerate(items)]
    in_order = [item for _, item in sorted(expected)]
    assert lines.first(MOST) == in_order, "all of it may share a batch"
    assert served(lines) == in_order


def test_callers_take_turns_by_what_their_items_cost():
    lines = made()
    lines.add("a", named("a", 4), 0)
    lines.add("b", named("b", 2, cost=2), 0)
    assert [name for name, _ in served(lines)] == ["a0", "b0", "a1", "b1", "a2", "a3"]


def test_who_comes_waits_for_no_more_than_one_of_each_however_much_they_have():
    lines, long = made(), 15
    for caller in range(long):
        lines.add(caller, named(f"long{caller}-", 500), 0)
    served(lines, 10 * long)
    lines.add("short", named("short", 3), 0)
    order = [name for name, _ in served(lines, 10 * long)]
    assert [order.index(f"short{i}") // (long + 1) for i in range(3)] == [0, 1, 2]


def test_who_goes_on_is_not_behind_what_others_begin():
    lines = made()
    lines.add("long", named("long", 500), 0)
    lines.add("short", named("short", 1), 0)
    served(lines, 100)
    for caller in range(10):
        lines.add(caller, named(f"other{caller}-", 100), 0)
    lines.add("short", named("again", 1), 18)  # its second search
    assert "again0" in [name for name, _ in served(lines, 12)]


def test_none_starves_while_others_come_as_fast_as_they_are_served():
    lines = made()
    lines.add("long", named("long", 500), 0)
    found = []
    for caller in range(300):
        lines.add(caller, named(f"new{caller}-", 1), 0)
        found += [name for name, _ in served(lines, 1)]
    waited = [at for at, name in enumerate(found) if name.startswith("long")]
    assert len(waited) >= 10 and max(b - a for a, b in pairwise(waited)) < 60


def test_a_short_text_goes_before_the_later_parts_of_long_ones():
    lines = made()
    for caller in range(8):
        lines.add(caller, named(f"long{caller}-", 500, cost=1 / 8), 0)
    served(lines, 500)
    lines.add("short", named("short", 8, cost=1 / 8), 0)
    order = [name for name, _ in served(lines, 100)]
    assert max(order.index(f"short{i}") for i in range(8)) < 8 * 8 / 2


def test_nobody_saves_up_for_later():
    lines = made()
    lines.add("busy", named("busy", 500), 0)
    lines.add("idle", named("idle", 1), 0)
    served(lines, 200)
    lines.add("idle", named("back", 100), 0)
    order = [name for name, _ in served(lines, 40)]
    assert 18 <= sum(name.startswith("back") for name in order) <= 22


def test_what_is_dropped_costs_nobody_anything():
    lines = made()
    lines.add("a", named("gone", 5, cost=100) + named("a", 1), 0)
    lines.add("b", named("b", 2), 0)
    assert lines.drop(lambda item: item[0].startswith("gone")) == named("gone", 5, cost=100)
    assert [name for name, _ in served(lines)] == ["b0", "a0", "b1"] and not list(lines)


def test_of_several_callers_no_more_is_looked_at_than_was_asked_for():
    lines = made()
    for caller in "abc":
        lines.add(caller, named(caller, 50), 0)
    assert [name for name, _ in lines.first(7 * COST)] == ["a0", "b0", "c0", "a1", "b1", "c1", "a2"]
    assert len(lines.first(0)) == 1, "one there is always"
