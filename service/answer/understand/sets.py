"""Follow-ups about what the last answers gave as a whole: 其中最大的, 加起来呢, 第二个, 还有吗.

Each becomes a question in the words of the earlier ones. Computes nothing. Knows no index.
"""

import re
from collections.abc import Sequence

from service.answer.understand.entities import NOUN_TAGS
from service.answer.understand.kinds import AnswerType
from service.answer.understand.question_word import first_asking
from service.answer.understand.slots import asked_property, is_property
from service.answer.understand.times import with_time, without_time
from service.answer.understand.utterance import Said

_MORE = re.compile(
    r"^(?:那么?|那么,|嗯,?)?(?:(?:还有没有|还有|没有|有没有|有)?(?:其他|其它|别的|另外|更多|剩下|其余)的?"
    r"(?:了|哪些|什么|呢|吗|么|的)*|(?:还有)(?:呢|吗|么|没有|没|哪些|什么|谁|几个)?(?:呢|吗)?|"
    r"就(?:这些|这几个|这么多)了?(?:吗|么)?|没(?:有|了)(?:吗|么)?|除此之外呢?|(?:接着|继续)说?)\s*[?。!]*$|"
    r"^(?:and |is there |are there )?(?:anything|any|what|who|which)?\s?(?:else|others?|more)\??$|"
    r"^is that all\??$"
)
_OF_THEM = (
    r"^(?:那么?|那)?,?(?P<of>其中|(?:在)?这(?:些|几[个项家人位]|里面)?[项目人家县村]?(?:当中|之中|里面|里|中)?|"
    r"(?:[它他她]们)(?:当中|之中|里面|里|中)?|里面|当中|之中)?[,的里]?"
)
_MOST = re.compile(
    _OF_THEM + r"(?P<rest>[㐀-鿿]{0,8}?得?(?:最|第[二三](?=[大高多长小低少]))[㐀-鿿]{1,6}?"
    r"(?:的|是|,)*(?:是|有)?(?:哪|谁|什么|多少)?.{0,6})$"
)
_MOST_ALONE = re.compile(
    r"^(?:那么?)?[㐀-鿿]{0,5}得?(?:最|第[二三])[㐀-鿿]{1,2}的?是?(?:哪一?[个项家]|谁|什么|多少)?[?。]*$"
)
_TOTAL = re.compile(
    _OF_THEM + r"(?P<op>一共|总共|共计|总计|合计|合起来|加起来|加在一起|加一起|总和|总数|总的|"
    r"平均(?:数|值|下来)?|平均每[个项月年人家])"
    r"(?P<rest>.{0,16}?)(?:呢)?[?。!\s]*$"
)
_COUNT = re.compile(
    _OF_THEM + r"(?:一共|总共|共)?(?:有)?(?:几|多少)[个项家人名位种条座所处]?[?。!\s]*$"
)
_COMPARED = re.compile(
    r"^(?:那么?)?(?:这?(?:两个?|二)[者个年月]?,?)?(?P<which>哪一?[个家月年边种所][㐀-鿿]{0,2}?|谁)的?(?:更|比较|最)?(?P<more>[多少高低大小贵长短早晚])(?:些|一些|一点)?[?。!\s]*$"
)
_APART = re.compile(
    r"^(?:那么?)?(?:这?两[者个年月])?(?:相差|差了?|差距是?|相差了?)(?:了)?(?:多少|几).{0,4}[?。!\s]*$"
)
_NTH = re.compile(
    r"^(?:那么?|那)?(?P<n>(?:第(?P<count>[一二三四五六七八九十]|\d{1,2})|(?P<last>最后一?))(?:[个项家位名条种座所处](?!人)|个人))"
    r"(?:[项工]?[目程])?(?P<rest>.*)$"
)
_NUMERALS = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)}
_MOST_UNITED = 6
_LONGEST_MEASURE = 8


def asks_for_more(question: Said) -> bool:
    """Whether it asks for what the last answer left out, and for nothing else: 还有别的吗?"""
    return bool(_MORE.search(question.folded))


def for_more(previous: Said) -> str:
    """The last question for all that there is: 得过什么奖 becomes 得过哪些奖."""
    if previous.asked.asks in (AnswerType.OTHER, AnswerType.ORGANISATION):
        asking = first_asking(previous.spelled)
        if asking is not None and (asking["what"] or asking["which"]):
            return previous.text[: asking.start()] + "哪些" + previous.text[asking.end() :]
    return previous.text


