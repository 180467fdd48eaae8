"""POST /v1/ask and /v1/search through the real archive, and what they hand on."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.records import Filters, Turn
from tests.service.api.conftest import client_of
from tests.service.api.fakes import FakeArchive

QUESTION = "金野以匹村的贫困户每户分到多少钱？"
CITATION_FIELDS = {
    "n", "document_id", "title", "source", "url", "date", "passage_id", "start", "end", "quote",
    "page", "score", "place", "organisation", "further_sources",
}  # fmt: skip


def test_an_answer_has_its_proof(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert {
        "answer_id", "question", "answer", "abstained", "abstention", "short_answer", "sentences",
        "citations", "conflicts", "confidence", "model", "generation", "timings_ms",
    } <= set(answer)  # fmt: skip
    assert answer["abstained"] is False
    assert "1500元" in answer["answer"]
    assert (answer["question"], answer["model"]) == (QUESTION, "extractive")
    assert set(answer["timings_ms"]) == {"retrieve", "answer", "total"}
    (cited, *_) = answer["citations"]
    assert set(cited) == CITATION_FIELDS
    assert (cited["source"], cited["date"]) == ("2020/分红.md", "2020-05-28")
    text = client.get(f"/v1/documents/{cited['document_id']}").json()["text"]
    assert text[cited["start"] : cited["end"]] == cited["quote"]
    assert {"text", "support", "resolved", "citations", "checked"} == set(answer["sentences"][0])
    assert answer["sentences"][0]["support"] == "quoted"


def test_an_abstention_says_why(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": "火星探测器的轨道高度是多少？"}).json()
    assert answer["abstained"] is True
    assert answer["sentences"] == []
    assert set(answer["abstention"]) == {"reason", "nearest", "missing", "examples"}
    assert answer["abstention"]["reason"] in {"no_relevant_document", "fact_not_found"}


def test_a_stream_ends_with_the_whole_answer(client: TestClient) -> None:
    whole = client.post("/v1/ask", json={"question": QUESTION}).json()
    streamed = client.post("/v1/ask", json={"question": QUESTION, "stream": True})
    assert streamed.headers["content-type"].startswith("text/event-stream")
    events = parsed(streamed.text)
    names = [name for name, _ in events]
    assert names[0] == "passages"
    assert names[-1] == "done"
    assert names[1:-1] == ["delta", "sentence"] * len(whole["sentences"])
    done = events[-1][1]
    for same in ("answer", "sentences", "citations", "short_answer"):
        assert done[same] == whole[same]
    assert [data["sentence"] for name, data in events if name == "sentence"] == done["sentences"]
    shown = [c for name, data in events if name == "sentence" for c in data["citations"]]
    assert shown == done["citations"]


def parsed(body: str) -> list[tuple[str, Any]]:
    events = []
    for block in body.strip().split("\n\n"):
        name, data = block.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def test_everything_asked_for_is_handed_on() -> None:
    fake = FakeArchive()
    body = {
        "question": "每户多少？",
        "k": 3,
        "collection": "default",
        "filters": {"source": "2020/*", "date_from": "2020-01-01", "date_to": None},
        "history": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}],
    }
    with client_of(fake) as client:
        assert client.post("/v1/ask", json=body).json()["timings_ms"]["retrieve"] == 1.3
        assert client.post("/v1/ask", json=body | {"stream": True}).status_code == 200
        nulls = {"question": "每户？", "filters": None, "history": None}
        assert client.post("/v1/ask", json=nulls).status_code == 200
    turns = (Turn("user", "a"), Turn("assistant", "b"))
    asked = ("每户多少？", 3, Filters("2020/*", "2020-01-01", None), turns)
    assert fake.asked == [asked, asked, ("每户？", 8, Filters(), ())]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_search_finds_the_passage(client: TestClient, mode: str) -> None:
    body = client.post("/v1/search", json={"query": "每户分到1500元", "mode": mode}).json()
    assert {"hits", "generation", "timings_ms"} <= set(body)
    first = body["hits"][0]
    assert {
        "rank", "score", "passage_id", "document_id", "title", "source", "date", "start", "end",
        "text", "highlights", "scores",
    } <= set(first)  # fmt: skip
    assert (first["rank"], first["source"]) == (1, "2020/分红.md")
    assert set(first["scores"]) == {"dense", "lexical", "rerank"}
    assert [hit["rank"] for hit in body["hits"]] == list(range(1, len(body["hits"]) + 1))
    for start, end in first["highlights"]:
        assert 0 <= start < end <= len(first["text"])


def test_search_keeps_to_its_filters_and_k(client: TestClient) -> None:
    body = {"query": "县医院", "filters": {"source": "2020/*"}}
    hits = client.post("/v1/search", json=body).json()["hits"]
    assert hits
    assert all(hit["source"].startswith("2020/") for hit in hits)
    assert len(client.post("/v1/search", json={"query": "县医院", "k": 1}).json()["hits"]) == 1
    dated = {"query": "县医院", "filters": {"date_from": "2020-08-06", "date_to": "2020-08-06"}}
    found = client.post("/v1/search", json=dated).json()["hits"]
    assert {hit["source"] for hit in found} == {"2020/就医.txt"}


def test_search_answers_as_the_contract_says() -> None:
    with client_of(FakeArchive()) as client:
        body = client.post("/v1/search", json={"query": "每户", "mode": "lexical"}).json()
    assert body == {
        "hits": [
            {
                "rank": 1,
                "score": 0.5,
                "passage_id": "d1-0",
                "document_id": "d1",
                "title": "金野以匹村的分红",
                "source": "a.md",
                "url": None,
                "date": "2020-05-28",
                "organisation": None,
                "start": 0,
                "end": 16,
                "text": "金野以匹村，每户分到1500元。",
                "headings": ["一、产业"],
                "page": None,
                "highlights": [[0, 5]],
                "scores": {"dense": 0.25, "lexical": 3.5, "rerank": None},
            }
        ],
        "generation": "g000001/lexical",
        "timings_ms": {"retrieve": 1.3, "total": 1.3},
        "note": None,
    }
