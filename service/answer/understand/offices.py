"""The office whose holder a question asks for: 县长 of 白水县县长是谁. Pure folded text.

Whoever holds another office is no answer, however likely a reader takes the sentence. What is asked
in general words (负责人, 领导, 老师) binds nothing: documents say it in many ways.
"""

import re

from indexer.text.segment import tagged
from service.answer.understand.kinds import is_common

_HAN = "㐀-鿿"
_ANY = (
    r"(?:书记|支书|主席|总理|总统|董事长|经理|总裁|会计|出纳|主编|班主任|主任"
    r"|(?<![队团家])(?<!负责)(?<!船)[院校局县市省镇乡村州部处科所司厅行厂班组社馆店矿站段]长)"
)
_OFFICE = re.compile(f"{_ANY}$")
_HELD_BEFORE = re.compile(f"(?:原|前|曾任|历任)[{_HAN}]{{0,4}}?{_ANY}")
_WHO = (
    r"(?:现在|目前|当时|现任)?(?:的?(?:姓名|名字))?(?:是|叫|姓|为|由)*"
    r"(?:谁|哪一?位|哪个(?!部|单)|何人|什么(?:名字?|人)?|啥名?)"
)
_HELD = re.compile(rf"(?P<office>[{_HAN}]{{2,16}}?){_WHO}(?!时)")
_HOLDS = re.compile(
    rf"(?:谁|哪一?位|何人)(?:现在|目前|曾)?(?:是|担任|任|当|出任)(?:了|过)?(?P<office>[{_HAN}]{{2,16}})"
)
_RANKS = ("副", "第一", "代", "代理", "常务副", "总", "前")
_LEAST_SPACED = 4  # characters of an office that others may stand between: 县委书记, 县的党委书记


def office_asked(folded: str) -> str:
    """The office, with 副 or 第一 before it; "" where the question asks for no holder of one."""
    for pattern in (_HELD, _HOLDS):
        for found in pattern.finditer(folded):
            if office := _last_office(found["office"].rstrip("的")):
                return office
    return ""


def _last_office(phrase: str) -> str:
    words = [word for word, _ in tagged(phrase)]
    told = _OFFICE.search("".join(words[-2:]))  # 村|长 is cut in two
    if told is None:
        return ""
    last = words[-1] if words[-1].endswith(told.group()) else told.group()
    if is_common(last.removesuffix(told.group())):  # 医院院长
        last = told.group()
    rank = words[-2] if len(words) > 1 and words[-2] in _RANKS else ""
    return rank + last


def tells_office(office: str, folded: str) -> bool:
    """Whether a text tells of the office itself: no 副县长 for 县长, 党支部书记 for 支书."""
    gap = f"[{_HAN}]{{0,3}}?" if len(office) >= _LEAST_SPACED or office.endswith("支书") else ""
    signs = gap.join(map(re.escape, office))
    lead = "" if office.startswith("副") else "(?<!副)"
    return re.search(lead + signs, folded) is not None


def tells_another(office: str, folded: str) -> bool:
    """Whether a text tells of an office, but not of this one as held now: of 副县长 or 原县长."""
    is_asked_of_before = _HELD_BEFORE.fullmatch(office) is not None
    is_former = _HELD_BEFORE.search(folded) is not None and not is_asked_of_before
    return re.search(_ANY, folded) is not None and (is_former or not tells_office(office, folded))
