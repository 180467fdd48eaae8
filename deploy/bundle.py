"""Everything that an offline machine needs to run Wenju, in one file: `python deploy/bundle.py`.

Builds the wheel of this checkout and gathers those that it needs, for the platform and the Python
that this runs under, from the package registry. The models are in our own wheel.
"""

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BESIDE = ("deploy/install.sh", "deploy/wenju.service", "README.md", "README.zh.md", "LICENSE")
_NOT_NEEDED = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "tests")
FOLDERS = ("corpus", "docs")  # something to try it with, and what there is to read


def bundle_name() -> str:
    """Such as wenju-0.1.0-cp311-linux-x86_64: what it holds runs nowhere else."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return f"wenju-{version}-{python}-{platform.system().lower()}-{platform.machine()}"


def gather(folder: Path, extras: str) -> None:
    """Fill `folder`. Raises: CalledProcessError, when pip can't find or build something."""
    wheels = folder / "wheels"
    wanted = f"{ROOT}[{extras}]" if extras else str(ROOT)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    # The build writes beside its sources; a copy keeps the checkout as it is.
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "wenju"
        shutil.copytree(ROOT, copy, ignore=_NOT_NEEDED, symlinks=True)
        wanted = wanted.replace(str(ROOT), str(copy), 1)
        subprocess.run(
            [*pip, "-c", str(ROOT / "constraints.txt"), "-w", str(wheels), wanted], check=True
        )
    for name in BESIDE:
        shutil.copy(ROOT / name, folder)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{_digest(path)}  {path.relative_to(folder)}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def pack(folder: Path, into: Path) -> None:
    """Write a tar beside `into` and move it there, so that a broken one is never found."""
    aside = into.with_suffix(".part")
    with tarfile.open(aside, "w:gz", compresslevel=1) as tar:  # wheels are compressed already
        tar.add(folder, arcname=folder.name)
    aside.replace(into)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="the folder to write into")
    parser.add_argument("--extras", default="mcp", help="such as mcp,ocr,models; empty for none")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    target = given.out / f"{bundle_name()}.tar.gz"
    with tempfile.TemporaryDirectory(dir=given.out) as scratch:
        folder = Path(scratch) / bundle_name()
        folder.mkdir()
        try:
            gather(folder, given.extras)
        except subprocess.CalledProcessError as error:
            sys.exit(f"error: pip could not gather the packages (status {error.returncode})")
        pack(folder, target)
    print(f"{target} ({target.stat().st_size / 2**20:.0f} MiB)")


if __name__ == "__main__":
    main()
