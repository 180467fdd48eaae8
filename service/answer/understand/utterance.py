"""What was said, with what was found in it, and what a question states besides asking.

Knows no index and no history.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from indexer.text.normalise import fold
from service.answer.understand.entities import Entity, TaggedWord, find_entities, tag
from service.answer.understand.kinds import AnswerType
from service.answer.understand.measure import counted_of, unit_of
from service.answer.understand.question_word import Asked, classify, first_asking, spell
from service.answer.understand.times import is_time

_ORPHAN = re.compile(
    r"^[\s,;:、，；：的是为有在由和与]+|[\s,;:、?!。，；：？！]+$|(?:是|为|有|在|由|于|各|分别|一共|总共|共|达到|到底|究竟)+[\s?]*$"
)
_TAIL = re.compile(r"[?？!！。.\s]+$")


@dataclass(frozen=True)
class Said:
    """Something said, with what was found in it. `text` is as long as `folded`."""

    text: str
    folded: str

    @classmethod
    def of(cls, text: str) -> "Said":
        text = text.strip()
        folded = fold(text)
        return cls(text if len(text) == len(folded) else folded, folded)

    @cached_property
    def words(self) -> list[TaggedWord]:
        return tag(self.folded)

    @cached_property
    def entities(self) -> list[Entity]:
        found = find_entities(self.folded, self.words, self.text)
        return [entity for entity in found if not is_time(entity.text)]

    @cached_property
    def spelled(self) -> str:
        return spell(self.folded)

    @cached_property
    def asked(self) -> Asked:
        return classify(self.folded, self.words)

    def slice(self, start: int, end: int) -> str:
        return self.text[start:end]


def statement(said: Said) -> str:
    """The question without the words that ask: 办了多少期学习班? says 办了学习班."""
    start, end = said.asked.start, said.asked.end
    if start < 0:
        return _trim(_TAIL.sub("", said.text))
    if said.asked.asks is AnswerType.NUMBER:
        unit, at = unit_of(said.spelled, said.words)
        is_counted = bool(counted_of(said.spelled, unit, at, said.words))
        end = max(end, at) if is_counted or unit else end
    left = re.sub(r"(?:一共|总共|大约|分别|到底|究竟|是|第)$", "", said.text[:start])
    rest = said.text[end:]
    while (other := first_asking(spell(fold(rest)))) is not None:
        rest = rest[: other.start()] + rest[other.end() :]
    return _trim(_TAIL.sub("", left + rest)).removesuffix("的")


def _trim(text: str) -> str:
    before = ""
    while text != before:
        before, text = text, _ORPHAN.sub("", text)
    return text


def topic(said: Said) -> str:
    """What the question is about: its beginning up to the first verb or asking word."""
    start = said.asked.start if said.asked.start >= 0 else len(said.text)
    end = 0
    only_time = True  # 2019年，凉山州: the comma behind a time does not end what follows it
    for at, word in enumerate(said.words):
        following = said.words[at + 1] if at + 1 < len(said.words) else None
        is_cut = following is not None and following.tag == "n" and len(following.text) == 1
        if not at and word.tag == "v" and is_cut:  # 烘干|箱
            continue
        if word.start >= start or word.tag in ("v", "d", "r", "y", "ul", "uz"):
            break
        if word.tag == "x" and word.text in ",:?" and not only_time:
            break
        only_time = only_time and word.tag in ("t", "m", "x", "p")
        end = word.end
    inside = [e.end for e in said.entities if e.start < end < e.end]
    return _trim(said.text[: max([end, *inside])])


def joined(context: str, question: str) -> str:
    """A statement and the question about it, with the sign that parts them in their language."""
    if not context:
        return question
    return f"{context}，{question}" if re.search(r"[㐀-鿿]", context) else f"{context}, {question}"
