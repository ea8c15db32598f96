"""A photo -> its faces: the real detector, landmarks and network, on real photos."""

import io
import shutil
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lookalike.core.errors import ModelError
from lookalike.faces import finder as faces_module
from lookalike.faces.decoding import Picture, decode
from lookalike.faces.detection import distinct, main_first
from lookalike.faces.dlib_weights import model_file
from lookalike.faces.finder import (
    DETECTION_ONNX_NAME,
    LANDMARKS_NAME,
    ONNX_NAME,
    FaceFinder,
    chips,
)
from lookalike.faces.types import Box, Face, Reason, Refusal
from tests.conftest import Oracle

GROUPS = {  # faces in each photo, as the README of ../shared/faces says
    "2007_007763": 7, "2008_001009": 2, "2008_001322": 3, "2008_002079": 6, "2008_002470": 6, "2008_002506": 3,
    "2008_004176": 7, "2008_007676": 7, "2009_004587": 2, "Tom_Cruise_avp_2014_4": 1, "bald_guys": 24, "dogs": 0,
}  # fmt: skip
NOSE = (224, 135)  # of the astronaut, px
HEAD = (160, 20, 290, 190)  # of the astronaut, hair and chin included
SAME_FACE = 0.05  # L2 distance; another photo of the same person is at 0.3 and more


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def found(faces: FaceFinder, photo: bytes) -> tuple[Face, ...]:
    result = faces.find(photo)
    assert isinstance(result, tuple)
    return result


def contains(box: Box, point: tuple[float, float]) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]


@pytest.fixture(scope="module")
def grouped(faces: FaceFinder, shared_faces: Path) -> dict[str, tuple[tuple[int, int], tuple[Face, ...] | Refusal]]:
    """Size and faces of every group photo."""
    photos = {name: (shared_faces / "groups" / f"{name}.jpg").read_bytes() for name in GROUPS}
    return {name: (Image.open(io.BytesIO(photo)).size, faces.find(photo)) for name, photo in photos.items()}


# Who is found, and where.


def test_the_astronaut_has_one_face(faces: FaceFinder, astronaut: bytes) -> None:
    (face,) = found(faces, astronaut)

    assert contains(face.box, NOSE)


def test_the_box_is_on_the_head(faces: FaceFinder, astronaut: bytes) -> None:
    left, top, right, bottom = found(faces, astronaut)[0].box

    assert HEAD[0] <= left < right <= HEAD[2]
    assert HEAD[1] <= top < bottom <= HEAD[3]


def test_a_patch_on_a_sleeve_is_no_face(faces: FaceFinder, astronaut_pixels: npt.NDArray[np.uint8]) -> None:
    """The detector is hardly sure of it (0.1; of the face 1.2), but it is more central than the face."""
    (face,) = found(faces, png(Image.fromarray(astronaut_pixels[:, :400])))

    assert contains(face.box, NOSE)


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_photo_has_as_many_faces_as_its_readme_says(name: str, grouped: dict[str, Any]) -> None:
    faces = grouped[name][1]

    assert (len(faces) if isinstance(faces, tuple) else 0) == GROUPS[name]


def test_boxes_are_inside_the_picture(grouped: dict[str, Any]) -> None:
    boxes = [(face.box, size) for size, faces in grouped.values() if isinstance(faces, tuple) for face in faces]
    assert len(boxes) > 60

    for (left, top, right, bottom), (width, height) in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height


def test_the_box_of_a_face_at_the_edge_is_cut_to_the_picture(faces: FaceFinder, head: Image.Image) -> None:
    """The face's left edge is at 75 px and its top at 76 px."""
    face = found(faces, png(head.crop((80, 82, 240, 240))))[0]

    assert min(face.box) == 0


def test_boxes_are_in_pixels_of_the_original(faces: FaceFinder, head: Image.Image) -> None:
    small = found(faces, png(head))[0].box
    large = found(faces, png(head.resize((1680, 1680), Image.Resampling.BICUBIC)))[0].box

    np.testing.assert_allclose(np.array(large) / 7, small, atol=12)


def test_different_faces_have_different_boxes(grouped: dict[str, Any]) -> None:
    for _, faces in grouped.values():
        if isinstance(faces, tuple):
            boxes = [face.box for face in faces]
            assert list(distinct(boxes)) == list(boxes)


# The main face.


def test_the_larger_face_comes_first(faces: FaceFinder, head: Image.Image) -> None:
    both = Image.new("RGB", (1600, 900), (90, 100, 110))
    both.paste(head.resize((260, 260)), (600, 320))
    both.paste(head.resize((400, 400)), (1000, 250))
    main, other = found(faces, png(both))

    assert main.box[0] > 1000
    assert other.box[2] < 860


