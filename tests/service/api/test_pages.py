"""Pictures of pages over HTTP."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings
from tests.indexer.files.pdf_samples import drawing, finished, put
from tests.service.api.conftest import client_of


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "corpus").mkdir()
    canvas = drawing()
    put(canvas, 72, 700, "北山水库管理处今年三月开始清理库区，共清出淤泥860吨。")
    canvas.showPage()
    (folder / "corpus" / "水库.pdf").write_bytes(finished(canvas))
    (folder / "corpus" / "桥.txt").write_text("桥\n\n南桥长120米，由县里的交通局管理。\n")
    build([folder / "corpus"], folder / "index", load_embedder("builtin"))
    with client_of(Archive.open(folder / "index", Settings())) as client:
        yield client


def id_of(client: TestClient, source: str) -> str:
    (found,) = client.get("/v1/documents", params={"source": source}).json()["documents"]
    return str(found["document_id"])


def test_a_citation_is_boxed_on_the_picture_of_its_page(client: TestClient) -> None:
    asked = {"question": "北山水库清出淤泥多少吨？"}
    (citation, *_) = client.post("/v1/ask", json=asked).json()["citations"]
    assert "860吨" in citation["quote"]
    place = f"/v1/documents/{citation['document_id']}/pages/{citation['page']}"
    picture = client.get(f"{place}.png")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.headers["cache-control"] == "private, max-age=3600"
    found = client.get(
        f"{place}/boxes", params={"start": citation["start"], "end": citation["end"]}
    )
    ((left, top, right, bottom),) = found.json()["boxes"]
    assert 0.1 < left < right <= 1
    assert top < (842 - 700) / 842 < bottom + 0.01


@pytest.mark.parametrize("page", ["2.png", "2/boxes?start=0&end=5"])
def test_a_page_that_is_not_there_is_not_found(client: TestClient, page: str) -> None:
    answer = client.get(f"/v1/documents/{id_of(client, '*.pdf')}/pages/{page}")
    assert (answer.status_code, answer.json()["code"]) == (404, "page_not_found")


@pytest.mark.parametrize("page", ["1.png", "1/boxes?start=0&end=5"])
def test_other_documents_have_no_pages(client: TestClient, page: str) -> None:
    answer = client.get(f"/v1/documents/{id_of(client, '*.txt')}/pages/{page}")
    assert (answer.status_code, answer.json()["code"]) == (404, "page_not_found")
    answer = client.get(f"/v1/documents/none/pages/{page}")
    assert (answer.status_code, answer.json()["code"]) == (404, "document_not_found")


@pytest.mark.parametrize("stretch", ["start=5&end=5", "start=9&end=3", "start=0&end=6000"])
def test_a_stretch_has_a_length(client: TestClient, stretch: str) -> None:
    answer = client.get(f"/v1/documents/{id_of(client, '*.pdf')}/pages/1/boxes?{stretch}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
