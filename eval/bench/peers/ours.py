"""Wenju through its own front doors: files to an index, and the hybrid search of the service.

What is added or deleted is on the disk before a search shows it, unlike with the others.
"""

from collections.abc import Sequence
from pathlib import Path

from eval.bench.peers.job import run


class Wenju:
    def __init__(self, model: Path) -> None:
        from indexer import pipeline
        from indexer.embed.builtin import BuiltinEmbedder

        self._pipeline, self._options = pipeline, pipeline.BuildOptions(jobs=None)
        self._embedder = BuiltinEmbedder(model)

    def warm_up(self) -> None:
        from indexer.prepare import warm_up

        warm_up(self._options, self._embedder)

    def index(self, texts: Sequence[str], place: Path) -> None:
        del texts  # they lie there as files, as an archive does
        self._pipeline.build([place / "articles"], place / "index", self._embedder, self._options)

    def open(self, place: Path) -> None:
        from service.archive import Archive
        from service.settings import Settings

        self._place = place
        self._archive = Archive.open(place / "index", Settings())

    def search(self, question: str, k: int) -> list[int]:
        hits = self._archive.search(question, k=k).hits
        return [int(Path(hit.source).stem) for hit in hits]

    def add(self, number: int, text: str) -> None:
        path = self._place / "articles" / f"{number:06d}.txt"
        path.write_text(text, "utf-8")
        self._pipeline.update(self._place / "index", self._embedder, within=[path])

    def delete(self, number: int, text: str) -> None:
        del text
        path = self._place / "articles" / f"{number:06d}.txt"
        self._pipeline.remove(self._place / "index", [path.name])
        path.unlink()


if __name__ == "__main__":
    run(Wenju, Wenju.warm_up)