def test_of_equal_faces_the_central_one_comes_first(faces: FaceFinder, head: Image.Image) -> None:
    both = Image.new("RGB", (1000, 480), (90, 100, 110))
    both.paste(head, (10, 10))
    both.paste(head, (400, 120))
    main, other = found(faces, png(both))

    assert main.box[0] > 400
    assert other.box[2] < 250


def test_a_selfie_is_not_answered_with_the_people_behind(faces: FaceFinder, head: Image.Image) -> None:
    """One face of a fifth of the picture and more is alone meant; the quick pass does not see the small one."""
    both = Image.new("RGB", (900, 600), (90, 100, 110))
    both.paste(head.resize((560, 560)), (20, 20))
    both.paste(head.resize((130, 130)), (720, 60))

    assert [face.box[2] < 580 for face in found(faces, png(both))] == [True]


# The same person in any position.


def test_all_orientations_give_the_same_embedding(faces: FaceFinder, head: Image.Image) -> None:
    stored = {
        1: head,
        2: head.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: head.transpose(Image.Transpose.ROTATE_180),
        4: head.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: head.transpose(Image.Transpose.TRANSPOSE),
        6: head.transpose(Image.Transpose.ROTATE_90),
        7: head.transpose(Image.Transpose.TRANSVERSE),
        8: head.transpose(Image.Transpose.ROTATE_270),
    }
    embeddings = []
    for orientation, image in stored.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        file = io.BytesIO()
        image.save(file, "JPEG", quality=95, exif=exif)
        (face,) = found(faces, file.getvalue())
        assert contains(face.box, (NOSE[0] - 100, NOSE[1]))
        embeddings.append(face.embedding)

    for one, other in combinations(embeddings, 2):
        assert np.linalg.norm(one - other) < SAME_FACE


def test_the_mirror_image_has_nearly_the_same_embedding(faces: FaceFinder, head: Image.Image) -> None:
    face, mirrored = (found(faces, png(image))[0] for image in (head, head.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))

    assert np.linalg.norm(face.embedding - mirrored.embedding) < 0.2


def test_the_same_photo_has_the_same_faces_again(faces: FaceFinder, astronaut: bytes) -> None:
    one, two = found(faces, astronaut)[0], found(faces, astronaut)[0]

    assert one.box == two.box
    np.testing.assert_array_equal(one.embedding, two.embedding)


def test_another_photo_of_a_person_is_nearer_than_any_of_somebody_else(faces: FaceFinder, shared_faces: Path) -> None:
    names = ["Adrien_Brody", "Alejandro_Toledo", "Amelie_Mauresmo", "Andre_Agassi"]
    folders = [sorted((shared_faces / "gallery" / name).iterdir())[:3] for name in names]
    rows = np.array([[found(faces, photo.read_bytes())[0].embedding for photo in folder] for folder in folders])
    distances = np.linalg.norm(rows[:, :, None, None] - rows, axis=-1)  # (person, photo, person, photo)

    own = [distances[i, :, i, :].max() for i in range(len(names))]
    others = [np.delete(distances[i], i, axis=1).min() for i in range(len(names))]
    assert max(own) < min(others)


# The embedding.


def test_embeddings_are_128_finite_floats(grouped: dict[str, Any]) -> None:
    for _, faces in grouped.values():
        for face in faces if isinstance(faces, tuple) else ():
            assert (face.embedding.shape, face.embedding.dtype) == ((128,), np.float32)
            assert np.isfinite(face.embedding).all()


def test_an_embedding_is_the_mean_over_chips_and_mirrors_by_dlibs_own_network(
    faces: FaceFinder, dlibs_own: Oracle, shared_faces: Path
) -> None:
    photo = (shared_faces / "groups" / "2008_001009.jpg").read_bytes()
    picture = decode(photo)
    assert isinstance(picture, Picture)
    pixels = picture.pixels()
    boxes = main_first(faces.detector.detect(picture.image).boxes, picture.size)
    for face, box in zip(found(faces, photo), boxes, strict=True):
        cut = chips(pixels, faces.landmarks(pixels, box))
        mirrors = np.ascontiguousarray(cut[:, :, ::-1])
        expected = np.mean([dlibs_own(chip) for chip in [*cut, *mirrors]], axis=0)

        np.testing.assert_allclose(face.embedding, expected, rtol=0, atol=1e-5)


