"""The committed figures of reading and their page, and the command on a measurement of its own."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.cli import PROJECT
from eval.reading import catalogue
from eval.reading.entries import PAGE, read_entries
from eval.reading.page import render
from eval.reading.tables import Column, Row, Table, Unit


def test_the_committed_page_shows_the_committed_figures() -> None:
    docs = PROJECT / "docs"
    assert (docs / PAGE).read_text(encoding="utf-8") == render(read_entries(docs))


def test_a_row_has_a_figure_for_each_column() -> None:
    with pytest.raises(ValueError, match="1 figures for 2 columns"):
        Table("t", (Column("a"), Column("b")), (Row("r", (0.5,)),))


def test_the_command_writes_data_and_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(
        "Shares",
        (Column("kept"), Column("speed", Unit.MB_PER_S), Column("files", Unit.COUNT)),
        (Row("html", (0.99876, 12.345, 1200)), Row("txt", (0.5, None, 3))),
        notes="Over made-up files.",
    )

    def measured(_self: catalogue.Measurement, _places: object) -> tuple[Table, ...]:
        return (table,)

    monkeypatch.setattr(catalogue.Measurement, "measure", measured)
    done = CliRunner().invoke(app, ["reading", "formats", "--docs", str(tmp_path)])
    assert done.exit_code == 0, done.output
    page = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert "|  | kept | speed, MB/s | files |" in page
    assert "| html | 99.88 | 12.35 | 1,200 |" in page
    assert "| txt | 50.0 | – | 3 |" in page
    assert read_entries(tmp_path)["formats"].tables == (table,)
    assert page.count("Not measured yet.") == len(catalogue.CATALOGUE) - 1


def test_a_measurement_without_its_material_is_left_out(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    arguments = ["reading", "encodings", "--data", str(nowhere), "--docs", str(tmp_path)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0
    assert "encodings: skipped, there is no" in done.output


def test_an_unknown_measurement_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["reading", "colours", "--docs", str(tmp_path)])
    assert done.exit_code == 1
    assert "no measurement 'colours'" in done.output
