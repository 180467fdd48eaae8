"""What is shown beside text: pages of PDFs as they look, and reports of evaluations."""

import pytest
from playwright.sync_api import expect

from tests.page.conftest import Visit

pytestmark = pytest.mark.browser

PHONE = {"locale": "zh-CN", "viewport": {"width": 360, "height": 740}, "has_touch": True}
RESERVOIR = "北山水库清出淤泥多少吨？"


def test_a_citation_of_a_pdf_is_boxed_on_its_page(visit: Visit) -> None:
    page = visit.open()
    visit.ask(RESERVOIR)
    page.locator(".cite").first.click()
    box = page.locator(".quote-box").first
    expect(box).to_be_in_viewport()
    expect(page.locator(".looks summary")).to_have_text("第 2 页的样子")
    picture = page.locator(".looks img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("each => each.naturalHeight") == 1400
    seen, whole = box.bounding_box(), picture.bounding_box()
    assert seen is not None
    assert whole is not None
    # The line stands 72 points from the left and 720 from the foot of a page of 595 by 842.
    assert (seen["x"] - whole["x"]) / whole["width"] == pytest.approx(72 / 595, abs=0.02)
    assert (seen["y"] - whole["y"]) / whole["height"] == pytest.approx(110 / 842, abs=0.02)
    expect(page.locator(".text mark").first).to_be_in_viewport()


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_a_phone_fetches_the_picture_when_it_is_unfolded(visit: Visit) -> None:
    page = visit.open()
    fetched: list[str] = []
    page.on("request", lambda it: fetched.append(it.url) if "/pages/" in it.url else None)
    visit.ask(RESERVOIR)
    page.locator(".cite").first.click()
    page.wait_for_selector(".text mark")
    assert fetched == []
    page.click(".looks summary")
    expect(page.locator(".quote-box").first).to_be_visible()
    assert page.evaluate("document.querySelector('.scroller').scrollWidth") <= 360


def test_a_text_file_has_no_picture(visit: Visit) -> None:
    page = visit.open(f"#doc={visit.document_id('*dividend.md')}&start=0&end=4")
    page.wait_for_selector(".text mark")
    assert page.locator(".looks").count() == 0


def test_reports_are_listed_with_figures_and_opened(visit: Visit) -> None:
    page = visit.open("#view=quality")
    report = page.locator(".report")
    expect(report.locator("h3")).to_have_text("run.jsonl")
    expect(report.locator(".where")).to_contain_text("2026-03-01")
    expect(report.locator(".where")).to_contain_text("4 题")
    figure = report.locator("dl > div", has_text="全对").locator("dd")
    expect(figure).to_contain_text("75.0%")
    with page.context.expect_page() as opened:
        report.locator("a").click()
    shown = opened.value
    expect(shown.locator("h1")).to_contain_text("测评报告")
    # Its own script may not run, here where the service is.
    assert shown.evaluate("document.querySelectorAll('#plots, #figures').length") == 2


def test_an_archive_without_reports_says_how_to_get_one(visit: Visit) -> None:
    visit.page.route("**/v1/reports", lambda route: route.fulfill(json={"reports": []}))
    page = visit.open("#view=quality")
    expect(page.locator(".reports")).to_contain_text("还没有测评报告")
    expect(page.locator(".reports")).to_contain_text("WENJU_REPORTS")
