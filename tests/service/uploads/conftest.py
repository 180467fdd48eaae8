"""One service in a process of its own, with an empty collection and one that was built before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.bench.processes import Serving, serving
from indexer.embed.load import load_embedder
from indexer.pipeline import build
from tests.service.uploads.client import Client

SETTINGS = {"WENJU_EMBEDDER": "builtin", "WENJU_MAX_UPLOAD_BYTES": str(2**20)}


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of a service, and a client of it."""

    root: Path
    service: Serving
    client: Client

    @property
    def uploads(self) -> Path:
        return self.root / "state" / "uploads"

    def kept(self, collection: str = "default") -> dict[str, bytes]:
        """What lies in the folder that is indexed, by source."""
        files = self.uploads / f"c-{collection}" / "files"
        found = (path for path in files.rglob("*") if path.is_file())
        return {path.relative_to(files).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("service")
    (root / "given" / "公告").mkdir(parents=True)
    (root / "given" / "公告" / "供暖.txt").write_text("供暖公告\n\n南苑供暖自11月1日起。\n")
    build([root / "given"], root / "built", load_embedder("builtin"))
    more = {"WENJU_COLLECTIONS": json.dumps({"built": str(root / "built")})}
    with serving(
        root / "index", state=root / "state", settings={**SETTINGS, **more}, until="/healthz"
    ) as service:
        client = Client.of(service)
        yield Place(root, service, client)
        client.http.close()
