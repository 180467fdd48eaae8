"""One piece of work on an index, done for another process: `python -m indexer.job`.

The order is one JSON object, the first line of standard input; what becomes of it is told line by
line on standard output, each a JSON object with one member: `progress`, and at last `report` or
`error`. Ends when its standard input does, so that it never outlives whoever wanted it; an index
can be left at any instant.
"""

import json
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer import pipeline, upkeep
from indexer.by_size import AUTO, embedder_for
from indexer.chunk import Cutting
from indexer.configuration import configure
from indexer.embed.load import load_configured
from indexer.errors import IndexMissing, NothingToIndex, WenjuError
from indexer.index.folder import IndexFolder
from indexer.report import BuildReport
from indexer.roots import Uploads
from indexer.settings import Settings

_NICENESS = 5  # whoever asks meanwhile goes before


@dataclass(frozen=True, slots=True)
class Order:
    """`uploads` is the folder of uploads of the index at `index`, and may not be there yet.

    `names` and `returned` are as in `Uploads`; without names everything is looked at. `compacts`:
    nothing is looked at, and what was removed is erased.
    """

    index: Path
    uploads: Path
    names: frozenset[str]
    returned: frozenset[str]
    compacts: bool

    @classmethod
    def parse(cls, line: str) -> "Order":
        said = json.loads(line)
        return cls(
            Path(said["index"]),
            Path(said["uploads"]),
            frozenset(said["names"]),
            frozenset(said["returned"]),
            bool(said["compacts"]),
        )


def carry_out(order: Order, settings: Settings, progress: pipeline.Progress) -> BuildReport:
    """Add what was uploaded, or look at everything again; the first time, make the index.

    Raises: as `pipeline.build`, `pipeline.update` and `upkeep.compact`.
    """
    if order.compacts:
        return upkeep.compact(order.index, progress)
    uploads = Uploads(order.uploads, order.names, order.returned)
    limit = settings.max_file_mb * 2**20
    folder = IndexFolder(order.index)
    try:
        name = folder.manifest(folder.pointer()).embedder.name
    except IndexMissing:
        if not order.uploads.is_dir():
            raise
        chosen = settings.embedder
        if chosen == AUTO:
            chosen = embedder_for([order.uploads], limit)
        cutting = Cutting(settings.chunk_chars, settings.chunk_overlap)
        options = pipeline.BuildOptions(max_file_bytes=limit, cutting=cutting)
        model = load_configured(chosen, settings)
        return pipeline.build([order.uploads], order.index, model, options, progress, uploads=True)
    return pipeline.update(
        order.index,
        load_configured(name, settings),
        progress=progress,
        uploads=uploads if order.uploads.is_dir() else None,
    )


def _report(report: BuildReport) -> dict[str, Any]:
    return {
        "generation": report.generation,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "skipped": [[each.source, each.reason, each.detail] for each in report.skipped],
        "notes": list(report.notes),
    }


def _error(error: WenjuError) -> dict[str, Any]:
    skipped = error.skipped if isinstance(error, NothingToIndex) else ()
    return {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "skipped": [[each.source, each.reason, each.detail] for each in skipped],
    }


def _tell(kind: str, said: Any) -> None:
    sys.stdout.write(json.dumps({kind: said}) + "\n")
    sys.stdout.flush()


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(1)


def main() -> None:
    """Carry out one order. Status 0 if it was done, 1 if not."""
    order = Order.parse(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    os.nice(_NICENESS)

    def progress(done: int, total: int, _: str) -> None:
        _tell("progress", [done, total])

    try:
        report = carry_out(order, configure(Settings).settings, progress)
    except WenjuError as error:
        _tell("error", _error(error))
        status = 1
    else:
        _tell("report", _report(report))
        status = 0
    os._exit(status)  # the thread above still waits, in a call that holds the interpreter up


if __name__ == "__main__":
    main()
