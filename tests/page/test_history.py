"""Conversations kept in the browser: reload, list, search, delete, export; nothing is sent."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.page.conftest import DIVIDEND, Visit
from tests.page.scripted import CITATION, SENTENCE, stream, whole

pytestmark = pytest.mark.browser

BRIDGE = "青龙桥全长多少米？"


def test_a_reload_restores_the_conversation_and_its_follow_ups(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    answered = page.locator(".sentences").inner_text()
    sent: list[dict[str, object]] = []
    page.on("request", lambda it: sent.append(it.post_data_json) if it.method == "POST" else None)
    page.reload()
    expect(page.locator(".asked")).to_have_text(DIVIDEND)
    assert page.locator(".sentences").inner_text() == answered
    expect(page.locator("#welcome")).to_be_hidden()
    assert sent == []
    page.locator(".cite").first.click()
    expect(page.locator(".check.right")).to_contain_text("逐字一致")
    page.keyboard.press("Escape")
    visit.ask("一共多少户？")
    said = sent[0]["history"]
    assert isinstance(said, list)
    assert said[0] == {"role": "user", "content": DIVIDEND}


@pytest.mark.parametrize("visit", [{"locale": "zh-CN"}, {"locale": "en-GB"}], indirect=True)
def test_conversations_are_listed_found_opened_and_deleted(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.click("#anew")
    visit.ask(BRIDGE)
    page.click("#past")
    titles = page.locator(".past-title")
    expect(titles).to_have_text([BRIDGE, DIVIDEND])
    assert titles.first.get_attribute("aria-current") == "true"
    page.fill("#history-search", "１８６０")  # stands in the answer alone
    expect(titles).to_have_text([DIVIDEND])
    titles.first.click()
    expect(page.locator("#history")).to_be_hidden()
    expect(page.locator(".asked")).to_have_text([DIVIDEND])

    page.click("#past")
    page.fill("#history-search", "青龍橋 多少")
    expect(titles).to_have_text([BRIDGE])
    page.fill("#history-search", "")
    page.locator(".past li", has_text=BRIDGE).locator(".plain").click()
    expect(titles).to_have_text([DIVIDEND])
    expect(page.locator("#history-search")).to_be_focused()
    page.locator(".past-foot button").click()
    expect(titles).to_have_count(1)  # until it is confirmed
    page.keyboard.press("Enter")
    expect(titles).to_have_count(0)
    page.keyboard.press("Escape")
    assert page.locator(".exchange").count() == 0
    page.reload()
    expect(page.locator("#welcome")).to_be_visible()
    kept = page.evaluate("Object.keys(localStorage)")
    assert [key for key in kept if "conversation" in key] == []


def test_two_tabs_keep_their_conversations_side_by_side(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    other = page.context.new_page()
    other.goto(visit.url)
    other.fill("#question", BRIDGE)
    other.press("#question", "Enter")
    other.wait_for_selector(".about > *")
    visit.ask("一共多少户？")
    for tab, asked in ((page, [DIVIDEND, "一共多少户？"]), (other, [BRIDGE])):
        tab.click("#past")
        expect(tab.locator(".past-title")).to_have_count(2)
        tab.keyboard.press("Escape")
        tab.reload()
        expect(tab.locator(".asked")).to_have_text(asked)


def test_the_oldest_conversations_give_way_where_there_is_no_room(visit: Visit) -> None:
    page = visit.open()
    kept = page.evaluate("""async () => {
        const { conversations, keep, newConversation } = await import("/page/conversations.js");
        const titles = () => conversations().map(({ exchanges }) => exchanges[0].question);
        const exchange = (question) =>
            ({ question, answer: { answer: "甲".repeat(300_000) }, passages: [] });
        for (let n = 1; n <= 9; n += 1) {
            keep({ ...newConversation(), exchanges: [exchange(`问${n}`)] }, n);
        }
        localStorage.setItem("wenju.conversation.anyone.broken", "{");
        const before = titles();
        const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        keep({ ...newConversation(), exchanges: numbers.map((n) => exchange(`长${n}`)) }, 10);
        const sizes = Object.keys(localStorage).map((key) => localStorage[key].length);
        return [before, titles(), sizes.reduce((sum, size) => sum + size, 0)];
    }""")
    assert kept[0] == ["问9", "问8", "问7", "问6", "问5", "问4"]
    assert kept[1] == ["长4"]
    assert kept[2] <= 2_000_000 + 200


def test_a_conversation_leaves_as_markdown_in_which_documents_stay_text(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit.open()
    evil = {**CITATION, "quote": "每户*5*元。\n[x](javascript:1) <img>", "title": "甲_乙"}
    sentence = {**SENTENCE, "text": "1. 每户<b>5</b>元。"}
    answer = whole(sentences=[sentence], citations=[evil], short_answer="5元")
    page.route("**/v1/ask", stream(("passages", {"passages": []}), ("done", answer)))
    visit.ask(DIVIDEND)
    with page.expect_download() as download:
        page.click("#export")
    assert download.value.suggested_filename == "白石村合作社分红-每户分到多少钱.md"
    saved = tmp_path / "talk.md"
    download.value.save_as(saved)
    assert saved.read_text(encoding="utf-8") == (
        f"## {DIVIDEND}\n\n**5元**\n\n1\\. 每户\\<b\\>5\\</b\\>元。[^1-1]\n\n"
        "[^1-1]: 《甲\\_乙》，2020-05-28，a.md，第 2 页：“每户\\*5\\*元。 "
        "\\[x\\](javascript:1) \\<img\\>”\n"
    )


def test_on_paper_the_sources_stand_under_the_answers(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.emulate_media(media="print", color_scheme="dark")
    for gone in ("#composer", ".top", ".checked", ".about .plain"):
        expect(page.locator(gone).first).to_be_hidden()
    for there in (".asked", ".sentences", ".slip-title", ".where .path"):
        expect(page.locator(there).first).to_be_visible()
    ink = page.evaluate("getComputedStyle(document.documentElement).color")
    assert ink == "rgb(0, 0, 0)"


def test_what_is_kept_holds_the_text_of_cited_passages_alone(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    (text,) = page.evaluate(
        "Object.keys(localStorage).filter(key => key.includes('conversation'))"
        ".map(key => localStorage[key])"
    )
    (exchange,) = json.loads(text)["exchanges"]
    cited = {citation["passage_id"] for citation in exchange["answer"]["citations"]}
    told = {passage["passage_id"] for passage in exchange["passages"] if passage["text"]}
    assert told == cited
