"""Drafts that the tests of review share: rows, files, and how a gold file is read back."""

import json
from pathlib import Path
from typing import Any

from eval.gold import GoldQuestion, load_gold
from eval.making.drafts import Draft, load_drafts


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A draft over the fake archive's documents: sound, and asked like no other."""
    return {
        "id": f"d{number}",
        "kind": "figure",
        "question": f"白石村第{number}组每户分到多少钱？",
        "answers": [["1,500元", "一千五百元"]],
        "evidence": [{"document": "a/visit.md", "quote": "每户分到1,500元。"}],
        "status": "proposed",
        "proposed_by": "rules",
        "title": "走访记",
    } | changes


def write_drafts(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "drafts.jsonl"
    lines = (json.dumps(item, ensure_ascii=False) for item in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def statuses(path: Path) -> dict[str, str]:
    return {draft.id: draft.status.value for draft in load_drafts(path)}


def draft_of(path: Path, id_: str) -> Draft:
    return next(draft for draft in load_drafts(path) if draft.id == id_)


def gold_rows(path: Path) -> list[GoldQuestion]:
    return load_gold(path) if path.exists() else []
