"""Reading-comprehension sets as open questions over all their paragraphs: weighs the legs.

Every paragraph becomes a document of its own, news articles may stand between them as distractors;
the index is kept in a cache folder under a key of what went in. Knows the SQuAD form.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.metrics.answers import answer_hit
from eval.metrics.numbers import mean, percentile
from eval.runs.verdict import CUTOFFS
from eval.target import Reply, Target
from indexer.errors import InvalidGold
from service.records import SearchMode

# Several passages of one document may rank one after the other: search deeper than the last cutoff.
_SEARCH_DEPTH = 3 * max(CUTOFFS)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question without its paragraph. `source` is its paragraph's document."""

    id: str
    question: str
    answers: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class OpenSet:
    """The paragraphs by source path, and the questions over them."""

    paragraphs: dict[str, str]
    questions: tuple[OpenQuestion, ...]


def load_squad(path: Path) -> OpenSet:
    """Read a file in SQuAD form, .json or .json.xz. Equal paragraphs become one document.

    Raises: InvalidGold.
    """
    paragraphs: dict[str, str] = {}
    source_of: dict[str, str] = {}
    questions: list[OpenQuestion] = []
    try:
        for article in json.loads(read_text(path))["data"]:
            for paragraph in article["paragraphs"]:
                text = paragraph["context"]
                source = source_of.setdefault(text, f"paragraphs/{_letters(len(source_of))}.txt")
                paragraphs[source] = text
                questions += [
                    OpenQuestion(
                        id=str(qa["id"]),
                        question=qa["question"],
                        answers=tuple(answer["text"] for answer in qa["answers"]),
                        source=source,
                    )
                    for qa in paragraph["qas"]
                    if any(letter.isalnum() for letter in qa["question"])  # some sets hold blanks
                ]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidGold(
            f"{path}: is not in SQuAD form ({type(error).__name__}: {error})",
            hint="data[].paragraphs[] with context and qas[] of id, question, answers[].text",
        ) from error
    if not questions:
        raise InvalidGold(f"{path}: holds no question", hint="give a file in SQuAD form")
    return OpenSet(paragraphs, tuple(questions))


def load_news(path: Path, limit: int) -> Iterator[str]:
    """The text of the first articles of a .jsonl or .jsonl.xz file. Raises: InvalidGold."""
    opened = lzma.open if path.suffix == ".xz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number == limit:
                    return
                yield str(json.loads(line)["text"])
    except (OSError, lzma.LZMAError, ValueError, KeyError, TypeError) as error:
        raise InvalidGold(
            f"{path}: can't be read as articles ({type(error).__name__}: {error})",
            hint="one JSON object a line with a field text, .jsonl or .jsonl.xz",
        ) from error


def read_text(path: Path) -> str:
    """A UTF-8 file, unpacked when it ends with .xz. Raises: InvalidGold."""
    try:
        data = path.read_bytes()
        return (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8")
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise InvalidGold(f"{path}: {error}", hint="give a .json or .json.xz file") from error


def _letters(number: int) -> str:
    """A number in letters. The file's name is its title: digits there would answer for figures."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:06d}")


def write_articles(articles: Iterator[str], folder: Path) -> int:
    """Each article as a .txt file, a thousand a folder. Returns how many."""
    count = 0
    for count, text in enumerate(articles, start=1):
        place = folder / _letters(count // 1000) / f"{_letters(count)}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return count


def cache_key(file: Path, news: Path | None, documents: int, *settings: str) -> str:
    """Changes when what goes into the index does; changed code shows in the manifest."""
    parts = [hashlib.sha256(file.read_bytes()).hexdigest(), *settings]
    if news is not None and documents:
        stat = news.stat()
        parts += [news.name, str(stat.st_size), str(stat.st_mtime_ns), str(documents)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def build_index(
    open_set: OpenSet,
    articles: Iterator[str],
    index: Path,
    build: Callable[[Path, Path], object],
) -> None:
    """Write all documents to a temporary folder and index it."""
    with tempfile.TemporaryDirectory(prefix="wenju-squad-") as temporary:
        folder = Path(temporary)
        for source, text in open_set.paragraphs.items():
            place = folder / source
            place.parent.mkdir(exist_ok=True)
            place.write_text(text, encoding="utf-8")
        write_articles(articles, folder / "news")
        build(folder, index)


@dataclass(frozen=True, slots=True)
class OpenResult:
    """One question: the rank of its paragraph's document (0: not found), and its answer."""

    id: str
    question: str
    rank: int
    answer_hit: bool | None  # None where answers were not asked for
    abstained: bool | None
    search_ms: float
    ask_ms: float | None


def ask_all(
    questions: Sequence[OpenQuestion],
    target: Target,
    *,
    k: int,
    mode: SearchMode,
    answers: bool,
    progress: Callable[[], None] = lambda: None,
) -> list[OpenResult]:
    """Search, and where wanted ask, every question. An error ends the run, without figures."""
    results: list[OpenResult] = []
    for question in questions:
        started = time.perf_counter()
        hits = target.search(question.question, _SEARCH_DEPTH, mode)
        searched = time.perf_counter()
        documents = list(dict.fromkeys(hit.source for hit in hits))
        found = question.source in documents
        reply = target.ask(question.question, k) if answers else None
        results.append(
            OpenResult(
                id=question.id,
                question=question.question,
                rank=documents.index(question.source) + 1 if found else 0,
                answer_hit=_hit(reply, question) if reply else None,
                abstained=reply.abstained if reply else None,
                search_ms=(searched - started) * 1000,
                ask_ms=(time.perf_counter() - searched) * 1000 if reply else None,
            )
        )
        progress()
    return results


def _hit(reply: Reply, question: OpenQuestion) -> bool:
    return answer_hit([sentence.text for sentence in reply.sentences], [question.answers])


def figures(results: Sequence[OpenResult]) -> dict[str, float | None]:
    """recall@k of the right paragraph (there is one), MRR over documents, answer hit, times."""
    asked = [result for result in results if result.answer_hit is not None]
    ask_ms = [result.ask_ms for result in results if result.ask_ms is not None]
    search_ms = [result.search_ms for result in results]
    return {
        **{f"recall@{k}": mean([0 < result.rank <= k for result in results]) for k in CUTOFFS},
        "mrr": mean([1 / result.rank if result.rank else 0.0 for result in results]),
        "answer_hit": mean([bool(result.answer_hit) for result in asked]),
        "abstained": mean([bool(result.abstained) for result in asked]),
        "search_ms_p50": percentile(search_ms, 0.5),
        "search_ms_p95": percentile(search_ms, 0.95),
        "ask_ms_p50": percentile(ask_ms, 0.5) if ask_ms else None,
        "ask_ms_p95": percentile(ask_ms, 0.95) if ask_ms else None,
    }
