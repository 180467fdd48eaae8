"""Opens what is measured: an index in process or a service by its address. The only file here that
sees the service's settings, the pipeline and `load_embedder`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.evidence import Library
from eval.library import IndexLibrary
from eval.squad import OpenSet, build_index, cache_key, load_news
from eval.target import InProcess, OverHttp, Target
from indexer.errors import IndexDamaged, IndexMismatch, IndexMissing, InvalidRequest

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
    from service.archive import Archive
    from service.settings import Settings

    settings = Settings(index=index) if llm is None else Settings(index=index, llm=llm)
    archive = Archive.open(index, settings)
    try:
        subject = {**_subject(index), "model": archive.model_name, "index": str(index)}
        yield InProcess(archive), subject
    finally:
        archive.reader.close()


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


def squad_index(
    file: Path,
    open_set: OpenSet,
    news: Path | None,
    documents: int,
    embedder_name: str,
    term_mix: str,
    cache: Path,
    fresh: bool,
    say: Callable[[str], None],
) -> Path:
    """The cached index of these documents, built where it is absent or does not fit the code.

    Raises: InvalidRequest, InvalidGold, and what building raises.
    """
    from indexer.embed.load import load_embedder
    from indexer.index.manifest import require_embedder
    from indexer.index.store import open_index
    from indexer.pipeline import BuildOptions, build
    from indexer.text.segment import TermMix

    if term_mix not in list(TermMix):
        raise InvalidRequest(f"no terms {term_mix!r}", hint=f"give one of: {', '.join(TermMix)}")
    options = BuildOptions(mix=TermMix(term_mix))
    embedder = load_embedder(embedder_name)
    index = cache / f"squad-{cache_key(file, news, documents, embedder_name, term_mix)}"
    if index.exists() and not fresh:
        try:
            reader = open_index(index)
            reader.close()
            require_embedder(reader.manifest, embedder, index)
        except (IndexMissing, IndexDamaged, IndexMismatch) as error:
            say(f"the cached index no longer fits ({error.message}), building anew")
        else:
            return index
    shutil.rmtree(index, ignore_errors=True)
    index.parent.mkdir(parents=True, exist_ok=True)
    articles = load_news(news, documents) if news is not None else iter(())
    beside = f" and {documents} articles" if news else ""
    say(f"indexing {len(open_set.paragraphs)} paragraphs{beside}")
    build_index(
        open_set, articles, index, lambda folder, into: build([folder], into, embedder, options)
    )
    return index
