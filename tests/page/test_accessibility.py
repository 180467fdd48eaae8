"""No view, in no state, has a finding of axe-core: light or dark, wide or narrow, zh or en."""

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


@pytest.mark.parametrize("visit", [LIGHT, DARK], indirect=True)
def test_no_view_has_a_finding(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.locator(".feedback button").last.click()
    assert findings(page) == []
    page.locator(".cite").first.click()
    page.wait_for_selector(".text mark")
    page.fill("#find", "分")
    page.wait_for_selector(".find-count[data-say]")
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.click("#to-documents")
    page.wait_for_selector(".remove")
    assert findings(page) == []
    page.fill("#search", "水渠")
    page.wait_for_selector(".hit mark")
    assert findings(page) == []
    page.fill("#search", "")
    page.locator(".remove").first.click()
    page.wait_for_selector(".leaving")
    assert findings(page) == []
    page.locator(".leaving button").click()
    page.click("#to-quality")
    page.wait_for_selector(".reports > *")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


@pytest.mark.parametrize("visit", [LIGHT, DARK], indirect=True)
def test_the_documentation_has_no_finding(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.url}/docs")
    page.wait_for_selector("#problems td")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.lang") == "en"
    for other in page.locator(":lang(zh)").all():
        assert other.get_attribute("lang") == "zh"
