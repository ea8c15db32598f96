"""Where the faces of a picture are: dlib's HOG detector on small copies first, its MMOD network as a last resort.

    first look (HOG, 233 px, in grey)  -> one large face that is sure: done, as for nine selfies in ten
    quick passes (HOG, 280 and 480 px) -> the same in colour
    full pass (HOG, 640 px, upsampled once) -> sure faces: done
    MMOD, upright                           -> faces in masks, tilted, cut by the edge
    HOG, then MMOD, on small copies turned by 90, 180 and 270 degrees -> photos on their side or upside down
    full pass at 1280 px, in grey           -> small faces in large photos
    what both quick passes saw faintly in one place -> most of the other faces in masks

The HOG detector sees faces in chins of photos that are upside down. Their scores stay below SURE, and MMOD, which sees
nothing there, decides (bench/alterations.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import dlib
import numpy as np
import numpy.typing as npt
from PIL import Image

from lookalike.faces.decoding import TURNS
from lookalike.faces.mmod_detector import MmodDetector
from lookalike.faces.types import Box

Scored = tuple[Box, float]

# Quick passes over small copies: longest side in px, and how large (face width / shorter side of the picture) a face
# must be to be a selfie, with nobody else to look for, when it is the only one seen. Then the full pass, upsampled
# once: it finds the same main faces as 1280 px does (bench/README.md).
QUICK_PASSES = ((280, 0.33), (480, 0.15))
# Longest side of the first look: 280 px less one step of dlib's pyramid (5/6), the one that sees only smaller faces.
# It is sure of as many selfies, in less time; a further step would hide too many second faces (bench/looks.py).
FIRST_LOOK_PX = 233
TURNED_PX = (280, 400)  # of HOG's passes over turned copies
FULL_PASS, FAR_PASS = (640, 1), (1280, 1)  # longest side in px, times upsampled
FAR_FROM_PX = 1000  # longest side from which a photo may hold faces that only the far pass sees
SAME_FACE_IOU = 0.4  # two boxes that overlap more are one face

# Scores, chosen on photos of 50 people: plain, and altered as in bench/alterations.py, which shows what comes of them.
SURE = 0.7  # HOG: 48 of 50 selfies have more; the surest chin upside down had 0.64
LIKELY = 0.4  # HOG: what is beside a face that MMOD has seen
LEAST = 0.25  # HOG: where MMOD sees nothing in any direction, as in very dark photos
FAINT = -0.25  # HOG: in both quick passes at one place; no picture without a face has more (bench/alterations.py)
MMOD_PX = 375  # longest side of the copy that the network sees
MMOD_TURNED_PX = 240  # of a turned copy, for faces of a third of it and more: at 0.4 of the time
CROP_PX, CROP_MARGIN = 200, 0.6  # side of a crop around a box; its margin, in widths of the box
MMOD_CONFIRMS = 0.9  # of a face that HOG has seen, too
MMOD_SURE = 1.0  # upright faces have 1.02 to 1.18, faces on their side rarely more than 1
MMOD_LIKELY, MMOD_LEAST = 0.5, 0.15
DARK, WHITE = 110.0, 220.0  # grey levels of the brightest hundredth
# Brightness below which a picture is brightened for HOG and the landmarks, too. Above it as many faces are recognised
# without, and a face that is small and bright in a dim picture would become white.
VERY_DARK = 50.0
SAMPLE_PX = 64  # side of the sample that a picture's brightness is measured on
BRIGHTEST = 0.5  # percent: a small face in a spotlight is not brightened, a lamp keeps no photo from it
MMOD_TURNED, MMOD_BETTER = 0.6, 0.1  # what a turned copy must have, and have more than the upright one


@dataclass(frozen=True)
class Detection:
    """The boxes in px of the picture once it is turned by so many degrees counter-clockwise (0, 90, 180 or 270)."""

    boxes: tuple[Box, ...]
    turn: int = 0


class FaceDetector:
    """Both detectors; not for several threads at once."""

    def __init__(self, mmod: MmodDetector) -> None:
        self._hog = dlib.get_frontal_face_detector()
        self.mmod = mmod

    def detect(self, image: Image.Image) -> Detection:
        """The boxes of an RGB picture, and the quarter turn that makes its faces upright."""
        if box := self.first_look(image):
            return Detection((box,))
        seen: list[Scored] = []
        boxes: list[Scored] = []
        before: list[Scored] = []
        twice: list[Scored] = []
        seen_px = 0
        for side_px, prominent in QUICK_PASSES:
            if seen_px < max(image.size):  # else it was seen at its own size
                faint = self.scan(image, side_px, 0, FAINT)
                twice = [one for one in faint if any(overlap(one[0], box) >= SAME_FACE_IOU for box, _ in before)]
                before = faint
                boxes = [one for one in faint if one[1] >= 0]
            seen_px = side_px
            if _is_selfie(boxes, prominent, image):
                (box, score), *_ = boxes
                if score >= SURE or (score >= LEAST and self._is_confirmed(image, box)):
                    return Detection((box,))
            seen = boxes + seen
        seen = self.scan(image, *FULL_PASS) + seen
        if any(score >= SURE for _, score in seen):
            return Detection(distinct(box for box, _ in seen))
        return self._last_resort(image, seen, twice)

    def first_look(self, image: Image.Image, side_px: int = FIRST_LOOK_PX) -> Box | None:
        """The one large face that HOG is sure of in grey: faster, but in colour it knows more of faces in masks."""
        boxes = self.scan(image.convert("L"), side_px, 0)
        return boxes[0][0] if _is_selfie(boxes, QUICK_PASSES[0][1], image) and boxes[0][1] >= SURE else None

    def _is_confirmed(self, image: Image.Image, box: Box) -> bool:
        """Whether MMOD sees, on a crop, the face that HOG has seen: 20 ms, a tenth of the passes that would follow."""
        left, top, right, bottom = box
        margin = round(CROP_MARGIN * width(box))
        crop = image.crop((left - margin, top - margin, right + margin, bottom + margin))
        copy, _ = _reduced(crop, CROP_PX)
        return _top(self.mmod.detect(_brightened(copy))) >= MMOD_CONFIRMS

    def _last_resort(self, image: Image.Image, seen: list[Scored], twice: list[Scored]) -> Detection:
        """What is there when HOG saw nobody upright, or somebody doubtful; `twice`: in both quick passes."""
        upright = self.scan_mmod(image)
        is_upright = _top(upright) >= MMOD_SURE
        boxes = distinct([*_from(upright, MMOD_LIKELY), *_from(seen, LIKELY)])
        if is_upright and _top(seen) >= LIKELY:
            return Detection(boxes)
        turned = {turn: image.transpose(how) for turn, how in TURNS.items()}
        if detection := self._turned(turned):
            return detection
        if is_upright:
            return Detection(boxes)
        if detection := self._turned_by_mmod(turned, _top(upright) + MMOD_BETTER):
            return detection
        if boxes := distinct([*_from(upright, MMOD_LEAST), *_from(seen, LEAST)]):
            return Detection(boxes)
        far = self.scan(image.convert("L"), *FAR_PASS) if max(image.size) >= FAR_FROM_PX else []
        return Detection(distinct([*_from(far, LEAST), *_from(twice, FAINT)]))

    def _turned(self, copies: dict[int, Image.Image]) -> Detection | None:
        """What HOG is sure of in one of the turned copies."""
        for side_px in TURNED_PX:
            seen = {turn: self.scan(copy, side_px, 0) for turn, copy in copies.items()}
            turn = max(seen, key=lambda one: _top(seen[one]))
            if _top(seen[turn]) >= SURE:
                return Detection(distinct(_from(seen[turn], LIKELY)), turn)
        return None

    def _turned_by_mmod(self, copies: dict[int, Image.Image], least: float) -> Detection | None:
        """What MMOD sees in one of the turned copies, with a score of at least `least`."""
        seen = {turn: self.scan_mmod(copy, MMOD_TURNED_PX) for turn, copy in copies.items()}
        turn = max(seen, key=lambda one: _top(seen[one]))
        if _top(seen[turn]) < max(MMOD_TURNED, least):
            return None
        boxes = _from(self.scan(copies[turn], QUICK_PASSES[-1][0], 0), LIKELY)  # landmarks sit better in HOG's boxes
        return Detection(distinct([*boxes, *_from(seen[turn], MMOD_LIKELY)]), turn)

    def scan(self, image: Image.Image, side_px: int, upsample: int, least_score: float = 0.0) -> list[Scored]:
        """Boxes in px of `image`, RGB or grey, with scores, by HOG on a copy of that side, upsampled that often."""
        copy, shrink = _reduced(image, side_px)
        rectangles, scores, _ = self._hog.run(np.ascontiguousarray(copy, dtype=np.uint8), upsample, least_score)
        edges = [(r.left(), r.top(), r.right(), r.bottom()) for r in rectangles]
        return [(_grown(box, shrink), score) for box, score in zip(edges, scores, strict=True)]

    def scan_mmod(self, image: Image.Image, side_px: int = MMOD_PX) -> list[Scored]:
        """The same by MMOD, the best first; a dark picture is brightened, since MMOD was trained on none."""
        copy, shrink = _reduced(image, side_px)
        return [(_grown(box, shrink), score) for box, score in self.mmod.detect(_brightened(copy))]


def _is_selfie(boxes: list[Scored], prominent: float, image: Image.Image) -> bool:
    """Whether there is one face alone, of at least that part of the picture's shorter side."""
    return len(boxes) == 1 and width(boxes[0][0]) >= prominent * min(image.size)


