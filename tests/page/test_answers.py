"""How an answer is shown: how sure it is, what was checked, what it quotes, what comes next."""

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import DIVIDEND, DOCUMENTS, Visit
from tests.page.scripted import CITATION, SENTENCE, stream, whole, wire

pytestmark = pytest.mark.browser

PHONE = {"locale": "zh-CN", "viewport": {"width": 360, "height": 740}}


def scripted(page: Page, **given: object) -> None:
    page.unroute("**/v1/ask")
    page.route("**/v1/ask", stream(("passages", {"passages": []}), ("done", whole(**given))))


def test_confidence_is_told_in_words(visit: Visit) -> None:
    page = visit.open()
    for confidence, words in (
        (0.9, "有把握"),
        (0.899, "较有把握"),
        (0.6, "较有把握"),
        (0.599, "请核对原文"),
    ):
        scripted(page, confidence=confidence)
        visit.ask(DIVIDEND)
        spans = page.locator(".exchange:last-child .about span").all_inner_texts()
        assert spans == ["摘自原文", words, "12 毫秒"]
    page.click("#language")
    expect(page.locator(".exchange:last-child .about")).to_contain_text("please check the sources")


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_large_print_takes_two_lines_at_most_or_is_smaller(visit: Visit) -> None:
    page = visit.open()
    heights = []
    for short in ("1860元", "白石村合作社和青龙桥镇人民政府以及县交通局", "白石村合作社" * 6):
        scripted(page, short_answer=short)
        visit.ask(DIVIDEND)
        heights.append(
            page.locator(".exchange:last-child .short").evaluate(
                "node => [parseFloat(getComputedStyle(node).fontSize),"
                " Math.round(node.clientHeight / parseFloat(getComputedStyle(node).lineHeight))]"
            )
        )
    sizes = [size for size, _ in heights]
    assert [lines for _, lines in heights[:2]] == [1, 2]
    assert sizes[0] == sizes[1] > sizes[2]
    assert heights[2][1] <= 3


def test_a_check_mark_says_what_was_checked(visit: Visit) -> None:
    page = visit.open()
    scripted(
        page,
        sentences=[
            {**SENTENCE, "support": "quoted", "checked": ["quoted"]},
            {**SENTENCE, "checked": ["figures", "dates", "names", "unknown_one"]},
            {**SENTENCE, "checked": []},
            {**SENTENCE, "support": "unverified", "checked": ["figures"]},
        ],
    )
    visit.ask(DIVIDEND)
    marks = page.locator(".checked")
    expect(marks).to_have_count(3)
    for i, told in enumerate(
        ("引自原文，一字未改", "已与引文核对：数字、日期、名称", "由所引各句得出，各句一字未改")
    ):
        tip = page.locator(".tip").nth(i)
        expect(tip).to_be_hidden()
        marks.nth(i).focus()
        expect(tip).to_have_text(told)
        expect(tip).to_be_visible()
        assert marks.nth(i).get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.locator(".tip").nth(2)).to_be_hidden()
    marks.first.hover()
    expect(page.locator(".tip").first).to_be_visible()


