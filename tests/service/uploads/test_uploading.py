"""Upload, job, answer: over real sockets, against a service in a process of its own."""

import hashlib
import io
import resource
import socket
import time
import zipfile
from typing import Any

import httpx
import pytest

from indexer.index.store import open_index
from tests.indexer.files.test_pdf_bad import encrypted
from tests.service.uploads.client import Client, part, states
from tests.service.uploads.conftest import Place

WATER = "停水通知\n\n东街停水6小时，由周岚负责。\n"


def test_an_empty_collection_says_what_to_do_and_fills(place: Place) -> None:
    client = place.client
    missing = client.http.post("/v1/ask", json={"question": "东街停水多久？"})
    assert missing.status_code == 503
    assert missing.json()["code"] == "index_missing"
    assert "POST /v1/documents" in missing.json()["hint"]
    job = client.send(part("通知/停水.txt", WATER))
    assert (job["state"], job["generation"]) == ("done", "g000001")
    (file,) = job["files"]
    assert (file["source"], file["state"]) == ("通知/停水.txt", "indexed")
    assert file["digest"] == hashlib.sha256(WATER.encode()).hexdigest()
    answer = client.ask("东街停水多久？")
    assert (answer["short_answer"], answer["generation"]) == ("6小时", "g000001")
    (citation,) = answer["citations"]
    assert (citation["source"], citation["document_id"]) == ("通知/停水.txt", file["document_id"])
    original = client.http.get(f"/v1/documents/{file['document_id']}/original")
    assert original.content == WATER.encode()
    assert original.headers["content-disposition"].startswith("attachment")


def test_what_is_refused_is_told_by_file_and_the_rest_is_taken(place: Place) -> None:
    job = place.client.send(
        part("路灯.txt", "路灯改造\n\n西街路灯换了240盏。\n"),
        part("空.txt", ""),
        part("程序.exe", b"MZ\0"),
        part("大.txt", "大" * 2**20),
        part("锁.pdf", encrypted("geheim")),
        part("../../逃.txt", "逃\n\n逃走3次。\n"),
        part("/etc/绝对.txt", "绝对\n\n绝对4次。\n"),
        part("夹/.隐.txt", "隐\n\n隐5次。\n"),
        part("稿.txt~", "稿\n\n稿6次。\n"),
    )
    assert job["state"] == "done"
    assert states(job) == {
        "路灯.txt": ("indexed", None),
        "空.txt": ("refused", "empty"),
        "程序.exe": ("refused", "unsupported_format"),
        "大.txt": ("refused", "too_large"),
        "锁.pdf": ("refused", "encrypted"),
        "../../逃.txt": ("refused", "unsafe_name"),
        "/etc/绝对.txt": ("refused", "unsafe_name"),
        "夹/.隐.txt": ("refused", "unsafe_name"),
        "稿.txt~": ("refused", "backup"),
    }
    assert all(each["detail"] for each in job["files"] if each["state"] == "refused")
    assert "路灯.txt" in place.kept()
    assert not {"锁.pdf", "逃.txt", "绝对.txt"} & place.kept().keys()
    assert not list((place.uploads / "incoming").iterdir())
    assert not list(place.root.rglob("*逃*"))


def test_an_archive_gives_its_documents_and_a_bomb_none(place: Place) -> None:
    def packed(**members: bytes) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(f"{name}.txt", data)
        return file.getvalue()

    job = place.client.send(
        part("合订.zip", packed(甲="甲地\n\n甲地有井31口。\n".encode(), 乙=b"")),
        part("炸.zip", packed(零=b"0" * 200 * 2**20)),
    )
    good, bomb = job["files"]
    assert (good["state"], good["detail"]) == ("indexed", "1 files in it were left out")
    assert bomb["state"] == "refused"
    assert place.client.ask("甲地有井多少口？")["short_answer"] == "31口"
    assert place.client.read("合订.zip/甲.txt")["upload"] == "合订.zip"
    assert "炸.zip" not in place.kept()


