"""How many things a sentence or a table lists, where nothing says how many: 共4个：甲、乙、丙、丁。

Counted are only things of the kind that is asked for, of a list that is whole: none that goes on
with 等 or begins with 其中, and none where any likely sentence states a number. Knows no index.
"""

import re
from collections.abc import Sequence

from indexer.text.normalise import fold, normalise
from indexer.text.numbers import NumberKind, canonical, find_numbers
from indexer.text.segment import tagged
from service.answer.compute.sums import Computed
from service.answer.evidence import Evidence, Reading
from service.answer.read.tables import names_told
from service.answer.read.value import is_bound
from service.answer.understand.kinds import kind_of
from service.answer.understand.language import is_chinese
from service.answer.understand.question import Operation, Question

_MOST_READ = 8
_LEAST_RATIO = 0.02
_LEAST_LIKELY = 0.2
_LEAST_ITEMS = 2

_BREAK = ",，。;；:：()（）!！?？\\[\\]\n|"
_RUN = re.compile(rf"[^、{_BREAK}]{{1,24}}(?:、[^、{_BREAK}]{{1,24}})+")
_LAST = re.compile(r"(?<=.)(?:以及|和|及|与)(?=.)")
_OPEN = re.compile(
    r"等|之类|诸如|例如|比如|譬如|其中|其[他它余]|另外|此外|部分|有的|之一|主要|[……]|、\s*$"
)
_DENIES = re.compile(r"没有|没|未|不|无|非|除")
_LEADS = re.compile(r"(?:分别)?(?:是|有|为|包括|即|:|：|、)*$")
_ASKS_PEOPLE = ("名", "位")
_BARE = re.compile(r"[㐀-鿿]{2,4}")
_NO_NAME = ("v", "p", "u", "c", "d", "m", "r", "t", "f", "q", "y")
_ADDED = re.compile(r"[在有是为和与将让使由对给向共含即]")  # before the first name of a list


def counted(question: Question, reading: Reading) -> Computed | None:
    """The number of the things that a sentence or a table lists; None where one is not sure."""
    kind = _kind(question)
    if not kind or not reading.evidence:
        return None
    least = _LEAST_RATIO * reading.evidence[0].probability
    likely = [e for e in reading.evidence[:_MOST_READ] if e.probability >= least]
    likely = [evidence for evidence in likely if names_told(question, evidence)]
    if any(_tells_number(question, kind, evidence) for evidence in likely):
        return None
    if not likely or likely[0].probability < _LEAST_LIKELY:
        return None
    read = [(e, enumerated(question, kind, e)) for e in likely]
    lists = [(evidence, items) for evidence, items in read if items]
    if not lists or lists[0][0] is not likely[0]:
        return None
    if any(set(items) != set(lists[0][1]) for _, items in lists[1:]):
        return None  # another list of the same things
    evidence, items = lists[0]
    return _said(question, items, (evidence,))


def _kind(question: Question) -> str:
    """The noun that is counted: 县 of 有几个县摘帽; "" where nothing that could be listed is."""
    is_of_people = question.unit in _ASKS_PEOPLE and "第" not in question.folded
    if question.operation is not Operation.COUNT and not is_of_people:
        return ""
    for word, tag in tagged(question.counted):
        return word if tag.startswith(("n", "zg", "j", "l", "x")) else ""
    return ""


def _tells_number(question: Question, kind: str, evidence: Evidence) -> bool:
    """Whether a sentence states a number of such things already."""
    text = normalise(evidence.quote).text
    given = {canonical(number) for number in find_numbers(question.folded)}
    for number in find_numbers(text):
        if number.kind is not NumberKind.NUMBER or canonical(number) in given:
            continue
        behind = text[number.end : number.end + len(kind) + 4]
        if number.unit in (question.unit, kind, "个", "家") or kind in behind:
            return True
    return False


def enumerated(question: Question, kind: str, evidence: Evidence) -> list[str]:
    """The things of one kind that a sentence lists, as it writes them; empty where it may be in
    part, where they may be of another kind, or where it is not what the question asks about.
    """
    quote = evidence.quote
    runs = list(_RUN.finditer(quote))
    if len(runs) != 1 or _OPEN.search(quote) or _DENIES.search(quote):
        return []
    words = _words(question, kind)
    passage = evidence.hit.passage
    told = fold(f"{passage.context}\n{quote}")
    if not is_bound(question, told) or not all(word in told for word in words):
        return []
    if not any(word in fold(quote) for word in words):
        return []
    run = runs[0]
    *items, last = run.group().split("、")
    items += _LAST.split(last, maxsplit=1)
    cut = min((at for word in words if (at := items[-1].find(word)) > 0), default=len(items[-1]))
    items[-1] = _leading(items[-1][:cut], kind)
    is_alone = not _ADDED.match(items[0]) and len(items[0]) <= max(map(len, items[1:]))
    items[0] = items[0] if is_alone else _trailing(items[0])
    before = quote[: run.start()] + run.group().split("、", 1)[0].removesuffix(items[0])
    is_whole = all(items) and len(set(items)) == len(items) >= _LEAST_ITEMS
    return items if is_whole and _are_of(kind, items, before, passage.text) else []


def _words(question: Question, kind: str) -> list[str]:
    """What is said of the things: 摘帽 of 有几个县摘帽. Its names as well."""
    content = question.content
    for period in question.periods:  # they are compared as figures
        content = content.replace(fold(period.said), " ")
    return [
        word
        for word, tag in tagged(content)
        if len(word) > 1 and word != kind and tag.startswith(("n", "v", "j", "i", "l", "x"))
        if word.isalnum()
    ]


def _trailing(text: str) -> str:
    """The name that a text ends with: 雷波 of 2018年雷波."""
    found = ""
    for word, tag in reversed(list(tagged(text))):
        if tag.startswith(_NO_NAME):
            break
        found = word + found
    return text[len(text) - len(found) :] if found else ""


def _leading(text: str, kind: str) -> str:
    """The name that a text begins with, up to its kind: 丁县 of 丁县通过验收."""
    at = text.find(kind)
    if at > 0:
        return text[: at + len(kind)]
    found = 0
    for word, tag in tagged(text):
        if tag.startswith(_NO_NAME):
            break
        found += len(word)
    return text[:found]


def _are_of(kind: str, items: Sequence[str], before: str, passage: str) -> bool:
    """Whether the things are of the kind: 甲县、乙县; 摘帽县是甲、乙; or bare names that the
    passage gives this kind elsewhere.
    """
    if all(item.endswith(kind) and len(item) > len(kind) for item in items):
        return True
    if len(items) <= _LEAST_ITEMS or not all(_BARE.fullmatch(item) for item in items[:-1]):
        return False
    last = items[-1].removesuffix(kind)
    names = [*items[:-1], last]
    if not _BARE.fullmatch(last) or any(kind_of(name) is not None for name in names):
        return False
    led = before[: len(before) - len(_match(before))]
    is_led = led.endswith(kind)
    is_called = last != items[-1] or any(name + kind in passage for name in names)
    return is_led or is_called


def _match(before: str) -> str:
    found = _LEADS.search(before)
    return found.group() if found else ""


def _said(question: Question, items: Sequence[str], evidence: tuple[Evidence, ...]) -> Computed:
    value = f"{len(items)}{question.unit}"
    if is_chinese(question.text):
        return Computed(f"共{value}：{'、'.join(items)}", value, evidence)
    return Computed(f"{value} in all: {', '.join(items)}", value, evidence)
