"""Many vectors are scanned as codes: the same answers as by comparing all, and told as such."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embed.base import Matrix
from indexer.errors import IndexDamaged
from indexer.index.dense import quantised, writing
from indexer.index.dense.view import DenseIndex
from indexer.index.dense.writing import DenseWriter
from indexer.index.manifest import VectorsStamp, exact_vectors
from indexer.index.records import Keys

DIM = 96
COUNT = 6000


def clustered(count: int, seed: int = 0) -> Matrix:
    """Vectors of length 1 around forty centres, as texts of one subject lie together."""
    centres = np.random.default_rng(99).standard_normal((40, DIM))
    draw = np.random.default_rng(seed)
    rows = centres[draw.integers(40, size=count)] + 0.7 * draw.standard_normal((count, DIM))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def written(folder: Path, keys: Keys, vectors: Matrix) -> tuple[VectorsStamp, DenseIndex]:
    folder.mkdir(exist_ok=True)
    with closing(DenseWriter(vectors.shape[1], folder)) as writer:
        for at in range(0, len(keys), 1000):
            writer.add(keys[at : at + 1000], vectors[at : at + 1000])
        stamp = writer.write(folder / "dense.faiss")
    return stamp, DenseIndex.open(folder / "dense.faiss")


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if 500 vectors were too many to be compared, and 100 few enough to be looked at."""
    monkeypatch.setattr(writing, "EXACT_MOST", 500)
    monkeypatch.setattr(quantised, "_FEW", 100)
    monkeypatch.setattr(quantised, "_LEAST_CHECKED", 300)


def recall(index: DenseIndex, vectors: Matrix, keys: Keys, allowed: Keys | None) -> float:
    """Recall@10 against comparing all."""
    among = np.arange(len(keys)) if allowed is None else np.searchsorted(keys, allowed)
    found = 0
    questions = clustered(50, seed=9)
    for question in questions:
        nearest = among[np.argsort(-(vectors[among] @ question), kind="stable")[:10]]
        hits = index.search(question, 10, allowed)
        found += len({hit.key for hit in hits} & set(keys[nearest].tolist()))
    return found / (10 * len(questions))


def test_up_to_the_limit_all_are_compared(tmp_path: Path) -> None:
    keys, vectors = np.arange(1, 501), clustered(500)
    stamp, index = written(tmp_path, keys, vectors)
    assert stamp == exact_vectors(DIM) == VectorsStamp("exact", 0, 1.0, 4 * DIM + 16)
    assert recall(index, vectors, keys, None) == 1.0
    assert [path.name for path in tmp_path.iterdir()] == ["dense.faiss"]


@pytest.mark.usefixtures("few_are_many")
def test_beyond_it_codes_are_scanned_and_the_recall_is_told(tmp_path: Path) -> None:
    keys, vectors = np.arange(3, 3 + 2 * COUNT, 2), clustered(COUNT)
    stamp, index = written(tmp_path, keys, vectors)
    assert (stamp.kind, stamp.bytes_a_passage) == ("IVF64,PQ32x4fs", 16 + 16)
    assert 0.99 <= stamp.recall_at_10 <= 1.0
    assert 1 <= stamp.probes <= 64
    assert index.keys().tolist() == keys.tolist()
    assert recall(index, vectors, keys, None) >= 0.98
    for at in (0, 17, COUNT - 1):
        [best] = index.search(vectors[at], 1, None)
        assert best.key == keys[at]
        assert best.score == pytest.approx(1.0, abs=1e-3)
        [cosine] = index.cosines(vectors[0], [int(keys[at])])
        assert cosine == pytest.approx(float(vectors[0] @ vectors[at]), abs=1e-3)
    with pytest.raises(IndexDamaged, match="a passage has no vector"):
        index.cosines(vectors[0], [4])


