"""Office files as other programs write them, and what our readers make of them."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping

import docx
import openpyxl
import pptx

from indexer.files.readers import read
from indexer.records import Content, LeftOutReason

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def saved(
    thing: docx.document.Document | pptx.presentation.Presentation | openpyxl.Workbook,
) -> bytes:
    buffer = io.BytesIO()
    thing.save(buffer)
    return buffer.getvalue()


def with_parts(data: bytes, changed: Mapping[str, str | bytes | None]) -> bytes:
    """The same package with other parts; None takes one away."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name), zipfile.ZIP_DEFLATED)
        for name, part in changed.items():
            if part is not None:
                new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def part_of(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def edited(data: bytes, name: str, edit: Callable[[str], str]) -> bytes:
    return with_parts(data, {name: edit(part_of(data, name))})


def body(xml: str) -> bytes:
    """A Word file with these elements as its body."""
    data = saved(docx.Document())

    def edit(document: str) -> str:
        head = (
            f'<w:document xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-'
            'compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
            ' xmlns:wps="urn:wps" xmlns:v="urn:v"><w:body>'
        )
        assert re.search("<w:body>", document)
        return f"{head}{xml}</w:body></w:document>"

    return edited(data, "word/document.xml", edit)


def headings(content: Content) -> list[tuple[int, str]]:
    return [(each.level, content.text[each.start : each.end]) for each in content.headings]


def left_out(content: Content) -> list[tuple[LeftOutReason, str]]:
    return [(each.reason, content.text[each.start : each.end]) for each in content.left_out]


def places(content: Content) -> list[tuple[int | None, str | None, str]]:
    return [(each.page, each.name, content.text[each.start : each.end]) for each in content.places]


def lines(name: str, data: bytes) -> list[str]:
    return read(name, data).text.split("\n")
