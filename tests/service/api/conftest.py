"""A small real index, the real archive on it, and servers on real sockets."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from indexer.embed.load import load_embedder
from indexer.errors import WenjuError
from indexer.pipeline import build
from service.access.keys import KeyStore
from service.access.principal import ANYONE
from service.api.app import create_app
from service.archive import Archive
from service.serve import listen, server_of, url_of
from service.settings import Settings

FILES = {
    "2020/分红.md": "---\ndate: 2020-05-28\n---\n# 金野以匹村的分红\n\n"
    "金野以匹村的合作社去年有了收入，44户贫困户每户分到1500元。村里还修了路。\n",
    "2020/就医.txt": "昭觉县健康扶贫\n\n日期：2020年8月6日\n\n全县共有3428人到县医院就诊。\n",
    "捐赠.txt": "捐赠名单\n\n某公司向永平县医院捐赠呼吸机两台。\n",
}


def _is_open(app: FastAPI) -> bool:
    try:
        app.state.collections.get("default", ANYONE)
    except WenjuError:
        return False
    return True


Serving = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module", autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever a test sends, nothing is kept in the folder that it runs in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WENJU_STATE", str(tmp_path_factory.mktemp("state")))
        patch.setenv("WENJU_INDEX", str(tmp_path_factory.mktemp("index") / "index"))
        yield


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for name, text in FILES.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    build([folder / "corpus"], folder / "index", load_embedder("builtin"))
    return folder / "index"


@pytest.fixture(scope="session")
def archive(index_dir: Path) -> Archive:
    return Archive.open(index_dir, Settings())


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient]:
    with client_of(archive) as client:
        yield client


@contextmanager
def client_of(archive: Any, settings: Settings | None = None) -> Iterator[TestClient]:
    """A client of an application around a real or a fake archive, once that is loaded."""
    loaded = threading.Event()
    app = create_app(
        {"default": lambda: cast(Archive, archive)}, settings or Settings(), lambda _: loaded.set()
    )
    with TestClient(app) as client:
        assert loaded.wait(10)
        yield client


@contextmanager
def serving(archive: Any, settings: Settings | None = None) -> Iterator[str]:
    """The address of a real server, with a slash at its end."""
    listener = listen("127.0.0.1", 0)
    settings = settings or Settings(shutdown_grace_s=1)
    app = create_app({"default": lambda: cast(Archive, archive)}, settings)
    server = server_of(app, settings, lambda: app.state.runner.close(settings.shutdown_grace_s))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not (server.started and _is_open(app)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    try:
        yield url_of(listener, "127.0.0.1")
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path)


@pytest.fixture
def locked(archive: Archive, keys: KeyStore) -> Iterator[TestClient]:
    with client_of(archive, Settings(state=keys.path.parent)) as client:
        yield client
