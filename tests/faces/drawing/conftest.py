"""Faces for the tests of pictures."""

import io

import pytest
from PIL import Image, features

from lookalike.faces.decoding import Picture
from lookalike.faces.drawing.aligned import Aligned, align
from lookalike.faces.drawing.morph import SIDE_PX
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Face
from tests.conftest import missing

PLACE = 100, 60  # of the head in a larger picture


@pytest.fixture
def scene(head: Image.Image) -> Image.Image:
    """The head with grey around it: a photo with room for any cut."""
    image = Image.new("RGB", (460, 460), "grey")
    image.paste(head, PLACE)
    return image


@pytest.fixture
def face(scene: Image.Image, faces: FaceFinder) -> Face:
    """The face of the scene."""
    return found(scene, faces)


@pytest.fixture
def aligned(scene: Image.Image, face: Face) -> Aligned:
    """The face, cut for a morph."""
    return cut(scene, face)


def found(image: Image.Image, faces: FaceFinder) -> Face:
    """The main face of an image, whose eyes are known."""
    file = io.BytesIO()
    image.save(file, "PNG")
    all_faces = faces.find(file.getvalue())
    assert isinstance(all_faces, tuple)
    assert all_faces[0].eyes
    return all_faces[0]


def cut(image: Image.Image, face: Face, zoom: float = 1) -> Aligned:
    """A face as morphs have it."""
    assert face.eyes
    return align(Picture(image, image.size), face.box, face.eyes, SIDE_PX, zoom)


@pytest.fixture
def raqm() -> None:
    """Shaping of letters, which needs a library of the system."""
    if not features.check_feature("raqm"):
        missing("no FriBiDi here: apt-get install libfribidi0")
