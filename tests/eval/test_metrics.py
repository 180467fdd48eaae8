"""Each metric by an example worked by hand."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.answers import (
    answer_hit,
    character_f1,
    exact_match,
    first_sentences,
    holds_any,
)
from eval.metrics.numbers import mean, percentile
from eval.metrics.proof import figures_exact, is_supported
from eval.metrics.ranking import ndcg_at, recall_at, reciprocal_rank
from eval.metrics.refusal import (
    coverage_at_risk,
    limit_at,
    refused_at,
    risk_coverage,
    risk_coverage_area,
)

RANKING = ["a", "b", "c", "d"]

# -- rankings -------------------------------------------------------------------------------------


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


# -- answers --------------------------------------------------------------------------------------


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


def test_only_the_first_sentence_counts_where_one_may_be_had() -> None:
    texts = ["贫困户有44户。", "每户1500元。"]
    assert answer_hit(texts, [["44户"]], limit=1)
    assert not answer_hit(texts, [["1500元"]], limit=1)
    assert not answer_hit(texts, [["44户"], ["1500元"]], limit=1)  # both groups, in one sentence
    assert answer_hit(["44户每户1500元。"], [["44户"], ["1500元"]], limit=1)


def test_a_paragraph_is_not_one_sentence() -> None:
    assert first_sentences(["甲。乙！丙？丁。"]) == "甲。乙！丙？"
    assert first_sentences(["甲。乙！丙？丁。"], limit=1) == "甲。"
    assert first_sentences(["甲。乙！"]) == "甲。乙！"
    assert first_sentences([]) == ""
    assert not answer_hit(["甲说。乙说。丙说。每户1500元。"], [["1500元"]])


def test_a_semicolon_ends_no_sentence() -> None:
    assert (
        first_sentences(["甲；乙；丙；丁。", "戊。", "己;庚。", "辛。"])
        == "甲；乙；丙；丁。\n戊。\n己;庚。"
    )


def test_a_quote_holds_one_of_the_groups() -> None:
    assert holds_any("贫困户有44户", [["1500元"], ["44户"]])
    assert not holds_any("贫困户有144户", [["1500元"], ["44户"]])


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("1500元", 1),
        ("一千五百元。", 1),  # the same value, and punctuation
        ("１，５００ 元", 1),  # width and space
        ("约1500元", 0),
        ("500元", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_exact_match(answer: str | None, value: float) -> None:
    assert exact_match(answer, ["2000元", "1500元"]) == value


@pytest.mark.parametrize(
    ("answer", "accepted", "value"),
    [
        ("昭觉县医院", ["县医院"], 2 * 3 / (5 + 3)),  # shared: 县, 医, 院
        ("縣醫院", ["县医院"], 1),  # the same in the other script
        ("三千元", ["3000元"], 1),  # an exact match by value, though one letter of five is shared
        ("12人", ["13人"], 2 * 2 / (3 + 3)),  # shared: 1, 人
        ("人人", ["人"], 2 * 1 / (2 + 1)),  # a bag: the second 人 has no partner
        ("县医院", ["学校", "医院。"], 2 * 2 / (3 + 2)),  # the best of both, punctuation aside
        ("北京", ["上海"], 0),
        ("", ["上海"], 0),
        (None, ["上海"], 0),
        ("上海", [], 0),
    ],
)
def test_character_f1(answer: str | None, accepted: list[str], value: float) -> None:
    assert character_f1(answer, accepted) == pytest.approx(value)


# -- proof ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "quotes", "supported"),
    [
        ("每户分到1500元。", ["村集体分红，每户分到1,500元，", "别的。"], True),  # word for word
        ("每户分到1500元。", [], False),  # cites nothing
        ("……", ["每户分到1500元。"], False),  # says nothing
        # In other words: its pairs are 甲乙 乙丙 丙丁 丁戊, of which the quotes hold 2, then 1.
        ("甲乙丙丁戊", ["甲乙丙"], True),
        ("甲乙丙丁戊", ["甲乙", "丁戊"], True),
        ("甲乙丙丁戊", ["甲乙"], False),
        # 每户 户分 分红 红1 15 50 00 0元: all but 分红 and 红1 are in the quote, and 1500元 is.
        ("每户分红1500元。", ["每户分到一千五百元。"], True),
        # As near in its letters, but the figure is another.
        ("每户分到1600元。", ["每户分到一千五百元。"], False),
        ("好。", ["每户分到1500元。"], False),  # one letter has no pair
    ],
)
def test_support(sentence: str, quotes: list[str], supported: bool) -> None:
    assert is_supported(sentence, quotes) is supported


@pytest.mark.parametrize(
    ("sentence", "quotes", "exact_of_stated"),
    [
        ("5月28日捐赠3,428只。", ["2020年5月28日捐赠口罩三千四百二十八只"], (2, 2)),
        ("2020年5月28日捐赠。", ["5月28日捐赠"], (0, 1)),  # the quote says of no year
        ("分给15万人、60台。", ["分给115万人", "电脑60台"], (1, 2)),  # 15万 is not in 115万
        ("占21.1%。", ["占百分之二十一点一"], (1, 1)),
        ("60人。", ["60台"], (0, 1)),  # the unit belongs to the figure
        ("捐赠60台。", [], (0, 1)),
        ("由县医院接收。", ["由县医院接收"], (0, 0)),
    ],
)
def test_figures(sentence: str, quotes: list[str], exact_of_stated: tuple[int, int]) -> None:
    assert figures_exact(sentence, quotes) == exact_of_stated


# -- confidence -----------------------------------------------------------------------------------


def test_risk_and_coverage() -> None:
    # By confidence: right, wrong, right. Of the first one 0 of 1 is wrong, then 1 of 2, 1 of 3.
    assert risk_coverage([0.7, 0.9, 0.8], [False, False, True]) == [0, 1 / 2, 1 / 3]
    assert risk_coverage_area([0.7, 0.9, 0.8], [False, False, True]) == pytest.approx(5 / 18)


def test_ties_pretend_no_order() -> None:
    # Right at 0.9; one of two wrong at 0.5, half an error each; wrong at 0.1.
    confidences, wrong = [0.5, 0.9, 0.1, 0.5], [True, False, True, False]
    assert risk_coverage(confidences, wrong) == pytest.approx([0, 0.5 / 2, 1 / 3, 2 / 4])
    assert risk_coverage_area(confidences, wrong) == pytest.approx((0.25 + 1 / 3 + 0.5) / 4)
    swapped = [False, False, True, True]  # the other of the two
    assert risk_coverage_area(confidences, swapped) == risk_coverage_area(confidences, wrong)
    # Of one confidence for all, the area is the share that is wrong.
    assert risk_coverage_area([0.5] * 4, [True, False, False, False]) == 0.25


def test_the_area_of_certainties() -> None:
    assert risk_coverage_area([0.9, 0.1], [False, False]) == 0
    assert risk_coverage_area([0.9, 0.1], [True, True]) == 1
    assert risk_coverage_area([], []) == 0


_OUTCOMES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]), st.booleans()), max_size=30
)


@given(st.integers(0, 25), st.integers(0, 25))
def test_the_area_of_a_perfect_order(right: int, bad: int) -> None:
    """All right answers are surer than all wrong ones: risks 0 … 0, then j / (right + j)."""
    confidences = [1 - at / 100 for at in range(right + bad)]
    wrong = [False] * right + [True] * bad
    by_hand = sum(j / (right + j) for j in range(1, bad + 1)) / max(1, right + bad)
    assert risk_coverage_area(confidences, wrong) == pytest.approx(by_hand)
    shuffled = sorted(zip(confidences, wrong, strict=True), key=lambda pair: hash(pair))
    assert risk_coverage_area(*([c for c, _ in shuffled], [w for _, w in shuffled])) == (
        pytest.approx(by_hand)
    )


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_random_confidences_tell_nothing(share: float) -> None:
    """Over many draws the risk is the same at every coverage: the share that is wrong."""
    n, draws = 20, 4000
    wrong = [at < share * n for at in range(n)]
    risks = np.asarray(
        [
            risk_coverage(np.random.default_rng(seed).random(n).tolist(), wrong)
            for seed in range(draws)
        ]
    )
    # The first risk is 0 or 1, so its mean is off by share ** 0.5 / draws ** 0.5 = 0.008 at most.
    assert risks.mean(axis=0) == pytest.approx([share] * n, abs=0.04)
    assert risks[:, -1] == pytest.approx([share] * draws)


@given(_OUTCOMES)
def test_ties_have_no_order_and_all_are_covered_last(outcomes: list[tuple[float, bool]]) -> None:
    confidences, wrong = [c for c, _ in outcomes], [w for _, w in outcomes]
    backwards = risk_coverage(confidences[::-1], wrong[::-1])
    risks = risk_coverage(confidences, wrong)
    assert risks == pytest.approx(backwards)
    assert all(0 <= risk <= 1 + 1e-9 for risk in risks)
    if outcomes:
        assert risks[-1] == pytest.approx(sum(wrong) / len(wrong))


def test_coverage_at_a_risk() -> None:
    confidences, wrong = [0.9, 0.8, 0.7, 0.6], [False, True, False, False]
    # Risks 0, 1/2, 1/3, 1/4; two more questions were refused.
    assert coverage_at_risk(confidences, wrong, 6, 0.0) == 1 / 6
    assert coverage_at_risk(confidences, wrong, 6, 0.3) == 4 / 6  # past the surest mistake
    # Two of one confidence come in together: 1 of 3 is wrong, and the surest alone is right.
    assert coverage_at_risk([0.9, 0.5, 0.5], [False, True, False], 3, 0.3) == 1 / 3
    assert coverage_at_risk([0.9, 0.5, 0.5], [False, True, False], 3, 1 / 3) == 1
    assert coverage_at_risk([0.9], [True], 1, 0.05) == 0
    assert coverage_at_risk([], [], 5, 0.05) == 0
    assert coverage_at_risk([], [], 0, 0.05) == 0


@given(_OUTCOMES, st.sampled_from([0.0, 0.05, 0.5, 1.0]))
def test_what_is_covered_keeps_the_risk(outcomes: list[tuple[float, bool]], risk: float) -> None:
    """A limit on confidence exists that answers just so many, with no more wrong."""
    n = len(outcomes) + 3
    covered = round(
        coverage_at_risk([c for c, _ in outcomes], [w for _, w in outcomes], n, risk) * n
    )
    by_limit = {0: 0}
    for limit in {confidence for confidence, _ in outcomes}:
        wrong = [is_wrong for confidence, is_wrong in outcomes if confidence >= limit]
        by_limit[len(wrong)] = sum(wrong)
    fine = [answered for answered, errors in by_limit.items() if errors <= risk * answered]
    assert covered == max(fine)


def test_refused_at_a_price() -> None:
    answerable = [0.1, 0.5, 0.5, 0.9]
    assert limit_at(answerable, 0.05) == 0.1  # none of four may go
    assert refused_at(answerable, [0.05, 0.1, 0.2], 0.05) == 1 / 3
    assert limit_at(answerable, 0.25) == 0.5
    assert refused_at(answerable, [0.05, 0.1, 0.5], 0.25) == 2 / 3
    # The second and third are as sure: both or neither, and both would be too many.
    assert limit_at(answerable, 0.5) == 0.5
    assert limit_at([0.5] * 100, 0.05) == 0.5
    assert limit_at([at / 100 for at in range(100)], 0.03) == 0.03  # 0.00, 0.01, 0.02 go
    assert refused_at(answerable, [0.99, 0.3], 1.0) == 1
    assert refused_at([], [0.5], 0.05) == 1  # nothing is lost by refusing all
    assert refused_at([0.5], [], 0.05) == 0


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=40),
    st.lists(st.floats(0, 1), max_size=10),
    st.floats(0, 1),
)
def test_the_price_is_kept(answerable: list[float], others: list[float], price: float) -> None:
    limit = limit_at(answerable, price)
    lost = sum(confidence < limit for confidence in answerable)
    assert lost <= price * len(answerable) + 1e-6
    assert 0 <= refused_at(answerable, others, price) <= 1


# -- numbers --------------------------------------------------------------------------------------


def test_percentile() -> None:
    assert percentile([40.0, 10.0, 30.0, 20.0], 0.5) == 25  # between the second and the third
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2
    # Place 0.95 × 3 = 2.85: from 30 on 85 % of the way to 40.
    assert percentile([10.0, 20.0, 30.0, 40.0], 0.95) == pytest.approx(38.5)
    assert percentile([7.0], 0.95) == 7


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=30),
    st.sampled_from([0.0, 0.05, 0.5, 0.95, 1.0]),
)
def test_percentiles_are_numpys(values: list[float], share: float) -> None:
    assert percentile(values, share) == pytest.approx(float(np.percentile(values, 100 * share)))


def test_mean() -> None:
    assert mean([True, False, True, True]) == 0.75
    assert mean([]) is None


@pytest.mark.parametrize(
    ("sentence", "quotes", "supported"),
    [
        ("相差30元 = 一百五十元 - 一百二十元。", ["由一百二十元改为一百五十元。"], True),
        ("相差40元 = 一百五十元 - 一百二十元。", ["由一百二十元改为一百五十元。"], False),
        ("相差30元 = 一百六十元 - 一百三十元。", ["由一百二十元改为一百五十元。"], False),
        ("合计12人 = 5人 + 7人。", ["甲组5人。", "乙组7人。"], True),
        ("缺3人 = （9 + 4） - （8 + 2）（共2行）。", ["甲：9 | 乙：8", "甲：4 | 乙：2"], True),
        ("相差5人 = 2023年 12人 - 2022年 7人。", ["2022年7人，2023年12人。"], True),
        ("合计18万度 = 8 + 10（东车间，共2行）。", ["一季度：8 | 二季度：10"], True),
    ],
)  # fmt: skip
def test_a_result_is_proven_by_its_parts(sentence: str, quotes: list[str], supported: bool) -> None:
    assert is_supported(sentence, quotes) is supported
    exact, stated = figures_exact(sentence, quotes)
    assert (exact == stated) is supported
