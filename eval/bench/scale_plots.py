"""The plot of the page on scale. One of the two files here that import matplotlib."""

from __future__ import annotations

import io
from typing import Any

from eval.bench.scale_page import ROWS, Row, line_through
from eval.report.plots import INK, PINE, RULE, SOFT

_DRAWN = (
    "building, s",
    "index on disk, MiB",
    "memory of the service, MiB",
    "search, the service's processor, ms",
)


def draw(sizes: list[dict[str, Any]]) -> str:
    """As SVG: each of four figures over the passages, with its line. The same for the same."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows = {row.name: row for row in ROWS}
    with mpl.rc_context({"svg.hashsalt": "scale", "svg.fonttype": "path", "font.size": 9}):
        figure = Figure(figsize=(9, 5.5), layout="constrained")
        for axes, name in zip(figure.subplots(2, 2).flat, _DRAWN, strict=True):
            _panel(axes, rows[name], sizes)
        svg = io.StringIO()
        figure.savefig(svg, format="svg", metadata={"Date": None})
    return "\n".join(line.rstrip() for line in svg.getvalue().splitlines()) + "\n"


def _panel(axes: Any, row: Row, sizes: list[dict[str, Any]]) -> None:
    passages = [float(each["passages"]) for each in sizes]
    values = [row.value(each) for each in sizes]
    slope, start = line_through(passages, values)
    ends = [0.0, max(passages) * 1.1]
    axes.plot(ends, [start + slope * end for end in ends], color=RULE)
    axes.plot(passages, values, "o", color=PINE)
    axes.set_title(row.name, color=INK, loc="left")
    axes.set_xlabel("passages", color=SOFT)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.spines[["top", "right"]].set_visible(False)
