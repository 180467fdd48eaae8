"""What the page says when there is no plain answer: refusals, broken streams, doubts."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.page.conftest import DIVIDEND, HELD, Visit

pytestmark = pytest.mark.browser


def test_a_refusal_is_shown_with_its_hint(visit: Visit) -> None:
    page = visit.open()
    page.fill("#question", "长" * 2001)
    page.press("#question", "Enter")
    box = page.locator(".trouble")
    expect(box.locator(".trouble-title")).to_have_text("请求无效")
    assert box.locator(".trouble-hint").inner_text().removeprefix("怎么办：").strip()
    page.goto(f"{visit.url}/#doc=unknown")
    expect(page.locator("#source .trouble-title")).to_have_text("没有这份文档")


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


CITATION = {
    "n": 1,
    "document_id": "0" * 16,
    "title": "甲",
    "source": "a.md",
    "url": None,
    "date": "2020-05-28",
    "passage_id": "p",
    "start": 3,
    "end": 9,
    "quote": "每户5元。",
    "page": 2,
    "score": 0.5,
}
SENTENCE = {"text": "每户5元。", "support": "verified", "citations": [1]}


def stream(*events: tuple[str, object]) -> Callable[[Route], None]:
    """A scripted answer, with a heartbeat and all three kinds of line ends."""
    body = ": at work\r\n\r\n"
    for i, (name, data) in enumerate(events):
        end = ("\n", "\r\n", "\r")[i % 3]
        body += f"event: {name}{end}data: {json.dumps(data, ensure_ascii=False)}{end}{end}"
    headers = {"Content-Type": "text/event-stream; charset=utf-8"}
    return lambda route: route.fulfill(status=200, headers=headers, body=body)


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
    answer = {
        "answer_id": "a",
        "question": DIVIDEND,
        "answer": "每户5元。[1]",
        "abstained": False,
        "abstention": None,
        "short_answer": "5元",
        "sentences": [SENTENCE, {"text": "大概。", "support": "unverified", "citations": []}],
        "citations": [CITATION, other],
        "conflicts": [
            {
                "about": "分红",
                "values": [{"value": "5元", "citation": 1}, {"value": "6元", "citation": 2}],
            }
        ],
        "confidence": 0.5,
        "model": "local:test",
        "generation": "g",
        "timings_ms": {"total": 12.3},
        "note": "语言模型没有回应",
    }
    page.route("**/v1/ask", stream(("passages", {"passages": []}), ("done", answer)))
    visit.ask(DIVIDEND)
    assert page.locator(".short").inner_text() == "5元"
    assert page.locator(".conflict strong").all_inner_texts() == ["5元", "6元"]
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
    assert "把握 50%" in about
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
    answer = {
        "answer_id": "a",
        "question": DIVIDEND,
        "answer": "学校【洪都大学】明年【2018年】再派17人。[1]",
        "abstained": False,
        "abstention": None,
        "short_answer": None,
        "sentences": [sentence],
        "citations": [CITATION],
        "conflicts": [],
        "confidence": 0.5,
        "model": "extractive",
        "generation": "g",
        "timings_ms": {"total": 12.3},
        "note": None,
    }
    page.route("**/v1/ask", stream(("passages", {"passages": []}), ("done", answer)))
    visit.ask(DIVIDEND)
    assert page.locator(".said").inner_text() == sentence["text"]
    assert page.locator(".resolved").all_inner_texts() == ["【洪都大学】", "【2018年】"]
