"""The mix of the two legs, by hand."""

from hypothesis import given
from hypothesis import strategies as st

from service.retrieve.fusion import mix


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
