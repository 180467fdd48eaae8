"""What a batch of passages is found by is what each of them alone gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import analyse
from indexer.embed.builtin import BuiltinEmbedder
from indexer.embed.load import load_embedder
from indexer.records import Passage
from indexer.stopwatch import Stopwatch
from indexer.text.normalise import fold
from indexer.text.numbers import uniform_figures
from indexer.text.segment import TermMix

MIX = TermMix.CHARACTERS_BIGRAMS
PIECES = st.sampled_from(
    (
        *("三千四百二十八人", "共三成", "￥1.2万", "二〇二〇年五月八日", "百分之五", "3,428只"),
        *("口罩", "，", " ", "\n", "covid-19", "第二批", "二十", "元", "3至5万元", "半年", "臺灣"),
    )
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)


@pytest.fixture(scope="module")
def embedder() -> BuiltinEmbedder:
    loaded = load_embedder("builtin")
    assert isinstance(loaded, BuiltinEmbedder)
    return loaded


def passage(title: str, text: str) -> Passage:
    return Passage("p", "d", 0, len(text), text, title)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
@settings(deadline=None)
def test_tokens_and_vectors(embedder: BuiltinEmbedder, given: list[tuple[str, str]]) -> None:
    passages = [passage(*each) for each in given]
    found = analyse(passages, MIX, embedder, Stopwatch())
    assert len(found.tokens) == len(found.vectors) == len(found.terms) == len(passages)
    for each, kept, vector in zip(passages, found.tokens, found.vectors, strict=True):
        context, body = fold(each.context), fold(each.text)
        in_digits = f"{uniform_figures(context)}\n{uniform_figures(body)}"
        written, digits = (
            set(row.tolist()) for row in embedder.tokens([f"{context}\n{body}", in_digits])
        )
        shared, ours, theirs = (
            embedder.unpacked(packed).tolist()
            for packed in (kept.shared, kept.written, kept.digits)
        )
        assert shared == sorted(written & digits)
        assert ours == sorted(written - digits)
        assert theirs == sorted(digits - written)
        (alone,) = embedder.embed_passages([f"{each.context}\n{each.text}"])
        assert np.array_equal(vector, alone)
