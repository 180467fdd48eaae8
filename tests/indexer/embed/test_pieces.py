"""Word pieces: where they stand, what is unknown, and what a damaged model says."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embed.pieces import MODEL_DIR, load_pieces
from indexer.errors import ModelUnavailable
from indexer.text.normalise import fold


def cut(text: str) -> list[str]:
    """The pieces but for the mark of the text's begin, which stands over its first character."""
    (found,) = load_pieces().encode([text])
    return [
        text[a:b] for token, (a, b) in zip(found.tokens, found.offsets, strict=True) if token != "▁"
    ]


def test_a_value_begins_and_ends_where_a_piece_does() -> None:
    assert cut("2020年5月28日") == ["2020", "年", "5", "月", "28", "日"]
    assert "".join(cut("c++和c#")) == "c++和c#"
    assert cut("c#")[-1] == "#"


def test_rows_of_a_table_are_told_apart() -> None:
    (found,) = load_pieces().encode(["甲\n乙"])
    assert len(found.ids) == 4  # the mark of a text's begin, two characters, and the line's end


def test_strangers_are_not_one_another() -> None:
    first, second = (load_pieces().encode([text])[0].ids for text in ("𠮷", "龘"))
    assert first != second


@given(st.text())
def test_pieces_stand_in_the_text_in_their_order(text: str) -> None:
    folded = fold(text)
    (found,) = load_pieces().encode([folded])
    for side in (0, 1):
        places = [offsets[side] for offsets in found.offsets]
        assert places == sorted(places)
        assert all(0 <= place <= len(folded) for place in places)
    assert all(0 <= each < load_pieces().count for each in found.ids)


def test_vectors_are_unpacked_from_four_bits() -> None:
    pieces = load_pieces()
    packed = np.load(MODEL_DIR / "words.npy")[7]
    scale = float(packed[:2].copy().view("<f2")[0])
    vector = pieces.vectors(np.asarray([7]))[0]
    # By hand: the low halves of 16 bytes are the first 16 weights, the high ones the next.
    assert vector[0] == pytest.approx(scale * ((packed[2] & 15) - 8.0))
    assert vector[16] == pytest.approx(scale * ((packed[2] >> 4) - 8.0))
    assert pieces.vectors(np.zeros((2, 3), dtype=np.int64)).shape == (2, 3, 384)


@pytest.mark.parametrize("name", ["words.npy", "tokenizer.json"])
@pytest.mark.parametrize("harm", ["absent", "cut", "another"])
def test_a_damaged_model_is_one_error_with_the_way_out(
    name: str, harm: str, tmp_path: Path
) -> None:
    folder = tmp_path / "e5_zh"
    shutil.copytree(MODEL_DIR, folder)
    if harm == "absent":
        (folder / name).unlink()
    elif harm == "cut":
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])
    else:
        (folder / name).write_bytes(b"something else")
    with pytest.raises(ModelUnavailable) as caught:
        load_pieces(folder)
    assert "git checkout" in caught.value.hint
