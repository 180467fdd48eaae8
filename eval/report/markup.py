"""HTML out of parts. Whatever is not markup already is escaped; knows no run and no word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

_VOID = frozenset(("br", "input", "link", "meta"))


class Html(str):
    """Markup that is fit to stand in a page: made by this file, or by us and never by a source."""

    __slots__ = ()


Say = Callable[[str, str], Html]
"""Says a thing in the report's language, or in both: (Chinese, English) to markup."""


def tag(name: str, /, *children: str, **attributes: str | bool | None) -> Html:
    """An element. Children that are not Html are escaped, and so are values of attributes.

    `class_` is class, `aria_label` is aria-label; True is an attribute without a value; False and
    None are none.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{join(children)}</{name}>")


def join(parts: Iterable[str]) -> Html:
    """Parts in a row; those that are not Html are escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))


def foreign(text: str) -> Html:
    """Words that are not ours. Marks of writing direction in them end where they end."""
    return tag("bdi", text)


def _attribute(key: str, value: str | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
