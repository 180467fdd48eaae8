"""What the doctor finds: each check, well and not well, with the way out."""

import json
import shutil
import socket
from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service import doctor
from service.doctor import DIGESTS, PACKAGES, State, examine
from service.settings import Settings
from tests.service.test_cli import run, started
from tests.source import ROOT


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doctor")
    (folder / "files").mkdir()
    (folder / "files" / "夜校.md").write_text("# 夜校\n\n木工班的讲师是钱樾。\n", encoding="utf-8")
    build([folder / "files"], folder / "index", load_embedder("builtin"))
    return folder / "index"


def test_all_is_well_and_a_line_each(whole: Path) -> None:
    done = run("doctor", "--index", whole, "--port", "0")
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["ok", name]
        for name in (
            *("faiss", "onnxruntime", "tantivy", "models", "index"),
            *("disk", "writing", "address", "network"),
        )
    ]


def test_a_failure_ends_with_status_1_and_the_way_out(tmp_path: Path) -> None:
    done = run("--index", tmp_path / "none", "doctor", "--port", "0", "--json")
    assert done.returncode == 1
    failed = [c for c in json.loads(done.stdout)["checks"] if c["state"] == "fail"]
    assert [check["name"] for check in failed] == ["index default"]
    assert "python -m indexer build" in failed[0]["hint"]


def test_a_damaged_index_of_any_collection_is_found(whole: Path, tmp_path: Path) -> None:
    for name in ("vectors", "rows"):
        shutil.copytree(whole, tmp_path / name)
    (vectors,) = (tmp_path / "vectors").glob("generations/*/dense.faiss")
    data = vectors.read_bytes()
    vectors.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    (rows,) = (tmp_path / "rows").glob("generations/*/documents.sqlite")
    data = rows.read_bytes()
    rows.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))  # of the same size
    assert doctor.index("a", whole).state is State.OK
    assert "rebuild" in doctor.index("a", tmp_path / "vectors").hint
    assert "restore" in doctor.index("a", tmp_path / "rows").hint
    settings = Settings(index=whole, port=0, collections={"hr": tmp_path / "rows"})
    states = {check.name: check.state for check in examine(settings)}
    assert (states["index default"], states["index hr"]) == (State.OK, State.FAIL)


def test_a_library_that_does_not_load_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = doctor.engine("no_such_engine")
    assert (absent.state, "no_such_engine" in absent.found) == (State.FAIL, True)
    # As on a processor that lacks an instruction: the process is gone.
    (tmp_path / "dying.py").write_text("import os; os.kill(os.getpid(), 4)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    killed = doctor.engine("dying")
    assert (killed.state, killed.found) == (State.FAIL, "does not load: ended with status -4")


def test_the_models_are_those_that_the_list_names() -> None:
    assert doctor.models(DIGESTS, PACKAGES).state is State.OK
    listed = {line.split()[1] for line in DIGESTS.read_text("utf-8").splitlines()}
    shipped = {
        str(path.relative_to(ROOT))
        for package in ("indexer", "service")
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".onnx", ".npy", ".safetensors"} or path.name == "tokenizer.json"
    }
    assert listed == shipped


def test_a_model_that_was_altered_or_is_absent_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"weights")
    digests = tmp_path / "models.sha256"
    digest = "4ab9a75ce7e25f6d4b5c8d1e" + "0" * 40
    digests.write_text(f"{digest}  a.onnx\n{digest}  b.onnx\n")
    found = doctor.models(digests, tmp_path)
    assert found.state is State.FAIL
    assert found.found == "a.onnx: not as it was shipped; b.onnx: No such file or directory"


def test_a_port_that_is_taken_is_found() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = doctor.address(Settings(port=taken.getsockname()[1]))
    assert (found.state, "--port" in found.hint) == (State.FAIL, True)


def test_our_own_service_at_the_port_is_told(whole: Path) -> None:
    with started("--index", whole, "--port", "0") as (_, address):
        found = doctor.address(Settings(port=int(address.rstrip("/").rpartition(":")[2])))
    assert (found.state, "a service of ours" in found.found) == (State.WARN, True)


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        (Settings(port=0), State.OK),
        (Settings(port=0, host="0.0.0.0"), State.FAIL),
        (Settings(port=0, host="0.0.0.0", without_keys=True), State.WARN),
        (Settings(port=0, host="no.such.host.invalid"), State.FAIL),
    ],
)
def test_an_address_is_judged_as_the_service_judges_it(settings: Settings, state: State) -> None:
    assert doctor.address(settings).state is state


def test_nothing_needs_a_network_unless_models_are_to_be_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.delenv("TRANSFORMERS_OFFLINE", raising=False)
    plain = doctor.network(Settings())
    assert (plain.state, "HF_HUB_OFFLINE set" in plain.found) == (State.OK, True)
    contradicted = doctor.network(Settings(online=True))
    assert (contradicted.state, "HF_HUB_OFFLINE" in contradicted.hint) == (State.WARN, True)


def test_a_disk_too_full_for_an_update_is_found(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor.disk(whole).state is State.OK
    assert doctor.disk(whole / "not" / "yet").state is State.OK
    usage = shutil.disk_usage(whole)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10_000_000))
    assert doctor.disk(whole).state is State.FAIL
