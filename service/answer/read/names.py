"""Names in a sentence that a question may ask for: people, places, bodies, titles.

By the tagger's parts of speech, and by quotation marks. Pure folded text; decides nothing.
"""

import re
from collections.abc import Iterator

from indexer.text.segment import tagged
from service.answer.read.position import Span
from service.answer.understand.question import AnswerType, Question

_FOREIGN = re.compile(
    r"(?:[^·,;。、]*(?:[是由和与及为在让派请被]|家|人))?(?P<name>[㐀-鿿]{1,7}(?:·[㐀-鿿]{1,8})+)"
)
_NO_PERSON = re.compile(r"[岛村族派人市省国祖县镇乡州教党]$|^[如]")
_QUOTATION = re.compile(r"《[^《》]{1,40}》|[“「『][^“”「」『』]{2,30}[”」』]")
_TITLE_ASKED = re.compile(
    r"叫什么|叫做什么|什么名|名称|名字|题目|标题|书名|哪[一]?(?:部|本|首|篇|款)|什么(?:书|电影|歌|计划|工程|主题|口号)"
)
_PLACE_ASKED = re.compile(
    r"(?:哪|什么)(?:一|几)?[个座]?(?P<kind>省|市|县|区|州|乡|镇|村|国|岛|山|河|湖|海|城市|国家)"
)
_BODY = re.compile(
    r"(?:大学|学院|医院|公司|银行|委员会|法院|检察院|研究[所院]|协会|学会|基金会|集团|中心|学校|中学|小学"
    r"|出版社|报社|电视台|政府|党委|合作社|[局厅部委办署社馆队党])$"
)
_PLACE_END = re.compile(
    r"(?:[省市县区州乡镇村岛山河江湖路街港洲国]|大学|医院|学校|中学|小学|人民政府|中心|广场|机场|车站|体育馆)$"
)
_IN_BODY = ("n", "j", "nz", "ns", "nr", "nt", "b", "f", "m", "vn", "x", "eng", "a")
_IN_NAME = ("n", "x", "eng", "j", "g", "a", "b", "z", "m", "q")
_MOST_WORDS = 6
_SHORTEST = 2


def find_named(question: Question, text: str) -> list[Span]:
    """What could be asked for, in order: names of the asked kind that the question does not say."""
    kinds = {
        AnswerType.PERSON: _people,
        AnswerType.PLACE: _places,
        AnswerType.ORGANISATION: _bodies,
    }
    find = kinds.get(question.asks)
    if find is None:
        if not _TITLE_ASKED.search(question.folded):
            return []
        find = _titles
    known = question.folded.replace(" ", "")
    spans = sorted(set(find(text)))
    if question.asks is AnswerType.PLACE:
        spans = _of_kind(question, text, spans)
    return [
        (start, end)
        for start, end in spans
        if end - start >= _SHORTEST and text[start:end].strip("《》“”「」『』") not in known
    ]


def _people(text: str) -> Iterator[Span]:
    words = _placed(text)
    foreign = [_without_verb(text, words, *m.span("name")) for m in _FOREIGN.finditer(text)]
    yield from foreign
    for start, end in _runs(text, ("nr",)):
        if _NO_PERSON.search(text[start:end]) or any(a < end and start < b for a, b in foreign):
            continue
        yield start, end


def _without_verb(text: str, words: list[tuple[int, int, str]], start: int, end: int) -> Span:
    """约翰·里德 of 约翰·里德写成: the verb behind a name is none of it."""
    last = text.rindex("·", start, end)
    cut = [at for at, _, tag in words if last + 1 < at < end and not tag.startswith(_IN_NAME)]
    return start, min(cut, default=end)


def _places(text: str) -> Iterator[Span]:
    words = _placed(text)
    at = 0
    while at < len(words):
        start, _, tag = words[at]
        if not tag.startswith(("ns", "nt")):
            at += 1
            continue
        last = at
        for following in range(at + 1, min(len(words), at + _MOST_WORDS)):
            begin, end, its = words[following]
            if not its.startswith(("ns", "nt", "n", "f", "nz", "j")):
                break
            if its.startswith("ns") or _PLACE_END.search(text[begin:end]):
                last = following
        yield start, words[last][1]
        at = last + 1


def _bodies(text: str) -> Iterator[Span]:
    words = _placed(text)
    for at, (start, end, tag) in enumerate(words):
        if not (tag.startswith("nt") or _BODY.search(text[start:end])):
            continue
        following = words[at + 1] if at + 1 < len(words) else None
        if following is not None and _BODY.search(text[following[0] : following[1]]):
            continue  # the longer name ends there
        first = at
        while first > 0 and at - first < _MOST_WORDS - 1:
            word, its = text[words[first - 1][0] : words[first - 1][1]], words[first - 1][2]
            if not its.startswith(_IN_BODY) or not word.isalnum():
                break
            first -= 1
        yield words[first][0], end


def _titles(text: str) -> Iterator[Span]:
    for match in _QUOTATION.finditer(text):
        is_work = match.group()[0] == "《"
        yield match.span() if is_work else (match.start() + 1, match.end() - 1)


def _of_kind(question: Question, text: str, spans: list[Span]) -> list[Span]:
    """Those that end as the question wants: a 县 where 哪个县 is asked for."""
    asked = _PLACE_ASKED.search(question.folded)
    if asked is None or asked["kind"] in ("国家", "国", "城市"):
        return spans
    kind = asked["kind"]
    cut = [
        (start, text.rindex(kind, start, end) + 1)
        for start, end in spans
        if kind in text[start:end]
    ]
    return cut or spans


def _runs(text: str, tags: tuple[str, ...]) -> Iterator[Span]:
    """Words of these tags that stand side by side, as one."""
    begin = last = -1
    for start, end, tag in _placed(text):
        if tag.startswith(tags):
            begin, last = (start if begin < 0 else begin), end
        elif begin >= 0:
            yield begin, last
            begin = -1
    if begin >= 0:
        yield begin, last


def _placed(text: str) -> list[tuple[int, int, str]]:
    placed: list[tuple[int, int, str]] = []
    at = 0
    for word, tag in tagged(text):
        placed.append((at, at + len(word), tag))
        at += len(word)
    return placed
