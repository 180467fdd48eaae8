"""Opens what is measured: an index in process or a service by its address. The only file here that
sees the service's settings, the pipeline and `load_embedder`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.evidence import Library
from eval.library import IndexLibrary
from eval.sets.indexes import (
    Articles,
    Cached,
    documents_key,
    folder_key,
    write_and_build,
)
from eval.target import InProcess, OverHttp, Target
from indexer.errors import InvalidRequest

if TYPE_CHECKING:
    from indexer.embed.base import Embedder
    from service.archive import Archive

Subject = dict[str, Any]


@contextmanager
def target(
    index: Path | None, url: str | None, llm: str | None
) -> Iterator[tuple[Target, Subject]]:
    """The answering path, and what is known of it.

    With a URL, an index is only read for its manifest. Raises: InvalidRequest, ServiceUnreachable,
    IndexMissing and its kin, LLMUnavailable.
    """
    if url is not None:
        if llm is not None:
            raise InvalidRequest(
                "--llm does not change a running service", hint="leave it out, or leave --url out"
            )
        with OverHttp(url) as service:
            said = service.ready()
            yield service, {**_subject(index), **said, "url": url}
        return
    if index is None:
        raise InvalidRequest("nothing to ask", hint="give --index DIR or --url http://HOST:PORT")
    with archive(index, llm) as (opened, subject):
        yield InProcess(opened), subject


@contextmanager
def archive(index: Path, llm: str | None = None) -> Iterator[tuple[Archive, Subject]]:
    """The answering path in process, and what is known of it.

    Raises: IndexMissing and its kin, LLMUnavailable.
    """
    from service.archive import Archive
    from service.settings import Settings

    settings = Settings(index=index) if llm is None else Settings(index=index, llm=llm)
    opened = Archive.open(index, settings)
    try:
        told = {"model": opened.model_name, "reranker": settings.rerank, "index": str(index)}
        yield opened, {**_subject(index), **told}
    finally:
        opened.reader.close()


@contextmanager
def library(index: Path | None, url: str | None) -> Iterator[Library | None]:
    """The documents of an index or of a service; None when neither is given."""
    if url is not None:
        with OverHttp(url) as service:
            service.ready()
            yield service
    elif index is not None:
        from indexer.index.store import open_index

        reader = open_index(index)
        try:
            yield IndexLibrary(reader)
        finally:
            reader.close()
    else:
        yield None


def _subject(index: Path | None) -> Subject:
    if index is None:
        return {}
    from indexer.index.store import open_index

    reader = open_index(index)
    manifest = asdict(reader.manifest)
    reader.close()
    manifest.pop("files")  # sizes and digests: long, and told by the generation
    return {"generation": manifest["generation"], "manifest": manifest}


def set_index(
    documents: Mapping[str, str],
    articles: Articles | None,
    place: Callable[[str], Path],
    say: Callable[[str], None],
    *,
    embedder: str = "builtin",
    term_mix: str | None = None,
    fresh: bool = False,
) -> Path:
    """The cached index of a set's documents, in the folder that `place` gives for its key.

    Raises: InvalidRequest, InvalidGold, and what building raises.
    """
    from indexer.pipeline import BuildOptions, build
    from indexer.text.segment import TermMix

    mixes = list(TermMix)
    if term_mix is not None and term_mix not in mixes:
        raise InvalidRequest(f"no terms {term_mix!r}", hint=f"give one of: {', '.join(mixes)}")
    options = BuildOptions() if term_mix is None else BuildOptions(mix=TermMix(term_mix))
    key = documents_key(documents, articles, embedder, options.mix)
    loaded = _embedder(embedder)

    def make(index: Path) -> None:
        beside = f" and {articles.count} articles" if articles else ""
        say(f"indexing {len(documents)} paragraphs{beside}")
        write_and_build(documents, articles, lambda files: build([files], index, loaded, options))

    cached = Cached(place(key), key)
    return cached.ready(make, lambda index: _check(index, loaded), say, fresh=fresh)


def folder_index(folder: Path, place: Path, say: Callable[[str], None]) -> Path:
    """The cached index of a folder of files. Raises: what building raises."""
    from indexer.pipeline import build

    loaded = _embedder("builtin")

    def make(index: Path) -> None:
        say(f"indexing {folder.name}/")
        build([folder], index, loaded)

    cached = Cached(place, folder_key(folder))
    return cached.ready(make, lambda index: _check(index, loaded), say)


def _embedder(name: str) -> Embedder:
    from indexer.embed.load import load_embedder

    return load_embedder(name)


def _check(index: Path, embedder: Embedder) -> None:
    """Raises: IndexMissing, IndexDamaged, IndexMismatch."""
    from indexer.index.manifest import require_embedder
    from indexer.index.store import open_index

    reader = open_index(index)
    reader.close()
    require_embedder(reader.manifest, embedder, index)
