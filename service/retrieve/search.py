"""Hybrid search: a query to ranked passages. Knows no answers and no file formats."""

import re
from collections.abc import Callable, Sequence

from indexer.embed.base import Embedder
from indexer.index.store import IndexReader
from indexer.text.normalise import fold, normalise
from indexer.text.numbers import find_numbers, uniform_figures
from indexer.text.segment import TermMix, terms
from service.records import Filters, Hit, SearchMode
from service.retrieve.fusion import Ranking, mix, second_round
from service.retrieve.likeness import Nearness

# Candidates of each leg before they are mixed.
POOL = 100
SECOND_ROUND = 50

_NO_FILTERS = Filters()
_QUERY_PART = re.compile(r"[0-9a-z]+(?:[.,\-][0-9a-z]+)*|[㐀-鿿\U00020000-\U0003ffff]+")


def search(
    reader: IndexReader,
    embedder: Embedder | None,
    near: Nearness,
    query: str,
    *,
    k: int,
    mode: SearchMode = SearchMode.HYBRID,
    filters: Filters = _NO_FILTERS,
    has_lexical: bool = True,
    has_second_round: bool = True,
) -> list[Hit]:
    """The best `k` passages, best first. Without an embedder only the lexical leg runs.

    Two rounds: the mix of both legs, and its best again by how well their words meet the query's.
    The second one is left out where a single leg was asked for. `has_lexical` and
    `has_second_round` are there for measurements.
    """
    folded = fold(query)
    selection = reader.select(filters.source, filters.date_from, filters.date_to, filters.documents)
    lexical: dict[int, float] = {}
    dense: dict[int, float] = {}
    query_terms = terms(folded, TermMix(reader.manifest.terms.mix))
    if mode is not SearchMode.DENSE and has_lexical:
        lexical = {hit.key: hit.score for hit in reader.lexical(query_terms, POOL, selection)}
    if embedder is not None and mode is not SearchMode.LEXICAL:
        vector = embedder.embed_queries([query])[0]
        dense = {hit.key: hit.score for hit in reader.dense(vector, POOL, selection)}
        if mode is SearchMode.HYBRID and has_lexical:
            _fill(lexical, dense, lambda keys: reader.lexical_scores(query_terms, keys))
            _fill(dense, lexical, lambda keys: reader.cosines(vector, keys))
    ranked = _rank(lexical, dense)
    goes_on = mode is SearchMode.HYBRID and has_second_round
    again = max(SECOND_ROUND, k) if goes_on else k
    stored = {found.key: found for found in reader.passages([key for key, _ in ranked[:again]])}
    likeness: dict[int, float] = {}
    if goes_on and stored:
        texts = [f"{found.passage.context}\n{found.passage.text}" for found in stored.values()]
        asked = uniform_figures(folded)
        if find_numbers(folded):  # 三千 is met by 3000
            texts = [uniform_figures(fold(text)) for text in texts]
        likeness = dict(zip(stored, near.meets(asked, texts).tolist(), strict=True))
        ranked = second_round(ranked, [likeness[key] for key in stored])
    shown = [(stored[key], score) for key, score in ranked[:k]]
    return [
        Hit(
            rank=rank,
            score=score,
            passage=found.passage,
            source=found.source,
            url=found.url,
            date=found.date,
            dense=dense.get(found.key),
            lexical=lexical.get(found.key),
            rerank=likeness.get(found.key),
            highlights=highlights(found.passage.text, folded),
        )
        for rank, (found, score) in enumerate(shown, start=1)
    ]


def _fill(
    scores: dict[int, float], other: dict[int, float], look_up: Callable[[list[int]], list[float]]
) -> None:
    """Give the candidates that only the other leg found their score of this leg too."""
    missing = sorted(other.keys() - scores.keys())
    scores.update(zip(missing, look_up(missing), strict=True))


def _rank(lexical: dict[int, float], dense: dict[int, float]) -> Ranking:
    if lexical and dense:
        return mix(lexical, dense)
    if dense:
        return mix(dict.fromkeys(dense, 0.0), dense, dense_weight=1.0)
    return mix(lexical, dict.fromkeys(lexical, 0.0), dense_weight=0.0)


def highlights(text: str, folded_query: str) -> tuple[tuple[int, int], ...]:
    """Where two or more characters of the query in a row stand in `text`; offsets into `text`."""
    normalised = normalise(text)
    marked = [False] * len(normalised.text)
    for piece in _query_pieces(folded_query):
        start = normalised.text.find(piece)
        while start >= 0:
            marked[start : start + len(piece)] = [True] * len(piece)
            start = normalised.text.find(piece, start + 1)
    return tuple(normalised.original_span(start, end) for start, end in _runs(marked))


def _query_pieces(folded_query: str) -> list[str]:
    pieces: set[str] = set()
    for part in _QUERY_PART.findall(folded_query):
        if part.isascii():
            pieces.add(part)
        else:
            pieces.update(part[i : i + 2] for i in range(len(part) - 1))
    return sorted(pieces)


def _runs(marked: Sequence[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = None
    for i, mark in enumerate([*marked, False]):
        if mark and start is None:
            start = i
        elif not mark and start is not None:
            found.append((start, i))
            start = None
    return found
