"""Faces that the HOG detector alone does not see, what must not be taken for a face, and poor photos of faces."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Doubt, Face, Reason, Refusal
from tests.faces.test_finder import png

SAME_PERSON = 0.6  # dlib's distance, face_recognition.py


@pytest.fixture(scope="module")
def portrait(shared_faces: Path) -> Image.Image:
    photo = sorted((shared_faces / "strangers").iterdir())[3]
    return Image.open(photo).convert("RGB").resize((750, 750), Image.Resampling.BICUBIC)


def only_face(faces: FaceFinder, image: Image.Image) -> Face:
    found = faces.find(png(image))
    assert not isinstance(found, Refusal)
    return found[0]


@pytest.mark.parametrize("degrees", [45, -45, 90, 180, 270])
def test_a_turned_face_is_found_and_is_the_same(faces: FaceFinder, portrait: Image.Image, degrees: int) -> None:
    upright = only_face(faces, portrait)
    face = only_face(faces, portrait.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 90, 90)))

    assert np.linalg.norm(face.embedding - upright.embedding) < SAME_PERSON


@pytest.mark.parametrize(("degrees", "turn"), [(0, 0), (90, 270), (180, 180), (270, 90)])
def test_the_turn_makes_the_photo_upright_and_the_box_is_in_it(
    faces: FaceFinder, portrait: Image.Image, degrees: int, turn: int
) -> None:
    wide = portrait.crop((0, 60, 750, 690))
    upright = only_face(faces, wide)
    face = only_face(faces, wide.rotate(degrees, expand=True))

    assert face.turn == turn
    np.testing.assert_allclose(face.box, upright.box, rtol=0, atol=40)


def test_a_chin_upside_down_is_no_face(faces: FaceFinder, portrait: Image.Image) -> None:
    left, top, right, bottom = only_face(faces, portrait).box
    chin = portrait.crop((left, (top + bottom) // 2 + 20, right, min(750, bottom + 60))).rotate(180)

    assert isinstance(faces.find(png(chin.resize((600, 600)))), Refusal)


def test_a_blurred_wall_is_no_face(faces: FaceFinder) -> None:
    noise = Image.fromarray(np.random.default_rng(8).integers(0, 256, (600, 800, 3), np.uint8))

    assert isinstance(faces.find(png(noise.filter(ImageFilter.GaussianBlur(12)))), Refusal)


# Poor photos.


def darkened(image: Image.Image, factor: float) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(factor)


def covered(faces: FaceFinder, image: Image.Image, part: str) -> Image.Image:
    """A dark band over the eyes, or a mask over mouth and nose."""
    left, top, right, bottom = only_face(faces, image).box
    height = bottom - top
    image = image.copy()
    if part == "eyes":
        points = faces.landmarks(np.asarray(image), (left, top, right, bottom))
        row = points[:4, 1].mean()
        ImageDraw.Draw(image).rectangle((left, row - 0.12 * height, right, row + 0.12 * height), fill=(15, 15, 18))
    else:
        ImageDraw.Draw(image).ellipse((left, top + 0.5 * height, right, bottom + 0.3 * height), fill=(170, 200, 215))
    return image


def test_a_good_photo_is_not_doubtful(faces: FaceFinder, portrait: Image.Image) -> None:
    assert only_face(faces, portrait).doubt is None


@pytest.mark.parametrize("factor", [0.2, 0.05])
def test_a_dark_photo_is_brightened(faces: FaceFinder, portrait: Image.Image, factor: float) -> None:
    face = only_face(faces, darkened(portrait, factor))

    assert np.linalg.norm(face.embedding - only_face(faces, portrait).embedding) < 0.3


def test_a_photo_of_a_few_grey_levels_is_doubtful(faces: FaceFinder, portrait: Image.Image) -> None:
    assert only_face(faces, darkened(portrait, 0.025)).doubt == Doubt.DARK


def test_a_blurred_face_is_doubtful(faces: FaceFinder, portrait: Image.Image) -> None:
    assert only_face(faces, portrait.filter(ImageFilter.GaussianBlur(12))).doubt == Doubt.BLURRED


@pytest.mark.parametrize("part", ["eyes", "mouth"])
def test_a_covered_face_is_doubtful(faces: FaceFinder, portrait: Image.Image, part: str) -> None:
    assert only_face(faces, covered(faces, portrait, part)).doubt == Doubt.COVERED


def test_of_several_faces_the_main_one_alone_is_doubted(faces: FaceFinder, shared_faces: Path) -> None:
    group = Image.open(shared_faces / "groups" / "2008_001322.jpg").convert("RGB")
    found = faces.find(png(darkened(group, 0.025)))
    assert not isinstance(found, Refusal)

    assert [face.doubt for face in found] == [Doubt.DARK] + [None] * (len(found) - 1)


def test_a_photo_in_which_nothing_can_be_seen_says_so(faces: FaceFinder, portrait: Image.Image) -> None:
    noise = Image.fromarray(np.random.default_rng(8).integers(0, 256, (600, 800, 3), np.uint8))

    assert faces.find(png(darkened(noise, 0.05))) == Refusal(Reason.TOO_DARK)
    assert faces.find(png(portrait.filter(ImageFilter.GaussianBlur(60)))) == Refusal(Reason.BLURRED)
