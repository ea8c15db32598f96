"""A photo of several people with a number at each face."""

import io

import numpy as np
import pytest
from PIL import Image

from lookalike.faces.drawing.numbered_faces import NIGHT, number_faces
from lookalike.faces.types import Reason, Refusal

pytestmark = pytest.mark.fast


def white(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, "PNG")
    return file.getvalue()


def test_each_face_has_a_number_under_it() -> None:
    boxes = [(100, 100, 200, 200), (400, 100, 500, 200)]
    numbered = number_faces(white((600, 400)), boxes, 0)
    assert isinstance(numbered, bytes)
    pixels = np.asarray(Image.open(io.BytesIO(numbered)).convert("RGB")).astype(int)

    dark = np.argwhere(np.abs(pixels - NIGHT).max(axis=2) < 40)
    columns = np.unique(dark[:, 1])
    assert abs(dark[:, 0].mean() - 200) < 5
    assert abs(columns[columns < 300].mean() - 150) < 5
    assert abs(columns[columns > 300].mean() - 450) < 5


@pytest.mark.parametrize(("turn", "size"), [(0, (600, 400)), (90, (400, 600)), (180, (600, 400)), (270, (400, 600))])
def test_a_photo_on_its_side_is_turned_upright(turn: int, size: tuple[int, int]) -> None:
    numbered = number_faces(white((600, 400)), [(10, 10, 90, 90)], turn)

    assert isinstance(numbered, bytes)
    assert Image.open(io.BytesIO(numbered)).size == size


def test_a_large_photo_is_reduced_and_a_damaged_one_refused() -> None:
    numbered = number_faces(white((3000, 2000)), [(2900, 1900, 3000, 2000)], 0)

    assert isinstance(numbered, bytes)
    assert max(Image.open(io.BytesIO(numbered)).size) == 1280
    assert number_faces(b"GIF", [(0, 0, 9, 9)], 0) == Refusal(Reason.NOT_A_PICTURE)
