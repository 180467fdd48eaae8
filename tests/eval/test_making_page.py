"""The page of review: the real command on a real socket, in a real browser."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from eval.gold import Evidence, Kind
from tests.eval.making_drafts import draft_of, gold_rows, row, statuses, write_drafts

ROOT = Path(__file__).parents[2]
HOSTILE = '<img src=x onerror="window.attacked=1">'
DECISION = {
    "kind": "figure",
    "question": "每户多少元？",
    "answers": "1,500元",
    "evidence": [{"document": "a/visit.md", "quote": "每户分到1,500元。"}],
}


@dataclass
class Review:
    """A running page with its files."""

    process: subprocess.Popen[str]
    url: str  # with / at its end
    token: str
    drafts: Path
    gold: Path

    def headers(self, **changes: str) -> dict[str, str]:
        return {"X-Wenju-Token": self.token} | changes

    def accept(self, headers: dict[str, str] | httpx.Headers) -> httpx.Response:
        return httpx.post(f"{self.url}drafts/d1/accept", json=DECISION, headers=headers)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Review]:
    drafts = write_drafts(
        tmp_path,
        row(1, title=HOSTILE),
        row(2, question=f"白石村{HOSTILE}每户分到多少？"),
        row(3, evidence=[], note="a user's correction"),
    )
    gold = tmp_path / "gold.jsonl"
    command = ["eval", "review", "--drafts", str(drafts), "--gold", str(gold), "--page"]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    found = re.fullmatch(r"review at (http://127\.0\.0\.1:\d+/)#([\w-]{32})\n", said)
    assert found, said
    wait_for(found[1])
    yield Review(process, found[1], found[2], drafts, gold)
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=20)


def wait_for(url: str) -> None:
    """The socket listens before the address is told: the first request waits for the server."""
    assert httpx.get(url, timeout=20).status_code == 200


def test_only_the_page_itself_may_decide(running: Review) -> None:
    origin = running.url.rstrip("/")
    refused: list[dict[str, str] | httpx.Headers] = [
        {},
        {"X-Wenju-Token": "x" * 32},
        httpx.Headers([(b"x-wenju-token", "ü".encode())]),
        running.headers(Origin="http://evil.example"),
        running.headers(Origin="null"),
        running.headers(Host="evil.example"),  # a name that was pointed at this machine
        running.headers(Origin="http://evil.example", Host="evil.example"),
    ]
    for headers in refused:
        assert running.accept(headers).status_code == 403, headers
        assert httpx.get(f"{running.url}drafts", headers=headers).status_code == 403
        assert httpx.post(f"{running.url}drafts/d1/reject", headers=headers).status_code == 403
    assert statuses(running.drafts)["d1"] == "proposed"
    assert not running.gold.exists()
    accepted = running.accept(running.headers(Origin=origin))
    assert (accepted.status_code, accepted.json()) == (200, {"gold_id": "q001"})
    assert [question.question for question in gold_rows(running.gold)] == ["每户多少元？"]


def test_the_page_holds_no_token_and_loads_nothing_from_elsewhere(running: Review) -> None:
    page = httpx.get(running.url)
    assert running.token not in page.text
    assert "http" not in re.sub(r"<!doctype html>", "", page.text)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'nonce-")
    nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)
    assert nonce
    assert page.text.count(f'nonce="{nonce[1]}"') == 2
    assert "{{" not in page.text
    assert "innerHTML" not in page.text
    assert nonce[1] not in httpx.get(running.url).text  # another one each time


def test_faults_are_told(running: Review) -> None:
    unsound: list[tuple[dict[str, Any], int, str]] = [
        ({"answers": "1,600元"}, 409, "answers[0]: no quote holds 1,600元"),
        ({"kind": "figures"}, 422, ""),
        ({"id": "x"}, 422, ""),
    ]
    for change, status, detail in unsound:
        said = httpx.post(
            f"{running.url}drafts/d1/accept", json=DECISION | change, headers=running.headers()
        )
        assert said.status_code == status
        assert detail in str(said.json()["detail"])
    gone = httpx.post(f"{running.url}drafts/d9/reject", headers=running.headers())
    assert (gone.status_code, gone.json()["detail"]) == (409, "there is no draft 'd9'")
    assert httpx.get(f"{running.url}docs").status_code == 404


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_what_was_done(running: Review, number: signal.Signals) -> None:
    httpx.post(f"{running.url}drafts/d1/reject", headers=running.headers())
    running.process.send_signal(number)
    said, _ = running.process.communicate(timeout=20)
    assert running.process.returncode == 0
    assert said.endswith(
        f"2 proposed, 0 accepted, 1 rejected; what was accepted is in {running.gold}\n"
    )


@pytest.fixture
def visit(browser: Browser, running: Review, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(locale=getattr(request, "param", "zh-CN"))
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    page.goto(f"{running.url}#{running.token}")
    page.wait_for_selector("#draft:not([hidden])")
    yield page
    context.close()
    assert complaints == []


@pytest.mark.browser
def test_a_person_reviews_in_the_browser(visit: Page, running: Review) -> None:
    assert visit.inner_text("h1") == "审阅题目草稿"
    assert visit.inner_text("#counts") == "待审 3 · 已采用 0 · 不用 0"
    assert visit.input_value("#question") == row(1)["question"]
    assert visit.inner_text("blockquote mark") == "1,500元"
    assert HOSTILE in visit.inner_text("#about")  # text, as it is written

    visit.fill("#question", "第一组每户分到多少元？")
    visit.select_option("#kind", "reworded")
    visit.click("#accept")
    expect(visit.locator("#counts")).to_contain_text("已采用 1")
    [question] = gold_rows(running.gold)
    assert (question.id, question.kind) == ("q001", Kind.REWORDED)
    assert question.question == "第一组每户分到多少元？"
    assert statuses(running.drafts)["d1"] == "accepted"

    assert HOSTILE in visit.input_value("#question")
    visit.keyboard.press("r")  # the focus is on the button
    expect(visit.locator("#counts")).to_contain_text("不用 1")
    assert statuses(running.drafts)["d2"] == "rejected"

    # What has no evidence can't be accepted until it has some.
    assert visit.locator("#details").get_attribute("open") is not None
    visit.click("#accept")
    visit.wait_for_selector("#trouble:not([hidden])")
    assert "evidence: is empty" in visit.inner_text("#trouble")
    visit.fill("[data-part=document]", "a/visit.md")
    visit.fill("[data-part=quote]", "每户分到1,500元。")
    visit.click("#accept")
    visit.wait_for_selector("#done:not([hidden])")
    assert visit.inner_text("#done") == "都看完了。"
    assert not visit.locator("#trouble").is_visible()
    assert gold_rows(running.gold)[1].evidence == (Evidence("a/visit.md", "每户分到1,500元。"),)
    assert draft_of(running.drafts, "d3").gold_id == "q002"
    assert visit.evaluate("window.attacked") is None


@pytest.mark.browser
@pytest.mark.parametrize("visit", ["en-GB"], indirect=True)
def test_in_english_by_keyboard(visit: Page, running: Review) -> None:
    assert visit.inner_text("h1") == "Review draft questions"
    assert visit.get_attribute("html", "lang") == "en"
    visit.keyboard.press("s")
    expect(visit.locator("#question")).to_have_value(re.compile("^白石村<img"))
    visit.keyboard.press("e")
    assert visit.evaluate("document.activeElement.id") == "question"
    visit.keyboard.type("a")  # typed into the field, and no decision
    assert statuses(running.drafts) == {"d1": "proposed", "d2": "proposed", "d3": "proposed"}
    running.process.terminate()
    running.process.wait(20)
    visit.click("#accept")
    visit.wait_for_selector("#trouble:not([hidden])")
    assert "does not answer" in visit.inner_text("#trouble")


@pytest.mark.browser
def test_another_page_can_neither_read_nor_decide(
    browser: Browser, running: Review, tmp_path: Path
) -> None:
    """A page of another origin, which even knows the token, is stopped by the browser or by us."""
    context = browser.new_context()
    page = context.new_page()
    page.route("http://evil.example/", lambda route: route.fulfill(body="<p>evil</p>"))
    page.goto("http://evil.example/")
    read, sent = page.evaluate(
        """async ([url, token]) => {
            const tried = [];
            const headers = { "X-Wenju-Token": token };
            const plain = { method: "POST", mode: "no-cors", body: "{}" };
            for (const call of [() => fetch(url + "drafts", { headers }),
                                () => fetch(url + "drafts/d1/reject", plain)]) {
                try { tried.push((await call()).type); } catch (error) { tried.push("failed"); }
            }
            return tried;
        }""",
        [running.url, running.token],
    )
    assert read == "failed"
    assert sent in ("opaque", "failed")  # no-cors hides what came back
    context.close()
    assert statuses(running.drafts)["d1"] == "proposed"
