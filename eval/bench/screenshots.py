"""Pictures of the page's main states, for the documentation and for whoever looks them over.

`python -m eval.bench screenshots --index .index --every` takes all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

import httpx

from eval.bench.browser import chromium, find_chromium
from eval.bench.processes import BenchFailed, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_WIDE = (1280, 860)
_PHONE = (360, 760)
_MADE_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Look:
    """How a visitor sees the page; `name` ends the names of the pictures."""

    name: str
    locale: str
    scheme: Literal["light", "dark"]
    size: tuple[int, int]


LOOKS = (
    Look("", "zh-CN", "light", _WIDE),
    Look("-dark", "zh-CN", "dark", _WIDE),
    Look("-phone", "zh-CN", "light", _PHONE),
    Look("-phone-dark", "en-GB", "dark", _PHONE),
    Look("-en", "en-GB", "light", _WIDE),
)
# The pictures in docs/.
DOCUMENTED = frozenset(
    {
        *("page", "page-dark", "page-phone", "page-computed", "archive-page", "archive-documents"),
        *("archive-documents-phone-dark", "archive-feedback", "archive-search"),
        "archive-quality-dark",
    }
)
# What the states show; over corpus/ each is answered, refused or contradicted as it says.
FIGURE = "金野以匹村集体经济分红每户分到多少元？"
COMPUTED = "西南医科大学给金野以匹村和龙沟乡中心学校一共捐了多少钱？"
IN_PDF = "全省卫生健康系统在帮扶村装了多少盏路灯？"
REFUSED = "金野以匹村有多少台拖拉机？"


def take(
    index: Path, folder: Path, reports: Path | None, only: frozenset[str] | None = DOCUMENTED
) -> list[Path]:
    """Write a picture of each state in each look, or of some, by name. Returns where they are.

    Raises: BenchFailed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"WENJU_REPORTS": str(reports)} if reports else {}
    written: list[Path] = []
    with (
        TemporaryDirectory(prefix="wenju-pictures-") as state,
        serving(index, state=Path(state), settings=settings) as service,
        chromium(find_chromium()) as browser,
    ):
        _wait_for_suggestions(service.url)
        for look in LOOKS:
            for state_name, page in _states(browser, service.url, look):
                name = f"{state_name}{look.name}"
                if only is None or name in only:
                    written.append(folder / f"{name}.png")
                    page.screenshot(path=written[-1])
    return written


def _wait_for_suggestions(url: str) -> None:
    """An empty page asks for them for some seconds only. Raises: BenchFailed."""
    deadline = time.monotonic() + _MADE_WITHIN_S
    while time.monotonic() < deadline:
        if httpx.get(f"{url}/v1/suggestions", timeout=30).json()["ready"]:
            return
        time.sleep(0.5)
    raise BenchFailed("no questions to try were made", hint="run it on a machine that is less busy")


def _states(browser: Browser, url: str, look: Look) -> Iterator[tuple[str, Page]]:
    """The page in one state after the other, with the state's name."""
    width, height = look.size
    context = browser.new_context(
        locale=look.locale,
        color_scheme=look.scheme,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("#starts-title[data-say=examples]")
    yield "page-empty", page
    _ask(page, FIGURE)
    yield "page-answer", page
    page.locator(".cite").first.click()
    page.wait_for_selector(".text mark")
    yield "page", page
    page.keyboard.press("Escape")
    for name, question in (("page-computed", COMPUTED), ("page-refused", REFUSED)):
        _ask(page, question)
        yield name, page
    page.locator(".exchange:last-child .feedback button").last.click()
    yield "archive-feedback", page
    page.keyboard.press("Escape")
    page.click("#past")
    page.wait_for_selector(".past-title")
    yield "page-history", page
    page.keyboard.press("Escape")
    page.click("#to-documents")
    page.wait_for_selector(".shelf li")
    yield "archive-documents", page
    page.fill("#search", "捐赠")
    page.wait_for_selector(".hit mark")
    yield "archive-search", page
    page.goto(f"{url}/?{urlencode({'q': IN_PDF, 'source': '*.pdf'})}")
    page.wait_for_selector(".exchange:last-child .about > *")
    page.locator(".exchange:last-child .cite").first.click()
    page.wait_for_selector(".text mark")
    if look.size == _WIDE:
        page.wait_for_selector(".quote-box")
    yield "archive-page", page
    page.keyboard.press("Escape")
    page.click("#to-quality")
    page.wait_for_selector(".reports > *")
    yield "archive-quality", page
    context.close()


def _ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.wait_for_selector(".exchange:last-child .about > *")
