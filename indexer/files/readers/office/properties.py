"""Title, date and author that an Office file says of itself, where that can be believed.

Most of what stands in these fields was never written by the author: a template's title, the name
of the computer, the day on which a program was installed. Knows packages, no kind of document.
"""

import re
from dataclasses import dataclass

from indexer.files.metadata import is_organisation, parse_date
from indexer.files.metadata.bylines import tidy_organisation
from indexer.files.readers.office.ooxml import Package
from indexer.text.normalise import fold

_CORE = "core-properties"
_EXTENDED = "extended-properties"
_LONGEST_TITLE = 100
_LONGEST_AUTHOR = 40
_EARLIEST = "1990"
# The stamps in the templates of python-docx and python-pptx, of openpyxl's tests, and of nothing.
_TEMPLATE_STAMPS = ("2013-12-23T23:15:00", "2013-01-27T09:14:16", "2006-09-16T00:00:00")
_NO_TITLE = re.compile(
    r"(microsoft )?(word|excel|powerpoint)\b.*|(powerpoint|幻灯片|ppt) ?(presentation|演示文稿)"
    r"|演示文稿\d*|(文档|工作簿|新建 .*|book|document|presentation|sheet|slide) ?\d*|幻灯片 ?\d+"
    r"|untitled|无标题|.*(模板|template).*|.*\.(docx?|xlsx?|pptx?|wps|et|dps|dotx?)|[\W\d_]*|.*[:：]//.*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(python-docx|openpyxl|xlsxwriter|steve canny|apache poi|kingsoft|dreamsummit|unknown|author"
    r"|administrators?|admin|users?|owner|guest|root|pc|hp|dell|acer|asus|apple|lenovo|thinkpad"
    r"|huawei|mac|china|(microsoft|windows)( office)?( ?(user|用户|corporation))?|微软(用户|中国)"
    r"|作者|用户|wps( ?office| ?用户)?|wps_\d+|未定义|雨林木风|番茄花园|深度(技术|系统)"
    r"|.*\.(com|cn|net)|[\W\d_]*|(desktop|laptop|win)-\w+|.*(用户|user)\d*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Properties:
    """What can be believed; else empty or None. `date` is the day on which it was begun."""

    title: str = ""
    date: str | None = None
    author: str | None = None
    company: str | None = None


def read_properties(package: Package) -> Properties:
    """Of a package without this part nothing is known. Raises as `Package.tree`."""
    part = package.related("", _CORE)
    if part is None:
        return Properties()
    texts: dict[str, str] = {}
    for element in package.tree(part):
        texts.setdefault(element.tag.rpartition("}")[2], (element.text or "").strip())
    title, author = texts.get("title", ""), texts.get("creator", "")
    return Properties(
        title="" if len(title) > _LONGEST_TITLE or _NO_TITLE.fullmatch(title) else title,
        date=_date(texts.get("created", "")),
        author=None if len(author) > _LONGEST_AUTHOR or _NO_AUTHOR.fullmatch(author) else author,
        company=_company(package),
    )


def _company(package: Package) -> str | None:
    """What the program was installed with: of use only where it is a name such as that of a body.

    Raises as `Package.tree`.
    """
    part = package.related("", _EXTENDED)
    if part is None:
        return None
    for element in package.tree(part):
        if element.tag.rpartition("}")[2] == "Company":
            company = tidy_organisation((element.text or "").strip())
            return company if company and is_organisation(company) else None
    return None


def _date(stamp: str) -> str | None:
    if stamp.startswith(_TEMPLATE_STAMPS) or stamp < _EARLIEST:
        return None
    return parse_date(stamp)


def stands_in(title: str, text: str) -> bool:
    """Whether a title is found in a text, however it is spaced there."""
    return bool(title) and _squeeze(title) in _squeeze(text)


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))
