"""`python -m service keys` and `audit` as people use them: processes, exit statuses, one line."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.errors import InvalidRequest
from service.access.audit import AuditLog
from service.access.keys import KeyStore
from service.access.principal import Role
from service.serve import check_address, listen
from service.settings import Settings
from tests.service.access.test_audit import ENTRY
from tests.source import ROOT


def run(*arguments: str, state: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        cwd=ROOT,
        env=os.environ
        | {"WENJU_STATE": str(state), "TZ": "Asia/Shanghai"}
        | {"WENJU_COLLECTIONS": '{"规章": "/nowhere"}'},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def made(state: Path, *arguments: str) -> str:
    done = run("keys", "add", *arguments, state=state)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_keys_are_made_listed_and_revoked(tmp_path: Path) -> None:
    text = made(
        tmp_path, "阅览室", "--role", "reader", "--collection", "规章", "--expires", "2199-01-31"
    )
    key_id = text.split("_")[1]
    made(tmp_path, "主任", "--role", "admin")
    listed = json.loads(run("keys", "list", "--json", state=tmp_path).stdout)
    assert {each["name"]: each["state"] for each in listed} == {
        "阅览室": "active",
        "主任": "active",
    }
    first = listed[0]
    assert (first["key_id"], first["role"], first["collections"]) == (key_id, "reader", ["规章"])
    assert first["expires_at"] == "2199-02-01T00:00:00+08:00"  # the named day is the last good one
    assert (listed[1]["collections"], listed[1]["expires_at"]) == (None, None)

    revoked = run("keys", "revoke", "阅览室", state=tmp_path)
    assert (revoked.returncode, key_id in revoked.stderr) == (0, True)
    lines = run("keys", "list", state=tmp_path).stdout.splitlines()
    assert [line.split()[:4] for line in lines] == [
        [key_id, "revoked", "reader", "阅览室"],
        [listed[1]["key_id"], "active", "admin", "主任"],
    ]
    assert text.split("_")[2] not in "".join(lines) + revoked.stderr


def test_json_has_the_key_once(tmp_path: Path) -> None:
    shown = json.loads(made(tmp_path, "甲", "--role", "editor", "--json"))
    assert shown["key"].startswith(f"wenju_{shown['key_id']}_")
    (listed,) = json.loads(run("keys", "list", "--json", state=tmp_path).stdout)
    assert listed == {name: value for name, value in shown.items() if name != "key"}


def test_a_collection_that_is_not_there_is_pointed_out(tmp_path: Path) -> None:
    done = run("keys", "add", "甲", "--role", "reader", "--collection", "规张", state=tmp_path)
    assert done.returncode == 0
    assert "规张" in done.stderr.splitlines()[0]
    assert "default, 规章" in done.stderr.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["keys", "revoke", "谁"], "谁"),
        (["keys", "add", "甲", "--role", "reader", "--expires", "tomorrow"], "tomorrow"),
        (["keys", "add", "甲", "--role", "reader", "--expires", "2001-01-01"], "expired"),
        (["audit", "--since", "gestern"], "gestern"),
    ],
)
def test_a_mistake_is_one_line_with_the_way_out(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = run(*arguments, state=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert said in line
    assert "(hint: " in line


def test_a_damaged_store_is_one_line_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{")
    done = run("keys", "list", state=tmp_path)
    assert done.returncode == 1
    assert "keys.json are damaged" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_audit_log_is_printed_by_time_and_by_key(tmp_path: Path) -> None:
    log = AuditLog(tmp_path, 10_000)
    log.write(ENTRY)
    log.write(
        replace(
            ENTRY,
            at="2026-03-02T04:00:00.000+00:00",
            key=None,
            name=None,
            question="几\n台\x1b[2J？",
        )
    )
    with open(tmp_path / "audit.jsonl", "a") as file:
        file.write("{\n")
    everything = run("audit", state=tmp_path)
    assert everything.returncode == 0
    assert everything.stdout.splitlines() == [
        "2026-03-01T12:00:00+08:00  10.0.0.7  阅览室 (abcd2345)  GET /v1/documents/{document_id}  "
        "规章  200 [d1]",
        "2026-03-02T12:00:00+08:00  10.0.0.7  -  GET /v1/documents/{document_id}  规章  200 [d1] "
        "“几\\n台\\x1b[2J？”",
    ]
    assert everything.stderr == "note: 1 damaged lines were left out\n"
    for chosen in (["--since", "2026-03-02"], ["--since", "2026-03-01T12:01"]):
        assert len(run("audit", *chosen, state=tmp_path).stdout.splitlines()) == 1
    for name in ("阅览室", "abcd2345"):
        (line,) = run("audit", "--key", name, "--json", state=tmp_path).stdout.splitlines()
        assert json.loads(line)["at"] == ENTRY.at


def test_once_there_is_a_key_the_service_may_listen_beyond_this_machine(tmp_path: Path) -> None:
    settings = Settings(host="0.0.0.0", port=0, state=tmp_path)
    with listen("0.0.0.0", 0) as listener:
        with pytest.raises(InvalidRequest, match="no keys"):
            check_address(listener, settings)
        KeyStore(tmp_path).add("甲", Role.READER, now=datetime.now(UTC))
        check_address(listener, settings)
        KeyStore(tmp_path).revoke("甲", now=datetime.now(UTC))
        check_address(listener, settings)
