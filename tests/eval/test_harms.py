"""Does the gate work? Harms done to the real service over the real gold set, and reruns of it.

Every harm must trip it, in a figure that says what was harmed; twenty unchanged reruns must not.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from eval.comparing.expected import read_expected, write_expected
from eval.comparing.gate import Checked, Expected, check, expected_of
from eval.evidence import StoredText
from eval.gold import GoldQuestion, load_gold
from eval.runs.asking import Asking, header_of, run_all
from eval.runs.files import Run
from eval.target import InProcess, Ranked, Reply, Sentence, Target
from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.answer.read.passage_reader import OnnxPassageReader, PassageRead
from service.archive import Archive
from service.parts import Parts
from service.records import SearchMode, Turn
from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "eval" / "gold" / "corpus.jsonl"
RERUNS = 20
EVERY = 8  # reruns ask every eighth question, the harms all of them


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("harms") / "index"
    build([ROOT / "corpus"], index, load_embedder("builtin"))
    return index


@pytest.fixture(scope="module")
def questions() -> list[GoldQuestion]:
    return load_gold(GOLD)


class OnceRead:
    """The reader, which reads each passage for each question once for all harms."""

    def __init__(self) -> None:
        self.reader = OnnxPassageReader()
        self.known: dict[tuple[str, str, str], PassageRead] = {}

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageRead]:
        new = [each for each in passages if (question, *each) not in self.known]
        for passage, read in zip(new, self.reader.read(question, new), strict=True):
            self.known[question, *passage] = read
        return [self.known[question, *each] for each in passages]


READER = OnceRead()


@contextmanager
def service(index: Path, parts: Parts | None = None) -> Iterator[InProcess]:
    parts = replace(parts or Parts(), reader=lambda: READER)
    archive = Archive.open(index, Settings(index=index), parts=parts)
    try:
        yield InProcess(archive)
    finally:
        archive.reader.close()


def run_over(target: Target, questions: Sequence[GoldQuestion], jobs: int = 1) -> Run:
    header = header_of(questions, GOLD, {"k": 8}, {})
    return run_all(questions, Asking(target, 8, jobs), header)


@dataclass
class Remembered:
    """A service that is asked once; what it said can then be spoilt in many ways."""

    whole: InProcess
    replies: dict[tuple[str, Sequence[Turn]], Reply] = field(default_factory=dict)
    rankings: dict[tuple[str, SearchMode], list[Ranked]] = field(default_factory=dict)

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        key = (question, history)
        if key not in self.replies:
            self.replies[key] = self.whole.ask(question, k, history)
        return self.replies[key]

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:
        if (query, mode) not in self.rankings:
            self.rankings[query, mode] = self.whole.search(query, k, mode)
        return self.rankings[query, mode]

    def sources(self) -> Mapping[str, str]:
        return self.whole.sources()

    def stored(self, document_id: str) -> StoredText:
        return self.whole.stored(document_id)


@pytest.fixture(scope="module")
def unharmed(index: Path) -> Iterator[Remembered]:
    with service(index) as target:
        yield Remembered(target)


@pytest.fixture(scope="module")
def expected(
    unharmed: Remembered, questions: list[GoldQuestion], tmp_path_factory: pytest.TempPathFactory
) -> Expected:
    """What an unharmed run gives, by way of the file that is committed in a checkout."""
    found = expected_of("corpus", run_over(unharmed, questions))
    path = tmp_path_factory.mktemp("expected") / "expected.toml"
    write_expected(path, {"corpus": found})
    return read_expected(path)["corpus"]


@dataclass
class Harmed:
    """A service whose replies are spoilt on their way to whoever asked."""

    whole: Remembered
    spoil: Callable[[Reply], Reply]

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        return self.spoil(self.whole.ask(question, k, history))

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:
        return self.whole.search(query, k, mode)

    def sources(self) -> Mapping[str, str]:
        return self.whole.sources()

    def stored(self, document_id: str) -> StoredText:
        return self.whole.stored(document_id)


def shuffled_citations(reply: Reply) -> Reply:
    """Every sentence names the next one's citation."""
    marks = [sentence.citations for sentence in reply.sentences]
    turned = [*marks[1:], *marks[:1]]
    sentences = zip(reply.sentences, turned, strict=True)
    return replace(
        reply, sentences=tuple(Sentence(s.text, citations) for s, citations in sentences)
    )


def offsets_off_by_one(reply: Reply) -> Reply:
    return replace(
        reply,
        citations=tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in reply.citations),
    )


_NEXT_DIGIT = str.maketrans("0123456789", "1234567890")


def changed_figure(reply: Reply) -> Reply:
    """Every digit of the answers is one too high."""
    return replace(
        reply,
        sentences=tuple(
            Sentence(s.text.translate(_NEXT_DIGIT), s.citations) for s in reply.sentences
        ),
        short_answer=reply.short_answer and reply.short_answer.translate(_NEXT_DIGIT),
    )


def one_changed_figure_in_all() -> Callable[[Reply], Reply]:
    """One single answer of the whole run states a wrong figure."""
    done: list[Reply] = []

    def spoil(reply: Reply) -> Reply:
        spoilt = changed_figure(reply)
        if done or spoilt == reply:
            return reply
        done.append(reply)
        return spoilt

    return spoil


def fallen(checked: Sequence[Checked]) -> set[str]:
    return {each.figure for each in checked if each.fell}


@pytest.mark.parametrize(
    ("parts", "figures"),
    [
        (Parts(lexical=False), {"lexical_found@10", "found@1"}),
        (Parts(dense=False), {"dense_found@10"}),
        (Parts(refuse_at=0.8), {"refused_wrongly"}),
        (Parts(refuse_at=0.0), {"refusal_recall"}),
    ],
    ids=["lexical leg off", "dense leg off", "refuses sooner", "refuses never"],
)
def test_a_service_without_a_part_trips_the_gate(
    parts: Parts, figures: set[str], index: Path, questions: list[GoldQuestion], expected: Expected
) -> None:
    with service(index, parts) as target:
        assert figures <= fallen(check(expected, run_over(target, questions)))


@pytest.mark.parametrize(
    ("spoil", "figures"),
    [
        (shuffled_citations, {"sentences_supported", "figures_exact"}),
        (offsets_off_by_one, {"quotes_exact"}),
        (changed_figure, {"figures_exact", "answer_hit", "right", "sentences_supported"}),
        (one_changed_figure_in_all(), {"figures_exact"}),
    ],
    ids=["shuffled citations", "offsets off by one", "every figure changed", "one figure changed"],
)
def test_spoilt_replies_trip_the_gate(
    spoil: Callable[[Reply], Reply],
    figures: set[str],
    unharmed: Remembered,
    questions: list[GoldQuestion],
    expected: Expected,
) -> None:
    checked = check(expected, run_over(Harmed(unharmed, spoil), questions))
    assert figures <= fallen(checked)


def test_twenty_unchanged_reruns_never_trip_the_gate(
    index: Path, questions: list[GoldQuestion]
) -> None:
    """Each with a service of its own, another order of questions and another number at a time."""
    few = questions[::EVERY]
    with service(index) as target:
        expected = expected_of("few", run_over(target, few))
    for seed in range(RERUNS):
        order = random.Random(seed).sample(few, len(few))
        with service(index) as target:
            checked = check(expected, run_over(target, order, jobs=1 + seed % 4))
        moved = [each for each in checked if each.fell or each.rose or each.lost or each.won]
        assert moved == []
