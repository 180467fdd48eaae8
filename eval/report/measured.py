"""What a run measured: code, index, model, settings, gold file, times. Knows a run's first line
and its last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from eval.report.markup import Html, Say, foreign, join, tag
from eval.runs.files import Run

_SHORT = 12  # of a digest or commit, as people compare them


def measured_section(run: Run, say: Say) -> Html:
    """The run's identity as a list, and everything that its first line tells below."""
    facts = [*_code(run, say), *_index(run, say), *_asking(run, say), *_ending(run, say)]
    rows = (tag("div", tag("dt", name), tag("dd", value)) for name, value in facts)
    header = {key: value for key, value in asdict(run.header).items() if key != "questions"}
    raw = json.dumps(header, ensure_ascii=False, indent=1, default=str)
    return join(
        (
            tag("dl", *rows, class_="measured"),
            tag(
                "details",
                tag(
                    "summary", say("运行文件第一行的全部内容", "All that the run's first line says")
                ),
                tag("pre", raw),
            ),
        )
    )


def banners(run: Run, say: Say) -> Html:
    """What must be known before a figure is read: a stopped run, crashes, evidence not indexed."""
    told: list[Html] = []
    total, unasked = len(run.header.questions), len(run.unasked)
    if unasked:
        told.append(
            say(
                f"这次运行没有问完：{total} 题里有 {unasked} 题还没有问，下面一律按答错计。"
                "用同样的 run 命令加 --resume 可以接着问完。",
                f"This run was stopped: {unasked} of {total} questions were not asked and count as "
                "wrong below. The same run command with --resume finishes it.",
            )
        )
    elif run.end is None:
        told.append(
            say(
                "这次运行在写下结尾之前停了：题都问了，总用时和内存不详。",
                "This run was stopped before its last line: every question was asked, but its "
                "duration and memory are unknown.",
            )
        )
    if crashed := len(run.crashed):
        told.append(
            say(
                f"{crashed} 题没有得到回答，按答错计。",
                f"No answer came back to {crashed} questions; they count as wrong.",
            )
        )
    if missing := sum(bool(verdict.evidence_missing) for verdict in run.verdicts):
        told.append(
            say(
                f"{missing} 题的证据有些不在索引里；python -m eval check 会逐条列出。",
                f"The index lacks some evidence of {missing} questions; `python -m eval check` "
                "names it.",
            )
        )
    return join(tag("p", each, class_="banner") for each in told)


_Facts = list[tuple[Html, Html]]


def _code(run: Run, say: Say) -> _Facts:
    code = run.header.code
    parts = [foreign(str(code.get("version", "?")))]
    if commit := code.get("commit"):
        parts += [Html(" "), _digest(commit)]
    if code.get("changed"):
        parts += [Html(" "), say("（有未提交的改动）", "(with uncommitted changes)")]
    return [(say("程序", "Code"), join(parts))]


def _index(run: Run, say: Say) -> _Facts:
    measured = run.header.measured
    facts: _Facts = []
    if url := measured.get("url"):
        facts.append((say("服务", "Service"), foreign(str(url))))
    if model := measured.get("model"):
        facts.append((say("作答", "Answers by"), foreign(str(model))))
    manifest = _mapping(measured.get("manifest"))
    counts, embedder = _mapping(manifest.get("counts")), _mapping(manifest.get("embedder"))
    terms, chunking = _mapping(manifest.get("terms")), _mapping(manifest.get("chunking"))
    # A service that is asked by its address tells how many documents it has, and no more.
    if documents := counts.get("documents", measured.get("documents")):
        size = [say(f"{documents} 份文档", f"{documents} documents")]
        if passages := counts.get("passages"):
            size.append(say(f"，{passages} 个段落", f", {passages} passages"))
        generation = _digest(measured.get("generation", ""))
        facts.append((say("索引", "Index"), join((*size, " ", generation))))
    if embedder:
        dimension = say(f"，{embedder.get('dim')} 维", f", {embedder.get('dim')} dimensions")
        facts.append(
            (say("向量", "Embedder"), join((foreign(str(embedder.get("name"))), dimension)))
        )
    if terms:
        facts.append((say("词项", "Terms"), foreign(str(terms.get("mix")))))
    if chunking:
        most = chunking.get("max_chars")
        facts.append(
            (say("切段", "Chunking"), say(f"每段至多 {most} 字", f"at most {most} characters"))
        )
    return facts


def _asking(run: Run, say: Say) -> _Facts:
    gold = run.header.gold
    digest = _digest(gold.get("sha256", ""))
    questions = say(
        f"，{len(run.header.questions)} 题 ", f", {len(run.header.questions)} questions "
    )
    settings = ", ".join(
        f"{key} = {value}" for key, value in run.header.settings.items() if value is not None
    )
    facts = [
        (say("测试集", "Gold file"), join((foreign(str(gold.get("path"))), questions, digest)))
    ]
    if settings:
        facts.append((say("设置", "Settings"), foreign(settings)))
    return facts


def _ending(run: Run, say: Say) -> _Facts:
    facts: _Facts = [(say("开始", "Started"), _time(run.header.started_at))]
    if run.end is None:
        return [*facts, (say("结束", "Finished"), say("没有", "it did not"))]
    facts.append((say("结束", "Finished"), _time(run.end.finished_at)))
    took, jobs = f"{run.end.seconds:.1f}", run.end.jobs
    facts.append(
        (
            say("用时", "Took"),
            say(f"{took} 秒，同时问 {jobs} 题", f"{took} s, {jobs} questions at a time")
            if jobs > 1
            else say(f"{took} 秒", f"{took} s"),
        )
    )
    if run.end.peak_memory_mib is not None:
        memory = f"{run.end.peak_memory_mib:.0f} MiB"
        facts.append((say("最多内存", "Most memory"), Html(memory)))
    return facts


def _time(stamp: str) -> Html:
    return tag("time", stamp.replace("T", " ").replace("+00:00", " UTC"), datetime=stamp)


def _digest(value: object) -> Html:
    return tag("code", foreign(str(value)[:_SHORT]))


def _mapping(value: object) -> Mapping[str, Any]:
    """What the run's first line holds there, if it holds a table there."""
    return value if isinstance(value, Mapping) else {}
