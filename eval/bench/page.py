"""How soon the page shows an answer: from Enter to its first sentence on the screen, in Chromium.

    keydown → request sent → (network, service) → first sentence received → painted
    page's own: the first and the last stretch; service: its own `timings_ms`; network: the rest

Each question is asked twice: cold, by a browser that has nothing of the page in its cache, and
warm, once all have been asked, in one page that goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from eval.bench.browser import chromium, find_chromium
from eval.bench.processes import serving
from eval.metrics.numbers import percentile
from eval.runs.files import code_version
from indexer.errors import InvalidRequest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LIMIT_MS = 300.0  # to the first sentence
LIMIT_PAGE_MS = 50.0  # of that, what the page takes itself

# Marks the four moments in `window.firstAnswer`, without a change to the page.
_WATCH = """(() => {
    const marks = (window.firstAnswer = {});
    addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        for (const name of Object.keys(marks)) delete marks[name];
        marks.enter = performance.now();
    }, true);
    const own = window.fetch;
    window.fetch = async (path, options) => {
        if (!String(path).endsWith("v1/ask")) return own(path, options);
        marks.sent = performance.now();
        const response = await own(path, options);
        const decoder = new TextDecoder();
        let text = "";
        const listen = new TransformStream({ transform(chunk, controller) {
            text += decoder.decode(chunk, { stream: true });
            if (/event: (sentence|done)/.test(text)) marks.told ??= performance.now();
            const total = /"timings_ms":\\{[^}]*"total":([\\d.]+)/.exec(text);
            if (total) marks.service = Number(total[1]);
            controller.enqueue(chunk);
        } });
        return new Response(response.body.pipeThrough(listen), response);
    };
    // The frame after the one in which it stands has been painted.
    new MutationObserver(() => {
        if (marks.shown || !marks.told) return;
        if (!document.querySelector(".exchange:last-child :is(.said, .abstained)")) return;
        marks.shown = true;
        requestAnimationFrame(() => setTimeout(() => (marks.visible = performance.now())));
    }).observe(document, { childList: true, subtree: true });
})()"""
_IS_VISIBLE = "() => window.firstAnswer.visible && window.firstAnswer.service !== undefined"


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """Milliseconds from Enter to the first sentence, and whose they are."""

    visible_ms: float
    service_ms: float
    network_ms: float
    page_ms: float


@dataclass(frozen=True, slots=True)
class PageFigures:
    """`first` is that of a service that has just started; the others in the order asked."""

    first: FirstAnswer
    cold: tuple[FirstAnswer, ...]
    warm: tuple[FirstAnswer, ...]


def measure(index: Path, questions: Sequence[str]) -> PageFigures:
    """Ask in a browser of a service of its own. Raises: BenchFailed, InvalidRequest."""
    if not questions:
        raise InvalidRequest("there is no question to ask", hint="name a file with one a line")
    with serving(index) as service, chromium(find_chromium()) as browser:
        first, *_ = _each_afresh(browser, service.url, questions[:1])
        cold = _each_afresh(browser, service.url, questions)
        page = _opened(browser, service.url)
        warm = [_ask(page, question) for question in questions]
    return PageFigures(first, tuple(cold), tuple(warm))


def _each_afresh(browser: Browser, url: str, questions: Sequence[str]) -> list[FirstAnswer]:
    found = []
    for question in questions:
        page = _opened(browser, url)
        found.append(_ask(page, question))
        page.context.close()
    return found


def _opened(browser: Browser, url: str) -> Page:
    page = browser.new_context(locale="zh-CN").new_page()
    page.add_init_script(_WATCH)
    page.goto(url)
    page.wait_for_selector("#house > *", state="attached")
    return page


def _ask(page: Page, question: str) -> FirstAnswer:
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.wait_for_function(_IS_VISIBLE)
    marks = page.evaluate("() => window.firstAnswer")
    page.wait_for_selector("#send", state="visible")
    waited = marks["told"] - marks["sent"]
    return FirstAnswer(
        visible_ms=marks["visible"] - marks["enter"],
        service_ms=min(marks["service"], waited),
        network_ms=max(0.0, waited - marks["service"]),
        page_ms=marks["sent"] - marks["enter"] + marks["visible"] - marks["told"],
    )


def record(figures: PageFigures, settings: dict[str, Any]) -> dict[str, Any]:
    return {"code": code_version(), "settings": settings, "figures": asdict(figures)}


def rows(figures: PageFigures) -> dict[str, str]:
    """The figures as they are read: medians, and what one in twenty exceeds."""
    return {
        "first of all": _told([figures.first]),
        "cold": _told(figures.cold),
        "warm": _told(figures.warm),
        "limit": f"{LIMIT_MS:.0f} ms, of which the page {LIMIT_PAGE_MS:.0f} ms",
    }


def _told(answers: Sequence[FirstAnswer]) -> str:
    def middle(name: str) -> float:
        return float(median(getattr(answer, name) for answer in answers))

    slow = percentile([answer.visible_ms for answer in answers], 0.95)
    return (
        f"{middle('visible_ms'):.0f} ms (p95 {slow:.0f}) = service {middle('service_ms'):.0f}"
        f" + network {middle('network_ms'):.0f} + page {middle('page_ms'):.0f}"
    )