def test_a_name_in_gbk_is_read(place: Place) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
        + "会议纪要.txt".encode("gbk")
        + b'"\r\n\r\n'
        + "会议纪要\n\n到会27人。\n".encode("gb18030")
        + b"\r\n--x--\r\n"
    )
    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = place.client.http.post("/v1/documents", content=body, headers=kind)
    (file,) = place.client.job(answer.json()["job_id"])["files"]
    assert (file["name"], file["source"]) == ("会议纪要.txt", "会议纪要.txt")
    assert "会议纪要.txt" in place.client.sources()


def test_the_same_bytes_are_stored_once_and_need_not_be_sent_twice(place: Place) -> None:
    text = "绿化工程\n\n北路栽树512棵。\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    missing = place.client.send(stored=f"{digest} 绿化.txt")
    assert states(missing) == {"绿化.txt": ("refused", "not_stored")}
    assert states(place.client.send(part("绿化.txt", text)))["绿化.txt"][0] == "indexed"
    assert states(place.client.send(part("绿化.txt", text)))["绿化.txt"][0] == "unchanged"
    again = place.client.send(part("副本/绿化.txt", text), stored=f"{digest}  存档/绿化.txt")
    assert [each["state"] for each in again["files"]] == ["indexed", "indexed"]
    names = list(place.uploads.rglob("*绿化.txt"))
    assert len(names) == 3
    assert len({path.stat().st_ino for path in (*names, *place.uploads.rglob(digest))}) == 1


def test_a_new_version_takes_the_place_of_the_old_unless_it_cannot_be_read(place: Place) -> None:
    old, new = "门票\n\n成人票价45元。\n", "门票\n\n成人票价60元。\n"
    place.client.send(part("门票.txt", old))
    place.client.send(part("门票.txt", new))
    assert "60元" in place.client.ask("成人票价多少？")["answer"]
    spoilt = place.client.send(part("门票.txt", b"\0\xff\xfe\x01\x02\x03" * 50))
    assert states(spoilt)["门票.txt"][0] == "refused"
    assert "60元" in place.client.ask("成人票价多少？")["answer"]
    assert place.kept()["门票.txt"] == new.encode()
    digests = {path.name for path in (place.uploads / "c-default" / "bytes").rglob("*")}
    assert hashlib.sha256(old.encode()).hexdigest() not in digests


def test_nothing_stands_in_unasked_for_a_document_from_elsewhere(place: Place) -> None:
    sent = part("公告/供暖.txt", "供暖公告\n\n南苑供暖自12月9日起。\n")
    job = place.client.send(sent, collection="built")
    assert states(job) == {"公告/供暖.txt": ("refused", "name_taken")}
    job = place.client.send(part("公告/供水.txt", "供水公告\n\n供水8吨。\n"), collection="built")
    assert states(job)["公告/供水.txt"] == ("indexed", None)
    assert set(place.client.sources("built")) == {"公告/供暖.txt", "公告/供水.txt"}
    assert place.client.read("公告/供暖.txt", "built")["upload"] is None
    assert place.client.read("公告/供水.txt", "built")["upload"] == "公告/供水.txt"
    assert "公告/供水.txt" not in place.client.sources()
    (place.root / "given" / "停电.txt").write_text("停电\n\n停电4小时。\n")
    again = place.client.http.post("/v1/collections/built/reindex")
    assert again.status_code == 202
    assert place.client.job(again.json()["job_id"])["state"] == "done"
    assert {"停电.txt", "公告/供水.txt"} < set(place.client.sources("built"))


def test_a_document_of_a_large_upload_is_never_stored(place: Place) -> None:
    sent = 0

    def body() -> "object":
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(200):
            sent += 2**20
            yield b"a" * 2**20
            held = sum(path.stat().st_size for path in place.uploads.rglob("*") if path.is_file())
            assert held < 8 * 2**20
        yield b"\r\n--x--\r\n"

    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = place.client.http.post("/v1/documents", content=body(), headers=kind)  # type: ignore[arg-type]
    assert sent == 200 * 2**20
    (file,) = answer.json()["files"]
    assert (file["state"], file["reason"]) == ("refused", "too_large")
    assert place.service.peak_bytes() < 1500 * 2**20


