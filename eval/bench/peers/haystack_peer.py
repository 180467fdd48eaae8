"""Haystack: BM25 of its store in memory, which takes each Chinese character for a word, its FAISS
store, and both in a pipeline by reciprocal rank fusion. Runs in the peers' environment.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.bench.peers.job import run
from eval.bench.peers.material import K, Vectors, split

_BATCH = 1000


class Haystack:
    def __init__(self, model: Path) -> None:
        from haystack import Document, Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever
        from haystack_integrations.document_stores.faiss import FAISSDocumentStore

        self._vectors = Vectors(model)
        self._document, self._pipeline, self._joiner = Document, Pipeline, DocumentJoiner
        self._retrievers: Any = (InMemoryBM25Retriever, FAISSEmbeddingRetriever)
        self._lexical: Any = InMemoryDocumentStore
        self._dense: Any = FAISSDocumentStore

    def index(self, texts: Sequence[str], place: Path) -> None:
        folder = place / "index"
        folder.mkdir()
        self._stores: Any = (self._lexical(), self._dense(embedding_dim=self._vectors.dim))
        self._write(texts, 0)
        self._stores[0].save_to_disk(str(folder / "lexical.json"))
        self._stores[1].save(folder / "dense")

    def open(self, place: Path) -> None:
        folder = place / "index"
        dense = self._dense(index_path=str(folder / "dense"), embedding_dim=self._vectors.dim)
        self._stores = (self._lexical.load_from_disk(str(folder / "lexical.json")), dense)
        self._hybrid: Any = self._pipeline()
        joiner = self._joiner(join_mode="reciprocal_rank_fusion", top_k=K)
        self._hybrid.add_component("joiner", joiner)
        for name, make, store in zip(
            ("lexical", "dense"), self._retrievers, self._stores, strict=True
        ):
            self._hybrid.add_component(name, make(document_store=store, top_k=K))
            self._hybrid.connect(name, "joiner")

    def search(self, question: str, k: int) -> list[int]:
        (vector,) = self._vectors([question])
        asked = {"lexical": {"query": question}, "dense": {"query_embedding": vector}}
        found = self._hybrid.run(asked)["joiner"]["documents"]
        return [each.meta["article"] for each in found][:k]

    def add(self, number: int, text: str) -> None:
        self._write([text], number)

    def delete(self, number: int, text: str) -> None:
        for store in self._stores:
            store.delete_documents([piece.id for piece in split([text], number)])

    def _write(self, texts: Sequence[str], first: int) -> None:
        pieces = split(texts, first)
        for start in range(0, len(pieces), _BATCH):
            some = pieces[start : start + _BATCH]
            rows = list(zip(some, self._vectors([each.text for each in some]), strict=True))
            for store, has_vectors in zip(self._stores, (False, True), strict=True):
                store.write_documents([self._made(*row, has_vectors) for row in rows])

    def _made(self, piece: Any, vector: list[float], has_vector: bool) -> Any:
        meta, own = {"article": piece.article}, vector if has_vector else None
        return self._document(id=piece.id, content=piece.text, meta=meta, embedding=own)


if __name__ == "__main__":
    run(Haystack)
