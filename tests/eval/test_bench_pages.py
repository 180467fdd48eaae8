"""The pages of the benchmark are read as what they are, and each kind gets its figures."""

from eval.bench.pages import make_page, measure, rows
from indexer.files.readers import html


def test_pages_are_read_without_their_furniture() -> None:
    for kind in ("article", "notice", "answers", "list"):
        text = html.read("page.html", make_page(kind, 3)).text
        assert len(text) > 500
        assert make_page(kind, 3) == make_page(kind, 3) != make_page(kind, 4)
    assert html.read("page.html", make_page("notice", 1)).text.count("\n第2村") == 1


def test_figures() -> None:
    figures = measure(2)
    assert list(figures) == ["article", "notice", "answers", "list"]
    assert all(each.pages == 2 and each.ms > 0 and each.ratio > 0 for each in figures.values())
    assert all("× trafilatura" in said for said in rows(figures).values())
