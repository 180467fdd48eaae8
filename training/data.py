"""The training data as normalised text: news, question sets, sentences, passages, splits.

Knows the files of the data folder. Knows nothing of tokens or vectors.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATA = PROJECT_ROOT.parent / "shared" / "data"
DEFAULT_WORK = PROJECT_ROOT / "build" / "training"

# Full-width marks are half-width after NFKC; 。 stays as it is.
_SENTENCE_END = re.compile(r"(?<=[。!?;\n])")
CANNOT_TELL = "无法推断"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with the questions that it answers; all texts are normalised."""

    paragraph_id: str
    title: str
    text: str
    questions: tuple[str, ...]


@cache
def _to_simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def normalise(text: str) -> str:
    """NFKC, lower case, Traditional folded to Simplified: what the embedder sees at run time."""
    return str(_to_simplified().convert(unicodedata.normalize("NFKC", text).lower()))


def sentences(text: str, max_chars: int = 160) -> list[str]:
    """Sentences of a normalised text in order; a longer one is cut at a comma, or hard if none."""
    found: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        rest = sentence.strip()
        while len(rest) > max_chars:
            cut = rest.rfind(",", max_chars // 3, max_chars) + 1 or max_chars
            found.append(rest[:cut])
            rest = rest[cut:].strip()
        if rest:
            found.append(rest)
    return found


def passages(text: str, target_chars: int = 320) -> list[str]:
    """Neighbouring sentences joined to passages of about `target_chars`."""
    joined: list[str] = []
    current = ""
    for sentence in sentences(text):
        if current and len(current) + len(sentence) > target_chars:
            joined.append(current)
            current = ""
        current += sentence
    if current:
        joined.append(current)
    return joined


def _open(data: Path, name: str) -> Any:
    return lzma.open(data / name, "rt", encoding="utf-8")


def news(data: Path) -> Iterator[str]:
    """Normalised articles, in file order."""
    with _open(data, "news.jsonl.xz") as lines:
        for line in lines:
            yield normalise(json.loads(line)["text"])


def question_set(data: Path, name: str) -> list[Paragraph]:
    """Paragraphs of a file in SQuAD form, e.g. `cmrc2018-train`."""
    with _open(data, f"{name}.json.xz") as stream:
        articles = json.load(stream)["data"]
    return [
        Paragraph(
            paragraph_id=str(paragraph["id"]),
            title=normalise(article.get("title", "")),
            text=normalise(paragraph["context"]),
            questions=tuple(normalise(qa["question"]) for qa in paragraph["qas"]),
        )
        for article in articles
        for paragraph in article["paragraphs"]
    ]


def split_half(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """Two halves by a digest of the title: the paragraphs of one article stay together."""
    halves: tuple[list[Paragraph], list[Paragraph]] = ([], [])
    for paragraph in paragraphs:
        halves[article_digest(paragraph.title) % 2].append(paragraph)
    return halves


def article_digest(title: str) -> int:
    """A number from 0 to 255 by which articles are dealt out; `title` as `normalise` gives it."""
    return hashlib.sha256(title.encode()).digest()[0]


def news_questions(data: Path, articles: Sequence[str]) -> list[tuple[str, int]]:
    """CRUD-RAG questions with the number of the article that they were asked of.

    The file does not name its article: it is the one article that holds the most key phrases and
    answers, all but one of them at least; groups without such an article are left out.
    """
    with _open(data, "crud-qa-1doc.json.xz") as stream:
        groups = list(json.load(stream).values())
    pairs: list[tuple[str, int]] = []
    for group in groups:
        phrases = {normalise(p).strip() for p in [*group["key_info"], *group["answers"]]}
        phrases -= {"", CANNOT_TELL}
        longest = sorted(phrases, key=lambda p: (-len(p), p))
        if len(longest) < 2:
            continue
        near = [n for n, text in enumerate(articles) if longest[0] in text or longest[1] in text]
        if not near:
            continue
        score, article = max((sum(p in articles[n] for p in longest), -n) for n in near)
        if score >= len(longest) - 1:
            pairs += [
                (normalise(question), -article)
                for question, answer in zip(group["question"], group["answers"], strict=False)
                if answer != CANNOT_TELL
            ]
    return pairs
