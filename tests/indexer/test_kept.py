"""What is kept is what would be made anew, and stays within its bound."""

import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.kept import Kept, remembered
from indexer.text.normalise import fold
from indexer.text.numbers import find_numbers


@given(st.lists(st.text(max_size=80), max_size=60), st.integers(1, 2_000))
def test_the_value_is_the_one_of_the_text_however_little_is_kept(
    texts: list[str], most: int
) -> None:
    kept: Kept[str, str] = Kept(most)
    for text in texts:
        assert kept.get(text, text[::-1].upper, len) == text[::-1].upper()
        assert kept.size <= most


def test_what_was_asked_for_last_stays() -> None:
    made: Counter[str] = Counter()

    def length(text: str) -> int:
        made[text] += 1
        return len(text)

    kept = remembered(1_600)(length)  # sixteen of these, at 100 each and their one character
    for text in "abcdefghijklmno":
        kept(text)
    kept("a")
    for text in "pqrst":
        kept(text)
    assert kept("a") == 1
    assert kept("b") == 1
    assert made["a"] == 1
    assert made["b"] == 2


def test_what_is_too_large_is_made_each_time() -> None:
    made: list[str] = []

    def count() -> int:
        made.append("once more")
        return len(made)

    kept: Kept[str, int] = Kept(10_000)
    for _ in range(2):
        kept.get("whole", count, lambda _: 5_000)
    assert len(made) == 2
    assert kept.size == 0


def test_an_error_is_not_kept() -> None:
    kept: Kept[str, int] = Kept(1_000)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0, lambda _: 1)
    assert kept.get("a", lambda: 3, lambda _: 1) == 3


def test_one_thread_does_not_wait_for_the_work_of_another() -> None:
    kept: Kept[str, int] = Kept(1_000)
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert may_end.wait(10)
        return 1

    thread = threading.Thread(target=lambda: kept.get("slow", slow, lambda _: 1))
    thread.start()
    try:
        assert begun.wait(10)
        assert kept.get("other", lambda: 2, lambda _: 1) == 2
        # Nor does one that wants the very same: it makes it itself.
        assert kept.get("slow", lambda: 1, lambda _: 1) == 1
    finally:
        may_end.set()
        thread.join()
    assert kept.get("slow", lambda: 5, lambda _: 1) == 1


def test_who_changes_the_figures_that_it_was_given_changes_no_others() -> None:
    folded = fold("捐款３４２８元")
    find_numbers(folded).clear()
    assert [str(number.value) for number in find_numbers(folded)] == ["3428"]
