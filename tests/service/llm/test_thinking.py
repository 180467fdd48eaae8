"""Thoughts are taken out, wherever the pieces are cut."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.llm.thinking import without_thinking


def test_by_hand() -> None:
    pieces = ["a<b", " <think>x</think>", "c<th", "ere", "<thi"]
    assert list(without_thinking(pieces)) == ["a<b", " ", "c", "<there", "<thi"]
    assert list(without_thinking(["<think>never closed"])) == []


@given(
    st.lists(st.sampled_from(["每户", "<think>", "</think>", "<", "1500", "<thin"]), max_size=8),
    st.lists(st.integers(0, 60), max_size=6),
)
def test_where_it_is_cut_changes_nothing(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts)
    bounds = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    cut = [text[start:end] for start, end in pairwise(bounds)]
    assert "".join(without_thinking(cut)) == "".join(without_thinking([text]))
