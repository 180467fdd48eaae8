"""What a report is written in. Knows no word of it."""

from __future__ import annotations

from enum import StrEnum

from eval.report.markup import Html, Say, join, tag


class Language(StrEnum):
    """What a report is written in; `both` shows the one of the reader's browser."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


def sayer(language: Language) -> Say:
    """Says things in that language; in both, each marked so that the page can show either."""

    def say(chinese: str, english: str) -> Html:
        if language is Language.ZH:
            return join([chinese])
        if language is Language.EN:
            return join([english])
        if chinese == english:
            return join([chinese])
        return join(
            (
                tag("span", chinese, class_="z", lang="zh-CN"),
                tag("span", english, class_="e", lang="en"),
            )
        )

    return say
