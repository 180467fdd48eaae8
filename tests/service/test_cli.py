"""The command line as people use it: processes, exit statuses, signals, one line per error."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from tests.service.llm.chat_server import chat_server, delta, events

ROOT = Path(__file__).parents[2]
TEXT = "# 金野以匹村的分红\n\n村里修了路。\n44户贫困户每户分到1500元。\n"
QUESTION = "金野以匹村的贫困户每户分到多少钱？"
HEAVY = ("torch", "transformers", "faiss", "tantivy", "model2vec", "fastapi", "numpy", "pydantic")


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "分红.md").write_text(TEXT, encoding="utf-8")
    build([folder / "corpus"], folder / "index", load_embedder("builtin"))
    return folder / "index"


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "service", *map(str, arguments)]


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def started(
    *arguments: str | Path, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A serving process and its address, once it says that it is ready."""
    process = subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stderr is not None
        line = ""
        while not line.startswith("ready: "):
            line = process.stderr.readline()
            assert line, "it ended before it was ready"
        yield process, line.split()[1]
    finally:
        process.kill()
        process.communicate()


def is_one_line_error(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("error: ")
    assert "(hint: " in line
    for word in words:
        assert word in line


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"]])
def test_help_is_quick_and_loads_nothing(arguments: list[str]) -> None:
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = run(*arguments)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert done.returncode == 0
        assert "--index" in done.stdout
    assert min(spent) < 0.5


def test_importing_loads_no_engine_and_no_model() -> None:
    code = (
        "import sys, service, service.__main__, service.llm.load, indexer\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_ask_prints_the_answer_its_quote_and_where_it_stands(index_dir: Path) -> None:
    done = run("ask", QUESTION, "--index", index_dir)
    assert done.returncode == 0, done.stderr
    answer, cited, *_ = done.stdout.strip().split("\n\n")
    assert "1500元" in answer
    assert "[1]" in answer
    title, quote, place = cited.split("\n")
    assert title == "[1] 金野以匹村的分红"
    assert "每户分到1500元" in quote
    start = TEXT.index("44户")
    assert place.strip().startswith(f"分红.md，第4行，第{start}至")


def test_ask_prints_what_the_service_returns(index_dir: Path) -> None:
    done = run("--index", index_dir, "ask", QUESTION, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["question"] == QUESTION
    (cited, *_) = answer["citations"]
    assert TEXT[cited["start"] : cited["end"]] == cited["quote"]


def test_ask_keeps_to_its_filters(index_dir: Path) -> None:
    done = run("ask", QUESTION, "--index", index_dir, "--source", "none/*", "--json")
    assert json.loads(done.stdout)["abstained"] is True


def test_errors_are_one_line_with_a_way_out(index_dir: Path) -> None:
    is_one_line_error(run("ask", "？", "--index", index_dir), "empty")
    dated = run("ask", "多少？", "--index", index_dir, "--date-from", "gestern")
    is_one_line_error(dated, "gestern", "2020-05-28")
    is_one_line_error(run("--index", index_dir, WENJU_PORT="x"), "port", "WENJU_PORT")
    is_one_line_error(run("--index", index_dir, "--port", "70000"), "--port")
    is_one_line_error(run("ask", "多少？", "--index", index_dir, "--llm", "gpt"), "extractive")
    is_one_line_error(run("--index", index_dir, "--port", "0", "--host", "no.such.host.invalid"))


def test_serving_ends_with_the_error_that_keeps_it_from_opening(
    index_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "CURRENT").write_text("no pointer")
    is_one_line_error(run("--index", tmp_path, "--port", "0"), "python -m indexer rebuild")
    absent = run("--index", index_dir, "--port", "0", "--llm", "local:nobody/has-this")
    is_one_line_error(absent, "nobody/has-this", "hf download nobody/has-this")


def test_a_port_that_is_taken(index_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        is_one_line_error(run("--index", index_dir, "--port", str(port)), str(port), "--port")


def test_an_address_for_all_needs_keys_or_a_plain_word(index_dir: Path) -> None:
    everywhere = ("--index", index_dir, "--port", "0", "--host", "0.0.0.0")
    is_one_line_error(run(*everywhere), "0.0.0.0", "--without-keys")
    with started(*everywhere, "--without-keys") as (_, address):
        assert httpx.get(address.replace("0.0.0.0", "127.0.0.1"), timeout=10).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(index_dir: Path, number: signal.Signals) -> None:
    with started("--index", index_dir, "--port", "0") as (process, address):
        assert httpx.get(f"{address}readyz", timeout=10).json()["documents"] == 1
        answer = httpx.post(f"{address}v1/ask", json={"question": QUESTION}, timeout=10)
        assert "1500元" in answer.json()["answer"]
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
        assert process.returncode == 0
        assert said == ""


def test_a_signal_ends_it_cleanly_while_a_language_model_is_silent(index_dir: Path) -> None:
    def silent(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        server.release.wait(60)

    with (
        chat_server(silent) as server,
        started(
            "--index", index_dir, "--port", "0", "--llm", f"remote:{server.url}#qwen",
            WENJU_SHUTDOWN_GRACE_S="1",
        ) as (process, address),
        httpx.stream(
            "POST", f"{address}v1/ask", json={"question": QUESTION, "stream": True}, timeout=20
        ) as answer,
    ):  # fmt: skip
        assert next(answer.iter_lines()) == "event: passages"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_language_model_writes_and_its_sentence_is_checked(index_dir: Path) -> None:
    reply = events(delta("每户分到"), delta("1500元。[1]\n"), delta("每户分到9999元。[1]"))
    with chat_server(reply) as server:
        done = run(
            "ask", QUESTION, "--index", index_dir, "--llm", f"remote:{server.url}#qwen", "--json"
        )
    answer = json.loads(done.stdout)
    assert answer["model"] == "remote:qwen"
    assert [sentence["text"] for sentence in answer["sentences"]] == ["每户分到1500元。"]
    assert "9999" not in done.stdout
    content = server.requests[0]["messages"][-1]["content"]
    assert "44户贫困户每户分到1500元" in content


def test_a_removed_document_is_gone_from_the_next_question_on(
    index_dir: Path, tmp_path: Path
) -> None:
    import shutil

    own = tmp_path / "index"
    shutil.copytree(index_dir, own)
    with started("--index", own, "--port", "0") as (_, address):
        asked = {"question": QUESTION}
        assert not httpx.post(f"{address}v1/ask", json=asked, timeout=10).json()["abstained"]
        removal = [sys.executable, "-m", "indexer", "remove", "分红.md", "--index", str(own)]
        subprocess.run(removal, cwd=ROOT, check=True, capture_output=True)
        assert httpx.post(f"{address}v1/ask", json=asked, timeout=10).json()["abstained"]
        assert httpx.get(f"{address}v1/documents", timeout=10).json()["documents"] == []
        assert httpx.get(f"{address}readyz", timeout=10).json()["documents"] == 0
