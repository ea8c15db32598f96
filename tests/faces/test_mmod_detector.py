"""The MMOD detector beside dlib's own on the same pixels, and the layout of its pyramid."""

from pathlib import Path

import dlib
import numpy as np
import pytest
from PIL import Image

from lookalike.faces.dlib_weights import DETECTION_DAT, model_file
from lookalike.faces.finder import FaceFinder
from lookalike.faces.mmod_detector import MmodDetector, layout

SCORE_TOLERANCE = 1e-3
PIXEL_TOLERANCE = 1


@pytest.fixture(scope="module")
def dlibs_detector() -> "dlib.cnn_face_detection_model_v1":
    return dlib.cnn_face_detection_model_v1(str(model_file(DETECTION_DAT)))


@pytest.fixture(scope="module")
def mmod(faces: FaceFinder) -> MmodDetector:
    return faces.detector.mmod


@pytest.mark.parametrize(
    ("photo", "side_px", "faces_seen"),
    [
        ("groups/2008_001009.jpg", 375, 1),
        ("groups/bald_guys.jpg", 700, 2),
        ("strangers/*", 250, 1),
        ("strangers/*", 90, 0),
    ],
)
def test_it_equals_dlibs_own_within_a_pixel_and_a_thousandth_of_a_score(
    mmod: MmodDetector,
    dlibs_detector: "dlib.cnn_face_detection_model_v1",
    shared_faces: Path,
    photo: str,
    side_px: int,
    faces_seen: int,
) -> None:
    image = Image.open(min(shared_faces.glob(photo))).convert("RGB")
    image.thumbnail((side_px, side_px))
    pixels = np.asarray(image)

    ours = mmod.detect(pixels)
    theirs = sorted(dlibs_detector(pixels, 0), key=lambda one: -one.confidence)

    assert len(ours) == len(theirs) >= faces_seen
    for (box, score), one in zip(ours, theirs, strict=True):
        expected = one.rect.left(), one.rect.top(), one.rect.right(), one.rect.bottom()
        np.testing.assert_allclose(box, expected, rtol=0, atol=PIXEL_TOLERANCE)
        assert score == pytest.approx(one.confidence, abs=SCORE_TOLERANCE)


@pytest.mark.parametrize("size", [(40, 40), (40, 1280), (1280, 40), (281, 375), (375, 281)])
def test_no_tile_overlaps_another_or_leaves_the_picture(size: tuple[int, int]) -> None:
    height, width, tiles = layout(*size)

    assert (tiles[0].height, tiles[0].width) == size
    for number, tile in enumerate(tiles):
        assert min(tile.top, tile.left) >= 0
        assert tile.top + tile.height <= height
        assert tile.left + tile.width <= width
        assert all(tile.is_beside(other) for other in tiles[:number])
