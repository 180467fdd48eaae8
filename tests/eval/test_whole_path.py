"""The whole evaluation on a small corpus: real index, real service, both command lines."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from eval.bench.processes import run_measured, serving

PROJECT = Path(__file__).resolve().parents[2]

CORPUS = {
    "2020/visit.md": "# 走访金野以匹村\n\n日期：2020年5月28日\n\n"
    "金野以匹村共有44户贫困户。村集体经济当年分红，每户分到1500元。\n\n"
    "工作队还看望了在村小学支教的两名教师。\n",
    "2020/donation.md": "# 捐赠情况通报\n\n日期：2020年6月2日\n\n"
    "某大学向昭觉县捐赠口罩三千四百二十八只，由县医院接收。\n\n"
    "另有一家公司捐赠电脑60台，分给两所中学。\n",
    "2019/plan.txt": "2019年帮扶工作计划\n2019年3月5日\n"
    "计划派出医疗队12人，为期六个月，驻点永平县人民医院。\n"
    "计划培训乡村医生80名，培训地点设在县卫生学校。\n",
}
GOLD: list[dict[str, Any]] = [
    {
        "id": "t1",
        "kind": "figure",
        "question": "金野以匹村的集体经济分红每户分到多少钱？",
        "answers": [["1500元"]],
        "evidence": [{"document": "2020/visit.md", "quote": "每户分到1500元"}],
    },
    {
        "id": "t2",
        "kind": "spelled_otherwise",
        "question": "某大學向昭覺縣捐贈了多少只口罩？",
        "answers": [["3428只", "3428"]],
        "evidence": [{"document": "2020/donation.md", "quote": "捐赠口罩三千四百二十八只"}],
    },
    {
        "id": "t3",
        "kind": "place",
        "question": "乡村医生的培训地点设在哪里？",
        "answers": [["卫生学校"]],
        "evidence": [{"document": "2019/plan.txt", "quote": "培训地点设在县卫生学校"}],
    },
    {
        "id": "t4",
        "kind": "no_answer",
        "question": "火星探测器用的是什么燃料？",
        "answers": [],
        "evidence": [],
    },
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with corpus/, index/ and gold.jsonl."""
    folder = tmp_path_factory.mktemp("whole")
    for name, text in CORPUS.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_gold(folder / "gold.jsonl", GOLD)
    run_measured(["indexer", "build", str(folder / "corpus"), "--index", str(folder / "index")])
    return folder


