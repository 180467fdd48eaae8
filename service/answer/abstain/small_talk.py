"""Greetings, thanks and questions about the service itself, which no document answers.

They get a plain sentence with titles to ask about, instead of “nothing relevant”.
"""

import re
import uuid
from collections.abc import Sequence
from enum import StrEnum

from indexer.text.normalise import fold
from service.answer.understand.language import is_chinese
from service.records import Abstention, AbstentionReason, Answer

_LONGEST = 40  # characters
_BETWEEN = re.compile(r"[\s,。.!?~、:;…]+")
_ENDING = "(?:啊|呀|吧|呢|了|哦|哈|啦|嘛|您|你|们|各位|大家| there)*"


class Talk(StrEnum):
    GREETING = "greeting"
    THANKS = "thanks"
    ABOUT = "about"


_SPOKEN = {
    Talk.THANKS: (
        r"(?:好的?|嗯+|太好|行|非常|十分|多)?\s?(?:谢谢|多谢|感谢|谢|辛苦|麻烦)(?:你|您|了|大家|帮助|哈|啦)*"
        r"|(?:好的?|明白|知道|收到|再见|拜拜|回头见|没事|不用)(?:了|吧)?"
        r"|(?:many )?thanks?(?: (?:you|a lot|so much|very much))*|thx|ok(?:ay)?|(?:good)?bye|cheers"
    ),
    Talk.ABOUT: (
        r"(?:请问)?(?:你|您)(?:是|叫)(?:谁|什么(?:名字|东西|系统|软件)?|哪位|干什么的|做什么的|机器人吗?)"
        r"|(?:请问)?(?:你|您|这个?(?:系统|软件|工具))?(?:能|会|可以|都会|都能)(?:帮我)?(?:做|干|回答|帮我做)?(?:些|点|哪些)?"
        r"(?:什么|啥)(?:问题|事情?)?"
        r"|怎么用|如何使用|(?:你|这个?系统)(?:怎么|如何)(?:用|使用)|帮助|自我介绍|介绍一下(?:你|您)?自己"
        r"|who are you|what are you|what(?:'s| is) your name|what can you do(?: for me)?"
        r"|what can i ask|how do i use (?:this|you)|help"
    ),
    Talk.GREETING: (
        r"(?:你|您|大家|各位)好|哈[喽啰罗]|嗨+|嘿|喂|在[吗么]|有人[吗么]|在不在|早上?好?|上午好|中午好|下午好|晚上好"
        r"|hi+|hello+|hey|good (?:morning|afternoon|evening|day)|hallo|howdy"
    ),
}
_PATTERNS = {talk: re.compile(f"(?:{spoken}){_ENDING}") for talk, spoken in _SPOKEN.items()}

_SAID = {
    Talk.GREETING: ("您好。请就这些文档提问", "Hello. Ask about these documents"),
    Talk.THANKS: ("不客气。还可以继续提问", "You are welcome. You can go on asking"),
    Talk.ABOUT: (
        "我在您的文档中查找答案，每句话都附出处；文档里没有的，我会直说。请就这些文档提问",
        "I find answers in your documents and cite each sentence; what they do not say, I do not"
        " answer. Ask about these documents",
    ),
}


def talk_of(text: str) -> Talk | None:
    """What kind of small talk a whole message is; None where it asks anything of the documents."""
    if len(text) > _LONGEST:
        return None
    folded = _BETWEEN.sub(" ", fold(text)).strip()
    pieces = [folded] if _talk_in(folded) else folded.split()
    talks = [_talk_in(piece) for piece in pieces]
    told = [talk for talk in talks if talk is not None]
    return told[-1] if told and len(told) == len(talks) else None


def _talk_in(piece: str) -> Talk | None:
    return next((talk for talk, spoken in _PATTERNS.items() if spoken.fullmatch(piece)), None)


def reply(question: str, talk: Talk, titles: Sequence[str], model: str, generation: str) -> Answer:
    """An abstention that says what can be asked: `titles` are of some documents of the archive."""
    chinese = is_chinese(question)
    said = _SAID[talk][0 if chinese else 1]
    if titles:
        named = [f"《{title}》" if chinese else f"“{title}”" for title in titles]
        said += ("，例如：" if chinese else ", such as: ") + ("、" if chinese else ", ").join(named)
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=question,
        answer=said + ("。" if chinese else "."),
        abstained=True,
        abstention=Abstention(AbstentionReason.SMALL_TALK, examples=tuple(titles)),
        short_answer=None,
        sentences=(),
        citations=(),
        conflicts=(),
        confidence=1.0,
        model=model,
        generation=generation,
    )
