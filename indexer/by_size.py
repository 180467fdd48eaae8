"""Which built-in embedder an archive gets: the one that understands more, where it is small."""

from collections.abc import Sequence
from pathlib import Path

from indexer.files.walk import DEFAULT_MAX_FILE_BYTES, FileFound, walk

AUTO = "auto"

# Characters of text up to which `e5` embeds: about a minute on two cores, where the static vectors
# take less than one second. Over corpus/ and the founding documents 1 to 4 questions more in 100
# hold the answer within three sentences; none of four sets loses (docs/log.md, 2026-11-27).
MOST_CHARS = 500_000

# Bytes a character, by and large: UTF-8 Chinese with some markup, and what a compressed or printed
# file spends on everything else. A wrong guess costs time or a little quality, nothing else.
_OF_TEXT, _OF_PACKED = 3, 30
_PACKED = frozenset({".pdf", ".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt", ".odt", ".ods"})
_PACKED |= {".odp", ".epub", ".zip", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"}


def embedder_for(paths: Sequence[Path], max_file_bytes: int = DEFAULT_MAX_FILE_BYTES) -> str:
    """`e5` or `builtin`, by the size of the files under `paths`; none is opened.

    Raises: InvalidRequest for a path that isn't there.
    """
    chars = 0
    for found in walk(paths, max_file_bytes):
        if isinstance(found, FileFound):
            is_packed = Path(found.source).suffix.lower() in _PACKED
            chars += found.size // (_OF_PACKED if is_packed else _OF_TEXT)
            if chars > MOST_CHARS:
                return "builtin"
    return "e5"
