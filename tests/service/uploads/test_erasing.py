"""What was deleted over HTTP is in no file once its collection has been compacted."""

import time
from pathlib import Path

from indexer.index.store import open_index
from tests.service.uploads.client import part
from tests.service.uploads.conftest import Place


def test_what_was_deleted_is_in_no_file_once_it_is_compacted(place: Place) -> None:
    secret = "邬听澜的住址是柏叶巷六十三号"
    place.client.send(
        part("住址.txt", f"住址\n\n{secret}。\n"), part("留.txt", "留\n\n留下9本。\n")
    )
    assert place.client.ask("邬听澜的住址？")["citations"], "the service has it open"
    assert secret.encode() in _bytes_below(place.root)
    document = place.client.sources()["住址.txt"]
    assert place.client.http.delete(f"/v1/documents/{document}").status_code == 204
    assert secret.encode() in _bytes_below(place.root / "index"), "else this proves nothing"
    answers = [place.client.http.post("/v1/collections/default/compact") for _ in range(2)]
    jobs = [place.client.job(each.json()["job_id"]) for each in answers]
    assert [(each["kind"], each["state"]) for each in jobs] == [("compact", "done")] * 2
    left = _bytes_below(place.root)
    assert not [word for word in ("邬听澜", "柏叶巷", secret) if word.encode() in left]
    assert "9本" in place.client.ask("留下多少本？")["answer"]


def test_who_still_reads_what_is_to_be_erased_is_waited_for(place: Place) -> None:
    place.client.send(part("读.txt", "读\n\n读者有8位。\n"))
    other = open_index(place.root / "index")
    answer = place.client.http.post("/v1/collections/default/compact")
    time.sleep(1)
    job = place.client.http.get(answer.headers["location"]).json()
    assert job["state"] != "done", "another process reads the generation before"
    other.close()
    assert place.client.job(job["job_id"])["state"] == "done"


def _bytes_below(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
