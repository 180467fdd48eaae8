"""Every reader on broken files: each is read or refused, soon, in bounded memory; nothing else.

    python -m eval.reading.fuzz --seconds 600

Cases are numbered and made from their number alone, so that one can be made again. They are read
in a process of its own with a limit on its memory; one that falls silent is ended and told.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import random
import selectors
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from eval.cli import PROJECT
from eval.reading.samples import markup, office, printed
from eval.reading.samples.document import SIMPLIFIED

LONGEST_S = 60.0
"""Without a word from the reader. It takes 0.1 s for such files, on a machine that others use."""

MEMORY_BYTES = 6 * 2**30
"""Of addresses, of which libraries reserve more than they use: ONNX Runtime and PDFium 2 GB."""

_SLOW = {".doc", ".xls", ".ppt", ".wps", ".et", ".dps"}  # LibreOffice takes seconds a file
_SLOW_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class Fault:
    """A case that did what it must not; `make(case, ending)` makes it again."""

    case: int
    name: str
    what: str


# -- the cases ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def samples() -> dict[str, bytes]:
    """A whole file for each ending; only those whose writer is here."""
    page = markup.html(SIMPLIFIED)
    found: dict[str, bytes] = {
        ".txt": markup.txt(SIMPLIFIED),
        ".md": markup.markdown(SIMPLIFIED),
        ".html": page,
        ".mhtml": markup.mhtml(SIMPLIFIED),
        ".epub": markup.epub(SIMPLIFIED),
        ".csv": markup.delimited(SIMPLIFIED, ","),
        ".tsv": markup.delimited(SIMPLIFIED, "\t"),
        ".json": markup.json_rows(SIMPLIFIED),
        ".jsonl": markup.json_lines(SIMPLIFIED),
        ".docx": office.docx(SIMPLIFIED),
        ".pptx": office.pptx(SIMPLIFIED),
        ".xlsx": office.xlsx(SIMPLIFIED),
        ".pdf": printed.pdf(SIMPLIFIED, columns=2),
        ".doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "旧文档".encode("utf-16-le"),
        ".xls": b"\x09\x08\x10\x00" + bytes(300),
        ".ppt": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
    }
    found[".zip"] = markup.packed({"a.html": page, "b/c.csv": found[".csv"]})
    return found | _pictures()


def _pictures() -> dict[str, bytes]:
    if importlib.util.find_spec("PIL") is None:
        return {}
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (420, 90), "white")
    draw = ImageDraw.Draw(image)
    draw.text((20, 20), "Annual report 2020: 3428 books", "black", font_size=24)
    found = {}
    for kind, ending in (("PNG", ".png"), ("JPEG", ".jpg"), ("TIFF", ".tif"), ("BMP", ".bmp"),
                         ("WEBP", ".webp")):  # fmt: skip
        written = io.BytesIO()
        image.save(written, kind)
        found[ending] = written.getvalue()
    return found


_SAME_AS = {
    ".text": ".txt", ".markdown": ".md", ".htm": ".html", ".xhtml": ".html", ".mht": ".mhtml",
    ".docm": ".docx", ".dotx": ".docx", ".pptm": ".pptx", ".ppsx": ".pptx", ".xlsm": ".xlsx",
    ".xltx": ".xlsx", ".wps": ".doc", ".et": ".xls", ".dps": ".ppt", ".jpeg": ".jpg",
    ".tiff": ".tif",
}  # fmt: skip


def make(case: int, ending: str) -> bytes:
    """The broken file with this number. Every tenth is a whole file of another kind."""
    luck = random.Random(f"{ending}{case}")
    whole = samples()
    data = whole[_SAME_AS.get(ending, ending)]
    if case % 10 == 9:
        return luck.choice(list(whole.values()))
    if data.startswith(b"PK\x03\x04") and luck.random() < 0.6:
        return _broken_inside(data, luck)
    for _ in range(luck.choice((1, 1, 1, 3, 8))):
        data = luck.choice(_WAYS)(data, luck)
    return data


def _cut(data: bytes, luck: random.Random) -> bytes:
    return data[: luck.randrange(len(data) + 1)]


def _beheaded(data: bytes, luck: random.Random) -> bytes:
    return data[luck.randrange(min(len(data), 2000) + 1) :]


def _flipped(data: bytes, luck: random.Random) -> bytes:
    copy = bytearray(data)
    for _ in range(luck.randint(1, 40) if copy else 0):
        copy[luck.randrange(len(copy))] = luck.choice((0, 255, luck.randrange(256)))
    return bytes(copy)


def _block(data: bytes, luck: random.Random) -> tuple[int, int]:
    start = luck.randrange(len(data) + 1)
    return start, start + luck.choice((1, 7, 60, 512, 4096))


def _lost(data: bytes, luck: random.Random) -> bytes:
    start, end = _block(data, luck)
    return data[:start] + data[end:]


def _doubled(data: bytes, luck: random.Random) -> bytes:
    start, end = _block(data, luck)
    times = 2000 if end - start < 61 and luck.random() < 0.2 else 2
    return data[:start] + data[start:end] * times + data[end:]


def _zeroed(data: bytes, luck: random.Random) -> bytes:
    start, end = _block(data, luck)
    return data[:start] + bytes(len(data[start:end])) + data[end:]


def _swapped(data: bytes, luck: random.Random) -> bytes:
    start, end = _block(data, luck)
    other = luck.choice(list(samples().values()))
    at, until = _block(other, luck)
    return data[:start] + other[at:until] + data[end:]


def _numbers(data: bytes, luck: random.Random) -> bytes:
    """A number in the text becomes one that no program expects."""
    digits = [at for at in range(len(data)) if data[at : at + 1].isdigit()]
    if not digits:
        return data
    at = luck.choice(digits)
    wild = luck.choice((b"0", b"-1", b"99999999999", b"4294967295", b"1e999", b"NaN"))
    return data[:at] + wild + data[at + 1 :]


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _beheaded, _flipped, _flipped, _lost, _doubled, _zeroed, _swapped, _numbers,
)  # fmt: skip


def _broken_inside(data: bytes, luck: random.Random) -> bytes:
    """A whole zip with one broken member: what is packed is seldom reached by breaking the file."""
    members = {}
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for name in opened.namelist():
            members[name] = opened.read(name)
    broken = luck.choice([name for name in members if not name.endswith("/")])
    members[broken] = luck.choice(_WAYS)(members[broken], luck)
    if luck.random() < 0.1:
        members.pop(luck.choice(list(members)))
    return markup.packed(members)


# -- reading them, in a process of its own --------------------------------------------------------


def endings() -> list[str]:
    from indexer.files.readers import SUPPORTED

    return sorted(each for each in (*SUPPORTED, ".zip") if _SAME_AS.get(each, each) in samples())


def read_case(case: int, ending: str, folder: Path) -> str:
    """`read`, or the reason for a refusal. Raises whatever a reader must not."""
    data = make(case, ending)
    if ending == ".zip":
        return _read_archive(folder / "a.zip", data)
    return _read(f"a{ending}", data)


def _read(name: str, data: bytes) -> str:
    from indexer.errors import UnreadableFile
    from indexer.files.readers import read

    try:
        content = read(name, data)
    except UnreadableFile as error:
        if not (error.reason and error.hint and str(error)):
            raise ValueError("a refusal without reason, words or hint") from error
        return error.reason
    content.text.encode()
    spans = [(each.start, each.end) for each in content.headings]
    spans += [(each.start, each.end) for each in content.left_out]
    spans += [(each.start, each.end) for each in content.places]
    for start, end in spans:
        if not 0 <= start < end <= len(content.text):
            raise ValueError(f"{start} to {end} is not inside {len(content.text)} characters")
    return "read"


def _read_archive(path: Path, data: bytes) -> str:
    from indexer.errors import UnreadableFile
    from indexer.files.reading import FileReader
    from indexer.files.walk import walk
    from indexer.records import Skipped

    path.write_bytes(data)
    outcome = "empty"
    with FileReader() as files:
        for found in walk([path]):
            if isinstance(found, Skipped):
                outcome = found.reason
                continue
            try:
                outcome = _read(found.source, files.read(found).data)
            except UnreadableFile as error:
                outcome = error.reason
    return outcome


def _child(chosen: str, first: int, count: int) -> None:
    """Reads cases and says of each that it begins and what became of it."""
    import tempfile
    import traceback

    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with tempfile.TemporaryDirectory(prefix="wenju-fuzz-") as folder:
        for case in range(first, first + count):
            print(json.dumps({"case": case}), flush=True)
            try:
                told = {"outcome": read_case(case, chosen, Path(folder))}
            except BaseException as error:  # told, and then the end of this process
                last = traceback.extract_tb(error.__traceback__)[-1]
                what = f"{type(error).__name__}: {error} ({last.filename}:{last.lineno})"
                print(json.dumps({"fault": what}), flush=True)
                raise
            print(json.dumps(told), flush=True)


def run(ending: str, first: int, count: int) -> tuple[Counter[str], list[Fault]]:
    """What became of the cases: how many were read or refused for which reason, and the faults."""
    outcomes: Counter[str] = Counter()
    faults: list[Fault] = []
    last = first + count
    while first < last:
        case = first
        ended = "the process ended"
        for told in _words(ending, first, last - first):
            if told is None:
                ended = f"no word for {LONGEST_S:.0f} s"
            elif "case" in told:
                case = int(str(told["case"]))
            elif "fault" in told:
                faults.append(Fault(case, f"a{ending}", str(told["fault"])))
                first = case + 1
            else:
                outcomes[str(told["outcome"])] += 1
                first = case + 1
        if first < last:  # it fell over this one, or was ended: go on behind it
            faults.append(Fault(case, f"a{ending}", ended))
            first = case + 1
    return outcomes, faults


def _words(ending: str, first: int, count: int) -> Iterator[Mapping[str, object] | None]:
    """What the child says; None if it was ended because it said nothing for too long."""
    command = [sys.executable, "-m", "eval.reading.fuzz", "--child", ending]
    child = subprocess.Popen(
        [*command, "--first", str(first), "--count", str(count)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout is not None
    try:
        with selectors.DefaultSelector() as waiting:
            waiting.register(child.stdout, selectors.EVENT_READ)
            while True:
                if not waiting.select(LONGEST_S):
                    yield None
                    return
                line = child.stdout.readline()
                if not line:
                    return
                yield json.loads(line)
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Read broken files of every kind.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--count", type=int, default=100, help="cases of a kind in a turn")
    parser.add_argument("--ending", help="this kind alone")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        _child(asked.child, asked.first, asked.count)
        return
    until = time.monotonic() + asked.seconds
    first, outcomes, faults = asked.first, Counter[str](), list[Fault]()
    while time.monotonic() < until:
        for ending in [asked.ending] if asked.ending else endings():
            count = max(1, int(asked.count * (_SLOW_SHARE if ending in _SLOW else 1)))
            came, wrong = run(ending, first, count)
            outcomes += came
            faults += wrong
            for fault in wrong:
                print(f"{fault.name} case {fault.case}: {fault.what}", flush=True)
            if time.monotonic() > until:
                break
        first += asked.count
    print(f"{outcomes.total() + len(faults)} cases, {len(faults)} faults; {dict(outcomes)}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
