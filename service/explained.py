"""An explanation as text for the command line, in the question's language."""

from service.explanation import Candidate, Explanation, SentenceChecked

MOST_SHOWN = 8
_LONGEST_QUOTE = 60


def explanation_text(explanation: Explanation, chinese: bool) -> str:
    """What was asked for, what was weighed, and what was checked, a block each."""
    shown = explanation.candidates[:MOST_SHOWN]
    return "\n\n".join(
        [
            _analysis(explanation, chinese),
            _decision(explanation, chinese),
            *(_candidate(n, each, chinese) for n, each in enumerate(shown, start=1)),
            *(_checked(each, chinese) for each in explanation.checked),
        ]
    )


def _analysis(explanation: Explanation, chinese: bool) -> str:
    asked = explanation.analysis
    rows = (
        ("检索所用", "searched with", asked.searched),
        ("问的是", "asks for", asked.asks),
        ("运算", "operation", asked.operation),
        ("单位", "unit", asked.unit),
        ("所计之物", "counts", asked.counted),
        ("名称", "names", "、".join(asked.entities)),
        ("时间", "times", "、".join(asked.periods)),
        ("分问", "parts", " / ".join(asked.parts)),
    )
    head = "== 问题分析" if chinese else "== What is asked"
    told = [f"{zh if chinese else en}: {value}" for zh, en, value in rows if value]
    return "\n".join([head, *told])


def _decision(explanation: Explanation, chinese: bool) -> str:
    found, limit = explanation.confidence, explanation.refuse_at
    if chinese:
        return f"== 候选句（首句作答的把握 {found:.3f}，低于 {limit:g} 则不答）"
    return f"== Sentences (the first answers: {found:.3f}; refused below {limit:g})"


def _candidate(n: int, candidate: Candidate, chinese: bool) -> str:
    quote = " ".join(candidate.quote.split())
    if len(quote) > _LONGEST_QUOTE:
        quote = quote[: _LONGEST_QUOTE - 1] + "…"
    cited = ("（已引用）" if chinese else " (cited)") if candidate.is_cited else ""
    lines = [f"{n}. {candidate.probability:.3f}{cited} “{quote}”", f"   {candidate.source}"]
    if candidate.value is not None:
        chance = f"{candidate.value_probability or 0.0:.3f}"
        lines.append(f"   {'答案词' if chinese else 'words'}: “{candidate.value}” {chance}")
    scores = [
        f"{name} {value:.3f}" for name, value in candidate.scores.items() if value is not None
    ]
    lines.append(f"   {'检索' if chinese else 'search'}: {', '.join(scores)}")
    return "\n".join(lines)


def _checked(checked: SentenceChecked, chinese: bool) -> str:
    failed = [each for each in checked.checks if not each.passed]
    passed = ", ".join(dict.fromkeys(each.name for each in checked.checks if each.passed))
    head = "== 核对" if chinese else "== Checked"
    lines = [f"{head} [{checked.support}] “{' '.join(checked.text.split())}”"]
    if passed:
        lines.append(f"   {'通过' if chinese else 'passed'}: {passed}")
    lines += [
        f"   {'未通过' if chinese else 'failed'} {each.name}: {each.detail}" for each in failed
    ]
    return "\n".join(lines)
