"""What all peers share: the same passages, words and vectors. Runs in the peers' environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

K = 10  # passages that a retriever brings
MAX_CHARS = 320  # of a passage
# "Splitting text from languages without word boundaries" of the guide to this splitter.
_SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", "，", "、", " ", ""]


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of an article; `id` is its own."""

    id: str
    article: int
    text: str


@cache
def _splitter() -> Any:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(
        separators=_SEPARATORS, chunk_size=MAX_CHARS, chunk_overlap=0
    )


def split(texts: Sequence[str], first: int = 0) -> list[Piece]:
    """The passages of articles that are numbered from `first` on, in order; none of signs alone,
    whose vector is zero.
    """
    return [
        Piece(f"{number}-{at}", number, piece)
        for number, text in enumerate(texts, start=first)
        for at, piece in enumerate(_splitter().split_text(text))
        if any(map(str.isalnum, piece))
    ]


def words(text: str) -> list[str]:
    """The words of jieba, without blanks and signs."""
    import jieba

    return [word for word in jieba.lcut(text) if any(map(str.isalnum, word))]


class Vectors:
    """The static model."""

    def __init__(self, model: Path) -> None:
        import jieba
        from model2vec import StaticModel

        jieba.initialize()  # its words are loaded with the model, before the clock starts
        self._static = StaticModel.from_pretrained(model)
        self.dim = int(self._static.dim)

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector a text, in order."""
        found: list[list[float]] = self._static.encode(list(texts)).tolist()
        return found
