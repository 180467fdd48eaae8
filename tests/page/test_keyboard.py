"""Without a mouse, and without eyes: everything is reached by Tab and seen to be, Escape leads
back, and what changes is announced.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import DIVIDEND, Visit

pytestmark = pytest.mark.browser

# What can be pressed or filled inside an element, in the order of the page.
CONTROLS = """selector => [...document.querySelectorAll(selector)]
    .flatMap(root => [...root.querySelectorAll(
        "button, a[href], input, textarea, select, summary, [tabindex='0']")])
    .filter(each => !each.disabled && each.checkVisibility({ visibilityProperty: true }))
    .map(each => each.outerHTML.slice(0, 90))"""
FOCUSED = """() => {
    const at = document.activeElement;
    const ring = at.id === "question" ? at.closest(".sheet") : at;
    const style = getComputedStyle(ring);
    const isSeen = style.outlineStyle !== "none" || style.boxShadow !== "none";
    return [at.outerHTML.slice(0, 90), isSeen];
}"""
ANNOUNCED = """() => {
    window.announced = [];
    new MutationObserver(() => {
        for (const each of document.querySelectorAll("[role=status], [role=alert]")) {
            const said = each.textContent.trim();
            if (said && !window.announced.includes(said)) window.announced.push(said);
        }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def reach_all(page: Page, within: str) -> None:
    """Tab through the page until each control has had the focus, and shown it."""
    controls = page.evaluate(CONTROLS, within)
    assert controls
    seen: dict[str, bool] = {}
    for _ in range(len(controls) + 40):
        page.keyboard.press("Tab")
        control, is_seen = page.evaluate(FOCUSED)
        seen[control] = is_seen
        if set(controls) <= seen.keys():
            break
    assert [each for each in controls if each not in seen] == []
    assert [each for each in controls if not seen[each]] == []


def test_every_control_is_reached_and_shows_the_focus(visit: Visit) -> None:
    page = visit.open()
    page.wait_for_selector(".start")
    reach_all(page, "#room")
    visit.ask(DIVIDEND)
    reach_all(page, "#room")
    page.locator(".cite").first.click()
    page.wait_for_selector(".text mark")
    page.fill("#find", "分")
    expect(page.locator(".find-count")).not_to_be_empty()
    reach_all(page, "#source")
    page.locator("#source .close").click()
    for view in ("documents", "quality"):
        page.click(f"#to-{view}")
        page.wait_for_selector(f"#{view} :is(.shelf li, .report)")
        reach_all(page, f"#{view}")


def test_escape_leads_back_to_where_one_was(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.locator("#past").press("Enter")
    dialog = page.get_by_role("dialog", name="对话记录")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#past")).to_be_focused()

    wrong = page.get_by_role("button", name="有误")
    wrong.press("Enter")
    expect(wrong).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_label("哪里不对")).to_be_focused()
    page.keyboard.press("Escape")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-expanded", "false")

    page.locator(".slip-title").first.press("Enter")
    source = page.get_by_role("dialog", name="白石村分红简报")
    expect(source).to_be_visible()
    page.keyboard.press("Escape")
    expect(source).to_be_hidden()
    expect(page.locator(".slip-title").first).to_be_focused()


def test_an_answer_a_refusal_and_an_error_are_announced(visit: Visit) -> None:
    page = visit.open()
    page.evaluate(ANNOUNCED)
    visit.ask(DIVIDEND)
    said = page.evaluate("window.announced")
    assert said[0] == "正在检索……"
    assert said[-1] == "1860元 回答完毕，共 1 条引文"
    visit.ask("火星探测器什么时候发射的？")
    refusal = page.locator(".exchange:last-child .abstained p").nth(1).inner_text()
    assert page.evaluate("window.announced")[-1] == refusal
    page.route("**/v1/ask", lambda route: route.abort())
    page.fill("#question", DIVIDEND)
    page.press("#question", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("连不上服务")
    assert any("连不上服务" in each for each in page.evaluate("window.announced"))
    expect(page.locator(".sentences").first).to_have_attribute("aria-live", "polite")


def test_the_landmarks_are_named(visit: Visit) -> None:
    page = visit.open()
    expect(page.get_by_role("navigation", name="页面")).to_be_visible()
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("link", name="提问", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    page.click("#to-documents")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("search")).to_be_visible()
    expect(page.get_by_role("link", name="文档", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
