"""Full-text search inside an open source: all of the text, also what is not laid out."""

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import DOCUMENTS, Visit

pytestmark = pytest.mark.browser

PLACES = """async ([text, words]) => {
    const { loadSpellings } = await import("/page/fold.js");
    const { occurrences } = await import("/page/find.js");
    await loadSpellings();
    return occurrences(text, words).map(([start, end]) => text.slice(start, end));
}"""


def current_hit(page: Page) -> str:
    """The text of the hit that is pointed out now; the highlights touch no node."""
    return str(page.evaluate("[...CSS.highlights.get('found-now')].map(String).join('|')"))


def test_hits_are_counted_walked_through_and_scrolled_to(visit: Visit) -> None:
    page = visit.open(f"#doc={visit.document_id('*days.txt')}")
    page.wait_for_selector(".text .line")
    laid_before = page.locator(".line").count()
    page.fill("#find", "７９９")
    count = page.locator(".find-count")
    expect(count).to_have_text("第 1 处，共 18 处")
    assert current_hit(page) == "799"
    page.press("#find", "Shift+Enter")
    expect(count).to_have_text("第 18 处，共 18 处")
    # It lay beyond what was laid out.
    assert laid_before < 8_000
    seen = """() => {
        const [range] = CSS.highlights.get("found-now");
        const box = range.getBoundingClientRect();
        const frame = document.querySelector(".scroller").getBoundingClientRect();
        return [box.top >= frame.top && box.bottom <= frame.bottom, range.startContainer.data];
    }"""
    assert page.evaluate(seen) == [True, "7999：晴，无事。\n"]
    page.get_by_role("button", name="下一处").click()
    expect(count).to_have_text("第 1 处，共 18 处")
    page.fill("#find", "没有的话")
    expect(count).to_have_text("没有找到")
    expect(page.get_by_role("button", name="下一处")).to_be_disabled()
    page.press("#find", "Escape")
    expect(count).to_be_empty()
    expect(page.locator("#source")).to_be_visible()
    page.press("#find", "Escape")
    expect(page.locator("#source")).to_be_hidden()
    assert page.evaluate("CSS.highlights.has('found')") is False


def test_the_text_stays_what_is_stored(visit: Visit) -> None:
    page = visit.open(f"#doc={visit.document_id('*dividend.md')}")
    page.fill("#find", "🎊𠮷祥")
    expect(page.locator(".find-count")).to_have_text("第 1 处，共 1 处")
    assert current_hit(page) == "🎊𠮷祥"
    assert page.locator(".text").text_content() == DOCUMENTS["village/dividend.md"]


SAME_WORDS = (
    ("合作社分\n红每户", "分红", ["分\n红"]),
    ("白 石 村", "白石村", ["白 石 村"]),
    ("Annual  Report", "annual report", ["Annual  Report"]),
    ("inform", "in form", []),
    ("（甲）ＡＢＣ", "(甲)abc", ["（甲）ＡＢＣ"]),
    ("1.5 和 1x5", "1.5", ["1.5"]),
    ("a[0]-b {c} $d", "[0]-b {c} $", ["[0]-b {c} $"]),
    ("🎉𠮷好𠮷", "𠮷", ["𠮷", "𠮷"]),
    ("İstanbul ﬁn", "stanbul", ["stanbul"]),
    ("甲", "  ", []),
    ("這裡有體育館和体育馆", "體育館", ["體育館", "体育馆"]),
    ("臺灣省與台湾省", "台湾", ["臺灣", "台湾"]),
    ("看著山峯", "看着山峰", ["看著山峯"]),
    ("ＡＢ縣１２號", "ab县12号", ["ＡＢ縣１２號"]),
)


def test_what_counts_as_the_same_words(visit: Visit) -> None:
    page = visit.open()
    for text, words, found in SAME_WORDS:
        assert page.evaluate(PLACES, [text, words]) == found, (text, words)


def test_without_the_spellings_it_is_found_as_it_is_written(visit: Visit) -> None:
    visit.page.route("**/page/spellings.json", lambda route: route.abort())
    page = visit.open(f"#doc={visit.document_id('*dividend.md')}")
    page.fill("#find", "白石村")
    expect(page.locator(".find-count")).to_have_text("第 1 处，共 2 处")
    page.unroute("**/page/spellings.json")
    page.fill("#find", "分紅儀式")
    expect(page.locator(".find-count")).to_have_text("第 1 处，共 1 处")
