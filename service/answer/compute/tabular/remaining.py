"""What one column leaves of another: posts less people in post, budget less what is spent.

Only where exactly one column is of each, and no column tells the rest itself.
"""

import re
from collections.abc import Sequence

from service.answer.compute.tabular.link import Linked
from service.answer.compute.tabular.measured import MOST_PARTS, Measured, Reckoned, measured_of
from service.answer.compute.tabular.rows import Chosen
from service.answer.compute.tabular.sheet import Field, Sheet
from service.answer.compute.tabular.target import measures
from service.answer.understand.aggregate import Wanted

_WHOLE = re.compile(
    r"编制|定编|定员|核定|应有|应到|应缴|应收|应发|需求|计划|预算|目标|指标|任务|收入|拨款|总额|总数|总量|"
    r"入库|进货|购入|采购|原有|planned|budget|quota|income"
)
_TAKEN = re.compile(
    r"在岗|在编|现有|实有|实到|到岗|实缴|实收|实发|实际|已|完成|支出|使用|花费|领用|发放|出库|销售|售出|卖出|"
    r"借出|报废|actual|spent|used|sold"
)
_REST = re.compile(r"缺|剩|余|差|未|空|欠|left|remain|vacan")


def remainder(
    wanted: Wanted, linked: Linked, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    """The whole less what is taken, of the chosen rows; None where either may be several."""
    figures = [f for f in sheet.fields if f.column is not None and f.column.adds_up]
    named = {f.heading for group in measures(linked, wanted, sheet) for f in group}
    figures = [f for f in figures if f.heading in named] if len(named) > 1 else figures
    if any(_REST.search(f.name) for f in figures):
        return None
    taken = [f for f in figures if _TAKEN.search(f.name)]
    whole = [f for f in figures if f not in taken and _WHOLE.search(f.name)]
    if len(whole) != 1 or len(taken) != 1:
        return None
    return _less(whole[0], taken[0], wanted, sheet, chosen, chinese)


def _less(
    whole: Field, taken: Field, wanted: Wanted, sheet: Sheet, chosen: Chosen, chinese: bool
) -> Reckoned | None:
    if whole.column is None or taken.column is None or whole.column.unit != taken.column.unit:
        return None
    if len(chosen.rows) > 1 and not whole.column.is_surely_additive:
        return None
    all_of, gone = (measured_of(field, chosen.rows, sheet) for field in (whole, taken))
    if all_of is None or gone is None or all_of.missing or gone.missing:
        return None
    rest = all_of.sum - gone.sum
    if rest < 0:
        return None
    shown = all_of.said(rest)
    if not whole.column.unit and wanted.unit in ("人", "名", "位", "个"):
        shown += wanted.unit
    said = wanted.adjective if chinese else "The rest is "
    text = f"{said}{shown} = {_sum(all_of)} - {_sum(gone)}"
    count = len(chosen.rows)
    names = f"（{whole.name} - {taken.name}，共{count}行）"
    text += names if chinese else f" ({whole.name} - {taken.name}, {count} rows)"
    return Reckoned(text, shown, chosen.rows)


def _sum(measured: Measured) -> str:
    figures: Sequence[str] = [figure.written for figure in measured.figures]
    total = measured.said(measured.sum)
    if not 1 < len(figures) <= MOST_PARTS:
        return total
    return f"（{' + '.join(figures)}）"
