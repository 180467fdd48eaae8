"""The third round by a real cross-encoder, a tiny random one: order, values, failures, doors."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.embed.builtin import BuiltinEmbedder
from indexer.errors import EmbedderUnavailable, InvalidRequest, RerankerFailed, RerankerUnavailable
from indexer.pipeline import build
from service.archive import Archive
from service.llm.extractive import Extractive
from service.records import Hit, SearchMode
from service.retrieve.cross_encoder import CrossEncoderReranker
from service.retrieve.rerank import Reranker, load_reranker
from service.settings import Settings
from tests.service.api.conftest import client_of
from tests.service.retrieve.tiny_cross_encoders import save_cross_encoder

pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
pytestmark = pytest.mark.filterwarnings("default")  # torch and its friends warn as they like

JUDGED, WEIGHT = CrossEncoderReranker.depth, CrossEncoderReranker.weight

ROOT = Path(__file__).parents[3]
QUERY = "县医院收到多少口罩"
TOWNS = "金木水火土山川河湖海东西南北中春夏秋冬梅兰竹菊松柏桃李杏"
WORDS = "甲乙丙丁戊己庚辛壬癸"


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """36 documents, each of one passage: more than a cross-encoder is asked to judge."""
    folder = tmp_path_factory.mktemp("rerank")
    (folder / "docs").mkdir()
    for at in range(36):
        place, giver = f"{TOWNS[at % 27]}{TOWNS[at * 7 % 27]}县", WORDS[at % 10] + WORDS[at // 10]
        text = f"{place}捐赠记\n\n{place}医院收到{giver}公司送来的口罩{at * 37}只，医生很高兴。"
        (folder / "docs" / f"{at:02}.txt").write_text(text, encoding="utf-8")
    build([folder / "docs"], folder / "index", BuiltinEmbedder())
    return folder / "index"


@pytest.fixture(scope="module")
def model(index_dir: Path) -> Path:
    texts = "".join(path.read_text("utf-8") for path in (index_dir.parent / "docs").iterdir())
    return save_cross_encoder(index_dir.parent / "model", texts + QUERY)


@pytest.fixture(scope="module")
def plain(index_dir: Path) -> Archive:
    return Archive.open(index_dir, Settings())


@pytest.fixture(scope="module")
def archive(index_dir: Path, model: Path) -> Archive:
    return Archive.open(index_dir, Settings(rerank=f"st:{model}"))


class Breaks:
    """A cross-encoder that dies in use."""

    name, depth, weight = "st:breaks", JUDGED, WEIGHT

    def scores(self, query: str, passages: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        raise RerankerFailed("the cross-encoder broke off", hint="leave it out")


class Down(BuiltinEmbedder):
    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        raise EmbedderUnavailable("no server", hint="start it")


def with_reranker(
    archive: Archive, reranker: Reranker, embedder: BuiltinEmbedder | None = None
) -> Archive:
    near = BuiltinEmbedder()
    return Archive(
        archive.reader,
        embedder or near,
        Extractive(),
        near=near,
        max_question_chars=99,
        reranker=reranker,
    )


def logits_of(model: Path, texts: Sequence[str]) -> NDArray[np.float32]:
    """What the model gives when it is called directly, a text at a time."""
    import torch
    from transformers import AutoTokenizer, BertForSequenceClassification

    tokenizer: Any = AutoTokenizer.from_pretrained(model)
    bert: Any = BertForSequenceClassification.from_pretrained(model)
    bert.eval()
    with torch.no_grad():
        return np.asarray(
            [
                bert(
                    **tokenizer(QUERY, text, return_tensors="pt", truncation=True, max_length=128)
                ).logits.item()
                for text in texts
            ],
            dtype=np.float32,
        )


def text_of(hit: Hit) -> str:
    return f"{hit.passage.context}\n{hit.passage.text}"


def test_scores_are_the_sigmoid_of_what_the_model_says(model: Path) -> None:
    reranker = load_reranker(f"st:{model}")
    assert reranker is not None
    assert reranker.name == f"st:{model}"
    texts = ["县医院收到口罩三只", "公司", "医生很高兴" * 60, "东县捐赠记\n东县医院收到口罩"]
    found = reranker.scores(
        QUERY, [tuple(each.split("\n")) if "\n" in each else ("", each) for each in texts]
    )
    expected = 1 / (1 + np.exp(-logits_of(model, texts)))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert found.dtype == np.float32
    assert np.ptp(found) > 0.05
    assert reranker.scores(QUERY, []).shape == (0,)


def test_the_best_thirty_are_ranked_by_the_mix(
    plain: Archive, archive: Archive, model: Path
) -> None:
    before = plain.search(QUERY, k=36).hits
    after = archive.search(QUERY, k=36).hits
    assert len(before) == 36
    judged = dict(
        zip(
            (hit.source for hit in before[:JUDGED]),
            1 / (1 + np.exp(-logits_of(model, [text_of(hit) for hit in before[:JUDGED]]))),
            strict=True,
        )
    )
    mixed = {
        hit.source: WEIGHT * float(judged.get(hit.source, 0.0)) + (1 - WEIGHT) * hit.score
        for hit in before
    }
    assert [hit.source for hit in after] == sorted(mixed, key=lambda source: -mixed[source])
    assert [hit.source for hit in after[:JUDGED]] != [hit.source for hit in before[:JUDGED]]
    assert [hit.source for hit in after[JUDGED:]] == [hit.source for hit in before[JUDGED:]]
    for hit in after:
        assert hit.score == pytest.approx(mixed[hit.source], abs=1e-5)
        assert 0 <= hit.score <= 1
    assert [hit.rank for hit in after] == list(range(1, 37))
    assert [hit.rerank for hit in after[JUDGED:]] == [None] * 6
    for hit in after[:JUDGED]:
        assert hit.rerank == pytest.approx(judged[hit.source], abs=1e-5)


def test_few_hits_are_the_first_of_many(archive: Archive) -> None:
    many, few = archive.search(QUERY, k=36), archive.search(QUERY, k=3)
    assert [hit.source for hit in few.hits] == [hit.source for hit in many.hits[:3]]
    assert few.note is None


@pytest.mark.parametrize("mode", [SearchMode.DENSE, SearchMode.LEXICAL])
def test_a_single_leg_is_left_alone(plain: Archive, mode: SearchMode) -> None:
    broken = with_reranker(plain, Breaks())
    assert broken.search(QUERY, mode=mode).hits == plain.search(QUERY, mode=mode).hits
    assert broken.search(QUERY, mode=mode).note is None


def test_an_answer_rests_on_what_the_cross_encoder_chose(plain: Archive, index_dir: Path) -> None:
    class Likes:
        name, depth, weight = "st:likes", JUDGED, WEIGHT

        def __init__(self, word: str) -> None:
            self._word = word

        def scores(self, query: str, passages: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
            return np.asarray([float(self._word in text) for _, text in passages], np.float32)

    ranked = plain.search(QUERY, k=JUDGED).hits
    assert ranked[0].source != ranked[-1].source
    wanted = ranked[-1]
    liking = with_reranker(plain, Likes(wanted.passage.text))
    assert liking.search(QUERY, k=1).hits[0].source == wanted.source
    answer = liking.ask(QUERY, k=1)
    cited = answer.citations or (answer.abstention.nearest if answer.abstention else ())
    assert {citation.source for citation in cited} == {wanted.source}


def test_one_that_dies_leaves_the_ranking_and_is_told(plain: Archive) -> None:
    broken = with_reranker(plain, Breaks())
    found = broken.search(QUERY)
    assert found.hits == plain.search(QUERY).hits
    assert found.note == "the cross-encoder broke off; ranked without it"
    answer = broken.ask(QUERY)
    assert answer.answer == plain.ask(QUERY).answer
    assert answer.note is not None
    assert "ranked without it" in answer.note


def test_embedder_and_cross_encoder_down_at_once(plain: Archive) -> None:
    found = with_reranker(plain, Breaks(), Down()).search(QUERY)
    assert found.note == (
        "no server; searched by words alone; the cross-encoder broke off; ranked without it"
    )
    assert len(found.hits) == 10


def test_a_real_model_that_breaks_off_is_told(
    index_dir: Path, model: Path, plain: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its weights go: a table of embeddings that is too short, as a damaged model has it."""
    import torch

    archive = Archive.open(index_dir, Settings(rerank=f"st:{model}"))
    reranker: Any = archive._reranker
    bert = reranker._model.model.bert
    whole = bert.embeddings.word_embeddings.weight.data
    bert.embeddings.word_embeddings.weight.data = whole[:3]
    found = archive.search(QUERY)
    assert found.note is not None
    assert "(IndexError)" in found.note
    assert found.hits == plain.search(QUERY).hits
    bert.embeddings.word_embeddings.weight.data = torch.full_like(whole, torch.nan)
    found = archive.search(QUERY)
    assert found.note is not None
    assert "no usable scores" in found.note
    assert found.hits == plain.search(QUERY).hits
    bert.embeddings.word_embeddings.weight.data = whole
    assert archive.search(QUERY).note is None


