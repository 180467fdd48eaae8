"""HZ (RFC 1843), the Chinese of seven-bit mail and news: `~{` pairs of GB 2312 `~}` in plain ASCII.

Strict UTF-8 takes it for English, so it is looked for before. A lost escape costs a U+FFFD and not
the line: pairs without their opening are known by how well they read. Knows no file.
"""

import re

from indexer.files.encoding.costs import USUAL, is_text, mean_cost
from indexer.files.encoding.pairs import read_pairs

_ESCAPE = re.compile(rb"~([~{}]|$)")
_PAIRS = re.compile(rb"[!-~]+$")
_BEGINNING = re.compile(rb"[!-~]*")
_MOST_COST = 8.8  # pairs of capitals and digits in a program come to 10, its small letters to 13
_MOST_MARKS = 8
_MOST_HIGH_SHARE = 0.01
_HIGH = re.compile(rb"[\x80-\xff]")


def read_hz(data: bytes) -> str | None:
    """The text, or None if `data` is not HZ."""
    if b"~{" not in data and b"~}" not in data:
        return None
    if len(_HIGH.findall(data)) > max(2, len(data) * _MOST_HIGH_SHARE):
        return None
    reader = _Reader()
    text = reader.read(data)
    chinese = "".join(reader.chinese).replace("\ufffd", "")
    least = _MOST_COST if len(chinese) > 1 else USUAL
    return text if chinese and mean_cost(chinese) <= least else None


class _Reader:
    """Reads line by line: a line end closes what is open."""

    def __init__(self) -> None:
        self.chinese: list[str] = []

    def read(self, data: bytes) -> str:
        lines = data.replace(b"\r\n", b"\n").split(b"\n")
        text: list[str] = []
        for line in lines:
            text += (self._line(line), "\n")
            if line.endswith(b"~") and text[-2].endswith("~"):
                text[-2:] = [text[-2].removesuffix("~")]  # the line goes on in the next
        return "".join(text).removesuffix("\n")

    def _line(self, line: bytes) -> str:
        pieces: list[str] = []
        at = 0
        while at < len(line):
            found = _ESCAPE.search(line, at)
            if not found:
                pieces.append(_ascii(line[at:]))
                break
            before = line[at : found.start()]
            at = found.end()
            if found[1] == b"{":
                text, at = self._pairs(line, at)
                pieces += (_ascii(before), text)
            elif found[1] == b"}":
                pieces.append(self._unopened(before))
            else:
                pieces += (_ascii(before), "~")
        return "".join(pieces)

    def _pairs(self, line: bytes, at: int) -> tuple[str, int]:
        """What is between the escapes, and where it ends. No pair contains `~}` or `~{`."""
        close, again = line.find(b"~}", at), line.find(b"~{", at)
        if close >= 0 and (again < 0 or close < again):
            return self._chinese(line[at:close]), close + 2
        end = again if again >= 0 else len(line)
        whole = _BEGINNING.match(line, at, end)
        stop = whole.end() if whole else at
        body = line[at:stop]
        cut = max(body.rfind(b"~"), body.rfind(b"}"))  # what is left of a spoilt close
        if cut >= 0 and self._is_ascii(body[cut + 1 :]):
            text = self._chinese(body[:cut]).removesuffix("\ufffd")
            return text + "\ufffd" + _ascii(body[cut + 1 :]), stop
        text = self._chinese(body)
        if stop == len(line) and not text.endswith("\ufffd"):
            return text, stop  # a line end closes as well
        return text.removesuffix("\ufffd") + "\ufffd", stop

    def _is_ascii(self, body: bytes) -> bool:
        return len(body) < 2 or mean_cost(read_pairs(_raised(body), "gb18030")) > _MOST_COST

    def _unopened(self, before: bytes) -> str:
        """Pairs whose opening is lost, or a `~}` of something else."""
        found = _PAIRS.search(before)
        run = found[0] if found else b""
        rest = _ascii(before[: len(before) - len(run)])
        # What is left of a spoilt opening; the same signs stand within pairs as well.
        marks = [at + 1 for at in range(len(run)) if run[at : at + 1] in (b"~", b"{")]
        likely = [begin for begin in marks[:_MOST_MARKS] if self._is_ascii(run[: begin - 1])]
        for begin in (*likely, 0):
            text = read_pairs(_raised(run[begin:]), "gb18030").lstrip("\ufffd")
            chinese = text.replace("\ufffd", "")
            is_marked = begin > 0 and run[begin - 1 : begin] == b"{"
            if len(chinese) > 1 and (
                mean_cost(chinese) <= _MOST_COST or (is_marked and is_text(chinese))
            ):
                self.chinese.append(chinese)
                return rest + _ascii(run[: max(0, begin - 1)]) + "\ufffd" + text
        return _ascii(before) + "~}"

    def _chinese(self, body: bytes) -> str:
        text = read_pairs(_raised(body), "gb18030")
        self.chinese.append(text)
        return text


def _raised(body: bytes) -> bytes:
    """The same pairs as in GB 2312 with its eighth bit; what can't be one becomes damage."""
    return bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else 0xFF for byte in body)


def _ascii(data: bytes) -> str:
    return data.decode("ascii", "replace")
