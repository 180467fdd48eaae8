"""What the page says when there is no plain answer: refusals, broken streams, doubts."""

import pytest
from playwright.sync_api import expect

from tests.page.conftest import DIVIDEND, HELD, Visit
from tests.page.scripted import CITATION, SENTENCE, stream, whole

pytestmark = pytest.mark.browser


def test_a_refusal_is_shown_with_its_hint(visit: Visit) -> None:
    page = visit.open()
    page.click("#filters summary")
    for day, field in (("2022-02-02", "nth=0"), ("2021-01-01", "nth=1")):
        page.locator(f"#ask input[type=date] >> {field}").fill(day)
    page.fill("#question", DIVIDEND)
    page.press("#question", "Enter")
    box = page.locator(".trouble")
    expect(box.locator(".trouble-title")).to_have_text("请求无效")
    assert "起始日期 晚于 截止日期" in box.inner_text()
    assert box.locator(".trouble-hint").inner_text().removeprefix("怎么办：").strip()
    assert page.input_value("#question") == DIVIDEND
    page.goto(f"{visit.url}/#doc=unknown")
    expect(page.locator("#source .trouble-title")).to_have_text("没有这份文档")
    assert "/v1/" not in page.inner_text("body")


def test_a_service_that_still_loads_can_be_asked_again(visit: Visit) -> None:
    problem = {"title": "尚未就绪", "detail": "loading", "hint": "请稍后重试", "status": 503}
    visit.page.route("**/v1/collections", lambda route: route.fulfill(status=503, json=problem))
    page = visit.open()
    expect(page.locator("#house .trouble-title")).to_have_text("尚未就绪")
    page.unroute("**/v1/collections")
    page.click("#house button")
    expect(page.locator("#house")).to_contain_text(f"馆藏 {HELD} 份文档")


def test_a_lost_connection_can_be_tried_again(visit: Visit) -> None:
    page = visit.open()
    page.context.set_offline(True)
    page.fill("#question", DIVIDEND)
    page.press("#question", "Enter")
    expect(page.locator(".trouble-title")).to_have_text("连不上服务")
    page.context.set_offline(False)
    page.click(".trouble button")
    page.wait_for_selector(".about > *")
    assert page.locator(".trouble").count() == 0
    assert page.locator(".exchange").count() == 1


def test_stop_ends_an_answer(visit: Visit) -> None:
    page = visit.open()
    page.route("**/v1/ask", lambda _: None)  # never answers
    page.fill("#question", DIVIDEND)
    page.press("#question", "Enter")
    page.click("#stop")
    expect(page.locator(".trouble.mild")).to_contain_text("已停止")
    expect(page.locator("#send")).to_be_visible()
    page.unroute("**/v1/ask")
    page.click(".trouble button")
    page.wait_for_selector(".about > *")


def test_a_stream_that_breaks_off_keeps_what_was_checked(visit: Visit) -> None:
    page = visit.open()
    events = (
        ("passages", {"passages": []}),
        ("delta", {"text": "每户"}),
        ("sentence", {"sentence": SENTENCE, "citations": [CITATION]}),
        ("delta", {"text": "还有"}),
    )
    page.route("**/v1/ask", stream(*events))
    page.fill("#question", DIVIDEND)
    page.press("#question", "Enter")
    expect(page.locator(".trouble-title")).to_have_text("回答中途断开")
    assert page.locator(".sentences").inner_text() == "每户5元。[1]"
    problem = {"title": "语言模型出错", "detail": "it broke", "hint": "再试一次", "status": 502}
    page.unroute("**/v1/ask")
    page.route("**/v1/ask", stream(*events, ("error", problem)))
    page.click(".trouble button")
    expect(page.locator(".trouble-title")).to_have_text("语言模型出错")
    assert "再试一次" in page.locator(".trouble-hint").inner_text()


