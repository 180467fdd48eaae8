"""The tokens that the index keeps of its passages are those that a search would look for."""

from pathlib import Path

import numpy as np
import pytest

from indexer.embed.builtin import BuiltinEmbedder
from indexer.embed.load import load_embedder
from indexer.index.records import StoredPassage
from indexer.index.store import IndexReader, open_index
from indexer.pipeline import build, update
from indexer.text.normalise import fold
from indexer.text.numbers import uniform_figures
from service.retrieve.search import search

TEXTS = {
    "a.txt": "县医院帮扶记\n\n二〇二〇年五月，县医院接收口罩三千四百二十八只，其中三成发往乡镇。",
    "b.txt": "臺灣支援物資\n\n2020年8月16日 送達 3,428 箱，約佔百分之二十一點一。",
    "c.txt": "Covid-19 notes\n\nNo figures here, only a well-\nknown word.",
}


@pytest.fixture
def built(tmp_path: Path) -> tuple[IndexReader, BuiltinEmbedder]:
    folder, index = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    embedder = BuiltinEmbedder()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(TEXTS[name], encoding="utf-8")
    build([folder], index, embedder)
    (folder / "c.txt").write_text(TEXTS["c.txt"], encoding="utf-8")
    (folder / "b.txt").write_text(TEXTS["b.txt"] + "又送三百箱。", encoding="utf-8")
    update(index, embedder)
    return open_index(index), embedder


def _all(reader: IndexReader) -> list[StoredPassage]:
    return reader.passages(reader.select().passages.tolist())


def test_they_are_what_the_texts_give(built: tuple[IndexReader, BuiltinEmbedder]) -> None:
    reader, embedder = built
    found = _all(reader)
    assert len(found) == 3
    for each in found:
        text = f"{each.passage.context}\n{each.passage.text}"
        written = fold(text)
        tokens = reader.tokens([each.key])[each.key]
        for packed, expected in (
            (tokens.shared + tokens.written, written),
            (tokens.shared + tokens.digits, uniform_figures(written)),
        ):
            (row,) = embedder.tokens([expected])
            assert embedder.unpacked(packed).tolist() != []
            assert sorted(embedder.unpacked(packed).tolist()) == np.unique(row).tolist()
        (vector,) = embedder.embed_passages([text])
        assert reader.cosines(vector, [each.key])[0] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("question", ["县医院收到多少口罩", "3428只口罩给了谁", "covid-19"])
def test_a_search_gives_the_same_with_and_without_them(
    built: tuple[IndexReader, BuiltinEmbedder], question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, embedder = built
    kept = search(reader, embedder, embedder, question, k=3)
    monkeypatch.setattr(reader, "tokens", lambda keys: {})
    looked_for = search(reader, embedder, embedder, question, k=3)
    assert [hit.passage for hit in kept] == [hit.passage for hit in looked_for]
    assert kept[0].rerank
    for hit, other in zip(kept, looked_for, strict=True):
        assert hit.rerank == pytest.approx(other.rerank, abs=1e-6)


def test_another_embedder_keeps_none(tmp_path: Path) -> None:
    class _Other:
        """The built-in one under another class: what is kept hangs on the kind."""

        name, fingerprint, dim = "other", "0" * 16, load_embedder("builtin").dim
        embed_passages = staticmethod(load_embedder("builtin").embed_passages)
        embed_queries = embed_passages

    folder, index = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXTS["a.txt"], encoding="utf-8")
    build([folder], index, _Other())
    reader = open_index(index)
    assert reader.tokens(reader.select().passages.tolist()) == {}
    near = BuiltinEmbedder()
    [hit] = search(reader, _Other(), near, "县医院收到多少口罩", k=3)
    assert hit.rerank
