"""A cell's figure is of its own unit and heading, however often the cell was read before."""

from decimal import Decimal

from service.answer.compute.tabular.columns import figure_of, figures
from service.answer.read.tables import tables_of

TEXT = """街道：柳巷 | 金额（万元）：65 | 金额（元）：65
街道：桥西 | 金额（万元）：1.2 | 金额（元）：无
"""


def test_the_same_cell_counts_by_its_heading() -> None:
    for _ in range(2):
        (table,) = tables_of(TEXT)
        tens = figures("金额（万元）", table.records)
        ones = figures("金额（元）", table.records)
        assert [each.value if each else None for each in tens] == [650_000, 12_000]
        assert [each.value if each else None for each in ones] == [65, None]


def test_a_cell_without_a_unit_takes_the_one_it_is_asked_with() -> None:
    assert [getattr(figure_of("３４", unit), "unit", None) for unit in ("册", "", "册")] == [
        "册",
        "",
        "册",
    ]
    assert figure_of("柳巷") is None
    assert figure_of("柳巷") is None
    assert getattr(figure_of("12.5%"), "value", None) == Decimal("12.5")
