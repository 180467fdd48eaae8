"""What stands on a picture: lines of text with their corners, and ruled lines.

The only file that calls RapidOCR (PP-OCR models on ONNX Runtime, which come with the package:
nothing is downloaded) and OpenCV. One engine a process, loaded with the first picture and held
under a lock. Knows no files, no reading order.
"""

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from indexer.errors import UnreadableFile

THREADS = 2
"""A build runs beside a service; two threads read a page of A4 in 3 to 4 seconds, one in 6."""

LONGEST_SIDE = 2000
"""Pixels to which a larger picture is brought: A4 at 170 dpi, where 8-point type has 19."""

LONGEST_SIDE_SMALL = 3200
"""The same where type proves to be small, as on a newspaper's page. Takes 0.9 GB at most."""

_SMALL_TYPE = 22.0  # pixels of a line's box: type of 17, below which strokes run together
_LEAST_SCORE = 0.5  # of a line: what is below is a drawing or a stamp
_LEAST_SCORE_SHORT = 0.85  # of one or two characters, which shades and ornaments look like
_DOUBTFUL = 0.75  # of a whole picture: it may lie on its side or upside down
_TALL = 1.5
_NOT_STRAIGHT = 0.15  # degrees: less does not matter
_MOST_ASKEW = 15.0
_RULE_HEIGHTS = 2.5  # a stroke so much longer than type is high is no part of a character
_RULE_WIDTH = 0.35  # of the height of type

_LOCK = threading.Lock()

Point = tuple[float, float]
Pixels = Any  # numpy, (height, width, 3) of uint8


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text. From its upper left corner, in pixels from the picture's upper left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruled line's box in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_vertical(self) -> bool:
        return self.bottom - self.top > self.right - self.left


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands on a picture that was turned upright and straight; `height` is its own then."""

    words: tuple[Words, ...]
    strokes: tuple[Stroke, ...]
    height: float


@dataclass(frozen=True, slots=True)
class _Spot:
    """A line as it was found: four corners, clockwise from where the text begins."""

    text: str
    score: float
    corners: tuple[Point, Point, Point, Point]

    @property
    def width(self) -> float:
        return math.dist(self.corners[0], self.corners[1])

    @property
    def height(self) -> float:
        return math.dist(self.corners[0], self.corners[3])

    @property
    def degrees(self) -> float:
        (x0, y0), (x1, y1) = self.corners[:2]
        return math.degrees(math.atan2(y1 - y0, x1 - x0))


PACKAGES = ("rapidocr", "onnxruntime", "cv2", "PIL")
"""What the OCR extra brings."""


def is_installed() -> bool:
    return all(map(find_spec, PACKAGES))


def needs_ocr(what: str) -> UnreadableFile:
    """The refusal of a file that only OCR can read, where it is not installed."""
    return UnreadableFile(
        what, reason="needs_ocr", hint="install the OCR extra: pip install -e '.[ocr]'"
    )


def look(pixels: Pixels) -> Seen:
    """All text and ruled lines of a picture, which may lie askew or on its side.

    Raises: UnreadableFile, reason `needs_ocr` or `ocr_failed`.
    """
    try:
        import cv2
        from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError
    except ImportError as error:
        raise needs_ocr(f"text on pictures can't be read here: {error}") from error
    with _LOCK:
        try:
            spots, pixels = _upright(pixels)
            return _straight(spots, pixels)
        except (ONNXRuntimeError, cv2.error, MemoryError) as error:
            raise UnreadableFile(
                f"recognising the text failed: {error}",
                reason="ocr_failed",
                hint="save the picture smaller, or give it more memory",
            ) from error


# -- the engine -----------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _engine() -> Any:
    import cv2
    import rapidocr  # with ONNX Runtime and OpenCV: half a second, 150 MB

    cv2.setNumThreads(THREADS)
    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            # By path: an engine that looks a model up by name may want to download it.
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.use_cls": False,  # whether a line stands on its head: see _upright
            # A strip of a page is not blown up for detection: ten times as fast, nothing lost.
            "Det.limit_side_len": 320,
            "Global.text_score": _LEAST_SCORE,
            "Global.max_side_len": LONGEST_SIDE,
            "Global.log_level": "critical",
        }
    )


def _spots(pixels: Pixels) -> list[_Spot]:
    spots = _spots_within(pixels, LONGEST_SIDE)
    shrunk = max(pixels.shape[:2]) / LONGEST_SIDE
    if spots and shrunk > 1.1:
        heights = sorted(min(spot.height, spot.width) for spot in spots)
        if heights[len(heights) // 2] / shrunk < _SMALL_TYPE:
            return _spots_within(pixels, LONGEST_SIDE_SMALL)
    return spots


def _spots_within(pixels: Pixels, longest: int) -> list[_Spot]:
    engine = _engine()
    engine.max_side_len = longest
    found = engine(pixels)
    if found.txts is None or found.boxes is None:
        return []
    return [
        _Spot(
            text.strip(),
            float(score),
            ((c[0][0], c[0][1]), (c[1][0], c[1][1]), (c[2][0], c[2][1]), (c[3][0], c[3][1])),
        )
        for text, score, c in zip(found.txts, found.scores, found.boxes.tolist(), strict=True)
        if len(text.strip()) > 2 or (text.strip() and score >= _LEAST_SCORE_SHORT)
    ]


# -- upright and straight -------------------------------------------------------------------------


def _upright(pixels: Pixels) -> tuple[list[_Spot], Pixels]:
    """A picture that lies on its side or its head is turned until it reads well."""
    import numpy

    spots = _spots(pixels)
    if not spots or not (_is_doubtful(spots) or _is_on_its_side(spots)):
        return spots, pixels
    best = (_sureness(spots), spots, pixels)
    for quarters in (1, 3) if _is_on_its_side(spots) else (2, 1, 3):
        turned = numpy.ascontiguousarray(numpy.rot90(pixels, quarters))
        seen = _spots(turned)
        if not seen or _is_on_its_side(seen):
            continue
        if not _is_doubtful(seen):
            return seen, turned
        if _sureness(seen) > best[0]:
            best = (_sureness(seen), seen, turned)
    return best[1], best[2]


def _is_doubtful(spots: Sequence[_Spot]) -> bool:
    weight = sum(len(spot.text) for spot in spots)
    return sum(spot.score * len(spot.text) for spot in spots) < _DOUBTFUL * weight


def _is_on_its_side(spots: Sequence[_Spot]) -> bool:
    long = [spot for spot in spots if len(spot.text) > 1]
    return sum(spot.height > _TALL * spot.width for spot in long) * 2 > len(long)


def _sureness(spots: Sequence[_Spot]) -> float:
    """Doubtful characters count for little, so that many of them don't outweigh few sure ones."""
    return sum(spot.score**4 * len(spot.text) for spot in spots)


