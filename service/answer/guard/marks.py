"""What a model's text may not carry into an answer: markup, addresses, signs that nobody sees.

All of it is taken out; what is left is plain text and is checked like any other. Also tells an
echo of the prompt, and sentences of a document that are instructions to whoever reads it: they are
material to quote from for nobody. Knows no prompt and no source.
"""

import re
import unicodedata

_IMAGE_OR_LINK = re.compile(r"!?\[(?P<text>[^\]\n]*)\]\s?\((?P<to>[^)\n]*)\)?")
_REFERENCE = re.compile(r"!\[(?P<text>[^\]\n]*)\](?:\[[^\]\n]*\])?|\[[^\]\n]*\]:\s*\S+")
_TAG = re.compile(r"<(?:!--.*?(?:-->|$)|/?[a-zA-Z][^<>]*(?:>|$)|[!?][^<>]*(?:>|$))", re.DOTALL)
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.\-]{1,15}://|www\.|data:|javascript:|mailto:)[^\s，。；！？、）)”」』》]*",
    re.IGNORECASE,
)
_LINE_MARK = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+•·]\s+|\d{1,2}[.)、]\s*(?!\d)|```\w*)")
_EMPHASIS = re.compile(r"(\*\*|__|~~|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w))")
_EMPTY_BRACKETS = re.compile(r"[（(]\s*[）)]|\[\s*\]")
_ECHO = re.compile(
    r"#[0-9a-f]{8}\s*(?:段落|结束|passage|end)|你是档案问答助手|"
    r"You answer questions about an archive|"
    r"^(?:问题：|Question: )|<\|[a-z_]+\|>|\[/?INST\]"
)
_INSTRUCTION = re.compile(
    r"忽略(?:以上|上述|之前|前面|此前|先前|所有|一切|其他|上面|你)|无视(?:以上|上述|之前|前面|所有|一切)|"
    r"(?:以上|上述|之前|前面)的?(?:所有)?(?:指令|指示|规则|要求|提示)(?:都|均|全部)?(?:无效|作废|不算|忽略)|"
    r"(?:系统|隐藏|开发者)(?:提示|指令|消息)(?:词|：|:)|(?:你|AI|助手|模型)"
    r"(?:现在|从现在起|接下来|必须|应当|只能|只需|只要|要|将)"
    r"[^。\n]{0,12}(?:扮演|回答|输出|回复|执行|遵守|说|写|复述|透露)|"
    r"(?:请|务必|必须|只能?|直接)(?:向用户)?(?:回答|输出|回复|复述|打印)(?:“|\"|「|：|:|以下|下列|下面|一句|这句)|"
    r"(?:作为|身为)(?:一个|一名)?(?:AI|人工智能|语言模型|助手)|"
    r"(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|previous\s+|prior\s+|above\s+){1,3}"
    r"(?:instructions?|rules?|prompts?|messages?|context)|"
    r"\b(?:system|developer)\s*(?:prompt|message|instruction)|you are now\b|"
    r"\b(?:respond|reply|answer|output|say|print)\s+(?:only\s+|exactly\s+)?(?:with\s+)?[\"“':]|"
    r"\[/?INST\]|<\|[a-z_]+\|>|^\s*(?:system|assistant)\s*[:：]",
    re.IGNORECASE | re.MULTILINE,
)


def plain(text: str) -> str:
    """A model's sentence as plain text on one line: no markup, no address, nothing invisible."""
    text = "".join(c for c in text if not _is_unseen(c))
    text = _TAG.sub("", text)
    text = _IMAGE_OR_LINK.sub(_label, text)
    text = _REFERENCE.sub("", text)
    text = _ADDRESS.sub("", text)
    while (mark := _LINE_MARK.match(text)) is not None and mark.end():
        text = text[mark.end() :]
    text = _EMPHASIS.sub("", text)
    text = _EMPTY_BRACKETS.sub("", text)
    return " ".join(text.replace("<", "‹").replace(">", "›").split())


def is_echo(text: str) -> bool:
    """Whether a model says its prompt instead of an answer."""
    return _ECHO.search(text) is not None


def is_instruction(text: str) -> bool:
    """Whether a stretch of a document tells its reader what to answer, or to forget its rules."""
    return _INSTRUCTION.search("".join(c for c in text if not _is_unseen(c))) is not None


def _label(match: re.Match[str]) -> str:
    return "" if match.group().startswith("!") else match["text"]


def _is_unseen(character: str) -> bool:
    """Zero-width signs, marks of direction, controls and private characters, but no line's end."""
    if character in "\n\t":
        return False
    category = unicodedata.category(character)
    return category in ("Cc", "Cf", "Co", "Cs", "Cn") or 0xFE00 <= ord(character) <= 0xFE0F
