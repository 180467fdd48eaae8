"""Writers killed and refused at random: is a document ever lost, or one that was removed back?

Adds, changes, deletes, removals, builds, rebuilds and compactions over one small index, one after
the other, each harmed. After each the index must be what it was, or what it was to become, to the
last character, vector and offset. The same seed gives the same deeds; instants are up to the clock.
"""

from __future__ import annotations

import errno
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from hashlib import shake_128
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.harm import End, Ended, Harm, harmed, reaches_engines
from eval.runs.files import code_version
from indexer.chunk import Cutting
from indexer.embed.base import Matrix
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from indexer.pipeline import BuildOptions, build, remove, update
from indexer.upkeep import compact, rebuild

_FILES = 8
_ERRORS = (errno.ENOSPC, errno.EIO, errno.EDQUOT)
_DEEDS, _SYNCS, _WRITES = 120, 30, 250  # more than any of the operations has
_LEAST_BYTES, _MOST_BYTES = 500, 120_000
_OPTIONS = BuildOptions(cutting=Cutting(60))


class HashEmbedder:
    """A direction for each text, drawn by its digest: another text has another one."""

    name = fingerprint = "by-digest"

    def __init__(self, dim: int = 8) -> None:
        self.dim = dim

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        rows = [shake_128(text.encode()).digest(4 * self.dim) for text in texts]
        numbers = np.frombuffer(b"".join(rows), dtype=np.uint32).reshape(-1, self.dim)
        vectors = numbers.astype(np.float32) - 2**31
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.ascontiguousarray(vectors / lengths, dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self.embed_passages(texts)


@dataclass(frozen=True, slots=True)
class State:
    """What answers, text by source, and which sources are removed."""

    texts: Mapping[str, str]
    removed: frozenset[str] = frozenset()


@dataclass(slots=True)
class FaultFigures:
    """Counts over all rounds, and seconds."""

    kills: int = 0  # writers that died of it
    errors: int = 0  # writers that gave up by it
    engine_errors: int = 0  # those of them where a write failed, whoever wrote
    lost: int = 0  # documents that were there before and after, or were acknowledged, and are not
    ghosts: int = 0  # documents that answer though they do neither before nor after
    mismatched: int = 0  # passages whose text, vector and place do not belong together
    tracebacks: int = 0
    false_words: int = 0  # "as it was before" where it is not
    slowest_open_s: float = 0.0
    ends: dict[str, int] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (
            self.lost or self.ghosts or self.mismatched or self.tracebacks or self.false_words
        )


class World:
    """The folder, the index, and what should be in it."""

    def __init__(self, root: Path, draw: random.Random) -> None:
        self.folder, self.index = root / "files", root / "index"
        self.folder.mkdir(parents=True)
        self.draw = draw
        self.version = 0
        for number in range(_FILES):
            self.write(f"{number}.txt")
        build([self.folder], self.index, HashEmbedder(), _OPTIONS)
        self.state = State(self.on_disk())

    def write(self, source: str) -> None:
        self.version += 1
        said = "".join(
            f"{source}第{self.version}版第{n}条，收款{self.version * n}元。" for n in range(1, 9)
        )
        (self.folder / source).write_text(said, encoding="utf-8")

    def on_disk(self) -> dict[str, str]:
        return {path.name: path.read_text("utf-8") for path in self.folder.iterdir()}

    def next_write(self) -> tuple[str, Callable[[], object], State]:
        """The name of what is done next, how, and what it is to make of the state."""
        kinds = ("add", "change", "delete", "remove", "build", "rebuild", "compact")
        kind = self.draw.choice(kinds)
        here = sorted(self.on_disk())
        if kind == "add" or (kind == "delete" and len(here) < _FILES):
            self.write(f"{self.version}.txt")
        elif kind == "change":
            self.write(self.draw.choice(here))
        elif kind == "delete":
            (self.folder / self.draw.choice(here)).unlink()
        old = self.state
        if kind == "remove" and len(old.texts) > 3:
            source = self.draw.choice(sorted(old.texts))
            left = {name: text for name, text in old.texts.items() if name != source}
            return kind, partial(remove, self.index, [source]), State(left, old.removed | {source})
        if kind == "build":
            work = partial(build, [self.folder], self.index, HashEmbedder(), _OPTIONS)
            return kind, work, State(self.on_disk())
        if kind == "rebuild":
            return kind, partial(rebuild, self.index, lambda _: HashEmbedder()), old
        if kind == "compact":
            return kind, partial(compact, self.index), old
        texts = {name: text for name, text in self.on_disk().items() if name not in old.removed}
        return kind, partial(update, self.index, HashEmbedder()), replace(old, texts=texts)


def measure(
    root: Path, kills: int, errors: int, seed: int, tell: Callable[[str], None]
) -> FaultFigures:
    """So many killed writers and errors that ended one, in a new folder `root`.

    A writer that was quicker than its harm does not count, but is looked at as well.
    """
    draw = random.Random(seed)
    world, figures = World(root, draw), FaultFigures()
    usual_s = 0.3
    rounds = 0
    while figures.kills < kills or figures.errors < errors:
        rounds += 1
        left = kills - figures.kills, errors - figures.errors
        kind = draw.choices(("kill", "error"), [max(0, each) for each in left])[0]
        harm = _kill(draw, usual_s) if kind == "kill" else _error(draw)
        name, work, new = world.next_write()
        ended = harmed(work, harm, world.index)
        if ended.end is End.DONE:
            usual_s = 0.9 * usual_s + 0.1 * ended.seconds
        figures.kills += ended.end is End.KILLED
        figures.errors += kind == "error" and ended.end is not End.DONE
        figures.engine_errors += harm.write > 0 and ended.end is not End.DONE
        end = f"{kind}: {ended.end.value}"
        figures.ends[end] = figures.ends.get(end, 0) + 1
        judge(figures, world, new, ended, f"round {rounds}, {name}, {harm}: {ended.said}")
        if rounds % 100 == 0:
            tell(f"{rounds} rounds: {figures.kills} killed, {figures.errors} refused")
    return figures


def _kill(draw: random.Random, usual_s: float) -> Harm:
    if draw.random() < 0.5:
        return Harm(deed=draw.randint(1, _DEEDS))
    return Harm(after_s=draw.uniform(0.001, 1.2 * usual_s))


def _error(draw: random.Random) -> Harm:
    kind, error = draw.randrange(4 if reaches_engines() else 3), draw.choice(_ERRORS)
    if kind == 0:
        return Harm(deed=draw.randint(1, _DEEDS), error=error)
    if kind == 1:
        return Harm(sync=draw.randint(1, _SYNCS), error=error)
    if kind == 3:
        torn, stays = draw.random() < 0.5, draw.random() < 0.5
        return Harm(write=draw.randint(1, _WRITES), error=error, is_torn=torn, stays=stays)
    return Harm(most_bytes=draw.randint(_LEAST_BYTES, _MOST_BYTES))


def judge(figures: FaultFigures, world: World, new: State, ended: Ended, told: str) -> None:
    """Compare what is there with what was and what was to be, and go on with it."""
    old = world.state
    started = time.perf_counter()
    reader = open_index(world.index)
    figures.slowest_open_s = max(figures.slowest_open_s, time.perf_counter() - started)
    documents = reader.documents(500, None, reader.select()).documents
    texts = {
        each.document.source: reader.document(each.document.document_id).document.text
        for each in documents
    }
    found = State(texts, frozenset(each.source for each in reader.pointer.removals))
    mismatched = _mismatched(world.index)
    reader.close()
    expected = [new] if ended.end is End.DONE else [old, new]
    if found not in expected:
        kept = {name for name in new.texts if len(expected) == 1 or name in old.texts}
        figures.lost += sum(texts.get(name) not in _texts(expected, name) for name in kept) or 1
        figures.ghosts += sum(bool(texts[name] not in _texts(expected, name)) for name in texts)
    figures.mismatched += mismatched
    figures.tracebacks += ended.end is End.RAW
    says_old = ended.end is End.REFUSED and "as it was before" in ended.said
    figures.false_words += says_old and found != old
    bad = found not in expected or mismatched or ended.end is End.RAW
    if bad or (says_old and found != old):
        figures.trouble.append(told)
    world.state = found


def _texts(states: Sequence[State], name: str) -> list[str]:
    return [state.texts[name] for state in states if name in state.texts]


def _mismatched(index: Path) -> int:
    """Passages, and further problems, of which text, offsets, terms and vector do not agree."""
    wrong = len(verify_index(index).problems)
    reader = open_index(index)
    embedder = HashEmbedder()
    keys = reader.select().passages.tolist()
    for stored in reader.passages(keys):
        text = f"{stored.passage.context}\n{stored.passage.text}"
        (cosine,) = reader.cosines(embedder.embed_queries([text])[0], [stored.key])
        wrong += cosine < 0.999
    reader.close()
    return wrong


def record(figures: FaultFigures, settings: dict[str, Any]) -> dict[str, Any]:
    return {"code": code_version(), "settings": settings, "figures": asdict(figures)}


def rows(figures: FaultFigures) -> dict[str, str]:
    """The figures as they are read."""
    return {
        "writers killed": str(figures.kills),
        "writers refused": str(figures.errors),
        "… by a failing write of any engine": str(figures.engine_errors),
        **{end: str(count) for end, count in sorted(figures.ends.items())},
        "documents lost": str(figures.lost),
        "ghosts of removed documents": str(figures.ghosts),
        "passages that do not fit together": str(figures.mismatched),
        "tracebacks": str(figures.tracebacks),
        "false “as it was before”": str(figures.false_words),
        "slowest opening": f"{figures.slowest_open_s:.2f} s",
    }
