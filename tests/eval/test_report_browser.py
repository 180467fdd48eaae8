"""The report in a real browser, from its file: quiet, closed to the network, in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from typer.testing import CliRunner

from eval.__main__ import app
from eval.gold import Kind
from tests.eval.report_runs import ranked, run_file, verdict, wrong

pytestmark = pytest.mark.browser

ATTACK = (
    '<img src="http://127.0.0.1:9/x.png" onerror="window.attacked=1"><script>attacked=1</script>'
)
LINES = [
    verdict("q1"),
    wrong("q2", retrieval=ranked(3), question=f"每户多少？{ATTACK}"),
    wrong(
        "q3", kind=Kind.NO_ANSWER, question="有几匹马？", expected=(), evidence=(), retrieval=None
    ),
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = run_file(tmp_path_factory.mktemp("report"), LINES)
    done = CliRunner().invoke(app, ["report", str(run)])
    assert done.exit_code == 0, done.output
    return run.with_suffix(".html")


@contextmanager
def opened(browser: Browser, file: Path, **context: object) -> Iterator[Page]:
    """The report on a visit during which nothing is asked for and nothing is complained of."""
    visit = browser.new_context(**context)  # type: ignore[arg-type]
    page = visit.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    yield page
    assert page.evaluate("window.attacked") is None
    assert troubles == []
    assert asked == [file.as_uri()]
    visit.close()


@pytest.mark.parametrize(
    ("locale", "lang", "shown", "hidden"),
    [
        ("zh-TW", "zh-CN", "3 题里 1 题全对", "1 of 3 questions right"),
        ("en-GB", "en", "1 of 3 questions right", "3 题里 1 题全对"),
        ("fr-FR", "en", "1 of 3 questions right", "3 题里 1 题全对"),
    ],
)
def test_the_browsers_language_is_shown(
    browser: Browser, file: Path, locale: str, lang: str, shown: str, hidden: str
) -> None:
    with opened(browser, file, locale=locale) as page:
        assert page.evaluate("document.documentElement.lang") == lang
        assert page.get_by_text(shown).is_visible()
        assert not page.get_by_text(hidden).is_visible()


def test_the_switch_changes_words_and_plots(browser: Browser, file: Path) -> None:
    with opened(browser, file, locale="en-GB") as page:
        assert page.get_by_role("img", name="Risk and coverage").is_visible()
        page.get_by_text("中文", exact=True).click()
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        assert page.get_by_text("3 题里 1 题全对").is_visible()
        assert page.get_by_role("img", name="风险与覆盖").is_visible()
        assert not page.get_by_role("img", name="Risk and coverage").is_visible()
        page.get_by_text("English", exact=True).click()
        assert page.get_by_text("1 of 3 questions right").is_visible()


def test_the_switch_works_where_no_script_may_run(browser: Browser, file: Path) -> None:
    visit = browser.new_context(java_script_enabled=False)
    page = visit.new_page()
    page.goto(file.as_uri())
    assert page.get_by_text("3 题里 1 题全对").is_visible()
    page.get_by_text("English", exact=True).click()
    assert page.get_by_text("1 of 3 questions right").is_visible()
    assert not page.get_by_text("3 题里 1 题全对").is_visible()
    visit.close()


def test_a_failure_opens_to_its_proof(browser: Browser, file: Path) -> None:
    with opened(browser, file, locale="en-GB") as page:
        why = page.get_by_text("Its evidence is passage 3 of the search, yet")
        assert not why.is_visible()
        page.get_by_text("每户多少？<img", exact=False).first.click()
        assert why.is_visible()
        card = page.locator(".card[open]")
        assert card.locator("mark").all_text_contents() == ["1,500元", "1,500元"]
        assert card.get_by_text("characters 14–23").is_visible()
        assert card.get_by_text("分红仪式很热闹。").count() == 2  # in short, and in full


def test_the_list_leads_to_the_failure(browser: Browser, file: Path) -> None:
    with opened(browser, file, locale="en-GB") as page:
        page.get_by_text("List all 3").click()
        page.locator(".all").get_by_role("link", name="Found, but the answer").click()
        assert page.get_by_text("Its evidence is passage 3 of the search, yet").is_visible()


@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_is_wider_than_the_window(browser: Browser, file: Path, width: int) -> None:
    size = {"width": width, "height": 800}
    with opened(browser, file, locale="en-GB", viewport=size) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_dark_where_the_reader_wants_it_and_light_on_paper(browser: Browser, file: Path) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    line = "getComputedStyle(document.querySelector('.plot .s-pine')).stroke"
    with opened(browser, file, locale="en-GB", color_scheme="dark") as page:
        assert page.evaluate(ground) == "rgb(18, 22, 20)"
        assert page.evaluate(line) == "rgb(134, 200, 178)"
        page.emulate_media(media="print")
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        assert page.evaluate(line) == "rgb(29, 91, 75)"
