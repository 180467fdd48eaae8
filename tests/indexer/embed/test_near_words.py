"""Words for the same thing, whether the model knows them as one token or as several."""

import numpy as np
import pytest

from indexer.embed.builtin import BuiltinEmbedder
from indexer.embed.near_words import SYNONYM, NearWords

TOKENS = {"公厕": (1,), "茅厕": (2, 3), "厕所": (4,), "卫生间": (5, 6, 7)}


@pytest.fixture
def near() -> NearWords:
    return NearWords(TOKENS, {word: frozenset(TOKENS) - {word} for word in TOKENS})


def raised(near: NearWords, question: list[int], texts: list[list[int]]) -> np.ndarray:
    asked = np.unique(np.asarray(question, dtype=np.uint16))
    flat = np.concatenate([np.asarray(text, dtype=np.uint16) for text in texts])
    starts = np.cumsum([0, *(len(text) for text in texts[:-1])])
    best = np.zeros((len(asked), len(texts)), dtype=np.float32)
    near.raise_phrases(best, asked, np.asarray(question, dtype=np.uint16), flat, starts)
    return best


def test_a_word_of_one_token_counts_for_another(near: NearWords) -> None:
    counts = np.zeros((2, 3), dtype=np.float32)
    near.raise_tokens(counts, np.asarray([1, 9]), np.asarray([4, 9, 1]))
    assert counts.tolist() == [[np.float32(SYNONYM), 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_a_word_of_several_tokens_is_met_by_one(near: NearWords) -> None:
    best = raised(near, [9, 2, 3], [[8, 4], [8, 8]])
    assert best.tolist() == [[np.float32(SYNONYM), 0.0], [np.float32(SYNONYM), 0.0], [0.0, 0.0]]


def test_a_word_of_one_token_is_met_by_several(near: NearWords) -> None:
    assert raised(near, [4], [[8, 5, 6, 7], [5, 6, 8, 7]])[0].tolist() == [np.float32(SYNONYM), 0]


def test_a_word_does_not_run_from_one_text_into_the_next(near: NearWords) -> None:
    assert raised(near, [4], [[8, 2], [3, 8]]).max() == 0.0


def test_half_of_a_word_in_the_question_is_not_the_word(near: NearWords) -> None:
    assert raised(near, [2, 9], [[4, 4]]).max() == 0.0


def test_every_word_of_the_table_meets_the_others_of_its_group() -> None:
    embedder = BuiltinEmbedder()
    meant, other = embedder.meets("村里盖茅厕花多少钱", ["新建公厕投入3万元", "新建公路投入3万元"])
    assert meant > other
