"""What a page says of itself in its markup: metas, JSON-LD, <time>, the comment of a saved page.

Knows the names that government, university and news sites and browsers use; judges no text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from indexer.files.metadata.bylines import is_organisation, is_person, tidy_organisation
from indexer.files.readers.tables import tidy

# Lower case, best first. Names with and without a prefix: DC.date, article:published_time.
_DATES = (
    *("article:published_time", "og:article:published_time", "pubdate", "publishdate"),
    *("publish_date", "publishtime", "publish-date", "datepublished", "weibo:article:create_at"),
    *("dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "date", "firstpublishedtime"),
)
_TITLES = ("og:title", "articletitle", "dc.title")
_AUTHORS = ("author", "article:author", "og:article:author", "dc.creator", "keyauthor")
# Where the text came from, and whose site it stands on.
_SOURCES = (
    "contentsource",
    "source",
    "mediaid",
    "copyrightholder",
    "dc.source",
    "og:article:source",
)
_SITES = ("dc.publisher", "dcterms.publisher", "publisher", "og:site_name", "sitename")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]+)\s*-->", re.IGNORECASE)
_SAVED_FROM_CHARS = 4096
_LONGEST_LD = 200_000
_MOST_LD_NODES = 500
_ARTICLE = re.compile(r"(?:News|Blog|Report|Scholarly|Tech)?Article\w*|\w*Posting|WebPage")


@dataclass(frozen=True, slots=True)
class Head:
    """`source` is the body that the text is from, `site` the one whose site it stands on."""

    title: str = ""
    date: str = ""
    author: str | None = None
    source: str | None = None
    site: str | None = None
    url: str | None = None


def read_head(root: Any, html: str) -> Head:
    """`root` is the parsed page of `html`."""
    meta = _metas(root)
    article = _Article.of(root)
    titles = [tidy(element.text_content()) for element in root.iter("title")]
    times = [element.get("datetime") for element in root.iter("time") if element.get("datetime")]
    author = _first(meta, _AUTHORS) or article.author
    body = author if is_organisation(author) and not is_person(author) else ""
    return Head(
        title=_first(meta, _TITLES) or (titles[0] if titles else "") or article.title,
        date=_first(meta, _DATES) or article.date or (times[0] if times else ""),
        author=None if body else author or None,
        source=_body(_first(meta, _SOURCES)),
        site=_body(body) or _body(article.publisher) or _body(_first(meta, _SITES)),
        url=_url(root, meta, html, article),
    )


def _metas(root: Any) -> dict[str, str]:
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        names = (element.get("property"), element.get("name"), element.get("itemprop"))
        name = next((each for each in names if each), "").strip().lower()
        content = (element.get("content") or "").strip()
        if name and content:
            meta.setdefault(name, content)
    return meta


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next((meta[name] for name in names if name in meta), "")


def _body(value: str) -> str | None:
    return tidy_organisation(tidy(value)) if value.strip() else None


def _url(root: Any, meta: dict[str, str], html: str, article: "_Article") -> str | None:
    """Its own word for its address before where a browser saved it from."""
    canonical = [
        element.get("href") or ""
        for element in root.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    saved = _SAVED_FROM.search(html, 0, _SAVED_FROM_CHARS)
    told = (*canonical, meta.get("og:url", ""), saved[1] if saved else "", article.url)
    return next((url for url in map(str.strip, told) if _is_address(url)), None)


def _is_address(url: str) -> bool:
    return bool(re.match(r"https?://[^\s/]", url)) and not re.search(r"\s", url)


# -- JSON-LD --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Article:
    """What the page's JSON-LD says of its article; empty where it says nothing."""

    title: str = ""
    date: str = ""
    author: str = ""
    publisher: str = ""
    url: str = ""

    @classmethod
    def of(cls, root: Any) -> "_Article":
        for script in root.iter("script"):
            text = script.text or ""
            if "ld+json" not in (script.get("type") or "") or len(text) > _LONGEST_LD:
                continue
            try:
                node = next(_articles(json.loads(text)), None)
            except (ValueError, RecursionError):
                continue  # not JSON, or a trap
            if node is not None:
                return cls(
                    title=_words(node.get("headline")),
                    date=_words(node.get("datePublished")),
                    author=_words(node.get("author")),
                    publisher=_words(node.get("publisher")),
                    url=_words(node.get("url")),
                )
        return cls()


def _articles(value: object) -> Iterator[dict[str, object]]:
    """The nodes that are articles, an outer one first."""
    waiting, seen = [value], 0
    while waiting and seen < _MOST_LD_NODES:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            kind = node.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(each, str) and _ARTICLE.fullmatch(each) for each in kinds):
                yield node
            waiting.extend(each for each in node.values() if isinstance(each, list | dict))


def _words(value: object) -> str:
    """A text, or the name of a thing; of several the first persons or bodies joined."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        return "、".join(filter(None, map(_words, value[:5])))
    return tidy(value) if isinstance(value, str) else ""
