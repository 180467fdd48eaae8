"""Standing measurements: the committed page and its data, and the command on tiny material."""

import json
import lzma
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from eval.__main__ import app
from eval.runs.curves import AREA
from eval.sets.halves import not_embedded, unseen
from eval.sets.rows import Measured
from eval.sets.squad import load_squad
from eval.standing.catalogue import CATALOGUE
from eval.standing.entries import DATA, PAGE, read_entries, write_entry
from eval.standing.kept import EvaluationUnusable
from eval.standing.measuring import thinned
from eval.standing.page import render
from tests.eval.small_entries import entry, row
from tests.eval.small_sets import NEWS, SQUAD, write_squad
from tests.source import ROOT
from training.data import Paragraph, normalise, split_half

DOCS = ROOT / "docs"


# -- what is committed ----------------------------------------------------------------------------


def test_the_page_and_its_data_agree() -> None:
    """Else: python -m eval measure --page-only"""
    assert (DOCS / PAGE).read_text(encoding="utf-8") == render(read_entries(DOCS))


# New ones, whose first figures are still to come. Whoever makes them takes them out of here.
NOT_MADE_YET: set[str] = set()


def test_every_measurement_was_made() -> None:
    entries = read_entries(DOCS)
    made = [measurement for measurement in CATALOGUE if measurement.name not in NOT_MADE_YET]
    assert set(entries) == {measurement.name for measurement in made}
    for measurement in made:
        kept = entries[measurement.name]
        assert kept.command == measurement.command
        assert kept.code["commit"]
        assert kept.memory_mib > 0
        assert kept.crashed == 0


def test_committed_figures_are_shares_over_what_was_asked() -> None:
    for made in read_entries(DOCS).values():
        for line in made.rows:
            assert line.figures["right"].n == line.questions > 0
            for measured in line.figures.values():
                assert (measured.value is None) == (measured.n == 0)
                assert measured.value is None or 0 <= measured.value <= 1


# -- the half of DRCD -----------------------------------------------------------------------------


def test_the_half_is_the_one_that_training_left_out(tmp_path: Path) -> None:
    titles = ["梵語", "經濟學", "臺灣", "Ｆ１賽車", "永平", "河流", "黃河", "長江"]
    data = {
        "data": [
            {"title": title, "paragraphs": [_paragraph(title, part) for part in "甲乙丙"]}
            for title in titles
        ]
    }
    questions = load_squad(write_squad(tmp_path / "d.json", data)).questions
    as_trained = [
        Paragraph(f"{title}{part}", normalise(title), "", ())
        for title in titles
        for part in "甲乙丙"
    ]
    left_out = [paragraph.paragraph_id for paragraph in split_half(as_trained)[1]]
    assert [question.gold.id for question in not_embedded(questions)] == left_out
    assert 0 < len(left_out) < len(as_trained)
    # The reader learned from the second, fourth, sixth … paragraph of the file.
    odd = {paragraph.paragraph_id for paragraph in as_trained[::2]}
    assert [q.gold.id for q in unseen(questions)] == [id_ for id_ in left_out if id_ in odd]


def _paragraph(title: str, part: str) -> dict[str, Any]:
    row = {"id": title + part, "question": f"{part}是什么？", "answers": [{"text": part}]}
    return {"context": f"{title}的{part}段。", "qas": [row]}


# -- the command ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every file that there is, tiny."""
    folder = tmp_path_factory.mktemp("data")
    pack(folder / "cmrc2018-trial.json.xz", json.dumps(SQUAD))
    rivers, school = SQUAD["data"]
    split = {"data": [rivers, school | {"title": "昭觉"}]}
    pack(folder / "drcd-dev.json.xz", json.dumps(split))
    pack(folder / "news.jsonl.xz", "".join(json.dumps({"text": text}) + "\n" for text in NEWS))
    return folder


def pack(path: Path, text: str) -> None:
    path.write_bytes(lzma.compress(text.encode()))


def call(docs: Path, data: Path, *arguments: str) -> Result:
    """`measure` on this material; there are no founding documents."""
    options = ["--docs", docs, "--data", data, "--cache", data / "cache", "--seeds", data / "none"]
    return CliRunner().invoke(app, ["measure", *arguments, *map(str, options)])


