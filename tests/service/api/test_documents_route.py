"""The documents over HTTP, from a real index."""

from urllib.parse import unquote

from starlette.testclient import TestClient

from service.api.documents import attachment
from tests.service.api.conftest import FILES

FIELDS = {
    "document_id", "title", "source", "url", "date", "author", "format", "characters", "passages",
    "indexed_at", "organisation",
}  # fmt: skip


def listed(client: TestClient, **parameters: str | int) -> list[str]:
    answer = client.get("/v1/documents", params=parameters)
    assert answer.status_code == 200
    return [document["source"] for document in answer.json()["documents"]]


def id_of(client: TestClient, source: str) -> str:
    (found,) = client.get("/v1/documents", params={"source": source}).json()["documents"]
    return str(found["document_id"])


def test_a_list_has_the_fields_of_the_contract(client: TestClient) -> None:
    body = client.get("/v1/documents").json()
    assert body["next_cursor"] is None
    assert [document["source"] for document in body["documents"]] == sorted(FILES)
    first = body["documents"][0]
    assert set(first) == FIELDS
    assert first["title"] == "金野以匹村的分红"
    assert first["date"] == "2020-05-28"
    assert first["format"] == "markdown"
    assert first["passages"] == 1
    assert first["characters"] > 40


def test_pages_follow_the_cursor_to_the_end(client: TestClient) -> None:
    sources: list[str] = []
    totals = set()
    cursor = None
    for _ in range(5):
        answer = client.get(
            "/v1/documents", params={"limit": 2} | ({"cursor": cursor} if cursor else {})
        ).json()
        sources += [document["source"] for document in answer["documents"]]
        totals.add(answer["total"])
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert sources == sorted(FILES)
    assert totals == {len(FILES)}


def test_filters(client: TestClient) -> None:
    assert listed(client, source="2020/*") == ["2020/分红.md", "2020/就医.txt"]
    assert listed(client, date_from="2020-06-01") == ["2020/就医.txt"]
    assert listed(client, date_to="2020-05-28") == ["2020/分红.md"]
    assert listed(client, source="没有/*") == []


def test_the_total_counts_what_matches_on_every_page(client: TestClient) -> None:
    for given, total in (
        ({"source": "2020/*", "limit": "1"}, 2),
        ({"date_from": "2020-06-01"}, 1),
        ({"source": "没有/*"}, 0),
    ):
        assert client.get("/v1/documents", params=given).json()["total"] == total, given


def test_bad_parameters_are_named(client: TestClient) -> None:
    for parameters, field in (
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"date_from": "28.5.2020"}, "date_from"),
        ({"date_to": "2020-02-30"}, "date_to"),
        ({"source": ""}, "source"),
    ):
        answer = client.get("/v1/documents", params=parameters)
        assert answer.status_code == 422, parameters
        assert answer.json()["code"] == "invalid_request"
        assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_cursor_that_is_none_and_dates_in_the_wrong_order(client: TestClient) -> None:
    answer = client.get("/v1/documents", params={"cursor": "!!"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    order = {"date_from": "2020-05-02", "date_to": "2020-05-01"}
    answer = client.get("/v1/documents", params=order)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_another_collection_is_not_there(client: TestClient) -> None:
    answer = client.get("/v1/documents", params={"collection": "other"})
    assert (answer.status_code, answer.json()["code"]) == (404, "collection_not_found")


def test_a_document_holds_its_text_and_passages_that_are_in_it(client: TestClient) -> None:
    document = client.get(f"/v1/documents/{id_of(client, '2020/分红.md')}").json()
    assert set(document) == FIELDS | {*("text", "left_out", "reprint_of", "reprints", "upload")}
    assert "每户分到1500元" in document["text"]
    assert document["characters"] == len(document["text"])
    assert set(document["passages"][0]) == {
        "passage_id", "start", "end", "text", "headings", "page",
    }  # fmt: skip
    for passage in document["passages"]:
        assert document["text"][passage["start"] : passage["end"]] == passage["text"]
    for stretch in document["left_out"]:
        assert set(stretch) == {"start", "end", "reason"}


def test_an_original_comes_back_byte_for_byte_as_an_attachment(client: TestClient) -> None:
    answer = client.get(f"/v1/documents/{id_of(client, '2020/分红.md')}/original")
    assert answer.content == FILES["2020/分红.md"].encode()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    kind, plain, encoded = answer.headers["content-disposition"].split("; ")
    assert (kind, plain) == ("attachment", 'filename="__.md"')
    assert unquote(encoded.removeprefix("filename*=UTF-8''")) == "分红.md"


def test_a_file_name_can_not_break_out_of_its_header() -> None:
    header = attachment('a"; x="\r\nSet-Cookie: b=c\\\ud800.md')
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    header.encode("latin-1")


def test_a_document_that_is_not_there(client: TestClient) -> None:
    for path in ("/v1/documents/0000000000000000", "/v1/documents/%00", "/v1/documents/x/original"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "document_not_found"), path


def test_the_one_collection(client: TestClient) -> None:
    (collection,) = client.get("/v1/collections").json()["collections"]
    assert collection == {
        "name": "default",
        "documents": 3,
        "passages": collection["passages"],
        "generation": "g000001",
        "problem": None,
    }
    assert collection["passages"] >= 3