def test_answers_go_on_while_a_job_runs(place: Place) -> None:
    many = [part(f"多/{n}.txt", f"第{n}号\n\n第{n}号库存{n + 100}箱。\n" * 30) for n in range(60)]
    answer = place.client.http.post("/v1/documents", files=many)
    generations, slowest = set(), 0.0
    while place.client.http.get(answer.headers["location"]).json()["state"] != "done":
        started = time.monotonic()
        found = place.client.ask("东街停水多久？")
        slowest = max(slowest, time.monotonic() - started)
        assert found["short_answer"] == "6小时"
        generations.add(found["generation"])
    done = place.client.http.get(answer.headers["location"]).json()
    assert place.client.ask("第42号库存多少？")["generation"] == done["generation"]
    assert generations, "no question was answered while the job ran"


def test_deleted_is_gone_at_once_in_every_process_and_comes_back_when_sent_again(
    place: Place,
) -> None:
    text = "值班表\n\n周五值班的是祁暮云，电话7731。\n"
    place.client.send(part("值班.txt", text))
    document = place.client.sources()["值班.txt"]
    other = open_index(place.root / "index")  # as another process would
    assert other.current().is_alive(document)
    deleted = place.client.http.delete(f"/v1/documents/{document}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert not other.current().is_alive(document)
    other.close()
    assert "值班.txt" not in place.kept()
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert not list(place.uploads.rglob(digest))
    again = place.client.http.delete(f"/v1/documents/{document}")
    assert (again.status_code, again.json()["code"]) == (404, "document_not_found")
    place.client.send(part("别的.txt", "别的\n\n别的1件。\n"))
    assert "值班.txt" not in place.client.sources()
    place.client.send(part("值班.txt", text))
    assert place.client.sources()["值班.txt"] == document
    assert "祁暮云" in place.client.ask("周五值班的是谁？")["answer"]


def test_a_delete_beside_a_running_job_holds(place: Place) -> None:
    place.client.send(part("撤/一.txt", "撤一\n\n撤一有71人。\n"))
    document = place.client.sources()["撤/一.txt"]
    many = [part(f"众/{n}.txt", f"众{n}\n\n众{n}有{n}人。\n" * 20) for n in range(40)]
    answer = place.client.http.post("/v1/documents", files=many)
    assert place.client.http.delete(f"/v1/documents/{document}").status_code == 204
    assert "撤/一.txt" not in place.client.sources()
    assert place.client.job(answer.json()["job_id"])["state"] == "done"
    assert "撤/一.txt" not in place.client.sources()
    assert "众/39.txt" in place.client.sources()


def test_jobs_are_listed_and_unknown_ones_are_not_there(place: Place) -> None:
    place.client.send(part("单.txt", "单\n\n单1份。\n"))
    jobs = place.client.http.get("/v1/jobs", params={"limit": 1}).json()["jobs"]
    assert [(each["kind"], each["state"]) for each in jobs] == [("upload", "done")]
    assert place.client.http.get("/v1/jobs/none").json()["code"] == "job_not_found"
    foreign = place.client.http.get("/v1/jobs", params={"collection": "nowhere"})
    assert foreign.json()["code"] == "collection_not_found"


def test_no_page_of_another_site_can_upload(place: Place) -> None:
    for headers in ({"origin": "https://elsewhere.example"}, {"origin": "null"}):
        sent = [part("外.txt", "外\n\n外1次。\n")]
        answer = place.client.http.post("/v1/documents", files=sent, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
        answer = place.client.http.post("/v1/collections/default/reindex", headers=headers)
        assert answer.status_code == 403


def test_a_body_that_is_no_form_is_refused(place: Place) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    for body, headers in ((b"{}", {}), (b"--y", kind), (b"--x\r\n", kind), (b"--x--\r\n", kind)):
        answer = place.client.http.post("/v1/documents", content=body, headers=headers)
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] == "invalid_request"


def test_a_request_of_too_much_is_refused_before_it_is_stored(place: Place) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    head = (
        b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n"
        b"Accept-Language: zh\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    address = ("127.0.0.1", httpx.URL(place.service.url).port or 0)
    with socket.create_connection(address, timeout=60) as connection:
        # So much is read and thrown away, that whoever can end sees the answer.
        connection.sendall(head + form.ljust(64 * 2**20 + 1, b"a"))
        answer = connection.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 413"), answer
    assert '"code":"upload_too_large"' in answer
    assert "一次上传的文件合计不得超过 1073741824 字节" in answer
    assert not list((place.uploads / "incoming").iterdir())


def test_a_connection_that_breaks_leaves_what_came_whole_for_the_next(place: Place) -> None:
    text = "泵房\n\n泵房共有9台泵。\n"
    digest = hashlib.sha256(text.encode()).hexdigest()

    def body() -> "object":
        yield (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="p.txt"\r\n\r\n'
            + text.encode()
            + b'\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="q.txt"\r\n\r\nab'
        )
        time.sleep(0.3)
        raise ConnectionError("the cable was pulled")

    kind = {"content-type": "multipart/form-data; boundary=x"}
    with httpx.Client(base_url=place.service.url) as http, pytest.raises(ConnectionError):
        http.post("/v1/documents", content=body(), headers=kind)  # type: ignore[arg-type]
    deadline = time.monotonic() + 10
    while not list(place.uploads.rglob(digest)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert states(place.client.send(stored=f"{digest} 泵房.txt"))["泵房.txt"][0] == "indexed"
    assert not list((place.uploads / "incoming").iterdir())


def test_a_full_disk_refuses_uploads_and_nothing_else(place: Place) -> None:
    limit = resource.prlimit(place.service.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(place.service.pid, resource.RLIMIT_FSIZE, (2000, limit[1]))
    before = place.client.sources()
    try:
        sent = [part("满.txt", "满\n\n满了12次。\n" * 500)]
        answer = place.client.http.post("/v1/documents", files=sent)
        assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
        assert place.client.ask("东街停水多久？")["short_answer"] == "6小时"
    finally:
        resource.prlimit(place.service.pid, resource.RLIMIT_FSIZE, limit)
    assert place.client.sources() == before
    assert not list((place.uploads / "incoming").iterdir())
    assert states(place.client.send(*sent))["满.txt"] == ("indexed", None)


def cited(answer: dict[str, Any]) -> list[dict[str, Any]]:
    nearest: list[dict[str, Any]] = (answer["abstention"] or {}).get("nearest", [])
    return [*answer["citations"], *nearest]


def test_a_second_service_answers_and_leaves_the_state_alone(place: Place) -> None:
    from eval.bench.processes import serving

    with serving(
        place.root / "index", state=place.root / "state", settings={"WENJU_EMBEDDER": "builtin"}
    ) as other:
        client = Client.of(other)
        assert client.ask("东街停水多久？")["short_answer"] == "6小时"
        refused = client.http.post("/v1/documents", files=[part("二.txt", "二\n\n二2次。\n")])
        assert (refused.status_code, refused.json()["code"]) == (503, "state_locked")
        place.client.send(part("新.txt", "停水通知\n\n南巷停水9小时。\n"))
        assert client.ask("南巷停水多久？")["short_answer"] == "9小时"
        # Of uploads only the service that keeps them can tell; both read the document.
        assert place.client.read("新.txt")["upload"] == "新.txt"
        assert client.read("新.txt")["upload"] is None
        document = client.sources()["新.txt"]
        assert place.client.http.delete(f"/v1/documents/{document}").status_code == 204
        assert "新.txt" not in {each["source"] for each in cited(client.ask("南巷停水多久？"))}
        client.http.close()