def brightness(image: Image.Image) -> float:
    """Grey level, 0..255, that BRIGHTEST percent of a picture reach; of 4,000 pixels spread over it."""
    sample = image.resize((SAMPLE_PX, SAMPLE_PX), Image.Resampling.NEAREST)
    return float(np.percentile(np.asarray(sample), 100 - BRIGHTEST))


def lit(image: Image.Image, brightest: float) -> Image.Image:
    """The picture of that `brightness`; a dark one with its brightest parts brought to WHITE."""
    if not 0 < brightest < VERY_DARK:
        return image
    return image.point([min(255, round(level * WHITE / brightest)) for level in range(256)] * 3)


def distinct(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The boxes without those that overlap an earlier one."""
    kept: list[Box] = []
    for box in boxes:
        if all(overlap(box, other) < SAME_FACE_IOU for other in kept):
            kept.append(box)
    return tuple(kept)


def main_first(boxes: Iterable[Box], size: tuple[int, int]) -> list[Box]:
    """Boxes in a picture of that size (width, height), the large and central ones first."""
    return sorted(boxes, key=lambda box: _prominence(box, size), reverse=True)


def overlap(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, 0..1."""
    shared_width, shared_height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0, shared_width) * max(0, shared_height)
    return shared / (_area(a) + _area(b) - shared)