def write_gold(path: Path, rows: list[dict[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def call_code(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run_record(folder: Path, *more: object) -> dict[str, Any]:
    out = folder / "run.json"
    done = call("eval", "run", "--gold", folder / "gold.jsonl", "--out", out, *more)
    assert done.returncode == 0, done.stderr
    assert "4 questions" in done.stdout
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert isinstance(kept, dict)
    return kept


def test_the_gold_file_is_sound(folder: Path) -> None:
    done = call("eval", "check", "--gold", folder / "gold.jsonl", "--index", folder / "index")
    assert (done.returncode, done.stdout) == (0, "4 questions, 0 problems\n")


def test_check_names_line_and_field_and_fails(folder: Path) -> None:
    wrong = [dict(row) for row in GOLD[:2]]
    wrong[1] |= {"evidence": [{"document": "2020/visit.md", "quote": "口罩3428只"}]}
    path = folder / "wrong.jsonl"
    write_gold(path, wrong)
    done = call("eval", "check", "--gold", path, "--index", folder / "index")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{path}:2: t2: evidence[0].quote: 2020/visit.md: '口罩3428只' "
        "does not occur in the document",
        "2 questions, 1 problems",
    ]


@pytest.fixture(scope="module")
def here(folder: Path) -> dict[str, Any]:
    """The record of a run in process."""
    return run_record(folder, "--index", folder / "index")


def test_a_run_in_process(here: dict[str, Any]) -> None:
    figures = here["figures"]["overall"]
    assert figures["recall@1"] == 1
    assert figures["answer_hit"] == 1
    assert figures["document_cited"] == 1
    assert figures["quote_exactness"] == 1
    assert figures["refused_wrongly"] == 0
    assert figures["refused_rightly"] == 1
    assert here["measured"]["manifest"]["embedder"]["name"] == "builtin"
    assert here["measured"]["model"] == "extractive"
    assert set(here["latency_ms"]) >= {"asked", "retrieve", "total"}


def test_a_run_over_http_gives_the_same_figures(folder: Path, here: dict[str, Any]) -> None:
    with serving(folder / "index") as service:
        there = run_record(folder, "--url", service.url)
        checked = call("eval", "check", "--gold", folder / "gold.jsonl", "--url", service.url)
    assert checked.returncode == 0
    assert there["figures"] == here["figures"]
    assert there["measured"]["generation"] == here["measured"]["generation"]
    # The service is gone now: an error before the first question, in two lines.
    gone = call("eval", "run", "--gold", folder / "gold.jsonl", "--url", service.url)
    assert gone.returncode == 1
    assert gone.stderr.startswith("error: GET http://127.0.0.1")
    assert "hint: start it" in gone.stderr


def test_evidence_that_the_index_lacks_counts_as_not_found(folder: Path) -> None:
    path = folder / "elsewhere.jsonl"
    row = GOLD[0] | {"evidence": [{"document": "2021/none.md", "quote": "每户分到1500元"}]}
    write_gold(path, [row])
    out = folder / "elsewhere.json"
    done = call("eval", "run", "--gold", path, "--index", folder / "index", "--out", out)
    assert done.returncode == 0
    assert "1 questions have evidence that the index does not hold" in done.stdout
    [line] = json.loads(out.read_text(encoding="utf-8"))["questions"]
    assert line["evidence_missing"] == ["2021/none.md: document_not_in_index"]
    assert line["retrieval"]["recall_at"]["10"] == 0
    assert (line["answer_hit"], line["document_cited"], line["right"]) == (True, False, False)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "--gold", "none.jsonl", "--index", "none"), "none.jsonl: no such file"),
        (("run", "--gold", "{gold}"), "nothing to ask"),
        (("run", "--gold", "{gold}", "--index", "{none}"), "no index"),
        (("run", "--gold", "{gold}", "--url", "http://127.0.0.1:9", "--llm", "x"), "--llm"),
        (("run", "--gold", "{gold}", "--index", "{index}", "--llm", "x:y"), "hint: "),
        (("check", "--gold", "{gold}", "--index", "{none}"), "no index"),
        (("squad", "--file", "{gold}"), "is not in SQuAD form"),
        (("bench", "scale", "--news", "{none}"), "can't be read as articles"),
    ],
)
def test_mistakes_are_told_in_a_line(folder: Path, arguments: tuple[str, ...], says: str) -> None:
    places = {"gold": folder / "gold.jsonl", "index": folder / "index", "none": folder / "none"}
    module = "eval.bench" if arguments[0] == "bench" else "eval"
    rest = arguments[1:] if arguments[0] == "bench" else arguments
    done = call(module, *(part.format(**places) for part in rest))
    assert done.returncode == 1, done.stderr
    assert "\nerror: " in "\n" + done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_squad_builds_once_and_weighs_the_legs(folder: Path) -> None:
    paragraphs = [
        {
            "context": text.split("\n\n", 2)[-1],
            "qas": [
                {"id": row["id"], "question": row["question"], "answers": [{"text": "1500元"}]}
                for row in GOLD
                if row["evidence"] and row["evidence"][0]["document"] == name
            ],
        }
        for name, text in CORPUS.items()
    ]
    file = folder / "set.json"
    file.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    news = folder / "news.jsonl"
    news.write_text('{"text": "今天的天气很好，适合出门。"}\n' * 3, encoding="utf-8")
    common = ("--file", file, "--news", news, "--documents", 3, "--cache", folder / "cache")
    out = folder / "squad.json"
    first = call("eval", "squad", *common, "--out", out)
    assert first.returncode == 0, first.stderr
    assert "indexing 3 paragraphs and 3 articles" in first.stdout
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert kept["figures"]["recall@1"] == 1
    assert kept["figures"]["answer_hit"] == pytest.approx(1 / 3)  # 1500元 answers one of the three
    again = call("eval", "squad", *common, "--mode", "lexical", "--out", out)
    assert again.returncode == 0, again.stderr
    assert "indexing" not in again.stdout
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert kept["figures"]["recall@1"] == 1
    assert kept["figures"]["answer_hit"] is None


def test_scale_and_startup(folder: Path) -> None:
    news = folder / "articles.jsonl"
    lines = (
        json.dumps({"text": f"第{n}号简报说明，甲县今年修路{n + 3}公里，乙乡栽树{n * 7 + 5}棵。"})
        for n in range(30)
    )
    news.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out = folder / "scale.json"
    done = call(
        "eval.bench", "scale", "--news", news, "--documents", 30, "--questions", 5, "--out", out
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    assert (figures["documents"], figures["questions"]) == (30, 5)
    for name in ("index_seconds", "index_peak_bytes", "index_bytes", "service_peak_bytes"):
        assert figures[name] > 0, name
    assert 0 < figures["ask_ms"]["p50"] <= figures["ask_ms"]["p95"]
    started = call("eval.bench", "startup", "--index", folder / "index", "--runs", 2, "--out", out)
    assert started.returncode == 0, started.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    assert len(figures["ready_seconds"]) == 2
    assert figures["median_seconds"] == pytest.approx(sum(figures["ready_seconds"]) / 2)


HELP = """
import sys, time
sys.argv = ["-", "--help"]
from {module}.__main__ import app
app(standalone_mode=False)
heavy = {{"numpy", "faiss", "tantivy", "model2vec", "torch", "httpx", "fastapi", "opencc"}}
sys.stderr.write(f"{{time.process_time()}} {{sorted(heavy & set(sys.modules))}}")
"""


@pytest.mark.parametrize("module", ["eval", "eval.bench"])
def test_help_loads_nothing_heavy(module: str) -> None:
    told = [call_code(HELP.format(module=module)) for _ in range(3)]
    assert all(done.returncode == 0 and "Usage" in done.stdout for done in told)
    assert {done.stderr.partition(" ")[2] for done in told} == {"[]"}
    # Processor time of the best: other work on the machine says nothing of us.
    assert min(float(done.stderr.partition(" ")[0]) for done in told) < 0.5