def test_measurements_on_tiny_material(tmp_path: Path, data: Path) -> None:
    done = call(tmp_path, data, "open-drcd", "noise-drcd")
    assert done.exit_code == 0, done.output
    entries = read_entries(tmp_path)
    assert list(entries) == ["noise-drcd", "open-drcd"]
    noise, opened = entries.values()
    assert (opened.documents, opened.model) == (6, "extractive")  # four paragraphs, two articles
    # By hand: 河流 is in the half that the embedding model learned from, 昭觉 is not; of its
    # paragraphs the third and the fifth are odd, which the reader did not learn from.
    assert [(row.label, row.questions) for row in opened.rows] == [("all", 3), ("all, unseen", 2)]
    assert opened.rows[0].figures["found@1"] == Measured(1.0, 3)
    labels = [f"noise {share}" for share in ("0", "0.2", "0.4", "0.6", "0.8", "alone")]
    assert [(row.label, row.questions) for row in noise.rows] == [
        *(pair for label in labels for pair in ((label, 3), (f"{label}, unseen", 2))),
        ("noise 0.8 and noise alone", 6),
        ("noise 0.8 and noise alone, unseen", 4),
    ]
    rows = {row.label: row.figures for row in noise.rows}
    assert rows["noise 0"]["answer_hit"] == Measured(1.0, 3)
    assert rows["noise alone, unseen"]["answer_hit"] == Measured(None, 0)
    assert rows["noise alone, unseen"]["refusal_recall"].n == 2
    assert rows["noise 0.8 and noise alone"]["refused_at_5"].n == 3
    assert rows["noise alone"]["refused_at_5"] == Measured(None, 0)  # at no price: nothing to lose
    assert rows["noise 0"][AREA] == Measured(0.0, 3)
    assert noise.settings["passages"] == 5
    page = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert page == render(entries)
    assert "`python -m eval measure noise-drcd`" in page
    assert "| noise alone | 3 |" in page


def test_a_sample_is_shown_and_not_written(tmp_path: Path, data: Path) -> None:
    done = call(tmp_path, data, "read-cmrc", "open-drcd", "--sample", "2")
    assert done.exit_code == 0, done.output
    assert not any(tmp_path.iterdir())
    assert "`python -m eval measure read-cmrc`" in done.output
    assert "sample 2" in done.output
    assert "| what answers | 2 | 100.0 | 100.0 | 100.0 |" in done.output
    assert "| all, unseen | " in done.output
    assert thinned(range(10), 3) == [0, 3, 6]
    assert thinned("abc", 5) == "abc"
    assert thinned("abc", None) == "abc"


def test_refusals_on_tiny_material(tmp_path: Path, data: Path) -> None:
    done = call(tmp_path, data, "refuse-cmrc")
    assert done.exit_code == 0, done.output
    made = read_entries(tmp_path)["refuse-cmrc"]
    # By hand: the digests put 河流 and 永平 into the parts that are cut and kept.
    labels = [row.label for row in made.rows]
    assert labels == ["answerable", "near misses", "value taken out", "another year"][: len(labels)]
    assert made.settings["left_out"] == 0


def test_without_material_the_old_figures_stay(tmp_path: Path) -> None:
    write_entry(tmp_path, entry("read-cmrc", row("what answers", right=(0.5, 4))))
    before = (tmp_path / DATA).read_bytes()
    done = call(tmp_path, tmp_path / "nowhere", "read-cmrc", "seeds")
    assert done.exit_code == 0
    missing = tmp_path / "nowhere"
    assert done.output.splitlines() == [
        f"seeds: skipped, there is no {missing / 'none'}",
        f"read-cmrc: skipped, there is no {missing / 'cmrc2018-trial.json.xz'}, "
        f"{missing / 'news.jsonl.xz'}",
    ]
    assert (tmp_path / DATA).read_bytes() == before
    assert "| what answers | 4 | 50.0 |" in (tmp_path / PAGE).read_text(encoding="utf-8")


