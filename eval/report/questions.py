"""The report's questions: each failure under its cause with answer, proof and why, then all of
them in a list. Whatever came from a question or a document goes in as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.gold import Kind
from eval.report.marks import spans
from eval.report.markup import Html, Say, foreign, join, tag
from eval.report.why import TITLES, Why, first_rank, given, told, why
from eval.report.words import kind_name
from eval.runs.verdict import DEPTH, Verdict

_GIVEN_CHARS = 60  # of the answer's first sentence, where a question is one line


def failures_section(groups: Mapping[Why, Sequence[Verdict]], k: int, say: Say) -> Html:
    """The failures by cause, each group with its count; `k` as in `why`."""
    if not groups:
        return tag("p", say("全部答对。", "Every question was answered right."))
    total = sum(map(len, groups.values()))
    overview = [
        tag(
            "li",
            tag("a", say(*TITLES[cause]), href=f"#{cause}"),
            tag("span", str(len(lines)), class_="count"),
            _bar(len(lines) / total),
        )
        for cause, lines in groups.items()
    ]
    sections = [
        tag(
            "section",
            tag("h3", say(*TITLES[cause]), " ", tag("span", str(len(lines)), class_="count")),
            *(_card(verdict, k, say) for verdict in lines),
            id=cause,
            class_="cause",
        )
        for cause, lines in groups.items()
    ]
    return join((tag("ul", *overview, class_="causes"), *sections))


def all_questions(verdicts: Sequence[Verdict], k: int, say: Say) -> Html:
    """A line each; those that are right open to their answer, the others lead to their failure."""
    return tag("ul", *(tag("li", _line(v, k, say)) for v in verdicts), class_="all")


def _line(verdict: Verdict, k: int, say: Say) -> Html:
    told_kind = tag("span", say(*kind_name(verdict.kind)), class_="soft")
    asked = (tag("code", foreign(verdict.id)), foreign(verdict.question))
    if not verdict.right:
        cause = tag("a", say(*TITLES[why(verdict, k)]), href=f"#{_anchor(verdict)}")
        return tag("p", _mark(verdict), *asked, told_kind, cause, class_="line")
    return tag(
        "details",
        tag("summary", _mark(verdict), *asked, told_kind, class_="line"),
        tag("div", _particulars(verdict, say), class_="body"),
    )


def _mark(verdict: Verdict) -> Html:
    if verdict.right:
        return tag("span", "✓", class_="right", title="全对 / right")
    return tag("span", "✗", class_="wrong", title="不对 / wrong")


def _card(verdict: Verdict, k: int, say: Say) -> Html:
    wanted = join(
        (
            tag("span", say("应为：", "wanted: "), class_="soft"),
            _expected(verdict) if verdict.expected else say("不作答", "a refusal"),
        )
    )
    brief = verdict.answer[0] if verdict.answer else ""
    if len(brief) > _GIVEN_CHARS:
        brief = brief[:_GIVEN_CHARS] + "…"
    got = join(
        (
            tag("span", say("实际：", "given: "), class_="soft"),
            foreign(brief) if brief else _no_answer(verdict, say),
        )
    )
    summary = tag(
        "summary",
        tag(
            "span",
            tag("code", foreign(verdict.id)),
            tag("span", say(*kind_name(verdict.kind)), class_="soft"),
            class_="about",
        ),
        tag("span", foreign(verdict.question), class_="question"),
        tag("span", wanted, class_="brief"),
        tag("span", got, class_="brief"),
    )
    cause = tag("p", tag("bdi", say(*told(verdict, k))), class_="why")
    body = tag("div", cause, _particulars(verdict, say), class_="body", id=_anchor(verdict))
    return tag("details", summary, body, class_="card")


def _anchor(verdict: Verdict) -> str:
    """An id for an address: a question's own may hold anything."""
    return "q-" + "".join(c if c.isalnum() and c.isascii() else f"_{ord(c):x}" for c in verdict.id)


def _particulars(verdict: Verdict, say: Say) -> Html:
    rows = [
        (say("前文", "Said before"), _history(verdict, say)),
        (say("应有的值", "Required values"), _required(verdict, say)),
        (say("回答", "Answer"), _answer(verdict, say)),
        (say("引文", "Citations"), _citations(verdict, say)),
        (say("证据", "Evidence"), _evidence(verdict, say)),
        (say("其他", "Besides"), _besides(verdict, say)),
    ]
    cells = (join((tag("dt", name), tag("dd", told_))) for name, told_ in rows if told_)
    return tag("dl", *cells, class_="particulars")


def _expected(verdict: Verdict) -> Html:
    """The values, alternatives divided by a stroke and required groups by a plus."""
    groups = [" / ".join(group) for group in verdict.expected]
    return foreign(" + ".join(groups))


