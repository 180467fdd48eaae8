"""What a line's own words say it is: a menu, a breadcrumb, buttons, a footer, credits, a caption.

Judges one line at a time, folded (script, width, case), so that every pattern is written once, in
simplified characters. Where on the page a line must stand to be believed is not known here.
"""

import re
from dataclasses import dataclass

from indexer.files.furniture_words import (
    AUTHORS,
    BUTTON,
    CAPTION,
    COMMENT_FORM,
    COMMENTS,
    CONTACT,
    COUNTER,
    DISCLAIMING,
    EDITORS,
    FOLLOW,
    FOOTER,
    FOOTER_DETAIL,
    GREETING,
    HOME,
    INVITATION,
    LEAF,
    MENU,
    NAVIGATION,
    NEIGHBOUR,
    RANKING,
    REPLY,
    SIGNS,
    STAMP,
    WEAK_RANKING,
)
from indexer.text.normalise import fold

_LONGEST = 160  # a longer line is judged by its footer words alone
_LONGEST_FOOTER = 400
_LONGEST_NEIGHBOUR = 80

_BETWEEN = re.compile(r"[\s|｜·•/\\,，、;；:：()（）\[\]【】{}<>＜＞«»›→\-—–_▲▼△↑↓◆■\"“”]+")
_CRUMBS = re.compile(r"\s*(?:>+|＞+|»|›|→|::)\s*|\s+[-–—/|｜]\s+|/")

_SITE = re.compile(r".{1,10}(?:网|在线|频道|门户|新闻中心)")
_PLACE = re.compile(r"[^:]{0,6}(?:位置|where)(?:是|为)?:|您的位置")
_DETAIL_LABEL = re.compile(
    rf"(?:{FOOTER_DETAIL.pattern})(?:\([^)]{{1,6}}\))?:|^主办|主办$|^技术支持"
)
_DISCLAIMER = re.compile(
    r"[\s*※★\[【(（]*(?:免责|免責|版权|版權|特别|特別|法律|郑重|鄭重|著作權|转载|轉載)?"
    r"(?:声明|聲明|说明|說明)(?:[\]】]|[)）]?\s*(?:[:：]|$))"
)
_ROLE = f"(?:{EDITORS.pattern}|{AUTHORS.pattern})"
_CREDIT = re.compile(
    rf"[(\[【]?\s*(?:{_ROLE}(?:[/、和&]{_ROLE})*\s*[:/丨|︱]\s*[^:|丨。,!?]{{1,24}}?[\s;,、]*)+[)\]】]?"
)
_AUTHOR_ROLE = re.compile(rf"(?:^|[\s(\[【/;])(?:{AUTHORS.pattern})\s*[:/丨|︱、]")
_SHARING = re.compile(rf"(?:分享|转发)[到至]:?(?:{BUTTON.pattern})+")
_MORE = re.compile(
    r"(?<=.)(?:(?:查看|展开)?(?:更多|全部|more)(?:评论|跟帖)?[>»+]*|换一[换批]"
    r"|[,|]?(?:\d+人(?:已)?参与(?:讨论|评论)?|按?(?:热度|时间|楼层)(?:排序)?|最[新热]|默认排序))+$"
)


@dataclass(frozen=True, slots=True)
class Words:
    """A line folded; both are empty for one that is too long to be furniture by its words."""

    text: str
    whole: str  # folded, without spaces
    segments: tuple[str, ...]  # what stands between separators, folded, without spaces


def words_of(text: str) -> Words:
    if len(text) > _LONGEST:
        return Words(text, "", ())
    whole = _squeeze(text)
    parts = _BETWEEN.split(text)
    if len(parts) == 1:
        return Words(text, whole, (whole,) if whole else ())
    segments = map(_squeeze, parts)
    return Words(text, whole, tuple(segment for segment in segments if segment))


def _squeeze(text: str) -> str:
    return "".join(fold(text).split())


def is_breadcrumb(words: Words) -> bool:
    """您的位置:…, or a path that begins at a home page or a site's name, or ends in 正文."""
    if _PLACE.match(words.whole) and len(words.whole) <= 80:
        return True
    path = [_squeeze(step) for step in _CRUMBS.split(words.text.strip("> ")) if step.strip()]
    if not 2 <= len(path) <= 7 or any(len(step) > 20 for step in path[:-1]):
        return False
    has_arrows = any(sign in words.whole for sign in (">", "»", "›", "→"))
    if HOME.fullmatch(path[0]) and "|" not in words.whole:
        return has_arrows or len(path) <= 4
    is_site = len(path) > 2 and bool(_SITE.fullmatch(path[0])) and "→" not in words.whole
    return has_arrows and (is_site or bool(LEAF.fullmatch(path[-1])))


def is_home(words: Words) -> bool:
    return any(HOME.fullmatch(segment) for segment in words.segments)


def is_buttons(words: Words, least: int = 2) -> bool:
    """Nothing but the names of buttons, at least so many of them."""
    known = [s for s in words.segments if BUTTON.fullmatch(s) or COUNTER.fullmatch(s)]
    return len(known) >= least and len(known) == len(words.segments)


def is_menu(words: Words) -> bool:
    """Several names of a site's sections in one line, the home page among them or six and more."""
    segments = words.segments
    if len(segments) < 3 or any(char.isdigit() for char in words.whole):
        return False
    if any(len(segment) > 12 and not segment.isascii() for segment in segments):
        return False
    known = sum(is_menu_name(segment) for segment in segments)
    return known * 2 >= len(segments) and (is_home(words) or len(segments) >= 6)


