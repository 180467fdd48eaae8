"""Run every variant over the same gold questions and compare each with its base, in pairs.

Every variant is a service of its own, asked over HTTP, so that what it lacks is missing from
everything but the judging.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.ablation.parts import EVERYTHING, Variant, variant_of
from eval.bench.processes import run_measured, serving
from eval.comparing.bootstrap import Difference
from eval.comparing.pairs import differences, pair
from eval.gold import GoldQuestion
from eval.runs.asking import Asking, header_of, run_all
from eval.runs.files import Run
from eval.target import OverHttp


@dataclass(frozen=True, slots=True)
class Worth:
    """What leaving a part out does to each figure: `by` is without it minus with it."""

    variant: Variant
    without: Run
    found: Mapping[str, Difference | None]


def ablate(
    names: Sequence[str],
    questions: Sequence[GoldQuestion],
    gold: Path,
    corpus: Path,
    work: Path,
    *,
    k: int,
    say: Callable[[str], None],
) -> list[Worth]:
    """Build, serve and ask each variant; indexes are made under `work`, anew each time.

    Raises: InvalidRequest for an unknown part, BenchFailed when a variant does not start.
    """
    variants = [variant_of(name) for name in names]
    runs: dict[str, Run] = {}

    def run_of(variant: Variant) -> Run:
        if variant.name not in runs:
            say(f"{variant.name}: {variant.what}")
            runs[variant.name] = _run(variant, questions, gold, corpus, work, k)
        return runs[variant.name]

    worth = []
    for variant in variants:
        paired = pair(run_of(variant_of(variant.base)), run_of(variant))
        found = {figure.name: each for figure, each in differences(paired).items()}
        worth.append(Worth(variant, run_of(variant), found))
    return worth


def _run(
    variant: Variant,
    questions: Sequence[GoldQuestion],
    gold: Path,
    corpus: Path,
    work: Path,
    k: int,
) -> Run:
    index = work / (variant.name if variant.own_index else EVERYTHING)
    child = ("eval.ablation.child", "--without", variant.name)
    if variant.own_index or not index.exists():
        run_measured([*child, "--build", str(corpus), "--index", str(index)])
    with serving(index, command=child) as service, OverHttp(service.url) as target:
        header = header_of(questions, gold, {"k": k, "without": variant.name}, target.ready())
        return run_all(questions, Asking(target, k), header, name=variant.name)
