"""The demo as it is run: a real process over a real index, ended as a person or make ends it."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.demo import lay_out
from tests.source import ROOT

QUESTION = "白石村合作社给每户分红多少元？"
TEXT = "# 白石村通知\n\n日期：2021年3月8日\n\n白石村合作社举行仪式，给每户分红1860元。\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    (folder / "archive").mkdir()
    (folder / "archive" / "note.md").write_text(TEXT, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "indexer", "build", folder / "archive", "--index", folder / "index"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return folder / "index"


@contextmanager
def demo(index: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "service.demo", QUESTION, "--index", index, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What the process prints up to the line with these words, or to its end."""
    assert process.stdout is not None
    read = ""
    for line in process.stdout:
        read += line
        if words in line:
            break
    return read


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_with_its_proof_and_ends_cleanly(index: Path, number: signal.Signals) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        with demo(index, "--port", str(taken)) as process:
            output = read_until(process, "The page: ")
            found = re.search(r"The page: http://127\.0\.0\.1:(\d+)/", output)
            assert found, output
            assert f"using port {found[1]}" in output
            assert int(found[1]) != taken
            assert f"问  {QUESTION}" in output
            assert "1860元" in output.split("答  ")[1].splitlines()[0]
            assert "《白石村通知》，2021-03-08" in output
            assert "“白石村合作社举行仪式，给每户分红1860元。”" in output
            start = TEXT.index("白石村合作社举行")
            assert f"note.md：{start}–{len(TEXT) - 1}" in output

            process.send_signal(number)
            if number == signal.SIGTERM:  # it may come twice: to the group, and sent on by make
                time.sleep(0.05)
                process.send_signal(number)
            rest, _ = process.communicate(timeout=20)
            assert (process.returncode, rest.strip()) == (0, "")


def test_a_missing_index_is_one_line_and_a_status(tmp_path: Path) -> None:
    with demo(tmp_path / "none", "--port", "0") as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "python -m indexer build" in output
    assert "Traceback" not in output


def test_a_citation_without_a_date_and_over_two_lines() -> None:
    citation = {"n": 1, "title": "甲", "date": None, "source": "a.md", "start": 3, "end": 8}
    answer = {
        "question": "何时？",
        "answer": "今日。[1]",
        "citations": [citation | {"quote": "今\n日。"}],
    }
    assert lay_out(answer).splitlines() == [
        "问  何时？",
        "答  今日。[1]",
        "    [1] 《甲》",
        "        “今 日。”",
        "        a.md：3–8",
    ]
