"""What users say of files beside them: `report.pdf.meta.json`, and a `metadata.csv` in a folder.

A sidecar is one JSON object with title, date, author, organisation, url. A manifest has a row a
file, for its folder and all below it. A sidecar counts before a manifest, the manifest of an inner
folder before that of an outer one, field by field; each counts before what the file says itself.
Both work in archives too. What is wrong in one is told by its name, and says nothing then.

Knows found files and their bytes; no format of documents, no index.
"""

import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO

from indexer.errors import UnreadableFile
from indexer.files.decode import decode
from indexer.files.given import MANIFEST_NAME, NOTHING_GIVEN, SIDECAR_ENDING, Given
from indexer.files.metadata.dates import parse_date
from indexer.files.reading import FileReader
from indexer.files.walk import FileFound
from indexer.records import Skipped

BAD_METADATA = "bad_metadata"
SPEAKS_OF_OTHERS = "speaks_of_others"
_NOT_ALONE = "it speaks of other files: send it with them in one archive, where it holds for these"

_MAX_BYTES = {SIDECAR_ENDING: 256 * 1024, MANIFEST_NAME: 32 * 1024 * 1024}
_LONGEST_VALUE = 1000
_SHOWN_FAULTS = 3
_FILE = (
    "file",
    "filename",
    "file_name",
    "path",
    "文件",
    "文件名",
    "文件名称",
    "路径",
    "檔案",
    "檔名",
)
_FIELDS = {
    "title": ("title", "标题", "題名", "题名", "標題"),
    "date": ("date", "日期", "发布日期", "發布日期", "成文日期", "时间", "時間"),
    "author": ("author", "authors", "作者", "撰稿人"),
    "organisation": (
        *("organisation", "organization", "publisher", "单位", "單位", "机构", "機構"),
        *("发布机构", "發布機構", "发布单位", "来源单位", "发文单位", "发文机关"),
    ),
    "url": ("url", "link", "网址", "網址", "链接", "連結"),
}
_NAMES = {alias: name for name, aliases in _FIELDS.items() for alias in aliases}
_SHAPE = (
    '{"title": "…", "date": "2020-05-28", "author": "…", "organisation": "…", "url": "https://…"}'
)
_DAY = re.compile(r"[\d年月日./〇零一二三四五六七八九十民国國\s-]{6,20}")
_ADDRESS = re.compile(r"https?://\S+")


class _Fault(ValueError):
    """What is wrong in a sidecar or a row, as a sentence with the way out."""


@dataclass(slots=True)
class _Names:
    """The documents by their sources, however their letters are composed."""

    sources: dict[str, str]
    by_stem: dict[str, list[str]] = field(default_factory=dict)
    by_name: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Iterable[str]) -> "_Names":
        names = cls({_composed(source): source for source in sources})
        for key, source in names.sources.items():
            folder, _, name = key.rpartition("/")
            stem = name.rpartition(".")[0]
            names.by_stem.setdefault(f"{folder}/{stem}", []).append(source)
            names.by_name.setdefault(name, []).append(source)
        return names


def gather(
    found: Sequence[FileFound], reader: FileReader, *, in_archives_alone: bool = False
) -> tuple[list[FileFound], list[Skipped]]:
    """The documents, each with what is given of it; and what is wrong with sidecars and manifests.

    Neither of these is a document. A `metadata.csv` that names no files is an ordinary table.
    With `in_archives_alone` they count where they came in one archive with what they speak of, and
    are left out elsewhere: among files of many senders none speaks of those of another.
    """
    sidecars = [file for file in found if file.source.lower().endswith(SIDECAR_ENDING)]
    aside = {file.source for file in sidecars}
    wrong: list[Skipped] = []
    manifests: list[tuple[FileFound, list[dict[str, str]]]] = []
    for file in found:
        if file.source.rpartition("/")[2].lower() == MANIFEST_NAME:
            try:
                rows = _rows(file, reader)
            except _Fault as fault:
                wrong.append(_told(file, [str(fault)]))
                aside.add(file.source)
                continue
            if rows is not None:
                manifests.append((file, rows))
                aside.add(file.source)
    if not aside:
        return list(found), wrong
    if in_archives_alone:
        alone = [file for file in (*sidecars, *(file for file, _ in manifests)) if not file.member]
        wrong += [Skipped(file.source, SPEAKS_OF_OTHERS, _NOT_ALONE) for file in alone]
        sidecars = [file for file in sidecars if file.member]
        manifests = [(file, rows) for file, rows in manifests if file.member]
    documents = [file for file in found if file.source not in aside]
    names = _Names.of(file.source for file in documents)
    given: dict[str, Given] = {}
    for file, rows in sorted(manifests, key=lambda each: each[0].source.count("/")):
        faults = _take_rows(file.source, rows, names, given)
        if faults:
            wrong.append(_told(file, faults))
    # By the stem first: the file's whole name counts before it.
    for file in sorted(sidecars, key=lambda each: _exact(each, names) is not None):
        try:
            target = _exact(file, names) or _by_stem(file, names)
            said = _read_sidecar(file, reader)
        except _Fault as fault:
            wrong.append(_told(file, [str(fault)]))
            continue
        given[target] = said.over(given.get(target, NOTHING_GIVEN))
    return [
        replace(file, given=given[file.source]) if file.source in given else file
        for file in documents
    ], wrong


# -- sidecars -------------------------------------------------------------------------------------


def _exact(file: FileFound, names: _Names) -> str | None:
    return names.sources.get(_composed(file.source[: -len(SIDECAR_ENDING)]))


