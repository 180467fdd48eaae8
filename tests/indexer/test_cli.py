"""The command line as a person runs it: words, exit codes, and nothing heavy for `--help`."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "indexer", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("files")
    (root / "捐赠.md").write_text("# 捐赠公告\n\n昭觉县收到捐款三十万元。\n", "utf-8")
    (root / "简报.txt").write_text("简报\n\n医院派出医疗队。\n", "utf-8")
    return root


@pytest.fixture(scope="module")
def index(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made") / "index"
    done = run("build", folder, "--index", made)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "documents   2" in done.stdout
    return made


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    started = time.process_time()
    done = run("build", "--help")
    assert time.process_time() - started < 0.5
    assert done.returncode == 0
    assert "--chunk-chars" in done.stdout
    modules = subprocess.run(
        [sys.executable, "-c", "import sys, indexer.__main__; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    heavy = {"numpy", "faiss", "tantivy", "model2vec", "torch", "pydantic", "trafilatura", "opencc"}
    assert not heavy & set(modules)
    assert "Exit status" in run("--help").stdout


def test_inspect_and_verify(index: Path) -> None:
    summary = run("inspect", "--index", index)
    assert summary.returncode == 0, summary.stderr
    assert "捐赠.md  捐赠公告" in summary.stdout
    assert "e5" in summary.stdout
    assert "vectors       exact, 1,552 bytes a passage in memory" in summary.stdout
    details = run("inspect", "--index", index, "捐赠.md").stdout
    assert "昭觉县收到捐款三十万元。" in details
    assert "heading 1" in details
    assert "捐赠公告" in details
    checked = run("verify", "--index", index)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "2 documents" in checked.stdout
    assert "all well" in checked.stdout


def test_update_and_remove(tmp_path: Path) -> None:
    root, index = tmp_path / "root", tmp_path / "index"
    root.mkdir()
    (root / "a.txt").write_text("第一份文件。", "utf-8")
    (root / "b.txt").write_text("第二份文件。", "utf-8")
    assert run("build", root, "--index", index).returncode == 0
    (root / "c.txt").write_text("第三份文件。", "utf-8")
    updated = run("update", "--index", index)
    assert updated.returncode == 0
    assert "1 added, 0 changed, 2 unchanged" in updated.stdout
    removed = run("remove", "--index", index, "a.txt", "b.txt")
    assert (removed.returncode, removed.stdout) == (0, "removed a.txt\nremoved b.txt\n")
    again = run("remove", "--index", index, "a.txt")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith("error: no document 'a.txt'")


def test_unreadable_files_give_status_3_and_others_do_not(tmp_path: Path) -> None:
    root, index = tmp_path / "root", tmp_path / "index"
    root.mkdir()
    (root / "a.txt").write_text("一份文件。", "utf-8")
    (root / "b.dat").write_bytes(b"x")
    (root / "c.txt").write_text("不要。", "utf-8")
    (root / ".wenjuignore").write_text("c.txt\n", "utf-8")
    plain = run("build", root, "--index", index)
    assert plain.returncode == 0
    assert "left out: 1 unsupported format" in plain.stdout
    (root / "[坏].txt").write_bytes(b"\x00\x01\x02\x03" * 500)
    spoiled = run("build", root, "--index", index)
    assert spoiled.returncode == 3
    assert "[坏].txt" in spoiled.stdout
    assert "not_text" in spoiled.stdout
    assert run("update", "--index", index).returncode == 3


def test_every_error_is_one_line_with_a_hint_and_status_1(tmp_path: Path, folder: Path) -> None:
    empty, index = tmp_path / "empty", tmp_path / "index"
    empty.mkdir()
    cases: list[tuple[tuple[object, ...], dict[str, str], str]] = [
        (("build", empty, "--index", index), {}, "no readable document"),
        (("build", tmp_path / "absent", "--index", index), {}, "no such file or folder"),
        (("build", folder, "--index", index, "--embedder", "magic"), {}, "no embedder"),
        (("build", folder, "--index", folder / "简报.txt"), {}, "简报.txt"),
        (("build", folder, "--index", index), {"WENJU_CHUNK_CHARS": "many"}, "WENJU_CHUNK_CHARS"),
        (("update", "--index", index), {}, "no index at"),
        (("remove", "x", "--index", index), {}, "no index at"),
        (("inspect", "--index", index), {}, "no index at"),
        (("verify", "--index", index), {}, "no index at"),
    ]
    for arguments, environment, expected in cases:
        done = run(*arguments, **environment)
        assert done.returncode == 1, arguments
        assert done.stdout == "", arguments
        (line,) = done.stderr.splitlines()
        assert line.startswith("error: "), arguments
        assert "(hint: " in line, arguments
        assert expected in line, arguments
    assert run("build", folder).returncode == 2, "no --index: wrong usage"


def test_damage_is_told_and_mended(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    assert run("build", folder, "--index", index).returncode == 0
    (vectors,) = index.glob("generations/*/dense.faiss")
    vectors.write_bytes(vectors.read_bytes()[:-1])
    for command in ("verify", "update", "inspect"):
        done = run(command, "--index", index)
        assert done.returncode == 1
        assert f"hint: run: python -m indexer rebuild --index {index}" in done.stderr
    assert run("rebuild", "--index", index).returncode == 0
    assert run("verify", "--index", index).returncode == 0


def test_a_page_of_which_little_is_read_is_named_with_its_share(tmp_path: Path) -> None:
    folder, index = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    text = "水闸每天上午九点开启，下午四点关闭，汛期由值班员另行通知沿岸各村。"
    (folder / "水闸.html").write_text(
        f"<html><head><meta charset='utf-8'></head><body><h1>水闸开闭时间</h1>"
        f"<script>var page = '{text * 3}'</script></body></html>",
        "utf-8",
    )
    told = "6%: 6 of 105 characters that the page holds"
    built = run("build", folder, "--index", index)
    assert built.returncode == 0
    assert told in built.stdout
    assert told in run("inspect", "--index", index).stdout
    one = run("inspect", "水闸.html", "--index", index).stdout
    assert f"little read  {told}" in one
    assert "99 characters of sentences stand in the page's scripts" in one
