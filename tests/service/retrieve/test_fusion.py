"""The mix of the two legs, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.retrieve.fusion import mix, with_cosines


def test_mix_divides_bm25_by_the_best_and_takes_cosines_as_they_are() -> None:
    ranked = mix({1: 10.0, 2: 5.0, 3: 0.0}, {1: 0.0, 2: 0.8, 3: 0.4}, dense_weight=0.25)
    assert ranked == [(1, 0.75), (2, 0.75 * 0.5 + 0.25 * 0.8), (3, 0.25 * 0.4)]


def test_a_negative_cosine_counts_as_none() -> None:
    assert mix({1: 1.0}, {1: -0.3}, dense_weight=0.5) == [(1, 0.5)]


def test_ties_go_to_the_smaller_key() -> None:
    assert [key for key, _ in mix({9: 2.0, 4: 2.0}, {9: 0.1, 4: 0.1})] == [4, 9]


def test_without_a_word_in_common_the_vectors_alone_rank() -> None:
    assert [key for key, _ in mix({1: 0.0, 2: 0.0}, {1: 0.2, 2: 0.6})] == [2, 1]


@given(
    st.dictionaries(st.integers(0, 50), st.floats(0, 100), min_size=1),
    st.floats(0, 1),
)
def test_scores_stay_between_0_and_1(lexical: dict[int, float], weight: float) -> None:
    dense = {key: (key % 7) / 3 - 1 for key in lexical}
    ranked = mix(lexical, dense, dense_weight=weight)
    assert sorted(key for key, _ in ranked) == sorted(lexical)
    assert all(0.0 <= score <= 1.0 + 1e-9 for _, score in ranked)


def test_the_higher_of_close_cosines_gains_by_its_standard_score() -> None:
    ranked = with_cosines([(1, 0.52), (2, 0.5)], [0.83, 0.87], weight=0.08)
    assert [key for key, _ in ranked] == [2, 1]
    assert ranked[0][1] == pytest.approx((0.5 + 0.08 * (3 + 1)) / (1 + 6 * 0.08))


def test_equal_cosines_leave_the_order() -> None:
    assert [key for key, _ in with_cosines([(3, 0.9), (1, 0.2)], [0.8, 0.8])] == [3, 1]
    assert with_cosines([], []) == []


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-1, 1)), max_size=50))
def test_scores_with_cosines_stay_between_0_and_1(rows: list[tuple[float, float]]) -> None:
    found = with_cosines(list(enumerate(s for s, _ in rows)), [c for _, c in rows])
    assert sorted(key for key, _ in found) == list(range(len(rows)))
    assert all(-1e-9 <= score <= 1 + 1e-9 for _, score in found)
