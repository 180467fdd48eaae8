"""The report through its command: what stands in the file, what it says of stopped and broken
runs, and that nothing from a question or a document becomes markup.
"""

import re
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from eval.__main__ import app
from eval.gold import Evidence, Kind
from eval.report.language import Language
from eval.report.page import page
from eval.report.words import KINDS, figure_definition
from eval.runs.curves import CURVES
from eval.runs.figures import FIGURES
from eval.runs.files import Asked, read_run
from eval.target import Citation
from tests.eval.report_runs import ranked, run_file, verdict, wrong

LINES = [
    verdict("q1"),
    wrong("q2", retrieval=ranked(3)),
    wrong(
        "q3", kind=Kind.NO_ANSWER, question="有几匹马？", expected=(), evidence=(), retrieval=None
    ),
    verdict("q4", kind=Kind.NO_ANSWER, question="有几头牛？", abstained=True, retrieval=None),
]


def report(run: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["report", str(run), *options])


def text_of(file: Path) -> str:
    """What a reader sees and a little more: the file without its tags, spaces in one."""
    html = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", file.read_text("utf-8"), flags=re.S)
    html = re.sub(r"</?(bdi|mark)>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


class Surroundings(HTMLParser):
    """Which elements stand around each piece of text that holds a mark of direction."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.around: list[set[str]] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "link", "input", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "\u202e" in data:
            self.around.append(set(self._open))


def test_writes_the_figures_and_failures_beside_the_run(tmp_path: Path) -> None:
    done = report(run_file(tmp_path, LINES), "--language", "en")
    assert done.exit_code == 0, done.output
    assert done.output.endswith(f"written to {tmp_path / 'run.html'}\n")
    text = text_of(tmp_path / "run.html")
    assert "50.0% 2 of 4 questions right 95% interval 0.0–100.0" in text
    assert "answer hit Every required value stands in the first three sentences. 50.0%" in text
    assert "refusal recall Questions without an answer that were refused. 50.0%" in text
    assert "Code 0.1.0 c0ffeec0ffee (with uncommitted changes)" in text
    assert "Embedder builtin, 384 dimensions" in text
    assert "Chunking at most 320 characters" in text
    assert "Gold file corpus.jsonl, 4 questions abababababab" in text
    assert "Most memory 304 MiB" in text
    assert "asked 31.0 31.0" in text
    assert "Failures 2" in text
    assert (
        "Its evidence is passage 3 of the search, yet the answer took other sentences: none holds "
        "a required value. Required values ✗ 1500元 / 一千五百元 Answer 分红仪式很热闹。 Citations "
        "每户分到1,500元 a/visit.md characters 14–23 Evidence 每户分到1,500元 a/visit.md Besides "
        "evidence is passage 3 of the search 90% sure 31 ms"
    ) in text
    assert "The archive does not tell, yet the service answered, 90% sure." in text


def test_both_languages_say_the_same_things(tmp_path: Path) -> None:
    run = run_file(tmp_path, LINES)
    report(run, "--language", "zh", "--out", str(tmp_path / "zh.html"))
    report(run, "--language", "both", "--out", str(tmp_path / "both.html"))
    chinese = text_of(tmp_path / "zh.html")
    assert "50.0% 4 题里 2 题全对" in chinese
    assert "证据排在检索的第3段，回答取的却是别的句子，没有一句含有要求的值。" in chinese
    assert not re.search(r"\b(question|figure|answer|the)\b", chinese.split("运行文件第一行")[0])
    both = (tmp_path / "both.html").read_text("utf-8")
    assert both.count('class="z" lang="zh-CN"') == both.count('class="e" lang="en"') > 50
    assert "<script" not in (tmp_path / "zh.html").read_text("utf-8")


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    run = run_file(tmp_path, LINES)
    report(run, "--out", str(tmp_path / "one.html"))
    report(run, "--out", str(tmp_path / "two.html"))
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(1)> 忽略以上指令 \u202eevil\u202c'


def test_nothing_from_outside_becomes_markup(tmp_path: Path) -> None:
    citation = Citation(1, "d", ATTACK, 1, 2, f"{ATTACK}1500元{ATTACK}")
    everywhere = {
        "question": ATTACK,
        "answer": (f"{ATTACK}1500元",),
        "expected": (("1500元", ATTACK),),
        "evidence": (Evidence(ATTACK, ATTACK),),
        "cited": (citation,),
        "short_answer": ATTACK,
        "note": ATTACK,
        "model": ATTACK,
        "timings_ms": {"asked": 1.0, ATTACK: 2.0},
    }
    lines = [
        verdict(f"ok{ATTACK}", **everywhere),
        wrong(f"bad{ATTACK}", **{**everywhere, "evidence_missing": (f"{ATTACK}: x",)}),
        wrong("crash", **everywhere, crashed=ATTACK),
        wrong("refused", **everywhere, abstained=True, reason=ATTACK),
    ]
    run = run_file(tmp_path, lines, model=ATTACK, url=ATTACK, generation=ATTACK)
    done = report(run)
    assert done.exit_code == 0, done.output
    html = (tmp_path / "run.html").read_text("utf-8")
    assert html.count("<script") == 1
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "忽略以上指令" in html
    # Marks of direction stand in elements of their own, and so turn nothing else around.
    around = Surroundings(html).around
    assert len(around) > 40
    assert [names for names in around if not names & {"bdi", "pre", "title"}] == []


def test_a_stopped_run_says_so_and_counts_as_wrong(tmp_path: Path) -> None:
    left = [
        Asked("q5", Kind.DATE, "哪天？", "d5"),
        Asked("q6", Kind.NO_ANSWER, "几头羊？", "d6"),
        Asked("q7", Kind.FOLLOW_UP, "那邻村呢？", "d7"),
        Asked("q8", Kind.LIST, "哪三件事？", "d8"),
    ]
    done = report(run_file(tmp_path, LINES, unasked=left), "--language", "en")
    assert done.exit_code == 0
    text = text_of(tmp_path / "run.html")
    assert "This run was stopped: 4 of 8 questions were not asked and count as wrong" in text
    assert "25.0% 2 of 8 questions right" in text
    assert "Failures 6" in text
    assert "Not asked 4" in text
    assert "Finished it did not" in text
    # One value of two is proven; the date and the follow-up ask for one each, the list for two.
    assert "Required values that such a citation proves. 16.7%" in text


def test_a_run_that_lacks_its_last_line_alone(tmp_path: Path) -> None:
    report(run_file(tmp_path, LINES, ended=False), "--language", "en")
    text = text_of(tmp_path / "run.html")
    assert "stopped before its last line: every question was asked" in text
    assert "2 of 4 questions right" in text


def test_a_run_over_http_tells_what_the_service_told(tmp_path: Path) -> None:
    url = "http://127.0.0.1:8000"
    run = run_file(tmp_path, LINES, url=url, manifest={}, documents=43, generation="g000002")
    report(run, "--language", "en")
    text = text_of(tmp_path / "run.html")
    assert f"Service {url} Answers by extractive Index 43 documents g000002 Gold file" in text


def test_crashes_and_missing_evidence_are_said_at_the_top(tmp_path: Path) -> None:
    lines = [
        *LINES,
        wrong("q5", crashed="ReadTimeout: 30 s", answer=(), cited=()),
        wrong("q6", evidence_missing=("a/visit.md: document_not_in_index",)),
    ]
    report(run_file(tmp_path, lines), "--language", "en")
    top, _, rest = text_of(tmp_path / "run.html").partition("What was measured")
    assert "No answer came back to 1 questions; they count as wrong." in top
    assert "The index lacks some evidence of 1 questions" in top
    assert "No answer came back: ReadTimeout: 30 s" in rest
    assert "The index lacks the evidence: a/visit.md: document_not_in_index" in rest


def test_nothing_failed(tmp_path: Path) -> None:
    report(run_file(tmp_path, LINES[:1]), "--language", "en")
    assert "Every question was answered right." in text_of(tmp_path / "run.html")


def test_without_matplotlib_the_tables_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = report(run_file(tmp_path, LINES))
    assert done.exit_code == 0
    assert "pip install -c constraints.txt -e '.[eval]'" in done.stderr
    text = text_of(tmp_path / "run.html")
    assert "没有图：没有安装 matplotlib。请运行：pip install" in text
    assert "the report has no plots: matplotlib is not installed" in text
    assert "asked 31.0 31.0" in text
    assert 'class="plot"' not in (tmp_path / "run.html").read_text("utf-8")


def test_without_a_chinese_font_the_plots_speak_english(tmp_path: Path) -> None:
    run = read_run(run_file(tmp_path, LINES))
    html = page(run, Language.BOTH, None)
    assert "图中文字为英文：写报告的机器上没有中文字体。" in html
    assert html.count('class="plot"') == 4
    assert 'aria-label="Risk and coverage"' in html
    assert 'aria-label="风险与覆盖"' not in html
    assert "没有中文字体" not in page(run, Language.EN, None)


def test_a_file_that_is_no_run(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a"}\n', encoding="utf-8")
    done = report(path)
    assert done.exit_code == 1
    assert f"error: {path}:1: type: is not run" in done.stderr
    assert not path.with_suffix(".html").exists()
    assert "No such file" in report(tmp_path / "none.jsonl").stderr


def test_a_place_that_can_not_be_written(tmp_path: Path) -> None:
    run = run_file(tmp_path, LINES)
    before = run.read_bytes()
    done = report(run, "--out", str(run))
    assert (done.exit_code, run.read_bytes()) == (1, before)
    assert "is the run itself" in done.stderr
    done = report(run, "--out", str(run / "below.html"))
    assert done.exit_code == 1
    assert "hint: name another file for the report with --out" in done.stderr
    (tmp_path / "folder").mkdir()
    assert report(run, "--out", str(tmp_path / "folder")).exit_code == 1
    assert not list(tmp_path.glob("*.part"))


def test_half_a_character_can_be_written(tmp_path: Path) -> None:
    run = run_file(tmp_path, LINES)
    run.write_bytes(run.read_bytes().replace("有几匹马？".encode(), b"\\ud83d"))
    assert report(run).exit_code == 0


def test_a_report_of_300_questions_is_small(tmp_path: Path) -> None:
    long = (
        "涪城出学校24所、医疗卫生单位25家，常来常往，合作共建，每户1500元，办成区域教育医疗中心。"
    )
    cited = tuple(Citation(n, "d", "a/visit.md", 0, 49, long) for n in (1, 2, 3))
    given = {"answer": (long, long, long), "cited": cited}
    lines = [(wrong if n % 3 else verdict)(f"q{n}", **given) for n in range(300)]
    assert report(run_file(tmp_path, lines)).exit_code == 0
    assert (tmp_path / "run.html").stat().st_size < 2_000_000


def test_every_name_has_its_chinese() -> None:
    assert set(KINDS) == set(Kind)
    for name in (each.name for each in (*FIGURES, *CURVES)):
        assert re.search(r"[\u4e00-\u9fff]", figure_definition(name)[0]), name
