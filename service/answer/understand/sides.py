"""The two sides of 甲的费用比乙的高多少 and of 甲和乙哪个多 多多少, each as a whole question.

The second side borrows what it leaves out from the first: 儿童的 behind 成人单次票 is 儿童单次票.
Pure text. Knows no index.
"""

import re
from dataclasses import dataclass

from indexer.text.segment import tagged
from service.answer.understand.kinds import ending_of

_ADJECTIVES = "便宜|[高低大小长短早晚迟重轻贵快慢厚薄宽窄深浅远近]"
MORE = rf"(?:多(?!少)|(?<!多)少|{_ADJECTIVES}|增加|减少|增长|下降|提高|降低|上升|上涨)"
LESS = re.compile(r"少|低|小|短|轻|便宜|薄|窄|浅|近|下降|减|降")
_HOW_MUCH = r"(?:多少|几(?!乎))"
_THAN = re.compile(
    rf"^(?P<one>[^,]{{2,30}}?)(?<![同环对相占可])比(?![例率重值分较赛])(?P<other>[^,]{{1,24}})(?P<more>{MORE})"
    rf"(?:了|出)?(?:(?=[^,]{{0,8}}{_HOW_MUCH})|(?![^,]*{_HOW_MUCH}))(?P<rest>[^,]*)$"
)
# What 比 measures against and is no thing of its own: it is what stood there before.
BEFORE = re.compile(
    r"比(?P<before>原来|原先|以前|之前|从前|过去|先前|修改前|修订前|调整前|改之前|改前|老办法|旧标准)的?"
)
_WHICH = re.compile(
    rf"(?P<head>.{{2,40}}?)[,]?(?:谁|哪一?[个家所位座县市州村镇乡年边种类项]?)的?(?P<thing>[^,\s]{{0,12}}?)"
    rf"(?P<more>{MORE})[,\s]*(?:{MORE})(?:了|出)?(?P<rest>{_HOW_MUCH}.{{0,6}})$"
)
_AND = re.compile(r"还是|和|与|跟|同|、")
_BARE = re.compile(rf"^(?:多)?{_HOW_MUCH}")
_YEAR = re.compile(r"^(?:(?:19|20)\d\d年(?:度)?|去年|今年|前年|上年|\d{1,2}月份?|[一二三四]季度)")
_NAME_TAGS = ("n", "t", "m", "j", "x", "i", "l", "eng")


@dataclass(frozen=True, slots=True)
class Sides:
    """`names` tell the one side from the other, `asked` is the question of each; `more` is the
    word that says which way, and `is_which` whether it asks which of them as well.
    """

    names: tuple[str, str]
    asked: tuple[str, str]
    more: str
    is_which: bool = False


def sides_of(folded: str) -> Sides | None:
    """The sides of a folded question; None where it compares nothing with a second thing."""
    text = folded.rstrip("?？。!！ ")
    if BEFORE.search(text):
        return None
    if (which := _WHICH.match(text)) is not None:
        return _of_which(which)
    than = _THAN.match(text)
    if than is None:
        return None
    one, other = than["one"], than["other"].removesuffix("更").removesuffix("要")
    rest = than["rest"] if re.search(_HOW_MUCH, than["rest"]) else than["rest"] + "有多少"
    first, second, names = _completed(one, other)
    asks = "是" if _BARE.match(rest) and not re.match(r"[是有]", rest) else ""
    return Sides(names, (f"{first}{asks}{rest}?", f"{second}{asks}{rest}?"), than["more"])


def _of_which(which: re.Match[str]) -> Sides | None:
    """松渡乳业和青棠乳业哪家员工多 多多少."""
    head = which["head"]
    joints = list(_AND.finditer(head))
    if len(joints) != 1:
        return None
    one, other = head[: joints[0].start()], head[joints[0].end() :].removesuffix("相比")
    thing = which["thing"]
    if not thing:  # 甲村和乙村的党员哪个多
        at = other.find("的")
        thing = other[at + 1 :] if at > 0 else ""
        other = other[:at] if at > 0 else other
    if not (one and other and thing):
        return None
    thing = thing.removesuffix("更")
    asked = (f"{one}的{thing}{_many(which)}?", f"{other}的{thing}{_many(which)}?")
    return Sides((one, other), asked, which["more"], is_which=True)


def _many(which: re.Match[str]) -> str:
    return "有" + which["rest"]


def _completed(one: str, other: str) -> tuple[str, str, tuple[str, str]]:
    """Both sides in full, and the names that tell them apart."""
    head, of, noun = one.rpartition("的")
    if other.endswith("的"):
        own = other.removesuffix("的")
        if of:
            return one, f"{own}的{noun}", (head, own)
        start, tail = _parted(one, own)
        prefix, name = start
        return one, f"{prefix}{own}{tail}", (name, own)
    if "的" in other:
        own, _, what = other.partition("的")
        first = one if of else f"{one}的{what}"
        return first, other, (head if of else one, own)
    if of:
        if noun[-1:] == other[-1:]:  # 甲县的养老金比失业金: another measure of the same thing
            return one, f"{head}的{other}", (noun, other)
        return one, f"{other}的{noun}", (head, other)
    start, tail = _led(one, other)
    return one, f"{other}{tail}", (start, other)


def _led(one: str, other: str) -> tuple[str, str]:
    """What of the first side the second stands for, and what it borrows: 芦滩, 护林员每月补助."""
    if (year := _YEAR.match(one)) is not None and _YEAR.fullmatch(other):
        return year.group(), one[year.end() :]
    is_alike = one[-1] == other[-1]
    words = tagged(one)
    is_short = len(tagged(other)) == 1 or (bool(ending_of(other)) and len(other) < 5)
    if is_alike or not is_short or len(words) < 2 or not words[0][1].startswith(_NAME_TAGS):
        return one, ""
    first = words[0][0]
    if ending_of(other) and ending_of(first + words[1][0]) == ending_of(other):
        first += words[1][0]  # 芦滩|县
    return first, one[len(first) :]


def _parted(one: str, own: str) -> tuple[tuple[str, str], str]:
    """((what stands before, what 儿童 stands for), what it borrows) of 游泳馆|成人|单次票."""
    if _YEAR.fullmatch(own) and (year := _YEAR.match(one)) is not None:
        return ("", year.group()), one[year.end() :]
    words = tagged(one)
    tag = tagged(own)[-1][1]
    found = [n for n, (_, own_tag) in enumerate(words[:-1]) if own_tag[:1] == tag[:1]]
    if tag in ("ns", "nr", "nt", "t") or not found:
        at = 0
    else:
        at = found[-1] if len(found) > 1 and len(words) - found[-1] > 1 else found[0]
        # The last word that is no part of the noun itself: 成人 of 游泳馆|成人|单次|票.
        while at > 1 and len(words[at][0]) == 1:
            at -= 1
    spelled = [word for word, _ in words]
    return ("".join(spelled[:at]), spelled[at]), "".join(spelled[at + 1 :])
