"""Uploads as a further root of an index: their sources, what they stand in for, what comes back."""

from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.files.walk import document_id
from indexer.index.store import open_index
from indexer.pipeline import build, remove, update
from indexer.roots import Uploads

EMBEDDER = load_embedder("builtin")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    (folder / "通知").mkdir(parents=True)
    (folder / "通知" / "清雪.txt").write_text("清雪通知\n\n东街清雪由三队负责，共18人。\n")
    (folder / "路灯.txt").write_text("路灯改造\n\n西街路灯共换了240盏。\n")
    build([folder], tmp_path / "index", EMBEDDER)
    return tmp_path / "index"


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    (tmp_path / "uploads" / "通知").mkdir(parents=True)
    return tmp_path / "uploads"


def texts(index: Path) -> dict[str, str]:
    reader = open_index(index)
    try:
        page = reader.documents(500, None, reader.select())
        return {
            each.document.source: reader.whole(each.document.document_id)[0].text
            for each in page.documents
        }
    finally:
        reader.close()


def taken(index: Path, uploads: Path, *names: str, returned: str = "") -> None:
    ids = frozenset({document_id(returned)} if returned else ())
    update(index, EMBEDDER, uploads=Uploads(uploads, frozenset(names), ids))


def test_an_upload_has_its_path_in_the_folder_as_its_source(index: Path, uploads: Path) -> None:
    (uploads / "通知" / "停水.txt").write_text("停水通知\n\n停水6小时。\n")
    taken(index, uploads, "通知/停水.txt")
    assert set(texts(index)) == {"通知/清雪.txt", "路灯.txt", "通知/停水.txt"}
    update(index, EMBEDDER)
    assert set(texts(index)) == {"通知/清雪.txt", "路灯.txt", "通知/停水.txt"}


def test_taking_an_upload_looks_at_nothing_else(index: Path, uploads: Path, tmp_path: Path) -> None:
    (tmp_path / "given" / "路灯.txt").unlink()
    (tmp_path / "given").rename(tmp_path / "elsewhere")
    (uploads / "停水.txt").write_text("停水通知\n\n停水6小时。\n")
    taken(index, uploads, "停水.txt")
    assert set(texts(index)) == {"通知/清雪.txt", "路灯.txt", "停水.txt"}


def test_an_upload_stands_in_for_a_file_of_the_same_name(index: Path, uploads: Path) -> None:
    (uploads / "路灯.txt").write_text("路灯改造\n\n西街路灯共换了260盏。\n")
    for names in (["路灯.txt"], []):
        taken(index, uploads, *names)
        assert "260盏" in texts(index)["路灯.txt"]
    reader = open_index(index)
    assert [(each.source, each.reason) for each in reader.skipped()] == [("路灯.txt", "superseded")]
    reader.close()


def test_what_was_removed_comes_back_only_when_it_is_uploaded_again(
    index: Path, uploads: Path
) -> None:
    remove(index, ["路灯.txt"])
    (uploads / "停水.txt").write_text("停水通知\n\n停水6小时。\n")
    taken(index, uploads, "停水.txt")
    assert "路灯.txt" not in texts(index)
    (uploads / "路灯.txt").write_bytes(b"")
    taken(index, uploads, "路灯.txt", returned="路灯.txt")
    assert "路灯.txt" not in texts(index), "an empty file brings nothing back"
    (uploads / "路灯.txt").unlink()
    update(index, EMBEDDER)
    assert "路灯.txt" not in texts(index), "nor does it clear the way for the one before"
    (uploads / "路灯.txt").write_text("路灯改造\n\n西街路灯共换了260盏。\n")
    taken(index, uploads, "路灯.txt", returned="路灯.txt")
    assert "260盏" in texts(index)["路灯.txt"]
    update(index, EMBEDDER)
    assert "260盏" in texts(index)["路灯.txt"]


def test_the_folder_may_move(index: Path, uploads: Path, tmp_path: Path) -> None:
    (uploads / "停水.txt").write_text("停水通知\n\n停水6小时。\n")
    taken(index, uploads, "停水.txt")
    moved = uploads.rename(tmp_path / "moved")
    (moved / "停电.txt").write_text("停电通知\n\n停电4小时。\n")
    taken(index, moved, "停电.txt")
    update(index, EMBEDDER)
    assert set(texts(index)) == {"通知/清雪.txt", "路灯.txt", "停水.txt", "停电.txt"}


def test_members_of_an_archive_go_with_it(uploads: Path, tmp_path: Path) -> None:
    from zipfile import ZipFile

    def pack(**members: str) -> None:
        with ZipFile(uploads / "合订.zip", "w") as archive:
            for name, text in members.items():
                archive.writestr(f"{name}.txt", text)

    pack(甲="甲文\n\n甲地有井3口。\n", 乙="乙文\n\n乙地有井5口。\n")
    build([uploads], tmp_path / "index", EMBEDDER, uploads=True)
    pack(乙="乙文\n\n乙地有井7口。\n")
    taken(tmp_path / "index", uploads, "合订.zip")
    assert {name: "7口" in text for name, text in texts(tmp_path / "index").items()} == {
        "合订.zip/乙.txt": True
    }
