"""A server that we did not write, `transformers serve`, with the tiny model of `test_local`.

It speaks the OpenAI protocol over a socket; the archive asks it through `remote:`, the very model
through `local:`, and both give the same answer.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.embed.builtin import BuiltinEmbedder
from indexer.index.store import IndexReader, open_index
from indexer.pipeline import build as build_index
from service.archive import Archive
from service.llm.load import load_llm
from service.records import Answer, Support
from tests.service.llm.test_local import EVIDENCE, TEMPLATE, build

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("openai", reason="transformers serve needs transformers[serving]")

STARTS_WITHIN_S = 180  # 12 s on an idle machine, 41 s beside a training
TEXT = "# 柳溪村的集体经济\n\n柳溪村的合作社有了收入，贫困户每户分到1500元。\n"
QUESTION = "柳溪村贫困户每户分到多少元？"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("models") / "tiny-chat", TEMPLATE, positions=8192)


@pytest.fixture(scope="module")
def url(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("serve") / "log.txt"
    command = [
        Path(sys.executable).with_name("transformers"), "serve", model,
        "--host", "127.0.0.1", "--port", str(port), "--device", "cpu",
    ]  # fmt: skip
    with log.open("w") as out:
        server = subprocess.Popen(
            [str(part) for part in command],
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + STARTS_WITHIN_S
            while not answers(port):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait(20)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def embedder() -> BuiltinEmbedder:
    return BuiltinEmbedder()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, embedder: BuiltinEmbedder) -> IndexReader:
    folder = tmp_path_factory.mktemp("archive")
    (folder / "a.md").write_text(TEXT, encoding="utf-8")
    build_index([folder / "a.md"], folder / "index", embedder)
    return open_index(folder / "index")


def answer(name: str, reader: IndexReader, embedder: BuiltinEmbedder) -> Answer:
    llm = load_llm(name, timeout_s=60, total_s=120, max_tokens=24)
    archive = Archive(
        reader,
        embedder,
        llm,
        near=embedder,
        max_question_chars=999,
    )
    return archive.ask(QUESTION)


def test_it_streams_what_the_model_writes(url: str, model: Path) -> None:
    writer = load_llm(f"remote:{url}#{model}", max_tokens=24)
    pieces = list(writer.write("每户多少钱？", EVIDENCE[:1], []))
    assert "".join(pieces) == "1500元。[1]"
    assert len(pieces) > 1


def test_both_ways_to_the_model_give_the_same_checked_answer(
    url: str, model: Path, reader: IndexReader, embedder: BuiltinEmbedder
) -> None:
    for name in (f"remote:{url}#{model}", f"local:{model}"):
        found = answer(name, reader, embedder)
        assert found.model.partition(":")[0] == name.partition(":")[0]
        assert [(s.text, s.support) for s in found.sentences] == [("1500元。", Support.QUOTED)]
        assert "每户分到1500元" in found.citations[0].quote
        assert found.note is None


def test_max_tokens_is_what_the_server_keeps_to(url: str, model: Path) -> None:
    writer = load_llm(f"remote:{url}#{model}", max_tokens=3)
    assert "".join(writer.write("每户多少钱？", EVIDENCE[:1], [])) == "1500"
