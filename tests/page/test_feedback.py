"""A verdict on an answer, from the page to what administrators read."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.page.conftest import DIVIDEND, Visit

pytestmark = pytest.mark.browser


def last_feedback(visit: Visit) -> dict[str, object]:
    kept = httpx.get(f"{visit.url}/v1/feedback", params={"limit": 500}).json()["feedback"]
    found: dict[str, object] = kept[-1]
    return found


def test_a_useful_answer_is_noted_with_what_it_was(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.get_by_role("button", name="有用").click()
    expect(page.locator(".feedback")).to_have_text("已记下，谢谢。")
    kept = last_feedback(visit)
    assert (kept["verdict"], kept["question"], kept["short_answer"]) == (
        "right",
        DIVIDEND,
        "1860元",
    )
    cited = kept["citations"]
    assert isinstance(cited, list)
    assert cited[0]["source"] == "village/dividend.md"


def test_a_wrong_answer_is_noted_with_reason_and_correction_by_keyboard_alone(
    visit: Visit,
) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.get_by_role("button", name="有误").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".verdict-form select")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="有误")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".verdict-form select").select_option("outdated")
    page.keyboard.press("Tab")
    page.keyboard.type("1900元")
    page.keyboard.press("Tab")
    page.keyboard.type("见今年的简报")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".feedback")).to_have_text("已记下，谢谢。")
    kept = last_feedback(visit)
    said = ("verdict", "reason", "correction", "comment", "abstained")
    assert [kept[name] for name in said] == ["wrong", "outdated", "1900元", "见今年的简报", False]


def test_a_refusal_can_be_called_wrong_and_a_failure_is_told(visit: Visit) -> None:
    page = visit.open()
    visit.ask("火星探测器什么时候发射的？")
    page.get_by_role("button", name="有误").click()
    assert page.locator(".verdict-form option").all_inner_texts() == ["文档里有，却没有答", "其他"]
    problem = {"title": "磁盘已满", "detail": "", "hint": "", "status": 507}
    page.route("**/v1/feedback", lambda route: route.fulfill(status=507, json=problem))
    page.click(".verdict-form button[type=submit]")
    expect(page.locator(".feedback .trouble-title")).to_have_text("磁盘已满")
    page.unroute("**/v1/feedback")
    page.click(".verdict-form button[type=submit]")
    expect(page.locator(".feedback")).to_have_text("已记下，谢谢。")
    assert last_feedback(visit)["abstained"] is True
