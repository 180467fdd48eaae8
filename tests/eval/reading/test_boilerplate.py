"""The measure of what is kept of a page, on lines told by hand, and the labelled pages."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.reading.boilerplate import kept_text, measure
from eval.reading.kept import _key, score
from eval.reading.labelled import BODY, Line, load_sites, write_sites
from eval.reading.tables import Table
from eval.standing.catalogue import Places
from indexer.files.readers import read
from indexer.files.reading import FileBytes
from indexer.prepare import make_document

LINES = [
    Line("N", "首页 > 新闻 > 正文"),
    Line("T", "山村义诊"),
    Line("B", "医疗队走了三个村。"),
    Line("B", "电话:123"),
    Line("F", "版权所有"),
]


def lost_lines(kept: str, lines: Sequence[Line]) -> list[str]:
    """The lines of the body that are not whole in the kept text."""
    text = _key(kept)
    return [line.text for line in lines if line.label == BODY and _key(line.text) not in text]


def test_all_of_the_body_and_nothing_else() -> None:
    perfect = score("山村义诊\n医疗队走了三个村。\n电话:123", LINES)
    assert (perfect.body, perfect.found, perfect.right, perfect.wrong) == (13, 13, 13, 0)
    assert (perfect.f1, perfect.recall) == (1.0, 1.0)


def test_furniture_counts_against_and_a_title_counts_neither_way() -> None:
    kept = score("医疗队走了三个村。 电话:123 版权所有", LINES)
    assert (kept.right, kept.wrong, kept.recall) == (13, 4, 1.0)
    assert kept.precision == pytest.approx(13 / 17)
    assert score("山村义诊医疗队走了三个村电话123", LINES).precision == 1.0


def test_half_a_line_is_found_by_its_clauses() -> None:
    lines = [Line("B", "一队去了东村,二队去了西村。")]
    half = score("一队去了东村", lines)
    assert (half.body, half.found, half.wrong) == (12, 6, 0)
    assert lost_lines("一队去了东村", lines) == ["一队去了东村,二队去了西村。"]


def test_nothing_kept_is_nothing_found() -> None:
    assert score("", LINES).recall == 0.0
    assert score("", LINES).f1 == 0.0


def test_a_word_of_the_body_in_a_menu_is_no_body() -> None:
    lines = [Line("N", "首页 机构 新闻"), Line("B", "新闻")]
    assert score("首页 机构 新闻", lines).found == 0


def test_there_are_sites_and_pages_enough() -> None:
    sites = load_sites()
    assert len(sites) >= 12
    assert sum(len(site.pages) for site in sites) >= 60
    assert {site.half for site in sites} == {"dev", "held", "late"}
    assert {
        line.label for site in sites for at in range(len(site.pages)) for line in site.labelled(at)
    } == set("TMKBNRFDCP")


def test_every_page_shows_its_body_in_both_forms(tmp_path: Path) -> None:
    for form in ("html", "txt"):
        sites = {site.name: site for site in load_sites()}
        for source, page in write_sites(tmp_path / form, list(sites.values()), form).items():
            site = sites[source.partition("/")[0]]
            content = read(source, (tmp_path / form / source).read_bytes())
            shown = "".join(content.text.split())
            for line in site.labelled(page):
                if line.label == "B":
                    assert "".join(line.text.split()) in shown, source


def test_no_line_of_a_body_is_left_out_of_any_page(tmp_path: Path) -> None:
    """The rule that stands above all others, without a site to help."""
    sites = {site.name: site for site in load_sites()}
    for form in ("html", "txt"):
        for source, page in write_sites(tmp_path / form, list(sites.values()), form).items():
            file = FileBytes(source, (tmp_path / form / source).read_bytes(), "", 0)
            lines = sites[source.partition("/")[0]].labelled(page)
            assert lost_lines(kept_text(make_document(file)), lines) == [], source


def test_the_targets(tmp_path: Path) -> None:
    overall, by_kind = measure(Places(tmp_path, tmp_path / "seeds", tmp_path))
    assert len(by_kind.rows) >= 12
    for row in overall.rows:
        assert _figure(overall, row.label, "Wenju: token F1") >= 0.97
        assert _figure(overall, row.label, "Wenju: body recall") >= 0.995
        assert _figure(overall, row.label, "trafilatura: token F1") < 0.9


def _figure(table: Table, row: str, column: str) -> float:
    value = table.value(row, column)
    assert isinstance(value, float)
    return value
