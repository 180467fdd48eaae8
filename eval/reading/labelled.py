"""Labelled pages: sites written for measuring, each page as HTML and as text without markup.

A file of `pages/` is one site: settings (`@kind …`), what stands above and below each page when it
is saved as text (`@head`, `@tail`), the page's markup (`@html`), and the pages (`@page`). Each line
of a page begins with its label:

    B body   W body, a table's row (cells between |)   T title   M date, source, author
    N navigation and buttons   R ranking or related pages   F footer   D disclaimer
    C credits of editors       P caption without content    K caption that says what is seen

T, M and K are neither body nor furniture: to keep them is right, and so is to leave them out.
Knows no reader and no index.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

BODY, ROW = "B", "W"
NEUTRAL = "TMK"
PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    text: str


@dataclass(slots=True)
class Site:
    """One skeleton with its pages; `half` is dev or held."""

    name: str
    settings: dict[str, str] = field(default_factory=dict)
    head: list[Line] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)
    html: str = ""
    pages: list[list[Line]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.settings["kind"]

    @property
    def half(self) -> str:
        return self.settings["half"]

    @property
    def charset(self) -> str:
        return self.settings["charset"]

    def labelled(self, page: int) -> list[Line]:
        """Every line that the page shows, with its label; a table's row as its cells."""
        lines = [*self.head, *self.pages[page], *self.tail]
        return [
            Line(BODY if line.label == ROW else line.label, cell)
            for line in lines
            for cell in (line.text.split("|") if line.label == ROW else [line.text])
        ]

    def as_text(self, page: int) -> bytes:
        """What copying the whole page gives, as `@blank`, `@indent` and `@cells` say."""
        between = {"tab": "\t", "pipe": " | ", "lines": "\n"}[self.settings["cells"]]
        lines: list[str] = [line.text for line in self.head]
        for line in self.pages[page]:
            text = line.text.replace("|", between) if line.label == ROW else line.text
            lines.append(self.settings.get("indent", "") * (line.label == BODY) + text)
        lines += [line.text for line in self.tail]
        gap = "\n\n" if self.settings["blank"] == "yes" else "\n"
        return (gap.join(lines) + "\n").encode()

    def as_html(self, page: int) -> bytes:
        lines = self.pages[page]
        words = {
            "title": " ".join(line.text for line in lines if line.label == "T"),
            "meta": next((line.text for line in lines if line.label == "M"), ""),
            "number": str(1000 + page),
        }
        markup = self.html
        for name, value in words.items():
            markup = markup.replace("{{" + name + "}}", escape(value))
        whole = markup.replace("{{body}}", "\n".join(self._blocks(lines)))
        return whole.encode(_codec(self.charset), "xmlcharrefreplace")

    def _blocks(self, lines: list[Line]) -> Iterator[str]:
        rows: list[str] = []
        written = False  # authors above the body stand in a place of their own
        for line in [*lines, Line(BODY, "")]:
            if line.label == ROW:
                cells = "".join(f"<td>{escape(cell)}</td>" for cell in line.text.split("|"))
                rows.append(f"<tr>{cells}</tr>")
                continue
            if rows:
                yield f'<table border="1">{"".join(rows)}</table>'
                rows = []
            in_body = line.label not in "TM" or (line.label == "M" and written)
            written = written or line.label == BODY
            if line.text and in_body:
                yield self.settings["para"].replace("{}", escape(line.text))


def load_sites(folder: Path = PAGES) -> list[Site]:
    return [_parse(path) for path in sorted(folder.glob("*.txt"))]


def _codec(charset: str) -> str:
    return {"gb2312": "gb18030", "gbk": "gb18030"}.get(charset, charset)


def _parse(path: Path) -> Site:
    site = Site(path.stem)
    part = ""
    markup: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("@"):
            word, _, value = line[1:].partition(" ")
            if word == "page":
                site.pages.append([])
            if word in ("head", "tail", "html", "page"):
                part = word
            else:
                site.settings[word] = value
        elif part == "html":
            markup.append(line)
        else:
            label, _, text = line.partition(" ")
            {"head": site.head, "tail": site.tail, "page": (site.pages or [[]])[-1]}[part].append(
                Line(label, text)
            )
    site.html = "\n".join(markup)
    return site


def write_sites(folder: Path, sites: list[Site], form: str, seed: int = 0) -> dict[str, int]:
    """Each site's pages as files in a folder of its own. Returns the page's number by source.

    The names say nothing; `form` is html or txt.
    """
    names = random.Random(seed)
    sources: dict[str, int] = {}
    for site in sites:
        (folder / site.name).mkdir(parents=True)
        for page in range(len(site.pages)):
            source = f"{site.name}/{names.randrange(16**8):08x}.{form}"
            data = site.as_html(page) if form == "html" else site.as_text(page)
            (folder / source).write_bytes(data)
            sources[source] = page
    return sources
