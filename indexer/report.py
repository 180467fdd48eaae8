"""What a build or update did, file by file. Knows counts and reasons, not how they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import NothingToIndex
from indexer.files.rules import SkipReason
from indexer.index.manifest import Manifest
from indexer.records import Coverage, Skipped
from indexer.stopwatch import Stopwatch

# Left out because that is the rule, not because something is wrong with the file.
_BY_RULE = frozenset(
    {
        *(SkipReason.HIDDEN, SkipReason.BACKUP, SkipReason.IGNORED, SkipReason.UNSUPPORTED_FORMAT),
        *(SkipReason.SYMLINKED_FOLDER, SkipReason.LINK_OUTSIDE, SkipReason.NOT_A_FILE),
        *(SkipReason.LINK_IN_ARCHIVE, SkipReason.SUPERSEDED, SkipReason.PARTS_OF_A_PAGE),
        SkipReason.INDEX,
        "removed",
    }
)
_EXAMPLES = 3  # of skipped files in the message that there is nothing to index


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build or update did. The counts are of the whole index, `added` and so on of files."""

    generation: str
    documents: int
    passages: int
    characters: int
    added: int
    changed: int
    unchanged: int
    removed: int
    skipped: tuple[Skipped, ...]
    seconds: dict[str, float]  # by stage, of all processes together
    elapsed_s: float
    little_read: dict[str, Coverage]  # pages of this run, the least share first
    notes: tuple[str, ...] = ()  # the index is as it should be, but this is left to do
    taken_up: int = 0  # files of this run that an interrupted one had read

    @property
    def unreadable(self) -> tuple[Skipped, ...]:
        """The skipped files that are not left out by rule: something is wrong with them."""
        return tuple(each for each in self.skipped if each.reason not in _BY_RULE)


@dataclass(slots=True)
class Tally:
    """What becomes of the files while a build goes on."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    taken_up: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def nothing_to_index(paths: Sequence[Path], tally: Tally) -> NothingToIndex:
    where = ", ".join(str(path) for path in paths)
    reasons = "; ".join(f"{each.source}: {each.reason}" for each in tally.skipped[:_EXAMPLES])
    more = len(tally.skipped) - _EXAMPLES
    told = f" ({reasons}{f'; and {more} more' if more > 0 else ''})" if reasons else ""
    return NothingToIndex(
        f"no readable document under {where}{told}",
        hint="give a folder with readable documents; an index that was there is unchanged",
        skipped=tally.skipped,
    )


def report_of(
    manifest: Manifest,
    tally: Tally,
    clock: Stopwatch,
    little_read: Mapping[str, Coverage],
    notes: Sequence[str],
) -> BuildReport:
    return BuildReport(
        generation=manifest.generation,
        documents=manifest.counts.documents,
        passages=manifest.counts.passages,
        characters=manifest.counts.characters,
        added=tally.added,
        changed=tally.changed,
        unchanged=tally.unchanged,
        removed=tally.removed,
        skipped=tuple(sorted(tally.skipped, key=lambda each: each.source)),
        seconds=dict(clock.seconds),
        elapsed_s=clock.elapsed_s,
        little_read=dict(sorted(little_read.items(), key=lambda each: (each[1].share, each[0]))),
        notes=tuple(notes),
        taken_up=tally.taken_up,
    )
