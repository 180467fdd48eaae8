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
    r"[比较](?:原来|原先|原|以前|之前|从前|过去|先前|(?:修改|修订|修正|调整|改)(?:之|以)?前|老办法|旧标准)的?"
    r"|(?:修改|修订|修正|调整)(?:的?前后|后)(?=.*(?:多少|几))"
)
_FELL = re.compile(rf"(?P<less>少|低|小|短|轻|便宜|减|降|跌)|(?P<more>{MORE}|加|涨|升)")
_WHICH = re.compile(
    rf"(?P<head>.{{2,40}}?)[,]?(?:谁|哪一?[个家所位座县市州村镇乡年边种类项]?)的?(?P<thing>[^,\s]{{0,12}}?)"
    rf"(?P<more>{MORE})[,\s]*(?:{MORE})(?:了|出)?(?P<rest>{_HOW_MUCH}.{{0,6}})$"
)
_APART = re.compile(
    rf"(?P<head>.{{2,40}}?)(?:之间)?(?:相差|差距?)(?:了|是|有)?(?P<rest>{_HOW_MUCH}.{{0,6}})$"
)
_AND = re.compile(r"还是|和|与|跟|同|、")
_BARE = re.compile(rf"^(?:多)?{_HOW_MUCH}")
_ALONE = re.compile(rf"(?:出|了)?{_HOW_MUCH}")
_PRICED = ("贵", "便宜")
_YEAR = re.compile(r"(?:(?:19|20)\d\d年(?:度)?|去年|今年|前年|上年|\d{1,2}月份?|[一二三四]季度)")
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


def set_apart(folded: str) -> str:
    """The text, as long as it was, with commas for what is no part of a name: 比 and 高."""
    than = _THAN.match(folded.rstrip("?？。!！ "))
    if than is None:
        return folded
    at, more = than.end("one"), than.span("more")
    commas = "," * (more[1] - more[0])
    return f"{folded[:at]},{folded[at + 1 : more[0]]}{commas}{folded[more[1] :]}"


def since_before(folded: str) -> tuple[str, bool | None] | None:
    """What 住宿费比原来贵了多少 asks about, and whether it says that it rose, or None for either.

    None where it asks something else.
    """
    found = BEFORE.search(folded)
    few = re.search(_HOW_MUCH, folded)
    if found is None or few is None or few.start() < found.end():
        return None
    said = _FELL.search(folded, found.end(), few.start())
    end = said.start() if said is not None else few.start()
    thing = folded[: found.start()] or folded[found.end() : end]
    return thing, None if said is None else said["more"] is not None


def sides_of(folded: str) -> Sides | None:
    """The sides of a folded question; None where it compares nothing with a second thing."""
    text = folded.rstrip("?？。!！ ")
    if BEFORE.search(text):
        return None
    for pattern in (_WHICH, _APART):
        if (two := pattern.match(text)) is not None:
            return _of_two(two.groupdict())
    than = _THAN.match(text)
    if than is None:
        return None
    one, other = than["one"], than["other"].removesuffix("更").removesuffix("要")
    if not other.removesuffix("的"):
        return None
    rest = than["rest"] if re.search(_HOW_MUCH, than["rest"]) else than["rest"] + "有多少"
    if than["more"] in _PRICED and _ALONE.fullmatch(rest):
        rest = "多少钱"
    first, second, names = _completed(one, other)
    asks = "是" if _BARE.match(rest) and not re.match(r"[是有]", rest) else ""
    return Sides(names, (f"{first}{asks}{rest}?", f"{second}{asks}{rest}?"), than["more"])


def _of_two(told: dict[str, str]) -> Sides | None:
    """松渡乳业和青棠乳业哪家员工多 多多少, 甲村和乙村的党员相差多少."""
    head, more = told["head"], told.get("more", "")
    joints = list(_AND.finditer(head))
    if len(joints) != 1:
        return None
    one, other = head[: joints[0].start()], head[joints[0].end() :].removesuffix("相比")
    thing = told.get("thing", "").removesuffix("更")
    if not thing:  # 甲村和乙村的党员哪个多
        other, _, thing = other.partition("的")
        kind = other.find(one[-1], 1) + 1  # 东店和西店|卖出的苹果
        if 1 < kind < len(other):
            other, thing = other[:kind], f"{other[kind:]}的{thing}" if thing else other[kind:]
    if not (one and other) or not (thing or more in _PRICED):
        return None
    of, rest = (f"的{thing}", "有" + told["rest"]) if thing else ("", "是多少钱")
    return Sides((one, other), (f"{one}{of}{rest}?", f"{other}{of}{rest}?"), more, bool(more))


def _completed(one: str, other: str) -> tuple[str, str, tuple[str, str]]:
    """Both sides in full, and the names that tell them apart."""
    head, of, noun = one.rpartition("的")
    year, bare = _YEAR.search(one), other.removesuffix("的")
    if year is not None and _YEAR.fullmatch(bare):
        return one, f"{one[: year.start()]}{bare}{one[year.end() :]}", (year.group(), bare)
    if other.endswith("的"):
        own = other.removesuffix("的")
        if of:
            return one, f"{own}的{noun}", (head, own)
        before, name, tail = _parted(one, own)
        return one, f"{before}{own}{tail}", (name, own)
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
    is_alike = one[-1] == other[-1]
    kind = one.find(other[-1], 1) + 1  # 云岚茶|业|员工, 鹤鸣茶业: as far as the kind that both are
    if not is_alike and kind > 1 and len(other) > 2:
        return one[:kind], one[kind:]
    words = tagged(one)
    is_short = len(tagged(other)) == 1 or (bool(ending_of(other)) and len(other) < 5)
    if is_alike or not is_short or len(words) < 2 or not words[0][1].startswith(_NAME_TAGS):
        return one, ""
    first = words[0][0]
    if ending_of(other) and ending_of(first + words[1][0]) == ending_of(other):
        first += words[1][0]  # 芦滩|县
    return first, one[len(first) :]


def _parted(one: str, own: str) -> tuple[str, str, str]:
    """(what stands before, what 儿童 stands for, what it borrows) of 游泳馆|成人|单次票."""
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
    return "".join(spelled[:at]), spelled[at], "".join(spelled[at + 1 :])
