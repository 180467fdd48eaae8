"""How an answer came about: over HTTP and on the command line, and only where it is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from indexer.embed.builtin import BuiltinEmbedder
from indexer.pipeline import build
from service.archive import Archive
from service.ask import answer_text
from service.explained import explanation_text
from service.records import Filters
from service.settings import Settings

QUESTION = "清河县图书馆2019年有多少册藏书？"
TEXTS = {
    "图书馆.txt": "清河县图书馆年报\n\n2019年，清河县图书馆有藏书三十二万册。\n\n馆长是周文达。",
    "修路.txt": "白水镇修路记\n\n2017年，白水镇修了十二公里公路，沿线栽了三千棵树。",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], folder / ".index", BuiltinEmbedder())
    return folder / ".index"


@pytest.fixture(scope="module")
def archive(index: Path) -> Archive:
    return Archive.open(index, Settings(index=index))


def test_an_answer_explains_itself(archive: Archive) -> None:
    answer = archive.ask(QUESTION, explained=True)
    explanation = answer.explanation
    assert explanation is not None
    asked = explanation.analysis
    assert (asked.asks, asked.unit) == ("number", "册")
    assert "2019年" in asked.periods
    best = explanation.candidates[0]
    assert "三十二万册" in best.quote
    assert best.is_cited
    assert best.value is not None
    assert "三十二万" in best.value
    assert best.value_probability is not None
    text = archive.reader.document(best.document_id).document.text
    assert text[best.start : best.end] == best.quote
    assert [each.probability for each in explanation.candidates] == sorted(
        (each.probability for each in explanation.candidates), reverse=True
    )
    assert explanation.checked[0].support == "quoted"
    assert explanation.confidence > explanation.refuse_at


def test_each_sentence_tells_what_was_compared_with_its_citations(archive: Archive) -> None:
    (sentence,) = archive.ask(QUESTION).sentences
    assert (sentence.support, sentence.checked) == ("quoted", ("quoted",))
    reckoned = archive.ask("清河县图书馆2019年的藏书比白水镇栽的树多多少？").sentences
    for each in reckoned:
        assert each.support != "quoted" or each.checked


def test_nobody_else_gets_it(archive: Archive) -> None:
    assert archive.ask(QUESTION).explanation is None


def test_on_the_command_line(index: Path) -> None:
    settings = Settings(index=index)
    told = answer_text(settings, QUESTION, k=8, filters=Filters(), as_json=False, explain=True)
    assert "== 问题分析\n" in told
    assert "问的是: number" in told
    assert "== 核对 [quoted]" in told
    plain = answer_text(settings, QUESTION, k=8, filters=Filters(), as_json=False)
    assert told.startswith(plain)


def test_the_flag(index: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service", "ask", QUESTION, "--index", str(index), "--explain"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert "== 候选句" in done.stdout


def test_in_english(archive: Archive) -> None:
    answer = archive.ask("清河县图书馆 how many books in 2019?", explained=True)
    assert answer.explanation is not None
    told = explanation_text(answer.explanation, chinese=False)
    assert "== What is asked\n" in told
    assert "== Sentences (the first answers: " in told
