"""An index whose vectors are scanned as codes: updates, removals, compaction, damage, mending."""

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from indexer.chunk import CHUNKING_VERSION
from indexer.embed.base import Matrix
from indexer.errors import IndexDamaged
from indexer.index.dense import writing
from indexer.index.folder import IndexFolder
from indexer.index.manifest import Manifest
from indexer.index.pointer import read_pointer, write_pointer
from indexer.index.removing import remove_documents
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from indexer.text import normalise, segment
from indexer.upkeep import compact, rebuild
from tests.indexer.index.hand_made import (
    DIM,
    SETTINGS,
    Prepared,
    axis,
    prepared,
    update_index,
    write_index,
)

PASSAGES = 4
DOCUMENTS = 60


class _ByHand:
    """What made the vectors of these indexes: a passage's own number tells its vector."""

    name, fingerprint, dim = SETTINGS.embedder.name, SETTINGS.embedder.fingerprint, DIM

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return np.stack([vector(int(text.rsplit("第", 1)[1].split("件")[0])) for text in texts])

    embed_queries = embed_passages


def vector(number: int) -> Matrix:
    return axis(*np.random.default_rng(number).standard_normal(DIM))


def document(number: int) -> Prepared:
    numbers = range(number * PASSAGES, (number + 1) * PASSAGES)
    texts = [f"第{each}件，由{'甲乙丙丁'[each % 4]}处办理。" for each in numbers]
    return prepared(f"{number:03}.txt", texts, [vector(each) for each in numbers])


def manifest_of(index: Path) -> Manifest:
    folder = IndexFolder(index)
    return folder.manifest(folder.pointer())


def kinds(index: Path) -> list[str]:
    return [stamp.kind.partition(",")[0] for stamp in manifest_of(index).searched]


def nearest(index: Path, number: int, source: str | None = None) -> list[str]:
    """The texts of the three passages nearest to that of this number."""
    reader = open_index(index)
    hits = reader.dense(vector(number), 3, reader.select(source=source))
    found = [each.passage.text for each in reader.passages([hit.key for hit in hits])]
    reader.close()
    return found


def expected(number: int, among: Sequence[int]) -> list[str]:
    passages = [n for each in among for n in range(each * PASSAGES, (each + 1) * PASSAGES)]
    ranked = sorted(passages, key=lambda each: -float(vector(each) @ vector(number)))
    return [f"第{each}件，由{'甲乙丙丁'[each % 4]}处办理。" for each in ranked[:3]]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """240 passages, where 100 are too many to be compared."""
    monkeypatch.setattr(writing, "EXACT_MOST", 100)
    monkeypatch.setattr(writing, "LEAST_RECALL", 0.0)  # four numbers make poor codes
    write_index(tmp_path / "index", [document(n) for n in range(DOCUMENTS)])
    return tmp_path / "index"


def test_the_manifest_says_how_vectors_are_searched(index: Path) -> None:
    [stamp] = manifest_of(index).vectors
    assert stamp.kind.startswith("IVF16,PQ")
    assert stamp.recall_at_10 == 1.0, "so few are all looked at"
    place = IndexFolder(index).generation(1)
    assert (place / "dense.rows").stat().st_size == DOCUMENTS * PASSAGES * DIM * 2
    assert nearest(index, 17) == expected(17, range(DOCUMENTS))
    assert nearest(index, 17, "00*") == expected(17, range(10))
    assert verify_index(index).problems == ()


def test_updates_and_removals_leave_the_large_file_as_it_is(index: Path) -> None:
    rows = IndexFolder(index).generation(1) / "dense.rows"
    before = rows.stat().st_ino
    update_index(index, ["007.txt"], [document(60)])
    assert kinds(index) == ["IVF16", "exact"]
    [taken] = (IndexFolder(index).generation(2) / "older").glob("*.rows")
    assert taken.stat().st_ino == before
    remove_documents(IndexFolder(index), ["008.txt"])
    alive = [n for n in range(DOCUMENTS + 1) if n not in (7, 8)]
    for number in (28, 33, 240):
        assert nearest(index, number) == expected(number, alive)
    assert verify_index(index).problems == ()


def test_a_merge_makes_the_kind_that_its_number_asks_for(index: Path) -> None:
    for number in range(60, 66):
        update_index(index, [], [document(number)])
    remove_documents(IndexFolder(index), ["001.txt"])
    compact(index)
    assert kinds(index) == ["IVF16"]
    alive = [n for n in range(66) if n != 1]
    assert nearest(index, 5) == expected(5, alive)
    assert verify_index(index).problems == ()
    update_index(index, [f"{n:03}.txt" for n in range(2, 50)], [])
    compact(index)
    assert kinds(index) == ["exact"]
    assert nearest(index, 5) == expected(5, [0, *range(50, 66)])
    assert not list(IndexFolder(index).generations.rglob("*.rows"))


@pytest.mark.parametrize("name", ["dense.faiss", "dense.rows"])
def test_a_flipped_byte_is_told_and_mended(index: Path, name: str) -> None:
    path = IndexFolder(index).generation(1) / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    with pytest.raises(IndexDamaged, match=name):
        open_index(index)
    with pytest.raises(IndexDamaged, match=name):
        compact(index)
    rebuild(index, lambda _: _ByHand())
    assert verify_index(index).problems == ()
    assert nearest(index, 17) == expected(17, range(DOCUMENTS))


def test_an_index_of_format_5_answers_and_goes_on(tmp_path: Path) -> None:
    """All its vectors are exact, in two files, as it was left by an update."""
    index = tmp_path / "five"
    with ZipFile(Path(__file__).with_name("data") / "format5.zip") as packed:
        packed.extractall(index)
    path = IndexFolder(index).generation(2) / "manifest.json"
    said = json.loads(path.read_bytes())
    assert (said["format_version"], "vectors" in said) == (5, False)
    said["normalisation"], said["terms"]["version"] = normalise.VERSION, segment.VERSION
    said["chunking"]["version"] = CHUNKING_VERSION
    path.write_text(json.dumps(said), "utf-8")
    digest = sha256(path.read_bytes()).hexdigest()
    write_pointer(index, replace(read_pointer(index), manifest_sha256=digest))
    assert kinds(index) == ["exact", "exact"]
    reader = open_index(index)
    [hit] = reader.dense(vector(24), 1, reader.select())
    assert reader.passages([hit.key])[0].passage.text == "第24批物资已入库。"
    reader.close()
    assert verify_index(index).problems == ()
    update_index(index, ["012.txt"], [document(60)])
    manifest = manifest_of(index)
    assert (manifest.format_version, kinds(index)) == (6, ["exact", "exact"])
    assert len(manifest.vectors) == 2
    assert nearest(index, 240)[0] == "第240件，由甲处办理。"
    assert verify_index(index).problems == ()