def width(box: Box) -> int:
    """Width of a box in px."""
    return box[2] - box[0]


def _area(box: Box) -> int:
    return width(box) * (box[3] - box[1])


def _prominence(box: Box, size: tuple[int, int]) -> float:
    """Area, weighted from 1 in the middle to 0 in a corner: the main face is large and central."""
    centre = np.array([box[0] + box[2], box[1] + box[3]]) / 2
    off_centre = np.linalg.norm(centre / size - 0.5) / np.sqrt(0.5)  # 0 in the middle, 1 in a corner
    return float(_area(box) * (1 - off_centre))


def _reduced(image: Image.Image, side_px: int) -> tuple[Image.Image, float]:
    """A copy with at most that longest side, and its size as a part of the original's."""
    shrink = min(1.0, side_px / max(image.size))
    if shrink == 1:
        return image, shrink
    size = max(1, round(image.width * shrink)), max(1, round(image.height * shrink))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.1), shrink  # most of it by whole factors


def _brightened(image: Image.Image) -> npt.NDArray[np.uint8]:
    """The pixels, with the brightest hundredth of a dark picture brought to WHITE."""
    pixels = np.asarray(image, dtype=np.uint8)
    brightest = float(np.percentile(pixels, 99))
    if not 0 < brightest < DARK:
        return pixels
    brightened: npt.NDArray[np.uint8] = np.clip(pixels * (WHITE / brightest), 0, 255).astype(np.uint8)
    return brightened


def _grown(box: Box, shrink: float) -> Box:
    left, top, right, bottom = (round(edge / shrink) for edge in box)
    return left, top, right, bottom


def _top(boxes: list[Scored]) -> float:
    return max((score for _, score in boxes), default=-1.0)


def _from(boxes: list[Scored], least: float) -> list[Box]:
    return [box for box, score in boxes if score >= least]