def _straight(spots: Sequence[_Spot], pixels: Pixels) -> Seen:
    height, width = pixels.shape[:2]
    degrees = _askew(spots)
    if abs(degrees) < _NOT_STRAIGHT:
        degrees = 0.0
    else:
        pixels = _rotated(pixels, degrees)
    turn = math.radians(-degrees)
    cos, sin, middle = math.cos(turn), math.sin(turn), (width / 2, height / 2)

    def place(point: Point) -> Point:
        x, y = point[0] - middle[0], point[1] - middle[1]
        return x * cos - y * sin + middle[0], x * sin + y * cos + middle[1]

    words = []
    for spot in spots:
        a, b, c, d = map(place, spot.corners)
        left, right = (a[0] + d[0]) / 2, (b[0] + c[0]) / 2
        top, bottom = (a[1] + b[1]) / 2, (c[1] + d[1]) / 2
        if right > left and bottom > top:
            words.append(Words(spot.text, left, top, right, bottom))
    return Seen(tuple(words), _strokes(pixels, words), float(height))


def _askew(spots: Sequence[_Spot]) -> float:
    """By how much the lines fall to the right: the median, each line weighed by its length."""
    long = [spot for spot in spots if spot.width > 4 * spot.height and abs(spot.degrees) < 45]
    longest = max((spot.width for spot in long), default=0.0)
    told = sorted((spot.degrees, spot.width) for spot in long if spot.width > longest / 3)
    half, passed = sum(width for _, width in told) / 2, 0.0
    for degrees, width in told:
        passed += width
        if passed >= half:
            return degrees if abs(degrees) < _MOST_ASKEW else 0.0
    return 0.0


def _rotated(pixels: Pixels, degrees: float) -> Pixels:
    import cv2

    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    white = (255, 255, 255)
    return cv2.warpAffine(pixels, turn, (width, height), borderValue=white)


# -- ruled lines ----------------------------------------------------------------------------------


def _strokes(pixels: Pixels, words: Sequence[Words]) -> tuple[Stroke, ...]:
    import cv2

    if not words:
        return ()
    heights = sorted(each.bottom - each.top for each in words)
    size = heights[len(heights) // 2]
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    window = max(3, int(size)) | 1
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 15
    )
    return tuple(
        stroke for vertical in (False, True) for stroke in _strokes_in(ink, size, vertical)
    )


def _strokes_in(ink: Pixels, size: float, vertical: bool) -> list[Stroke]:
    import cv2

    long, wide = max(9, round(_RULE_HEIGHTS * size)), 3
    across = (wide, 1) if vertical else (1, wide)  # a line that is not quite straight steps
    thick = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, across))
    along = (1, long) if vertical else (long, 1)
    kept = cv2.morphologyEx(thick, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, along))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    found = []
    for left, top, across_px, down_px, _area in boxes[1:count].tolist():
        if min(across_px, down_px) - wide + 1 <= max(3.0, _RULE_WIDTH * size):
            found.append(Stroke(left, top, left + across_px, top + down_px))
    return found
