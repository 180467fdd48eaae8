"""Hybrid search: a query to ranked passages. Knows no answers and no file formats."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Embedder
from indexer.embed.builtin import Tokens
from indexer.index.records import Selection
from indexer.index.store import IndexReader
from indexer.text.normalise import fold, normalise
from indexer.text.numbers import find_numbers, uniform_figures
from indexer.text.segment import TermMix, terms
from service.records import Filters, Hit, SearchMode
from service.retrieve.filters import select
from service.retrieve.fusion import Ranking, contenders, mix, second_round, with_cosines
from service.retrieve.likeness import Nearness
from service.retrieve.reprints import Candidate, Distinct
from service.retrieve.rerank import Reranker, third_round

# Candidates of each leg before they are mixed.
POOL = 100
LARGEST_POOL = 1600  # where reprints of one text fill a smaller one
SECOND_ROUND = 50

# Embedders whose cosines were measured to rank the best passages better than words do.
_OF_WHOLE_PASSAGES = frozenset({"e5"})

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
    reranker: Reranker | None = None,
) -> list[Hit]:
    """The best `k` passages, best first. Without an embedder only the lexical leg runs.

    Two rounds: the mix of both legs, and its best again by how well their words meet the query's.
    A `reranker` makes a third. Both are left out where a single leg was asked for. `has_lexical`
    and `has_second_round` are there for measurements.
    Raises: RerankerFailed, and what the embedder raises.
    """
    folded = fold(query)
    legs = _Legs(
        reader,
        selection=select(reader, filters),
        terms=terms(folded, TermMix(reader.manifest.terms.mix)),
        vector=embedder.embed_queries([query])[0] if _asks_dense(embedder, mode) else None,
        has_lexical=mode is not SearchMode.DENSE and has_lexical,
    )
    goes_on = mode is SearchMode.HYBRID and has_second_round
    ranked = _found(legs, max(SECOND_ROUND, k) if goes_on else k, k)
    judged: dict[int, float] = {}
    if goes_on and ranked:
        judged = _likeness(reader, near, folded, [key for key, _ in ranked])
        ranked = second_round(ranked, list(judged.values()))
        if embedder is not None and embedder.name in _OF_WHOLE_PASSAGES:
            ranked = with_cosines(ranked, [legs.dense[key] for key, _ in ranked])
        if reranker is not None:
            best = reader.passages([key for key, _ in ranked[: reranker.depth]])
            ranked, judged = third_round(ranked, best, query, reranker)
    scores = dict(ranked[:k])
    return [
        Hit(
            rank=rank,
            score=scores[found.key],
            passage=found.passage,
            source=found.source,
            url=found.url,
            date=found.date,
            dense=legs.dense.get(found.key),
            lexical=legs.lexical.get(found.key),
            rerank=judged.get(found.key),
            highlights=highlights(found.passage.text, folded),
            organisation=found.organisation,
            group=reader.group(found.document_key),
        )
        for rank, found in enumerate(reader.passages(list(scores)), start=1)
    ]


def _likeness(
    reader: IndexReader, near: Nearness, folded_query: str, keys: Sequence[int]
) -> dict[int, float]:
    """How well the words of each passage meet the query's, by key, in the order given."""
    (asked,) = near.tokens([uniform_figures(folded_query)])
    rows = _tokens(reader, near, keys, in_digits=bool(find_numbers(folded_query)))
    return dict(zip(keys, near.meets_tokens(asked, rows).tolist(), strict=True))


def _tokens(
    reader: IndexReader, near: Nearness, keys: Sequence[int], *, in_digits: bool
) -> list[Tokens]:
    """The tokens of passages with their contexts. `in_digits`, so that 三千 is met by 3000.

    Kept in the index by the built-in embedder: to find those of 50 passages takes 20 to 40 ms.
    """
    kept = reader.tokens(keys)
    if len(kept) == len(keys):
        each = (kept[key] for key in keys)
        return [near.unpacked(of.shared + (of.digits if in_digits else of.written)) for of in each]
    passages = [found.passage for found in reader.passages(keys)]
    texts = [f"{fold(each.context)}\n{fold(each.text)}" for each in passages]
    return near.tokens([uniform_figures(text) for text in texts] if in_digits else texts)


def _asks_dense(embedder: Embedder | None, mode: SearchMode) -> TypeGuard[Embedder]:
    return embedder is not None and mode is not SearchMode.LEXICAL


@dataclass(slots=True)
class _Legs:
    """The searches by words and by meaning, and the scores that they gave."""

    reader: IndexReader
    selection: Selection
    terms: Sequence[str]
    vector: NDArray[np.float32] | None
    has_lexical: bool
    lexical: dict[int, float] = field(default_factory=dict)
    dense: dict[int, float] = field(default_factory=dict)
    most: float = 0.0  # that a passage can have by its words that they have not found

    def search(self, pool: int) -> None:
        """Find the best `pool` of each leg, and the cosines of what words alone have found."""
        reader, vector = self.reader, self.vector
        if self.has_lexical:
            found = reader.lexical(self.terms, pool, self.selection)
            self.lexical = {hit.key: hit.score for hit in found}
            self.most = found[-1].score if len(found) == pool else 0.0
        if vector is not None:
            self.dense = {hit.key: hit.score for hit in reader.dense(vector, pool, self.selection)}
            alone = sorted(self.lexical.keys() - self.dense.keys())
            self.dense.update(zip(alone, reader.cosines(vector, alone), strict=True))

    def rank(self, wanted: int) -> Ranking:
        """The best of both legs, at least so many, each with the scores of both.

        To score a few passages by their words takes as long as to search all, so those that can't
        be among the best `wanted` are left out.
        """
        if self.has_lexical and self.vector is not None:
            asked = contenders(self.lexical, self.dense, self.most, wanted)
            scores = [0.0] * len(asked)
            if self.most > 0:
                scores = self.reader.lexical_scores(self.terms, asked)
            self.lexical.update(zip(asked, scores, strict=True))
        return _rank(self.lexical, self.dense)


def _found(legs: _Legs, wanted: int, least: int) -> Ranking:
    """The best `wanted` passages that say something of their own, in their order.

    Where reprints leave fewer than `least` of a full pool, a larger one is searched.
    """
    pool = max(POOL, least)
    while True:
        legs.search(pool)
        ranked = legs.rank(wanted)
        distinct = _distinct(legs.reader, ranked, wanted)
        if distinct.repeats and len(distinct.kept) < wanted:
            ranked = legs.rank(2 * pool)  # nothing is left out
            distinct = _distinct(legs.reader, ranked, wanted)
        is_short = distinct.repeats and len(distinct.kept) < least <= pool <= len(ranked)
        if not is_short or pool >= LARGEST_POOL:
            break
        pool *= 4
    scores = dict(ranked)
    return [
        (found.key, scores[distinct.stands_for.get(found.key, found.key)])
        for found in distinct.kept[:wanted]
    ]


def _distinct(reader: IndexReader, ranked: Ranking, wanted: int) -> Distinct:
    distinct = Distinct()
    for at in range(0, len(ranked), wanted):
        keys = [key for key, _ in ranked[at : at + wanted]]
        groups = reader.groups(keys)
        in_groups = [key for key, (_, group) in zip(keys, groups, strict=True) if group is not None]
        texts = {found.key: found.passage.text for found in reader.passages(in_groups)}
        for key, (owner, group) in zip(keys, groups, strict=True):
            distinct.add(Candidate(key, owner, group, texts.get(key, "")))
        if len(distinct.kept) >= wanted:
            break
    return distinct


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
