"""Questions that come in the address, links that are handed on, and copied answers."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.page.conftest import DIVIDEND, Visit

pytestmark = pytest.mark.browser

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


@pytest.mark.parametrize("visit", [CLIPBOARD], indirect=True)
def test_a_link_asks_anew_with_its_filters_once(visit: Visit) -> None:
    page = visit.open()
    page.click("#filters summary")
    page.fill("#ask .by-source input", "village/*")
    visit.ask(DIVIDEND)
    page.click(".share")
    expect(page.locator(".share")).to_have_text("链接已复制")
    link = page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlsplit(link).query) == {"q": [DIVIDEND], "source": ["village/*"]}

    sent: list[dict[str, object]] = []
    page.on("request", lambda it: sent.append(it.post_data_json) if it.method == "POST" else None)
    page.goto(link)
    page.wait_for_selector(".about > *")
    expect(page.locator(".asked")).to_have_text([DIVIDEND])
    filters = sent[0]["filters"]
    assert isinstance(filters, dict)
    assert filters["source"] == "village/*"
    assert sent[0]["history"] == []
    assert "village/*" in page.locator("#filters-now").inner_text()
    assert page.url == f"{visit.url}/"
    page.reload()
    expect(page.locator(".asked")).to_have_text([DIVIDEND])
    assert len(sent) == 1


def test_a_link_into_a_collection_that_is_not_there_says_so(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.url}/?q={DIVIDEND}&collection=nowhere")
    expect(page.locator(".exchange .trouble-title")).to_have_text("没有这个文档集")
    assert "/v1/" not in page.inner_text("body")


@pytest.mark.parametrize("visit", [CLIPBOARD], indirect=True)
def test_an_answer_is_copied_with_its_footnotes(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    page.get_by_role("button", name="复制答案和出处").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    question, _, answer, *notes = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert question == DIVIDEND
    assert answer.endswith("[1]")
    assert notes[1].startswith("[1] 《白石村分红简报")
    assert "village/dividend.md" in notes[1]
    assert "1860元" in notes[1]


def test_without_the_clipboard_of_secure_pages_copying_works_the_old_way(visit: Visit) -> None:
    visit.page.add_init_script("delete Navigator.prototype.clipboard")
    page = visit.open()
    visit.ask(DIVIDEND)
    page.evaluate("document.addEventListener('copy', event => window.copied = event.target.value)")
    page.get_by_role("button", name="复制答案和出处").click()
    expect(page.get_by_role("button", name="已复制")).to_be_focused()
    assert page.evaluate("window.copied").startswith(DIVIDEND)
