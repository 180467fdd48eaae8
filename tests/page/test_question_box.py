"""The question box: its limit, and that what was typed is never lost."""

import pytest
from playwright.sync_api import expect

from tests.page.conftest import DIVIDEND, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("visit", [{"locale": "zh-CN"}, {"locale": "en-GB"}], indirect=True)
def test_a_question_over_the_limit_is_counted_and_not_sent(visit: Visit) -> None:
    page = visit.open()
    sent: list[str] = []
    page.on("request", lambda it: sent.append(it.url) if it.method == "POST" else None)
    expect(page.locator("#counter")).to_be_hidden()
    page.fill("#question", "问" * 1700)
    expect(page.locator("#counter")).to_contain_text("1,700 / 2,000")
    page.fill("#question", "𠮷" * 2013)  # a code point each, two UTF-16 units
    expect(page.locator("#counter")).to_contain_text("2,013 / 2,000")
    expect(page.locator("#counter")).to_contain_text("13", use_inner_text=True)
    page.press("#question", "Enter")
    page.click("#send")
    assert page.get_attribute("#question", "aria-invalid") == "true"
    assert page.input_value("#question") == "𠮷" * 2013
    assert sent == []
    assert page.locator(".exchange").count() == 0
    page.reload()
    expect(page.locator("#counter")).to_contain_text("2,013 / 2,000")
    page.fill("#question", DIVIDEND)
    expect(page.locator("#counter")).to_be_hidden()


def test_a_question_that_fails_comes_back_and_gives_way_to_the_next(visit: Visit) -> None:
    page = visit.open()
    page.context.set_offline(True)
    page.fill("#question", DIVIDEND)
    page.press("#question", "Enter")
    expect(page.locator(".trouble-title")).to_be_visible()
    assert page.input_value("#question") == DIVIDEND
    page.context.set_offline(False)
    page.press("#question", "Enter")
    page.wait_for_selector(".about > *")
    assert page.locator(".exchange").count() == 1
    assert page.input_value("#question") == ""


def test_a_reload_in_mid_answer_gives_the_question_back(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.route("**/v1/ask", lambda _: None)  # never answers
    page.fill("#question", "青龙桥全长多少米？")
    page.press("#question", "Enter")
    expect(page.locator("#stop")).to_be_visible()
    page.reload()
    expect(page.locator(".asked")).to_have_text([DIVIDEND])
    expect(page.locator("#question")).to_have_value("青龙桥全长多少米？")


def test_a_long_question_is_folded_above_its_answer(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND + "请说明。" * 200)
    heading = page.locator(".asked")
    folded = heading.evaluate("node => node.clientHeight")
    page.get_by_role("button", name="显示整个问题").click()
    expect(heading).to_be_focused()
    assert heading.evaluate("node => node.clientHeight") > folded