def is_menu_name(segment: str) -> bool:
    """Whether one segment may be an entry of a menu."""
    return bool(HOME.fullmatch(segment) or MENU.fullmatch(segment) or BUTTON.fullmatch(segment))


def is_navigation(words: Words) -> bool:
    """Whether the line is navigation wherever it stands above or below the body."""
    whole = words.whole
    if NEIGHBOUR.match(whole) and len(whole) <= _LONGEST_NEIGHBOUR:
        return True  # whatever the other page's title ends in
    if not whole or len(whole) > 120 or whole[-1] in "。;,":
        return False
    return bool(
        NAVIGATION.search(whole)
        or (len(whole) <= 60 and GREETING.search(whole))
        or (len(whole) <= 30 and FOLLOW.search(whole))
        or COUNTER.fullmatch(whole)
        or NEIGHBOUR.match(whole)
        or is_breadcrumb(words)
        or is_buttons(words)
        or is_menu(words)
        or _is_sharing(words)
    )


def _is_sharing(words: Words) -> bool:
    """分享到 with the names of networks, whatever else is among them."""
    if len(words.whole) <= _LONGEST_NEIGHBOUR and _SHARING.fullmatch(words.whole):
        return True  # 分享到:微信微博, nothing between the names
    first, *others = words.segments or ("",)
    return first in ("分享到", "分享至", "分享", "转发到", "share") and is_buttons(
        Words(words.text, words.whole, tuple(others)), least=1
    )


def is_invitation(words: Words) -> bool:
    """点击上方蓝字关注我们, and nothing else: no sentence of a text, wherever it stands."""
    return len(words.whole) <= 24 and bool(INVITATION.fullmatch(words.whole))


def is_end_mark(words: Words) -> bool:
    """Whether the page's own text is over where this stands: buttons, neighbours, — END —."""
    whole = words.whole
    if not whole or len(whole) > 120 or COUNTER.fullmatch(whole):
        return False
    return bool(
        NEIGHBOUR.match(whole)
        or is_buttons(words)
        or _is_sharing(words)
        or (len(whole) <= 30 and FOLLOW.search(whole) and whole[-1] not in "。;,")
    )


def ends_text(words: Words) -> bool:
    """As `is_end_mark`; the editors' names, below the text, end it as well."""
    return is_end_mark(words) or is_editors_credit(words)


def is_ranking(words: Words, *, weak: bool) -> bool:
    """A heading of titles that lead elsewhere; weak ones are headings of a text as well."""
    core = _core(words)
    return bool(RANKING.fullmatch(core) or (weak and WEAK_RANKING.fullmatch(core)))


def _core(words: Words) -> str:
    """A heading without the signs around it and the link to more."""
    core = words.whole.strip("[]【】:·•■◆-—>")
    return _MORE.sub("", core).strip(":·-—>")


def is_comments_heading(words: Words) -> bool:
    """网友评论, 评论(23), 已有23条跟帖, and nothing else."""
    return len(words.whole) <= 20 and bool(COMMENTS.fullmatch(_core(words)))


def is_comment_form(words: Words) -> bool:
    """登录后发表评论, 文明上网理性发言, 暂无评论: what stands beside the field for a comment."""
    return len(words.whole) <= 60 and bool(COMMENT_FORM.fullmatch(words.whole))


def is_stamp(words: Words) -> bool:
    """What stands above each comment: who and when, to the minute."""
    return len(words.whole) <= 60 and bool(STAMP.fullmatch(words.whole))


def is_reply(words: Words) -> bool:
    """The buttons below each comment."""
    return len(words.whole) <= 60 and bool(REPLY.fullmatch(words.whole))


def is_footer(words: Words) -> bool:
    return bool(FOOTER.search(words.whole or _squeeze(words.text[:_LONGEST_FOOTER])))


def footer_details(words: Words) -> int:
    """How many of a footer's details (地址, 邮编, 电话, 主办) the line holds; 0 for a contact."""
    if CONTACT.search(words.whole):
        return 0
    return len(_DETAIL_LABEL.findall(words.whole))


def is_disclaimer(text: str) -> bool:
    """Whether the line begins a disclaimer or says its heading; takes the line as it stands."""
    return bool(_DISCLAIMER.match(text))


def may_be_furniture(text: str) -> bool:
    """Whether a long line or a sentence has any sign of being a footer, a menu, a disclaimer."""
    text = text[:_LONGEST_FOOTER].lower()
    return any(sign in text for sign in SIGNS)


def disclaims(text: str) -> int:
    """How many different words of a disclaimer the text holds."""
    return len(set(DISCLAIMING.findall(text)))


def is_editors_credit(words: Words) -> bool:
    """编辑:… 审核:…, nothing else. A line that names source or author too is no such line."""
    text = fold(words.text) if len(words.text) <= 80 else ""
    return bool(text and _CREDIT.fullmatch(text) and not _AUTHOR_ROLE.search(text))


def is_caption(words: Words) -> bool:
    """A caption that says only that there is a picture, or who took it."""
    return len(words.whole) <= 36 and bool(CAPTION.fullmatch(words.whole.rstrip("。")))
