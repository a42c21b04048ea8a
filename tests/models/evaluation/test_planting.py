"""Errors planted by rule and by hand: that there are enough of each kind, and that each is one."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from models.checks.fidelity import check
from models.evaluation import planting
from models.evaluation.planters import PLANTERS
from models.evaluation.planting import planted, rows

OWN = [  # Arabic, right English, a kind of error and what it makes of it
    ("لم يصل القطار.", "The train did not arrive.", "negation", "The train did arrive."),
    ("أصلح القطار.", "The train has been mended.", "negation", "The train has not been mended."),
    ("ارتفعت الأسعار.", "Prices rose again.", "opposite", "Prices fell again."),
    ("غادر قبل الفجر.", "He left before dawn.", "relation", "He left after dawn."),
    ("عضه كلب.", "He was bitten and chased by a dog.", "roles", "He was bitten and chased by a dog."),
    ("هاجمه كلب.", "He was attacked by a dog.", "roles", "He attacked a dog."),
    ("هزمت البرازيل اليابان.", "Yesterday Brazil defeated Japan.", "roles", "Yesterday Japan defeated Brazil."),
    ("زار الأردن.", "He visited Jordan.", "name", "He visited Norway."),
    ("وصلت 40 شاحنة.", "There came 40 lorries.", "number", "There came 50 lorries."),
    ("دفع 40 دولارا.", "He paid 40 dollars.", "unit", "He paid 40 euros."),
    ("ربما كان مريضا.", "He was probably ill.", "hedge", "He was ill."),
]  # fmt: skip


@pytest.mark.parametrize(("arabic", "right", "kind", "wrong"), OWN)
def test_what_each_planter_makes(arabic, right, kind, wrong):
    assert next(PLANTERS[kind]([(arabic, right)], 0), right) == wrong


def test_what_is_no_error_is_not_planted():
    assert not list(PLANTERS["negation"]([("لا يزال مريضا.", "He is ill.")], 0))
    assert not list(PLANTERS["hedge"]([("سيمرض غدا.", "He may be ill tomorrow.")], 0))
    assert not list(PLANTERS["opposite"]([("بيع وشراء", "They buy and sell cars.")], 0))
    assert not list(PLANTERS["roles"]([("البرازيل واليابان", "He saw Brazil and Japan.")], 0))


def test_clauses_are_left_out_and_put_in():
    long = "The ministry opened the new bridge over the river, which had been closed since the floods of last spring."
    pairs = [("أ", long), ("ب", "The minister gave a short speech.")] * 40
    assert next(PLANTERS["clause"](pairs, 0)) == "The ministry opened the new bridge over the river."
    assert next(PLANTERS["addition"](pairs, 0)) == f"{long} The minister gave a short speech."
    assert next(PLANTERS["other"](pairs, 0)) == "The ministry opened the."


@pytest.mark.slow
@pytest.mark.parametrize("part", ["dev", "test"])
def test_public_references_give_errors_of_every_kind(part):
    if not planting.PUBLIC.is_dir():
        pytest.skip("../shared/eval is not here")
    found = rows(part, news=False)
    kinds = Counter(row["kind"] for row in found)
    assert len(found) >= 300 and set(kinds) == set(PLANTERS) and min(kinds.values()) >= 25, kinds
    assert found == rows(part, news=False)
    assert all(row["english"].strip() and row["english"] != row["right"] for row in found)


def test_our_news_has_every_kind_and_some_of_it_is_held_back():
    dev, test = rows("dev", news=True), rows("test", news=True)
    assert len(dev) + len(test) >= 120 and len(test) >= 40
    assert {row["kind"] for row in dev} == {row["kind"] for row in test} == set(PLANTERS)
    assert not {row["arabic"] for row in dev} & {row["arabic"] for row in test}
    assert all(row.keys() == {"kind", "arabic", "english", "right"} for row in dev + test)


def test_what_is_right_in_our_news_is_not_flagged():
    for row in rows("dev", news=True) + rows("test", news=True):
        assert not check(row["arabic"], row["right"]), row


def test_no_more_of_a_kind_than_asked_for_and_the_command(capsys, monkeypatch, tmp_path):
    assert [row["kind"] for row in planted([OWN[2][:2]] * 9, most=2)].count("opposite") == 2
    assert planting.main(["--news"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0]).keys() == {"kind", "arabic", "english", "right"}
    monkeypatch.setattr(planting, "PUBLIC", tmp_path)
    assert rows("test", news=False) == []