def test_the_page_alone(tmp_path: Path, data: Path) -> None:
    write_entry(tmp_path, entry("corpus", row("all", right=(0.25, 4))))
    done = call(tmp_path, data, "--page-only")
    assert (done.exit_code, done.output) == (0, "")
    assert list(read_entries(tmp_path)) == ["corpus"]
    assert (tmp_path / PAGE).read_text(encoding="utf-8") == render(read_entries(tmp_path))


def test_what_is_wrong_with_the_material_is_told_with_its_hint(tmp_path: Path, data: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(data, broken)
    pack(broken / "cmrc2018-trial.json.xz", '{"data": [{}]}')
    done = call(tmp_path, broken, "read-cmrc")
    assert done.exit_code == 1
    assert "cmrc2018-trial.json.xz: data[0].paragraphs: is missing" in done.output
    assert "hint: SQuAD form: data[]" in done.output
    assert not (tmp_path / DATA).exists()


def test_a_set_of_which_nothing_is_asked(tmp_path: Path, data: Path) -> None:
    part = tmp_path / "part"
    shutil.copytree(data, part)
    pack(part / "drcd-dev.json.xz", json.dumps({"data": SQUAD["data"][:1]}))
    done = call(tmp_path, part, "read-drcd")
    assert done.exit_code == 1
    assert "drcd-dev.json.xz: no question is in the half that is asked" in done.output


def test_a_measurement_that_there_is_not(tmp_path: Path, data: Path) -> None:
    done = call(tmp_path, data, "everything")
    assert done.exit_code == 1
    assert "no measurement 'everything'" in done.output
    assert "hint: one of: corpus, seeds, open-cmrc" in done.output


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "JSONDecodeError"),
        ('{"format": 0}', "format: is 0"),
        ('{"format": 1}', "KeyError: 'measurements'"),
        ('{"format": 1, "measurements": {"corpus": {}}}', "corpus.name: Field required"),
    ],
)
def test_data_that_is_none(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / DATA).write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationUnusable, match=says):
        read_entries(tmp_path)


# -- the page -------------------------------------------------------------------------------------


def test_a_table_by_hand() -> None:
    made = entry(
        "noise-cmrc",
        row("noise 0", crashed=2, right=(0.91234, 1002), quotes_exact=(1.0, 1911)),
        row("noise alone", right=(0.2, 1002), refusal_recall=(0.2, 1002)),
    )
    page = render({"noise-cmrc": made})
    part = page.partition("## CMRC, among noise\n")[2].partition("\n## ")[0]
    assert part.split("\n\n", 1)[1].splitlines() == [
        "`python -m eval measure noise-cmrc`",
        "",
        "2026-11-22, version 0.1.0 (012345678), model extractive. 20,256 documents, 60,000 "
        "passages; k 8, noise 0.0/0.5. 123 s in all, 302 MiB at most. **2 questions crashed.**",
        "",
        "|  | n | right |",
        "| --- | ---: | ---: |",
        "| noise 0 | 1,002 | 91.2 |",
        "| noise alone | 1,002 | 20.0 |",
        "",
        "|  | n | quotes exact | refused rightly | ms p50 | ms p95 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| noise 0 | 1,002 | 100.0 (1,911) | – | 41 | 60 |",
        "| noise alone | 1,002 | – | 20.0 | 41 | 60 |",
    ]
    glance = page.partition("## At a glance\n\n")[2].partition("\n\n")[0]
    assert glance.splitlines()[2:] == [
        "| CMRC, among noise: noise alone | 1,002 | 20.0 | – | 20.0 | 41 | 60 |"
    ]
    assert page.count("Not measured yet.") == len(CATALOGUE) - 1


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    first = entry("corpus", row("all", right=(1 / 3, 3)))
    write_entry(tmp_path, first)
    both = write_entry(tmp_path, entry("seeds", row("all", right=(1.0, 2))))
    assert list(both) == ["corpus", "seeds"]
    [kept] = both["corpus"].rows
    assert kept.figures["right"] == Measured(0.333333, 3)
    assert kept.latency_ms == {"asked": {"p50": 41.3, "p95": 60}}
    again = write_entry(tmp_path, entry("corpus", row("all", right=(0.5, 4))))
    assert again["corpus"].rows[0].figures["right"] == Measured(0.5, 4)