def test_conflicts_notes_and_unverified_sentences_are_shown(visit: Visit) -> None:
    page = visit.open()
    other = {**CITATION, "n": 2, "title": "乙", "date": None, "page": None}
    answer = whole(
        short_answer="5元",
        sentences=[SENTENCE, {"text": "大概。", "support": "unverified", "citations": []}],
        citations=[CITATION, other],
        conflicts=[
            {
                "about": "分红",
                "values": [{"value": "5元", "citation": 1}, {"value": "6元", "citation": 2}],
            }
        ],
        model="local:test",
        note="语言模型没有回应",
    )
    page.route("**/v1/ask", stream(("passages", {"passages": []}), ("done", answer)))
    visit.ask(DIVIDEND)
    assert page.locator(".short").inner_text() == "5元"
    assert page.locator(".conflict tbody tr").all_inner_texts() == [
        "5元\t甲[1]\t2020-05-28",
        "6元\t乙[2]\t无日期",
    ]
    assert page.locator(".flag").inner_text() == "未经核实"
    assert page.locator(".note").inner_text() == "语言模型没有回应"
    assert page.locator(".where").first.inner_text().split("\n") == [
        "甲",
        "a.md",
        "2020-05-28",
        "第 2 页",
        "第 4–9 字",
    ]
    about = page.locator(".about").inner_text()
    assert "local:test" in about
    assert "请核对原文" in about
    assert "%" not in about
    assert "12 毫秒" in about


def test_a_quote_that_changed_is_told(visit: Visit) -> None:
    page = visit.open()
    stale = {**CITATION, "document_id": visit.document_id("*bridge.md")}
    events = (("sentence", {"sentence": SENTENCE, "citations": [stale]}),)
    page.route("**/v1/ask", stream(*events))
    page.fill("#question", DIVIDEND)
    page.press("#question", "Enter")
    page.locator(".cite").first.click()
    expect(page.locator(".check.wrong")).to_contain_text("引文与存档不一致")


def test_what_is_added_in_brackets_stands_apart_from_the_quote(visit: Visit) -> None:
    page = visit.open()
    sentence = {
        "text": "学校【洪都大学】明年【2018年】再派17人。",
        "support": "quoted",
        "citations": [1],
        "resolved": [
            {"start": 2, "end": 8, "name": "洪都大学"},
            {"start": 10, "end": 17, "name": "2018年"},
        ],
    }
    answer = whole(answer=f"{sentence['text']}[1]", sentences=[sentence])
    page.route("**/v1/ask", stream(("passages", {"passages": []}), ("done", answer)))
    visit.ask(DIVIDEND)
    assert page.locator(".said").inner_text() == sentence["text"]
    assert page.locator(".resolved").all_inner_texts() == ["【洪都大学】", "【2018年】"]


def test_nearest_passages_are_shown_once_unless_a_table_names_them(visit: Visit) -> None:
    page = visit.open()
    nearest = [
        CITATION,
        {**CITATION, "n": 2, "start": 20, "end": 30, "quote": "共57户。"},
        {**CITATION, "n": 3, "start": 200, "end": 230, "quote": "打算种树。"},
        {**CITATION, "n": 4, "passage_id": "q", "quote": "另有说法。"},
    ]
    refused = {"reason": "fact_not_found", "nearest": nearest, "missing": [], "examples": []}
    values = [{"value": "5元", "citation": 1}, {"value": "57户", "citation": 2}]
    for conflicts, quotes in (
        ([], ["每户5元。", "打算种树。", "另有说法。"]),
        ([{"about": "甲", "values": values}], [str(each["quote"]) for each in nearest]),
    ):
        answer = whole(
            abstained=True,
            abstention=refused,
            sentences=[],
            citations=[],
            conflicts=conflicts,
            answer="没有找到。",
        )
        page.route("**/v1/ask", stream(("passages", {"passages": []}), ("done", answer)))
        visit.ask(DIVIDEND)
        slips = page.locator(".exchange:last-child .nearest .slip")
        expect(slips.locator("mark")).to_have_text(quotes)
        numbers = slips.locator(".slip-number").all_inner_texts()
        assert numbers == [str(n) for n in range(1, len(quotes) + 1)]
        page.unroute("**/v1/ask")
