"""Which documents of a generation are copies of another: reprints, found when it is finished.

    fingerprints ── bands that agree ── estimated likeness ── exact check of clauses and figures

Candidates are only ever folded after the exact check: nearly all clauses are the same, and no
figure differs. A report of the same template with other figures is another document, always. Each
group has one first document, the oldest by date and then by source, and each of its reprints was
checked against that one. Knows rows of documents and their texts; no engine, no question.

Bounds: of the documents that share a band only those that share it with another are looked at, each
beside the last 100 first ones in each band; of these the 6 likeliest are read and checked.
"""

import json
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.index.tables import CONTENTS, REPRINTS
from indexer.text.fingerprint import fingerprints
from indexer.text.normalise import fold, letters
from indexer.text.numbers import canonical, find_numbers, uniform_figures
from indexer.text.sentences import split_sentences

LEAST_LIKENESS = 0.7
"""Estimated Jaccard similarity below which no pair is read."""

LEAST_SHARED = 0.85
"""Share of the shorter document's letters that stand in clauses of the other one."""

_BANDS, _ROWS = 21, 6  # a pair at 0.7 shares a band in 93 of 100 cases, at 0.8 in all but 1 of 500
_MIXING = 0x9E3779B97F4A7C15  # that of SplitMix64; two bands with one sum only cost a comparison
_MOST_IN_BAND = 100
_MOST_CHECKED = 6
_KEPT_TEXTS = 512  # documents whose sentences are kept in memory between two checks

# A short line that says when a copy was put online, and how often it was read: each has its own.
_LONGEST_BYLINE = 80
_SENTENCE_END = "。!?;"
_CLAUSE_END = re.compile(r"[,、:;。!?()\[\]\"“”\s]+")
_WEB_TIME = re.compile(r"(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}(?:[t ]*\d{1,2}:\d\d(?::\d\d)?)?")
_WEB_LABEL = re.compile(
    r"(?:来源|发布(?:时间|日期|者|于)?|更新时间|浏览|点击|阅读|访问|责编|字号|编辑)[^:]{0,4}:"
)
_WEB_DATE = re.compile(r"(?:19|20)\d\d *年 *\d{1,2} *月 *\d{1,2} *日(?: *\d{1,2}:\d\d(?::\d\d)?)?")
_COUNT = re.compile(r"(?:浏览|点击|阅读|访问)[^:]{0,4}: *\d+ *次?")
_DIGITS = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document with a fingerprint, in the order in which it may be the first of a group."""

    key: int
    stored: bytes
    is_new: bool  # since the generation before


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says: its clauses by their letters, and its figures in their order.

    `values` are the figures with their units, `digits` all digits as they stand.
    """

    clauses: frozenset[str]
    letters: int
    values: tuple[str, ...]
    digits: tuple[str, ...]


def note_reprints(connection: sqlite3.Connection, first_new: int) -> int:
    """Write the groups of a generation's documents; returns how many are reprints.

    Documents from key `first_new` on are new; of two others, what was found before holds.
    Raises: IndexDamaged.
    """
    rows = connection.execute(
        "SELECT key, fingerprint FROM documents WHERE length(fingerprint) > 0"
        " ORDER BY coalesce(date, '9999'), source"
    )
    everything = [Candidate(key, stored, key >= first_new) for key, stored in rows]
    known: dict[int, int] = dict(REPRINTS.read(connection))

    @lru_cache(maxsize=_KEPT_TEXTS)
    def said(key: int) -> Said:
        ((_, text, _, left_out),) = CONTENTS.read(connection, "WHERE document_key = ?", (key,))
        stretches = [(start, end) for start, end, _ in json.loads(left_out)]
        return what_it_says(without(text, stretches))

    def is_copy(one: Candidate, first: Candidate) -> bool:
        if not (one.is_new or first.is_new):
            if known.get(one.key) == first.key:
                return True
            if one.key not in known and first.key not in known:
                return False
        return are_copies(said(one.key), said(first.key))

    groups = regroup(everything, known, is_copy)
    connection.execute("DELETE FROM reprints")
    REPRINTS.insert(connection, groups.items())
    return len(groups)


# -- candidates -----------------------------------------------------------------------------------


def regroup(
    everything: Sequence[Candidate],
    known: Mapping[int, int],
    is_copy: Callable[[Candidate, Candidate], bool],
) -> dict[int, int]:
    """As `find_groups`, where `known` is what it found before some were added and others went."""
    looked_at = _affected(everything, known)
    alone = {each.key for each in everything} - {each.key for each in looked_at}
    kept = {key: first for key, first in known.items() if key in alone}
    return kept | find_groups(looked_at, is_copy)


