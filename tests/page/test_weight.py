"""What the page weighs: all that Chromium fetches for every view, uncompressed, without fonts."""

import pytest
from playwright.sync_api import Response, expect

from tests.page.conftest import DIVIDEND, Visit
from tests.source import ROOT

pytestmark = pytest.mark.browser

MOST_BYTES = 250_000


def test_every_view_together_stays_light(visit: Visit) -> None:
    page = visit.page
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        path = response.url.removeprefix(visit.url).split("?")[0]
        if path == "/" or path.startswith("/page/"):
            sizes[path] = len(response.body())

    page.on("response", weigh)
    visit.open()
    visit.ask(DIVIDEND)
    page.locator(".cite").first.click()
    page.fill("#find", "分")
    expect(page.locator(".find-count")).not_to_be_empty()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.click("#past")
    page.wait_for_selector(".past-title")
    page.keyboard.press("Escape")
    page.click("#to-documents")
    page.wait_for_selector(".shelf li")
    page.click("#to-quality")
    page.wait_for_selector(".reports > *")
    # Nothing is left over for a view that this visit did not see.
    files = {f"/page/{path.name}" for path in (ROOT / "service" / "page").iterdir()}
    assert files - {"/page/index.html"} <= sizes.keys() - {"/page/spellings.json"}
    assert "/page/spellings.json" in sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes
