"""Many texts at once to the tokens of a Unigram vocabulary, each choice as `tokenizers` makes it.

That library takes a text apart run by run, 8 µs a run, and nothing of it can be shared between the
texts of an index. Here all runs of a batch go through its algorithm side by side, in numpy:

    characters ── runs ── a walk down the trie from every place ── the best way to each place

Knows no model file; unknown characters have no token.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A run of letters or of digits: no token goes beyond one.
RUN = re.compile(r"[a-z]+|\d+|[^\W_a-z\d]+")
_KINDS = (1, 2, 3)
_BETWEEN, _UNSEEN = 0, 255

_UNKNOWN_PENALTY = 10.0  # under the least score of a token, as in tokenizers
_CODES = 0x110000
_EMPTY = -1
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, Knuth's multiplicative hashing

_Ints = NDArray[np.int64]


class Unigram:
    """One vocabulary: `tokens` with their logarithmic scores, of which `unknown` is no text."""

    def __init__(self, tokens: Sequence[tuple[str, float]], unknown: int) -> None:
        # By number, and at the very end, which -1 leads to, the score of none.
        self._score = np.asarray([*(score for _, score in tokens), -np.inf], dtype=np.float64)
        self._unknown_score = float(self._score[:-1].min()) - _UNKNOWN_PENALTY
        known = [(text, at) for at, (text, _) in enumerate(tokens) if text and at != unknown]
        letters = sorted(set("".join(text for text, _ in known)))
        self._letter = np.zeros(_CODES, dtype=np.int32)  # 0: in no token
        self._letter[[ord(each) for each in letters]] = np.arange(1, len(letters) + 1)
        self._kind = np.full(_CODES, _UNSEEN, dtype=np.uint8)
        self._trie = _Trie(known, self._letter)

    def segment(self, texts: Sequence[str]) -> tuple[_Ints, _Ints]:
        """The numbers of all texts' tokens in order, without what is unknown, and how many of them
        are of each.
        """
        codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        chosen = np.full(len(codes), _EMPTY, dtype=np.int64)
        letters = self._letter[codes]
        for runs in self._runs(codes):
            self._choose(letters[runs.places], runs, chosen)
        ends = np.cumsum([len(text) + 1 for text in texts])
        places = np.flatnonzero(chosen != _EMPTY)
        return chosen[places], np.diff(np.searchsorted(places, ends), prepend=0)

    def _runs(self, codes: NDArray[np.uint32]) -> "Iterator[_Runs]":
        """Those of each kind: Chinese tokens are short, and words of letters few."""
        kinds = self._kind[codes]
        for code in set(codes[kinds == _UNSEEN].tolist()):
            self._kind[code] = _kind_of(chr(code))
        kinds = self._kind[codes]
        begins = np.flatnonzero(np.diff(kinds, prepend=_BETWEEN))
        ends = np.append(begins[1:], len(codes))
        for kind in _KINDS:
            is_run = kinds[begins] == kind
            if is_run.any():
                yield _Runs.of(begins[is_run], (ends - begins)[is_run])

    def _choose(self, letters: NDArray[np.int32], runs: "_Runs", chosen: _Ints) -> None:
        """Write the tokens of the likeliest way through each run to where each of them begins.

        Of two ways of the same score to a place that with the longer last token is taken.
        """
        tokens = self._trie.walk(letters, runs)
        scores = [self._score[each] for each in tokens]
        is_there = [
            np.logical_or.reduceat(each != _EMPTY, runs.columns).tolist() for each in tokens[1:]
        ]
        scores[0][tokens[0] == _EMPTY] = self._unknown_score
        best = [np.zeros(len(runs.lengths))]  # by how many characters of a run lie behind it
        steps = []  # how long the last token there is
        for behind, count in enumerate(runs.counts.tolist(), start=1):
            highest, last = np.full(count, -np.inf), np.zeros(count, dtype=np.int64)
            for length in range(min(behind, len(tokens)), 0, -1):
                if length > 1 and not is_there[length - 2][behind - length]:
                    continue
                column = runs.columns[behind - length]
                way = scores[length - 1][column : column + count] + best[-length][:count]
                is_better = way > highest
                np.copyto(highest, way, where=is_better)
                np.copyto(last, length, where=is_better)
            best.append(highest)
            steps.append(last)
        step = np.concatenate(steps)
        run, left = np.arange(len(runs.lengths)), runs.lengths
        while len(run):
            length = step[runs.columns[left - 1] + run]
            left = left - length
            begins = runs.columns[left] + run
            for each in range(1, int(length.max()) + 1):
                some = begins[length == each]
                chosen[runs.places[some]] = tokens[each - 1][some]
            going = left > 0
            run, left = run[going], left[going]


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """Stretches of one kind of characters, the longest first, and their characters by columns.

    All first characters, then all second ones and so on: `counts` of them, from `columns` on;
    `places` are where they stand in the text.
    """

    lengths: _Ints
    counts: _Ints
    columns: _Ints
    places: _Ints

    @classmethod
    def of(cls, starts: _Ints, lengths: _Ints) -> "_Runs":
        longest_first = np.argsort(-lengths, kind="stable")
        starts, lengths = starts[longest_first], lengths[longest_first]
        longest = int(lengths[0])
        counts = np.searchsorted(-lengths, -np.arange(1, longest + 1), side="right")
        columns = np.cumsum(counts) - counts
        at = np.arange(int(counts.sum())) - np.repeat(columns, counts)
        places = starts[at] + np.repeat(np.arange(longest), counts)
        return cls(lengths, counts, columns, places)


class _Trie:
    """The tokens letter by letter. A node is told by its parent and its letter, in a hash table."""

    def __init__(self, tokens: Sequence[tuple[str, int]], letter: NDArray[np.int32]) -> None:
        self._letters = int(letter.max()) + 1
        children: dict[int, int] = {}
        own = [_EMPTY]  # the token that ends at each node; node 0 is the root
        letters = letter.tolist()
        for text, number in tokens:
            node = 0
            for char in text:
                key = node * self._letters + letters[ord(char)]
                child = children.get(key)
                if child is None:
                    child = children[key] = len(own)
                    own.append(_EMPTY)
                node = child
            own[node] = number
        self._own = np.asarray(own, dtype=np.int64)
        self._fill(np.fromiter(children, np.int64), np.arange(1, len(own)))

    def _fill(self, keys: _Ints, nodes: _Ints) -> None:
        bits = max(4, int(4 * len(keys)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._keys = np.full(2**bits, _EMPTY, dtype=np.int64)
        self._nodes = np.zeros(2**bits, dtype=np.int64)
        slots = self._slots(keys)
        while len(keys):
            free = self._keys[slots] == _EMPTY
            self._keys[slots[free]] = keys[free]  # of several for one slot the last stays
            placed = self._keys[slots] == keys
            self._nodes[slots[placed]] = nodes[placed]
            keys, nodes, slots = keys[~placed], nodes[~placed], self._next(slots[~placed])

    def _slots(self, keys: _Ints) -> _Ints:
        return ((keys.astype(np.uint64) * _SPREAD) >> self._shift).astype(np.int64)

    def _next(self, slots: _Ints) -> _Ints:
        return (slots + 1) & (len(self._keys) - 1)

    def _children(self, parents: _Ints, letters: NDArray[np.int32]) -> _Ints:
        """The node below each parent, 0 where there is none."""
        keys = parents * self._letters + letters
        slots = self._slots(keys)
        found = np.zeros(len(keys), dtype=np.int64)
        going = np.arange(len(keys))
        while len(going):
            there = self._keys[slots]
            is_it = there == keys[going]
            found[going[is_it]] = self._nodes[slots[is_it]]
            on = ~is_it & (there != _EMPTY)
            going, slots = going[on], self._next(slots[on])
        return found

    def walk(self, letters: NDArray[np.int32], runs: _Runs) -> list[_Ints]:
        """For each length from 1 the token of that length that begins at each character, or -1."""
        behind = np.repeat(np.arange(len(runs.counts)), runs.counts)  # characters of its run
        begins = np.flatnonzero(letters)
        nodes = np.zeros(len(begins), dtype=np.int64)
        run, last = begins - runs.columns[behind[begins]], behind[begins]
        found: list[_Ints] = []
        while True:
            nodes = self._children(nodes, letters[runs.columns[last] + run])
            tokens = np.full(len(letters), _EMPTY, dtype=np.int64)
            tokens[begins] = self._own[nodes]  # the root's is none
            found.append(tokens)
            last = last + 1
            on = (nodes > 0) & (last < runs.lengths[run])
            begins, nodes, run, last = begins[on], nodes[on], run[on], last[on]
            if not len(begins):
                return found


def _kind_of(character: str) -> int:
    """Which of the three kinds of `RUN` it belongs to, or to none."""
    if not RUN.fullmatch(character):
        return _BETWEEN
    if "a" <= character <= "z":
        return 1
    return 2 if character.isdecimal() else 3
