"""Office files of the old kind (.doc .xls .ppt, and WPS' own): by way of LibreOffice, where it is.

What only has such a name is read for what it is: programs save HTML as .xls, and people rename
.docx. LibreOffice runs with a profile of its own that lets no macro run and fetches nothing, and
is ended with all its children when its time is up. Knows files and one program; reads nothing
itself.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path, PurePosixPath

from indexer.errors import UnreadableFile
from indexer.files.readers.office.ooxml import OLE, damaged, is_encrypted
from indexer.records import Content

CONVERT_S = 90.0
"""LibreOffice starts in 2 to 10 s and converts a book in 30; one that hangs does so for good."""

_MODERN = {
    ".doc": "docx",
    ".wps": "docx",
    ".xls": "xlsx",
    ".et": "xlsx",
    ".ppt": "pptx",
    ".dps": "pptx",
}
# What the streams of an old file are called tells what it is, whatever its own name says.
_STREAMS = {
    "docx": "WordDocument".encode("utf-16-le"),
    "xlsx": "Workbook".encode("utf-16-le"),
    "pptx": "PowerPoint Document".encode("utf-16-le"),
}
_PARTS = {"docx": b"word/", "xlsx": b"xl/", "pptx": b"ppt/"}
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_OPTIONS = (
    *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
    "--nologo",
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""  # noqa: E501


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, reason `needs_libreoffice`, `timeout`, `encrypted` or `damaged`."""
    modern = _MODERN.get(PurePosixPath(name).suffix.lower(), "docx")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"PK\x03\x04"):
        found = (kind for kind, folder in _PARTS.items() if folder in data)
        return _read_as(next(found, modern), name, data)
    if head.startswith((b"<html", b"<!doctype html", b"<head", b"<meta", b"<table")):
        return _read_as("html", name, data)
    if data.startswith(OLE):
        if is_encrypted(data):
            raise _encrypted()
        found = (kind for kind, stream in _STREAMS.items() if stream in data)
        modern = next(found, modern)
    elif not head.startswith((b"{\\rtf", b"<?xml", b"\x09\x08", b"\xdb\xa5", b"\x31\xbe")):
        raise damaged("it is no Office file, whatever its name says")
    return _read_as(modern, name, convert(data, name, modern))


def convert(data: bytes, name: str, modern: str, timeout_s: float = CONVERT_S) -> bytes:
    """The same document as docx, xlsx or pptx.

    Raises: UnreadableFile, reason `needs_libreoffice`, `timeout` or `damaged`.
    """
    program = find_program()
    if program is None:
        raise UnreadableFile(
            f"{PurePosixPath(name).suffix} is an Office format of before 2007",
            reason="needs_libreoffice",
            hint=f"save it as .{modern}, or install LibreOffice, which then converts it by itself",
        )
    with tempfile.TemporaryDirectory(prefix="wenju-office-") as folder:
        old = Path(folder, f"file{PurePosixPath(name).suffix.lower()}")
        old.write_bytes(data)
        profile = Path(folder, "profile")
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        made = Path(folder, "made")
        _run(
            [
                *(program, f"-env:UserInstallation={profile.as_uri()}", *_OPTIONS),
                *("--convert-to", modern, "--outdir", str(made), str(old)),
            ],
            timeout_s,
        )
        converted = made / f"file.{modern}"
        if not converted.is_file():
            raise damaged("LibreOffice can't open it: it is broken, or locked with a password")
        return converted.read_bytes()


def find_program() -> str | None:
    """Where LibreOffice is, if it is on this machine."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def _run(command: list[str], timeout_s: float) -> None:
    """Run it in a group of its own, so that it ends with the children that do its work."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise UnreadableFile(
            f"{command[0]} can't be run: {error}",
            reason="needs_libreoffice",
            hint="mend the installation of LibreOffice, or save the file in a newer format",
        ) from error
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(
            f"LibreOffice did not convert it in {timeout_s:.0f} s",
            reason="timeout",
            hint="open it by hand and save it in a newer format",
        ) from error
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):  # all of it has ended by itself, as it should
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _encrypted() -> UnreadableFile:
    return UnreadableFile(
        "it is locked with a password",
        reason="encrypted",
        hint="open it with the password and save it without one",
    )


def _read_as(kind: str, name: str, data: bytes) -> Content:
    content: Content = import_module(f"indexer.files.readers.{kind}").read(name, data)
    return content
