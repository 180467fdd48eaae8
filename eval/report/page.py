"""The report as one file: nothing is fetched, nothing but our own style and script is allowed.

Puts the sections together; computes nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from eval.comparing.bootstrap import interval
from eval.report import figures, plots
from eval.report.language import Language, sayer
from eval.report.markup import Html, Say, foreign, join, tag
from eval.report.measured import banners, measured_section
from eval.report.plots import Plot, PlotsUnavailable
from eval.report.questions import all_questions, failures_section
from eval.report.whole import passages_given, whole
from eval.report.why import failures
from eval.runs.figures import FIGURES
from eval.runs.files import Run
from eval.runs.verdict import Verdict

_HERE = Path(__file__).parent
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect "
    "width='32' height='32' rx='5' fill='%23a8321f'/%3E%3Cpath d='M9 8h14v4H9zM9 15h14v2H9zM9 "
    "20h9v2H9z' fill='%23fff'/%3E%3C/svg%3E"
)


def page(run: Run, language: Language, font: str | None) -> str:
    """The whole page. `font` is one in which plots can be written in Chinese, if there is one."""
    say = sayer(language)
    verdicts = whole(run)
    k = passages_given(run)
    failed = failures(verdicts, k)
    wrong = sum(map(len, failed.values()))
    drawn, missing = _drawn(verdicts, language, font, say)
    parts = [
        _section("measured", say("测的是什么", "What was measured"), measured_section(run, say)),
        _section("figures", say("指标", "Figures"), figures.figures_table(verdicts, say)),
        _section("kinds", say("各类问题", "By kind"), figures.kinds_table(verdicts, say)),
        _section(
            "plots",
            say("图", "Plots"),
            missing,
            figures.plots(drawn, verdicts, say),
        ),
        _section(
            "failures",
            join((say("答错的", "Failures"), " ", tag("span", str(wrong), class_="count"))),
            failures_section(failed, k, say),
        ),
        _section(
            "all",
            say("全部问题", "All questions"),
            tag(
                "details",
                tag("summary", say(f"列出全部 {len(verdicts)} 题", f"List all {len(verdicts)}")),
                all_questions(verdicts, k, say),
            ),
        ),
    ]
    top = tag("header", _masthead(run, language, say), class_="top")
    main = tag("main", banners(run, say), figures.headline(verdicts, say), *parts)
    return _document(run, language, _summary(run, verdicts), join((top, main)))


def _section(name: str, title: Html, *parts: Html) -> Html:
    return tag("section", tag("h2", title), *parts, id=name)


def _masthead(run: Run, language: Language, say: Say) -> Html:
    seal = tag("span", "据", class_="seal", aria_hidden="true", lang="zh-CN")
    title = tag("h1", seal, say("问据 测评报告", "Wenju evaluation"))
    name = tag("p", foreign(run.name), " · ", run.header.started_at[:10], class_="soft")
    return join((tag("div", title, name), _switch() if language is Language.BOTH else Html("")))


def _switch() -> Html:
    """Two radio buttons: they switch the language by style alone, where no script may run."""
    choices = [
        tag(
            "label",
            tag(
                "input",
                type="radio",
                name="language",
                id=value,
                value=value,
                checked=at == 0,
                autocomplete="off",
            ),
            tag("span", name, lang=lang),
        )
        for at, (value, name, lang) in enumerate((("zh", "中文", "zh-CN"), ("en", "English", "en")))
    ]
    return tag(
        "fieldset", tag("legend", "语言 / Language", class_="unseen"), *choices, class_="switch"
    )


def _drawn(
    verdicts: tuple[Verdict, ...], language: Language, font: str | None, say: Say
) -> tuple[Mapping[Plot, Html], Html]:
    """The plots in the languages wanted, and what is to be said where they are not."""
    try:
        english = plots.draw(verdicts, chinese=False, font=font)
        chinese = plots.draw(verdicts, chinese=True, font=font) if font else english
    except PlotsUnavailable as error:
        said = say(
            f"没有图：没有安装 matplotlib。{_install(error)}", f"{error.message}. {error.hint}"
        )
        return {}, tag("p", said, class_="banner")
    if language is Language.EN or not font:
        note = say("图中文字为英文：写报告的机器上没有中文字体。", "")
        wanted = not font and language is not Language.EN
        return english, tag("p", note, class_="soft") if wanted else Html("")
    if language is Language.ZH:
        return chinese, Html("")
    both = {
        plot: join((tag("div", chinese[plot], class_="z"), tag("div", english[plot], class_="e")))
        for plot in english
    }
    return both, Html("")


def _install(error: PlotsUnavailable) -> str:
    return error.hint.replace("run: ", "请运行：")


def _summary(run: Run, verdicts: tuple[Verdict, ...]) -> Html:
    """The figures once more, for programs: the service lists them of each report that it shows."""
    told = {
        "run": run.name,
        "started_at": run.header.started_at,
        "questions": len(verdicts),
        "figures": {
            figure.name: {"value": value, "interval": interval(figure, verdicts)}
            for figure in FIGURES
            if (value := figure.value(verdicts)) is not None
        },
    }
    return tag("meta", name="wenju:summary", content=json.dumps(told))


def _document(run: Run, language: Language, summary: Html, body: Html) -> str:
    style, script = _text("page.css"), _text("switch.js")
    scripts = f"script-src {_digest(script)}; " if language is Language.BOTH else ""
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; {scripts}img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        summary,
        tag("title", f"问据 Wenju · {run.name}"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("link", rel="icon", href=_ICON),
        tag("style", Html(style)),
    )
    lang = "en" if language is Language.EN else "zh-CN"
    ending = tag("script", Html(script)) if language is Language.BOTH else Html("")
    html = tag("html", head, tag("body", body, ending), lang=lang)
    return f"<!doctype html>\n{html}\n"


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """As a policy names an element by its content."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
