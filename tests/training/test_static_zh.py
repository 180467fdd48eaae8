"""The exported model as users get it: loads without torch, small, finite, and knows its words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel

FOLDER = Path(__file__).resolve().parents[2] / "indexer" / "embed" / "static_zh"


@pytest.fixture(scope="module")
def model() -> StaticModel:
    return StaticModel.from_pretrained(FOLDER)


def test_rows_are_finite_and_of_length_one(model: StaticModel) -> None:
    texts = ["医院向贫困户捐赠了多少款项", "2020年5月", "intel xess 1.2", "捐", "好" * 3000]
    vectors = model.encode(texts)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-3)


def test_a_text_without_known_tokens_is_zero_and_not_nan(model: StaticModel) -> None:
    assert not model.encode(["。。。", ""]).any()


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("捐赠", "捐款", "天气"),
        ("医生", "医师", "公路"),
        ("贫困户", "困难家庭", "手机"),
        ("种植", "栽培", "会议"),
    ],
)
def test_a_word_is_nearer_to_its_synonym(
    model: StaticModel, word: str, near: str, far: str
) -> None:
    vectors = model.encode([word, near, far])
    assert float(vectors[0] @ vectors[1]) > float(vectors[0] @ vectors[2]) + 0.1


def test_long_texts_are_read_to_their_end(model: StaticModel) -> None:
    vectors = model.encode(["天气预报。" * 700, "天气预报。" * 700 + "捐款扶贫。" * 700])
    assert float(vectors[0] @ vectors[1]) < 0.95


def test_the_files_stay_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 30_000_000


def test_loading_needs_no_torch() -> None:
    code = (
        "import sys; from model2vec import StaticModel; "
        f"StaticModel.from_pretrained({str(FOLDER)!r}).encode(['扶贫']); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
