"""The best sentence's passage is read twice, and both readings count."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from service.answer.read.passage_reader import FoundValue, PassageRead
from service.archive import Archive
from service.parts import Parts
from service.settings import Settings
from tests.archives import archive_of

QUESTION = "柳湾渡口的末班船几点开？"
TEXT = "柳湾渡口的首班船早上六点开。柳湾渡口的末班船晚上七点半开。渡口遇六级以上大风停航。"
TOLD = "晚上七点半"


@dataclass(frozen=True)
class Second:
    """Says of every passage how likely it answers, and that `value` is what it answers with."""

    answers: float
    value: str

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageRead]:
        del question
        return [self._read(text) for _, text in passages]

    def _read(self, text: str) -> PassageRead:
        places = np.arange(len(text))
        at = text.find(self.value)
        found = (FoundValue(at, at + len(self.value), self.answers),) if at >= 0 else ()
        evidence = np.full(len(text), self.answers, dtype=np.float32)
        return PassageRead(self.answers, places, places + 1, evidence, found)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ferry")
    archive_of({"渡口.txt": TEXT}, folder)
    return folder / "index"


def opened(index: Path, second: Second | None) -> Archive:
    return Archive.open(index, Settings(index=index), parts=Parts(second_reader=lambda: second))


def test_a_value_on_which_both_agree_is_shown(index: Path) -> None:
    answer = opened(index, Second(0.99, TOLD)).ask(QUESTION)
    assert answer.short_answer == TOLD


def test_who_says_no_lowers_the_confidence(index: Path) -> None:
    sure, unsure = (opened(index, Second(p, TOLD)).ask(QUESTION) for p in (0.99, 0.01))
    assert not sure.abstained
    said = [1 - each.confidence if each.abstained else each.confidence for each in (sure, unsure)]
    assert said[1] < said[0]
    assert unsure.short_answer is None


def test_a_value_on_which_they_differ_is_not_shown(index: Path) -> None:
    answer = opened(index, Second(0.6, "末班船")).ask(QUESTION)
    assert answer.short_answer is None


def test_without_a_second_reader_the_first_one_stands_alone(index: Path) -> None:
    assert TOLD in opened(index, None).ask(QUESTION).answer
