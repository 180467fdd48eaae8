"""Documents that are kept answer as those that are read anew, and not once they are removed."""

from pathlib import Path

import pytest

from indexer.errors import DocumentNotFound
from indexer.index.folder import IndexFolder
from indexer.index.removing import remove_documents
from indexer.index.store import open_index
from tests.indexer.index.hand_made import prepared, update_index, write_index


def test_a_document_that_was_read_before_is_gone_once_it_is_removed(tmp_path: Path) -> None:
    write_index(tmp_path, [prepared("a", ["红一", "绿"]), prepared("b", ["红二"])])
    reader = open_index(tmp_path)
    assert reader.text("id-a", 0, 2) == "红一"
    assert [each.text for each in reader.document_passages("id-a")] == ["红一", "绿"]
    remove_documents(IndexFolder(tmp_path), ["a"])
    for ask in (reader.document, reader.document_passages, reader.whole):
        with pytest.raises(DocumentNotFound):
            ask("id-a")
    with pytest.raises(DocumentNotFound):
        reader.text("id-a", 0, 2)
    assert reader.text("id-b", 0, 2) == "红二"
    reader.close()


def test_each_generation_keeps_its_own(tmp_path: Path) -> None:
    write_index(tmp_path, [prepared("a", ["红一"])])
    old = open_index(tmp_path)
    assert old.text("id-a", 0, 9) == "红一"
    update_index(tmp_path, ["a"], [prepared("a", ["红三", "蓝"])])
    new = old.current()
    assert new.text("id-a", 0, 9) == "红三\n蓝"
    assert old.text("id-a", 0, 9) == "红一"
    assert [each.text for each in new.document_passages("id-a")] == ["红三", "蓝"]
    old.close()


def test_who_changes_the_passages_that_it_was_given_changes_no_others(tmp_path: Path) -> None:
    write_index(tmp_path, [prepared("a", ["红一", "绿"])])
    reader = open_index(tmp_path)
    reader.document_passages("id-a").clear()
    assert len(reader.document_passages("id-a")) == 2
    reader.close()
