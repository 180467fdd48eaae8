"""What is shown large is pointed out where it stands; what was reckoned is shown with its parts."""

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import DIVIDEND, Visit
from tests.page.scripted import CITATION, SENTENCE, stream, whole

pytestmark = pytest.mark.browser


def pointed_out(page: Page, within: str) -> list[str]:
    """The stretches inside the element that are pointed out as values, in their order."""
    found = page.evaluate(
        """selector => [...(CSS.highlights.get("value") ?? [])]
            .filter(({ startContainer: node }) => node.parentElement?.closest(selector))
            .map(({ startContainer: node, startOffset, endOffset }) =>
                node.data.slice(startOffset, endOffset))""",
        within,
    )
    return [str(each) for each in found]


def scripted(page: Page, **given: object) -> None:
    page.route("**/v1/ask", stream(("passages", {"passages": []}), ("done", whole(**given))))


def quoted(n: int, quote: str, **given: object) -> dict[str, object]:
    return {
        **CITATION,
        "n": n,
        "start": 100 * n,
        "end": 100 * n + len(quote),
        "quote": quote,
    } | given


def test_the_large_value_is_pointed_out_in_its_quote_and_in_the_source(visit: Visit) -> None:
    page = visit.open()
    visit.ask(DIVIDEND)
    short = page.locator(".short").inner_text()
    assert short == "1860元"
    assert pointed_out(page, ".said") == [short]
    assert pointed_out(page, ".slip mark") == [short]
    page.locator(".cite").first.click()
    page.wait_for_selector(".text mark")
    assert pointed_out(page, ".text mark") == [short]


@pytest.mark.parametrize(
    ("short", "quote", "found"),
    [
        ("12人", "一队112人，二队12人。", ["12人"]),
        ("1,860元", "每户１，８６０元。", ["１，８６０元"]),
        ("101户", "村：柳沟 | 户数（户）：101 | 人口：1101", ["101"]),
        ("张小明", "负责人：张 小明", ["张 小明"]),
        ("5元", "每户15元，另补1.5元。", []),
    ],
)
def test_only_the_whole_figure_is_pointed_out(
    visit: Visit, short: str, quote: str, found: list[str]
) -> None:
    page = visit.open()
    sentence = {**SENTENCE, "text": "见表。"}
    scripted(page, short_answer=short, sentences=[sentence], citations=[quoted(1, quote)])
    visit.ask(DIVIDEND)
    assert pointed_out(page, ".slip mark") == found


def test_a_computed_value_is_shown_with_its_parts_and_their_proof(visit: Visit) -> None:
    page = visit.open()
    quotes = ["甲村收到700元。", "乙村收到500元。"]
    scripted(
        page,
        short_answer="1200元",
        sentences=[
            {**SENTENCE, "text": "合计1200元 = 700元 + 500元。", "citations": [1, 2]},
            *(
                {**SENTENCE, "text": text, "support": "quoted", "citations": [n]}
                for n, text in enumerate(quotes, start=1)
            ),
        ],
        citations=[quoted(1, quotes[0]), quoted(2, quotes[1], title="乙", date=None)],
        parts=[{"value": "700元", "citation": 1}, {"value": "500元", "citation": 2}],
    )
    visit.ask(DIVIDEND)
    rows = page.locator(".parts tbody tr")
    expect(rows).to_have_count(2)
    for row, told in zip(
        rows.all(), [("700元", "甲", "2020-05-28"), ("500元", "乙", "无日期")], strict=True
    ):
        for words in told:
            expect(row).to_contain_text(words)
        expect(row.locator(".cite")).to_be_enabled()
    assert pointed_out(page, ".parts .said") == ["700元", "500元"]
    # What stands in the table is not said above it as well.
    expect(page.locator(".sentence:visible")).to_have_count(1)
    page.reload()
    expect(rows).to_have_count(2)


def test_conflicting_values_are_pointed_out_each_with_document_and_date(visit: Visit) -> None:
    page = visit.open()
    scripted(
        page,
        citations=[quoted(1, "每户5元。"), quoted(2, "每户6元。", title="乙", date="2021-01-02")],
        conflicts=[
            {
                "about": "分红",
                "values": [{"value": "5元", "citation": 1}, {"value": "6元", "citation": 2}],
            }
        ],
    )
    visit.ask(DIVIDEND)
    assert page.locator(".conflict tbody tr").all_inner_texts() == [
        "5元\t甲[1]\t2020-05-28",
        "6元\t乙[2]\t2021-01-02",
    ]
    assert pointed_out(page, ".slip mark") == ["5元", "6元"]


def test_what_the_passage_tells_besides_is_offered_and_kept(visit: Visit) -> None:
    page = visit.open()
    with page.expect_response("**/questions?*") as asked:
        visit.ask(DIVIDEND)
    made = asked.value.json()["questions"]
    assert {each["short_answer"] for each in made} >= {"57户"}
    offered = [each["question"] for each in made if each["short_answer"] != "1860元"]
    expect(page.locator(".next ul").first.locator(".next-one")).to_have_text(offered)
    page.reload()
    expect(page.locator(".next ul").first.locator(".next-one")).to_have_text(offered)
    page.locator(".next-one").first.click()
    expect(page.locator(".exchange:last-child .short")).to_have_text("57户")


def test_a_service_that_makes_none_is_not_spoken_of(visit: Visit) -> None:
    page = visit.open()
    problem = {"title": "忙", "detail": "", "hint": "", "status": 503}
    page.route("**/questions?*", lambda route: route.fulfill(status=503, json=problem))
    with page.expect_response("**/questions?*"):
        visit.ask(DIVIDEND)
    expect(page.locator(".trouble")).to_have_count(0)
    expect(page.locator(".sentence").first).to_be_visible()