def _history(verdict: Verdict, say: Say) -> Html:
    who = {"user": say("问：", "asked: "), "assistant": say("答：", "answered: ")}
    turns = [
        tag("li", tag("span", who[turn.role], class_="soft"), foreign(turn.content))
        for turn in verdict.history
    ]
    return tag("ul", *turns) if turns else Html("")


def _required(verdict: Verdict, say: Say) -> Html:
    if not verdict.answerable:
        return say(
            "没有：档案里没有答案，应当不作答", "none: the archive does not tell; to be refused"
        )
    items = [
        tag(
            "li",
            tag("span", "✓", class_="right") if there else tag("span", "✗", class_="wrong"),
            " ",
            foreign(" / ".join(group)),
        )
        for group, there in zip(verdict.expected, given(verdict), strict=True)
    ]
    return tag("ul", *items) if items else Html("")


def _answer(verdict: Verdict, say: Say) -> Html:
    if not verdict.answer:
        return _no_answer(verdict, say)
    sentences = [tag("li", _marked(text, verdict)) for text in verdict.answer]
    short = Html("")
    if verdict.short_answer is not None:
        label = tag("span", say("短答案：", "short answer: "), class_="soft")
        short = tag("p", label, foreign(verdict.short_answer))
    return join((short, tag("ol", *sentences, class_="archive")))


def _no_answer(verdict: Verdict, say: Say) -> Html:
    if verdict.crashed is not None:
        return say("没有得到回答", "none came back")
    if not verdict.abstained:
        return say("空的回答", "an empty answer")
    return join((say("没有作答", "refused"), f" ({verdict.reason})" if verdict.reason else ""))


def _citations(verdict: Verdict, say: Say) -> Html:
    items = [
        tag(
            "li",
            tag("q", _marked(citation.quote, verdict), class_="archive"),
            tag(
                "span",
                tag("code", foreign(citation.source)),
                say(
                    f"第 {citation.start}–{citation.end} 字",
                    f"characters {citation.start}–{citation.end}",
                ),
                class_="where",
            ),
            value=str(citation.n),
        )
        for citation in verdict.cited
    ]
    return tag("ol", *items, class_="quotes") if items else Html("")


def _evidence(verdict: Verdict, say: Say) -> Html:
    items = [
        tag(
            "li",
            tag("q", _marked(evidence.quote, verdict), class_="archive"),
            tag("span", tag("code", foreign(evidence.document)), class_="where"),
        )
        for evidence in verdict.evidence
    ]
    for missing in verdict.evidence_missing:
        lacking = say("索引里没有：", "not in the index: ")
        items.append(tag("li", lacking, foreign(missing), class_="wrong"))
    return tag("ul", *items, class_="quotes") if items else Html("")


def _besides(verdict: Verdict, say: Say) -> Html:
    """Rank, confidence, time, conflict, model's note: a line of small facts."""
    facts: list[Html] = []
    if verdict.retrieval is not None and verdict.crashed is None:
        rank = first_rank(verdict)
        facts.append(
            say(f"证据排在检索的第 {rank} 段", f"evidence is passage {rank} of the search")
            if rank
            else say(
                f"检索的前 {DEPTH} 段里没有证据", f"no evidence among the first {DEPTH} passages"
            )
        )
    if verdict.crashed is None:
        sure = f"{verdict.confidence:.0%}"
        facts.append(
            say(f"不作答的把握 {sure}", f"{sure} sure of the refusal")
            if verdict.abstained
            else say(f"把握 {sure}", f"{sure} sure")
        )
    if verdict.kind is Kind.CONFLICT:
        facts.append(
            say("矛盾已指明，各值齐全", "the conflict is named with all values")
            if verdict.conflict_complete
            else say("指明了矛盾，值不全", "a conflict is named, not with all values")
            if verdict.conflict_named
            else say("没有指明矛盾", "no conflict is named")
        )
    if verdict.timings_ms and "asked" in verdict.timings_ms:
        facts.append(Html(f"{verdict.timings_ms['asked']:.0f} ms"))
    if verdict.note:
        facts.append(foreign(verdict.note))
    return tag("ul", *(tag("li", fact) for fact in facts), class_="facts") if facts else Html("")


def _marked(text: str, verdict: Verdict) -> Html:
    """A text with the required values marked where they stand."""
    parts: list[str] = []
    end = 0
    for start, stop in spans(text, verdict.expected):
        parts += [text[end:start], tag("mark", text[start:stop])]
        end = stop
    return tag("bdi", *parts, text[end:])


def _bar(share: float) -> Html:
    return tag(
        "svg",
        tag("rect", x="0", y="0", width=f"{100 * share:.1f}", height="6", class_="f-seal"),
        viewBox="0 0 100 6",
        preserveAspectRatio="none",
        class_="bar",
        aria_hidden="true",
    )
