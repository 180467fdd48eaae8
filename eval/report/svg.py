"""A drawing made fit for a page: no styles of its own, no id that another could have, colours
that follow the page's light or dark. Knows SVG as matplotlib writes it, and nothing of plots.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from eval.report.markup import Html

_POINTER = re.compile(r"url\(#([^)]+)\)")


def embed(svg: str, name: str, label: str, colours: Mapping[str, str]) -> Html:
    """The drawing as an element of a page whose policy forbids styles in elements.

    `name` begins its ids; `label` is read to who can't see it; `colours` gives the class of each
    colour, of which `f-CLASS` fills and `s-CLASS` draws lines. The colour itself stays beside it.
    """
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = _plain(element.tag)
        for key in list(element.attrib):
            if key != _plain(key):
                element.set(_plain(key), element.attrib.pop(key))
    for parent in list(root.iter()):
        for child in [c for c in parent if c.tag in ("metadata", "style")]:
            parent.remove(child)
    for element in root.iter():
        _unstyle(element, colours)
        if "d" in element.attrib:
            element.set("d", " ".join(element.attrib["d"].split()))
        element.text = element.tail = None  # nothing but line breaks
    _rename(root, name)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    # What matplotlib's style sheet says of all its lines.
    root.attrib |= {"stroke-linejoin": "round", "stroke-linecap": "butt"}
    root.attrib |= {"class": "plot", "role": "img", "aria-label": label}
    return Html(ElementTree.tostring(root, encoding="unicode", short_empty_elements=False))


def _plain(name: str) -> str:
    """A name without its namespace: a page knows SVG by its element."""
    return name.rpartition("}")[2]


def _unstyle(element: ElementTree.Element, colours: Mapping[str, str]) -> None:
    style = element.attrib.pop("style", "")
    classes = []
    for rule in style.split(";"):
        key, _, value = (part.strip() for part in rule.partition(":"))
        if not key:
            continue
        element.set(key, value)
        if key in ("fill", "stroke") and value in colours:
            classes.append(f"{key[0]}-{colours[value]}")
    if classes:
        element.set("class", " ".join(classes))


def _rename(root: ElementTree.Element, name: str) -> None:
    """Ids that nothing refers to go; the others are numbered in the order in which they come."""
    used = {
        own
        for element in root.iter()
        for key, value in element.attrib.items()
        if (own := _referred(key, value))
    }
    names: dict[str, str] = {}
    for element in root.iter():
        own = element.attrib.pop("id", "")
        if own in used:
            names[own] = f"{name}{len(names)}"
            element.set("id", names[own])
    for element in root.iter():
        for key, value in element.attrib.items():
            if own := _referred(key, value):
                element.set(key, value.replace(f"#{own}", f"#{names[own]}"))


def _referred(key: str, value: str) -> str:
    """The id that an attribute points to; empty where it points to none."""
    if key == "href":
        return value.removeprefix("#")
    match = _POINTER.fullmatch(value)
    return match[1] if match else ""
