"""LangChain as its guides set it up for Chinese: a recursive splitter with Chinese separators,
FAISS, BM25 over the words of jieba, and both by an ensemble. Its BM25 can't be changed: a new
document or one less makes it anew. Runs in the peers' environment.
"""

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.bench.peers.job import run
from eval.bench.peers.material import K, Vectors, split, words


class LangChain:
    def __init__(self, model: Path) -> None:
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_community.vectorstores import FAISS
        from langchain_core.documents import Document
        from langchain_core.embeddings import Embeddings

        vectors = Vectors(model)

        class Static(Embeddings):
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                return vectors(texts)

            def embed_query(self, text: str) -> list[float]:
                return vectors([text])[0]

        self._embeddings, self._document = Static(), Document
        self._bm25, self._faiss, self._ensemble = BM25Retriever, FAISS, EnsembleRetriever

    def index(self, texts: Sequence[str], place: Path) -> None:
        documents = self._documents(texts)
        store = self._faiss.from_documents(documents, self._embeddings)
        store.save_local(str(place / "index"))
        lexical = self._bm25.from_documents(documents, preprocess_func=words, k=K)
        # It has no format of its own.
        (place / "index/bm25.pickle").write_bytes(pickle.dumps(lexical.vectorizer))

    def open(self, place: Path) -> None:
        self._store: Any = self._faiss.load_local(
            str(place / "index"), self._embeddings, allow_dangerous_deserialization=True
        )
        kept, docs = pickle.loads((place / "index/bm25.pickle").read_bytes()), self._stored()
        self._join(self._bm25(vectorizer=kept, docs=docs, k=K, preprocess_func=words))

    def search(self, question: str, k: int) -> list[int]:
        return [each.metadata["article"] for each in self._hybrid.invoke(question)][:k]

    def add(self, number: int, text: str) -> None:
        self._store.add_documents(self._documents([text], number))
        self._renew()

    def delete(self, number: int, text: str) -> None:
        self._store.delete([piece.id for piece in split([text], number)])
        self._renew()

    def _documents(self, texts: Sequence[str], first: int = 0) -> list[Any]:
        return [
            self._document(id=each.id, page_content=each.text, metadata={"article": each.article})
            for each in split(texts, first)
        ]

    def _stored(self) -> list[Any]:
        ids = self._store.index_to_docstore_id
        return [self._store.docstore.search(ids[at]) for at in sorted(ids)]

    def _renew(self) -> None:
        self._join(self._bm25.from_documents(self._stored(), preprocess_func=words, k=K))

    def _join(self, lexical: Any) -> None:
        dense = self._store.as_retriever(search_kwargs={"k": K})
        self._hybrid: Any = self._ensemble(retrievers=[lexical, dense], weights=[0.5, 0.5])


if __name__ == "__main__":
    run(LangChain)
