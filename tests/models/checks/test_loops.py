"""Loops are known by their form, and what is said twice rightly is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.checks.fidelity import check
from models.checks.loops import is_loop

CLAUSE = "the guests were told to wait outside until the doors were opened again"
EVAL = Path(__file__).parents[4] / "shared" / "eval"


@pytest.mark.parametrize(
    "text",
    [
        f"On Monday {CLAUSE}, and {CLAUSE}, and {CLAUSE}.",
        f"{CLAUSE} {CLAUSE}",
        f"The mayor said that {CLAUSE}. {CLAUSE.capitalize()}.",
        " ".join(
            f"At 10:{n} the police asked them to go back to the square, saying it was late." for n in range(20, 26)
        ),
        "They sent the red and the blue and the red and the blue and the red and the blue lorries.",
        "He said he would come back soon he said he would come back soon.",
        "no, no, no, no, no",
        "Mmmmmmmmm, that is good",
        "balalalalalalalala",
        "version 1.1.1.1.1.1.1.1",
        "a-b-a-b-a-b-a-b-a-b-a-b-a-b-",
    ],
)
def test_loops(text):
    assert is_loop(text)
    assert "loop" in check("وصلت القافلة اليوم إلى المدينة", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It should be judged on what it is, not what it is not.",
        "Day by day, week by week, year by year, we waited.",
        "He had had enough, and that that was so was clear.",
        "5 dead on Monday, 5 dead on Tuesday, 5 dead on Wednesday.",
        "1000000000000 pounds ---------- ........ 0000000",
        "From 10 to 20 million in 2019 and from 10 to 20 million in 2020, the company said.",
        "Hahaha, www.example.org and 192.168.1.1 are in the text, ID 1111-1111-1111-1111.",
        "Hawaii's Kealakekua Bay and the Mississippi are far away.",
    ],
)
def test_no_loops(text):
    assert not is_loop(text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("لا لا لا لا، قال الرجل", "No, no, no, no, the man said"),
        (
            "هتفوا: الناس يريدون ماء، الناس يريدون ماء",
            "They chanted: the people all want water, the people all want water",
        ),
        ("هههههههههههه", "Hahahahahahahaha"),
    ],
)
def test_what_the_source_repeats_is_no_loop(source, text):
    assert is_loop(text)
    assert not is_loop(text, source)


def test_more_often_than_the_source_is_a_loop():
    assert is_loop("No " * 12, "لا لا لا لا")


@pytest.mark.parametrize("name", ["flores-test.en", "flores-test.google.en", "flores-dev.en", "flores-dev.google.en"])
def test_no_false_alarms(name):
    if not (EVAL / name).exists():
        pytest.skip("no evaluation sets here")
    assert [line for line in (EVAL / name).read_text(encoding="utf-8").splitlines() if is_loop(line)] == []