def _by_stem(file: FileFound, names: _Names) -> str:
    """Raises: _Fault."""
    folder, _, stem = _composed(file.source[: -len(SIDECAR_ENDING)]).rpartition("/")
    matching = names.by_stem.get(f"{folder}/{stem}", [])
    if len(matching) == 1:
        return matching[0]
    if matching:
        shown = matching[0].rpartition("/")[2]
        raise _Fault(f"{len(matching)} files are called so; name it {shown}{SIDECAR_ENDING}")
    raise _Fault(
        f"there is no {stem} beside it; name it after its file, as in a.pdf{SIDECAR_ENDING}"
    )


def _read_sidecar(file: FileFound, reader: FileReader) -> Given:
    """Raises: _Fault."""
    text = _text(file, reader, _MAX_BYTES[SIDECAR_ENDING])
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _Fault(f"it is no JSON: {error}; write it as {_SHAPE}") from error
    if not isinstance(said, dict):
        raise _Fault(f"it is no JSON object; write it as {_SHAPE}")
    values: dict[str, str] = {}
    for key, value in said.items():
        name = _NAMES.get(key.strip().lower())
        if name is None:
            raise _Fault(f"unknown field {key[:40]!r}; known are {', '.join(_FIELDS)}")
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            value = "、".join(value)
        if value is not None and not isinstance(value, str):
            raise _Fault(f"{key} is no text; write it in quotes")
        if value:
            values[name] = value
    return _given(values)


# -- manifests ------------------------------------------------------------------------------------


def _rows(file: FileFound, reader: FileReader) -> list[dict[str, str]] | None:
    """The rows by our names for the columns, `file` among them; None for an ordinary table.

    Raises: _Fault.
    """
    text = _text(file, reader, _MAX_BYTES[MANIFEST_NAME])
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        header, *rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except (csv.Error, ValueError) as error:
        raise _Fault(f"it is no table: {error}; save it as CSV in UTF-8") from error
    columns = [_column(cell) for cell in header]
    if "file" not in columns or not set(columns) & set(_FIELDS):
        return None
    return [
        {name: cell.strip() for name, cell in zip(columns, row, strict=False) if name}
        for row in rows
        if any(cell.strip() for cell in row)
    ]


def _column(cell: str) -> str | None:
    name = cell.strip().strip("\ufeff").lower()
    return "file" if name in _FILE else _NAMES.get(name)


def _take_rows(
    source: str, rows: Sequence[Mapping[str, str]], names: _Names, given: dict[str, Given]
) -> list[str]:
    """Note what the rows say; returns what is wrong with some of them."""
    folder = _composed(source.rpartition("/")[0])
    faults: list[str] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        try:
            target = _target(folder, row.get("file", ""), names)
            if target in seen:
                raise _Fault(f"{row['file'][:80]} has a row already; keep one")
            seen.add(target)
            values = {name: value for name, value in row.items() if name != "file" and value}
            given[target] = _given(values).over(given.get(target, NOTHING_GIVEN))
        except _Fault as fault:
            faults.append(f"row {number}: {fault}")
    return faults


def _target(folder: str, name: str, names: _Names) -> str:
    """The source that a row names: a path below the manifest's folder, or a name that is alone.

    Raises: _Fault.
    """
    path = _composed(name.replace("\\", "/").removeprefix("./"))
    found = names.sources.get(f"{folder}/{path}" if folder else path)
    if found is not None:
        return found
    below = f"{folder}/" if folder else ""
    called = [each for each in names.by_name.get(path, ()) if _composed(each).startswith(below)]
    if len(called) == 1:
        return called[0]
    if called:
        raise _Fault(f"{len(called)} files are called {name[:80]!r}; write the folder too")
    raise _Fault(f"there is no file {name[:80]!r}; write its path below the folder of this table")


# -- values ---------------------------------------------------------------------------------------


def _given(values: Mapping[str, str]) -> Given:
    """Raises: _Fault."""
    said: dict[str, str] = {}
    for name, value in values.items():
        value = re.sub(r"\s+", " ", value).strip()
        if len(value) > _LONGEST_VALUE:
            raise _Fault(f"{name} has over {_LONGEST_VALUE} characters; shorten it")
        if not value.isprintable():
            raise _Fault(f"{name} holds control characters; write it anew")
        if name == "date":
            day = parse_date(value) if _DAY.fullmatch(value.split("T")[0].split(" ")[0]) else None
            if day is None:
                raise _Fault(f"{value[:40]!r} is no day up to today; write it as 2020-05-28")
            value = day
        if name == "url" and not _ADDRESS.fullmatch(value):
            raise _Fault(f"{value[:80]!r} is no web address; it begins with https://")
        if value:
            said[name] = value
    return Given(**said)


def _text(file: FileFound, reader: FileReader, most: int) -> str:
    """Raises: _Fault."""
    if file.size > most:
        raise _Fault(f"it has {file.size} bytes, over {most}; is it the right file?")
    try:
        return decode(reader.read(file).data).text.removeprefix("\ufeff")
    except OSError as error:
        raise _Fault(f"it can't be read: {error.strerror or error}") from error
    except UnreadableFile as error:
        raise _Fault(f"{error.message}; {error.hint}") from error


def _composed(name: str) -> str:
    """A Mac decomposes the letters of a file's name, a table from elsewhere does not."""
    return unicodedata.normalize("NFC", name)


def _told(file: FileFound, faults: Sequence[str]) -> Skipped:
    return Skipped(file.source, BAD_METADATA, _listed(faults))


def _listed(faults: Sequence[str]) -> str:
    more = len(faults) - _SHOWN_FAULTS
    return " | ".join(faults[:_SHOWN_FAULTS]) + (f" | and {more} more" if more > 0 else "")
