"""The table of what the answers should reach: by hand, and its targets."""

from eval.runs.curves import CURVE_BY_NAME
from eval.runs.figures import BY_NAME
from eval.standing.catalogue import CATALOGUE
from eval.standing.entries import read_entries
from eval.standing.page import render
from eval.standing.reach import TARGETS
from tests.eval.small_entries import entry, row
from tests.source import ROOT

DOCS = ROOT / "docs"


def test_reach_by_hand() -> None:
    made = {
        "read-cmrc": entry(
            "read-cmrc",
            row("what answers", right=(0.9, 100), ranked_first=(0.88, 100), short_f1=(0.7499, 90)),
        ),
        "refuse-cmrc": entry(
            "refuse-cmrc",
            row("answerable", right=(0.9, 40), quotes_exact=(0.75, 8)),
            row("not treated", right=(0.9, 50), refused_wrongly=(0.031, 40), quotes_exact=(0.5, 9)),
        ),
    }
    page = render(made).partition("## Reach\n\n")[2].partition("\n\n## ")[0]
    lines = [line for line in page.splitlines() if line.startswith("|")]
    assert lines[0] == "|  | reach | stands (of) | met | command |"
    told = [line.strip("| ").split(" | ") for line in lines[2:]]
    assert len(told) == len(TARGETS)
    assert told[0] == [
        "right sentence ranked first, paragraph given, CMRC",
        "≥ 88",
        "88.0 (100)",
        "yes",
        "`python -m eval measure read-cmrc`",
    ]
    by_name = {(cells[0], cells[-1]): cells[1:4] for cells in told}
    f1 = ("short answer, paragraph given, CMRC: character F1", told[0][-1])
    assert by_name[f1] == ["≥ 75", "75.0 (90)", "no"]
    # A bound from above, and what was not measured.
    wrongly = [cells for cells in told if cells[0] == "… answerable ones refused with them"]
    assert wrongly[0][1:4] == ["≤ 3", "3.1 (40)", "no"]
    assert wrongly[2][1:4] == ["≤ 3", "–", "not measured"]
    assert told[-1][1:4] == ["≥ 100", "50.0 (8)", "no"]


def test_every_target_is_of_a_measurement_and_figure_that_there_are() -> None:
    names = {measurement.name for measurement in CATALOGUE}
    for target in TARGETS:
        assert target.measurement in {*names, "*"}, target.says
        assert target.figure in {*BY_NAME, *CURVE_BY_NAME}, target.says
    rows = {name: {row.label for row in made.rows} for name, made in read_entries(DOCS).items()}
    for target in TARGETS:
        if not target.row.startswith("noise 0.8 and"):  # newer than the figures that are kept
            assert target.row in rows.get(target.measurement, {target.row}), target.says
