"""The built-in encoder: shapes, meaning, and the name that the manifest keeps."""

import numpy as np
import pytest

from indexer.embed.e5 import E5Embedder
from indexer.embed.load import load_embedder
from indexer.errors import InvalidRequest


@pytest.fixture(scope="module")
def e5() -> E5Embedder:
    return E5Embedder()


def test_rows_are_of_length_one_and_in_order(e5: E5Embedder) -> None:
    texts = ["医院去年新增床位120张。", "食堂周一供应面条。", "医院去年新增床位120张。"]
    rows = e5.embed_passages(texts)
    assert rows.shape == (3, e5.dim)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(rows[0], rows[2])
    assert e5.embed_passages([]).shape == (0, e5.dim)


def test_what_is_asked_in_other_words_is_nearest(e5: E5Embedder) -> None:
    passages = ["医院去年新增床位120张。", "食堂周一供应面条。", "图书馆周末闭馆。"]
    asked = e5.embed_queries(["星期六能去借书吗？", "中午吃什么？"])
    assert (asked @ e5.embed_passages(passages).T).argmax(axis=1).tolist() == [2, 1]


def test_scripts_and_widths_are_one(e5: E5Embedder) -> None:
    rows = e5.embed_passages(["圖書館２０１９年擴建", "图书馆2019年扩建"])
    assert np.array_equal(rows[0], rows[1])


def test_nothing_and_very_much_have_a_vector(e5: E5Embedder) -> None:
    rows = e5.embed_passages(["", "长" * 5_000])
    assert np.isfinite(rows).all()


def test_its_name() -> None:
    assert load_embedder("e5").name == "e5"
    with pytest.raises(InvalidRequest):
        load_embedder("e5:large")
