"""Documents are listed by a piece of their titles, as it is written."""

from pathlib import Path

from service.records import Filters
from service.retrieve.filters import documents
from tests.archives import archive_of

TITLES = ("六月客运简报", "七月客运简报", "客运100%正点承诺", "货运'快线'说明", "客_货兼营办法")


def test_only_titles_that_contain_the_piece_are_listed(tmp_path: Path) -> None:
    files = {f"{n}.txt": f"{title}\n此件共{n}页。" for n, title in enumerate(TITLES)}
    reader = archive_of(files, tmp_path).reader
    for piece in ("", "客运", "简报", "%", "_", "'", "无此题名", *TITLES):
        listed = {each.document.title for each in documents(reader, Filters(), piece)}
        assert listed == {title for title in TITLES if piece in title}