def test_the_service_tells_what_it_checked(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.locator(".checked").first.focus()
    expect(page.locator(".tip").first).to_have_text("引自原文，一字未改")


def test_a_sentence_that_is_quoted_whole_is_not_said_again(visit: Visit) -> None:
    page = visit.open()
    other = {**CITATION, "n": 2, "quote": "每户分得五元，共计八户。"}
    scripted(
        page,
        sentences=[
            {**SENTENCE, "support": "quoted"},
            {**SENTENCE, "text": "八户。", "citations": [2]},
        ],
        citations=[CITATION, other],
    )
    visit.ask(DIVIDEND)
    slips = page.locator(".slip")
    expect(slips.nth(0).locator("blockquote")).to_be_hidden()
    expect(slips.nth(0).locator(".slip-title")).to_be_visible()
    expect(slips.nth(1).locator("blockquote")).to_be_visible()
    slips.nth(0).locator("summary").first.click()
    expect(slips.nth(0).locator("blockquote mark")).to_have_text("每户5元。")


def test_a_stop_keeps_the_sentences_that_came(visit: Visit) -> None:
    page = visit.open()
    page.add_init_script("""const own = window.fetch;
        window.fetch = (path, options) => String(path).endsWith("v1/ask") && window.events
            ? Promise.resolve(new Response(new ReadableStream({start(stream) {
                stream.enqueue(new TextEncoder().encode(window.events));
                options.signal.addEventListener("abort", () =>
                    stream.error(new DOMException("stopped", "AbortError")));
            }}), {headers: {"Content-Type": "text/event-stream"}}))
            : own(path, options);""")
    page = visit.open()
    came = wire(("sentence", {"sentence": SENTENCE, "citations": [CITATION]}))
    page.evaluate("text => { window.events = text; }", came)
    page.fill("#question", DIVIDEND)
    page.press("#question", "Enter")
    expect(page.locator(".said")).to_have_text("每户5元。")
    page.click("#stop")
    expect(page.locator(".trouble.mild")).to_contain_text("已停止")
    expect(page.locator(".said")).to_have_text("每户5元。")
    expect(page.locator(".slip")).to_have_count(1)
    page.reload()
    expect(page.locator(".said")).to_have_text("每户5元。")
    expect(page.locator(".note")).to_contain_text("已停止")


def test_a_refusal_says_what_is_missing_and_offers_what_is_there(visit: Visit) -> None:
    page = visit.open()
    scripted(
        page,
        abstained=True,
        answer="文档里没有提到。",
        sentences=[],
        citations=[],
        abstention={
            "reason": "fact_not_found",
            "nearest": [CITATION],
            "missing": [{"name": "白沙村", "similar": ["白石村"]}],
            "examples": [],
        },
    )
    visit.ask("白沙村每户分到多少钱？")
    refused = page.locator(".abstained")
    expect(refused).to_contain_text("文档中没有：白沙村")
    expect(page.locator(".nearest blockquote")).to_be_visible()
    page.unroute("**/v1/ask")
    refused.get_by_role("button", name="白石村每户分到多少钱？").click()
    page.wait_for_selector(".exchange:last-child .about > *")
    assert "1860元" in page.locator(".exchange:last-child .answered").inner_text()
    visit.ask("你好")
    example = page.locator(".exchange:last-child .next-one").first
    title = example.inner_text()
    assert title[1:-1] in {text.splitlines()[0].lstrip("# ") for text in DOCUMENTS.values()}
    example.click()
    assert page.input_value("#question") == title
    expect(page.locator("#question")).to_be_focused()


def test_neighbours_of_the_cited_row_can_be_asked_for(visit: Visit) -> None:
    page = visit.open()
    visit.ask("柳沟村的人口是多少？")
    assert "412" in page.locator(".answered").inner_text()
    offered = page.locator(".next-one")
    assert set(offered.all_inner_texts()) >= {"柳沟村的户数是多少？", "石坝村的人口是多少？"}
    page.get_by_role("button", name="石坝村的人口是多少？").click()
    page.wait_for_selector(".exchange:last-child .about > *")
    assert "398" in page.locator(".exchange:last-child .answered").inner_text()


def test_other_sections_of_the_cited_document_can_be_read(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.get_by_role("button", name="往后").click()
    page.wait_for_selector(".text mark")
    assert "再种三百亩花椒" in "".join(page.locator(".text mark").all_text_contents())


NEXT = """async ([question, quote, text]) => {
    const { questionsNext } = await import("/page/follow.js");
    const passage = { passage_id: "p", text };
    return questionsNext(question, [{ passage_id: "p", quote }], [passage]);
}"""
ROWS = "县：白水 | 村：柳沟 | 人口：412 | 户数：101\n县：白水 | 村：石坝 | 人口：无 | 户数：97"


def test_only_what_stands_in_the_rows_is_offered(visit: Visit) -> None:
    page = visit.open()
    for question, offered in (
        ("柳沟的户数是多少？", ["柳沟的人口是多少？", "石坝的户数是多少？"]),
        ("柳沟的人口是多少？", ["柳沟的户数是多少？"]),  # for 石坝 none is told
        ("柳沟的户数是多少户？", ["石坝的户数是多少户？"]),  # people are not counted so
        ("白水的人口是多少？", []),  # stands in both rows
        ("柳沟有多少人？", []),  # names no column
        ("What is the 户数 of 柳沟?", ["What is the 人口 of 柳沟?", "What is the 户数 of 石坝?"]),
    ):
        assert page.evaluate(NEXT, [question, ROWS.split("\n")[0], ROWS]) == offered, question
        assert page.evaluate(NEXT, [question, "柳沟有412人。", "柳沟有412人。"]) == [], question


def test_an_empty_page_offers_what_this_archive_answers(visit: Visit) -> None:
    page = visit.page
    page.clock.install()
    begun = {"ready": False, "questions": [], "titles": [{"document_id": "x", "title": "甲"}]}
    page.route("**/v1/suggestions*", lambda route: route.fulfill(json=begun))
    visit.open()
    expect(page.locator("#starts-title")).to_have_text("从这些文档看起")
    expect(page.locator(".start")).to_have_text(["甲"])
    expect(page.locator("#starts-wait")).to_contain_text("正在从文档里挑选")
    # However long it takes, and though the service is away meanwhile.
    page.clock.run_for(60_000)
    page.context.set_offline(True)
    page.clock.run_for(60_000)
    expect(page.locator(".start")).to_have_text(["甲"])
    expect(page.locator(".trouble")).to_have_count(0)
    page.context.set_offline(False)
    page.unroute("**/v1/suggestions*")
    for _ in range(20):
        page.clock.run_for(15_000)
        if page.locator("#starts-wait").is_hidden():
            break
    expect(page.locator("#starts-title")).to_have_text("可以这样问")
    expect(page.locator("#starts-wait")).to_be_hidden()
    page.clock.resume()
    question = page.locator(".start").first.inner_text()
    page.locator(".start").first.click()
    page.wait_for_selector(".about > *")
    expect(page.locator(".asked")).to_have_text(question)
    expect(page.locator(".sentence:visible").first).to_be_visible()


@pytest.mark.parametrize(
    ("problem", "told", "later"),
    [
        ("not_ready", "正在打开索引", "馆藏"),
        ("index_missing", "这里还没有文档，请在“文档”页上传。", "这里还没有文档"),
    ],
)
def test_a_collection_that_can_not_be_asked_says_why(
    visit: Visit, problem: str, told: str, later: str
) -> None:
    page = visit.page
    page.clock.install()
    held = {"name": "default", "documents": 0, "passages": 0, "generation": None}
    body = {"collections": [held | {"problem": problem}], "max_question_chars": 2000}
    page.route("**/v1/collections", lambda route: route.fulfill(json=body))
    refused = {"title": "尚未就绪", "detail": "", "hint": "", "status": 503, "code": problem}
    page.route("**/v1/suggestions*", lambda route: route.fulfill(status=503, json=refused))
    visit.open()
    expect(page.locator("#house")).to_contain_text(told)
    page.clock.run_for(120_000)
    expect(page.locator("#house")).to_contain_text(told)
    assert page.locator(".trouble, .start:visible").count() == 0
    page.unroute("**/v1/collections")
    page.unroute("**/v1/suggestions*")
    page.clock.run_for(15_000)
    expect(page.locator("#house")).to_contain_text(later)


def test_the_bare_value_is_not_said_below_its_large_print(visit: Visit) -> None:
    page = visit.open()
    value = {**SENTENCE, "text": "5元。"}
    proof = {**SENTENCE, "text": "合作社每户5元。", "support": "quoted"}
    for sentence, shown in (
        (proof, [proof["text"]]),
        ({**proof, "support": "verified"}, [value["text"], proof["text"]]),
        ({**proof, "citations": []}, [value["text"], proof["text"]]),
    ):
        scripted(page, short_answer="5元", sentences=[value, sentence])
        visit.ask(DIVIDEND)
        last = page.locator(".exchange:last-child")
        expect(last.locator(".short")).to_have_text("5元")
        assert last.locator(".sentence:visible .said").all_inner_texts() == shown
