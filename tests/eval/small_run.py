"""A run of four questions over prepared answers: right, crashed, followed up, rightly refused."""

from pathlib import Path

from eval.gold import Evidence, GoldQuestion, Kind
from eval.runs.asking import Asking, header_of, run_all
from eval.runs.files import Run, writing
from service.records import Turn
from tests.eval.fakes import FakeTarget, cite, reply

VISIT = "a/visit.md"
EVIDENCE = (Evidence(VISIT, "每户分到1,500元"),)
HISTORY = (Turn("user", "村里有多少户？"),)
QUESTIONS = [
    GoldQuestion("q1", Kind.FIGURE, "每户多少钱？", (("1500元",),), EVIDENCE),
    GoldQuestion("q2", Kind.FACT, "谁来了？", (("教师",),), EVIDENCE),  # crashes: is not prepared
    GoldQuestion("q3", Kind.FOLLOW_UP, "那么每户呢？", (("1500元",),), EVIDENCE, HISTORY),
    GoldQuestion("q4", Kind.NO_ANSWER, "有几匹马？", (), ()),
]
SUBJECT = {"generation": "g000001", "model": "fake", "manifest": {"roots": ({"path": "a"},)}}


def small_run(folder: Path) -> Run:
    cited = (cite(VISIT, "每户分到1,500元。"),)
    right = reply("每户分到1,500元。", citations=cited, short="1500元", confidence=0.75)
    answers = {"每户多少钱？": right, "那么每户呢？": right, "有几匹马？": reply(citations=cited)}
    target = FakeTarget(answers, {"每户多少钱？": [(VISIT, 0), (VISIT, 1)]})
    gold = folder / "gold.jsonl"
    gold.write_text("any", encoding="utf-8")
    header = header_of(QUESTIONS, gold, {"k": 8, "llm": None}, SUBJECT)
    return run_all(QUESTIONS, Asking(target, 8), header, name="run.jsonl")


def written(run: Run, path: Path) -> Path:
    """The run as a file, two of its lines as if they were kept from an earlier one."""
    assert run.end is not None
    with writing(path, run.header, run.verdicts[:2]) as writer:
        for verdict in run.verdicts[2:]:
            writer.add(verdict)
        writer.end(run.end)
    return path
