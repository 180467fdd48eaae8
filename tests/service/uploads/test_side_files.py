"""What an upload can say of other documents: nothing, unless it brings them in the same archive."""

import io
import json
import zipfile

from tests.service.uploads.client import part, states
from tests.service.uploads.conftest import Place

ROWS = "file,title,date,organisation\n{},伪造的标题,1999-01-01,冒名单位\n"
REFUSED = ("refused", "speaks_of_others")


def packed(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


def documents(place: Place, collection: str = "default") -> dict[str, tuple[str, str | None]]:
    """Title and date by source."""
    found = place.client.http.get("/v1/documents", params={"collection": collection}).json()
    return {each["source"]: (each["title"], each["date"]) for each in found["documents"]}


def test_no_upload_changes_what_is_said_of_the_documents_of_others(place: Place) -> None:
    client = place.client
    client.send(part("预算/清单.txt", "预算清单\n\n2021年3月4日\n\n全年预算82万元。\n"))
    client.send(
        part("本集.txt", "本集\n\n本集共有7份。\n"),
        collection="built",
    )
    before, others = documents(place), documents(place, "built")
    assert before["预算/清单.txt"] == ("预算清单", "2021-03-04")
    said = json.dumps({"title": "伪造的标题", "date": "1999-01-01"})
    attempts = (
        [part("metadata.csv", ROWS.format("预算/清单.txt"))],
        [part("预算/METADATA.CSV", ROWS.format("清单.txt"))],
        [part("预算/清单.txt.meta.json", said), part("预算/清单.Meta.JSON", said)],
        [part("包.zip", packed(**{"metadata.csv": ROWS.format("../预算/清单.txt")}))],
        [
            part(
                "假.zip/metadata.csv",
                ROWS.format("../预算/清单.txt"),
            )
        ],
    )
    for parts in attempts:
        job = client.send(*parts)
        assert {state for state, _ in states(job).values()} == {"refused"}, job
    assert states(client.send(*attempts[0]))["metadata.csv"] == REFUSED
    assert states(client.send(*attempts[2]))["预算/清单.txt.meta.json"] == REFUSED
    elsewhere = client.send(part("metadata.csv", ROWS.format("供暖.txt")), collection="built")
    assert states(elsewhere)["metadata.csv"] == REFUSED
    client.job(client.http.post("/v1/collections/default/reindex").json()["job_id"])
    assert documents(place) == before
    assert documents(place, "built") == others
    assert set(place.kept()) == {"预算/清单.txt"}


def test_an_archive_may_say_what_its_own_documents_are(place: Place) -> None:
    place.client.send(part("说明.txt", "说明\n\n说明共3条。\n"))
    before = documents(place)["说明.txt"]
    members = {
        "说明.txt": "说明二\n\n说明二共5条。\n",
        "报告.txt": "报告\n\n报告共6条。\n",
        "报告.txt.meta.json": json.dumps({"date": "2018-09-10"}),
        "metadata.csv": "file,title\n说明.txt,包里的说明\n",
        ".wenjuignore": "说明.txt\n*.md\n",
    }
    place.client.send(part("成套.zip", packed(**members)))
    place.client.send(part("别的.md", "# 别的\n\n别的共2条。\n"))
    found = documents(place)
    assert found["成套.zip/报告.txt"][1] == "2018-09-10"
    assert "成套.zip/说明.txt" not in found
    assert found["说明.txt"] == before
    assert "别的.md" in found
    del members[".wenjuignore"]
    place.client.send(part("成套.zip", packed(**members)))
    found = documents(place)
    assert found["成套.zip/说明.txt"][0] == "包里的说明"
    assert found["说明.txt"] == before


def test_a_table_of_that_name_which_speaks_of_no_files_is_a_document(place: Place) -> None:
    job = place.client.send(part("统计/metadata.csv", "县,户数\n东河,428\n南坪,512\n"))
    assert states(job)["统计/metadata.csv"] == ("indexed", None)
    assert place.client.ask("东河有多少户？")["citations"][0]["source"] == "统计/metadata.csv"


def test_the_refusal_says_the_way_out_in_both_languages(place: Place) -> None:
    job = place.client.send(part("metadata.csv", ROWS.format("a.txt")))
    (file,) = job["files"]
    assert "send it with them in one archive" in file["detail"]
    chinese = {"accept-language": "zh"}
    told = place.client.http.get(f"/v1/jobs/{job['job_id']}", headers=chinese).json()
    assert "同一个 zip" in told["files"][0]["summary"]
