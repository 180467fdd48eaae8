"""Who need not be scored by words, since no score would bring it among the best."""

from hypothesis import given
from hypothesis import strategies as st

from service.retrieve.fusion import contenders, mix


def test_only_those_whose_cosine_makes_up_for_their_words() -> None:
    lexical = {1: 10.0, 2: 8.0, 3: 4.0}
    dense = {1: 0.5, 2: 0.5, 3: 0.5, 7: 0.9, 8: 0.5, 9: 0.1}
    # The second has 0.7 x 0.8 + 0.3 x 0.5 = 0.71; with 4.0 by words: 7 has 0.55, the others less.
    assert contenders(lexical, dense, 4.0, 2) == []
    # The third has 0.43, which 8 just reaches.
    assert contenders(lexical, dense, 4.0, 3) == [7, 8]
    assert contenders(lexical, dense, 4.0, 4) == [7, 8, 9], "there is no fourth to compare with"


scores = st.floats(0.01, 30, allow_nan=False)


@given(
    own=st.dictionaries(st.integers(0, 9), st.tuples(scores, st.floats(-1, 1)), min_size=1),
    others=st.dictionaries(st.integers(10, 25), st.tuples(st.floats(0, 1), st.floats(-1, 1))),
    wanted=st.integers(1, 12),
)
def test_leaving_the_rest_out_changes_nothing_among_the_best(
    own: dict[int, tuple[float, float]], others: dict[int, tuple[float, float]], wanted: int
) -> None:
    lexical = {key: words for key, (words, _) in own.items()}
    most = min(lexical.values())
    by_words = {key: share * most for key, (share, _) in others.items()}
    dense = {key: cosine for key, (_, cosine) in (own | others).items()}
    asked = contenders(lexical, dense, most, wanted)
    some = mix(lexical | {key: by_words[key] for key in asked}, dense)
    assert some[:wanted] == mix(lexical | by_words, dense)[:wanted]