def test_a_crowd_is_embedded_as_each_face_alone(faces: FaceFinder, shared_faces: Path) -> None:
    """24 faces and their mirror images go through the network in several batches."""
    picture = decode((shared_faces / "groups" / "bald_guys.jpg").read_bytes())
    assert isinstance(picture, Picture)
    pixels = picture.pixels()
    boxes = faces.detector.detect(picture.image).boxes
    every = np.stack([chips(pixels, faces.landmarks(pixels, box)) for box in boxes])
    assert len(every) * 2 > 2 * faces_module.MAX_BATCH

    together = faces.embed(every)
    for row in (0, 7, 23):
        np.testing.assert_allclose(together[row], faces.embed(every[row : row + 1])[0], rtol=0, atol=1e-5)


# Nobody is there, or cannot be compared.


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (Image.new("RGB", (640, 480), "white"), Reason.NO_FACE),
        (Image.new("L", (640, 480), 0), Reason.TOO_DARK),
        (Image.fromarray(np.random.default_rng(5).integers(0, 256, (480, 640, 3), np.uint8)), Reason.NO_FACE),
        (Image.linear_gradient("L").resize((900, 700)), Reason.BLURRED),
        (Image.new("RGB", (40, 40), "red"), Reason.FACE_TOO_SMALL),
        (Image.new("RGB", (40, 30_000), "red"), Reason.NO_FACE),
        (Image.new("RGB", (30_000, 40), "red"), Reason.NO_FACE),
    ],
    ids=["white", "black", "noise", "gradient", "smallest", "strip down", "strip across"],
)
def test_a_picture_without_anybody_says_why_nobody_is_seen(
    faces: FaceFinder, image: Image.Image, reason: Reason
) -> None:
    assert faces.find(png(image)) == Refusal(reason)


def test_a_refused_picture_keeps_its_reason(faces: FaceFinder) -> None:
    assert faces.find(b"no picture") == Refusal(Reason.NOT_A_PICTURE)
    assert faces.find(b"") == Refusal(Reason.UNREADABLE)


@pytest.mark.parametrize("face_px", [10, 15, 20])
@pytest.mark.parametrize("canvas", [(200, 150), (640, 480), (2000, 1500)])
def test_a_tiny_face_is_not_compared(
    faces: FaceFinder, head: Image.Image, canvas: tuple[int, int], face_px: int
) -> None:
    side = 240 * face_px // 90
    image = Image.new("RGB", canvas, (90, 100, 110))
    image.paste(head.resize((side, side), Image.Resampling.LANCZOS), (canvas[0] // 3, canvas[1] // 3))

    assert faces.find(png(image)) in (Refusal(Reason.FACE_TOO_SMALL), Refusal(Reason.NO_FACE))


def test_a_face_with_eyes_too_close_to_compare_is_too_small(
    faces: FaceFinder, head: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eyes 43 px apart; the detector itself sees nobody with eyes less than some 16 px apart."""
    monkeypatch.setattr(faces_module, "MIN_EYE_DISTANCE_PX", 50.0)
    assert faces.find(png(head)) == Refusal(Reason.FACE_TOO_SMALL)

    monkeypatch.setattr(faces_module, "MIN_EYE_DISTANCE_PX", 35.0)
    assert len(found(faces, png(head))) == 1


# Models.


def test_a_missing_network_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=ONNX_NAME):
        FaceFinder(tmp_path)


@pytest.mark.parametrize("length", [0, 1000, -1])
def test_a_truncated_network_is_named(length: int, tmp_path: Path, models: Path) -> None:
    (tmp_path / ONNX_NAME).write_bytes((models / ONNX_NAME).read_bytes()[:length])

    with pytest.raises(ModelError, match=ONNX_NAME):
        FaceFinder(tmp_path)


def test_a_network_with_a_flipped_bit_is_named(tmp_path: Path, models: Path) -> None:
    data = bytearray((models / ONNX_NAME).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / ONNX_NAME).write_bytes(data)

    with pytest.raises(ModelError, match=ONNX_NAME):
        FaceFinder(tmp_path)


def test_missing_landmarks_are_named(models_package: Path, models: Path) -> None:
    with pytest.raises(ModelError, match=LANDMARKS_NAME):
        FaceFinder(models)


def test_damaged_landmarks_are_named(tmp_path: Path, models: Path, request: pytest.FixtureRequest) -> None:
    data = bytearray(model_file(LANDMARKS_NAME).read_bytes())
    data[len(data) // 2] ^= 1
    (request.getfixturevalue("models_package") / LANDMARKS_NAME).write_bytes(data)

    with pytest.raises(ModelError, match=LANDMARKS_NAME):
        FaceFinder(models)


def test_models_are_found_in_any_folder(tmp_path: Path, models: Path, astronaut: bytes) -> None:
    for name in (ONNX_NAME, DETECTION_ONNX_NAME):
        shutil.copyfile(models / name, tmp_path / name)

    assert isinstance(FaceFinder(tmp_path).find(astronaut), tuple)
