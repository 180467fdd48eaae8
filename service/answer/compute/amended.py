"""What decisions that amend a rule tell of it: the articles that they change, and the value that an
article had at an asked time. Knows no index.

宿舍办法改了哪几条 asks for the first; 2021年的押金, which was changed in 2023, for the second.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from indexer.records import Document
from indexer.text.normalise import fold, letters
from indexer.text.numbers import NumberKind, find_numbers
from indexer.text.segment import tagged
from indexer.text.sentences import split_sentences
from service.answer.compute.amendments import (
    ARTICLE,
    CHANGES,
    WORK,
    Amendment,
    Find,
    find_amendments,
    may_be_amended,
    number_of,
)
from service.answer.compute.sums import CONFIDENCE, Computed
from service.answer.evidence import Evidence, Reading
from service.answer.read.entries import Stored
from service.answer.read.value import uniform
from service.answer.understand.periods import Period
from service.answer.understand.question import Question, analyse
from service.records import Hit

_LEAST = 0.12  # confidence from which on the article that is asked about is known
_MOST_HITS = 8
_CHANGED = "修改|修订|修正|改动|变动|调整|改|变|动"
_DELETED = "删去|删除|删掉|删|取消|废止|废除"
_WHICH = r"(?P<{0}>哪|几|多少)(?:几|些|一)?个?条(?:款|文|规定)?"
_ASKS = re.compile(
    rf"(?P<verb>{_DELETED}|{_CHANGED})(?:过|了|掉|去|的|是|有)*{_WHICH.format('which')}"
    rf"|{_WHICH.format('subject')}(?:被|有|给|是|都|作|做|了|过)*(?P<done>{_DELETED}|{_CHANGED})"
    r"(?:过|了|掉|动|的)*"
)
_NOT = re.compile(r"没|未|不")
_DECISION = re.compile(r"修改|修订|修正|调整|废止")
_FORCE = re.compile(r"自(?P<day>.{6,20}?)(?:起|开始)(?:施行|实施|执行|生效)")
_FORMER = re.compile(r"(?:修改|修订|调整|改)(?:以前|之前|前)的?|原来的?|原先的?|从前的?")
_LEFT = re.compile(r"^[,，的]+|^(?:那时候?|当时)的?")


@dataclass(frozen=True, slots=True)
class _Version:
    """A value from the day `since` on, as `told` by the sentence that made it so."""

    since: str
    value: str
    told: Amendment | None


# -- which articles are changed -------------------------------------------------------------------


def changed_articles(question: Question, find: Find, stored: Stored) -> Computed | None:
    """All articles that the decisions on one rule change or delete; None where none is asked."""
    asked = _ASKS.search(question.folded)
    if asked is None or _NOT.search(question.folded):
        return None
    rest = question.folded[: asked.start()] + " " + question.folded[asked.end() :]
    words = [
        w
        for w, tag in tagged(rest)
        if len(w) > 1 and tag.startswith(("n", "v", "j", "l")) and w.isalnum()
    ]
    hits = {hit.passage.document_id: hit for hit in reversed(find(question.folded, 32))}
    only_deleted = re.search(_DELETED, asked["verb"] or asked["done"]) is not None
    found: dict[int, Evidence] = {}
    rules: set[str] = set()
    for document_id, hit in hits.items():
        document = stored(document_id)[0]
        title = fold(document.title)
        if not _DECISION.search(title) or not words or any(word not in title for word in words):
            continue
        if not _is_in(document.date, question.periods):
            continue
        changes = _changes_of(document, hit, stored, only_deleted)
        if changes is None:
            return None
        rules |= {letters(match["title"]) for match in WORK.finditer(title)}
        found.update(changes)
    if not found or len(rules) > 1:
        return None
    names = [f"第{_written(evidence, n)}条" for n, evidence in sorted(found.items())]
    listed = "、".join(names)
    value = listed if "哪" in asked.group() else f"{len(names)}条"
    done = "删去" if only_deleted else "改动"
    evidence = tuple({e.start: e for _, e in sorted(found.items())}.values())
    return Computed(f"{done}的共{len(names)}条：{listed}", value, evidence, CONFIDENCE)


def _changes_of(
    document: Document, hit: Hit, stored: Stored, only_deleted: bool
) -> dict[int, Evidence] | None:
    """The articles that a decision changes, each with its sentence; None where one is not told."""
    _, passages = stored(document.document_id)
    found: dict[int, Evidence] = {}
    for start, end in split_sentences(document.text):
        quote = document.text[start:end]
        body = (
            quote[: m.start()] if (m := re.search(r"[“「\"：:]|修改为|改为|作为", quote)) else quote
        )
        if not CHANGES.search(quote) or (only_deleted and not re.search(_DELETED, quote)):
            continue
        numbers = [number_of(match["n"]) for match in ARTICLE.finditer(body)]
        if (added := re.search(rf"增加.*?作为{ARTICLE.pattern}", quote)) is not None:
            numbers.append(number_of(added["n"]))
        is_range = re.search(r"条(?:至|到|-|—)第", body) is not None
        if is_range or None in numbers or (not numbers and re.search('[“「"]', quote)):
            return None
        passage = next((p for p in passages if p.start <= start < p.end), None)
        if passage is not None:
            place = Evidence(replace(hit, passage=passage), start, end, quote, CONFIDENCE)
            found.update({n: place for n in numbers if n is not None})
    return found


def _is_in(day: str | None, periods: Sequence[Period]) -> bool:
    dated = [period for period in periods if not period.relative]
    return all(day is not None and p.start <= day <= p.end for p in dated)


def _written(evidence: Evidence, number: int) -> str:
    """The article's number as its sentence writes it."""
    told = (match["n"] for match in ARTICLE.finditer(evidence.quote))
    return next((each for each in told if number_of(each) == number), str(number))


