"""Questions that an archive answers surely, made from its own documents, for whoever begins.

A figure of a clause is asked for in the clause's own words (青禾小学有学生1240人: 有学生多少人?), a
cell of a row by the row's name and the column's heading. Only what the archive then answers with
that very figure in large print is kept. Knows no HTTP.
"""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from indexer.errors import WenjuError
from indexer.index.records import StoredDocument
from indexer.records import Document
from indexer.text.normalise import fold, normalise
from indexer.text.numbers import NumberKind, find_numbers
from indexer.text.sentences import split_sentences
from service.answer.read.tables import cells_of
from service.answer.understand.entities import find_entities
from service.archive import Archive
from service.deadline import Deadline

MOST = 4
MOST_NEXT = 2
_MOST_DOCUMENTS = 24  # looked at, spread over the archive
_MOST_CHARS = 6_000  # of one of them
_MOST_ASKED = 40  # about 0.2 s each, in the background
_MOST_ASKED_NEXT = 4
_PAUSE_S = 0.05  # between two, so that whoever asks meanwhile is not held up
_CLAUSE = (6, 32)  # characters of a clause that makes a question
_LONGEST_NAME = 12
_LONGEST_LEAD = 16
_NAMED_ALIKE = 3  # signs
_UNIT_OF_HEADING = re.compile(r"\s*[(（].*")
_BREAK = re.compile(r"[，。；！？,;!?：:\n]")
_FIGURE = re.compile(r"\d[\d,.]*")
# What makes a question of a clause read oddly, or leaves its subject open.
_VAGUE = re.compile(
    "第|约|近|左右|以上|以下|之一|只|仅|另|这|那|该|其|此|前者|后者|同比|又|还|"
    "多(?:万|亿|人|名|家|个)|[“”《》()（）|]"
)
_TURN = threading.Lock()  # one archive's are made at a time, however many there are
_TOTAL = re.compile("合计|总计|小计|共计|累计|平均|[)）]$")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, the value it is answered with, and the document that tells it."""

    question: str
    short_answer: str
    document_id: str
    title: str


class Suggestions:
    """Made once per generation, in a thread of its own, when they are first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, tuple[Suggestion, ...]] = {}  # by generation; one at a time
        self._making: str | None = None

    def of(self, archive: Archive) -> tuple[Suggestion, ...] | None:
        """Those of the archive as it is now; None while they are being made."""
        generation = archive.reader.generation
        with self._lock:
            if generation in self._made:
                return self._made[generation]
            if self._making != generation:
                self._making = generation
                threading.Thread(
                    target=self._make, args=(archive, generation), name="suggest", daemon=True
                ).start()
        return None

    def _make(self, archive: Archive, generation: str) -> None:
        made: tuple[Suggestion, ...] = ()
        with _TURN:
            if self._making != generation:  # a newer one came while this one waited
                return
            try:
                made = tuple(sure_questions(archive))
            except WenjuError:
                pass  # the index is gone or damaged: whoever asks it is told
            finally:
                with self._lock:
                    if self._making == generation:  # else a newer one is being made, or is made
                        self._made = {generation: made}


def sure_questions(archive: Archive) -> Iterator[Suggestion]:
    """At most `MOST`, each of another document. Raises: as `Archive.ask`."""
    asked = found = 0
    for stored in _spread(archive):
        text = archive.reader.text(stored.document.document_id, 0, _MOST_CHARS)
        for question, figure in candidates(text, stored.document.title):
            if asked == _MOST_ASKED or found == MOST:
                return
            asked += 1
            time.sleep(_PAUSE_S)
            if (made := _if_sure(archive, stored.document, question, figure)) is not None:
                found += 1
                yield made
                break


def next_questions(
    archive: Archive, document_id: str, start: int, end: int, deadline: Deadline | None = None
) -> tuple[Suggestion, ...]:
    """At most `MOST_NEXT` that a stretch of a document answers, `start` and `end` in code points.

    Raises: DocumentNotFound, and as `Archive.ask`.
    """
    document = archive.reader.document(document_id).document
    text = archive.reader.text(document_id, start, min(end, start + _MOST_CHARS))
    asked = islice(candidates(text, document.title, led=True), _MOST_ASKED_NEXT)
    sure = (_if_sure(archive, document, *candidate, deadline) for candidate in asked)
    return tuple(islice((each for each in sure if each is not None), MOST_NEXT))


