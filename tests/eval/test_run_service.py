"""Runs over a service that answers wrongly: with errors, with other shapes, with half a body."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from eval.__main__ import app
from eval.runs.files import read_run
from eval.target import OverHttp
from indexer.errors import DocumentNotFound
from tests.eval.fake_service import FakeService, Given, answer, as_json, fake_service
from tests.eval.small_corpus import write_gold

PROBLEM = "application/problem+json"
FULL = as_json({"code": "busy", "detail": "太忙", "hint": "等一等"}, 429, PROBLEM)
CITED = answer("")["citations"][0]

# What comes back for a question, and what its line says.
FAULTS: dict[str, tuple[Given, str]] = {
    "a 500 without words": (
        Given(b"oops", 500, "text/plain"),
        "ServiceFailed: POST {ask}: 500 Internal Server Error",
    ),
    "a problem": (FULL, "ServiceFailed: POST {ask}: 429 太忙"),
    "a problem that is none": (
        Given(b"{", 422, PROBLEM),
        "ServiceFailed: POST {ask}: 422 Unprocessable",
    ),
    "a page": (
        Given(b"<html>", 200, "text/html"),
        "ServiceFailed: POST {ask}: answers otherwise than it should: body: ",
    ),
    "nothing": (Given(b""), "ServiceFailed: POST {ask}: answers otherwise than it should: body: "),
    "a redirect": (Given(b"", 302), "ServiceFailed: POST {ask}: answers otherwise than it should"),
    "a list": (as_json([1]), "ServiceFailed: POST {ask}: answers otherwise than it should: body: "),
    "a field is missing": (
        as_json({"answer": "每户"}),
        "ServiceFailed: POST {ask}: answers otherwise than it should: answer_id: Field required",
    ),
    "a field of another type": (
        as_json(answer("", confidence="high")),
        "ServiceFailed: POST {ask}: answers otherwise than it should: confidence: Input should be",
    ),
    "a place that is none": (
        as_json(answer("", citations=[CITED | {"start": None}])),
        "ServiceFailed: POST {ask}: answers otherwise than it should: citations.0.start: ",
    ),
    "a proxy's word": (
        Given(b"", 503, "text/html"),
        "ServiceUnreachable: POST {ask}: 503 Service Unavailable",
    ),
    "half a body": (Given(None), "ServiceUnreachable: POST {ask}: peer closed connection"),
}


def row(id_: str, question: str) -> dict[str, Any]:
    evidence = [{"document": "a/visit.md", "quote": "每户分到1,500元"}]
    told = {"question": question, "answers": [["1500元"]], "evidence": evidence}
    return {"id": id_, "kind": "figure", **told}


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service() as service:
        yield service


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["run", *map(str, arguments)])


def test_each_wrong_answer_is_a_line_that_says_why(tmp_path: Path, service: FakeService) -> None:
    """All faults in a row, and no one gives up on a service that does answer."""
    rows = [row("first", "每户多少钱？"), *(row(name, f"{name}？") for name in FAULTS)]
    gold, out = write_gold(tmp_path / "gold.jsonl", rows), tmp_path / "run.jsonl"
    service.faults = {f"{name}？": given for name, (given, _) in FAULTS.items()}
    done = run("--gold", gold, "--url", service.url, "--out", out)
    assert done.exit_code == 3, done.output
    assert f"{len(FAULTS)} questions crashed and count as wrong" in done.stderr
    assert len(service.asked) == len(rows)
    told = {verdict.id: verdict for verdict in read_run(out).verdicts}
    assert (told["first"].right, told["first"].crashed) == (True, None)
    for name, (_, said) in FAULTS.items():
        crash = told[name].crashed or ""
        assert crash.startswith(said.format(ask=f"{service.url}/v1/ask")), (name, crash)
    # Mended, it answers what crashed and is asked nothing else.
    service.faults, service.asked = {}, []
    done = run("--gold", gold, "--url", service.url, "--out", out, "--resume")
    assert done.exit_code == 0, done.output
    assert [asked["question"] for asked in service.asked] == [f"{name}？" for name in FAULTS]
    assert all(verdict.right for verdict in read_run(out).verdicts)


def test_one_question_that_crashes_alone(tmp_path: Path, service: FakeService) -> None:
    rows = [row("q1", "甲？"), row("q2", "乙？"), row("q3", "丙？")]
    gold, out = write_gold(tmp_path / "gold.jsonl", rows), tmp_path / "run.jsonl"
    service.faults = {"乙？": FULL}
    done = run("--gold", gold, "--url", service.url, "--out", out)
    assert done.exit_code == 3
    told = json.loads(CliRunner().invoke(app, ["show", str(out), "--json"]).stdout)
    assert told["crashed"] == ["q2"]
    assert told["overall"]["right"] == pytest.approx(2 / 3)
    assert told["overall"]["recall@5"] == pytest.approx(2 / 3)
    # Without a file the figures are shown just so.
    done = run("--gold", gold, "--url", service.url)
    assert done.exit_code == 3
    assert done.stderr == "1 questions crashed and count as wrong\n"
    assert "crashed: q2: ServiceFailed: POST" in done.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_a_service_that_is_none_is_told_before_any_question(
    tmp_path: Path, service: FakeService, fault: str
) -> None:
    service.faults = {"/readyz": FAULTS[fault][0]}
    out = tmp_path / "run.jsonl"
    gold = write_gold(tmp_path / "gold.jsonl", [row("q1", "甲？")])
    done = run("--gold", gold, "--url", service.url, "--out", out)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"error: GET {service.url}/readyz: ")
    assert len(done.stderr.splitlines()) == 2
    assert done.stderr.splitlines()[1].startswith("hint: ")
    assert service.asked == []
    assert not out.exists()


@pytest.mark.parametrize("url", ["http://[", "nowhere", "ftp://a", "http://a:x", "http://"])
def test_what_is_no_address(tmp_path: Path, url: str) -> None:
    gold = write_gold(tmp_path / "gold.jsonl", [row("q1", "甲？")])
    done = run("--gold", gold, "--url", url)
    assert done.exit_code == 1, done.output
    assert done.stderr.startswith("error: ")
    assert "\nhint: " in done.stderr


def test_a_document_that_is_gone_is_told_from_a_service_that_fails(service: FakeService) -> None:
    body = {"code": "document_not_found", "detail": "no such document", "hint": "ask again"}
    service.faults = {"/v1/documents/gone": as_json(body, 404, PROBLEM)}
    with OverHttp(service.url) as target:
        with pytest.raises(DocumentNotFound) as told:
            target.stored("gone")
        assert told.value.hint == "ask again"
        # Over two pages, and with a slash in its name.
        assert target.sources() == {"a/visit.md": "a/visit.md", "b/report.md": "b/report.md"}
        assert [span.start for span in target.stored("a/visit.md").passages] == [0, 14]


def test_a_follow_up_is_sent_with_what_came_before(tmp_path: Path, service: FakeService) -> None:
    history = [{"role": "user", "content": "多少户？"}, {"role": "assistant", "content": "44户。"}]
    follow_up = row("q1", "那么每户呢？") | {"kind": "follow_up", "history": history}
    gold = write_gold(tmp_path / "gold.jsonl", [follow_up])
    assert run("--gold", gold, "--url", service.url, "--k", 3).exit_code == 0
    assert service.asked == [{"question": "那么每户呢？", "k": 3, "history": history}]
