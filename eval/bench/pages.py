"""What reading a page of HTML costs beside trafilatura alone, which our reader asks, too.

The pages are made here: articles with menus and a footer, notices with a table, questions with
answers, a site's lists. Processor time, pair by pair, so that what else the machine does counts
for both alike.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from eval.runs.files import code_version

_WORDS = "全县今年共有农户参加培训学校医院道路工程项目资金使用情况公示群众代表会议决定安排检查整改"
_MENU = "".join(f'<li><a href="/{at}/">栏目{at}</a></li>' for at in range(24))


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Medians over the pages of a kind: processor ms of ours, and how many times trafilatura's."""

    pages: int
    bytes_a_page: float
    ms: float
    ratio: float


def _sentence(draw: random.Random) -> str:
    return "".join(draw.choices(_WORDS, k=draw.randint(12, 40))) + f"{draw.randint(1, 900)}人。"


def _paragraphs(draw: random.Random, count: int) -> str:
    return "".join(
        f"<p>{''.join(_sentence(draw) for _ in range(draw.randint(1, 5)))}</p>"
        for _ in range(count)
    )


def _article(draw: random.Random) -> str:
    return f"<h1>{_sentence(draw)}</h1><div class='content'>{_paragraphs(draw, 25)}</div>"


def _notice(draw: random.Random) -> str:
    rows = "".join(
        f"<tr><td>第{at}村</td><td>{draw.randint(1, 90)}户</td><td>{_sentence(draw)}</td></tr>"
        for at in range(30)
    )
    return f"<h1>公示</h1>{_paragraphs(draw, 4)}<table>{rows}</table>{_paragraphs(draw, 2)}"


def _answers(draw: random.Random) -> str:
    return "<h1>问答</h1>" + "".join(
        f"<h3>{_sentence(draw)[:-1]}？</h3>{_paragraphs(draw, 2)}" for _ in range(12)
    )


def _list(draw: random.Random) -> str:
    return "<h1>通知</h1><ul>" + "".join(
        f'<li><a href="/n/{at}.html">{_sentence(draw)}</a><span>5月{at % 28 + 1}日</span></li>'
        for at in range(50)
    )


_KINDS: dict[str, Callable[[random.Random], str]] = {
    "article": _article,
    "notice": _notice,
    "answers": _answers,
    "list": _list,
}


def make_page(kind: str, seed: int) -> bytes:
    """The same page for the same seed."""
    body = _KINDS[kind](random.Random(f"{kind}{seed}"))
    head = f"<head><meta charset='utf-8'><title>{kind} {seed}</title></head>"
    foot = f"<p>主办：县政府办公室 电话：0851-1234567</p><ul>{_MENU}</ul>"
    return (
        f"<!doctype html><html>{head}<body><div class='nav'><ul>{_MENU}</ul></div>"
        f"<div id='main'>{body}</div><div class='footer'>{foot}</div></body></html>"
    ).encode()


def measure(pages: int) -> dict[str, KindFigures]:
    """So many pages of each kind. Both are called once before, so that nothing is loaded in it."""
    import trafilatura

    from indexer.files.readers import html

    def ours(page: bytes) -> float:
        return _processor_s(lambda: html.read("page.html", page))

    def theirs(page: bytes) -> float:
        return _processor_s(lambda: trafilatura.extract(page))

    found = {}
    for kind in _KINDS:
        made = [make_page(kind, seed) for seed in range(pages)]
        ours(made[0]), theirs(made[0])
        pairs = [(ours(page), theirs(page)) for page in made]
        found[kind] = KindFigures(
            pages,
            sum(map(len, made)) / pages,
            1000 * median(one for one, _ in pairs),
            median(one / other for one, other in pairs),
        )
    return found


def _processor_s(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def record(figures: dict[str, KindFigures], settings: dict[str, Any]) -> dict[str, Any]:
    told = {kind: asdict(each) for kind, each in figures.items()}
    return {"code": code_version(), "settings": settings, "figures": told}


def rows(figures: dict[str, KindFigures]) -> dict[str, str]:
    """The figures as they are read."""
    return {
        kind: f"{each.ratio:.2f} × trafilatura, {each.ms:.1f} ms for {each.bytes_a_page:.0f} B"
        for kind, each in figures.items()
    }
