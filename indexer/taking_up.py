"""A build that was interrupted, taken up again: what it had made of a file is not made once more.

    file ── are its bytes those of then? ── what was made of them; else it is read and cut

What is kept of a document counts only for the same bytes, the same recipe and the same program, so
that the index is the one that an uninterrupted build makes. Terms are made again: they would take
five times the text. Knows no database and no engine.
"""

import hashlib
import io
import json
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from indexer.analysis import Analysed, analyse
from indexer.embed.base import Embedder, Matrix
from indexer.embed.builtin import BuiltinEmbedder
from indexer.errors import EmbedderFailed, EmbedderUnavailable, WorkerLost
from indexer.files.sites import Edges
from indexer.index.manifest import Settings
from indexer.index.records import PassageTokens
from indexer.journal import Journal
from indexer.prepare import Batch, Cut, Read, Recipe, Same, Wanted
from indexer.records import Coverage, Document, Heading, LeftOut, LeftOutReason, Passage, Place
from indexer.stopwatch import Stopwatch

# What was made until then is of use to the next build.
_KEPT_AFTER = (WorkerLost, EmbedderFailed, EmbedderUnavailable, KeyboardInterrupt)

_PARTS = (
    *(Cut, Read, Document, Passage, Place, Heading, LeftOut, LeftOutReason, Coverage, Edges),
    PassageTokens,
)
_ALLOWED = {(each.__module__, each.__qualname__): each for each in _PARTS}

_Found = tuple[Matrix, Sequence[PassageTokens]]
"""What the passages of one document are found by, but for their terms."""


class TakingUp:
    """What an earlier build had made, and what this one makes. Holds that of a few tasks at once.

    `documents` of this build are as they were made then.
    """

    def __init__(self, journal: Journal, recipe: Recipe) -> None:
        self._journal = journal
        self._recipe = recipe
        self._awaited: dict[str, tuple[Cut | Read, _Found | None]] = {}
        self.documents = 0

    def keeping(self, embedder: Embedder) -> Embedder:
        """The embedder, with its vectors kept where they are made in batches of passages."""
        if isinstance(embedder, BuiltinEmbedder):
            return embedder
        return KeptVectors(embedder, self._journal)

    def awaited(self, wanted: Wanted) -> Wanted:
        """A file with the digest at which it need not be read again, if there is one."""
        entry = self._journal.find(_key(wanted))
        data = self._journal.read(entry) if entry else None
        if entry is None or data is None:
            return wanted
        try:
            self._awaited[wanted.file.source] = _loaded(data)
        except pickle.UnpicklingError:  # nothing that we have written
            return wanted
        return replace(wanted, known=(*wanted.known, entry.mark.hex()))

    def completed(self, files: Sequence[Wanted], batch: Batch) -> Batch:
        """A batch with what was made before of those of its files that are still the same.

        What is new in it is kept. Raises: OSError, such as for a full disk.
        """
        outcomes, found = list(batch.outcomes), _by_outcome(batch)
        before = self.documents
        for at, wanted in enumerate(files):
            outcome, made = outcomes[at], self._awaited.pop(wanted.file.source, None)
            if made and isinstance(outcome, Same) and outcome.digest not in wanted.known:
                outcomes[at], found[at] = _read_at(made[0], outcome.mtime_ns), made[1]
                self.documents += 1
            elif isinstance(outcome, Cut | Read):
                self._keep(wanted, outcome, found[at])
        if self.documents == before:
            return batch
        batch = replace(batch, outcomes=outcomes)
        return replace(batch, analysed=_joined(batch, found, self._recipe))

    def _keep(self, wanted: Wanted, outcome: Cut | Read, found: _Found | None) -> None:
        read = outcome.read if isinstance(outcome, Cut) else outcome
        packed = found and (found[0].shape[1], found[0].tobytes(), found[1])
        data = pickle.dumps((outcome, packed), protocol=pickle.HIGHEST_PROTOCOL)
        self._journal.put(_key(wanted), data, bytes.fromhex(read.document.digest))


class KeptVectors:
    """An embedder whose vectors are kept, and not made again for the same texts at once."""

    def __init__(self, embedder: Embedder, journal: Journal) -> None:
        self._embedder = embedder
        self._journal = journal
        self.name, self.fingerprint, self.dim = embedder.name, embedder.fingerprint, embedder.dim
        self.embed_queries = embedder.embed_queries

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        digest = hashlib.sha256(json.dumps(texts).encode()).digest()
        entry = self._journal.find(digest)
        data = self._journal.read(entry) if entry and entry.mark == digest else None
        if data is not None:
            return np.frombuffer(data, dtype=np.float32).reshape(len(texts), self.dim)
        made = np.asarray(self._embedder.embed_passages(texts), dtype=np.float32)
        self._journal.put(digest, made.tobytes(), digest)
        return made


@contextmanager
def taking_up(path: Path, settings: Settings, recipe: Recipe) -> Iterator[TakingUp]:
    """What is kept at `path` by a build that was interrupted, if it was by the same recipe.

    It is erased with the end of this build, unless that is interrupted, too. Raises: OSError.
    """
    own = [getattr(recipe, each.name) for each in fields(Recipe)]
    journal = Journal(path, f"{settings} {own} {_program()}")
    try:
        yield TakingUp(journal, recipe)
    except _KEPT_AFTER:
        raise
    except BaseException:
        journal.erase()
        raise
    else:
        journal.erase()
    finally:
        journal.close()


def _program() -> str:
    """A digest of what reads and cuts: another version may do so otherwise."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _key(wanted: Wanted) -> str:
    return f"{wanted.file.given.digest} {wanted.file.source}"


def _read_at(outcome: Cut | Read, mtime_ns: int) -> Cut | Read:
    if isinstance(outcome, Read):
        return replace(outcome, mtime_ns=mtime_ns)
    return replace(outcome, read=replace(outcome.read, mtime_ns=mtime_ns))


def _by_outcome(batch: Batch) -> list[_Found | None]:
    """What each document of a batch is found by; None where that is still to be made."""
    found: list[_Found | None] = []
    at = 0
    for outcome in batch.outcomes:
        if isinstance(outcome, Cut) and batch.analysed is not None:
            end = at + len(outcome.passages)
            found.append((batch.analysed.vectors[at:end], batch.analysed.tokens[at:end]))
            at = end
        else:
            found.append(None)
    return found


def _joined(batch: Batch, found: Sequence[_Found | None], recipe: Recipe) -> Analysed | None:
    """Of all passages of the batch, once they are no more to be made; their terms are made anew."""
    of_cut = [each for each, o in zip(found, batch.outcomes, strict=True) if isinstance(o, Cut)]
    made = [each for each in of_cut if each is not None]
    if len(made) < len(of_cut) or batch.analysed is None:
        return None
    terms = analyse(batch.passages, recipe.mix, None, Stopwatch()).terms
    vectors = [rows for rows, _ in made if len(rows)]
    return Analysed(
        terms,
        np.concatenate(vectors) if vectors else batch.analysed.vectors,
        [each for _, tokens in made for each in tokens],
    )


def _loaded(data: bytes) -> tuple[Cut | Read, _Found | None]:
    outcome, packed = _Reader(io.BytesIO(data)).load()
    if packed is None:
        return outcome, None
    dim, rows, tokens = packed
    return outcome, (np.frombuffer(rows, dtype=np.float32).reshape(len(tokens), dim), tokens)


class _Reader(pickle.Unpickler):
    """Makes nothing but what documents consist of: an index may have been in other hands."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a document") from None
