"""Fingerprints: near copies are alike to the share of what they have in common, others are not."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.fingerprint import (
    LEAST_RUNS,
    PERMUTATIONS,
    RUN,
    fingerprint,
    fingerprints,
    letters,
)

HAN = "".join(chr(0x4E00 + 7 * at) for at in range(900))


def text(seed: int, length: int = 600) -> str:
    return "".join(random.Random(seed).choices(HAN, k=length))


def likeness(one: str, other: str) -> float:
    table = fingerprints([fingerprint(one), fingerprint(other)])
    return float((table[0] == table[1]).mean())


def jaccard(one: str, other: str) -> float:
    a, b = (
        {each[at : at + RUN] for at in range(len(each) - RUN + 1)}
        for each in (letters(one), letters(other))
    )
    return len(a & b) / len(a | b)


def test_white_space_punctuation_width_and_script_do_not_count() -> None:
    plain = "国网电力未来三年投入120亿元建设电网，" * 4 + text(1, 100)
    other = plain.replace("，", " 。\n\n").replace("120", "１２０").replace("国网", "國網")
    assert fingerprint(plain) == fingerprint(other) != b""


def test_a_short_text_has_none() -> None:
    assert fingerprint("") == b""
    assert fingerprint(text(1, LEAST_RUNS + RUN - 2)) == b""
    assert len(fingerprint(text(1, LEAST_RUNS + RUN - 1))) == 4 * PERMUTATIONS


@given(st.integers(0, 10_000), st.integers(0, 500))
def test_the_estimate_is_near_the_truth(seed: int, at: int) -> None:
    one, other = text(seed), text(seed)[:at] + text(seed + 1, 60) + text(seed)[at + 60 :]
    assert abs(likeness(one, other) - jaccard(one, other)) < 0.2
    assert likeness(one, text(seed + 2)) < 0.1


def test_it_is_the_same_everywhere() -> None:
    first = np.frombuffer(fingerprint("一二三四五六七八九十" * 2 + text(3, 200)), dtype="<u4")
    assert first[:3].tolist() == [5100880, 2209272, 9813861]
