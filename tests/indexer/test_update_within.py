"""An update that looks at a few files alone leaves all others as they are."""

from pathlib import Path

import pytest

from indexer.errors import InvalidRequest
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from indexer.pipeline import build, remove, update
from tests.indexer.test_cli import run
from tests.indexer.test_pipeline import LengthEmbedder, age, answers, sources


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    age(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "档案"
    write(root / "2020/捐赠.txt", "捐赠公告\n\n昭觉县收到捐款三十万元。\n")
    write(root / "2020/分红.txt", "分红大会\n\n44户每户分到1500元。\n")
    write(root / "2021/下/会议.txt", "会议纪要\n\n会议定于三点。\n")
    write(root / "空.txt", "")
    return root


@pytest.fixture
def index(folder: Path, tmp_path: Path) -> Path:
    build([folder], tmp_path / "index", LengthEmbedder())
    return tmp_path / "index"


def test_only_what_is_named_is_looked_at(index: Path, folder: Path) -> None:
    changed = write(folder / "2020/捐赠.txt", "捐赠公告\n\n昭觉县收到捐款九十万元，已登记。\n")
    write(folder / "2020/分红.txt", "分红大会\n\n45户每户分到1600元，当场发放。\n")
    write(folder / "2021/新.txt", "新到简报。\n")
    report = update(index, LengthEmbedder(), within=[changed])
    assert (report.added, report.changed, report.unchanged, report.removed) == (0, 1, 2, 0)
    assert answers(index, "九十万元")[0] == "2020/捐赠.txt"
    reader = open_index(index)
    assert "1500元" in reader.document(reader.find_id("2020/分红.txt")).document.text
    assert [each.source for each in reader.skipped()] == ["空.txt"], "said before, and still so"
    reader.close()
    report = update(index, LengthEmbedder(), within=[folder / "2021"])
    assert (report.added, report.changed, report.unchanged) == (1, 0, 3)
    report = update(index, LengthEmbedder())
    assert (report.added, report.changed, report.unchanged) == (0, 1, 3)
    assert verify_index(index).problems == ()


def test_what_is_gone_is_dropped_and_what_was_removed_stays_out(index: Path, folder: Path) -> None:
    (folder / "2020/捐赠.txt").unlink()
    (folder / "2020/分红.txt").unlink()
    report = update(index, LengthEmbedder(), within=[folder / "2020/捐赠.txt"])
    assert (report.removed, report.unchanged) == (1, 2)
    assert sources(index) == ["2020/分红.txt", "2021/下/会议.txt"]
    remove(index, ["2021/下/会议.txt"])
    update(index, LengthEmbedder(), within=[folder / "2021/下/会议.txt"])
    assert sources(index) == ["2020/分红.txt"]


def test_what_is_said_beside_a_file_counts(index: Path, folder: Path) -> None:
    write(folder / "2020/捐赠.txt.meta.json", '{"title": "捐赠登记表"}')
    manifest = write(folder / "metadata.csv", "file,organisation\n2021/下/会议.txt,县政府\n")
    report = update(index, LengthEmbedder(), within=[folder / "2020/捐赠.txt"])
    assert (report.changed, report.unchanged) == (1, 2)
    reader = open_index(index)
    assert reader.document(reader.find_id("2020/捐赠.txt")).document.title == "捐赠登记表"
    assert reader.document(reader.find_id("2021/下/会议.txt")).document.organisation is None
    reader.close()
    update(index, LengthEmbedder(), within=[manifest])
    reader = open_index(index)
    assert reader.document(reader.find_id("2021/下/会议.txt")).document.organisation == "县政府"
    reader.close()


def test_of_several_folders_and_of_a_single_file(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    alone = write(tmp_path / "单页.txt", "单页一张。\n")
    build([folder / "2020", alone], index, LengthEmbedder())
    write(alone, "单页两张，已盖章。\n")
    assert update(index, LengthEmbedder(), within=[alone]).changed == 1
    write(folder / "2020/分红.txt", "分红大会\n\n46户每户分到1700元，当场发放。\n")
    assert update(index, LengthEmbedder(), within=[folder / "2020/分红.txt"]).changed == 1
    assert update(index, LengthEmbedder()).unchanged == 3


def test_a_path_outside_is_refused_and_the_command_takes_paths(
    index: Path, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        update(index, LengthEmbedder(), within=[tmp_path / "anderswo.txt"])
    assert str(folder) in caught.value.hint
    real = tmp_path / "real"
    assert run("build", folder, "--index", real, "--embedder", "builtin").returncode == 3
    changed = write(folder / "2020/捐赠.txt", "捐赠公告\n\n昭觉县收到捐款九十万元，已登记。\n")
    done = run("update", changed, "--index", real)
    assert "1 changed, 2 unchanged" in done.stdout
