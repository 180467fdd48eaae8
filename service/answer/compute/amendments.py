"""What later decisions change in an article that an answer quotes. Knows no index.

将第八条中的“甲”修改为“乙” and 删去第九条 stand in another document than the article itself;
whoever is shown the article must see them as well, and not what they replace in large print.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from indexer.records import Document
from indexer.text.normalise import fold, letters
from indexer.text.numerals import NUMERALS, value_of
from indexer.text.sentences import split_sentences
from service.answer.evidence import Evidence
from service.answer.read.entries import Stored
from service.answer.read.value import uniform
from service.records import Hit

_MOST_AMENDED = 3  # documents of the likeliest sentences
_MOST_EVIDENCE = 6
_ARTICLE = rf"第(?P<n>[{NUMERALS}\d]{{1,6}})条"
_AT_LINE = re.compile(rf"(?m)^[ \t　#*]*{_ARTICLE}(?![第的规中])")
ARTICLE = re.compile(rf"{_ARTICLE}")
CHANGES = re.compile(r"修改|改为|修订为|删去|删除|废止|增加")
_REPLACED = re.compile(
    r"[“「\"](?P<old>[^”」\"]{1,60})[”」\"]\s*(?:修改为|修订为|改为)[:：]?\s*[“「\"](?P<new>[^”」\"]{1,60})[”」\"]"
)
WORK = re.compile(r"《(?P<title>[^《》]{2,60})》")

Find = Callable[[str, int], Sequence[Hit]]  # the best hits for a query, at most so many


@dataclass(frozen=True, slots=True)
class Amendment:
    """A sentence that changes an article of a document; `article` is None for all of them.

    `replaced` are the pairs of old and new words that it names.
    """

    document_id: str
    article: int | None
    evidence: Evidence
    replaced: tuple[tuple[str, str], ...]
    date: str


@dataclass(frozen=True, slots=True)
class Amendments:
    """`changes` newest first; `articles` are (start, number) of each article of what they change,
    in order, by the document's id.
    """

    changes: tuple[Amendment, ...] = ()
    articles: Mapping[str, Sequence[tuple[int, int | None]]] = field(default_factory=dict)

    def of(self, evidence: Evidence) -> list[Amendment]:
        """Those of the article that a sentence stands in."""
        document_id = evidence.hit.passage.document_id
        above = [n for start, n in self.articles.get(document_id, ()) if start < evidence.end]
        article = above[-1] if above else None
        return [
            each
            for each in self.changes
            if each.document_id == document_id and each.article in (None, article)
        ]


def find_amendments(evidence: Sequence[Evidence], find: Find, stored: Stored) -> Amendments:
    """The changes of the likely sentences' documents."""
    amended: dict[str, Document] = {}
    for each in evidence[:_MOST_EVIDENCE]:
        document_id = each.hit.passage.document_id
        if document_id not in amended and len(amended) < _MOST_AMENDED:
            amended[document_id] = stored(document_id)[0]
    found: list[Amendment] = []
    articles: dict[str, Sequence[tuple[int, int | None]]] = {}
    for document in amended.values():
        title = document.title.strip("《》 ")
        own = _articles_of(document)
        if not own or not title:
            continue
        hits = {h.passage.document_id: h for h in find(f"关于修改废止《{title}》的决定", 12)}
        for document_id, hit in hits.items():
            if document_id != document.document_id:
                found += _changes(document, hit, stored)
        articles[document.document_id] = own
    newest = sorted(found, key=lambda each: each.date, reverse=True)
    return Amendments(tuple(newest), articles)


def may_be_amended(document: Document) -> bool:
    """Whether it has articles that another document can change."""
    return bool(_articles_of(document)) and bool(document.title.strip("《》 "))


def _articles_of(document: Document) -> list[tuple[int, int | None]]:
    """Where each article of a rule starts, with its number; empty for what is no rule."""
    found = [(match.start(), number_of(match["n"])) for match in _AT_LINE.finditer(document.text)]
    return found if len(found) > 1 else []


def as_amended(value: str, amendments: Sequence[Amendment]) -> str | None:
    """What a value of an article is now; None where that is not told word by word."""
    if any(each.article is None for each in amendments):
        return None
    told = uniform(value)
    for each in reversed(amendments):  # in the order in which they were made
        new = [fresh for old, fresh in each.replaced if uniform(old) == told]
        if len(new) != 1:
            return None
        value, told = new[0], uniform(new[0])
    return value


def _changes(document: Document, hit: Hit, stored: Stored) -> list[Amendment]:
    """The sentences of another document that change this one."""
    other, passages = stored(hit.passage.document_id)
    own = _letters(document.title)
    is_older = bool(document.date and other.date and other.date < document.date)
    if is_older or not passages or _letters(other.title) == own:
        return []
    is_of_it = own in _letters(other.title)
    found: list[Amendment] = []
    for start, end in split_sentences(other.text):
        quote = other.text[start:end]
        works = [_letters(match["title"]) for match in WORK.finditer(quote)]
        if works:
            is_of_it = own in works or (is_of_it and own in _letters(other.title))
        is_whole = own in works and re.search(r"废止", quote) is not None
        if not is_of_it or not CHANGES.search(quote):
            continue
        articles = [number_of(match["n"]) for match in ARTICLE.finditer(quote)]
        if not articles and not is_whole:
            continue
        passage = next((p for p in passages if p.start <= start < p.end), None)
        if passage is None:
            continue
        place = Evidence(replace(hit, passage=passage), start, end, quote, 1.0)
        pairs = tuple((pair["old"], pair["new"]) for pair in _REPLACED.finditer(quote))
        of: Sequence[int | None] = [None] if is_whole and not articles else articles[:1]
        found += [
            Amendment(document.document_id, article, place, pairs, other.date or "")
            for article in of
        ]
    return found


def _letters(title: str) -> str:
    return letters(fold(title))


def number_of(written: str) -> int | None:
    value = value_of(written)
    return None if value is None else int(value)
