"""The whole evaluation on a small corpus: real index, real service, both command lines."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from eval.__main__ import app
from eval.bench.__main__ import app as bench
from eval.bench.processes import run_measured, serving
from eval.runs.files import read_run
from tests.eval.fakes import without_times
from tests.eval.small_corpus import CORPUS, GOLD, call, call_code, write_corpus, write_gold


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with corpus/, index/ and gold.jsonl."""
    folder = tmp_path_factory.mktemp("whole")
    corpus = write_corpus(folder / "corpus")
    write_gold(folder / "gold.jsonl", GOLD)
    run_measured(["indexer", "build", str(corpus), "--index", str(folder / "index")])
    return folder


def shown(run: Path) -> dict[str, Any]:
    """The figures of a run, as `show --json` tells them."""
    done = call("eval", "show", run, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def kept_run(folder: Path, name: str, *more: object) -> Path:
    out = folder / name
    done = call("eval", "run", "--gold", folder / "gold.jsonl", "--out", out, *more)
    assert done.returncode == 0, done.stderr
    assert "4 questions" in done.stdout
    assert f"written to {out}" in done.stdout
    return out


def invoke(*arguments: object, of: Typer = app) -> Result:
    """A command within this process, which takes less time."""
    return CliRunner().invoke(of, [str(argument) for argument in arguments])


def test_a_run_says_what_was_measured(folder: Path) -> None:
    run = read_run(kept_run(folder, "told.jsonl", "--index", folder / "index"))
    told = {name: run.header.measured[name] for name in ("model", "reranker", "generation")}
    assert told == {"model": "extractive", "reranker": "none", "generation": "g000001"}


def test_the_gold_file_is_sound(folder: Path) -> None:
    done = call("eval", "check", "--gold", folder / "gold.jsonl", "--index", folder / "index")
    assert (done.returncode, done.stdout) == (0, "4 questions, 0 problems\n")


def test_check_names_line_and_field_and_fails(folder: Path) -> None:
    wrong = [dict(row) for row in GOLD[:2]]
    wrong[1] |= {"evidence": [{"document": "2020/visit.md", "quote": "口罩3428只"}]}
    path = write_gold(folder / "wrong.jsonl", wrong)
    done = call("eval", "check", "--gold", path, "--index", folder / "index")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{path}:2: t2: evidence[0].quote: 2020/visit.md: '口罩3428只' "
        "does not occur in the document",
        "2 questions, 1 problems",
    ]


@pytest.fixture(scope="module")
def here(folder: Path) -> Path:
    """A run in process."""
    return kept_run(folder, "here.jsonl", "--index", folder / "index")


def test_a_run_in_process(here: Path) -> None:
    told = shown(here)
    figures = told["overall"]
    # Three are answered from the right document, the fourth is refused.
    for name in ("right", "recall@1", "mrr@10", "answer_hit", "document_cited", "quotes_exact"):
        assert figures[name] == 1, name
    assert (figures["refused_wrongly"], figures["refusal_recall"]) == (0, 1)
    assert figures["refusal_precision"] == 1
    assert (told["questions"], told["crashed"]) == (4, [])
    assert set(told["latency_ms"]) >= {"asked", "retrieve", "total"}
    assert 20 < told["peak_memory_mib"] < 2000
    header = read_run(here).header
    assert header.measured["manifest"]["embedder"]["name"] == "e5"
    assert header.measured["model"] == "extractive"


def test_a_run_over_http_gives_the_same_lines(folder: Path, here: Path) -> None:
    with serving(folder / "index") as service:
        there = kept_run(folder, "there.jsonl", "--url", service.url)
        checked = invoke("check", "--gold", folder / "gold.jsonl", "--url", service.url)
    assert checked.exit_code == 0
    inside, outside = read_run(here), read_run(there)
    assert [without_times(v) for v in outside.verdicts] == [
        without_times(v) for v in inside.verdicts
    ]
    assert outside.header.measured["generation"] == inside.header.measured["generation"]
    assert outside.header.questions == inside.header.questions
    # The service is gone now: an error before the first question, in two lines.
    gone = invoke("run", "--gold", folder / "gold.jsonl", "--url", service.url)
    assert gone.exit_code == 1
    assert gone.stderr.startswith("error: GET http://127.0.0.1")
    assert "hint: start it" in gone.stderr


def test_evidence_that_the_index_lacks_counts_as_not_found(folder: Path) -> None:
    path = folder / "elsewhere.jsonl"
    row = GOLD[0] | {"evidence": [{"document": "2021/none.md", "quote": "每户分到1500元"}]}
    write_gold(path, [row])
    out = folder / "elsewhere-run.jsonl"
    done = invoke("run", "--gold", path, "--index", folder / "index", "--out", out)
    assert done.exit_code == 0
    assert "1 questions have evidence that the index does not hold" in done.stdout
    [line] = read_run(out).verdicts
    assert line.evidence_missing == ("2021/none.md: document_not_in_index",)
    assert line.retrieval is not None
    assert line.retrieval.recall_at[10] == 0
    assert (line.answer_hit, line.document_cited, line.right) == (True, False, False)


def test_a_run_in_trecs_form(folder: Path, here: Path) -> None:
    done = invoke("trec", here, "--out", folder / "trec")
    assert done.exit_code == 0, done.stderr
    judged = (folder / "trec" / "here.qrels").read_text(encoding="utf-8").splitlines()
    assert [row.split()[0] for row in judged] == ["t1", "t2", "t3"]
    first = (folder / "trec" / "here.run").read_text(encoding="utf-8").splitlines()[0].split()
    assert first == ["t1", "Q0", judged[0].split()[2], "1", "1.000000", "here"]


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
        (("show", "{none}"), "No such file"),
        (("show", "{gold}"), "is not the file of a run"),
        (("trec", "{none}", "--out", "{none}"), "No such file"),
        (("bench", "scale", "--news", "{none}"), "can't be read as articles"),
    ],
)
def test_mistakes_are_told_in_a_line(folder: Path, arguments: tuple[str, ...], says: str) -> None:
    places = {"gold": folder / "gold.jsonl", "index": folder / "index", "none": folder / "none"}
    told = [part.format(**places) for part in arguments]
    done = invoke(*told[1:], of=bench) if told[0] == "bench" else invoke(*told)
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit)  # and nothing that would be a traceback
    assert "\nerror: " in "\n" + done.stderr
    assert says in done.stderr


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
    first = invoke("squad", *common, "--out", out)
    assert first.exit_code == 0, first.stderr
    assert "indexing 3 paragraphs and 3 articles" in first.stdout
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert kept["figures"]["recall@1"] == 1
    assert kept["figures"]["answer_hit"] == pytest.approx(1 / 3)  # 1500元 answers one of the three
    again = invoke("squad", *common, "--mode", "lexical", "--out", out)
    assert again.exit_code == 0, again.stderr
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
    figures = json.loads(out.read_text(encoding="utf-8"))["sizes"][0]["figures"]
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
