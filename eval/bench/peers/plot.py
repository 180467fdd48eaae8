"""Bars as an SVG drawing that stands by itself in Markdown. Knows names and figures alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _NAMES, _FIGURES = 640, 110, 70  # px: of all, of the names to the left and figures right
_LINE, _HEAD, _GAP = 24, 26, 14
_INK, _SOFT, _MARKED, _OTHER = "#1b221e", "#545f58", "#1d5b4b", "#a9b3ac"


@dataclass(frozen=True, slots=True)
class Panel:
    """One figure of each; bars begin at nought, and the longest fills the width."""

    title: str
    values: Mapping[str, float]


def bars(panels: Sequence[Panel], marked: str) -> str:
    """The panels below each other; the bars of the `marked` name stand out."""
    drawn: list[str] = []
    top = 8
    for panel in panels:
        drawn.append(_text(0, top + 14, panel.title, _SOFT))
        top += _HEAD
        largest = max(panel.values.values()) or 1.0
        for name, value in panel.values.items():
            drawn += _bar(name, value, value / largest, top, is_marked=name == marked)
            top += _LINE
        top += _GAP
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 0 {_WIDTH + 16} {top}" '
            'font-family="sans-serif" font-size="13">',
            f'<rect x="-8" width="{_WIDTH + 16}" height="{top}" fill="#ffffff"/>',
            *drawn,
            "</svg>\n",
        )
    )


def _bar(name: str, value: float, share: float, top: int, *, is_marked: bool) -> list[str]:
    width = share * (_WIDTH - _NAMES - _FIGURES)
    colour = _MARKED if is_marked else _OTHER
    return [
        _text(0, top + 15, name, _INK),
        f'<rect x="{_NAMES}" y="{top + 3}" width="{width:.1f}" height="16" fill="{colour}"/>',
        _text(_NAMES + width + 6, top + 15, _shown(value), _INK),
    ]


def _text(x: float, y: float, words: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}">{escape(words)}</text>'


def _shown(value: float) -> str:
    """Three digits that count: 1,234, 12.3, 0.123."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"