@pytest.mark.usefixtures("few_are_many")
@pytest.mark.parametrize("share", [0.9, 0.1, 0.01])
def test_a_filter_keeps_the_recall(tmp_path: Path, share: float) -> None:
    keys, vectors = np.arange(COUNT), clustered(COUNT)
    _, index = written(tmp_path, keys, vectors)
    draw = np.random.default_rng(1)
    allowed = np.sort(draw.choice(keys, int(share * COUNT), replace=False))
    assert recall(index, vectors, keys, allowed) >= 0.98
    assert {hit.key for hit in index.search(vectors[0], 50, allowed)} <= set(allowed.tolist())


@pytest.mark.usefixtures("few_are_many")
def test_the_same_vectors_make_the_same_files(tmp_path: Path) -> None:
    keys, vectors = np.arange(COUNT), clustered(COUNT)
    for name in ("one", "other"):
        written(tmp_path / name, keys, vectors)
    for name in ("dense.faiss", "dense.rows"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


@pytest.mark.usefixtures("few_are_many")
def test_where_codes_tell_too_little_all_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantised, "_LEAST_CHECKED", 1)
    monkeypatch.setattr(quantised, "_CHECKED", 1)
    keys = np.arange(2000)
    vectors = np.random.default_rng(2).standard_normal((2000, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    stamp, index = written(tmp_path, keys, vectors)
    assert stamp == exact_vectors(DIM)
    assert recall(index, vectors, keys, None) == 1.0
    assert [path.name for path in tmp_path.iterdir()] == ["dense.faiss"]


@pytest.mark.usefixtures("few_are_many")
def test_rows_that_are_cut_short_are_told(tmp_path: Path) -> None:
    written(tmp_path, np.arange(COUNT), clustered(COUNT))
    rows = tmp_path / "dense.rows"
    rows.write_bytes(rows.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=r"dense\.rows is not whole"):
        DenseIndex.open(tmp_path / "dense.faiss")


def test_what_comes_in_any_order_and_is_removed_is_written_by_key(tmp_path: Path) -> None:
    vectors = clustered(6)
    with closing(DenseWriter(DIM, tmp_path)) as writer:
        writer.add(np.array([7, 8, 9]), vectors[3:])
        writer.add(np.array([1, 2, 3]), vectors[:3])
        writer.remove(np.array([2, 8]))
        writer.write(tmp_path / "dense.faiss")
    index = DenseIndex.open(tmp_path / "dense.faiss")
    assert index.keys().tolist() == [1, 3, 7, 9]
    assert [index.search(vectors[at], 1, None)[0].key for at in (0, 2, 3, 5)] == [1, 3, 7, 9]


@settings(max_examples=20, deadline=None)
@given(
    k=st.integers(1, 60),
    at=st.integers(0, 1999),
    share=st.sampled_from([None, 0.02, 0.5]),
    doubled=st.booleans(),
)
def test_hits_are_allowed_descend_and_are_each_once(
    tmp_path_factory: pytest.TempPathFactory, k: int, at: int, share: float | None, doubled: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "EXACT_MOST", 500)
        patch.setattr(quantised, "_FEW", 100)
        patch.setattr(quantised, "_LEAST_CHECKED", 100)
        keys, vectors = np.arange(2000), clustered(2000)
        if doubled:
            vectors[1000:] = vectors[:1000]
        _, index = written(tmp_path_factory.mktemp("dense"), keys, vectors)
        allowed = None
        if share is not None:
            draw = np.random.default_rng(k)
            allowed = np.sort(draw.choice(keys, int(share * 2000), replace=False))
        hits = index.search(vectors[at], k, allowed)
    ordered = [(-hit.score, hit.key) for hit in hits]
    assert ordered == sorted(ordered)
    among = len(keys) if allowed is None else len(allowed)
    assert len({hit.key for hit in hits}) == len(hits) == min(k, among)
    if allowed is not None:
        assert np.isin([hit.key for hit in hits], allowed).all()
