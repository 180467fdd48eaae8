"""Folders that may not be written: asking works, uploading says which folder, why, what to do."""

import os
import pwd
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from starlette.testclient import TestClient

from service import doctor
from service.archive import Archive
from service.settings import Settings
from service.writable import unwritable
from tests.service.api.conftest import client_of, index_dir
from tests.service.api.test_problems import is_problem

__all__ = ["index_dir"]

OTHER = 65534
CHINESE = {"accept-language": "zh"}
UPLOAD = {"files": ("新.txt", "新规\n\n新规共9条。\n".encode())}


@contextmanager
def as_another_user() -> Iterator[None]:
    """Root may write anywhere; then the rest runs as another user."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(OTHER)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def place(index_dir: Path) -> Iterator[Path]:
    """A folder with an index and the folder of a service's state, which others may read."""
    with TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        shutil.copytree(index_dir, folder / "index")
        (folder / "state" / "uploads").mkdir(parents=True)
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, OTHER, OTHER)
        yield folder
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


def settings_of(place: Path) -> Settings:
    return Settings(index=place / "index", state=place / "state")


@contextmanager
def client(place: Path) -> Iterator[TestClient]:
    settings = settings_of(place)
    with as_another_user(), client_of(Archive.open(settings.index, settings), settings) as found:
        yield found


def lock_index(place: Path) -> Path:
    (place / "index").chmod(0o555)
    return place / "index"


def lock_state(place: Path) -> Path:
    (place / "state").chmod(0o555)
    return place / "state"


def lock_generations(place: Path) -> Path:
    (place / "index" / "generations").chmod(0o500)
    return place / "index" / "generations"


def lock_uploads(place: Path) -> Path:
    (place / "state" / "uploads").chmod(0o555)
    return place / "state" / "uploads"


@pytest.mark.parametrize("lock", [lock_index, lock_state, lock_generations, lock_uploads])
def test_asking_works_and_uploading_names_the_folder(
    place: Path, lock: Callable[[Path], Path]
) -> None:
    locked = lock(place)
    with client(place) as http:
        asked = http.post("/v1/ask", json={"question": "金野以匹村的贫困户每户分到多少钱？"})
        assert "1500元" in asked.json()["answer"]
        ready = http.get("/readyz")
        assert ready.status_code == 200
        uploads = ready.json()["uploads"]
        assert (uploads["status"], uploads["code"]) == ("unusable", "storage_full")
        assert uploads["detail"].startswith(f"{locked} can't be written: its mode is 5")
        assert uploads["hint"].endswith(f"chmod -R u+rwX {locked}")
        told = http.get("/readyz", headers=CHINESE).json()["uploads"]
        assert told["detail"].startswith(f"{locked} 不能写入：它的权限是 5")
        assert told["hint"] == f"请允许属主写入：chmod -R u+rwX {locked}"
        refused = http.post("/v1/documents", files=UPLOAD, headers=CHINESE)
        is_problem(refused, 507, "storage_full")
        assert (refused.json()["detail"], refused.json()["hint"]) == (told["detail"], told["hint"])
        again = http.post("/v1/collections/default/reindex")
        is_problem(again, 507, "storage_full")
        assert again.json()["detail"] == uploads["detail"]
        assert http.get("/v1/jobs").json()["jobs"] == []
    with as_another_user():
        check = doctor.writing(settings_of(place))
    assert check.state is doctor.State.WARN
    assert uploads["detail"] in check.found
    assert told["detail"] in check.found
    assert uploads["hint"] in check.hint
    assert not [path for path in (place / "state" / "uploads").rglob("*") if path.is_file()]


def test_all_is_well_where_all_can_be_written_or_made(place: Path) -> None:
    with client(place) as http:
        assert http.get("/readyz").json()["uploads"] == {"status": "ready"}
    with as_another_user():
        assert doctor.writing(settings_of(place)).state is doctor.State.OK
        assert unwritable(place / "not" / "yet", place / "neither") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_folder_of_another_user_says_whose(place: Path) -> None:
    os.chown(place / "index" / "lock", 0, 0)
    (place / "index" / "lock").chmod(0o600)
    with as_another_user():
        error = unwritable(place / "state", place / "index")
    assert error is not None
    name = pwd.getpwuid(OTHER).pw_name
    assert error.message == (
        f"{place / 'index' / 'lock'} can't be written: it belongs to root, "
        f"and the service runs as {name}"
    )
    assert error.hint.endswith(f"chown -R {name} {place / 'index' / 'lock'}")


def test_a_read_only_mount_is_told_as_one() -> None:
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    found = (Path(each[1]) for each in mounts if "ro" in each[3].split(","))
    mount = next((path for path in found if path.is_dir()), None)
    if mount is None:
        pytest.skip("nothing is mounted read-only here")
    error = unwritable(mount)
    assert error is not None
    assert error.message == f"{mount} can't be written: it is on a read-only file system"
