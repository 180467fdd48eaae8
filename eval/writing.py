"""Files that are written whole or not at all, and never over another by accident."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from indexer.errors import InvalidRequest, StorageFull


def refuse_existing(path: Path, overwrite: bool) -> None:
    """Raises: InvalidRequest."""
    if path.exists() and not overwrite:
        raise InvalidRequest(
            f"{path} is there already", hint="choose another name, or add --overwrite"
        )


def write_lines(path: Path, lines: Sequence[str]) -> None:
    write_whole(path, "".join(f"{line}\n" for line in lines))


def write_whole(path: Path, text: str) -> None:
    """Write aside, then move: whoever reads sees the old file or the new one, also after a crash.

    Raises: StorageFull.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        aside = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            aside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            os.replace(aside, path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise StorageFull(
            f"{path} can't be written: {error.strerror}",
            hint="check free space and who may write there",
        ) from error
