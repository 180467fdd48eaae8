"""Lines in a page's margin that identify the document: its number, who issued it, whom to call.

A running head or foot says again and again what a reader knows, or counts the pages; a letterhead
and what stands at the foot of a notice say what stands nowhere else. Knows lines of text alone, not
where in a file its margins are.
"""

import re
from collections.abc import Iterable

from indexer.files.furniture import is_footer, words_of
from indexer.files.metadata.bylines import is_organisation
from indexer.text.normalise import fold

_LONGEST = 160

_COUNT = r"[\d一二三四五六七八九十百]*"
_PAGE_NUMBER = re.compile(  # 水〔2021〕7号, 字第1100012345号, 第12期
    rf"第\s*{_COUNT}\s*[页頁](?:[\s,，、/|]*[共总總]\s*{_COUNT}\s*[页頁])?|[共总總]\s*{_COUNT}\s*[页頁]"
    r"|(?:页码|頁碼|页次|頁次)\s*[:：]?\s*(?:\d+(?:\s*/\s*\d+)?|$)"
    r"|\bpage\s*\d+(?:\s*(?:of|/)\s*\d+)?|\bpage\s+of\s*$"
    r"|(?:^|\s)[-–—]\s*\d{1,4}\s*[-–—](?=\s|$)",
    re.IGNORECASE,
)
# Over folded text: simplified, half width.
_NUMBER = re.compile(  # 水〔2021〕7号, 字第1100012345号, 第12期
    r"[\u3400-\u9fff]\s*[〔\[(【〈]\s*(?:19|20)\d\d\s*年?\s*[〕\])】〉]\s*第?\s*\d{1,5}\s*号"
    r"|字第\s*[\da-z-]{2,16}\s*号|(?:19|20)\d\d年\s*第\s*\d{1,4}\s*[号期]|第\s*\d{1,4}\s*期"
)
_LABEL = re.compile(
    r"(?:^|[\s|;,、(】])(?!第|共|页|打印|文件名|路径|网址)[\u3400-\u9fff](?:\s?[\u3400-\u9fff]){1,7}"
    r"(?:\([^()]{1,8}\))?\s*:\s*[^\s:]"
    r"|(?:编号|文号|字号|版本|版次|修订|日期|密级|签发|批准|审核|编制|联系人|电话)\s*[|]\s*[^\s|]"
    r"|(?:电话|手机|传真|热线|\btel|\bfax)\s*[+(]?\d"
    r"|\b(?:ref(?:erence)?|(?:doc(?:ument)?|file)\s*(?:no|number|id)|no|contact|tel(?:ephone)?|phone"
    r"|fax|e-?mail|version|rev(?:ision)?|issued\s+by|prepared\s+by|attn|cc)\b\.?\s*:\s*\S"
)
_ISSUED = re.compile(r"印发$|印发\s*[(共]|^(?:绝密|机密|秘密|特急|加急)(?:[★☆\s]|$)")
_PRINTED = re.compile(r"\d{1,4}/\d{1,2}/\d{1,4},?\s*(?:上午|下午)?\s*\d{1,2}:\d\d")  # by a browser
_OF_AN_ISSUER = re.compile(r"(.{3,40}?)\s*(?:文件|公文|(?:红头)?函|公报|通报|简报|用笺|公用笺)$")
_SPACE = re.compile(r"\s+")
_LATIN_GAP = re.compile(r"(?<=[A-Za-z.,&])\s+(?=[A-Za-z&])")
_HAN_WORD = re.compile(r"(?<!\S)[\u3400-\u9fff]{4,40}(?!\S)")


def without_page_number(text: str) -> str:
    """The line without what counts the pages: 编号：QP-07　第3页 共5页 is 编号：QP-07."""
    return _PAGE_NUMBER.sub(" ", text).strip(" \t\u3000|/·—–-")


def identifies(text: str) -> bool:
    """Whether a line of a margin says of the document what its text need not say again."""
    line = without_page_number(text)
    words = words_of(line)
    if not line or len(line) > _LONGEST or is_footer(words):
        return False
    folded = fold(line).lower()
    if _PRINTED.match(folded):
        return False
    return bool(
        _NUMBER.search(folded)
        or _LABEL.search(folded)
        or _ISSUED.search(folded)
        or find_issuer([line])
    )


def find_issuer(lines: Iterable[str]) -> str | None:
    """The body whose letterhead it is: 某县水务局 of 某县水务局文件, or its name alone."""
    names = (name for line in lines for name in _names(line))
    # A monthly report ends as a newspaper does: 某县帮扶月报.
    return next((n for n in names if is_organisation(n) and n[-1] not in "报報"), None)


def _names(line: str) -> list[str]:
    """What may be the name of a body: the line or a part of it, spaced out or not."""
    parts = [part for part in re.split(r"\u3000|\t|\s{2,}|[|｜]", line) if part.strip()]
    # A letterhead is spaced out: 某 县 水 务 局.
    joined = [
        part.strip() if _LATIN_GAP.search(part) else _SPACE.sub("", part)
        for part in (*parts, "".join(parts))
    ]
    joined += _HAN_WORD.findall(line)
    return [match[1] if (match := _OF_AN_ISSUER.fullmatch(each)) else each for each in joined]
