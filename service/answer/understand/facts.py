"""Which fact of a document itself a question asks for: when it was issued, by whom, its number.

Pure text: knows no documents. 防汛通知是哪天发的 asks for one; 补贴什么时候发 asks for none, as it
names no document.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from indexer.text.segment import tagged
from service.answer.understand.question import Question


class FactKind(StrEnum):
    DATE = "date"
    ISSUER = "issuer"
    AUTHOR = "author"
    NUMBER = "number"
    TITLE = "title"


NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}\s?[〔\[(（【［]\s?(?:19|20)\d\d\s?[〕\])）】］]\s?第?\s?\d{1,5}\s?号"
)
# As a question may say it, too: 松水发2020年31号.
_NUMBER_SAID = re.compile(
    r"[\u4e00-\u9fff]{1,12}\s?[〔\[(（【［]?\s?(?:19|20)\d\d\s?[〕\])）】］年]\s?第?\s?\d{1,5}\s?号文?"
)
_ISSUED = (
    r"(?:印发|下发|签发|发布|颁布|公布|出台|发出|发文|发表|成文|刊登|发的|发出来|制定|作出|做出|"
    r"签署|印制|发)"
)
_MADE = r"(?:印|签|作|做|定|订|出|写|下|贴|拟|立)(?:出来)?的"  # of a document alone: 检查是谁做的
_WHEN = (
    r"(?:哪一?个?[天日年月](?:的?(?:哪|几)一?个?[月日天号])*|什么时[候间]|何时|几月份?几?[日号]?|几[日号]|"
    r"啥时候?|[什啥]么?日[子期]|哪一?个日子)"
)
_WHICH_BODY = (
    r"(?:谁家?|哪一?(?:个|家)?(?:单位|部门|机关|机构|局|委员会|政府|公司|科室)|哪[里儿]|哪一?家|"
    r"[什啥]么?(?:单位|部门|机关|机构))"
)
_NUMBER_ASKED = (
    r"的?(?:发文)?(?:文号|字号|文件号)(?:是|为)?(?:多少|什么|几号|啥)?|"
    r"(?:是|发的)*(?:几|多少)号文件?"
)
_AUTHOR_ASKED = (
    r"的?(?:作者|撰稿人|撰写人|执笔人)(?:是|为)?(?:谁|哪位|什么人)?|(?:是|由)?谁(?:撰写|写|执笔)的?"
)
_IS_WHICH_BODY = rf"(?:是|为|写|盖|的)*(?:{_WHICH_BODY}|什么|啥|哪一?个)?"
_BODY_ASKED = (
    rf"的?(?:发文|发布|发出|印发|制定|颁布)的?(?:单位|机关|机构|部门){_IS_WHICH_BODY}|"
    rf"(?:上|里)?的?最?后?面?的?(?:落款|署名)的?(?:单位|机关|机构|部门|人|处|那里)?{_IS_WHICH_BODY}|"
    rf"(?:上|里)?(?:是|由)*{_WHICH_BODY}(?:盖的?章|落的?款|署的?名)的?|"
    rf"(?:上|里)?盖的?(?:是|了)?{_WHICH_BODY}的章"
)
_END = r"[?？。!呀啊呢]*$"
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (FactKind.NUMBER, _NUMBER_ASKED),
        (FactKind.DATE, rf"(?:是|在|于)?{_WHEN}{_ISSUED}(?:的|了)?"),
        (FactKind.DATE, rf"的?{_ISSUED}的?(?:日期|时间|日子)?(?:是|在|于|为)?{_WHEN}的?"),
        (FactKind.DATE, rf"的?{_ISSUED}的?(?:日期|时间)(?:是|为)?(?:什么|多少|几号)?[?]?$"),
        (
            FactKind.DATE,
            rf"的?(?:落款|署名)的?(?:日期|时间|日子)(?:是|写|在|为|的)*(?:{_WHEN}|什么|多少)?的?{_END}",
        ),
        (FactKind.AUTHOR, _AUTHOR_ASKED),
        (FactKind.ISSUER, rf"(?:是|由)*{_WHICH_BODY}{_ISSUED}的?"),
        (FactKind.ISSUER, _BODY_ASKED),
    )
)
# What is asked of the thing right before it, which must be a document: 会议纪要是哪天的 asks for
# its day, 会议纪要里的检查是哪天的 does not.
_OF_DOCUMENT = tuple(
    (kind, re.compile(pattern + _END))
    for kind, pattern in (
        (FactKind.DATE, rf"(?:是|在|于)?{_WHEN}(?:{_MADE}|的)"),
        (FactKind.DATE, rf"(?:上)?的?(?:日期|时间)(?:是|写|在|为|的)*(?:{_WHEN}|什么|多少)"),
        (FactKind.ISSUER, rf"(?:是|由)*{_WHICH_BODY}(?:{_MADE}|的)"),
    )
)
# The words with which a question asks what a document is about, and nothing else.
_ABOUT = re.compile(
    r"请问|我想知道|查一?下|发?文号|字号|编号|标题|题目|主题|名称|名字|内容|主要|关于|有关|针对|涉及|"
    r"[说讲谈写叫指管对应规定部署通知公告意见决定办法文件公文]|事情?|方面|问题|"
    r"什么|啥|哪|[这那一个份件篇些样]|[是为的了在有里吗呢就被所]|[?？。,]|"
    r"\b(?:what|which|is|was|the|title|subject|of|about|document|notice|does|say|no\.?|number)\b"
)
_ASKS_ABOUT = re.compile(
    r"什么|啥|哪|标题|题目|主题|名称|内容|\bwhat\b|\bwhich\b|\b(?:title|subject)\b"
)
_ENGLISH = (
    (FactKind.DATE, re.compile(r"\bwhen (?:was|were) (?P<of>.+?) (?:issued|published|released)\b")),
    (FactKind.ISSUER, re.compile(r"\bwho (?:issued|published|released) (?P<of>.+?)(?:[?]|$)")),
    (FactKind.AUTHOR, re.compile(r"\bwho (?:wrote|is the author of) (?P<of>.+?)(?:[?]|$)")),
)
DOCUMENT = re.compile(
    r"通知|公告|通告|通报|办法|条例|规定|决定|决议|意见|方案|报告|公报|纪要|函|制度|细则|简报|文件|文章|新闻|报道|"
    r"消息|启事|声明|规划|计划|手册|指南|总结|批复|请示|倡议书|公示|章程|守则|规则|规程|预案|公开信|"
    r"规范|合同|协议|公约|清单|名单|证明|聘书|通讯稿?|[年月周]报|"
    r"\b(?:notice|report|rules?|policy|plan|announcement|article|minutes|regulations?|circular)\b"
)
_ENDS_DOCUMENT = re.compile(rf"(?:{DOCUMENT.pattern})(?:[》”\"']|上面?|里面?)?$")
_WORK = re.compile(r"《(?P<title>[^《》]{2,60})》")
FRAME = re.compile(
    r"请问|我想知道|那[份个]|这[份个]|(?:上|里)?面?最?后面?$|关于|[《》“”\"?。,的]|\b(?:the|an?)\b"
)


@dataclass(frozen=True, slots=True)
class FactAsked:
    """`subject` names the document, folded, without spaces; `words` are its telling words.

    For a title the subject is the number that the document bears.
    """

    kind: FactKind
    subject: str
    words: tuple[str, ...]


def fact_asked(question: Question) -> FactAsked | None:
    """The fact that is asked for; None where no document is named."""
    folded = question.folded
    number = _NUMBER_SAID.search(folded)
    if number is not None:
        rest = folded[: number.start()] + " " + folded[number.end() :]
        if _ASKS_ABOUT.search(rest) and not _ABOUT.sub("", rest).strip():
            return FactAsked(FactKind.TITLE, bare_number(number.group()), ())
    for kind, pattern in (*_PATTERNS, *_ENGLISH, *_OF_DOCUMENT):
        asking = pattern.search(folded)
        if asking is None:
            continue
        of = asking.groupdict().get("of") or folded[: asking.start()] + folded[asking.end() :]
        if (kind, pattern) in _OF_DOCUMENT and not _ENDS_DOCUMENT.search(of):
            continue
        if not DOCUMENT.search(of):
            return None
        if (work := _WORK.search(of)) is not None:
            of = work["title"]
        words = tuple(
            word for word, _ in tagged(FRAME.sub(" ", of)) if len(word) > 1 and word.isalnum()
        )
        subject = "".join(FRAME.sub("", of).split())
        is_telling = any(not DOCUMENT.fullmatch(word) for word in words)
        return FactAsked(kind, subject, words) if is_telling else None
    return None


def bare_number(written: str) -> str:
    """A document's number without spaces, its brackets of one kind: 松水发〔2020〕31号."""
    return re.sub(
        r"[〔\[(（【［]?((?:19|20)\d\d)[〕\])）】］年]第?(\d+)号文?$",
        r"〔\1〕\2号",
        "".join(written.split()),
    )
