"""Each metric by an example worked by hand."""

from math import log2

import pytest

from eval.metrics import (
    answer_hit,
    first_sentences,
    holds_any,
    mean,
    ndcg_at,
    percentile,
    recall_at,
    reciprocal_rank,
)

RANKING = ["a", "b", "c", "d"]


def test_recall() -> None:
    relevant = {"b", "d", "x"}
    assert recall_at(RANKING, relevant, 1) == 0
    assert recall_at(RANKING, relevant, 2) == 1 / 3
    assert recall_at(RANKING, relevant, 10) == 2 / 3
    assert recall_at(RANKING, set(), 10) == 0
    assert recall_at([], {"a"}, 10) == 0


def test_reciprocal_rank() -> None:
    assert reciprocal_rank(RANKING, {"c", "d"}) == 1 / 3
    assert reciprocal_rank(RANKING, {"a"}) == 1
    assert reciprocal_rank(RANKING, {"x"}) == 0


def test_ndcg() -> None:
    # Ranks 2 and 4 are relevant; best would be ranks 1, 2 and 3 for the three that are relevant.
    got = 1 / log2(3) + 1 / log2(5)
    best = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert ndcg_at(RANKING, {"b", "d", "x"}, 10) == pytest.approx(got / best)
    assert ndcg_at(RANKING, {"b", "d", "x"}, 2) == pytest.approx((1 / log2(3)) / (1 + 1 / log2(3)))
    assert ndcg_at(RANKING, {"a"}, 1) == 1
    assert ndcg_at(RANKING, set(), 10) == 0


def test_percentile() -> None:
    assert percentile([40.0, 10.0, 30.0, 20.0], 0.5) == 25  # between the second and the third
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2
    assert percentile([0.0, 100.0], 0.95) == pytest.approx(95)
    assert percentile([7.0], 0.95) == 7


def test_mean() -> None:
    assert mean([True, False, True, True]) == 0.75
    assert mean([]) is None


def test_an_answer_hits_when_every_group_has_an_alternative() -> None:
    groups = [["1500元", "一千五百元"], ["44户"]]
    assert answer_hit(["44户贫困户每户分到一千五百元。"], groups)
    assert answer_hit(["贫困户有44户。", "每户1,500元。"], groups)
    assert not answer_hit(["每户分到1500元。"], groups)
    assert not answer_hit([], groups)


def test_only_the_first_three_sentences_count() -> None:
    texts = ["第一句。", "第二句。", "第三句。", "每户1500元。"]
    assert not answer_hit(texts, [["1500元"]])
    assert answer_hit(texts[1:], [["1500元"]])


def test_a_paragraph_is_not_one_sentence() -> None:
    assert first_sentences(["甲。乙！丙？丁。"]) == "甲。乙！丙？"


def test_a_semicolon_ends_no_sentence() -> None:
    assert (
        first_sentences(["甲；乙；丙；丁。", "戊。", "己;庚。", "辛。"])
        == "甲；乙；丙；丁。\n戊。\n己;庚。"
    )
    assert not answer_hit(["甲说。乙说。丙说。每户1500元。"], [["1500元"]])


def test_a_quote_holds_one_of_the_groups() -> None:
    assert holds_any("贫困户有44户", [["1500元"], ["44户"]])
    assert not holds_any("贫困户有144户", [["1500元"], ["44户"]])
