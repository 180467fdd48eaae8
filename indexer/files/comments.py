"""What readers wrote below a text, told by its heading and by what stands beside each comment.

Knows lines and their words, no format.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from indexer.files.furniture import (
    Words,
    is_comment_form,
    is_comments_heading,
    is_reply,
    is_stamp,
)
from indexer.files.lines import Line, heading_level

_LONGEST = 60  # a heading or the form's words
# To search for them plainly takes a hundredth of the time that folding a line takes.
_SIGNS = (
    *(
        "评",
        "評",
        "跟帖",
        "跟貼",
        "跟贴",
        "讨论",
        "討論",
        "留言",
        "omment",
        "OMMENT",
        "沙发",
        "沙發",
    ),
    *("积分", "積分", "两句", "兩句", "回帖", "回貼", "文明上", "可输入", "可輸入"),
)
_FIGURES = re.compile(r"\d+")


def find_comments(
    lines: Sequence[Line], words: Callable[[int], Words], start: int
) -> tuple[int, ...]:
    """The numbers of the lines from `start` on that are comments, their heading or their form.

    A text may have a section of that name: only where lines say who wrote when, or the same buttons
    come back, are they comments. A heading with a number of its own ends them.
    """
    found: set[int] = set()
    for at in range(start, len(lines)):
        text = lines[at].text
        if at in found or len(text) > _LONGEST or not any(sign in text for sign in _SIGNS):
            continue
        if is_comment_form(words(at)):
            found.add(at)
        elif is_comments_heading(words(at)):
            rest = range(at, len(lines))
            end = next((each for each in rest if heading_level(lines[each].text)), rest.stop)
            if _are_comments(words(each) for each in range(at + 1, end)):
                found.update(range(at, end))
    return tuple(sorted(found))


def _are_comments(lines: Iterable[Words]) -> bool:
    buttons: Counter[str] = Counter()
    for line in lines:
        if is_stamp(line):
            return True
        if is_reply(line):
            buttons[_FIGURES.sub("", line.whole)] += 1
    return max(buttons.values(), default=0) > 1
