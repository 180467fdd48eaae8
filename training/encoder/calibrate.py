"""Fits what the service makes of the reader's scores, on questions that took no part in training.

    python -m training.encoder.calibrate --gold eval/gold/offices-tune.jsonl=INDEX …

An archive is made of the paragraphs held out (a quarter of them left out of it, so that their
questions have no answer there) among news; each question is searched for and read as the service
does it, and a logistic regression learns from what was read whether the best sentence, and its
value, are right. The last fit, with what the second reader says, rests on questions of offices with
the index of their documents: `--gold`, of which only such may be named as are tuned on anyway.
Writes `service/answer/read/calibration.json` and prints how well the parts of the sets predict each
other.
"""

import argparse
import json
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder
from indexer.index.store import open_index
from indexer.text.normalise import fold, letters
from service.answer.evidence import Evidence
from service.answer.read.bind import DocumentText, bind
from service.answer.read.calibration import (
    ALL_FEATURES,
    features,
    second_features,
    second_row,
    sentence_features,
    with_value,
)
from service.answer.read.lacking import lacking
from service.answer.read.passage_reader import SECOND_MODEL, OnnxPassageReader, PassageRead
from service.answer.read.read import rank, sentences
from service.answer.read.value import uniform
from service.answer.understand.question import Question, analyse
from service.retrieve.search import search
from training.encoder import sets
from training.encoder.examples import DEV_PART
from training.encoder.judged import Judged, is_right, value_of
from training.encoder.logistic import Floats, chances_of, crossed, fit, fit_scaled
from training.encoder.offices import of_office
from training.reword import Rewording

_OUT = Path("service/answer/read/calibration.json")
_LEFT_OUT = 4  # every fourth paragraph
_MOST_OF_DOCUMENT = 20_000  # characters in which the service looks for a name
# Questions as an office asks them count double: the others are of encyclopaedias.
_WEIGHTS = {
    "cmrc": 1.0, "drcd": 1.0, "written": 2.0,
    "cmrc reworded": 0.5, "drcd reworded": 0.5, "written reworded": 1.0,
}  # fmt: skip
_OF_ENCYCLOPAEDIAS = 0.3  # of all these beside questions that offices ask their own documents
_REWORDED = (0.35, 0.7)  # of the words, where others are known for them


@dataclass(frozen=True)
class Read:
    """One question with the sentences read for it, and which of these are right."""

    source: str
    answerable: bool
    question: Question
    found: list[Evidence]
    reads: list[PassageRead]
    rows: Floats  # (sentences, features)
    right: NDArray[np.bool_]
    gold: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("build/encoder/calibration"))
    parser.add_argument("--noise", type=int, default=2500, help="news articles beside them")
    parser.add_argument("--most", type=int, default=500, help="questions of a set")
    parser.add_argument("--gold", nargs="*", default=(), metavar="QUESTIONS=INDEX")
    options = parser.parse_args()
    held = held_out(options.data, options.most)
    if not (options.work / "index").is_dir():
        write_archive(held, options.data, options.work, options.noise)
    kept = options.work / "read.pickle"
    if not kept.exists():
        kept.write_bytes(pickle.dumps(list(read_all(held, options.work / "index"))))
    read: list[Read] = pickle.loads(kept.read_bytes())
    near = BuiltinEmbedder()
    rows = np.concatenate([each.rows for each in read])
    right = np.concatenate([each.right for each in read]).astype(float)
    weights = {"sentence": fit(rows, right)}
    second = OnnxPassageReader(SECOND_MODEL)
    text = partial(open_index(options.work / "index").text, start=0, end=_MOST_OF_DOCUMENT)
    judged = [judge(each, weights["sentence"], near, second, text) for each in read]
    share = np.asarray([_WEIGHTS[each.source] for each in judged])
    rows = np.asarray([each.row for each in judged])
    report: dict[str, object] = {}
    befores: dict[str, Floats] = {}
    asked = np.asarray([not each.source.endswith("reworded") for each in judged])
    for name in ("answer", "value"):
        # Words exchanged at random may ask for another value: they tell nothing of values.
        own = share if name == "answer" else share * asked
        right = np.asarray([getattr(each, name) for each in judged], dtype=float)
        weights[name] = fit(rows, right, own)
        befores[name] = crossed(rows, right, own)
        report[name] = figures(befores[name], right, judged, own > 0)
    sets_asked = [map(Path, given.rsplit("=", 1)) for given in options.gold]
    offices = [each for gold, index in sets_asked for each in of_office(gold, index, weights)]
    every = [*judged, *offices]
    for name, again in (("answer", "answer"), ("value", "second_value")):
        # On chances that a fit without the question gave, as the service meets new ones.
        first = chances_of(np.asarray([each.row for each in offices]) @ weights[name])
        told = np.asarray(
            [second_row(b, j.second) for b, j in zip([*befores[name], *first], every, strict=True)]
        )
        right = np.asarray([getattr(each, again) for each in every], dtype=float)
        own = share if name == "answer" else share * asked
        share_of_all = np.concatenate([_OF_ENCYCLOPAEDIAS * own, np.ones(len(offices))])
        weights[f"second {name}"] = fit_scaled(told, right, share_of_all)
        chances = crossed(told, right, share_of_all, fit_scaled)
        report[f"second {name}"] = figures(chances, right, every, share_of_all > 0)
    _OUT.write_text(
        json.dumps(
            {
                "features": ALL_FEATURES,
                **{name: [round(float(w), 4) for w in each] for name, each in weights.items()},
            },
            indent=1,
        )
        + "\n"
    )
    print(json.dumps(report, indent=1))


