"""The question sets and the news as folded text, with where each answer stands.

Knows the files of the data folder and of `training/questions/`. Knows no tokens.
"""

import hashlib
import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from indexer.text.normalise import fold, normalise

QUESTIONS = Path(__file__).resolve().parent.parent / "questions"
"""Written for the training, over news articles (by their ids) and over invented office papers."""


@dataclass(frozen=True)
class Asked:
    """A question; its answer is `text[start:end]` of the paragraph, in the sentence around it.

    `start` is -1 where the paragraph does not answer; an empty stretch: the whole sentence answers.
    """

    question: str
    start: int = -1
    end: int = -1
    sentence: tuple[int, int] | None = None


@dataclass(frozen=True)
class Paragraph:
    title: str
    text: str
    asked: list[Asked] = field(default_factory=list)
    is_news: bool = False


@cache
def _lines(path: Path) -> list[Any]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def articles(data: Path) -> Iterator[str]:
    """The news as it is, in file order."""
    yield from (each["text"] for each in _lines(data / "news.jsonl.xz"))


def paragraphs(data: Path, name: str) -> list[Paragraph]:
    """A set in SQuAD form. Answers that folding tears apart are left out."""
    with lzma.open(data / f"{name}.json.xz", "rt", encoding="utf-8") as stream:
        stored = json.load(stream)["data"]
    found = []
    for article in stored:
        for paragraph in article["paragraphs"]:
            text = normalise(paragraph["context"])
            asked = []
            for qa in paragraph["qas"]:
                answer = fold(qa["answers"][0]["text"]).strip()
                stated = qa["answers"][0].get("answer_start", -1)
                near = _folded_place(text.starts, stated)
                start = text.text.find(answer, max(0, near - 3)) if stated >= 0 else -1
                start = start if start >= 0 else text.text.find(answer)
                if answer and start >= 0:
                    asked.append(Asked(fold(qa["question"]), start, start + len(answer)))
            found.append(Paragraph(fold(article.get("title", "")), text.text, asked))
    return found


def _folded_place(starts: Any, original: int) -> int:
    from bisect import bisect_left

    return bisect_left(starts, original)


def written(data: Path) -> list[Paragraph]:
    """The questions of `training/questions/`: over news, and with their own passages."""
    by_id = {each["id"]: each["text"] for each in _lines(data / "news.jsonl.xz")}
    titles: dict[str, str] = {}
    with lzma.open(data / "cmrc2018-train.json.xz", "rt", encoding="utf-8") as stream:
        for article in json.load(stream)["data"]:
            for paragraph in article["paragraphs"]:
                by_id[f"cmrc-{paragraph['id']}"] = paragraph["context"]
                titles[f"cmrc-{paragraph['id']}"] = article["title"]
    found: dict[str, Paragraph] = {}
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        for at, line in enumerate(_lines(path)):
            if "article" in line:
                key, text, items = line["article"], by_id[line["article"]], [line]
                title = titles.get(key, "")
            else:
                key, text, items = f"{path.name}-{at}", line["text"], line["questions"]
                title = "\n".join([line.get("title") or "", *(line.get("headings") or [])]).strip()
            folded = fold(text)
            paragraph = found.setdefault(key, Paragraph(fold(title), folded, is_news=not title))
            paragraph.asked.extend(
                asked for item in items if (asked := _asked(item, text, folded)) is not None
            )
    return list(found.values())


def _asked(item: dict[str, Any], original: str, text: str) -> Asked | None:
    """`answer` and `sentence` are words of the passage, or places in it where it is not ours."""
    question = fold(item["question"])
    if item["answer"] is None:
        return Asked(question)
    told = [
        original[slice(*each)] if isinstance(each, list) else each
        for each in (item["sentence"], item["answer"])
    ]
    sentence, answer = fold(told[0]).strip(), fold(told[1]).strip(" ,。;")
    at = text.find(sentence)
    start = text.find(answer, at)
    if at < 0 or not at <= start <= at + len(sentence):
        return None
    return Asked(question, start, start + len(answer), (at, at + len(sentence)))


def news_questions(data: Path) -> list[Paragraph]:
    """CRUD-RAG's questions. The file names no article: it is that with most of the key phrases."""
    with lzma.open(data / "crud-qa-1doc.json.xz", "rt", encoding="utf-8") as stream:
        groups = list(json.load(stream).values())
    folded = [fold(text) for text in articles(data)]
    found = []
    for group in groups:
        phrases = {fold(p).strip() for p in [*group["key_info"], *group["answers"]]}
        longest = sorted(phrases - {"", "无法推断"}, key=lambda p: (-len(p), p))
        near = [t for t in folded if any(p in t for p in longest[:2])] if len(longest) > 1 else []
        best = max(near, key=lambda t: sum(p in t for p in longest), default=None)
        if best is None or sum(p in best for p in longest) < len(longest) - 1:
            continue
        asked = []
        for question, answer in zip(group["question"], group["answers"], strict=False):
            answer = fold(answer).strip()
            if answer == "无法推断":
                asked.append(Asked(fold(question)))
            elif best.count(answer) == 1:
                start = best.find(answer)
                if answer[0].isdigit() and best[start - 1 : start].isdigit():
                    continue
                asked.append(Asked(fold(question), start, start + len(answer)))
        found.append(Paragraph("", best, asked, is_news=True))
    return found


def part(title: str) -> int:
    """0 to 255 by the digest of a title: paragraphs of one article stay on one side of a split."""
    return hashlib.sha256(title.encode()).digest()[0]
