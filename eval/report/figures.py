"""The report's figures: headline, tables, plots in their places. Knows markup and what a run's
figures are; no question's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eval.comparing.bootstrap import interval
from eval.report.markup import Html, Say, join, tag
from eval.report.plots import Plot, found_within, standing
from eval.report.words import figure_definition, figure_name, in_order, kind_name, stage_name
from eval.runs.curves import CURVES, Curve
from eval.runs.figures import BY_NAME, FIGURES, Figure, by_kind, latencies
from eval.runs.verdict import CUTOFFS, DEPTH, Verdict

NOTHING = "–"  # no question bears on it

_HEADLINE = ("found@5", "answer_hit", "document_cited", "quotes_exact", "refusal_recall")
_GROUPS: tuple[tuple[tuple[str, str], tuple[str, ...]], ...] = (
    (("总体", "Overall"), ("right",)),
    (
        ("检索", "Search"),
        (
            *(f"found@{k}" for k in CUTOFFS),
            *(f"recall@{k}" for k in CUTOFFS),
            f"mrr@{DEPTH}",
            f"ndcg@{DEPTH}",
            f"lexical_found@{DEPTH}",
            f"dense_found@{DEPTH}",
        ),
    ),
    (
        ("答案", "Answer"),
        (
            "answer_hit",
            "first_hit",
            "answered_right",
            "ranked_first",
            "ranked_three",
            "short_exact",
            "short_f1",
            "short_given",
            "short_precision",
            "figures_exact",
        ),
    ),
    (
        ("证据", "Proof"),
        (
            "document_cited",
            "citation_precision",
            "citation_recall",
            "sentences_supported",
            "quotes_exact",
        ),
    ),
    (
        ("不作答与矛盾", "Refusal and conflict"),
        (
            "refusal_recall",
            "refusal_precision",
            "refused_wrongly",
            "conflict_recall",
            "conflict_precision",
        ),
    ),
)
_BY_KIND = (
    "right",
    "found@1",
    "found@5",
    "recall@5",
    f"mrr@{DEPTH}",
    "answer_hit",
    "first_hit",
    "short_f1",
    "document_cited",
    "citation_precision",
    "citation_recall",
    "refusal_recall",
    "refused_wrongly",
)


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f}%"


def headline(verdicts: Sequence[Verdict], say: Say) -> Html:
    """The share that is right, large, and what it is made of."""
    right = BY_NAME["right"]
    good, n = sum(v.right for v in verdicts), len(verdicts)
    of = say(f"{n} 题里 {good} 题全对", f"{good} of {n} questions right")
    lead = tag(
        "div",
        tag("p", percent(right.value(verdicts)), class_="lead-number"),
        tag("p", tag("strong", of)),
        tag("p", _range(right, verdicts, say), class_="soft"),
        tag("p", say(*figure_definition("right")), class_="soft"),
        class_="lead",
    )
    rest = [
        tag(
            "li",
            tag("span", percent(BY_NAME[name].value(verdicts)), class_="number"),
            tag("a", say(*figure_name(name)), href=f"#f-{name}"),
            tag("span", _range(BY_NAME[name], verdicts, say), class_="soft"),
        )
        for name in _HEADLINE
        if BY_NAME[name].value(verdicts) is not None
    ]
    times = latencies(verdicts)
    if "asked" in times:
        rest.append(
            tag(
                "li",
                tag("span", f"{times['asked']['p95']:.0f}", tag("small", " ms"), class_="number"),
                tag("span", say("作答用时 p95", "answer time, p95")),
                tag("span", f"p50 {times['asked']['p50']:.0f} ms", class_="soft"),
            )
        )
    return tag("div", lead, tag("ul", *rest, class_="numbers"), class_="headline")


def _range(figure: Figure, verdicts: Sequence[Verdict], say: Say) -> Html:
    found = interval(figure, verdicts)
    if found is None:
        return Html("")
    low, high = (f"{100 * end:.1f}" for end in found)
    return say(f"95% 区间 {low}–{high}", f"95% interval {low}–{high}")


def figures_table(verdicts: Sequence[Verdict], say: Say) -> Html:
    """Every figure with its definition, value, interval and what it rests on."""
    rows: list[Html] = []
    for title, names in _groups():
        rows.append(tag("tr", tag("th", say(*title), colspan="5", scope="colgroup")))
        rows += [_figure_row(BY_NAME[name], verdicts, say) for name in names]
    confidence = say("把握", "Confidence")
    rows.append(tag("tr", tag("th", confidence, colspan="5", scope="colgroup")))
    rows += [_curve_row(curve, verdicts, say) for curve in CURVES]
    heads = (
        ("指标", "figure"),
        ("值", "value"),
        ("95% 区间", "95% interval"),
        ("", ""),
        ("题数（处数）", "questions (items)"),
    )
    return _table((say(*head) for head in heads), rows, "figures")


def _groups() -> Iterable[tuple[tuple[str, str], tuple[str, ...]]]:
    """The groups, and whatever figure is in none of them yet."""
    grouped = {name for _, names in _GROUPS for name in names}
    yield from _GROUPS
    if rest := tuple(figure.name for figure in FIGURES if figure.name not in grouped):
        yield ("其他", "Others"), rest


def _figure_row(figure: Figure, verdicts: Sequence[Verdict], say: Say) -> Html:
    value = figure.value(verdicts)
    parts = [figure.part(verdict)[1] for verdict in verdicts]
    questions, counted = sum(part > 0 for part in parts), sum(parts)
    found = interval(figure, verdicts)
    basis = str(questions)
    if counted != questions:
        basis = f"{questions} ({counted:.0f})"
    between = f"{100 * found[0]:.1f}–{100 * found[1]:.1f}" if found else NOTHING
    # Where the page is too narrow for its own column.
    of = tag("span", say(f"{questions} 题", f"of {questions}"), class_="narrow soft")
    return tag(
        "tr",
        _named(figure.name, say, lower_is_better=not figure.higher_is_better),
        tag("td", percent(value), class_="value"),
        tag("td", between, of),
        tag("td", _strip(value, found) if value is not None and found else Html("")),
        tag("td", basis),
    )


def _curve_row(curve: Curve, verdicts: Sequence[Verdict], say: Say) -> Html:
    """Without an interval: it is no mean over questions."""
    return tag(
        "tr",
        _named(curve.name, say, lower_is_better=not curve.higher_is_better),
        tag("td", percent(curve.value(verdicts)), class_="value"),
        tag("td", NOTHING),
        tag("td"),
        tag("td", str(curve.over(verdicts))),
    )


def _named(name: str, say: Say, *, lower_is_better: bool) -> Html:
    lower = say("，越低越好", ", lower is better") if lower_is_better else Html("")
    return tag(
        "th",
        tag("span", say(*figure_name(name)), lower, class_="name"),
        tag("span", say(*figure_definition(name)), class_="definition"),
        scope="row",
        id=f"f-{name}",
    )


def _strip(value: float, found: tuple[float, float]) -> Html:
    """The interval on a line from 0 to 100, and the value on it."""
    low, high = 100 * found[0], 100 * found[1]
    return tag(
        "svg",
        _rect(0, 7, 100, 1, "f-rule"),
        _rect(low, 5, max(high - low, 0.6), 5, "f-pine faint"),
        _rect(min(100 * value, 98.8), 2, 1.2, 11, "f-pine"),
        viewBox="0 0 100 15",
        preserveAspectRatio="none",
        class_="strip",
        aria_hidden="true",
    )


def _rect(x: float, y: float, width: float, height: float, class_: str) -> Html:
    at = {"x": f"{x:.1f}", "y": f"{y:g}", "width": f"{width:.1f}", "height": f"{height:g}"}
    return tag("rect", class_=class_, **at)


def kinds_table(verdicts: Sequence[Verdict], say: Say) -> Html:
    """A line a kind, and one over all."""
    rows = [
        tag(
            "tr",
            tag("th", say(*kind_name(kind)), scope="row"),
            tag("td", str(len(lines))),
            *_cells(lines),
        )
        for kind, lines in by_kind(verdicts).items()
    ]
    whole = tag("th", say("全部", "all"), scope="row")
    rows.append(tag("tr", whole, tag("td", str(len(verdicts))), *_cells(verdicts), class_="whole"))
    heads = [say("类别", "kind"), say("题数", "n")]
    heads += [say(*figure_name(name)) for name in _BY_KIND]
    return _table(heads, rows, "kinds")


def _cells(verdicts: Sequence[Verdict]) -> Iterable[Html]:
    for name in _BY_KIND:
        value = BY_NAME[name].value(verdicts)
        yield tag("td", NOTHING if value is None else f"{100 * value:.1f}")


def _times_table(verdicts: Sequence[Verdict], say: Say) -> Html:
    times = latencies(verdicts)
    if not times:
        return Html("")
    rows = [
        tag(
            "tr",
            tag("th", tag("bdi", say(*stage_name(stage))), scope="row"),
            *(tag("td", f"{times[stage][share]:.1f}") for share in ("p50", "p95")),
        )
        for stage in in_order(list(times))
    ]
    return _table((say("阶段（毫秒）", "stage (ms)"), Html("p50"), Html("p95")), rows, "times")


def _search_table(verdicts: Sequence[Verdict], say: Say) -> Html:
    """What the plot of the search shows, in numbers."""
    found = found_within(verdicts)
    if not found:
        return Html("")
    rows = [
        tag("tr", tag("th", str(k), scope="row"), *(tag("td", percent(share)) for share in pair))
        for k, pair in enumerate(found, 1)
    ]
    heads = (Html("k"), say("召回率", "recall"), say("至少找到一段", "at least one passage"))
    table = _table(heads, rows, "search")
    return tag("details", tag("summary", say("数值", "In numbers")), table)


def plots(drawn: Mapping[Plot, Html], verdicts: Sequence[Verdict], say: Say) -> Html:
    """The plots with what they show in words and numbers; without plots, the rest of it.

    `drawn` holds them for the languages wanted.
    """
    at, wrong = standing(verdicts)
    captions = {
        Plot.RISK: (
            ("把握值多少", "What confidence is worth"),
            (
                f"现在的服务对 {percent(at)} 的问题作答，其中 {percent(wrong)} 是错的；"
                "只答更有把握的，沿曲线往左。",
                f"The service answers {percent(at)} of the questions, {percent(wrong)} of these "
                "wrongly; answering only when surer moves it left along the curve.",
            ),
        ),
        Plot.KINDS: (
            ("各类问题", "By kind of question"),
            ("括号里是题数。", "In brackets: how many questions."),
        ),
        Plot.SEARCH: (
            ("检索", "Search"),
            (
                "证据段落有多少在前 k 段里；有多少问题至少找到一段。追问不单独检索。",
                "Share of the evidence's passages among the first k, and of questions with at "
                "least one. Follow-ups are not searched for by themselves.",
            ),
        ),
        Plot.TIMES: (
            ("各阶段用时", "Time by stage"),
            (
                "一半的问题用时不到 p50，95% 不到 p95。",
                "Half of the questions take less than p50, 95% less than p95.",
            ),
        ),
    }
    numbers = {Plot.SEARCH: _search_table(verdicts, say), Plot.TIMES: _times_table(verdicts, say)}
    figures = [
        tag(
            "figure",
            tag("figcaption", tag("h3", say(*title)), tag("p", say(*told), class_="soft")),
            drawn.get(plot, Html("")),
            numbers.get(plot, Html("")),
        )
        for plot, (title, told) in captions.items()
        if plot in drawn or numbers.get(plot)
    ]
    return tag("div", *figures, class_="plots")


def _table(heads: Iterable[Html], rows: Sequence[Html], name: str) -> Html:
    head = tag("thead", tag("tr", *(tag("th", each, scope="col") for each in heads)))
    table = tag("table", head, tag("tbody", join(rows)), class_=name)
    return tag("div", table, class_="scroll", tabindex="0")