def held_out(data: Path, most: int) -> list[tuple[str, sets.Paragraph]]:
    draw = random.Random(3)
    found = []
    for name, paragraphs in (
        ("cmrc", sets.paragraphs(data, "cmrc2018-train")),
        ("drcd", sets.paragraphs(data, "drcd-dev")),
        ("written", sets.written(data)),
    ):
        own = []
        for paragraph in paragraphs:
            part = sets.part(paragraph.title or paragraph.text[:40])
            if part % 2 == 1 if name == "drcd" else part >= DEV_PART:
                own.append(paragraph)
        draw.shuffle(own)
        count = 0
        for paragraph in own:
            if count >= most:
                break
            count += len(paragraph.asked)
            found.append((name, paragraph))
    return found


def write_archive(
    held: list[tuple[str, sets.Paragraph]], data: Path, work: Path, noise: int
) -> None:
    shutil.rmtree(work, ignore_errors=True)
    texts = work / "texts"
    texts.mkdir(parents=True)
    for at, (_, paragraph) in enumerate(held):
        if at % _LEFT_OUT:
            head = f"{paragraph.title}\n\n" if paragraph.title else ""
            (texts / f"p{at:05}.txt").write_text(head + paragraph.text + "\n", encoding="utf-8")
    news = list(sets.articles(data))[-noise:]
    for at, text in enumerate(news):
        (texts / f"n{at:05}.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "indexer", "build", str(texts), "--index", str(work / "index")]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def read_all(held: list[tuple[str, sets.Paragraph]], index: Path) -> Iterator[Read]:
    archive = open_index(index)
    reader, near = OnnxPassageReader(), BuiltinEmbedder()
    rewordings = [Rewording(DEFAULT_FOLDER, replace, 0.1) for replace in _REWORDED]
    draw = random.Random(11)
    for at, (source, paragraph) in enumerate(held):
        for number, asked in enumerate(_and_reworded(paragraph.asked, rewordings, draw)):
            name = f"{source} reworded" if number % 2 else source
            question = analyse(asked.question)
            hits = search(archive, near, near, asked.question, k=8)
            found, reads = sentences(question, hits, reader)
            if not found:
                continue
            is_there = at % _LEFT_OUT != 0 and asked.start >= 0
            gold = paragraph.text[asked.start : asked.end] if is_there else ""
            told = paragraph.text[slice(*asked.sentence)] if asked.sentence else ""
            right = [
                is_there and e.hit.source.endswith(f"p{at:05}.txt") and _says(e, gold, told)
                for e, _ in found
            ]
            rows = sentence_features(question, [scored for _, scored in found], near)
            evidence = [e for e, _ in found]
            yield Read(name, is_there, question, evidence, reads, rows, np.asarray(right), gold)


def _and_reworded(
    asked: Sequence[sets.Asked], rewordings: Sequence[Rewording], draw: random.Random
) -> Iterator[sets.Asked]:
    """Each question, and the same in few or in many other words."""
    for each in asked:
        yield each
        yield replace(each, question=draw.choice(rewordings).reword(each.question, draw))


def judge(
    read: Read,
    weights: Floats,
    near: BuiltinEmbedder,
    second: OnnxPassageReader,
    document_text: DocumentText,
) -> Judged:
    chances = chances_of(read.rows @ weights)
    ranked = rank(read.found, chances)
    best = int(np.argmax(chances))
    answer = bool(read.right[best])
    value = answer and bool(read.gold) and is_right(value_of(ranked[0]), read.gold)
    row = features(read.question, ranked, read.reads, near)
    passage = ranked[0].hit.passage
    (again,) = second.read(read.question.folded, [(passage.context, passage.text)])
    best_again = with_value(ranked[0], again)
    bound = bind(read.question, ranked, document_text)
    lacks = lacking(read.question, ranked[0], [e.quote for e in ranked[:3]])
    lacking_row = (*lacks.row, float(bound.is_exact))
    told = second_features(row, ranked[0], best_again, again, lacking_row)
    is_right_again = answer and bool(read.gold) and is_right(value_of(best_again), read.gold)
    return Judged(read.source, read.answerable, row, told, answer, value, is_right_again)


def _says(best: Evidence, gold: str, sentence: str) -> bool:
    said = letters(uniform(best.quote))
    wanted = letters(uniform(gold)) if gold else letters(fold(sentence))
    return bool(wanted) and (wanted in said or (not gold and said in wanted))


def figures(
    chances: Floats,
    right: Floats,
    judged: list[Judged],
    counted: NDArray[np.bool_],
) -> dict[str, object]:
    chances, right = chances[counted], right[counted]
    judged = [each for each, is_counted in zip(judged, counted, strict=True) if is_counted]
    there = np.asarray([each.answerable for each in judged])
    bins = np.clip((chances * 10).astype(int), 0, 9)
    error = sum(
        abs(chances[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in range(10)
        if (bins == b).any()
    )
    order = np.argsort(-chances)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    found: dict[str, object] = {
        "questions": len(chances),
        "right": round(float(right[there].mean()), 3),
        "auc": round(_auc(chances[right == 1], chances[right == 0]), 3),
        "ece": round(float(error), 3),
    }
    for least in (0.9, 0.95, 0.97):
        enough = np.flatnonzero(precision >= least)
        if len(enough):
            last = enough[-1]
            found[f"right {least}"] = {
                "from": round(float(chances[order[last]]), 3),
                "shown of answerable": round(float((last + 1) / there.sum()), 3),
            }
    for lost in (0.01, 0.03, 0.05):
        limit = float(np.quantile(chances[there], lost))
        found[f"refused {lost}"] = {
            "below": round(limit, 3),
            "of unanswerable": round(float((chances[~there] < limit).mean()), 3),
        }
    for source in (*_WEIGHTS, "office"):
        own = np.asarray([each.source == source for each in judged])
        if not own.any():
            continue
        found[source] = {
            "right": round(float(right[own & there].mean()), 3),
            "auc": round(_auc(chances[own & (right == 1)], chances[own & (right == 0)]), 3),
            "refused at 3 %": round(
                float((chances[own & ~there] < np.quantile(chances[own & there], 0.03)).mean()), 3
            ),
        }
    return found


def _auc(high: Floats, low: Floats) -> float:
    return float(np.mean(high[:, None] > low[None, :]) + 0.5 * np.mean(high[:, None] == low[None]))


if __name__ == "__main__":
    main()