def over_all(question: Said, chain: Sequence[str], answer: Said | None) -> str | None:
    """The question about the set that the last answers gave, in whole words; None of another kind.

    `chain` are the whole questions since the subject last changed, the oldest first.
    """
    previous = Said.of(chain[-1])
    if (nth := _of_the_nth(question, previous, answer)) is not None:
        return nth
    if not re.search(r"[㐀-鿿]", previous.folded):
        return None
    listed = _last_listed(chain)
    most, total = _MOST.search(question.folded), _TOTAL.search(question.folded)
    count = _COUNT.search(question.folded)
    if listed and most is not None and (most["of"] or _MOST_ALONE.search(question.folded)):
        return f"{listed}中{question.text[most.start('rest') :]}"
    if total is not None:
        rest = question.text[total.start("rest") : total.end("rest")]
        if listed and (total["of"] or not _names_a_thing(Said.of(rest))):
            return f"{listed}{_op(total['op'])}{rest or '是多少'}？"
        return _inserted(_op(total["op"]), _united(chain)) if not rest else None
    if listed and count is not None:
        return f"{listed}{question.text[count.end('of') :] if count['of'] else question.text}"
    if len(chain) > 1 and (compared := _COMPARED.search(question.folded)) is not None:
        return _which(_united(chain), compared["which"], compared["more"])
    if len(chain) > 1 and _APART.search(question.folded):
        return _inserted("相差", _united(chain))
    return None


def _last_listed(chain: Sequence[str]) -> str:
    """What was asked to be listed last, of the time that was asked about since."""
    listed = next((found for text in reversed(chain) if (found := _listed(Said.of(text)))), "")
    since, told = Said.of(chain[-1]), Said.of(listed)
    time, _ = without_time(since.text, since.folded)
    if not listed or not time or without_time(told.text, told.folded)[0] == time:
        return listed
    return with_time(time, Said.of(time).folded, told.text, told.folded)


def _names_a_thing(said: Said) -> bool:
    """Whether it has a subject of its own: 一共有多少人参加长跑比赛."""
    nouns = [word for word in said.words if word.tag in NOUN_TAGS and len(word.text) > 1]
    things = [word for word in nouns if not is_property(word.text)]
    return bool(said.entities) or (len(said.text) > _LONGEST_MEASURE and bool(things))


def _op(op: str) -> str:
    return "平均" if op.startswith("平均") else "一共"


# -- what a question asks to list ----------------------------------------------------------------

_HAS = re.compile(r"(?:都|又|先后|共|一共|总共|主要|分别)*(?:有|是|包括|包含|分为|为)?$")
_SUMMED = re.compile(r"(?P<set>^.{4,40}?)(?:中|里)?(?:一共|总共|平均|[^,]{0,8}最)")


def _listed(said: Said) -> str:
    """What a question asks to list, as a noun: 甲站完成的工程 of 甲站完成了哪些工程; or ""."""
    if asked_property(said) is not None and said.asked.asks is AnswerType.NUMBER:
        return ""
    if said.asked.asks is AnswerType.NUMBER or said.asked.start < 0:
        summed = _SUMMED.match(said.text)
        return summed["set"] if summed and "的" in summed["set"] else ""
    asking = first_asking(said.spelled)
    if asking is None or not (said.asked.asks is AnswerType.LIST or asking["which"]):
        return ""
    before, behind = (
        said.text[: asking.start()],
        re.sub(r"[?？。！!\s]+$", "", said.text[asking.end() :]),
    )
    summed = _SUMMED.match(before)
    if summed is not None and re.search(r"最", before):
        return summed["set"]
    head = ""
    for word in said.words:
        if word.start < asking.end() or (head and word.tag not in NOUN_TAGS and word.tag != "vn"):
            if head:
                break
            continue
        if word.tag not in NOUN_TAGS and word.tag not in ("vn", "v"):
            break
        head += said.text[word.start : word.end]
    done = behind[len(head) :] if behind.startswith(head) else ""
    if not head:
        return _HAS.sub("", before).removesuffix("的") if _HAS.sub("", before) != before else ""
    told = re.sub(r"(?:了|过)$", "", _HAS.sub("", before))
    if done:
        return f"{told}{done}的{head}"
    return f"{told.removesuffix('的')}的{head}" if told else head


# -- several questions of one form ---------------------------------------------------------------


def _united(chain: Sequence[str]) -> Said:
    """The last questions as one, what differs joined: 三月和四月白茶卖了多少斤?"""
    texts = [chain[-1]]
    span: tuple[int, int] | None = None
    for earlier in reversed(chain[-_MOST_UNITED:-1]):
        cut = _difference(earlier, chain[-1])
        if cut is None or (span is not None and cut != span):
            break
        span = cut
        texts.insert(0, earlier)
    if span is None:
        return Said.of(chain[-1])
    left, right = span
    parts = list(dict.fromkeys(text[left : len(text) - right] for text in texts))
    is_time = {bool(without_time(part, Said.of(part).folded)[0]) for part in parts}
    if any("的" in part for part in parts) or len(is_time) > 1:  # more than one thing differs
        return Said.of(chain[-1])
    said = "、".join(parts[:-1]) + ("和" if len(parts) > 1 else "") + parts[-1]
    return Said.of(chain[-1][:left] + said + chain[-1][len(chain[-1]) - right :])


