"""Wenju through its own front doors: files to an index, and the hybrid search of the service."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from eval.bench.peers.job import run

if TYPE_CHECKING:
    from service.archive import Archive


class Wenju:
    def __init__(self, model: Path) -> None:
        from indexer import pipeline
        from indexer.embed.builtin import BuiltinEmbedder
        from indexer.prepare import warm_up

        self._build, self._options = pipeline.build, pipeline.BuildOptions(jobs=None)
        self._embedder = BuiltinEmbedder(model)
        warm_up(self._options, self._embedder)  # as the others load theirs before the clock starts

    def index(self, texts: Sequence[str], place: Path) -> None:
        del texts  # they lie there as files, as an archive does
        self._build([place / "articles"], place / "index", self._embedder, self._options)
        self._place = place / "index"

    def search(self, question: str, k: int) -> list[int]:
        hits = self._archive.search(question, k=k).hits
        return [int(Path(hit.source).stem) for hit in hits]

    @cached_property
    def _archive(self) -> "Archive":
        from service.archive import Archive
        from service.settings import Settings

        return Archive.open(self._place, Settings())


if __name__ == "__main__":
    run(Wenju)
