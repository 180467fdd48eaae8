"""Answers written by hand, for what the service says seldom."""

import json
from collections.abc import Callable

from playwright.sync_api import Route

CITATION: dict[str, object] = {
    "n": 1,
    "document_id": "0" * 16,
    "title": "甲",
    "source": "a.md",
    "url": None,
    "date": "2020-05-28",
    "passage_id": "p",
    "start": 3,
    "end": 9,
    "quote": "每户5元。",
    "page": 2,
    "score": 0.5,
}
SENTENCE: dict[str, object] = {"text": "每户5元。", "support": "verified", "citations": [1]}


def wire(*events: tuple[str, object]) -> str:
    """Events as they are sent, with a heartbeat and all three kinds of line ends."""
    body = ": at work\r\n\r\n"
    for i, (name, data) in enumerate(events):
        end = ("\n", "\r\n", "\r")[i % 3]
        body += f"event: {name}{end}data: {json.dumps(data, ensure_ascii=False)}{end}{end}"
    return body


def stream(*events: tuple[str, object]) -> Callable[[Route], None]:
    """A scripted answer."""
    body = wire(*events)
    headers = {"Content-Type": "text/event-stream; charset=utf-8"}
    return lambda route: route.fulfill(status=200, headers=headers, body=body)


def whole(**given: object) -> dict[str, object]:
    """An answer as the service sends it, with what is given put in."""
    return {
        "answer_id": "a",
        "question": "每户分到多少钱？",
        "answer": "每户5元。[1]",
        "abstained": False,
        "abstention": None,
        "short_answer": None,
        "sentences": [SENTENCE],
        "citations": [CITATION],
        "conflicts": [],
        "confidence": 0.5,
        "model": "extractive",
        "generation": "g",
        "timings_ms": {"total": 12.3},
        "note": None,
        "understood": None,
    } | given
