"""The reports of evaluations that the service shows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from eval.report.language import Language
from eval.report.write import write_report
from service.access.keys import KeyStore
from service.access.principal import Role
from service.archive import Archive
from service.settings import Settings
from tests.eval.report_runs import run_file, verdict, wrong
from tests.service.api.conftest import client_of


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with one report, of three right answers and a wrong one, and what is none."""
    folder = tmp_path / "reports"
    folder.mkdir()
    run = run_file(tmp_path, [verdict("a"), verdict("b"), verdict("c"), wrong("d")])
    write_report(run, folder / "三月<b>.html", Language.BOTH)
    (folder / "other.html").write_text("<p>no report</p>")
    (folder / "half.html").write_text('<meta name="wenju:summary" content="{&quot;run&quot;: 1">')
    (folder / "notes.txt").write_text("notes")
    (tmp_path / "secret.html").write_bytes((folder / "三月<b>.html").read_bytes())
    (folder / "link.html").symlink_to(tmp_path / "secret.html")
    return folder


def test_reports_are_listed_with_their_figures_and_shown(
    archive: Archive, reports: Path, tmp_path: Path
) -> None:
    settings = Settings(reports=reports, state=tmp_path / "state")
    with client_of(archive, settings) as client:
        (listed,) = client.get("/v1/reports").json()["reports"]
        assert (listed["name"], listed["run"], listed["questions"]) == (
            "三月<b>.html",
            "run.jsonl",
            4,
        )
        assert listed["started_at"] == "2026-03-01T08:00:00+00:00"
        figures = {each["name"]: each for each in listed["figures"]}
        assert figures["right"]["value"] == 0.75
        low, high = figures["right"]["interval"]
        assert 0 <= low <= 0.75 <= high <= 1
        assert figures["document_cited"]["value"] == 1.0
        assert "refusal_recall" not in figures  # no such question was asked

        shown = client.get("/v1/reports/三月%3Cb%3E.html")
        assert shown.status_code == 200
        assert "每户多少钱？" in shown.text
        policy = shown.headers["content-security-policy"]
        assert "sandbox" in policy
        assert "script" not in policy
        for name in ("other.html", "link.html", "..%2Fsecret.html", "notes.txt", "none.html"):
            refused = client.get(f"/v1/reports/{name}")
            assert refused.status_code == 404, name


def test_no_folder_and_a_missing_one_hold_no_reports(archive: Archive, tmp_path: Path) -> None:
    for folder in (None, tmp_path / "none"):
        with client_of(archive, Settings(reports=folder, state=tmp_path / "state")) as client:
            assert client.get("/v1/reports").json() == {"reports": []}


def test_who_may_not_see_every_collection_sees_no_report(
    archive: Archive, reports: Path, tmp_path: Path
) -> None:
    keys = KeyStore(tmp_path / "state")
    heads = {}
    for name, seen in (("all", None), ("some", frozenset({"default"}))):
        _, text = keys.add(name, Role.READER, now=datetime.now(UTC), collections=seen)
        heads[name] = {"authorization": f"Bearer {text}"}
    with client_of(archive, Settings(reports=reports, state=tmp_path / "state")) as client:
        assert len(client.get("/v1/reports", headers=heads["all"]).json()["reports"]) == 1
        assert client.get("/v1/reports", headers=heads["some"]).json() == {"reports": []}
        page = "/v1/reports/三月%3Cb%3E.html"
        assert client.get(page, headers=heads["all"]).status_code == 200
        assert client.get(page, headers=heads["some"]).status_code == 404
        assert client.get("/v1/reports").status_code == 401
