"""Pages of PDFs as pictures, drawn in a process of its own for each. Knows no HTTP.

A file may be anybody's: what draws it must neither take this process down nor keep it busy.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import indexer
from indexer.errors import PageNotFound

_CODE = Path(indexer.__file__).resolve().parent.parent
_LONGEST_SIDE = 1400  # pixels: twice the panel's width
_WITHIN_S = 10.0
_AT_ONCE = threading.Semaphore(2)


def page_picture(data: bytes, page: int) -> bytes:
    """A page, counted from 1, as a PNG. Raises: PageNotFound, also where it can't be drawn."""
    return _drawn({"page": page, "longest_side": _LONGEST_SIDE}, data)


def quote_boxes(data: bytes, page: int, quote: str) -> list[list[float]]:
    """Where a quote stands on a page: left, top, right and bottom of each line of it, in shares of
    the page. Empty where it is not found. Raises: PageNotFound.
    """
    found: list[list[float]] = json.loads(_drawn({"page": page, "quote": quote}, data))
    return found


def _drawn(order: Mapping[str, Any], data: bytes) -> bytes:
    path = os.pathsep.join(filter(None, (str(_CODE), os.environ.get("PYTHONPATH"))))
    with _AT_ONCE:
        try:
            ended = subprocess.run(
                [sys.executable, "-P", "-m", "indexer.files.readers.pdf.picture"],
                env={**os.environ, "PYTHONPATH": path},
                input=json.dumps(order).encode() + b"\n" + data,
                capture_output=True,
                timeout=_WITHIN_S,
                check=True,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            raise PageNotFound(
                f"there is no page {order['page']} in it, or it can't be drawn",
                hint="download the original",
            ) from error
    return ended.stdout