# -- what held at a time --------------------------------------------------------------------------


def held_then(
    question: Question,
    whole: str,
    find: Find,
    read: Callable[[Question, Sequence[Hit]], Reading],
    stored: Stored,
) -> Computed | None:
    """The value of an amended article in the year or on the day that a question names.

    None where the question names no such time, or the article was never amended word by word.
    """
    periods = [p for p in question.periods if p.start[:1].isdigit() and p.start[:4] != "0001"]
    folded = fold(whole)
    former = _FORMER.search(folded)
    if len(question.periods) > 1 or bool(periods) == bool(former) or "比" in folded:
        return None
    said = periods[0].said if periods else former.group() if former else ""
    rest = _LEFT.sub("", folded.replace(said, "", 1).strip())
    own = analyse(rest)
    hits = find(rest, _MOST_HITS)
    # Looked at before anything is read: to read eight passages takes as long as all the rest.
    documents = dict.fromkeys(hit.passage.document_id for hit in hits)
    if not any(may_be_amended(stored(document_id)[0]) for document_id in documents):
        return None
    reading = read(own, hits)
    if not reading.evidence or reading.confidence < _LEAST or reading.missing:
        return None
    best = reading.evidence[0]
    changes = find_amendments((best,), find, stored).of(best)
    if not changes or not _is_of(own, best):
        return None
    versions = _versions(best, changes, stored)
    if not versions or not _is_of_clause(own, best, versions[0].value):
        return None
    if former is not None:
        return _told(versions[0], best, versions) if len(versions) == 2 else None
    return _at_time(periods[0], best, versions)


def _is_of(question: Question, best: Evidence) -> bool:
    """Whether the article and its headings tell every noun of the question, the article one."""
    nouns = [w for w, tag in tagged(question.content) if len(w) > 1 and tag.startswith(("n", "j"))]
    passage = best.hit.passage
    own = fold(best.quote)
    around = fold("\n".join((best.quote, passage.title, *passage.headings)))
    verbs = [w for w, tag in tagged(question.content) if len(w) > 1 and tag.startswith("v")]
    is_told = any(word in own for word in (*nouns, *verbs))
    return is_told and all(noun in around for noun in nouns)


def _is_of_clause(question: Question, best: Evidence, value: str) -> bool:
    """Whether the clause with the value is what is asked about: 晚上九点关门 tells nothing of 开门,
    which the clause beside it tells.
    """
    clauses = [fold(clause) for clause in re.split(r"[，,；;。]", best.quote)]
    holding = [clause for clause in clauses if fold(value) in clause]
    title = fold(best.hit.passage.title)
    words = [w for w, _ in tagged(question.content) if len(w) > 1 and w not in title]
    beside = [w for w in words if any(w in clause for clause in clauses)]
    own = [w for w in beside if len(holding) == 1 and w in holding[0]]
    return bool(own) and own == beside


def _versions(best: Evidence, changes: Sequence[Amendment], stored: Stored) -> list[_Version]:
    """The values of an article, the oldest first; empty where they are no unbroken chain."""
    rule = stored(best.hit.passage.document_id)[0]
    since = _in_force(rule)
    dated = [
        (_in_force(stored(each.evidence.hit.passage.document_id)[0]), each) for each in changes
    ]
    if since is None or any(day is None for day, _ in dated):
        return []
    dated.sort(key=lambda each: str(each[0]))
    quote = uniform(best.quote)
    first = [old for old, _ in dated[0][1].replaced]
    asked = best.value
    value_asked = uniform(best.quote[asked.start : asked.end]) if asked is not None else ""
    fitting = [old for old in first if uniform(old) in quote]
    fitting = [o for o in fitting if value_asked and _overlap(value_asked, uniform(o))]
    if len(fitting) != 1:
        return []
    found = [_Version(since, fitting[0], None)]
    for day, change in dated:
        new = [n for old, n in change.replaced if uniform(old) == uniform(found[-1].value)]
        if len(new) != 1 or change.article is None:
            return []
        found.append(_Version(str(day), new[0], change))
    return found


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


def _in_force(document: Document) -> str | None:
    """The day from which on a rule or a decision holds: the one that it names, else its own."""
    days = []
    for match in _FORCE.finditer(fold(document.text)):
        days += [n.date for n in find_numbers(match["day"]) if n.kind is NumberKind.DATE]
    if len(set(days)) > 1:
        return None
    day = days[0] if days else document.date or ""
    return day if len(day) == 10 and day[0] != "-" else None


def _at_time(period: Period, best: Evidence, versions: Sequence[_Version]) -> Computed | None:
    held = [v for v in versions if v.since <= period.start]
    if held and not any(period.start < v.since <= period.end for v in versions):
        return _told(held[-1], best, versions)
    if period.end < versions[0].since:
        return None
    return _told(None, best, versions)  # it changed within the time, or the rule began in it


def _told(held: _Version | None, best: Evidence, versions: Sequence[_Version]) -> Computed:
    """The value, and since when which one held; every one where the time has several."""
    told = "；".join(f"自{_day(version.since)}起为{version.value}" for version in versions)
    text = f"{held.value}（{told}）" if held is not None else told
    changes = [v.told.evidence for v in reversed(versions) if v.told is not None]
    value = held.value if held is not None else None
    return Computed(text, value, (*changes, best), CONFIDENCE)


def _day(iso: str) -> str:
    year, month, day = map(int, iso.split("-"))
    return f"{year}年{month}月{day}日"
