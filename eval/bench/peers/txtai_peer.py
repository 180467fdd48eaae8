"""txtai with a hybrid index over the passages that LangChain's splitter makes, and the words of
jieba. Runs in the peers' environment.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.bench.peers.job import run
from eval.bench.peers.langchain_peer import split


class Txtai:
    def __init__(self, model: Path) -> None:
        import jieba
        from txtai import Embeddings
        from txtai.scoring.tfidf import TFIDF

        jieba.initialize()
        # Its own tokenizers know no Chinese words, and its configuration names no other.
        TFIDF.loadtokenizer = lambda _: jieba.lcut
        self._embeddings: Any = Embeddings(
            path=str(model), method="model2vec", hybrid=True, content=True
        )

    def index(self, texts: Sequence[str], place: Path) -> None:
        documents = split(texts)
        self._articles = [each.metadata["article"] for each in documents]
        self._embeddings.index((at, each.page_content) for at, each in enumerate(documents))
        self._embeddings.save(str(place / "index"))

    def search(self, question: str, k: int) -> list[int]:
        found = self._embeddings.search(question, k)
        return [self._articles[int(each["id"])] for each in found]


if __name__ == "__main__":
    run(Txtai)
