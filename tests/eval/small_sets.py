"""A tiny reading-comprehension set and a tiny noise set, as the files that people have."""

import json
from pathlib import Path
from typing import Any

RIVER = "长江全长6300公里，发源于青海。长江流入东海。"
YELLOW = "黄河全长5464公里，流入渤海。黄河流域有九个省区。"
SCHOOL = "永平县第一中学建于1956年，现有学生2100人。校长是李明。"
VILLAGE = "金野以匹村共有44户贫困户，每户分到1500元。村里修了一条路。"
NEWS = ("今天全市天气晴好，适合出门。", "本报讯，长江流域昨天降雨，水位上涨。")


def qa(id_: str | int, question: str, *answers: str) -> dict[str, Any]:
    return {"id": id_, "question": question, "answers": [{"text": text} for text in answers]}


SQUAD: dict[str, Any] = {
    "data": [
        {
            "title": "河流",
            "paragraphs": [
                {
                    "context": RIVER,
                    "qas": [
                        qa("q1", "长江全长多少公里？", "6300公里"),
                        qa("q2", "长江流入哪个海？", "东海", "东海"),
                    ],
                },
                {"context": YELLOW, "qas": [qa("q3", "黄河流入哪个海？", "渤海")]},
            ],
        },
        {
            "title": "永平",
            "paragraphs": [
                {"context": SCHOOL, "qas": [qa("q4", "永平县第一中学建于哪一年？", "1956年")]},
                {"context": VILLAGE, "qas": [qa("q5", "金野以匹村每户分到多少元？", "1500元")]},
                {"context": RIVER, "qas": [qa("q6", "长江发源于哪里？", "青海")]},
            ],
        },
    ]
}

GIVEN: list[dict[str, Any]] = [
    {
        "id": 1,
        "query": "长江全长多少公里？",
        "answer": [["6300公里", "6300千米"]],
        "positive": [RIVER],
        "negative": [YELLOW, SCHOOL, VILLAGE],
    },
    {
        "id": 2,
        "query": "金野以匹村有几户贫困户，每户分到多少元？",
        "answer": ["44户", "1500元"],
        "positive": [[VILLAGE], ["每户分到1500元的事已经公示。"]],
        "negative": [SCHOOL],
    },
]


def write_squad(path: Path, data: Any = SQUAD) -> Path:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def write_news(path: Path) -> Path:
    return write_lines(path, [{"text": text} for text in NEWS])
