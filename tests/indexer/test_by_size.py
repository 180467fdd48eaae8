"""Which built-in embedder an archive of a size gets, by the function and by the command."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from indexer.__main__ import app
from indexer.by_size import MOST_CHARS, embedder_for
from indexer.errors import InvalidRequest
from indexer.index.store import open_index


@pytest.mark.parametrize(
    ("name", "size", "embedder"),
    [
        ("a.txt", 3 * MOST_CHARS, "e5"),
        ("a.txt", 3 * MOST_CHARS + 3, "builtin"),
        ("a.PDF", 3 * MOST_CHARS + 3, "e5"),
        ("a.pdf", 30 * MOST_CHARS + 30, "builtin"),
    ],
)
def test_by_the_bytes_of_the_files(tmp_path: Path, name: str, size: int, embedder: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(size)
    assert embedder_for([tmp_path]) == embedder


def test_many_small_files_are_a_large_archive(tmp_path: Path) -> None:
    for at in range(30):
        with (tmp_path / f"{at}.md").open("wb") as file:
            file.truncate(MOST_CHARS // 10 + 3)
    assert embedder_for([tmp_path]) == "builtin"
    assert embedder_for([tmp_path], max_file_bytes=MOST_CHARS // 20) == "e5"  # none is read


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest):
        embedder_for([tmp_path / "nothing"])


@pytest.mark.parametrize(("wanted", "made"), [(None, "e5"), ("builtin", "builtin"), ("e5", "e5")])
def test_the_index_says_which_and_the_user_may_choose(
    tmp_path: Path, wanted: str | None, made: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("图书馆每天早上八点半开门。", encoding="utf-8")
    index = tmp_path / "index"
    choice = ["--embedder", wanted] if wanted else []
    command = ["build", str(tmp_path / "docs"), "--index", str(index), *choice]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert open_index(index).manifest.embedder.name == made
    assert ("e5, for a small archive" in done.output) is (wanted is None)
    manifests = [json.loads(path.read_text()) for path in index.rglob("manifest.json")]
    assert {each["embedder"]["name"] for each in manifests} == {made}
