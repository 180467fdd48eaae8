"""What a span reader gets right: exact match, character F1, right sentence, "not here".

Character F1 and exact match as CMRC 2018 counts them: over letters and digits, without marks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch

from indexer.embed.builtin import BuiltinEmbedder
from service.answer.span_inputs import MAX_QUESTION, TextRows, cut
from service.answer.spans import best_span
from training.spans.batches import Example, packed
from training.spans.examples import LONGEST, Paragraph, Set
from training.spans.network import Spans, tensors


@dataclass(frozen=True)
class Figures:
    questions: int
    exact: float
    f1: float
    sentence: float
    refused: float  # of stretches without the answer, at 5 % of the answerable ones

    def __str__(self) -> str:
        return (
            f"EM {self.exact:.3f} F1 {self.f1:.3f} sentence {self.sentence:.3f} "
            f"not here {self.refused:.3f} ({self.questions})"
        )


def stretches(paragraph: Paragraph) -> list[tuple[int, int]]:
    """The paragraph as the index cuts it: whole sentences up to 320 characters."""
    found: list[tuple[int, int]] = []
    for a, b in paragraph.sentences:
        if found and b - found[-1][0] <= LONGEST:
            found[-1] = (found[-1][0], b)
        else:
            found.append((a, b))
    return found


def measure(network: Spans, source: Set, words: BuiltinEmbedder, count: int) -> Figures:
    network.eval()
    exact, f1, sentence, held, gone = [], [], [], [], []
    every = max(1, len(source.asked) // count)
    for asked in source.asked[::every][:count]:
        paragraph = source.paragraphs[asked.paragraph]
        answer = paragraph.rows.folded[asked.start : asked.end]
        question = cut(asked.question, max(0, len(asked.question.folded) - MAX_QUESTION), 10_000)
        found = []
        for a, b in stretches(paragraph):
            score, first, last = _read(network, question, cut(paragraph.rows, a, b), words)
            found.append((score, first + a, last + a))
            if answer not in paragraph.rows.folded[a:b]:
                gone.append(score)
        best = max(found)
        held.append(best[0])
        said = paragraph.rows.folded[best[1] : best[2] + 1]
        exact.append(_plain(said) == _plain(answer))
        f1.append(character_f1(said, answer))
        inside = next((s for s in paragraph.sentences if s[0] <= best[1] < s[1]), (0, 0))
        sentence.append(answer in paragraph.rows.folded[inside[0] : inside[1]])
    limit = np.quantile(held, 0.05)
    refused = float((np.asarray(gone) < limit).mean()) if gone else 0.0
    return Figures(
        len(exact), float(np.mean(exact)), float(np.mean(f1)), float(np.mean(sentence)), refused
    )


def _read(
    network: Spans, question: TextRows, passage: TextRows, words: BuiltinEmbedder
) -> tuple[float, int, int]:
    batch = packed([Example(question, passage, 0, -1, -1)], words)
    with torch.inference_mode():
        start, end, none = network(*tensors(batch.inputs))
    score, first, last = best_span(start[0].float().numpy(), end[0].float().numpy())
    return score - 2 * float(none[0]), first, last


def character_f1(said: str, answer: str) -> float:
    left, right = Counter(_plain(said)), Counter(_plain(answer))
    same = sum((left & right).values())
    return 2 * same / (left.total() + right.total()) if same else 0.0


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
