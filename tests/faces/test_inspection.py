"""The main face of a gallery photo is measured: place, other faces, size, tilt, sharpness."""

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import MeasuredFace, Refusal
from tests.faces.test_finder import found, png


def inspected(faces: FaceFinder, image: Image.Image) -> MeasuredFace:
    portrait = faces.inspect(png(image))
    assert isinstance(portrait, MeasuredFace)
    return portrait


def test_the_face_that_is_inspected_is_the_main_one_that_is_found(
    faces: FaceFinder, astronaut: bytes, shared_faces: Path
) -> None:
    for photo in (astronaut, (shared_faces / "groups" / "2008_001322.jpg").read_bytes()):
        portrait = faces.inspect(photo)
        assert isinstance(portrait, MeasuredFace)
        np.testing.assert_array_equal(portrait.embedding, found(faces, photo)[0].embedding)
        assert portrait.box == found(faces, photo)[0].box


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_box_and_eyes_of_a_photo_on_its_side_are_where_they_lie_in_it(
    faces: FaceFinder, head: Image.Image, turn: int
) -> None:
    """Turned with the photo, the eyes of the upright one come to the same places."""
    upright, turned = inspected(faces, head), inspected(faces, head.rotate(turn, expand=True))
    width, height = head.size
    for one, other in zip(np.reshape(upright.eyes, (2, 2)), np.reshape(turned.eyes, (2, 2)), strict=True):
        x, y = {90: (one[1], width - one[0]), 180: (width - one[0], height - one[1]), 270: (height - one[1], one[0])}[
            turn
        ]
        assert np.linalg.norm(other - (x, y)) < 0.1 * upright.eyes_px
    left, top, right, bottom = turned.box
    assert all(left < x < right and top < y < bottom for x, y in np.reshape(turned.eyes, (2, 2)))


@pytest.mark.parametrize("photo", [b"", b"no picture", png(Image.new("RGB", (200, 200), "white"))])
def test_a_photo_that_cannot_be_inspected_keeps_its_reason(faces: FaceFinder, photo: bytes) -> None:
    assert faces.inspect(photo) == faces.find(photo)
    assert isinstance(faces.inspect(photo), Refusal)


@pytest.mark.parametrize(("width_px", "faces_seen"), [(150, 1), (200, 1), (260, 2), (450, 2)])  # beside 450
@pytest.mark.parametrize("side_px", [900, 450])
def test_a_second_face_counts_from_half_the_size_of_the_main_one_on(
    side_px: int, width_px: int, faces_seen: int, faces: FaceFinder, head: Image.Image
) -> None:
    """The quick pass sees the main face alone, even beside one as large."""
    both = Image.new("RGB", (900, 600), (90, 100, 110))
    both.paste(head.resize((450, 450), Image.Resampling.BICUBIC), (0, 100))
    both.paste(head.resize((width_px, width_px), Image.Resampling.BICUBIC), (450, 100))
    both = both.resize((side_px, side_px * 2 // 3), Image.Resampling.BICUBIC)

    assert inspected(faces, both).faces == faces_seen


def test_the_eyes_are_measured_in_pixels_of_the_original(faces: FaceFinder, head: Image.Image) -> None:
    small, large = inspected(faces, head), inspected(faces, head.resize((1920, 1920), Image.Resampling.BICUBIC))

    assert 30 < small.eyes_px < 45  # 224 - 24 and 224 + 13 or so in the astronaut's picture
    assert large.eyes_px / 8 == pytest.approx(small.eyes_px, abs=2)


@pytest.mark.parametrize("degrees", [-25, -10, 10, 25])
def test_a_tilt_is_measured_either_way(degrees: int, faces: FaceFinder, head: Image.Image) -> None:
    level = inspected(faces, head)
    eyes = math.degrees(math.atan2(*reversed(eye_line(faces, head))))  # of the photo as it is
    tilted = inspected(faces, head.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=(90, 100, 110)))

    assert level.tilt_deg == pytest.approx(abs(eyes), abs=0.1)
    assert tilted.tilt_deg == pytest.approx(abs(eyes + degrees), abs=3)


def eye_line(faces: FaceFinder, image: Image.Image) -> tuple[float, float]:
    """From one eye's centre to the other's, px to the right and down."""
    (box,) = faces.detector.detect(image).boxes
    marks = faces.landmarks(np.asarray(image), box)
    across, down = marks[0:2].mean(axis=0) - marks[2:4].mean(axis=0)
    return float(across), float(down)


def test_a_blurred_photo_is_less_sharp(faces: FaceFinder, head: Image.Image) -> None:
    blurred = head.filter(ImageFilter.GaussianBlur(3))

    assert inspected(faces, blurred).sharpness < inspected(faces, head).sharpness / 4
