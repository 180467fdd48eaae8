"""One item of a numbered list, or how many it has: 整改清单第五项, 第五条第三项, 申请材料有几项.

The list is the one whose heading, lead or article the question names; its items may be numbered in
any script. Knows no index.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.records import Passage
from indexer.text.normalise import fold, letters
from indexer.text.numerals import NUMERALS, parse_chinese
from indexer.text.segment import tagged
from service.answer.compute.documents import spans_of, texts_of
from service.answer.compute.sums import CONFIDENCE, Computed
from service.answer.compute.tabular.words import LIGHT, alike
from service.answer.evidence import Reading
from service.answer.read.library import Library
from service.answer.read.numbered import Item, NumberedList, numbered_lists
from service.answer.read.sentence import bigrams
from service.answer.understand.language import is_chinese
from service.answer.understand.question import Question
from service.records import Hit

_NUMBER = rf"(?:\d{{1,3}}|[{NUMERALS}]{{1,5}})"
_ARTICLE = re.compile(rf"第(?P<n>{_NUMBER})条(?:第{_NUMBER}款)?(?=.*第|.*[几多])")
_ITEM = re.compile(
    rf"(?:第[(]?(?P<n>{_NUMBER})[)]?|(?P<last>最后(?:面)?的?一))(?P<unit>大?[项点步条种类个]|方面|部分|步骤)"
    r"|\b(?:the )?(?P<nth>first|second|third|fourth|fifth|sixth|last) "
    r"(?:item|point|step|requirement)"
)
_COUNT = re.compile(
    r"(?:多少|几)(?:个|大)?(?P<unit>步骤|方面|部分|要点|[项步条种类款]"
    r"|点(?=要求|意见|建议|措施|注意|内容|说明|工作|规定))"
    r"|\bhow many (?P<en>items|points|steps|requirements)\b"
)
_NTH = ("first", "second", "third", "fourth", "fifth", "sixth")
_CONTENT = re.compile(r"什么|啥|内容|哪|怎么|规定|how|what|which")
_FRAME = re.compile(
    r"是?(?:什么|啥|哪些?|怎么)|内容|规定|说的?|讲的?|写的?|请问|一共|总共|分别|里面?|列出?了?|包括|要求的?|"
    r"第几|的|了|有|是|\b(?:what|is|are|the|of|in|on|to|how|many|there|does|do|have|list|for)\b"
)
_LONGEST_VALUE = 20  # letters of an item that may stand alone
_LONGEST_SHOWN = 24  # characters of each item of a count


@dataclass(frozen=True, slots=True)
class _Asked:
    """`number` of an item is -1 for the last one, and None where all are counted. All `words` stand
    in its document, the last of them above the list.
    """

    number: int | None
    article: int | None
    words: tuple[str, ...]
    text: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Fitting:
    hit: Hit
    text: str
    found: NumberedList
    fit: int


def numbered_item(question: Question, reading: Reading, library: Library) -> Computed | None:
    """The item, or the number of items, of the one list that is meant; None where none is sure."""
    asked = _asked(question)
    if asked is None or reading.missing:
        return None
    fitting = [
        each
        for hit, text in texts_of(reading, library)
        for each in _fitting(asked, hit, text, library)
    ]
    most = max((each.fit for each in fitting), default=0)
    best = [each for each in fitting if each.fit == most]
    if len(best) != 1:
        return None
    list_ = best[0]
    items = list_.found.items
    if asked.number is None:
        return _counted(asked, list_, library, is_chinese(question.text))
    wanted = items[-1] if asked.number < 0 else _numbered(items, asked.number)
    if wanted is None:
        return None
    body = list_.text[wanted.body : wanted.end].strip()
    value = body.rstrip("。；;，,、.")
    is_short = len(letters(fold(value))) <= _LONGEST_VALUE and "\n" not in value
    is_content = _CONTENT.search(question.folded) is not None
    evidence = spans_of(list_.hit, wanted.start, wanted.end, library)
    shown = value if is_short and is_content else None
    return Computed("", shown, evidence, CONFIDENCE) if evidence else None


def _asked(question: Question) -> _Asked | None:
    text = question.folded
    article = _ARTICLE.search(text)
    rest = text if article is None else text.replace(article.group(), " ", 1)
    item, count = _ITEM.search(rest), _COUNT.search(rest)
    match = item or count
    if match is None:
        return None
    number: int | None = None
    if item is not None:
        number = -1 if item["last"] or item["nth"] == "last" else 0
        number = number or (_NTH.index(item["nth"]) + 1 if item["nth"] else _value(item["n"]))
    rest = _FRAME.sub(" ", rest[: match.start()] + " " + rest[match.end() :])
    words = tuple(
        word
        for word, tag in tagged(rest)
        if len(word) > 1 and word.isalnum() and not LIGHT.fullmatch(word)
        if tag.startswith(("n", "v", "j", "i", "l", "x", "eng"))
    )
    unit = (match["unit"] or "") if not text.isascii() else ""
    told = _value(article["n"]) if article is not None else None
    return _Asked(number, told, words, rest, unit) if words or told else None


def _value(numeral: str) -> int:
    return int(numeral) if numeral.isdigit() else int(parse_chinese(numeral) or 0)


def _fitting(asked: _Asked, hit: Hit, text: str, library: Library) -> Iterator[_Fitting]:
    """The lists of a document that may be meant, with how well what stands above them fits."""
    passages = library.passages(hit.passage.document_id)
    lists = [each for each in numbered_lists(text) if _is_in(asked.article, each)]
    around = fold(f"{hit.passage.title}\n{hit.source}\n{hit.organisation or ''}")
    rest = bigrams(asked.text) - bigrams(around)
    whole = fold(text)
    for found in lists:
        headings = _headings(passages, found.items[0].start)
        near = fold("\n".join((found.lead, *found.above[-1:], *headings[-1:])))
        known = f"{around}\n{whole}"
        named = asked.words[-1:] if rest else ()  # what the list is called stands above it
        is_bound = all(_tells(known, word) for word in asked.words) and all(
            _tells("\n".join((near, around)), word) for word in named
        )
        fit = len(rest & bigrams(near)) if rest else int(not found.above)
        if is_bound and (fit or asked.article is not None or len(lists) == 1):
            yield _Fitting(hit, text, found, fit)


def _is_in(article: int | None, found: NumberedList) -> bool:
    """Whether a list stands in an asked article; one of articles is no list of items."""
    if found.style.startswith("nth") and found.style[-1] in "条章":
        return False
    if article is None:
        return True
    numbers = [re.match(rf"第({_NUMBER})条", line) for line in found.above]
    return any(told is not None and _value(told[1]) == article for told in numbers)


def _headings(passages: Sequence[Passage], at: int) -> tuple[str, ...]:
    return next((p.headings for p in passages if p.start <= at < p.end), ())


def _tells(known: str, word: str) -> bool:
    return word in known or any(other in known for other in alike(word))


def _numbered(items: Sequence[Item], number: int | None) -> Item | None:
    return next((item for item in items if item.number == number), None)


def _counted(asked: _Asked, list_: _Fitting, library: Library, chinese: bool) -> Computed | None:
    items = list_.found.items
    evidence = tuple(e for i in items for e in spans_of(list_.hit, i.start, i.end, library))
    if not evidence:
        return None
    names = [_short(list_.text[item.body : item.end]) for item in items]
    value = f"{len(items)}{asked.unit}" if chinese else str(len(items))
    text = f"共{value}：{'；'.join(names)}" if chinese else f"{value} in all: {'; '.join(names)}"
    return Computed(text, value, evidence, CONFIDENCE)


def _short(body: str) -> str:
    first = re.split(r"[。；;：:\n]", body.strip(), maxsplit=1)[0]
    return first if len(first) <= _LONGEST_SHOWN else f"{first[:_LONGEST_SHOWN]}…"
