"""Every state of the asking side under axe-core, light and dark, wide and narrow."""

import pytest

from tests.page.axe import DARK, LIGHT, findings
from tests.page.conftest import DIVIDEND, Visit
from tests.page.scripted import CITATION, SENTENCE, stream, whole

pytestmark = pytest.mark.browser

CONFLICTING = whole(
    short_answer="5元",
    confidence=0.3,
    note="语言模型没有回应",
    sentences=[SENTENCE, {**SENTENCE, "support": "unverified"}],
    conflicts=[{"about": "分红", "values": [{"value": "5元", "citation": 1}] * 2}],
)
REFUSED = whole(
    abstained=True,
    answer="没有找到“白沙村”。",
    sentences=[],
    citations=[],
    abstention={
        "reason": "fact_not_found",
        "nearest": [CITATION],
        "missing": [{"name": "白沙村", "similar": ["白石村"]}],
        "examples": ["白石村分红简报"],
    },
)


@pytest.mark.parametrize("visit", [LIGHT, DARK], indirect=True)
def test_axe_finds_nothing_on_any_state(visit: Visit) -> None:
    page = visit.open()
    page.wait_for_selector(".start")
    assert findings(page) == []
    page.fill("#question", "问" * 2100)
    assert findings(page) == []
    visit.ask(DIVIDEND)
    page.locator(".checked").first.focus()
    assert findings(page) == []
    for answer in (CONFLICTING, REFUSED):
        page.route("**/v1/ask", stream(("passages", {"passages": []}), ("done", answer)))
        visit.ask("白沙村每户分到多少钱？")
        page.unroute("**/v1/ask")
    page.route("**/v1/ask", lambda route: route.abort())
    page.fill("#question", DIVIDEND)
    page.press("#question", "Enter")
    page.wait_for_selector(".trouble")
    assert findings(page) == []
    page.click("#past")
    assert findings(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == page.viewport_size["width"]  # type: ignore[index]