def _difference(one: str, other: str) -> tuple[int, int] | None:
    """How many characters two questions share at their beginning and end, whole words each."""
    if one == other:
        return None
    ends = [_cuts(text) for text in (one, other)]
    least = min(len(one), len(other))
    left = max(n for n in range(least + 1) if one[:n] == other[:n] and all(n in e for e in ends))
    right = max(
        n
        for n in range(least - left + 1)
        if one[len(one) - n :] == other[len(other) - n :]
        and len(one) - n in ends[0]
        and len(other) - n in ends[1]
    )
    is_part = left + right >= 4 and len(one) > left + right and len(other) > left + right
    return (left, right) if is_part else None


def _cuts(text: str) -> set[int]:
    """Where a question may be cut: between words, and in no name."""
    said = Said.of(text)
    inside = {at for name in said.entities for at in range(name.start + 1, name.end)}
    return {0, *(word.end for word in said.words)} - inside


def _verb_before(said: Said) -> tuple[int, int]:
    """Where the verb of the asking word stands; the asking word's place twice without one."""
    start = said.asked.start if said.asked.start >= 0 else len(said.text.rstrip("？?"))
    before = [word for word in said.words if word.end <= start]
    while before and before[-1].tag in ("ul", "uz", "ug", "uj"):
        before = before[:-1]
    if before and before[-1].tag.startswith("v"):
        first = before[-1].start
        if len(before) > 1 and before[-2].tag == "v":
            first = before[-2].start
        return first, before[-1].end
    return start, start


def _inserted(op: str, said: Said) -> str:
    """卖了多少 as 一共卖了多少; what asks of a property gets its 是: 销量一共是多少."""
    if op in said.text:
        return said.text
    asked_of = asked_property(said)
    if asked_of is not None:
        return said.text[: asked_of.end] + op + said.text[asked_of.end :]
    start, end = _verb_before(said)
    if op == "相差" and start < end:
        asked = said.asked.start
        return f"{said.text[:asked].removesuffix('了')}的{op}{said.text[asked:]}"
    return said.text[:start] + op + said.text[start:]


def _which(said: Said, which: str, more: str) -> str:
    """三月和四月白茶哪个卖得多?"""
    asked = asked_property(said)
    if asked is not None:
        return f"{said.text[: asked.end]}{which}{more}？"
    start, end = _verb_before(said)
    verb = said.text[start:end]
    return f"{said.text[:start]}{which}{verb + '得' if verb else ''}{more}？"


# -- one of those that an answer lists -----------------------------------------------------------

_ENUMERATION = re.compile(
    r"(?:有|是|为|包括|如下)?[:：]|(?:分别|包括|有|是|为)(?=[^,，。]{2,30}[、；;])"
)


def items_of(answer: Said) -> list[str]:
    """The things that an answer lists, without what it says of each; fewer than two are none."""
    text = re.split(r"\[\d+\]|。", answer.text)[0]
    lead = _ENUMERATION.search(text)
    listed = text[lead.end() :] if lead else text
    parts = re.split(r"[；;]", listed)
    if len(parts) < 2:
        parts = re.split(r"、|和(?=[^和、]+$)", listed)
    found = [re.split(r"[，,（(：:]", part.strip())[0].strip("。 ") for part in parts]
    is_list = len(found) > 1 and all(0 < len(item) <= 24 for item in found) and "|" not in text
    return found if is_list else []


def _of_the_nth(question: Said, previous: Said, answer: Said | None) -> str | None:
    nth = _NTH.search(question.folded)
    if nth is None or answer is None or re.search(r"第[一二三四五六七八九十\d]", previous.folded):
        return None
    items = items_of(answer)
    n = len(items) if nth["last"] else _NUMERALS.get(nth["count"]) or int(nth["count"] or 0)
    if not 1 <= n <= len(items):
        return None
    rest = re.sub(r"^(?:的|呢|是|，|,)+", "", question.text[nth.start("rest") :]).strip("？?。 ")
    item, listed = items[n - 1], _listed(previous)
    whole = f"{listed}中{item}" if listed else item
    if not rest or rest in ("什么", "哪个", "谁", "怎么样", "多少"):
        return f"{whole}{'是多少' if rest == '多少' else '的情况'}？" if rest else f"{whole}？"
    return f"{whole}{rest}？"
