"""The built-in embedder on a model of four characters, and the table of names."""

import threading
from pathlib import Path

import numpy as np
import pytest

from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder
from indexer.embed.load import load_embedder
from indexer.embed.vectors import unit_rows
from indexer.errors import EmbedderFailed, EmbedderUnavailable, InvalidRequest
from indexer.text.normalise import fold
from tests.indexer.embed.tiny_models import STATIC_ROWS, save_static_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_static_model(tmp_path / "model")


def test_a_text_is_the_mean_of_its_known_tokens(folder: Path) -> None:
    embedder = BuiltinEmbedder(folder)
    rows = embedder.embed_passages(["捐", "捐赠", "没有", "零", ""])
    assert rows.dtype == np.float32
    expected = [(0.6, 0.8), (1.5 / np.hypot(1.5, 3), 3 / np.hypot(1.5, 3)), (0, 0), (0, 0), (0, 0)]
    np.testing.assert_allclose(rows, expected, atol=1e-6)
    assert (embedder.embed_queries(["捐赠"]) == embedder.embed_passages(["捐赠"])).all()
    assert embedder.embed_passages([]).shape == (0, 2)
    assert embedder.dim == 2


def test_traditional_and_full_width_are_folded_first(folder: Path) -> None:
    embedder = BuiltinEmbedder(folder)
    assert (embedder.embed_queries(["捐贈"]) == embedder.embed_queries(["捐赠"])).all()


def test_a_long_text_is_not_cut(folder: Path) -> None:
    embedder = BuiltinEmbedder(folder)
    (row,) = embedder.embed_passages(["捐" * 3000 + "赠" * 3000])
    np.testing.assert_allclose(row, embedder.embed_passages(["捐赠"])[0], atol=1e-5)


def test_the_fingerprint_follows_the_files(folder: Path, tmp_path: Path) -> None:
    same = BuiltinEmbedder(save_static_model(tmp_path / "same"))
    other = BuiltinEmbedder(save_static_model(tmp_path / "other", {**STATIC_ROWS, "赠": (1, 1)}))
    assert BuiltinEmbedder(folder).fingerprint == same.fingerprint != other.fingerprint
    assert len(same.fingerprint) == 16


def test_threads_get_the_same_vectors(folder: Path) -> None:
    embedder = BuiltinEmbedder(folder)
    expected = embedder.embed_queries(["捐赠"])
    wrong: list[object] = []

    def ask() -> None:
        try:
            rows = [embedder.embed_queries(["捐赠"]) for _ in range(200)]
            wrong.extend(row for row in rows if not (row == expected).all())
        except RuntimeError as error:  # "Already borrowed" of an unguarded tokenizer
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_absent_and_torn_model_files(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="lacks"):
        BuiltinEmbedder(tmp_path / "nothing")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:50])
    with pytest.raises(EmbedderUnavailable, match="can't be loaded"):
        BuiltinEmbedder(folder)


def test_the_built_in_model_knows_near_words() -> None:
    embedder = load_embedder("builtin")
    assert embedder.name == "builtin"
    near, far = embedder.embed_passages(["捐助了一批款项", "今天下雨"])
    (query,) = embedder.embed_queries(["捐款"])
    assert query @ near > query @ far
    assert np.linalg.norm(query) == pytest.approx(1.0, abs=1e-5)


def test_its_tokens_are_those_of_its_own_tokenizer() -> None:
    from model2vec import StaticModel

    embedder = load_embedder("builtin")
    assert isinstance(embedder, BuiltinEmbedder)
    model = StaticModel.from_pretrained(DEFAULT_FOLDER)
    model.tokenizer.no_truncation()
    texts = [
        "2020年捐款3,428.5元,covid-19疫情;x5-y_z", "", "  \n", "한국 テスト", "é ñ 𠀀 ५५",
        "昭觉县教体科局" * 40, "著名的乾隆(1711-1799)~第3名",
    ]  # fmt: skip
    for _ in range(2):  # looked for, then known
        rows = embedder.tokens(texts)
        assert [row.tolist() for row in rows] == model.tokenize(texts)
        assert embedder.unpacked(embedder.packed(rows[0].tolist())).tolist() == rows[0].tolist()
    folded = [fold(text) for text in texts]
    np.testing.assert_array_equal(
        embedder.embed_tokens(embedder.tokens(folded)), embedder.embed_passages(texts)
    )
    means = model.encode(folded, max_length=None, normalize=False)
    np.testing.assert_allclose(embedder.embed_passages(texts), unit_rows(means, "x"), atol=1e-7)


def test_words_are_met_whatever_their_order() -> None:
    embedder = load_embedder("builtin")
    assert isinstance(embedder, BuiltinEmbedder)
    texts = ["就诊的人多了", "今天下雨", "", "他在看病"]
    met = embedder.meets("看病", texts)
    assert met[3] == pytest.approx(1.0, abs=1e-6)
    assert met[3] > met[0] > met[1] >= met[2] == 0
    asked, *rows = embedder.tokens(["看病", *texts])
    turned = embedder.meets_tokens(asked, [np.unique(row) for row in rows])
    np.testing.assert_array_equal(turned, met)
    assert embedder.meets("", texts).tolist() == [0.0] * 4
    assert embedder.meets("看病", []).shape == (0,)


def test_a_folder_can_be_named(folder: Path) -> None:
    assert load_embedder(f"builtin:{folder}").name == f"builtin:{folder}"


@pytest.mark.parametrize(
    "name",
    ["", "unknown", "openai:x", "st:", "remote:", "remote:http://host", "remote:ftp://host#model"],
)
def test_names_that_mean_nothing(name: str) -> None:
    with pytest.raises(InvalidRequest):
        load_embedder(name)


def test_a_password_does_not_belong_into_a_name() -> None:
    with pytest.raises(InvalidRequest) as caught:
        load_embedder("remote:http://user:secret@host/v1#model")
    assert "WENJU_EMBEDDER_API_KEY" in caught.value.hint
    assert "secret" not in caught.value.message


def test_unit_rows() -> None:
    np.testing.assert_allclose(
        unit_rows([[3, 4], [0, 0], [3e38, 0]], "x"), [[0.6, 0.8], [0, 0], [1, 0]], atol=1e-6
    )
    for rows in ([[1.0], [1.0, 2.0]], [["a"]], [1.0, 2.0], [[float("nan")]], [[float("inf")]], []):
        with pytest.raises(EmbedderFailed):
            unit_rows(rows, "x")