def test_names_of_no_kind() -> None:
    assert load_reranker("none") is None
    for name in ("", "st:", "st", "none:x", "remote:http://x#y", "BAAI/bge"):
        with pytest.raises(InvalidRequest) as caught:
            load_reranker(name)
        assert "st:NAME-OR-PATH" in caught.value.hint


def test_a_name_that_is_not_on_disk_asks_nobody_and_says_how_to_get_it(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def looked_up(host: object, *_: object, **__: object) -> list[object]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    with pytest.raises(RerankerUnavailable) as caught:
        Archive.open(index_dir, Settings(rerank="st:nobody/no-such-model"))
    assert asked == []
    assert "hf download nobody/no-such-model" in caught.value.hint


def test_what_is_no_cross_encoder_is_refused(tmp_path: Path, model: Path) -> None:
    damaged = save_cross_encoder(tmp_path / "damaged", QUERY)
    weights = (damaged / "model.safetensors").read_bytes()
    (damaged / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    wrong = {
        "can't be loaded": (tmp_path, damaged),
        "one score": (
            save_cross_encoder(tmp_path / "classes", QUERY, labels=3),
            # An embedding model: the library would give it a head of random weights.
            save_cross_encoder(tmp_path / "embedding", QUERY, has_head=False),
        ),
    }
    for words, folders in wrong.items():
        for folder in folders:
            with pytest.raises(RerankerUnavailable, match=words):
                load_reranker(f"st:{folder}")


def test_over_http(archive: Archive, model: Path) -> None:
    with client_of(archive) as client:
        body = client.post("/v1/search", json={"query": QUERY, "k": 36}).json()
    expected = archive.search(QUERY, k=36).hits
    assert [hit["source"] for hit in body["hits"]] == [hit.source for hit in expected]
    assert [hit["scores"]["rerank"] for hit in body["hits"]] == [hit.rerank for hit in expected]
    assert body["note"] is None


def test_over_http_a_failure_is_a_note(plain: Archive) -> None:
    with client_of(with_reranker(plain, Breaks())) as client:
        response = client.post("/v1/search", json={"query": QUERY})
        asked = client.post("/v1/ask", json={"question": QUERY})
    assert (response.status_code, asked.status_code) == (200, 200)
    assert "ranked without it" in response.json()["note"]
    assert "ranked without it" in asked.json()["note"]


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_line_and_the_variable_load_it(
    index_dir: Path, model: Path, archive: Archive
) -> None:
    done = run("ask", QUERY, "--index", index_dir, "--rerank", f"st:{model}", "--json")
    assert done.returncode == 0, done.stderr
    answer, expected = json.loads(done.stdout), archive.ask(QUERY)
    assert [each["source"] for each in answer["citations"]] == [
        each.source for each in expected.citations
    ]
    assert [each["score"] for each in answer["citations"]] == pytest.approx(
        [each.score for each in expected.citations], abs=1e-5
    )
    serve = run("--index", index_dir, "--port", "0", "--rerank", "st:no/such")
    asked = run("ask", QUERY, "--index", index_dir, WENJU_RERANK="st:no/such")
    for wrong in (serve, asked):
        assert wrong.returncode == 1
        (line,) = wrong.stderr.splitlines()
        assert line.startswith("error: the cross-encoder no/such is not on disk")
        assert "hf download no/such" in line
    none = run("ask", QUERY, "--index", index_dir, "--rerank", "none", WENJU_RERANK="st:no/such")
    assert none.returncode == 0, none.stderr
