"""LlamaIndex: its FAISS store, its BM25 and the fusion of both that its guide shows. Its BM25 takes
only a pattern for what is a word, so that it is given the words of jieba with blanks between them,
and it can't be changed: a new document or one less makes it anew. Runs in the peers' environment.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.bench.peers.job import run
from eval.bench.peers.material import K, Vectors, split, words

_WORD = r"(?u)\b\w+\b"  # its own default leaves out words of one character
_FUSION: dict[str, Any] = {"mode": "reciprocal_rerank", "num_queries": 1, "use_async": False}
_BM25: dict[str, Any] = {"similarity_top_k": K, "skip_stemming": True, "token_pattern": _WORD}


class LlamaIndex:
    def __init__(self, model: Path) -> None:
        import faiss
        from llama_index import core
        from llama_index.core import embeddings, llms, retrievers, schema
        from llama_index.retrievers.bm25 import BM25Retriever
        from llama_index.vector_stores.faiss import FaissMapVectorStore

        self._vectors = Vectors(model)
        self._core, self._store = core, FaissMapVectorStore
        self._bm25, self._fusion = BM25Retriever, retrievers.QueryFusionRetriever
        self._node, self._bundle = schema.TextNode, schema.QueryBundle
        self._flat: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(self._vectors.dim))
        # It asks no model: vectors are given with nodes and questions, and one query is enough.
        self._embedder: Any = embeddings.MockEmbedding(embed_dim=self._vectors.dim)
        self._model = llms.MockLLM()

    def index(self, texts: Sequence[str], place: Path) -> None:
        nodes = self._nodes(texts, 0)
        storage = self._core.StorageContext.from_defaults(vector_store=self._store(self._flat))
        self._core.VectorStoreIndex(nodes, storage_context=storage, embed_model=self._embedder)
        storage.persist(str(place / "index"))
        self._bm25.from_defaults(nodes=nodes, **_BM25).persist(str(place / "index" / "bm25"))

    def open(self, place: Path) -> None:
        folder = str(place / "index")
        storage = self._core.StorageContext.from_defaults(
            vector_store=self._store.from_persist_dir(folder), persist_dir=folder
        )
        self._index: Any = self._core.load_index_from_storage(storage, embed_model=self._embedder)
        lexical = self._bm25.from_persist_dir(str(place / "index" / "bm25"))
        lexical.skip_stemming, lexical.token_pattern = True, _WORD  # it does not keep them
        self._join(lexical)

    def search(self, question: str, k: int) -> list[int]:
        (vector,) = self._vectors([question])
        asked = self._bundle(query_str=" ".join(words(question)), embedding=vector)
        return [each.node.metadata["article"] for each in self._hybrid.retrieve(asked)][:k]

    def add(self, number: int, text: str) -> None:
        self._index.insert_nodes(self._nodes([text], number))
        self._join(self._bm25.from_defaults(index=self._index, **_BM25))

    def delete(self, number: int, text: str) -> None:
        for piece in split([text], number):
            self._index.delete_nodes([piece.id], delete_from_docstore=True)
        self._join(self._bm25.from_defaults(index=self._index, **_BM25))

    def _nodes(self, texts: Sequence[str], first: int) -> list[Any]:
        pieces = split(texts, first)
        vectors, nodes = self._vectors([each.text for each in pieces]), []
        for piece, vector in zip(pieces, vectors, strict=True):
            node = self._node(id_=piece.id, text=" ".join(words(piece.text)), embedding=vector)
            node.metadata = {"article": piece.article, "text": piece.text}
            node.excluded_embed_metadata_keys = list(node.metadata)  # they are no words
            nodes.append(node)
        return nodes

    def _join(self, lexical: Any) -> None:
        dense = self._index.as_retriever(similarity_top_k=K)
        self._hybrid: Any = self._fusion(
            [dense, lexical], llm=self._model, similarity_top_k=K, **_FUSION
        )


if __name__ == "__main__":
    run(LlamaIndex)
