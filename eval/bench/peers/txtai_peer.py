"""txtai with a hybrid index: its dense and its BM25 index, over the words of jieba. Runs in the
peers' environment.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.bench.peers.job import run
from eval.bench.peers.material import split, words


class Txtai:
    def __init__(self, model: Path) -> None:
        import jieba
        from txtai import Embeddings
        from txtai.scoring.tfidf import TFIDF

        jieba.initialize()
        # Its own tokenizers know no Chinese words, and its configuration names no other.
        TFIDF.loadtokenizer = lambda _: words
        self._embeddings: Any = Embeddings(
            path=str(model), method="model2vec", hybrid=True, content=True
        )

    def index(self, texts: Sequence[str], place: Path) -> None:
        self._embeddings.index((each.id, each.text) for each in split(texts))
        self._embeddings.save(str(place / "index"))

    def open(self, place: Path) -> None:
        self._embeddings.load(str(place / "index"))

    def search(self, question: str, k: int) -> list[int]:
        found = self._embeddings.search(question, k)
        return [int(each["id"].partition("-")[0]) for each in found]

    def add(self, number: int, text: str) -> None:
        self._embeddings.upsert((each.id, each.text) for each in split([text], number))

    def delete(self, number: int, text: str) -> None:
        self._embeddings.delete([each.id for each in split([text], number)])


if __name__ == "__main__":
    run(Txtai)