def _affected(candidates: Sequence[Candidate], known: Mapping[int, int]) -> list[Candidate]:
    """Those whose group may be another than what is `known`: the new ones, those whose first
    document is gone, and all that share a band with one of these, and so on.

    Of the others nothing that they were compared with has changed.
    """
    there = {each.key for each in candidates}
    changed = np.asarray(
        [each.is_new or known.get(each.key, each.key) not in there for each in candidates],
        dtype=np.bool_,
    )
    if changed.all():
        return list(candidates)
    if not changed.any():
        return []
    table = fingerprints([each.stored for each in candidates])[:, : _BANDS * _ROWS]
    factors = np.arange(1, _ROWS + 1, dtype=np.uint64) * np.uint64(_MIXING) | np.uint64(1)
    bands = (table.reshape(-1, _BANDS, _ROWS) * factors).sum(axis=2, dtype=np.uint64)
    reached, edge = changed.copy(), changed
    while edge.any():
        near = np.zeros(len(reached), dtype=np.bool_)
        for band in range(_BANDS):
            near |= np.isin(bands[:, band], bands[edge, band])
        edge = near & ~reached
        reached |= near
    return [candidates[at] for at in np.flatnonzero(reached).tolist()]


def find_groups(
    candidates: Sequence[Candidate], is_copy: Callable[[Candidate, Candidate], bool]
) -> dict[int, int]:
    """Each reprint's key with that of its first document."""
    if not candidates:
        return {}
    table = fingerprints([candidate.stored for candidate in candidates])
    bands, shared = _shared_bands(table)
    waiting: dict[tuple[int, int], deque[int]] = {}
    same: dict[bytes, int] = {}
    groups: dict[int, int] = {}
    for at in np.flatnonzero(shared.any(axis=0)).tolist():
        one = candidates[at]
        own = [(band, int(bands[band, at])) for band in np.flatnonzero(shared[:, at]).tolist()]
        firsts = {first for band in own for first in waiting.get(band, ())}
        firsts.update({same[one.stored]} if one.stored in same else ())
        first = next(
            (each for each in _likeliest(table, at, firsts) if is_copy(one, candidates[each])),
            None,
        )
        if first is not None:
            groups[one.key] = candidates[first].key
            continue
        same.setdefault(one.stored, at)
        for band in own:
            waiting.setdefault(band, deque(maxlen=_MOST_IN_BAND)).append(at)
    return groups


def _shared_bands(table: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each band the number of its value in each document, and whether another has it too."""
    numbers = np.zeros((_BANDS, len(table)), dtype=np.int64)
    shared = np.zeros((_BANDS, len(table)), dtype=np.bool_)
    for band in range(_BANDS):
        columns = np.ascontiguousarray(table[:, band * _ROWS : (band + 1) * _ROWS])
        values = columns.view(np.dtype((np.void, columns.itemsize * _ROWS))).ravel()
        _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
        numbers[band] = inverse
        shared[band] = counts[inverse] > 1
    return numbers, shared


def _likeliest(table: NDArray[np.uint32], at: int, firsts: set[int]) -> list[int]:
    """Those alike enough to be read, most alike and then oldest first, a few at most."""
    if not firsts:
        return []
    places = np.asarray(sorted(firsts), dtype=np.int64)
    likeness = (table[places] == table[at]).mean(axis=1)
    order = np.argsort(-likeness, kind="stable")[:_MOST_CHECKED]
    return [int(places[each]) for each in order if likeness[each] >= LEAST_LIKENESS]


# -- the exact check ------------------------------------------------------------------------------


def without(text: str, left_out: Sequence[tuple[int, int]]) -> str:
    """The text without these stretches of it."""
    kept, begin = [], 0
    for start, end in sorted(left_out):
        kept.append(text[begin:start])
        begin = max(begin, end)
    return "\n".join((*kept, text[begin:]))


def what_it_says(text: str) -> Said:
    clauses: set[str] = set()
    values: list[str] = []
    digits: list[str] = []
    for start, end in split_sentences(text):
        folded = fold(text[start:end])
        clauses.update(filter(None, map(letters, _CLAUSE_END.split(folded))))
        folded = _without_web_marks(folded)
        values += (canonical(number) + number.unit for number in find_numbers(folded))
        digits += _DIGITS.findall(uniform_figures(folded))
    return Said(frozenset(clauses), sum(map(len, clauses)), tuple(values), tuple(digits))


def are_copies(one: Said, other: Said) -> bool:
    """Whether nearly all of the shorter one stands in the other, and no figure differs.

    The figures of one must be those of the other in the same order, but for some that only one of
    the two has: a figure in the place of another, or two that changed places, are another document.
    """
    shared = sum(map(len, one.clauses & other.clauses))
    if shared < LEAST_SHARED * min(one.letters, other.letters):
        return False
    return _goes_on(one.values, other.values) and _goes_on(one.digits, other.digits)


def _goes_on(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the longer one holds the shorter one in its order."""
    shorter, longer = sorted((one, other), key=len)
    rest = iter(longer)
    return all(each in rest for each in shorter)


def _without_web_marks(folded: str) -> str:
    """A short line without the time at which it was put online and how often it was read."""
    if len(folded) > _LONGEST_BYLINE or folded.rstrip()[-1:] in _SENTENCE_END:
        return folded
    folded = _WEB_TIME.sub(" ", folded)
    return _COUNT.sub(" ", _WEB_DATE.sub(" ", folded)) if _WEB_LABEL.search(folded) else folded
