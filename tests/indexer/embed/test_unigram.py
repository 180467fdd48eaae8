"""Many texts at once give the tokens that the tokenizers library gives each."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import Unigram as Reference

from indexer.embed.builtin import BuiltinEmbedder
from indexer.embed.load import load_embedder
from indexer.embed.unigram import RUN, Unigram

VOCABULARY = [
    *(("<unk>", 0.0), ("水", -2.0), ("库", -2.5), ("水库", -3.0), ("库水", -3.0), ("水库水", -5.5)),
    *(("哈", -3.0), ("哈哈", -4.0), ("a", -2.0), ("ab", -2.5), ("abc", -2.9), ("2", -1.0)),
    ("20", -1.5),
]
TEXTS = st.text("水库哈ab2 ，\n龘c0Ａé", max_size=30)


@pytest.fixture(scope="module")
def embedder() -> BuiltinEmbedder:
    loaded = load_embedder("builtin")
    assert isinstance(loaded, BuiltinEmbedder)
    return loaded


def split(tokens: NDArray[Any], counts: NDArray[np.int64]) -> list[list[int]]:
    return [row.tolist() for row in np.split(tokens, np.cumsum(counts)[:-1])] if len(counts) else []


def names(texts: list[str]) -> list[list[str]]:
    found = split(*Unigram(VOCABULARY, 0).segment(texts))
    return [[VOCABULARY[number][0] for number in row] for row in found]


def test_the_likeliest_way_is_taken() -> None:
    assert names(["水库水", "abc 20", "哈哈哈", "龘水库龘", "", "，"]) == [
        ["水", "库水"],  # -5.0, as 水库|水; of two such the last token is the longer
        ["abc", "20"],
        ["哈", "哈哈"],
        ["水库"],
        [],
        [],
    ]
    assert names([]) == []


@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_each_choice_is_that_of_the_library(texts: list[str]) -> None:
    reference = Tokenizer(Reference(VOCABULARY, 0, False)).model
    expected = [
        [token.id for run in RUN.findall(text) for token in reference.tokenize(run) if token.id]
        for text in texts
    ]
    assert split(*Unigram(VOCABULARY, 0).segment(texts)) == expected


@given(st.lists(st.text(max_size=60), max_size=5))
def test_an_index_has_the_tokens_of_a_question(embedder: BuiltinEmbedder, texts: list[str]) -> None:
    texts = [*texts, "2020年，第一医院派出12名医生到bà县ICU病房；cóvid-19 疫情。"]
    one = [row.tolist() for row in embedder.tokens(texts)]
    assert split(*embedder.tokens_of_many(texts)) == one
    assert one[-1]
