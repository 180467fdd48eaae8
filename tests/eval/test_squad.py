"""Reading-comprehension sets: what is read, and the figures over prepared answers."""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from eval.squad import (
    OpenQuestion,
    OpenResult,
    ask_all,
    build_index,
    cache_key,
    figures,
    load_news,
    load_squad,
)
from indexer.errors import InvalidGold
from service.records import SearchMode
from tests.eval.fakes import FakeTarget, reply


def qa(id_: str, question: str, *answers: str) -> dict[str, Any]:
    return {"id": id_, "question": question, "answers": [{"text": text} for text in answers]}


SET = {
    "data": [
        {
            "title": "甲",
            "paragraphs": [
                {"context": "长江全长6300公里。", "qas": [qa("1", "长江多长？", "6300公里")]},
                {"context": "黄河流入渤海。", "qas": [qa("2", "黄河流入哪里？", "渤海")]},
            ],
        },
        {"paragraphs": [{"context": "长江全长6300公里。", "qas": [qa("3", "多长？", "6300公里")]}]},
    ]
}


def test_equal_paragraphs_become_one_document(tmp_path: Path) -> None:
    path = tmp_path / "set.json.xz"
    path.write_bytes(lzma.compress(json.dumps(SET).encode()))
    found = load_squad(path)
    assert list(found.paragraphs.values()) == ["长江全长6300公里。", "黄河流入渤海。"]
    assert [question.source for question in found.questions] == [
        "paragraphs/aaaaaa.txt",
        "paragraphs/aaaaab.txt",
        "paragraphs/aaaaaa.txt",
    ]
    assert found.questions[1].answers == ("渤海",)


@pytest.mark.parametrize("content", ["{", "[]", '{"data": [{}]}', '{"data": []}'])
def test_what_is_not_in_squad_form_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidGold, match=r"set\.json: "):
        load_squad(path)


def test_a_file_that_is_absent_or_not_packed(tmp_path: Path) -> None:
    with pytest.raises(InvalidGold, match="No such file"):
        load_squad(tmp_path / "none.json")
    path = tmp_path / "set.json.xz"
    path.write_bytes(b"plain")
    with pytest.raises(InvalidGold, match=r"set\.json\.xz"):
        load_squad(path)


def test_the_first_articles_of_the_news(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text("".join(f'{{"text": "第{n}篇"}}\n' for n in "一二三"), encoding="utf-8")
    assert list(load_news(path, 2)) == ["第一篇", "第二篇"]
    assert list(load_news(path, 9)) == ["第一篇", "第二篇", "第三篇"]
    path.write_text('{"body": "x"}\n', encoding="utf-8")
    with pytest.raises(InvalidGold, match="KeyError"):
        list(load_news(path, 1))


def test_documents_are_written_under_their_sources_without_digits(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_text(json.dumps(SET), encoding="utf-8")
    written: dict[str, str] = {}

    def build(folder: Path, index: Path) -> None:
        assert index == tmp_path / "index"
        for file in sorted(folder.rglob("*.txt")):
            written[file.relative_to(folder).as_posix()] = file.read_text(encoding="utf-8")

    build_index(load_squad(path), iter(["一篇", "二篇"]), tmp_path / "index", build)
    assert written == {
        "paragraphs/aaaaaa.txt": "长江全长6300公里。",
        "paragraphs/aaaaab.txt": "黄河流入渤海。",
        "news/aaaaaa/aaaaab.txt": "一篇",
        "news/aaaaaa/aaaaac.txt": "二篇",
    }


def test_the_key_changes_with_what_goes_in(tmp_path: Path) -> None:
    file, news = tmp_path / "a.json", tmp_path / "news.jsonl"
    file.write_text("a", encoding="utf-8")
    news.write_text("n", encoding="utf-8")
    keys = [
        cache_key(file, None, 100, "builtin"),
        cache_key(file, None, 100, "st:other"),
        cache_key(file, news, 100, "builtin"),
        cache_key(file, news, 200, "builtin"),
    ]
    assert len(set(keys)) == 4
    assert cache_key(file, None, 200, "builtin") == keys[0]  # no news: their number says nothing


QUESTIONS = [
    OpenQuestion("1", "每户多少钱？", ("1500元", "1500"), "b/report.md"),
    OpenQuestion("2", "队员几人？", ("3人",), "b/report.md"),
]


def test_the_rank_is_that_of_the_document() -> None:
    rankings = {"每户多少钱？": [("a/visit.md", 0), ("a/visit.md", 1), ("b/report.md", 0)]}
    target = FakeTarget(
        {"每户多少钱？": reply("每户分红一千五百元。"), "队员几人？": reply()}, rankings
    )
    results = ask_all(QUESTIONS, target, k=8, mode=SearchMode.HYBRID, answers=True)
    assert [(r.rank, r.answer_hit, r.abstained) for r in results] == [
        (2, True, False),  # two passages of one document before it are one document
        (0, False, True),
    ]


def test_without_answers_nothing_is_asked() -> None:
    [result, _] = ask_all(QUESTIONS, FakeTarget({}), k=8, mode=SearchMode.DENSE, answers=False)
    assert (result.answer_hit, result.ask_ms) == (None, None)
    assert figures([result])["answer_hit"] is None


def test_figures() -> None:
    results = [
        OpenResult("1", "", 1, True, False, 2.0, 5.0),
        OpenResult("2", "", 4, False, False, 4.0, 7.0),
        OpenResult("3", "", 0, False, True, 6.0, 9.0),
        OpenResult("4", "", 20, True, False, 8.0, 11.0),
    ]
    found = figures(results)
    assert (found["recall@1"], found["recall@5"], found["recall@10"]) == (0.25, 0.5, 0.5)
    assert found["mrr"] == (1 + 1 / 4 + 0 + 1 / 20) / 4
    assert (found["answer_hit"], found["abstained"]) == (0.5, 0.25)
    assert (found["search_ms_p50"], found["ask_ms_p50"]) == (5.0, 8.0)
