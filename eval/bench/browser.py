"""A headless Chromium for measurements and tests: found on the machine, asking nothing of the
network by itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from eval.bench.processes import BenchFailed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--no-sandbox",  # it may run as root; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> Path:
    """The browser on this machine, or the one that playwright has fetched for itself.

    Raises: BenchFailed.
    """
    for name in _NAMES:
        if (found := shutil.which(name)) is not None:
            return Path(found)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise BenchFailed(
            "playwright is not installed", hint="python -m pip install -e '.[dev]'"
        ) from error
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if not own.exists():
        raise BenchFailed(
            "no browser", hint="apt-get install chromium, or python -m playwright install chromium"
        )
    return own


@contextmanager
def chromium(executable: Path) -> Iterator[Browser]:
    """The browser, until the block is left."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_OPTIONS))
        try:
            yield browser
        finally:
            browser.close()
