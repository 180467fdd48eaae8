"""Plots of a run as drawings in a page, their text as outlines. The only file here that imports
matplotlib; computes what it draws from verdicts and the metrics, and knows no page.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from eval.metrics.ranking import recall_at
from eval.metrics.refusal import risk_coverage
from eval.report.markup import Html
from eval.report.svg import embed
from eval.report.words import in_order, kind_name, stage_name
from eval.runs.curves import CURVE_BY_NAME, RISK, answered
from eval.runs.figures import BY_NAME, by_kind, latencies
from eval.runs.verdict import DEPTH, Verdict
from indexer.errors import WenjuError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, RULE = "#1b221e", "#545f58", "#d3d9d1"
PINE, OCHRE, SEAL = "#1d5b4b", "#a87d00", "#a8321f"
_COLOURS = {INK: "ink", SOFT: "soft", RULE: "rule", PINE: "pine", OCHRE: "ochre", SEAL: "seal"}

_BUNDLED = "DejaVu Sans"  # comes with matplotlib; has no Chinese
_CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "Noto Sans CJK JP",  # of a collection, older matplotlibs see the first face alone
    "Droid Sans Fallback",
)

_LOOK: Mapping[str, Any] = {
    "axes.edgecolor": RULE,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": SOFT,
    "axes.labelsize": 9.5,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.size": 10,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "lines.linewidth": 1.8,
    "svg.fonttype": "path",
    "svg.hashsalt": "wenju",  # ids by content, so that one run gives one report
    "text.color": INK,
    "text.parse_math": False,  # the name of a stage is not ours
    "xtick.color": RULE,
    "xtick.labelcolor": SOFT,
    "ytick.color": RULE,
    "ytick.labelcolor": SOFT,
}


class PlotsUnavailable(WenjuError):
    """matplotlib is not installed."""

    code: ClassVar[str] = "plots_unavailable"


class Plot(StrEnum):
    RISK = "risk"
    KINDS = "kinds"
    SEARCH = "search"
    TIMES = "times"


def chinese_font() -> str | None:
    """A font on this machine in which matplotlib can write Chinese. Raises: PlotsUnavailable."""
    _require_matplotlib()
    from matplotlib.font_manager import findSystemFonts, fontManager

    def found() -> str | None:
        known = set(fontManager.get_font_names())
        return next((name for name in _CHINESE_FONTS if name in known), None)

    if (
        name := found()
    ) is None:  # matplotlib keeps a list of fonts, and looks for none that is new
        listed = {font.fname for font in fontManager.ttflist}
        for path in sorted(set(findSystemFonts()) - listed):
            with suppress(OSError, RuntimeError):  # not every file there is a whole font
                fontManager.addfont(path)
        name = found()
    return name


def draw(verdicts: Sequence[Verdict], *, chinese: bool, font: str | None) -> dict[Plot, Html]:
    """Every plot that the verdicts have something for. Chinese needs a font that has it.

    Raises: PlotsUnavailable.
    """
    _require_matplotlib()
    from matplotlib import style

    drawer = _Drawer(verdicts, chinese=chinese)
    look = {**_LOOK, "font.family": [font, _BUNDLED] if font else [_BUNDLED]}
    with style.context(["default", look]):
        drawn = {
            Plot.RISK: drawer.risk(),
            Plot.KINDS: drawer.kinds(),
            Plot.SEARCH: drawer.search(),
            Plot.TIMES: drawer.times(),
        }
    return {name: svg for name, svg in drawn.items() if svg is not None}


def found_within(verdicts: Iterable[Verdict]) -> list[tuple[float, float]]:
    """For k = 1 to DEPTH: (recall@k, share of questions with a passage of the evidence in k).

    Over the questions that were searched for; empty when there are none.
    """
    rankings = [v.retrieval for v in verdicts if v.retrieval is not None]
    found = []
    for k in range(1, DEPTH + 1) if rankings else ():
        recalls = [recall_at(r.ranking, frozenset(r.relevant), k) for r in rankings]
        found.append((sum(recalls) / len(recalls), sum(r > 0 for r in recalls) / len(recalls)))
    return found


def standing(verdicts: Sequence[Verdict]) -> tuple[float, float]:
    """Where the service stands: (share that it answers, share of its answers that is wrong)."""
    answered = [v for v in verdicts if not v.abstained]
    wrong = sum(not v.right for v in answered)
    return len(answered) / len(verdicts), wrong / len(answered) if answered else 0.0


class _Drawer:
    def __init__(self, verdicts: Sequence[Verdict], *, chinese: bool) -> None:
        self._verdicts = verdicts
        self._chinese = chinese

    def _say(self, names: tuple[str, str]) -> str:
        return names[0] if self._chinese else names[1]

    def risk(self) -> Html | None:
        """Risk against coverage, what no confidence would give, where the service stands, and how
        far it could answer with few wrong. Refused questions are not covered: the curve ends there.
        """
        risks = risk_coverage(*answered(self._verdicts))
        if not risks:
            return None
        n = len(self._verdicts)
        figure, axes = _figure(3.2)
        coverage = [100 * (at + 1) / n for at in range(len(risks))]
        heights = [100 * risk for risk in risks]
        axes.fill_between(coverage, heights, color=PINE, alpha=0.12, linewidth=0)
        size = f"{100 * sum(risks) / len(risks):.1f}%"
        label = self._say((f"风险（面积 {size}）", f"risk (area {size})"))
        axes.plot(coverage, heights, color=PINE, label=label)
        at, share = standing(self._verdicts)
        label = self._say(("把握毫无意义时", "confidence tells nothing"))
        axes.axhline(100 * share, color=SOFT, linewidth=1, linestyle=(0, (4, 3)), label=label)
        far = 100 * (CURVE_BY_NAME["coverage_at_5"].value(self._verdicts) or 0.0)
        label = self._say(
            (f"错{100 * RISK:g}%处：{far:.1f}%", f"{100 * RISK:g}% wrong: {far:.1f}%")
        )
        axes.axvline(far, color=OCHRE, linewidth=1, linestyle=(0, (1, 2)), label=label)
        here = self._say(("现在的服务", "the service today"))
        axes.plot([100 * at], [100 * share], "o", color=SEAL, markersize=7, label=here)
        axes.set_xlabel(
            self._say(("作答的问题 (%)，从最有把握的起", "questions answered (%), surest first"))
        )
        axes.set_ylabel(self._say(("其中答错 (%)", "of these wrong (%)")))
        axes.set_xlim(0, 101)
        axes.set_ylim(0, max(*heights, 5) * 1.08)
        _legend_above(axes)
        return self._finish(figure, Plot.RISK, ("风险与覆盖", "Risk and coverage"))

    def kinds(self) -> Html:
        """Right and answer hit by kind, as bars."""
        groups = by_kind(self._verdicts)
        figure, axes = _figure(0.9 + 0.36 * len(groups))
        for offset, name, colour in ((-0.17, "right", PINE), (0.19, "answer_hit", OCHRE)):
            values = [BY_NAME[name].value(lines) for lines in groups.values()]
            there = [at for at, value in enumerate(values) if value is not None]
            axes.barh(
                [at + offset for at in there],
                [100 * value for value in values if value is not None],
                height=0.3,
                color=colour,
                label=self._say((BY_NAME[name].chinese, name.replace("_", " "))),
            )
        labels = [f"{self._say(kind_name(kind))} ({len(lines)})" for kind, lines in groups.items()]
        axes.set_yticks(range(len(groups)), labels)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", visible=True)
        axes.set_xlim(0, 100)
        axes.set_xlabel("%")
        _legend_above(axes)
        return self._finish(figure, Plot.KINDS, ("各类问题", "By kind of question"))

    def search(self) -> Html | None:
        """Recall over k, and the share of questions with any passage of the evidence."""
        found = found_within(self._verdicts)
        if not found:
            return None
        figure, axes = _figure(3.2)
        ks = range(1, DEPTH + 1)
        labels = (("召回率", "recall"), ("至少找到一段", "at least one passage"))
        for at, (label, colour, mark) in enumerate(zip(labels, (PINE, OCHRE), "os", strict=True)):
            values = [100 * pair[at] for pair in found]
            axes.plot(ks, values, color=colour, marker=mark, markersize=4, label=self._say(label))
        axes.set_xticks(ks)
        axes.set_ylim(0, 103)
        axes.set_xlabel(self._say(("前 k 段", "first k passages")))
        axes.set_ylabel("%")
        _legend_above(axes)
        return self._finish(figure, Plot.SEARCH, ("检索：前k段", "Search: first k passages"))

    def times(self) -> Html | None:
        """Median and 95th percentile of every stage, joined by a line."""
        times = latencies(self._verdicts)
        # What a service far away calls a stage may be in any script: the table has it.
        stages = [stage for stage in in_order(list(times)) if stage.isascii()]
        if not stages:
            return None
        figure, axes = _figure(1.0 + 0.42 * len(stages))
        for at, stage in enumerate(stages):
            low, high = times[stage]["p50"], times[stage]["p95"]
            axes.plot([low, high], [at, at], color=PINE, linewidth=2, alpha=0.45)
            axes.plot([low], [at], "o", color=PINE, markersize=7, label="p50" if at == 0 else None)
            axes.plot([high], [at], "o", color=PINE, markersize=7, markerfacecolor="none",
                      label="p95" if at == 0 else None)  # fmt: skip
        axes.set_yticks(range(len(stages)), [self._say(stage_name(stage)) for stage in stages])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(stages) - 0.5, -0.5)
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", visible=True)
        axes.set_xlim(left=0, right=1.06 * max(times[stage]["p95"] for stage in stages) or 1)
        axes.set_xlabel(self._say(("毫秒", "ms")))
        _legend_above(axes)
        return self._finish(figure, Plot.TIMES, ("各阶段用时", "Time by stage"))

    def _finish(self, figure: Figure, name: Plot, label: tuple[str, str]) -> Html:
        svg = io.StringIO()
        figure.savefig(svg, format="svg", transparent=True)
        prefix = f"{name}-{'z' if self._chinese else 'e'}"
        return embed(svg.getvalue(), prefix, self._say(label), _COLOURS)


def _figure(height: float) -> tuple[Figure, Axes]:
    """A figure of the width that all have, in inches, without pyplot's global state."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.8, height), layout="constrained")
    return figure, figure.subplots()


def _legend_above(axes: Axes) -> None:
    """Where it hides nothing, in two columns."""
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, borderaxespad=0.2,
                handlelength=1.6, columnspacing=1.6)  # fmt: skip


def _require_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise PlotsUnavailable(
            "the report has no plots: matplotlib is not installed",
            hint="run: pip install -c constraints.txt -e '.[eval]', then write the report again",
        ) from error
