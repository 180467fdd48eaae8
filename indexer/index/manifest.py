"""The manifest of one generation: what index time and question time must agree on.

Knows the folder's file formats by digest only, not by content.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.commands import build_hint, quoted, rebuild_hint
from indexer.embed.base import Embedder
from indexer.errors import IndexDamaged, IndexMismatch

FORMAT_VERSION = 6
READABLE_VERSIONS = (4, 5, 6)  # 4 took nothing over from earlier ones, 5 compared all vectors
UPGRADED_VERSION = 3  # what `rebuild` makes one of this format of, see format3
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class EmbedderStamp:
    name: str
    fingerprint: str
    dim: int


@dataclass(frozen=True, slots=True)
class TermsStamp:
    version: int
    mix: str


@dataclass(frozen=True, slots=True)
class ChunkingStamp:
    version: int
    max_chars: int
    overlap_chars: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that decides how a text becomes vectors and terms.

    `kept` are the globs of documents of which nothing is left out.
    """

    embedder: EmbedderStamp
    normalisation: int
    terms: TermsStamp
    chunking: ChunkingStamp
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Root:
    """A file or folder given to `build`: its absolute path, and what leads its sources.

    One of `uploads` came later and is kept by a service, see `pipeline.Uploads`.
    """

    path: str
    prefix: str
    uploads: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    documents: int
    passages: int
    characters: int


@dataclass(frozen=True, slots=True)
class FileStamp:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class VectorsStamp:
    """How the vectors of one file are searched.

    `kind` is `exact`, or what faiss calls it; `probes` are the lists that a question looks into,
    `recall_at_10` was measured against exact search when the file was written, over vectors of it
    and some between them. `bytes_a_passage` are in memory.
    """

    kind: str
    probes: int
    recall_at_10: float
    bytes_a_passage: float


def exact_vectors(dim: int) -> VectorsStamp:
    return VectorsStamp("exact", 0, 1.0, 4 * dim + 16)  # float32, and the key twice


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` maps each file of the generation, by its path with `/`, to its size and digest;
    `catalog` is the digest of which documents there are and which passages belong to each. `older`
    names what was taken over from earlier generations, oldest first; `dropped` are the keys of the
    documents in it that are gone. `vectors` says of each file of vectors how it is searched, the
    oldest first; empty up to format 5, where all were exact.
    """

    format_version: int
    generation: str
    created_at: str
    embedder: EmbedderStamp
    normalisation: int
    terms: TermsStamp
    chunking: ChunkingStamp
    roots: tuple[Root, ...]
    max_file_bytes: int
    counts: Counts
    catalog: str
    files: dict[str, FileStamp]
    kept: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    dropped: tuple[int, ...] = ()
    vectors: tuple[VectorsStamp, ...] = ()

    @property
    def searched(self) -> tuple[VectorsStamp, ...]:
        """`vectors`, whatever the format."""
        return self.vectors or (exact_vectors(self.embedder.dim),) * (len(self.older) + 1)

    @property
    def settings(self) -> Settings:
        return Settings(self.embedder, self.normalisation, self.terms, self.chunking, self.kept)

    @property
    def root_paths(self) -> tuple[str, ...]:
        return tuple(root.path for root in self.roots)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2).encode() + b"\n"


def parse_manifest(data: bytes, index_dir: Path) -> Manifest:
    """Read a manifest. Raises: IndexDamaged, IndexMismatch (another format version)."""
    from pydantic import TypeAdapter, ValidationError

    try:
        found = json.loads(data)
        version = found["format_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            "the index manifest is not readable", hint=rebuild_hint(index_dir)
        ) from error
    if version not in READABLE_VERSIONS:
        hint = build_hint(index_dir, _roots_said(found))
        if version == UPGRADED_VERSION:
            hint = rebuild_hint(index_dir)
        elif isinstance(version, int) and version > FORMAT_VERSION:
            hint = f"use the version of the program that made it; or {hint}"
        raise IndexMismatch(
            f"the index has format {version}, this code reads format {FORMAT_VERSION}", hint=hint
        )
    try:
        return TypeAdapter(Manifest).validate_json(data)
    except ValidationError as error:
        raise IndexDamaged(
            "the index manifest lacks something or holds nonsense", hint=rebuild_hint(index_dir)
        ) from error


def _roots_said(found: dict[str, Any]) -> list[str]:
    """The folders that a manifest of another format names, as far as it can be understood."""
    roots = found.get("roots")
    paths = [each.get("path") for each in roots if isinstance(each, dict)] if roots else []
    return [path for path in paths if isinstance(path, str)]


def require_code(manifest: Manifest, index_dir: Path) -> None:
    """Check that this code normalises, cuts and segments as the index was made.

    Raises: IndexMismatch, naming both values.
    """
    from indexer.chunk import CHUNKING_VERSION
    from indexer.text import normalise, segment

    for name, built, running in (
        ("normalisation", manifest.normalisation, normalise.VERSION),
        ("terms", manifest.terms.version, segment.VERSION),
        ("chunking", manifest.chunking.version, CHUNKING_VERSION),
    ):
        if built != running:
            raise IndexMismatch(
                f"the index was built with {name} version {built}, this code has {running}",
                hint=rebuild_hint(index_dir),
            )


def require_embedder(manifest: Manifest, embedder: Embedder, index_dir: Path) -> None:
    """Check that `embedder` makes the vectors that the index holds.

    The name may differ (a server moves, a model is opened by its path), fingerprint and dimension
    may not. Raises: IndexMismatch, EmbedderUnavailable.
    """
    built, running = manifest.embedder, stamp_of(embedder)
    if (built.fingerprint, built.dim) == (running.fingerprint, running.dim):
        return
    raise IndexMismatch(
        f"the index was built with embedder {built.name} "
        f"({built.fingerprint}, {built.dim} dimensions), "
        f"not {running.name} ({running.fingerprint}, {running.dim} dimensions)",
        hint=f"{rebuild_hint(index_dir)} --embedder {quoted(running.name)}",
    )


def stamp_of(embedder: Embedder) -> EmbedderStamp:
    return EmbedderStamp(embedder.name, embedder.fingerprint, embedder.dim)
