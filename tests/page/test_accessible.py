"""No view has a finding of axe-core, light or dark, wide or on a phone, in either language."""

import pytest

from tests.page.axe import DARK, LIGHT, findings
from tests.page.conftest import DIVIDEND, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("visit", [LIGHT, DARK], indirect=True)
def test_no_view_has_a_finding(visit: Visit) -> None:
    page = visit.open()
    assert findings(page) == []
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
