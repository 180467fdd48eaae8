"""Gold questions over a folder of documents, as passages and the passages that answer.

Evaluation only: nothing trains on them. Reads documents crudely, tags stripped.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path

from training import data as source


def read_text(path: Path) -> str:
    """A text or HTML file as text; bytes that are not UTF-8 are read as GB18030."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    if path.suffix.lower() in {".html", ".htm"}:
        text = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", "\n", text)
        text = html.unescape(text)
    return text


def squeeze(text: str) -> str:
    """Normalised text without any white space: for finding a quote across line breaks."""
    return re.sub(r"\s+", "", source.normalise(text))


Asked = tuple[str, str, frozenset[int]]


def read_gold(files: Sequence[Path], corpus: Path, first: int) -> tuple[list[str], list[Asked]]:
    """Passages (numbered from `first`) and (kind, question, numbers of passages with a quote)."""
    entries = [
        json.loads(line)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    names = sorted({proof["document"] for entry in entries for proof in entry.get("evidence", [])})
    texts: list[str] = []
    numbers: dict[str, range] = {}
    for name in names:
        if (corpus / name).suffix.lower() not in {".html", ".htm", ".txt", ".md", ".csv"}:
            continue
        cut = source.passages(source.normalise(read_text(corpus / name)))
        numbers[name] = range(len(texts), len(texts) + len(cut))
        texts += cut
    squeezed = [squeeze(text) for text in texts]
    asked: list[Asked] = []
    for entry in entries:
        relevant = frozenset(
            first + n
            for proof in entry.get("evidence", [])
            for n in numbers.get(proof["document"], range(0))
            if squeeze(proof["quote"])[:40] in squeezed[n]
        )
        if relevant:
            asked.append((entry["kind"], source.normalise(entry["question"]), relevant))
    return texts, asked
