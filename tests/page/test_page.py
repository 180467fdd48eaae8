"""The page in a real browser over the real service: ask, read the proof, open the source."""

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import DIVIDEND, DOCUMENTS, HELD, Visit

pytestmark = pytest.mark.browser

ENGLISH = {"locale": "en-US"}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "color_scheme": "dark"}


def marked(page: Page, within: str) -> str:
    return "".join(page.locator(f"{within} mark").all_text_contents())


def press_until(page: Page, key: str, selector: str) -> None:
    """Press a key until the focus is on what the selector names, 20 times at most."""
    for _ in range(20):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{key} never reaches {selector}")


def test_a_citation_opens_the_source_at_the_very_words(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    assert "1860元" in page.locator(".answered").inner_text()
    slip = marked(page, ".slip >> nth=0 >>")
    assert "1860元" in slip

    page.locator(".cite").first.click()
    page.wait_for_selector(".text mark")
    assert marked(page, ".text") == slip
    assert page.locator(".text").text_content() == DOCUMENTS["village/dividend.md"]
    assert page.locator(".check.right").inner_text().startswith("引文与存档逐字一致")
    expect(page.locator(".text mark").first).to_be_in_viewport()
    assert page.locator(".text h4").all_text_contents() == ["## 🧧分红\n", "## 往后\n"]


def test_the_place_counts_code_points(visit: Visit) -> None:
    text = DOCUMENTS["village/dividend.md"]
    doc = visit.document_id("*dividend.md")
    quote = "🎊𠮷祥的一天。白石村"
    start = text.index(quote)
    page = visit.open(f"#doc={doc}&start={start}&end={start + len(quote)}")
    page.wait_for_selector(".text mark")
    assert marked(page, ".text") == quote

    # From one paragraph to the next: the marks and the line breaks between are the quote.
    quote = text[text.index("领到了钱") : text.index("打算")]
    start = text.index(quote)
    page = visit.open(f"#doc={doc}&start={start}&end={start + len(quote)}")
    page.reload()
    page.wait_for_selector(".text mark")
    assert marked(page, ".text") == quote


def test_a_long_text_is_laid_out_around_the_place(visit: Visit) -> None:
    text = DOCUMENTS["log/days.txt"]
    start = text.index("\n4000：") + 1
    page = visit.open(f"#doc={visit.document_id('*days.txt')}&start={start}&end={start + 9}")
    page.wait_for_selector(".text mark")
    assert marked(page, ".text") == "4000：晴，无事"
    expect(page.locator(".text mark")).to_be_in_viewport()
    assert 3_000 < page.locator(".line").count() < 7_000
    for name in ("显示前文", "显示后文"):
        while page.get_by_role("button", name=name).count():
            page.get_by_role("button", name=name).click()
    assert "".join(page.locator(".line").all_text_contents()) == text


def test_focus_and_history_go_there_and_back(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.locator(".cite").first.click()
    expect(page.locator("#source-title", has_text="白石村")).to_be_focused()
    assert "#doc=" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#source")).to_be_hidden()
    expect(page.locator(".cite").first).to_be_focused()
    assert "doc=" not in page.url

    page.locator(".slip-title").first.click()
    page.wait_for_selector(".text mark")
    page.go_back()
    expect(page.locator("#source")).to_be_hidden()
    assert page.locator(".exchange").count() == 1
    page.go_forward()
    page.wait_for_selector(".text mark")
    page.locator("#source .close").click()
    expect(page.locator("#source")).to_be_hidden()


def test_keyboard_alone_is_enough(visit: Visit) -> None:
    page = visit.open()
    press_until(page, "Shift+Tab", "#skip")
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(DIVIDEND)
    page.keyboard.press("Enter")
    page.wait_for_selector(".about > *")
    press_until(page, "Shift+Tab", ".cite")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector(".text mark")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("#source")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('.cite')")


def test_enter_while_composing_does_not_send(visit: Visit) -> None:
    page = visit.open()
    page.fill("#question", "fenhong")
    press = """options => document.getElementById("question").dispatchEvent(
        new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true, ...options})
    )"""
    page.evaluate(press, {"isComposing": True})
    page.evaluate(press, {"keyCode": 229})
    page.press("#question", "Shift+Enter")
    assert page.locator(".exchange").count() == 0
    assert page.input_value("#question") == "fenhong\n"
    page.evaluate(press, {})
    assert page.locator(".exchange").count() == 1


def test_markup_in_question_title_and_text_stays_text(visit: Visit) -> None:
    page = visit.open()
    question = '<img src=x onerror="window.attacked=1">红岩卫生院收到捐款多少万元？'
    visit.ask(question)
    assert page.locator(".asked").text_content() == question
    page.locator(".cite").first.click()
    page.wait_for_selector(".text mark")
    assert page.locator(".text").text_content() == DOCUMENTS["web/attack.md"]
    assert "<img" in (page.locator("#source-title").text_content() or "")
    page.keyboard.press("Escape")
    page.click("#to-documents")
    expect(page.locator(".shelf li")).to_have_count(HELD)
    assert page.locator("img, body script").count() == 0
    assert page.evaluate("window.attacked") is None


@pytest.mark.parametrize("visit", [ENGLISH], indirect=True)
def test_english_by_the_browsers_language_and_chinese_by_choice(visit: Visit) -> None:
    page = visit.open()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("#house").inner_text().startswith(f"{HELD} documents")
    expect(page.locator("#starts-title")).to_have_text("Questions to try", timeout=20_000)
    visit.ask(DIVIDEND)
    assert page.locator(".proof h3").first.inner_text() == "In the sources"
    page.click("#language")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.locator(".proof h3").first.inner_text() == "原文"
    assert page.get_attribute("#question", "placeholder") == "接着问……"
    page.reload()
    assert page.locator("#send").inner_text() == "提问"


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_a_phone_needs_no_sideways_scrolling(visit: Visit) -> None:
    page = visit.open()

    def width() -> int:
        return int(page.evaluate("document.documentElement.scrollWidth"))

    assert width() == 360
    page.click("#filters summary")
    assert width() == 360
    visit.ask("青龙桥全长多少米？")
    assert width() == 360
    page.locator(".cite").first.click()
    page.wait_for_selector(".text mark")
    assert page.evaluate("document.getElementById('source').getBoundingClientRect().width") == 360
    assert page.evaluate("document.querySelector('.scroller').scrollWidth") <= 360
    assert page.evaluate("document.getElementById('room').inert")
    page.locator("#source .close").click()
    expect(page.locator("#source")).to_be_hidden()
    assert not page.evaluate("document.getElementById('room').inert")
    page.click("#to-documents")
    page.wait_for_selector(".shelf li")
    assert width() == 360


def test_filters_and_follow_ups_are_sent(visit: Visit) -> None:
    page = visit.open()
    sent: list[dict[str, object]] = []
    page.on("request", lambda it: sent.append(it.post_data_json) if it.method == "POST" else None)
    visit.ask(DIVIDEND)
    page.click("#filters summary")
    page.fill("#ask .by-source input", "village/*")
    page.locator("#ask input[type=date]").first.fill("2021-01-01")
    page.fill("#ask .by-organisation input", "白石*")
    assert "village/* · 白石* · 2021-01-01" in page.locator("#filters-now").inner_text()
    page.fill("#ask .by-organisation input", "")
    visit.ask("一共多少户？")
    assert sent[0]["history"] == []
    assert sent[1]["filters"] == {
        "source": "village/*",
        "organisation": None,
        "date_from": "2021-01-01",
        "date_to": None,
    }
    taken = page.locator(".exchange").last.locator(".understood").inner_text()
    assert "户" in taken
    assert taken.endswith("一共多少户？")
    said = sent[1]["history"]
    assert isinstance(said, list)
    assert said[0] == {"role": "user", "content": DIVIDEND}
    assert "1860元" in said[1]["content"]
    page.click("#anew")
    assert page.locator(".exchange").count() == 0
    visit.ask(DIVIDEND)
    assert sent[2]["history"] == []


@pytest.mark.parametrize("visit", [{"locale": "zh-CN"}, {"locale": "en-GB"}], indirect=True)
def test_a_citation_names_the_documents_that_say_the_same(visit: Visit) -> None:
    page = visit.open()
    chinese = page.locator("html").get_attribute("lang") == "zh-CN"
    visit.ask("松岭镇这一年修了多少公里水渠？")
    expect(page.locator(".slip").first).to_contain_text("松岭镇政府")
    further = page.locator(".slip .further").first
    expect(further.locator("summary")).to_have_text(
        "另有 1 份文档内容相同" if chinese else "1 further document says the same"
    )
    expect(page.locator(".slip", has_text="松岭镇水渠通水")).to_have_count(1)
    further.locator("summary").click()
    further.locator("a").click()
    expect(page.locator("#source .path")).to_have_text("reprint/canal.md")
    expect(page.locator("#source mark")).to_contain_text("27公里")
    expect(page.locator("#source .check")).to_be_visible()
    told = "转载自" if chinese else "reprint of"
    expect(page.locator("#source .source-head")).to_contain_text(told)


@pytest.mark.parametrize("visit", [{"locale": "zh-CN"}, {"locale": "en-GB"}], indirect=True)
def test_a_source_says_what_is_left_out_of_it(visit: Visit) -> None:
    page = visit.open(f"#doc={visit.document_id('web/ferry.txt')}")
    chinese = page.locator("html").get_attribute("lang") == "zh-CN"
    told = "不参与检索：编辑署名、页脚" if chinese else "not searched: editors, footer"
    expect(page.locator("#source .facts").first).to_contain_text(told)
    assert page.locator("#source .aside").all_text_contents() == [
        "责任编辑：李四",
        "版权所有：县广播站",
    ]


def test_what_is_not_there_is_said(visit: Visit) -> None:
    page = visit.open()
    visit.ask("火星探测器什么时候发射的？")
    expect(page.locator(".abstained .reason")).to_be_visible()
    assert page.locator(".sentence").count() == 0


def test_documents_can_be_found_and_opened(visit: Visit) -> None:
    page = visit.open("#view=documents")
    expect(page.locator(".shelf li")).to_have_count(HELD)
    page.fill("#documents .by-source input", "village/b*")
    expect(page.locator(".shelf li")).to_have_count(1)
    page.click(".shelf a")
    expect(page.locator("#source-title", has_text="青龙桥记")).to_be_focused()
    assert "view=documents&doc=" in page.url
    with page.expect_download() as download:
        page.click(".facts a[download]")
    assert download.value.suggested_filename == "bridge.md"
    page.keyboard.press("Escape")
    expect(page.locator(".shelf a")).to_be_focused()
