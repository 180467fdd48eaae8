"""What the libraries that ours stands on take alone, for the same articles and questions, and what
of our own time is theirs. Needs the index that `ours` has made.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.peers.job import WARM_UP
from eval.bench.peers.shares import shares
from eval.metrics.numbers import percentile
from indexer.embed.builtin import BuiltinEmbedder
from indexer.pipeline import BuildOptions, build
from indexer.prepare import warm_up
from indexer.text.normalise import fold
from indexer.text.segment import TermMix, terms
from service.archive import Archive
from service.settings import Settings

_HEAP_BYTES = 96_000_000


def measured(place: Path, model: Path, questions: Sequence[str], k: int) -> dict[str, Any]:
    """Processor ms an article where articles are gone through, ms a search where searched."""
    articles = [path.read_text("utf-8") for path in sorted((place / "articles").iterdir())]
    archive, embedder = Archive.open(place / "index", Settings()), BuiltinEmbedder(model)
    keys = archive.reader.engine_keys()[0].tolist()
    passages = [fold(each.passage.text) for each in archive.reader.passages(keys)]
    mix = TermMix(archive.reader.manifest.terms.mix)
    folded = [fold(question) for question in questions]
    count = len(articles)
    search_s, index_s = _tantivy([terms(each, mix) for each in passages],
                                 [terms(each, mix) for each in folded], k)  # fmt: skip
    add_s, flat_s = _faiss(embedder.embed_passages(passages), embedder.embed_queries(folded), k)
    return {
        "an_article_ms": {
            "tokenizers": 1000 * _cpu(lambda: _tokenize(model, passages)) / count,
            "rjieba": 1000 * _cpu(lambda: _words(articles)) / count,
            "tantivy": 1000 * index_s / count,
            "FAISS flat": 1000 * add_s / count,
        },
        "a_search_ms": {
            "tantivy": 1000 * percentile(search_s, 0.5),
            "FAISS flat": 1000 * percentile(flat_s, 0.5),
        },
        "article_shares_ms": _index_shares(place / "articles", embedder, count),
        "search_shares_ms": _search_shares(archive, questions, k),
    }


def _cpu(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _each(search: Callable[[Any], object], asked: Sequence[Any]) -> list[float]:
    """Seconds of each."""
    for one in asked[:WARM_UP]:
        search(one)
    spent = []
    for one in asked:
        started = time.perf_counter()
        search(one)
        spent.append(time.perf_counter() - started)
    return spent


def _tokenize(model: Path, texts: Sequence[str]) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_truncation()
    for text in texts:
        tokenizer.encode(text, add_special_tokens=False)


def _words(texts: Sequence[str]) -> None:
    import rjieba

    for text in texts:
        rjieba.cut(text)


def _tantivy(
    rows: Sequence[Sequence[str]], asked: Sequence[Sequence[str]], k: int
) -> tuple[list[float], float]:
    """(seconds of each search, processor seconds of indexing), the terms made before."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", stored=True, indexed=True)
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    schema, bodies = builder.build(), [" ".join(row) for row in rows]
    with tempfile.TemporaryDirectory(prefix="wenju-tantivy-") as folder:
        index = tantivy.Index(schema, path=folder)

        def add() -> None:
            writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
            for key, body in enumerate(bodies):
                entry = tantivy.Document()
                entry.add_unsigned("key", key)
                entry.add_text("body", body)
                writer.add_document(entry)
            writer.commit()
            writer.wait_merging_threads()

        spent = _cpu(add)
        index.reload()
        searcher = index.searcher()

        def search(row: Sequence[str]) -> object:
            clauses = [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", term, "freq"))
                for term in dict.fromkeys(row)
            ]
            return searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits

        return _each(search, asked), spent


def _faiss(vectors: Any, asked: Any, k: int) -> tuple[float, list[float]]:
    """(processor seconds of adding, seconds of each search), on one thread."""
    import faiss

    faiss.omp_set_num_threads(1)
    index: Any = faiss.IndexFlatIP(vectors.shape[1])
    spent = _cpu(lambda: index.add(np.ascontiguousarray(vectors)))
    return spent, _each(lambda row: index.search(row, k), [row[None, :] for row in asked])


def _index_shares(articles: Path, embedder: BuiltinEmbedder, count: int) -> dict[str, float]:
    """Of a build in one process, whose calls a profiler sees."""
    options = BuildOptions(jobs=1)
    warm_up(options, embedder)
    with tempfile.TemporaryDirectory(prefix="wenju-shares-") as folder:
        runs = iter(range(2))

        def work() -> None:
            build([articles], Path(folder) / f"{next(runs)}", embedder, options)

        return shares(work, count)


def _search_shares(archive: Archive, questions: Sequence[str], k: int) -> dict[str, float]:
    def work() -> None:
        for question in questions:
            archive.search(question, k=k)

    work()  # the first time is longer: what it finds on disk stays in memory
    return shares(work, len(questions))


if __name__ == "__main__":
    path = Path(sys.argv[1])
    job = json.loads(path.read_text("utf-8"))
    figures = measured(Path(job["place"]), Path(job["model"]), job["questions"], job["k"])
    path.with_suffix(".out").write_text(json.dumps(figures))
