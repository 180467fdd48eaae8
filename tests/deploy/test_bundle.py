"""The offline bundle, built for real, installed and asked where there is no network but `lo`."""

import configparser
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.source import ROOT

# Brings up `lo`, the one interface of a new namespace, shows that nothing else is there, and goes
# on as the command that follows.
INSIDE = """
import fcntl, os, socket, struct, sys
control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(control, 0x8914, struct.pack("16sh14x", b"lo", 1 | 64))  # SIOCSIFFLAGS: up, running
assert [name for _, name in socket.if_nameindex()] == ["lo"], socket.if_nameindex()
os.execvp(sys.argv[1], sys.argv[1:])
"""


def offline(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a network namespace of its own."""
    return subprocess.run(
        ["unshare", "-rn", sys.executable, "-c", INSIDE, *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        **options,  # type: ignore[call-overload]
    )


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, unpacked."""
    if offline("true").returncode != 0:
        pytest.skip("no network namespace can be made here")
    folder = tmp_path_factory.mktemp("bundle")
    made = subprocess.run(
        [sys.executable, ROOT / "deploy" / "bundle.py", "--out", folder, "--extras", ""],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-2000:]
    (archive,) = folder.glob("wenju-*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def installed(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    prefix = tmp_path_factory.mktemp("opt") / "wenju"
    done = offline("sh", bundle / "install.sh", prefix, env={"PATH": "/usr/bin:/bin", **python()})
    assert done.returncode == 0, done.stderr[-2000:]
    assert "wenju index build" in done.stdout
    return prefix


def python() -> dict[str, str]:
    return {"PYTHON": sys.executable}


def test_it_installs_indexes_and_answers_without_a_network(
    installed: Path, bundle: Path, tmp_path: Path
) -> None:
    wenju, index = installed / "bin" / "wenju", tmp_path / "index"
    built = offline(wenju, "index", "build", bundle / "corpus", "--index", index, cwd=tmp_path)
    assert built.returncode in (0, 3), built.stderr[-2000:]
    question = "金野以匹村的集体经济分红每户多少钱？"
    asked = offline(wenju, "ask", question, "--index", index, "--json", cwd=tmp_path)
    assert asked.returncode == 0, asked.stderr[-2000:]
    answer = json.loads(asked.stdout)
    assert "1500元" in answer["answer"]
    assert answer["citations"][0]["quote"]
    checked = offline(wenju, "doctor", "--index", index, "--port", "0", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_damaged_bundle_is_not_installed(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / bundle.name
    shutil.copytree(bundle, copy, copy_function=lambda a, b: Path(b).hardlink_to(a))
    readme = copy / "README.md"
    text = readme.read_bytes()
    readme.unlink()  # the link, not the file that other tests use
    readme.write_bytes(text[:-1])
    done = offline(
        "sh", copy / "install.sh", tmp_path / "opt", env={"PATH": "/usr/bin", **python()}
    )
    assert done.returncode == 1
    assert "the bundle is damaged" in done.stderr
    assert not (tmp_path / "opt").exists()


def test_an_older_python_is_told() -> None:
    done = subprocess.run(
        ["sh", ROOT / "deploy" / "install.sh", "/nowhere"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": "/bin/false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no Python 3.11" in done.stderr


def test_the_unit_runs_the_installed_command_and_may_write_its_own_folder_alone() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "deploy" / "wenju.service", encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"] == "/opt/wenju/bin/wenju serve"
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "wenju"
    assert "root" not in service["User"]
    if analyse := shutil.which("systemd-analyze"):
        checked = subprocess.run(
            [analyse, "verify", ROOT / "deploy" / "wenju.service"],
            capture_output=True,
            text=True,
            check=False,
        )
        complaints = [
            line for line in checked.stderr.splitlines() if "is not executable" not in line
        ]
        assert not complaints
