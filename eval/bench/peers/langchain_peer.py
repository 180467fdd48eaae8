"""LangChain as its guides set it up for Chinese: a recursive splitter with Chinese separators,
FAISS, BM25 over the words of jieba, and both by an ensemble. Runs in the peers' environment.
"""

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.bench.peers.job import MAX_CHARS, run

# "Splitting text from languages without word boundaries" of the guide to this splitter.
SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", "，", "、", " ", ""]
_K = 10


def split(texts: Sequence[str]) -> list[Any]:
    """Documents, each with the number of its article; none of signs alone, whose vector is zero."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=SEPARATORS, chunk_size=MAX_CHARS, chunk_overlap=0
    )
    numbers = [{"article": number} for number in range(len(texts))]
    pieces = splitter.create_documents(list(texts), numbers)
    return [piece for piece in pieces if any(map(str.isalnum, piece.page_content))]


class LangChain:
    def __init__(self, model: Path) -> None:
        import jieba
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_community.vectorstores import FAISS
        from langchain_core.embeddings import Embeddings
        from model2vec import StaticModel

        static = StaticModel.from_pretrained(model)

        class Static(Embeddings):
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                found: list[list[float]] = static.encode(texts).tolist()
                return found

            def embed_query(self, text: str) -> list[float]:
                return self.embed_documents([text])[0]

        jieba.initialize()
        self._embeddings = Static()
        self._parts: Any = (jieba.lcut, BM25Retriever, FAISS, EnsembleRetriever)

    def index(self, texts: Sequence[str], place: Path) -> None:
        words, bm25, faiss, ensemble = self._parts
        documents = split(texts)
        store = faiss.from_documents(documents, self._embeddings)
        store.save_local(str(place / "index"))
        lexical = bm25.from_documents(documents, preprocess_func=words, k=_K)
        with (place / "index" / "bm25.pickle").open("wb") as file:  # it has no format of its own
            pickle.dump(lexical.vectorizer, file)
        dense = store.as_retriever(search_kwargs={"k": _K})
        self._hybrid = ensemble(retrievers=[lexical, dense], weights=[0.5, 0.5])

    def search(self, question: str, k: int) -> list[int]:
        return [each.metadata["article"] for each in self._hybrid.invoke(question)][:k]


if __name__ == "__main__":
    run(LangChain)
