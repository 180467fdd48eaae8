"""Sets in SQuAD form through the command line: what becomes of them, what a broken one leaves."""

import json
import lzma
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.evidence import find_quote
from eval.gold import Evidence, GoldQuestion, Kind, load_gold
from tests.eval.making_imports import call, refused

CONTEXT = "白石村修了一座桥。桥长214米,2019年5月3日通车!村民都来看。"


def qa(id_: Any, question: str, *answers: tuple[str, int], **more: Any) -> dict[str, Any]:
    given = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": id_, "question": question, "answers": given} | more


def squad(*qas: dict[str, Any], context: str = CONTEXT) -> dict[str, Any]:
    return {"data": [{"title": "x", "paragraphs": [{"context": context, "qas": list(qas)}]}]}


QAS = (
    qa("1", "桥长多少?", ("214米", CONTEXT.index("214")), ("214米", CONTEXT.index("214"))),
    qa("2", "哪天通车?", ("2019年5月3日", 0)),  # a start that is wrong: looked for
    qa(3, "修了什么?", ("一座桥", 5), ("桥", 7)),
    qa("4", "花了多少钱?", is_impossible=True),
    qa("5", "谁来看?"),
    qa("6", " ? ", ("桥", 7)),
)


def test_squad(tmp_path: Path) -> None:
    path, out, docs = tmp_path / "set.json.xz", tmp_path / "gold.jsonl", tmp_path / "docs"
    path.write_bytes(lzma.compress(json.dumps(squad(*QAS)).encode()))
    done = call("--from", "squad", path, "--out", out, "--documents", docs)
    assert done.exit_code == 0, done.output
    assert done.stdout == (
        f"1 documents in {docs}, 5 questions in {out}\n"
        "set.json.xz: 1 blank questions were left out\n"
    )
    assert [file.name for file in docs.iterdir()] == ["aaaaaa.txt"]
    assert (docs / "aaaaaa.txt").read_text(encoding="utf-8") == CONTEXT
    second = Evidence("aaaaaa.txt", "桥长214米,2019年5月3日通车!")
    assert load_gold(out) == [
        GoldQuestion("1", Kind.FIGURE, "桥长多少?", (("214米",),), (second,)),
        GoldQuestion("2", Kind.DATE, "哪天通车?", (("2019年5月3日",),), (second,)),
        GoldQuestion(
            "3",
            Kind.FACT,
            "修了什么?",
            (("一座桥", "桥"),),
            (Evidence("aaaaaa.txt", "白石村修了一座桥。"),),
        ),
        GoldQuestion("4", Kind.NO_ANSWER, "花了多少钱?", (), ()),
        GoldQuestion("5", Kind.NO_ANSWER, "谁来看?", (), ()),
    ]


@pytest.mark.parametrize(
    ("root", "message"),
    [
        ([], "is not in SQuAD form: the field data is missing"),
        ({"data": {}}, "data: must be a list"),
        ({"data": [3]}, "data[0]: must be an object"),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "data[0].paragraphs[0].context: is missing"),
        (squad(), "holds no question"),
        (squad(qa("1", "几米?") | {"question": 3}), ".qas[0].question: must be a text"),
        (squad(qa(None, "几米?")), "data[0].paragraphs[0].qas[0].id: must be a text"),
        (
            squad(QAS[0], QAS[0]),
            ".qas[1].id: '1' is the id of a question before it as well",
        ),
        (squad(qa("1", "几米?", ("215米", 3))), ".qas[0].answers: hold a text that is not in"),
        (squad(qa("1", "几米?", is_impossible=False)), ".qas[0].answers: is empty, but is_imposs"),
        (squad(qa("1", "几米?") | {"answers": [{}]}), ".qas[0].answers[0].text: is missing"),
    ],
)
def test_a_broken_squad_file_is_named_by_place(tmp_path: Path, root: Any, message: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(json.dumps(root), encoding="utf-8")
    docs = tmp_path / "docs"
    said = refused(
        tmp_path, "--from", "squad", path, "--out", tmp_path / "g.jsonl", "--documents", docs
    )
    assert message in said
    assert said.startswith(f"error: {path}: ")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("set.json", b'{"data": [', ":1: column 11: is not in SQuAD form: not JSON"),
        ("set.json", b"\xff\xfe\xfd", "can't be read ('utf-8' codec"),
        ("set.json.xz", b"not packed", "can't be read (Input format not supported"),
        ("set.json", b"[" * 200_000, "is nested too deeply"),
    ],
)
def test_what_is_no_squad_file(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    arguments = ("--out", tmp_path / "g.jsonl", "--documents", tmp_path / "docs")
    assert message in refused(tmp_path, "--from", "squad", tmp_path / name, *arguments)
    assert "No such file" in refused(tmp_path, "--from", "squad", tmp_path / "no.json", *arguments)


def test_nothing_is_overwritten_by_accident(tmp_path: Path) -> None:
    path, out, docs = tmp_path / "set.json", tmp_path / "gold.jsonl", tmp_path / "docs"
    path.write_text(json.dumps(squad(*QAS)), encoding="utf-8")
    command = ("--from", "squad", path, "--out", out, "--documents", docs)
    assert "the paragraphs need a folder" in refused(tmp_path, *command[:-2])
    docs.mkdir()
    (docs / "mine.txt").write_text("mine")
    assert f"{docs} is there already and not empty" in refused(tmp_path, *command)
    assert call(*command, "--overwrite").exit_code == 0
    assert (docs / "mine.txt").read_text() == "mine"
    assert (docs / "aaaaaa.txt").exists()
    out.write_text("mine")
    assert f"{out} is there already" in refused(tmp_path, *command)
    assert out.read_text() == "mine"
    assert "2 files, but one gold file" in refused(
        tmp_path, "--from", "csv", path, path, "--out", tmp_path / "other.jsonl"
    )


SENTENCES = st.lists(st.text("桥长米,。!\n 1“”；a", min_size=1, max_size=8), min_size=1).map(
    "".join
)


@given(SENTENCES.filter(str.strip), st.data())
def test_evidence_holds_the_answer_and_stands_in_its_document(
    context: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(context) - 1))
    text = context[start : data.draw(st.integers(start + 1, len(context)))]
    root = squad(qa("1", "几米?", (text, start)), context=context)
    with TemporaryDirectory() as folder:
        path, out, docs = (Path(folder) / name for name in ("set.json", "gold.jsonl", "docs"))
        path.write_text(json.dumps(root), encoding="utf-8")
        done = call("--from", "squad", path, "--out", out, "--documents", docs)
        if not text.strip():
            assert "must be a text that is not empty" in done.stderr
            return
        assert done.exit_code == 0, done.output
        [question] = load_gold(out)
        [evidence] = question.evidence
        stored = (docs / evidence.document).read_text(encoding="utf-8")
        assert stored == context
        assert find_quote(stored, evidence.quote)
        assert text.strip() in evidence.quote
