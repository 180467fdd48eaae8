"""The sentence-transformers adapter on a tiny random transformer that is made here."""

import time
from pathlib import Path

import numpy as np
import pytest

from indexer.embed.load import load_embedder
from indexer.errors import EmbedderUnavailable
from tests.indexer.embed.tiny_models import save_transformer

pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
pytestmark = pytest.mark.filterwarnings("default")  # torch and its friends warn as they like


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformer(tmp_path_factory.mktemp("st") / "model", seed=1)


def test_queries_and_passages_go_in_with_their_prompts(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    embedder = load_embedder(f"st:{folder}")
    assert (embedder.name, embedder.dim) == (f"st:{folder}", 16)
    plain = SentenceTransformer(str(folder), device="cpu")
    passages, queries = embedder.embed_passages(["捐赠", "一二"]), embedder.embed_queries(["捐赠"])
    np.testing.assert_allclose(
        passages, plain.encode(["文档 捐赠", "文档 一二"], prompt=""), atol=1e-5
    )
    np.testing.assert_allclose(queries, plain.encode(["问题 捐赠"], prompt=""), atol=1e-5)
    assert not np.allclose(passages[0], queries[0], atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1.0, atol=1e-5)
    assert passages.dtype == np.float32
    assert embedder.embed_passages([]).shape == (0, 16)


def test_the_fingerprint_tells_a_fine_tuned_copy(folder: Path, tmp_path: Path) -> None:
    same = load_embedder(f"st:{folder}").fingerprint
    assert same == load_embedder(f"st:{folder}").fingerprint
    assert same != load_embedder(f"st:{save_transformer(tmp_path / 'm', seed=2)}").fingerprint


def test_a_name_that_is_not_on_disk_fails_at_once_and_says_how_to_get_it() -> None:
    started = time.perf_counter()
    with pytest.raises(EmbedderUnavailable) as caught:
        load_embedder("st:nobody/no-such-model")
    # Importing torch takes a few seconds; asking the hub in vain would take 75.
    assert time.perf_counter() - started < 30
    assert "hf download nobody/no-such-model" in caught.value.hint
    assert "WENJU_ONLINE=1" in caught.value.hint


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable):
        load_embedder(f"st:{tmp_path}")
