"""What `scale` has measured at several sizes as a page: a table, a plot, and straight lines through
the figures that say what a larger archive would take. Knows no index.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.scale import ScaleFigures
from eval.runs.files import code_version, write_json
from indexer.errors import InvalidRequest

_DRAWN_ON_TO = (1_000_000, 10_000_000)  # passages
_LEAST_SIZES = 2
_QUIET = 2  # processes a core that were ready to run: the benchmark's own and little more


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, drawn on if it `grows`: `path` leads to its number in a record, which
    is divided by `unit`.
    """

    name: str
    path: tuple[str, ...]
    unit: float = 1.0
    digits: int = 2
    grows: bool = True
    timed: bool = False  # no line is drawn through it where the machine was busy

    def value(self, figures: dict[str, Any]) -> float:
        found: Any = figures
        for part in self.path:
            found = found[part]
        return float(found) / self.unit

    def said(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"


ROWS = (
    Row("passages", ("passages",), digits=0, grows=False),
    Row("building, s", ("index_seconds",), digits=0, timed=True),
    Row("memory of the builder, MiB", ("index_peak_bytes",), 2**20, 0, grows=False),
    Row("index on disk, MiB", ("index_bytes",), 2**20, 0),
    Row("recall@10 of exact search", ("vectors", "recall_at_10"), digits=4, grows=False),
    Row("service ready after, s", ("ready_seconds",), timed=True),
    Row("memory of the service, MiB", ("service_peak_bytes",), 2**20, 0),
    Row("search over HTTP, p50, ms", ("search_ms", "p50"), digits=1, timed=True),
    Row("search over HTTP, p95, ms", ("search_ms", "p95"), digits=1, timed=True),
    Row("search, the service's processor, ms", ("search_cpu_ms",), digits=1, timed=True),
    Row("answer over HTTP, p50, ms", ("ask_ms", "p50"), digits=1, timed=True),
    Row("one document added, seen after, s", ("change", "added_s"), timed=True),
    Row("one document deleted, seen after, s", ("change", "deleted_s"), timed=True),
)


def add_figures(path: Path, figures: ScaleFigures) -> None:
    """Put one size beside those that the file holds, in the place of the same one.

    Raises: InvalidRequest for a file that is none of ours.
    """
    kept = _sizes(path) if path.exists() else []
    new = {
        "code": code_version(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "load": round(os.getloadavg()[2], 1),  # of the last quarter of an hour
        "figures": asdict(figures),
    }
    others = [each for each in kept if each["figures"]["documents"] != figures.documents]
    every = sorted([*others, new], key=lambda each: int(each["figures"]["passages"]))
    write_json(path, {"sizes": every})


def _sizes(path: Path) -> list[dict[str, Any]]:
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["sizes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidRequest(
            f"{path} holds no figures of `scale`", hint="run: python -m eval.bench scale --out FILE"
        ) from error


def line_through(passages: list[float], values: list[float]) -> tuple[float, float]:
    """Slope and start of the straight line with the least squares."""
    slope, start = np.polyfit(passages, values, 1)
    return float(slope), float(start)


def write_page(path: Path, page: Path) -> None:
    """Raises: InvalidRequest for fewer sizes than a line needs."""
    from eval.bench.scale_plots import draw

    sizes = _sizes(path)
    if len(sizes) < _LEAST_SIZES:
        raise InvalidRequest(f"{path} holds one size", hint="measure another one: --documents N")
    page.with_suffix(".svg").write_text(draw([each["figures"] for each in sizes]), "utf-8")
    page.write_text(_page(sizes, path, page), "utf-8")


def _page(sizes: list[dict[str, Any]], path: Path, page: Path) -> str:
    every = [each["figures"] for each in sizes]
    last = sizes[-1]
    passages = [float(each["passages"]) for each in every]
    load = max(float(each["load"]) for each in sizes)
    is_quiet = load <= _QUIET * last["cores"]
    head = ["", *(f"{each['documents']:,} articles" for each in every)]
    head += [f"{each:,} passages, by the line" for each in _DRAWN_ON_TO]
    lines = [head, ["---", *["--:"] * (len(head) - 1)]]
    for row in ROWS:
        values = [row.value(each) for each in every]
        said = [row.said(value) for value in values]
        if row.grows and (is_quiet or not row.timed):
            slope, start = line_through(passages, values)
            said += [row.said(max(0.0, start + slope * each)) for each in _DRAWN_ON_TO]
        else:
            said += [""] * len(_DRAWN_ON_TO)
        lines.append([row.name, *said])
    lines.append(["vectors", *(each["vectors"]["kind"] for each in every), "", ""])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    made = " Articles beyond those there are were made of their sentences." * any(
        each["made"] for each in every
    )
    return _WORDS.format(
        cores=last["cores"],
        memory=last["memory_gib"],
        version=last["code"]["version"],
        load=load,
        busy="" if is_quiet else _BUSY,
        table=table,
        made=made,
        figures=path.name,
        plot=page.with_suffix(".svg").name,
    )


_BUSY = (
    "That is far more than there are cores:\nseconds, round trips and, less so, the processor's "
    "time are several times what a quiet machine\nshows, and are not drawn on to larger archives."
)

_WORDS = """# How it grows

What an archive takes and how fast it answers, at several sizes, on a machine of {cores} cores and
{memory} GiB. Written by `python -m eval.bench scale-page {figures}` from what
`python -m eval.bench scale --news FILE --documents N --documents M --out {figures}` measured
(version {version}).{made}

Up to {load:.0f} processes at once were ready to run meanwhile. {busy}

{table}

![the same, with the lines]({plot})

The last columns lie on the straight line with the least squares through the sizes that were
measured. They say what to reckon with, not what was seen; a line over few sizes is a rough one.

Up to 25,000 passages in one file, all vectors are compared. Above, faiss scans short codes of the
vectors in the lists nearest to the question, and the best are compared by the vectors themselves,
which lie beside them as float16: 80 bytes a passage in memory and 768 on disk, for 384 numbers. How
many lists are looked into is settled when the file is written: as many as bring recall@10 to 0.99
of exact search over 200 questions, half of them stored vectors and half between two of them. What
was reached stands in the manifest and in `python -m indexer inspect`. Where codes tell too little
for that, all vectors are compared, as among few. Files of more than 64 MiB are mapped where they
stand, so that processes share them, and checked by size when they are opened; `verify` reads them.
"""
