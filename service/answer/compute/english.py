"""What an English question asks of a labelled line of a Chinese document: who teaches C#.

The line begins with the very code or name that the question writes, the label means what it asks
for, and no word of it is left over. Knows no index.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from indexer.text.normalise import fold
from service.answer.compute.documents import spans_of, texts_of
from service.answer.compute.sums import CONFIDENCE, Computed
from service.answer.evidence import Evidence, Reading
from service.answer.read.library import Library
from service.answer.understand.language import is_chinese
from service.answer.understand.question import Question
from service.records import Hit

# What a question's words ask for, and the labels of it.
_LABELS = (
    (r"who (?:teach(?:es)?|lectures?|gives?)|(?:teacher|lecturer|instructor)",
     "任课教师|授课教师|任课老师|教师|老师|讲师|主讲人?|主讲教师"),
    (r"who (?:leads?|led)|(?:leader)", "领队|组长|队长|负责人"),
    (r"who (?:keeps?|stores?|holds?)|(?:keeper|custodian)", "保管人|保管员|管理人"),
    (r"who (?:is )?(?:in charge|responsible|manages?)|(?:person in charge|manager)",
     "负责人|责任人|主管|管理人|保管人"),
    (r"(?:which|what) (?:class)?room|(?:classroom|room)", "教室|房间|室"),
    (r"where|location|place", "地点|位置|安装位置|存放地点|地址|教室"),
    (r"how much|(?:price|fee|cost|tuition)", "学费|价格|费用|收费|单价|原值|价钱|票价"),
    (r"what time|when|(?:time|schedule)", "时间|上课时间|开课时间|时段"),
    (r"(?:phone|telephone)(?: number)?", "电话|联系电话|手机"),
    (r"who|(?:name)", "姓名"),
)  # fmt: skip
_FRAME = re.compile(
    r"\b(?:the|an?|is|are|was|of|for|in|at|to|does|do|it|cost|held|taught|located|kept|please|"
    r"course|class|lesson|language|programming|development|device|item|equipment|s|charge|by|"
    r"what|which|who|how|much|number|no|start|take|place|located)\b|[?.!,'’](?=\s|$|s\b)"
)
_CODE = re.compile(
    r"(?<![\w.+#])(?=[A-Z.]|[a-z]*\d)\.?[A-Za-z][\w]*(?:[-_/.][\w]+)*[+#]*(?![\w+#])"
)
_BETWEEN_CELLS = re.compile(r"[　|｜\t]+|\s{2,}")
_BEHIND_LABEL = re.compile(r"\s*[:：]\s*")


def labelled(question: Question, reading: Reading, library: Library) -> Computed | None:
    """The value beside the label that is asked for, of the one line that begins with the name."""
    if is_chinese(question.text):
        return None
    text = question.text.strip()
    names = [m.group() for m in _CODE.finditer(text) if m.start() > 0]
    if len(names) != 1:
        return None
    rest = fold(text.replace(names[0], " ", 1))
    for pattern, labels in _LABELS:
        asked = re.search(rf"\b(?:{pattern})\b", rest)
        if asked is None:
            continue
        over = _FRAME.sub(" ", rest[: asked.start()] + " " + rest[asked.end() :])
        lines = () if over.strip(" ?") else _lines(reading, library)
        return _found(fold(names[0]), labels, lines, library)
    return None


def _lines(reading: Reading, library: Library) -> Iterator[tuple[Hit, int, str]]:
    """The lines of all retrieved documents, each with where it starts in its document."""
    for hit, text in texts_of(reading, library):
        for line in re.finditer(r"[^\n]+", text):
            yield hit, line.start(), line.group()


def _found(
    name: str, labels: str, lines: Iterable[tuple[Hit, int, str]], library: Library
) -> Computed | None:
    found: dict[str, tuple[Evidence, ...]] = {}
    for hit, start, line in lines:
        cells = [_cell(each) for each in _BETWEEN_CELLS.split(line) if each.strip()]
        if not cells or not _is_of(name, cells):
            continue
        for label, value in cells:
            if value and re.fullmatch(labels, fold(label)):
                found.setdefault(value, spans_of(hit, start, start + len(line), library))
    if len(found) != 1:
        return None
    ((value, evidence),) = found.items()
    return Computed("", value, evidence, CONFIDENCE) if evidence else None


def _cell(written: str) -> tuple[str, str]:
    """The label and the value of a cell; a cell without a label is a value."""
    label, *value = _BEHIND_LABEL.split(written.strip(), maxsplit=1)
    return (label, value[0]) if value else ("", label)


def _is_of(name: str, cells: Sequence[tuple[str, str]]) -> bool:
    """Whether the first cell begins with the name or another is the name: C is not C++."""
    exact = rf"{re.escape(name)}(?![a-z0-9+#_-])"
    first, *others = (fold(value) for _, value in cells)
    is_named = re.match(exact, first) is not None
    return is_named or any(re.fullmatch(exact, other) for other in others)
