"""What a job says, in both languages, with a sentence for every reason that occurs."""

import re

import pytest

from indexer.files.rules import SkipReason
from service.api.job_words import REASONS_ZH, file_detail, file_summary, job_summary, problem_json
from service.uploads.records import FileState, Job, JobFile, JobKind, JobProblem, JobState
from tests.source import ROOT

HAN = re.compile("[\u4e00-\u9fff]")


def refused(reason: str, detail: str) -> JobFile:
    return JobFile(1, "甲.pdf", "甲.pdf", None, 9, FileState.REFUSED, reason, detail)


def test_every_reason_that_is_given_anywhere_has_a_sentence() -> None:
    given = {str(reason) for reason in SkipReason}
    for folder in ("indexer", "service/uploads"):
        for path in (ROOT / folder).rglob("*.py"):
            given |= set(re.findall(r'reason="([a-z_]+)"', path.read_text(encoding="utf-8")))
    assert {"encrypted", "named_twice", "mojibake"} <= given
    assert given - REASONS_ZH.keys() == set()
    assert all(HAN.search(sentence) for sentence in REASONS_ZH.values())


def test_a_refusal_in_both_languages() -> None:
    file = refused("encrypted", "it is locked with a password (save it without one)")
    assert file_detail(file, chinese=False) == "it is locked with a password (save it without one)"
    assert file_summary(file, chinese=True) == "未收录：文件有密码，请另存为无密码的文件后再上传"
    for detail, told in (
        ("2 of its 9 lines are no JSON", "全部 9 行中有 2 行不是 JSON"),
        ("it is no PDF, or a broken or cut one (fetch it again)", "不是完整的 PDF"),
        ("its cover is torn (glue it)", "its cover is torn"),
    ):
        said = file_detail(refused("damaged", detail), chinese=True) or ""
        assert said.startswith("文件已损坏")
        assert said.endswith(f"：{told}")
    assert file_detail(refused("unheard_of", "odd"), chinese=True) == "说明：odd"
    part = JobFile(
        1, "a.zip", "a.zip", None, 9, FileState.INDEXED, None, "3 files in it were left out"
    )
    assert file_summary(part, chinese=True) == "已编入索引：其中 3 个文件未收录"
    assert file_summary(part, chinese=False) == "indexed: 3 files in it were left out"


@pytest.mark.parametrize("kind", JobKind)
@pytest.mark.parametrize("state", JobState)
def test_every_kind_and_state_has_a_sentence(kind: JobKind, state: JobState) -> None:
    job = Job("1", kind, "default", state, "", done=3, total=7)
    chinese, english = (job_summary(job, chinese=each) for each in (True, False))
    assert HAN.search(chinese)
    assert english.isascii()
    if state is JobState.RUNNING:
        assert "3/7" in chinese
        assert "3 of 7" in english


@pytest.mark.parametrize(
    ("code", "detail", "told"),
    [
        ("index_locked", "another writer is at work on /x: 5", "索引正在写入"),
        ("storage_full", "no space is left", "存储空间不足"),
        ("still_read", "g000001 is still being read", "旧的索引仍有程序在读"),
        ("internal_error", "the job broke off", "任务异常中止"),
        ("collection_not_found", "there is no such collection any more", "已没有这个文档集"),
    ],
)
def test_why_a_job_failed(code: str, detail: str, told: str) -> None:
    problem = JobProblem(code, detail, "do this")
    shown = problem_json(problem, chinese=True)
    assert shown["code"] == code
    assert told in shown["detail"]
    assert HAN.search(shown["hint"])
    assert problem_json(problem, chinese=False) == {
        "code": code,
        "detail": detail,
        "hint": "do this",
    }
