"""The old Office formats: by a stand-in for LibreOffice and, where it is, by the real one."""

import io
import os
import shutil
import sys
import time
from pathlib import Path

import docx
import openpyxl
import pytest

from indexer.errors import UnreadableFile
from indexer.files.readers import office97, read
from indexer.files.readers.office.ooxml import OLE
from tests.indexer.files.office_samples import saved

OLD = OLE + b"\0" * 500 + "WordDocument".encode("utf-16-le") + b"\0" * 500

CONVERTS = """#!{python}
import pathlib, shutil, sys
arguments = sys.argv[1:]
profile = next(a for a in arguments if a.startswith("-env:UserInstallation=file://"))
settings = pathlib.Path(profile.partition("file://")[2], "user", "registrymodifications.xcu")
assert "DisableMacrosExecution" in settings.read_text(encoding="utf-8")
target = pathlib.Path(arguments[arguments.index("--outdir") + 1])
kind = arguments[arguments.index("--convert-to") + 1]
target.mkdir()
shutil.copy("{made}", target / (pathlib.Path(arguments[-1]).stem + "." + kind))
"""
HANGS = "#!/bin/sh\nsleep 60 &\necho $! > {told}\nwait\n"


@pytest.fixture
def word(tmp_path: Path) -> bytes:
    document = docx.Document()
    document.add_heading("旧文件", 1)
    document.add_paragraph("金野以匹村每户分红1500元。")
    (tmp_path / "made.docx").write_bytes(saved(document))
    return saved(document)


def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "soffice").write_text(script, encoding="utf-8")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def refusal(name: str, data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read(name, data)
    return caught.value


def test_without_libreoffice_the_way_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office97, "_PLACES", ())
    error = refusal("旧.doc", OLD)
    assert error.reason == "needs_libreoffice"
    assert ".docx" in error.hint
    assert "LibreOffice" in error.hint


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")
def test_it_is_converted_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: bytes
) -> None:
    script = CONVERTS.format(python=sys.executable, made=tmp_path / "made.docx")
    install(tmp_path, monkeypatch, script)
    assert read("旧.doc", OLD).text == "旧文件\n金野以匹村每户分红1500元。"
    # What it is counts, not what it is called.
    assert read("旧.xls", OLD).text == "旧文件\n金野以匹村每户分红1500元。"


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")
def test_a_conversion_that_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "#!/bin/sh\nexit 0\n")
    assert refusal("旧.doc", OLD).reason == "damaged"


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")
def test_a_conversion_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, HANGS.format(told=tmp_path / "child"))
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        office97.convert(OLD, "旧.doc", "docx", timeout_s=1.0)
    assert caught.value.reason == "timeout"
    assert time.monotonic() - started < 20
    child = int((tmp_path / "child").read_text())
    for _ in range(100):  # until the system has cleared the killed process away
        if not is_alive(child):
            return
        time.sleep(0.05)
    pytest.fail("the child outlived the conversion")


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_what_only_has_an_old_name(word: bytes) -> None:
    assert read("新.doc", word).text.startswith("旧文件\n")
    book = openpyxl.Workbook()
    book.active.append(("县", "户数"))
    book.active.append(("雷波县", 340))
    buffer = io.BytesIO()
    book.save(buffer)
    assert "县：雷波县 | 户数：340" in read("新.xls", buffer.getvalue()).text
    page = (
        "<html><body><table><tr><th>县</th><th>户数</th></tr><tr><td>雷波县</td><td>340</td></tr>"
        "</table></body></html>"
    )
    assert "县：雷波县 | 户数：340" in read("导出.xls", page.encode("gb18030")).text
    assert refusal("a.doc", b"\x01\x02\x03" * 99).reason == "damaged"


@pytest.mark.skipif(office97.find_program() is None, reason="LibreOffice is not on this machine")
def test_the_real_one(tmp_path: Path, word: bytes) -> None:
    import subprocess

    program = shutil.which("soffice") or shutil.which("libreoffice") or ""
    subprocess.run(
        [program, f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless",
         "--convert-to", "doc", "--outdir", str(tmp_path), str(tmp_path / "made.docx")],
        check=True, capture_output=True, timeout=90,
    )  # fmt: skip
    content = read("旧.doc", (tmp_path / "made.doc").read_bytes())
    assert content.text == "旧文件\n金野以匹村每户分红1500元。"
