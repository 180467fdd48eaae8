"""Three small documents with gold questions over them, and the command lines as processes."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]

CORPUS = {
    "2020/visit.md": "# 走访金野以匹村\n\n日期：2020年5月28日\n\n"
    "金野以匹村共有44户贫困户。村集体经济当年分红，每户分到1500元。\n\n"
    "工作队还看望了在村小学支教的两名教师。\n",
    "2020/donation.md": "# 捐赠情况通报\n\n日期：2020年6月2日\n\n"
    "某大学向昭觉县捐赠口罩三千四百二十八只，由县医院接收。\n\n"
    "另有一家公司捐赠电脑60台，分给两所中学。\n",
    "2019/plan.txt": "2019年帮扶工作计划\n2019年3月5日\n"
    "计划派出医疗队12人，为期六个月，驻点永平县人民医院。\n"
    "计划培训乡村医生80名，培训地点设在县卫生学校。\n",
}
GOLD: list[dict[str, Any]] = [
    {
        "id": "t1",
        "kind": "figure",
        "question": "金野以匹村的集体经济分红每户分到多少钱？",
        "answers": [["1500元"]],
        "evidence": [{"document": "2020/visit.md", "quote": "每户分到1500元"}],
    },
    {
        "id": "t2",
        "kind": "spelled_otherwise",
        "question": "某大學向昭覺縣捐贈了多少只口罩？",
        "answers": [["3428只", "3428"]],
        "evidence": [{"document": "2020/donation.md", "quote": "捐赠口罩三千四百二十八只"}],
    },
    {
        "id": "t3",
        "kind": "place",
        "question": "乡村医生的培训地点设在哪里？",
        "answers": [["卫生学校"]],
        "evidence": [{"document": "2019/plan.txt", "quote": "培训地点设在县卫生学校"}],
    },
    {
        "id": "t4",
        "kind": "no_answer",
        "question": "火星探测器用的是什么燃料？",
        "answers": [],
        "evidence": [],
    },
]


def write_corpus(folder: Path) -> Path:
    for name, text in CORPUS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def write_gold(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def started(*command: object) -> subprocess.Popen[str]:
    """`python …` with these arguments."""
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that starts the tests in the background has them, and us, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    stdout, stderr = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def call(module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return ended(started("-m", module, *arguments))


def call_code(code: str) -> subprocess.CompletedProcess[str]:
    return ended(started("-c", code))
