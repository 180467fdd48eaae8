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
_ISSUED = r"(?:印发|下发|签发|发布|颁布|公布|出台|发出|发文|发表|成文|刊登|发的|发出来|制定|发)"
_WHEN = r"(?:哪一?[天日年月]|什么时[候间]|何时|几月几[日号]|哪年哪月|啥时候?|什么日子|哪一年)"
_WHICH_BODY = (
    r"(?:谁|哪一?(?:个|家)?(?:单位|部门|机关|机构|局|委员会|政府|公司)|什么(?:单位|部门|机关|机构))"
)
_NUMBER_ASKED = r"的?(?:发文)?(?:文号|字号|文件号)(?:是|为)?(?:多少|什么|几号|啥)?"
_AUTHOR_ASKED = (
    r"的?(?:作者|撰稿人|撰写人|执笔人)(?:是|为)?(?:谁|哪位|什么人)?|(?:是|由)?谁(?:撰写|写|执笔)的?"
)
_BODY_ASKED = (
    r"的?(?:发文|发布|印发|制定|颁布)(?:单位|机关|机构|部门)(?:是|为)?"
    rf"(?:{_WHICH_BODY}|什么|哪里)?"
)
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (FactKind.NUMBER, _NUMBER_ASKED),
        (FactKind.DATE, rf"(?:是|在|于)?{_WHEN}{_ISSUED}(?:的|了)?"),
        (FactKind.DATE, rf"的?{_ISSUED}的?(?:日期|时间|日子)?(?:是|在|于|为)?{_WHEN}的?"),
        (FactKind.DATE, rf"的?{_ISSUED}的?(?:日期|时间)(?:是|为)?(?:什么|多少|几号)?[?]?$"),
        (FactKind.AUTHOR, _AUTHOR_ASKED),
        (FactKind.ISSUER, rf"(?:是|由)*{_WHICH_BODY}{_ISSUED}的?"),
        (FactKind.ISSUER, _BODY_ASKED),
    )
)
_TITLE_ASKED = re.compile(
    r"(?:是|指)?(?:什么|哪一?[个份])(?:文件|通知|文|公文|办法|规定)|的?(?:标题|题目)(?:是什么)?"
)
_ENGLISH = (
    (FactKind.DATE, re.compile(r"\bwhen (?:was|were) (?P<of>.+?) (?:issued|published|released)\b")),
    (FactKind.ISSUER, re.compile(r"\bwho (?:issued|published|released) (?P<of>.+?)(?:[?]|$)")),
    (FactKind.AUTHOR, re.compile(r"\bwho (?:wrote|is the author of) (?P<of>.+?)(?:[?]|$)")),
)
DOCUMENT = re.compile(
    r"通知|公告|通告|通报|办法|条例|规定|决定|决议|意见|方案|报告|公报|纪要|函|制度|细则|简报|文件|文章|新闻|报道|"
    r"消息|启事|声明|规划|计划|手册|指南|总结|批复|请示|倡议书|公示|章程|守则|规程|预案|公开信|"
    r"\b(?:notice|report|rules?|policy|plan|announcement|article|minutes|regulations?|circular)\b"
)
_WORK = re.compile(r"《(?P<title>[^《》]{2,60})》")
_FRAME = re.compile(r"请问|我想知道|那[份个]|这[份个]|关于|[《》“”\"?。,的]|\b(?:the|an?)\b")


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
    number = NUMBER.search(folded)
    if number is not None and _TITLE_ASKED.search(folded, number.end()):
        return FactAsked(FactKind.TITLE, bare_number(number.group()), ())
    for kind, pattern in (*_PATTERNS, *_ENGLISH):
        asking = pattern.search(folded)
        if asking is None:
            continue
        of = asking.groupdict().get("of") or folded[: asking.start()] + folded[asking.end() :]
        if not DOCUMENT.search(of):
            return None
        if (work := _WORK.search(of)) is not None:
            of = work["title"]
        words = tuple(
            word for word, _ in tagged(_FRAME.sub(" ", of)) if len(word) > 1 and word.isalnum()
        )
        subject = "".join(_FRAME.sub("", of).split())
        is_telling = any(not DOCUMENT.fullmatch(word) for word in words)
        return FactAsked(kind, subject, words) if is_telling else None
    return None


def bare_number(written: str) -> str:
    """A document's number without spaces, its brackets of one kind."""
    return re.sub(r"[\[(（【［]", "〔", re.sub(r"[\])）】］]", "〕", "".join(written.split())))
