"""The built-in static embedder, loaded by model2vec: no torch, no network. Knows one folder."""

import hashlib
import json
import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.embed.near_words import NearWords
from indexer.embed.unigram import RUN, Unigram
from indexer.embed.vectors import unit_rows
from indexer.errors import EmbedderUnavailable

DEFAULT_FOLDER = Path(__file__).with_name("static_zh")
_FILES = ("config.json", "tokenizer.json", "model.safetensors")

# OpenBLAS starts its threads above so many multiplications.
_MOST_PRODUCTS = 2**18

# Under this the cosine of two words says nothing (docs/log.md, 2026-11-21).
_UNRELATED = 0.5

# Runs of letters whose tokens are kept, about 250 bytes each: the same sentences come back with
# every question on a subject.
_MOST_KNOWN = 40_000

# How a model's own splitter says what `RUN` says; it takes ten times as long.
_SPLITS = (r"[^\p{L}\p{N}]+", r"[a-z]+|\p{Nd}+")

Tokens = NDArray[np.unsignedinteger[Any]]
"""The numbers of a text's tokens, in order."""


class BuiltinEmbedder:
    """A model2vec folder. Passages and queries are embedded alike; unknown words weigh nothing."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        """Raises: EmbedderUnavailable."""
        absent = [name for name in _FILES if not (folder / name).is_file()]
        if absent:
            raise EmbedderUnavailable(
                f"the built-in embedder lacks {', '.join(absent)} in {folder}",
                hint="fetch the whole repository again, with its model files",
            )
        self.name = "builtin" if folder == DEFAULT_FOLDER else f"builtin:{folder}"
        self._model = _load(folder)
        self.fingerprint = _fingerprint(folder)
        self.dim = int(self._model.dim)
        self._model.tokenizer.no_truncation()
        # Whether no token goes beyond a run of letters or of digits.
        self.cuts_at_signs = _cuts_as_we_do(self._model.tokenizer)
        self._known: dict[str, bytes] = {}
        self._dtype = np.dtype("<u2" if self._model.tokenizer.get_vocab_size() < 2**16 else "<u4")

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._embed(texts)

    def tokens(self, normalised: Sequence[str]) -> list[Tokens]:
        """The tokens of each text, which is normalised. What the model doesn't know has none."""
        runs = [RUN.findall(text) if self.cuts_at_signs else [text] for text in normalised]
        known = self._tokens_of({run for each in runs for run in each})
        packed = (b"".join([known[run] for run in each]) for each in runs)
        return [np.frombuffer(row, dtype=self._dtype) for row in packed]

    def tokens_of_many(self, normalised: Sequence[str]) -> tuple[Tokens, NDArray[np.int64]]:
        """The same for hundreds of texts at once, in a third of the time; nothing is remembered.

        The tokens of all, and how many of them are of each.
        """
        if self._unigram is None:
            rows = self.tokens(normalised)
            counts = np.asarray([len(row) for row in rows], dtype=np.int64)
            return np.concatenate([np.zeros(0, dtype=self._dtype), *rows]), counts
        tokens, counts = self._unigram.segment(normalised)
        return tokens.astype(self._dtype), counts

    @cached_property
    def _unigram(self) -> Unigram | None:
        """What this model's tokenizer does, where it is one that can be done side by side."""
        model = json.loads(self._model.tokenizer.to_str())["model"]
        is_plain = model["type"] == "Unigram" and not model.get("byte_fallback")
        if not (self.cuts_at_signs and is_plain and model["unk_id"] is not None):
            return None
        return Unigram([(text, score) for text, score in model["vocab"]], model["unk_id"])

    def packed(self, tokens: Sequence[int]) -> bytes:
        return np.asarray(tokens, dtype=self._dtype).tobytes()

    def unpacked(self, packed: bytes) -> Tokens:
        return np.frombuffer(packed, dtype=self._dtype)

    def embed_tokens(self, rows: Sequence[Tokens]) -> Matrix:
        """The vectors of texts that `tokens` has taken apart: (n, dim), of length 1."""
        table, weights = self._model.embedding, self._model.weights
        found = np.zeros((len(rows), self.dim), dtype=np.result_type(table.dtype, np.float32))
        for at, row in enumerate(rows):
            if len(row):
                # `take` copies a third faster than an index by rows.
                vectors = table.take(self._places(row), axis=0).astype(found.dtype)
                if weights is not None:
                    vectors *= weights.take(row)[:, None]
                vectors.mean(axis=0, out=found[at])
        return unit_rows(found, self.name)

    def meets(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text meets the question word by word: (n,) from 0 to 1."""
        asked, *rows = self._folded_tokens([question, *texts])
        return self.meets_tokens(asked, rows)

    def meets_tokens(self, question: Tokens, rows: Sequence[Tokens]) -> NDArray[np.float32]:
        """How well each text meets the question word by word: (n,) from 0 to 1.

        The mean over the question's tokens, by their weights in the model, of the best cosine to a
        token of the text, or of a word for the same thing (`indexer/text/synonyms.txt`). One vector
        a text blurs its words; here 看病 still finds 就诊. The order of tokens is of no matter.
        """
        asked = np.unique(question)
        weights = self._token_weights[asked]
        if not rows or weights.sum() == 0:
            return np.zeros(len(rows), dtype=np.float32)
        # A text without tokens meets nothing: it gets token 0, whose cosines are set to 0.
        nothing = np.zeros(1, dtype=self._dtype)
        flat = np.concatenate([row if len(row) else nothing for row in rows])
        starts = np.cumsum([0, *(max(1, len(row)) for row in rows[:-1])])
        place = np.zeros(len(self._lengths), dtype=np.int32)
        place[flat] = 1  # instead of np.unique, which sorts: 0.1 ms for 0.6
        distinct = np.flatnonzero(place)
        place[distinct] = np.arange(len(distinct))
        best = np.maximum.reduceat(self._cosines(asked, distinct)[:, place[flat]], starts, axis=1)
        self._near_words.raise_phrases(best, asked, question, flat, starts)
        met = (weights / weights.sum()) @ best
        met[[not len(row) for row in rows]] = 0.0
        return np.asarray(met, dtype=np.float32)

    def pieces(self, folded: str) -> list[tuple[int, int, int]]:
        """(token, start, end) of the known words of a normalised text, in order."""
        found = self._model.tokenizer.encode(folded, add_special_tokens=False)
        unknown = self._model.unk_token_id
        return [
            (token, start, end)
            for token, (start, end) in zip(found.ids, found.offsets, strict=True)
            if token != unknown
        ]

    def rows(self, tokens: NDArray[np.int64]) -> Matrix:
        """Vectors of single tokens, of length 1; (n, dim) float32, zeros for token 0."""
        rows = np.asarray(self._model.embedding[self._places(tokens)], dtype=np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        rows /= np.where(lengths == 0, np.float32(1), lengths)
        rows[tokens == 0] = 0.0
        return rows

    def likeness(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> Matrix:
        """Cosine of each token of `left` to each of `right`; words for the same thing are near."""
        found = _products(self.rows(left), self.rows(right))
        self._near_words.raise_tokens(found, left, right)
        return found

    def weights(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """How much each token says, 0 to about 2; 0 for token 0."""
        return self._token_weights[tokens]

    def characters(self, folded: str) -> NDArray[np.int64]:
        """The token of each character by itself, 0 for one that is unknown."""
        known = self._single_characters
        return np.fromiter((known.get(c, 0) for c in folded), dtype=np.int64, count=len(folded))

    @cached_property
    def _single_characters(self) -> dict[str, int]:
        tokens = self._model.tokenizer.get_vocab()
        return {token: number for token, number in tokens.items() if len(token) == 1}

    def _cosines(self, asked: Tokens, distinct: NDArray[np.intp]) -> Matrix:
        """What each distinct token counts for each asked one."""
        table = self._model.embedding
        left, right = (
            np.asarray(table[self._places(each)], dtype=np.float32) for each in (asked, distinct)
        )
        cosines = _products(left, right)
        # Lengths are known, and divide the few products instead of the many numbers of the rows.
        for lengths in (self._lengths[asked][:, None], self._lengths[distinct]):
            cosines /= np.where(lengths == 0, np.float32(1), lengths)
        cosines[cosines < _UNRELATED] = 0.0
        self._near_words.raise_tokens(cosines, asked, distinct)
        return cosines

    def _folded_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        from indexer.text.normalise import fold

        return self.tokens([fold(text) for text in texts])

    def _tokens_of(self, runs: set[str]) -> dict[str, bytes]:
        """The tokens of each run, packed."""
        found = {run: self._known[run] for run in runs & self._known.keys()}
        made = {run: self.packed(self._numbers(run)) for run in runs - found.keys()}
        if len(self._known) + len(made) > _MOST_KNOWN:
            self._known = {}
        self._known.update(made)
        return found | made

    def _numbers(self, run: str) -> list[int]:
        if not self.cuts_at_signs:
            found: list[int] = self._model.tokenize([run])[0]
            return found
        unknown = self._model.unk_token_id
        # The bare model: its tokenizer adds 20 µs a run.
        tokens = self._model.tokenizer.model.tokenize(run)
        return [token.id for token in tokens if token.id != unknown]

    def _places(self, tokens: NDArray[Any]) -> NDArray[Any]:
        """The rows of the table that are those tokens' vectors."""
        mapping = self._model.token_mapping
        return tokens if mapping is None else mapping[tokens]

    @cached_property
    def _near_words(self) -> NearWords:
        from indexer.text.synonyms import synonyms

        near = synonyms()
        phrases = {
            word: tuple(row.tolist())
            for word, row in zip(near, self.tokens(list(near)), strict=True)
        }
        return NearWords(phrases, near)

    @cached_property
    def _lengths(self) -> NDArray[np.float32]:
        """The length of each token's vector, without its weight."""
        # In blocks: the whole table as float32 would take four times its memory.
        blocks = np.array_split(self._model.embedding, 64)
        found = np.concatenate([np.linalg.norm(b.astype(np.float32), axis=1) for b in blocks])
        mapping = self._model.token_mapping
        return np.asarray(found if mapping is None else found[mapping], dtype=np.float32)

    @cached_property
    def _token_weights(self) -> NDArray[np.float32]:
        weights = self._model.weights
        return np.asarray(self._lengths * (1.0 if weights is None else weights), dtype=np.float32)

    def _embed(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return self.embed_tokens(self._folded_tokens(texts))


def _products(left: Matrix, right: Matrix) -> Matrix:
    """`left @ right.T`, block by block: larger products are given to threads, which took 6 to
    12 ms for 0.3 ms.
    """
    if not left.size or not right.size:
        return np.zeros((len(left), len(right)), dtype=np.float32)
    size = max(1, _MOST_PRODUCTS // left.size)
    return np.concatenate(
        [left @ right[at : at + size].T for at in range(0, len(right), size)], axis=1
    )


def _load(folder: Path) -> Any:
    from model2vec import StaticModel
    from safetensors import SafetensorError

    # It remarks on a model card without a metadata block, at every start.
    logging.getLogger("huggingface_hub.repocard").setLevel(logging.ERROR)
    try:
        return StaticModel.from_pretrained(folder)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise EmbedderUnavailable(
            f"the embedding model in {folder} can't be loaded: {error}",
            hint="fetch the whole repository again, with its model files",
        ) from error


def _cuts_as_we_do(tokenizer: Any) -> bool:
    """Whether a model cuts texts into the runs of `_RUN` before it looks for tokens."""
    stated = tokenizer.pre_tokenizer
    described = json.loads(stated.__getstate__()) if stated is not None else {}
    steps = described.get("pretokenizers", ())
    found = [(step.get("pattern", {}).get("Regex"), step.get("behavior")) for step in steps]
    wanted = list(zip(_SPLITS, ("Removed", "Isolated"), strict=True))
    return tokenizer.normalizer is None and found == wanted


def _fingerprint(folder: Path) -> str:
    """The first 16 hex digits of the SHA-256 over the model's files."""
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]
