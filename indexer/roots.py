"""The folders that an index is made of, those of a service's uploads too, and their files.

Knows which file stands for which source; reads none, and knows nothing of the index but its roots.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import InvalidRequest
from indexer.files.reading import FileReader
from indexer.files.rules import SkipReason, skipped
from indexer.files.scope import EVERYTHING, Scope
from indexer.files.sidecars import gather
from indexer.files.walk import FileFound, walk_roots
from indexer.index.manifest import Root
from indexer.index.pointer import Removal
from indexer.records import Skipped
from indexer.report import Tally


@dataclass(frozen=True, slots=True)
class Uploads:
    """A folder that a service keeps as a further root of its index.

    Its files have their paths in it as sources, and stand in for those of the other roots that
    have the same. With `names`, the sources that came anew, nothing else is looked at; a document
    of theirs whose id is in `returned` was removed and answers again.
    """

    root: Path
    names: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()

    def has_named(self, source: str) -> bool:
        """Whether a source is one of `names`, or a member of an archive among them."""
        if source in self.names:
            return True
        return any(source[:at] in self.names for at, letter in enumerate(source) if letter == "/")

    def among(self, roots: Sequence[Root]) -> tuple[Root, ...]:
        """The roots with this one, in the place of the one before where the folder has moved."""
        others = tuple(each for each in roots if not each.uploads)
        return (*others, Root(os.path.abspath(self.root), "", uploads=True))


def find(roots: Sequence[Root], max_file_bytes: int, tally: Tally, scope: Scope) -> list[FileFound]:
    """The files of all roots within the scope, an uploaded one for another of the same source."""
    _require_there(roots)
    uploaded, given = (
        files_of(
            walk_roots(
                [(Path(each.path), each.prefix) for each in roots if each.uploads is uploads],
                max_file_bytes,
                scope,
            ),
            tally,
            scope,
            uploads=uploads,
        )
        for uploads in (True, False)
    )
    names = {each.source for each in uploaded}
    stays = [each for each in given if each.source not in names]
    if len(stays) < len(given):
        detail = "a file of this name was uploaded, and stands in for it"
        over = (each.source for each in given if each.source in names)
        tally.skipped += [skipped(source, SkipReason.SUPERSEDED, detail) for source in over]
    return [*stays, *uploaded]


def files_of(
    entries: Iterable[FileFound | Skipped],
    tally: Tally,
    scope: Scope = EVERYTHING,
    *,
    uploads: bool = False,
) -> list[FileFound]:
    """The documents among what a walk found. Uploads say nothing of one another: see `gather`."""
    entries = list(entries)
    left_out = [each for each in entries if isinstance(each, Skipped)]
    found = [each for each in entries if isinstance(each, FileFound)]
    with FileReader() as reader:
        documents, wrong = gather(found, reader, in_archives_alone=uploads)
    tally.skipped += [each for each in (*left_out, *wrong) if scope.holds(each.source)]
    return [file for file in documents if scope.holds(file.source)]


def taken_out_of(removals: Sequence[Removal], uploads: Uploads | None) -> set[str]:
    """The sources that are to stay out."""
    returned = uploads.returned if uploads else frozenset()
    return {each.source for each in removals if each.document_id not in returned}


def returned_by(
    removals: Sequence[Removal], uploads: Uploads | None, found: Sequence[FileFound], tally: Tally
) -> list[Removal]:
    """The removals that end since their documents came again and could be read."""
    if not uploads or not uploads.returned:
        return []
    there = {each.source for each in found} - {each.source for each in tally.skipped}
    return [
        each for each in removals if each.document_id in uploads.returned and each.source in there
    ]


def _require_there(roots: Sequence[Root]) -> None:
    """Check the folders of the last build. One that is absent or closed would empty the index."""
    for path in (Path(root.path) for root in roots):
        needed = os.R_OK | os.X_OK if path.is_dir() else os.R_OK
        if not os.access(path, needed):
            raise InvalidRequest(
                f"{path}, which the index was built of, is not there or may not be read",
                hint="is a disk not mounted? else build again from the folders that there are",
            )


def roots_of(paths: Sequence[Path]) -> list[Root]:
    alone = len(paths) == 1
    return [
        Root(os.path.abspath(path), "" if alone else f"{path.resolve().name}/") for path in paths
    ]