def _if_sure(
    archive: Archive,
    document: Document,
    question: str,
    figure: str,
    deadline: Deadline | None = None,
) -> Suggestion | None:
    """The question, if the archive answers it with this figure, from this document."""
    answer = archive.ask(question, deadline=deadline)
    cited = {citation.document_id for citation in answer.citations}
    if not _tells(answer.short_answer, figure) or document.document_id not in cited:
        return None
    return Suggestion(question, answer.short_answer or "", document.document_id, document.title)


def candidates(text: str, title: str, *, led: bool = False) -> Iterator[tuple[str, str]]:
    """Questions that a text should answer, each with the figure of its answer as it is written.

    `led`: also of clauses without a name, behind the words that have it. Whoever has just read the
    text knows what these are about.
    """
    for line in text.split("\n"):
        cells = cells_of(line)
        if cells is not None:
            yield from _of_row(cells, title)
        else:
            for start, end in split_sentences(line):
                lead = ""  # the last clause without a figure that names what is told of
                for clause in map(str.strip, _BREAK.split(line[start:end])):
                    yield from _of_clause(clause, lead, title)
                    lead = clause if led and _is_lead(clause, title) else lead


def _spread(archive: Archive) -> list[StoredDocument]:
    """Documents from all over the archive, none a reprint of another by its title."""
    page = archive.reader.documents(500, None, archive.reader.select())
    titles: dict[str, StoredDocument] = {}
    for stored in page.documents:
        titles.setdefault(stored.document.title, stored)
    found = list(titles.values())
    step = max(1, len(found) // _MOST_DOCUMENTS)
    return found[::step][:_MOST_DOCUMENTS]


def _of_row(cells: list[tuple[str, str]], title: str) -> Iterator[tuple[str, str]]:
    (_, name), *others = cells
    is_name = 1 < len(name) <= _LONGEST_NAME and not any(sign.isdigit() for sign in name)
    if not is_name or _TOTAL.search(name):
        return
    for heading, value in others:
        if _FIGURE.fullmatch(value) and not any(sign.isdigit() for sign in heading):
            of = "" if name in title else f"{title}中，"
            yield f"{of}{name}的{_UNIT_OF_HEADING.sub('', heading)}是多少？", value
            return


def _of_clause(clause: str, lead: str, title: str) -> Iterator[tuple[str, str]]:
    """The question that a clause with one figure answers, where it or the `lead` has a name."""
    least, most = _CLAUSE
    if not least <= len(clause) <= most or _VAGUE.search(clause):
        return
    normal = normalise(clause)
    figures = [n for n in find_numbers(normal.text) if n.kind is not NumberKind.DATE]
    if len(figures) != 1 or figures[0].kind is not NumberKind.NUMBER or not figures[0].unit:
        return
    digits = _FIGURE.match(normal.text, figures[0].start)
    is_named = _begins_with_name(normal.text[: figures[0].start], title)
    if digits is None or not (is_named or lead):
        return
    start, end = normal.original_span(digits.start(), digits.end())
    before = "" if is_named else f"{lead}，"
    yield f"{before}{clause[:start]}多少{clause[end:]}？", clause[start:end]


def _is_lead(clause: str, title: str) -> bool:
    is_short = _CLAUSE[0] <= len(clause) <= _LONGEST_LEAD and not _VAGUE.search(clause)
    return is_short and not find_numbers(fold(clause)) and _begins_with_name(fold(clause), title)


def _begins_with_name(text: str, title: str) -> bool:
    """Whether a text begins with a name, or with the first signs of one in the title."""
    names = find_entities(text)
    is_named = bool(names) and names[0].start == 0 and names[0].end < len(text)
    return is_named or (len(text) > _NAMED_ALIKE and text[:_NAMED_ALIKE] in fold(title))


def _tells(short_answer: str | None, figure: str) -> bool:
    return short_answer is not None and fold(figure) in fold(short_answer)
