"""The built-in reader as a third round of search, on a small archive."""

from pathlib import Path

from indexer.embed.builtin import BuiltinEmbedder
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings


def test_the_built_in_reader_puts_what_answers_first(tmp_path: Path) -> None:
    """By words alone the list of questions leads; what tells the opening hour is read to answer."""
    (tmp_path / "docs").mkdir()
    for name, text in {
        "问题.txt": "图书馆几点开门？图书馆几点开门是读者常问的问题，请看门口的牌子。",
        "馆务.txt": "市图书馆每天早上八点半开门，周一闭馆。",
    }.items():
        (tmp_path / "docs" / name).write_text(text, encoding="utf-8")
    build([tmp_path / "docs"], tmp_path / "index", BuiltinEmbedder())
    by_words = Archive.open(tmp_path / "index", Settings()).search("图书馆几点开门？").hits
    read = Archive.open(tmp_path / "index", Settings(rerank="builtin")).search("图书馆几点开门？")
    scores = {hit.source: hit.rerank for hit in read.hits}
    assert [hit.source for hit in by_words] == ["问题.txt", "馆务.txt"]
    assert scores["馆务.txt"] > scores["问题.txt"]  # type: ignore[operator]
    gained = {hit.source: hit.score for hit in read.hits}
    before = {hit.source: hit.score for hit in by_words}
    assert gained["馆务.txt"] - before["馆务.txt"] > gained["问题.txt"] - before["问题.txt"]
