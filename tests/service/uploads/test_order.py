"""Uploads at once: of the same name, and more than are received."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.service.sockets import connected
from tests.service.uploads.client import part
from tests.service.uploads.conftest import Place


def test_of_two_files_of_one_name_the_first_is_taken(place: Place) -> None:
    job = place.client.send(
        part("双.txt", "双\n\n双方共有31人。\n"), part("双.txt", b"\0\xff\xfe\x01\x02\x03" * 50)
    )
    told = [(each["state"], each["reason"]) for each in job["files"]]
    assert told == [("indexed", None), ("refused", "named_twice")]
    assert place.client.ask("双方共有多少人？")["short_answer"] == "31人"


def test_the_same_upload_twice_at_once_is_taken_once(place: Place) -> None:
    sent = part("同时.txt", "同时\n\n同时到达17辆。\n")
    with ThreadPoolExecutor(2) as pool:
        jobs = list(pool.map(lambda _: place.client.send(sent), range(2)))
    assert sorted(each["files"][0]["state"] for each in jobs) == ["indexed", "unchanged"]
    assert "17辆" in place.client.ask("同时到达多少辆？")["answer"]


def test_no_more_uploads_are_received_at_once_than_may_be(place: Place) -> None:
    head = (
        b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
    )
    sent = {"files": ("满.txt", "满\n\n满载44吨。\n")}
    deadline = time.monotonic() + 30
    with ExitStack() as stack:
        # Another one each time: what comes while an upload of ours is received may be refused.
        while (answer := place.client.http.post("/v1/documents", files=sent)).status_code == 202:
            assert time.monotonic() < deadline
            stack.enter_context(connected(place.service.url)).sendall(head)
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.headers["retry-after"] == "5"
        assert place.client.http.get("/v1/collections").status_code == 200
    while place.client.http.post("/v1/documents", files=sent).status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.05)
