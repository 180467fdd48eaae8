"""What follows from whole documents: which there are, a rule's chapters and articles, ages.

Knows no index: documents come from a `Library`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from indexer.errors import DocumentNotFound
from indexer.records import Passage
from indexer.text.normalise import fold, letters
from indexer.text.numbers import NumberKind, find_numbers
from indexer.text.segment import tagged
from service.answer.compute.sums import CONFIDENCE, Computed
from service.answer.compute.times import days_in
from service.answer.evidence import Evidence, Reading
from service.answer.read.library import Library
from service.answer.understand.language import is_chinese
from service.answer.understand.question import Question
from service.records import Hit

_MOST_LISTED = 20
_LONGEST_QUOTE = 100
_KINDS = "文件|文档|资料|材料"
_LIBRARY = r"(?:(?:知识|资料|文档|文件|档案|文)?库|档案|这里|系统)(?:里面|里|中)?"
_HOW_MANY = r"(?:多少|几)[份篇个件]?"
_ABOUT = re.compile(
    rf"(?:关于|有关|涉及|提到|与|和)(?P<about>[^,。?]{{1,24}}?)(?:相关|有关)?的(?:{_KINDS})"
)
_LISTED = re.compile(
    rf"^(?:请?列出)?(?:{_LIBRARY})?(?:一共|总共|共|都)?(?:有|收录了?|存了?)?(?:哪些|{_HOW_MANY})?(?:{_KINDS})(?:一共|总共|共|都)?(?:有(?:哪些|{_HOW_MANY}))?$"
)
_OWNED = re.compile(
    rf"^{_LIBRARY}(?:一共|总共|共|都)?(?:有|收录了?|存了?)?(?:哪些|{_HOW_MANY})?(?P<about>[^,。?]{{2,24}}?)的(?:{_KINDS})"
)
_OF_KIND = re.compile(
    r"^(?P<about>[^,。?]{2,16}?)(?:一共|总共|共|都)?(?:有|[印下]?发过?了?|发布过?了?|出过?了?|下过?了?)"
    rf"(?:过|了)?(?:哪些|{_HOW_MANY})(?P<kind>通知|公告|通告|通报|决定|简报|纪要|文件|公文|函)$"
)
_COUNTS = re.compile(r"(?:多少|几)[份篇个件]?")
_NUMERAL = r"[一二三四五六七八九十百零〇\d]{1,7}"
_ARTICLE = re.compile(
    rf"^[ \t　]*第(?P<n>{_NUMERAL})(?P<kind>[章条])(?=[\s　:：、【（(]|[㐀-鿿])", re.MULTILINE
)
_ASKS_ARTICLE = re.compile(
    rf"第(?P<n>{_NUMERAL})条(?:的|所|都|是|主要)*(?:规定|内容|说|讲|写|指|要求)*(?:的|了)*(?:内容)?(?:是|有)?(?:些)?(?:什么|哪些|怎么|啥)"
)
_CHAPTER = re.compile(rf"第(?P<n>{_NUMERAL})章")
_ASKS_COUNT = re.compile(
    r"(?:多少|几)(?P<one>[章条])(?:(?:和|、|,|零)?(?:多少|几)?(?P<other>[章条]))?"
)
_LEAST_ARTICLES = 3
_OLDER = re.compile(
    r"(?P<one>[㐀-鿿·a-z]{2,8}?)比(?P<other>[㐀-鿿·a-z]{2,8}?)(?:年长|年轻|(?P<more>[大小]))(?:了|出)?(?:多少|几)岁"
    r"|(?P<a>[㐀-鿿·a-z]{2,8}?)[和与跟同](?P<b>[㐀-鿿·a-z]{2,8}?)(?:的?年龄)?(?:相差|差)(?:了)?(?:多少|几)岁"
)
_BORN = re.compile(r"出生|生于|诞生|降生|\bborn\b")


def of_documents(question: Question, reading: Reading, library: Library) -> Computed | None:
    """What the archive's list, a rule's articles or two births give; None where none is asked."""
    return (
        _listing(question, library)
        or _articles(question, reading, library)
        or _ages(question, reading, library)
    )


def rest_of_list(question: Question, library: Library, told: Sequence[str]) -> Computed | None:
    """The documents of a list that no answer in `told` named; None of another kind of question."""
    return _listing(question, library, told)


def _listing(
    question: Question, library: Library, told_before: Sequence[str] = ()
) -> Computed | None:
    """The documents whose title, file name or issuer names a thing, those of a year, or all."""
    text = question.folded.rstrip("?？。 ").replace(" ", "")
    days = [each for each in days_in(text) if each.has_year]
    for each in days:
        text = text.replace(each.said + "的", "").replace(each.said, "")
    kind = _OF_KIND.match(text)
    about = _ABOUT.search(text) or _OWNED.match(text) or kind
    of_kind = kind["kind"] if kind is not None and kind["kind"] not in ("文件", "公文") else ""
    said = letters(fold("\n".join(told_before)))
    is_all = _LISTED.match(text) is not None and ("库" in text or bool(days))
    if len(days) > 1 or not (about or is_all) or not re.search("哪些|多少|几|列出", text):
        return None
    name = about["about"] if about is not None else ""
    found, undated = [], 0
    for stored in library.documents(""):
        document = stored.document
        told = (document.title, document.source, document.organisation or "")
        if not any(name in fold(each) for each in told) or of_kind not in fold(document.title):
            continue
        if letters(fold(document.title)) in said:
            continue
        if days and document.date is None:
            undated += 1
        elif not days or days[0].start <= str(document.date) <= days[0].end:
            found.append(document)
    if not found:
        return None
    evidence: list[Evidence] = []
    for document in found[:_MOST_LISTED]:
        passages = library.passages(document.document_id)
        if passages:
            hit = Hit(1, 1.0, passages[0], document.source, document.url, document.date, None, None,
                      organisation=document.organisation)  # fmt: skip
            evidence.append(_first_line(hit))
    titles = "、".join(f"《{document.title}》" for document in found[:_MOST_LISTED])
    more = "等" if len(found) > _MOST_LISTED else ""
    of = f"标题、文件名或发文单位中有“{name}”的" if name else ""
    of = f"{days[0].said}{of}" if days else of
    left = f"（另有{undated}份没有日期，未计入）" if undated else ""
    count = f"{len(found)}份"
    whole = "另有" if told_before else "共"
    text = f"{of}{of_kind or '文件'}{whole}{count}：{titles}{more}{left}"
    if not is_chinese(question.text):
        text = f"{len(found)} documents: {titles}"
    value = count if _COUNTS.search(question.folded) and not undated else None
    return Computed(text, value, tuple(evidence), CONFIDENCE, False) if evidence else None


def _first_line(hit: Hit) -> Evidence:
    text = hit.passage.text
    line = text.lstrip().split("\n")[0][:_LONGEST_QUOTE].rstrip()
    start = hit.passage.start + text.index(line)
    return Evidence(hit, start, start + len(line), line, CONFIDENCE)


def _articles(question: Question, reading: Reading, library: Library) -> Computed | None:
    """How many chapters and articles a rule has, or one article whole."""
    asked, counts = _ASKS_ARTICLE.search(question.folded), _ASKS_COUNT.search(question.folded)
    match = asked or counts
    if match is None:
        return None
    subject = question.folded.replace(match.group(), " ")
    rules = []
    for hit, text in texts_of(reading, library):
        marks = {kind: _marks(text, kind) for kind in "章条"}
        if len(marks["条"]) >= _LEAST_ARTICLES and _is_of(subject, fold(hit.passage.title)):
            rules.append((hit, text, marks))
    if len(rules) != 1:
        return None
    hit, text, marks = rules[0]
    if asked is not None:
        wanted = _value(asked["n"])
        places = [mark.start() for n, mark in marks["条"] if n == wanted]
        if len(places) != 1:
            return None
        later = [m.start() for m in _ARTICLE.finditer(text) if m.start() > places[0]]
        later.append(len(text))
        evidence = spans_of(hit, places[0], later[0], library)
        return Computed("", None, evidence, CONFIDENCE) if evidence else None
    kinds = [kind for kind in "章条" if counts is not None and kind in counts.groups()]
    chapter = _CHAPTER.search(subject)
    if chapter is not None:
        marks = {"章": [], "条": _of_chapter(_value(chapter["n"]), marks)}
    ends: list[Evidence] = []
    for kind in kinds:
        first = marks[kind][0][0] if marks[kind] and chapter is not None else 1
        if [n for n, _ in marks[kind]] != list(range(first, first + len(marks[kind]))):
            return None  # one is missing, or two rules stand in one file
        if not marks[kind]:
            return None
        for _, mark in (marks[kind][0], marks[kind][-1]):
            line_end = text.find("\n", mark.start())
            ends += spans_of(hit, mark.start(), len(text) if line_end < 0 else line_end, library)
    value = "".join(f"{len(marks[kind])}{kind}" for kind in kinds)
    said = f"共{value}" if is_chinese(question.text) else f"{value} in all"
    return Computed(said, value, tuple(ends), CONFIDENCE) if ends else None


def _of_chapter(
    chapter: int, marks: Mapping[str, list[tuple[int, re.Match[str]]]]
) -> list[tuple[int, re.Match[str]]]:
    """The articles of one chapter; empty where there is no such chapter, or there are two."""
    starts = [mark.start() for n, mark in marks["章"] if n == chapter]
    if len(starts) != 1:
        return []
    later = [mark.start() for _, mark in marks["章"] if mark.start() > starts[0]]
    end = min(later, default=None)
    return [
        (n, mark)
        for n, mark in marks["条"]
        if starts[0] < mark.start() and (end is None or mark.start() < end)
    ]


def _marks(text: str, kind: str) -> list[tuple[int, re.Match[str]]]:
    return [(_value(m["n"]), m) for m in _ARTICLE.finditer(text) if m["kind"] == kind]


def _value(numeral: str) -> int:
    found = find_numbers(numeral + "个")
    return int(found[0].value) if found else 0


def _is_of(subject: str, title: str) -> bool:
    """Whether the title tells every noun that a question says of the rule."""
    words = [w for w, tag in tagged(subject) if len(w) > 1 and tag.startswith(("n", "v", "j", "l"))]
    asks = re.compile(r"规定|内容|文件|一共|总共|条款|请问|共计|办法|说明|告诉")
    return all(word in title or asks.fullmatch(word) for word in words)


def _ages(question: Question, reading: Reading, library: Library) -> Computed | None:
    """By how many years one of two is older, from the one year of birth that each has."""
    asked = _OLDER.search(question.folded)
    if asked is None:
        return None
    names = (asked["one"] or asked["a"], asked["other"] or asked["b"])
    births = [_birth(name, reading, library) for name in names]
    if any(birth is None for birth in births):
        return None
    (one, first), (other, second) = [birth for birth in births if birth is not None]
    apart = f"{abs(one - other)}岁"
    older = names[0] if one < other else names[1]
    low, high = sorted((one, other))
    is_turned = asked["more"] is not None and (asked["more"] == "大") != (one < other)
    said = f"相差{apart} = {high}年 - {low}年（按出生年份，{older}年长）"
    if one == other:
        said = f"同年出生：{one}年"
    if not is_chinese(question.text):
        said = f"{abs(one - other)} years = {high} - {low}, by the years of birth"
    value = None if is_turned or one == other else apart
    return Computed(said, value, (first, second), CONFIDENCE)


def _birth(name: str, reading: Reading, library: Library) -> tuple[int, Evidence] | None:
    """The year of birth, where every line that tells one of the name tells the same."""
    found: dict[int, Evidence] = {}
    for hit, _ in texts_of(reading, library):
        for passage in library.passages(hit.passage.document_id):
            for match in re.finditer(r"[^\n。；;]+", passage.text):
                line = fold(match.group()).strip()
                above = [fold(heading).strip() for heading in passage.headings[-1:]]
                is_own = line.startswith(name) or any(
                    name in heading for heading in _above(passage, match.start(), above)
                )
                years = [
                    int(number.date[:4])
                    for number in find_numbers(line)
                    if number.kind is NumberKind.DATE and re.match(r"\d{4}", number.date)
                ]
                if is_own and _BORN.search(line) and len(years) == 1:
                    start = passage.start + match.start()
                    place = Hit(1, 1.0, passage, hit.source, hit.url, hit.date, None, None,
                                organisation=hit.organisation)  # fmt: skip
                    quote = match.group()
                    evidence = Evidence(place, start, start + len(quote), quote, CONFIDENCE)
                    found.setdefault(years[0], evidence)
    return next(iter(found.items())) if len(found) == 1 else None


def _above(passage: Passage, at: int, headings: Sequence[str]) -> list[str]:
    """The nearest short line above that could be a heading, without its marks."""
    lines = [fold(line).strip("# ") for line in passage.text[:at].split("\n") if line.strip()]
    short = [line for line in lines if len(line) <= 12 and not re.search(r"[,，。、;；]", line)]
    return short[-1:] or [heading.strip("# ") for heading in headings]


def texts_of(reading: Reading, library: Library) -> Iterator[tuple[Hit, str]]:
    """The whole text of each retrieved document, the likeliest first."""
    seen = set()
    for evidence in reading.evidence:
        document_id = evidence.hit.passage.document_id
        if document_id in seen:
            continue
        seen.add(document_id)
        try:
            yield evidence.hit, library.text(document_id, 0, 2_000_000)
        except DocumentNotFound:  # deleted since it was retrieved
            continue


def spans_of(hit: Hit, start: int, end: int, library: Library) -> tuple[Evidence, ...]:
    """What stands from `start` to `end`, by the passages that hold it."""
    found: list[Evidence] = []
    for passage in library.passages(hit.passage.document_id):
        first, last = max(start, passage.start), min(end, passage.end)
        quote = passage.text[max(0, first - passage.start) : max(0, last - passage.start)]
        if first >= last or not quote.strip() or (found and first < found[-1].end):
            continue
        first += len(quote) - len(quote.lstrip())
        place = Hit(1, 1.0, passage, hit.source, hit.url, hit.date, None, None,
                    organisation=hit.organisation)  # fmt: skip
        found.append(Evidence(place, first, first + len(quote.strip()), quote.strip(), CONFIDENCE))
    return tuple(found)
