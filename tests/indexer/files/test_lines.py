"""Lines and what is outside of stretches of them."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.files.lines import outside, split_lines

_SPAN = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair)))


@given(st.text("字a \n", max_size=60), st.lists(_SPAN, max_size=8))
def test_lines_outside_of_stretches_begin_in_none_of_them(
    text: str, spans: list[tuple[int, int]]
) -> None:
    lines = split_lines(text)
    kept = [line for line in lines if not any(a <= line.start < b for a, b in spans)]
    assert outside(lines, spans) == kept
