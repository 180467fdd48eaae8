"""Plots: what they show by hand, their bytes, their fonts, and how a drawing enters a page."""

import re
import sys
import warnings

import pytest

from eval.gold import Kind
from eval.report.plots import (
    Plot,
    PlotsUnavailable,
    chinese_font,
    draw,
    found_within,
    standing,
)
from eval.report.svg import embed
from tests.eval.report_runs import ranked, verdict, wrong

LINES = [
    verdict("q1", confidence=0.9),
    wrong("q2", confidence=0.4, retrieval=ranked(3)),
    wrong("q3", kind=Kind.NO_ANSWER, expected=(), evidence=(), retrieval=None, confidence=0.6),
    verdict("q4", kind=Kind.NO_ANSWER, abstained=True, retrieval=None, confidence=0.7),
]


@pytest.fixture(scope="module")
def font() -> str:
    """A font that has Chinese; CI installs one."""
    found = chinese_font()
    if found is None:
        pytest.skip("no CJK font: apt-get install fonts-noto-cjk")
    return found


def test_where_the_service_stands() -> None:
    assert standing(LINES) == (3 / 4, 2 / 3)
    assert standing([LINES[3]]) == (0, 0)


def test_found_within_the_first_k() -> None:
    found = found_within(LINES)  # q1 at rank 1, q2 at rank 3; the others are not searched for
    assert found[:3] == [(0.5, 0.5), (0.5, 0.5), (1.0, 1.0)]
    assert len(found) == 10
    assert found_within([LINES[3]]) == []


def test_every_plot_is_drawn_and_the_same_each_time() -> None:
    once = draw(LINES, chinese=False, font=None)
    assert set(once) == set(Plot)
    assert once == draw(LINES, chinese=False, font=None)


def test_what_no_question_bears_on_is_not_drawn() -> None:
    alone = verdict(kind=Kind.NO_ANSWER, abstained=True, retrieval=None, timings_ms=None)
    assert set(draw([alone], chinese=False, font=None)) == {Plot.KINDS}  # refused: none answered


def test_drawings_have_no_text_no_style_and_no_address() -> None:
    for svg in draw(LINES, chinese=False, font=None).values():
        assert svg.startswith("<svg ")
        assert not re.search(r"<text|<style|style=|http|<metadata|<!--|NaN", svg)
        assert 'role="img"' in svg
        ids = re.findall(r' id="([^"]+)"', svg)
        assert len(ids) == len(set(ids))
        referred = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg))
        assert {one or other for one, other in referred} == set(ids)


def test_ids_of_all_plots_in_both_languages_differ(font: str) -> None:
    both = draw(LINES, chinese=False, font=None), draw(LINES, chinese=True, font=font)
    ids = [
        id_ for drawn in both for svg in drawn.values() for id_ in re.findall(r' id="(.+?)"', svg)
    ]
    assert len(ids) == len(set(ids))


def test_chinese_where_a_font_has_it(font: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that a font lacks
        chinese = draw(LINES, chinese=True, font=font)
    assert 'aria-label="风险与覆盖"' in chinese[Plot.RISK]
    english = draw(LINES, chinese=False, font=font)
    assert 'aria-label="Risk and coverage"' in english[Plot.RISK]
    assert chinese[Plot.KINDS] != english[Plot.KINDS]


def test_stages_of_any_name_do_no_harm() -> None:
    named = {"asked": 3.0, "$x_$": 1.0, "检索": 2.0, "<b>": 1.0}
    drawn = draw([verdict(timings_ms=named)], chinese=False, font=None)
    assert Plot.TIMES in drawn
    assert "<b>" not in drawn[Plot.TIMES]


def test_without_matplotlib_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(PlotsUnavailable) as caught:
        draw(LINES, chinese=False, font=None)
    assert "'.[eval]'" in caught.value.hint
    with pytest.raises(PlotsUnavailable):
        chinese_font()


def test_a_drawing_is_made_fit_for_a_page() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'width="9pt" height="9pt" viewBox="0 0 9 9" version="1.1"><metadata>x</metadata>'
        '<defs><style>*{a: b}</style></defs><g id="axes_1"><defs><path id="m1" d="M 0 0&#10;L 1 1"'
        ' style="fill: #111111; stroke: none"/></defs>'
        '<use xlink:href="#m1" style="stroke-width: 0.8" clip-path="url(#p1)"/></g>'
        '<clipPath id="p1"/></svg>'
    )
    assert embed(svg, "n", 'a "b"', {"#111111": "ink"}) == (
        '<svg viewBox="0 0 9 9" stroke-linejoin="round" stroke-linecap="butt" class="plot" '
        'role="img" aria-label="a &quot;b&quot;"><defs></defs><g><defs>'
        '<path d="M 0 0 L 1 1" fill="#111111" stroke="none" class="f-ink" id="n0"></path></defs>'
        '<use clip-path="url(#n1)" href="#n0" stroke-width="0.8"></use></g>'
        '<clipPath id="n1"></clipPath></svg>'
    )


def test_a_font_that_came_after_matplotlibs_list_is_found(
    font: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matplotlib.font_manager import fontManager

    old = [each for each in fontManager.ttflist if each.name.startswith("DejaVu")]
    monkeypatch.setattr(fontManager, "ttflist", old)
    assert chinese_font() == font
