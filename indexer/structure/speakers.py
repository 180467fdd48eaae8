"""Who speaks where: turns of an interview, a record of a meeting, questions with their answers.

Goes by the label before the colon at a line's start, and believes it only where several lines of
the document bear it out: 地点：, 说明： and 第一： are labels too. Pure text.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.files.lines import Line

_LABEL = re.compile(
    r"(?P<label>[^\s:：，,。；;！？!?、|“”\"]{1,12}"
    r"(?:\s[^\s:：，,。；;！？!?、|“”\"]{1,8})?"
    r"(?:\s?[（(][^（）()]{1,24}[）)])?)\s*[:：]"
)
_ASKS = re.compile(
    r"(?:问|提问|追问|记者(?:问|提问)?|本报记者|主持人|采访者|网友|读者|患者|市民|听众|来信|Q\d*|问题?[一二三四五六七八九十\d]+)$",
    re.IGNORECASE,
)
_ANSWERS = re.compile(r"(?:答|回答|答复|回复|解答|回应|嘉宾|受访者|专家|A\d*)$", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:书记|主任|局长|院长|校长|县长|市长|州长|省长|镇长|乡长|村长|区长|处长|科长|部长|厅长|司长|所长|会长"
    r"|站长|行长|主席|委员|代表|教授|博士|医生|大夫|护士长|老师|总经理|经理|董事长|发言人|同志|先生|女士|队长|组长"
    r"|秘书长|书记员|审判长|审判员|公诉人|辩护人|原告|被告)(?:\s?[\u4e00-\u9fff]{2,4})?$"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}$|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,8}$")
_BRACKET = re.compile(r"\s?[（(][^（）()]*[）)]$")
_LEAST_WORDS = 4  # of a turn: 时间：9点 is none
_LONGEST_QUESTION = 100


@dataclass(frozen=True, slots=True)
class Turn:
    """From `start` on, up to the next turn or heading, `label` speaks.

    `opens`: it begins something of its own; an answer goes on with its question. `question` is the
    asked sentence that stands for the exchange, where there is one.
    """

    start: int
    label: str
    opens: bool
    question: str = ""


def find_turns(lines: Sequence[Line]) -> list[Turn]:
    """The turns of a document's lines in order; none where nobody speaks by turns."""
    labelled = [(line, match["label"]) for line in lines if (match := _LABEL.match(line.text))]
    spoken = _of_speakers(labelled)
    if not spoken:  # as the rows of most tables
        return []
    spoken = _of_speakers([each for each in spoken if _says_something(each[0].text, each[1])])
    asked = any(_ASKS.match(_key(label)) for _, label in spoken)
    return [
        Turn(
            start=line.start,
            label=label,
            opens=not asked or bool(_ASKS.match(_key(label))),
            question=_question(line.text, label) if _ASKS.match(_key(label)) else "",
        )
        for line, label in spoken
    ]


def _of_speakers(labelled: Sequence[tuple[Line, str]]) -> list[tuple[Line, str]]:
    """Those whose label is a speaker's; none where fewer than two speak."""
    times = Counter(_key(label) for _, label in labelled)
    speakers = {label for label in {label for _, label in labelled} if _is_speaker(label, times)}
    if len({_key(label) for label in speakers}) < 2:
        return []
    return [(line, label) for line, label in labelled if label in speakers]


def _key(label: str) -> str:
    return _BRACKET.sub("", label)


def _says_something(text: str, label: str) -> bool:
    rest = text[len(label) + 1 : len(label) + 40]
    return not rest.strip() or sum(char.isalnum() for char in rest) >= _LEAST_WORDS


def _is_speaker(label: str, times: Counter[str]) -> bool:
    key = _key(label)
    if _ASKS.match(key) or _ANSWERS.match(key) or _OFFICE.search(label.rstrip(")）")):
        return True
    return times[key] >= 2 and bool(_NAME.match(key))


def _question(text: str, label: str) -> str:
    """The asked words: the last question among them, without its label."""
    asked = text[len(label) :].lstrip(" :：")
    return asked if len(asked) <= _LONGEST_QUESTION else ""
