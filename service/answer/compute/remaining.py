"""What one column leaves of another: posts less people in post, budget less what is spent.

Only where exactly one column is of each, and no column tells the rest itself.
"""

import re
from collections.abc import Sequence

from service.answer.compute.binding import Bound
from service.answer.compute.measured import MOST_PARTS, Measured, Reckoned, measured_of
from service.answer.understand.aggregate import Wanted

_WHOLE = re.compile(
    r"编制|定编|定员|核定|应有|应到|应缴|应收|应发|需求|计划|预算|目标|指标|任务|收入|拨款|总额|总数|总量|"
    r"入库|进货|购入|采购|原有|planned|budget|quota|income"
)
_TAKEN = re.compile(
    r"在岗|在编|现有|实有|实到|到岗|实缴|实收|实发|实际|已|完成|支出|使用|花费|领用|发放|出库|销售|售出|卖出|"
    r"借出|报废|actual|spent|used|sold"
)
_REST = re.compile(r"缺|剩|余|差|未|空|left|remain|vacan")


def remainder(wanted: Wanted, bound: Bound, chinese: bool) -> Reckoned | None:
    """The whole less what is taken, of the bound rows; None where either may be several."""
    columns = [c for c in bound.columns if c.adds_up]
    if any(_REST.search(c.name) for c in columns):
        return None
    taken = [c for c in columns if _TAKEN.search(c.name)]
    whole = [c for c in columns if c not in taken and _WHOLE.search(c.name)]
    if len(whole) != 1 or len(taken) != 1 or whole[0].unit != taken[0].unit:
        return None
    if len(bound.rows) > 1 and not whole[0].is_surely_additive:
        return None
    both = [measured_of(bound, column, bound.rows) for column in (whole[0], taken[0])]
    all_of, gone = both
    if all_of is None or gone is None or all_of.missing or gone.missing:
        return None
    rest = all_of.sum - gone.sum
    if rest < 0:
        return None
    shown = all_of.said(rest)
    if not whole[0].unit and wanted.unit in ("人", "名", "位", "个"):
        shown += wanted.unit
    said = wanted.adjective if chinese else "The rest is "
    text = f"{said}{shown} = {_sum(all_of)} - {_sum(gone)}"
    names = f"（{whole[0].name} - {taken[0].name}，共{len(bound.rows)}行）"
    text += names if chinese else f" ({whole[0].name} - {taken[0].name}, {len(bound.rows)} rows)"
    return Reckoned(text, shown, bound.rows)


def _sum(measured: Measured) -> str:
    figures: Sequence[str] = [figure.written for figure in measured.figures]
    total = measured.said(measured.sum)
    if not 1 < len(figures) <= MOST_PARTS:
        return total
    return f"（{' + '.join(figures)}）"
