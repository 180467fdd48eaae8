"""Which part of the folders is looked at: all of them, or a few files and folders alone."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import InvalidRequest
from indexer.files.given import is_metadata
from indexer.files.names import readable_name


@dataclass(frozen=True, slots=True)
class Scope:
    """Sources of files and folders, without a `/` at the end. The empty one is above all others."""

    sources: tuple[str, ...] = ("",)

    def holds(self, source: str) -> bool:
        """Whether this source is one of these, or below one."""
        return any(
            not each or source == each or source.startswith(f"{each}/") for each in self.sources
        )

    def leads_to(self, folder: str) -> bool:
        """Whether one of these is this folder, below it or above it."""
        return self.holds(folder) or any(each.startswith(f"{folder}/") for each in self.sources)


EVERYTHING = Scope()


def scope_of(paths: Sequence[Path], roots: Sequence[tuple[Path, str]]) -> Scope:
    """The sources of `paths`, which need not be there any more, below these roots.

    A sidecar or a manifest speaks of other files, so its folder is meant. Each root comes with what
    leads its sources. Raises: InvalidRequest for a path that is under none of them.
    """
    return Scope(tuple(_source(path, roots) for path in paths)) if paths else EVERYTHING


def _source(path: Path, roots: Sequence[tuple[Path, str]]) -> str:
    meant = path.parent if is_metadata(path.name) else path
    for given in (Path(os.path.abspath(meant)), meant.resolve()):
        for root, prefix in roots:
            for base in (Path(os.path.abspath(root)), root.resolve()):
                if given == base and not base.is_dir():
                    return prefix.removesuffix("/") or base.name
                if given.is_relative_to(base):
                    parts = map(readable_name, given.relative_to(base).parts)
                    return (prefix + "/".join(parts)).removesuffix("/")
    told = " ".join(str(root) for root, _ in roots)
    raise InvalidRequest(
        f"{path} is in none of the folders that the index was built of",
        hint=f"name files or folders below: {told}",
    )
