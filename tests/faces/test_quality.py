"""Which photos are good enough for a gallery: each gate by numbers, then degraded real photos."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter

from lookalike.faces.finder import FaceFinder
from lookalike.faces.quality import (
    MAX_SHARPNESS,
    MAX_TILT_DEG,
    MAX_TURN,
    MAX_WHITE,
    MIN_CONTRAST,
    MIN_EYES_PX,
    MIN_ROUGHNESS,
    MIN_SHARPNESS,
    choose,
    gates,
    halved,
    laplacian,
    texture,
)
from lookalike.faces.types import MeasuredFace

Chip = npt.NDArray[np.uint8]
SIDE_PX = 150
GOOD = MeasuredFace(
    embedding=np.zeros(128, np.float32), box=(10, 10, 110, 110), eyes=(40.0, 50.0, 80.0, 50.0),
    faces=1, eyes_px=40, tilt_deg=2, turn=0.1, sharpness=0.3, contrast=36, roughness=0.45, white=0,
)  # fmt: skip
BLURRED = replace(GOOD, sharpness=MIN_SHARPNESS / 2)
CROWDED = replace(GOOD, faces=2)
MORE = "more than one face"


def reject(face: MeasuredFace) -> str | None:
    """The first gate that a photo fails."""
    return next((gate.reason for gate in gates(face) if gate.nearness > 1), None)


# One photo.


def test_a_good_photo_passes_every_gate() -> None:
    assert reject(GOOD) is None


@pytest.mark.parametrize(
    ("measure", "limit", "beyond", "reason"),
    [
        ("eyes_px", MIN_EYES_PX, 0.99, "face too small"),
        ("white", MAX_WHITE, 1.01, "a drawing"),
        ("roughness", MIN_ROUGHNESS, 0.99, "a drawing"),
        ("sharpness", MAX_SHARPNESS, 1.01, "a drawing"),
        ("sharpness", MIN_SHARPNESS, 0.99, "blurred"),
        ("contrast", MIN_CONTRAST, 0.99, "too dark or too pale"),
        ("turn", MAX_TURN, 1.01, "turned away"),
        ("tilt_deg", MAX_TILT_DEG, 1.01, "too tilted"),
    ],
)
def test_a_measure_beyond_its_limit_fails_and_one_at_the_limit_passes(
    measure: str, limit: float, beyond: float, reason: str
) -> None:
    assert reject(replace(GOOD, **{measure: limit * beyond})) == reason  # type: ignore[arg-type]  # a float field
    assert reject(replace(GOOD, **{measure: limit})) is None  # type: ignore[arg-type]


def test_a_second_face_is_reported() -> None:
    assert reject(CROWDED) == MORE


def test_of_several_failed_gates_the_hard_one_is_reported() -> None:
    assert reject(replace(BLURRED, turn=0.6, white=0.5)) == "a drawing"


def test_more_faces_are_only_reported_where_nothing_else_is_wrong() -> None:
    assert reject(replace(BLURRED, faces=3)) == "blurred"


def test_measures_of_zero_are_rejected_without_an_error() -> None:
    assert reject(replace(GOOD, eyes_px=0, sharpness=0, contrast=0, roughness=0)) == "face too small"


# The photos of one celebrity.


def test_no_photos_give_no_reasons() -> None:
    assert choose([]) == []


def test_a_photo_that_fails_a_soft_gate_is_left_out_where_there_is_a_better_one() -> None:
    assert choose([BLURRED, GOOD]) == ["blurred", None]


def test_an_only_photo_is_used_though_it_fails_a_soft_gate() -> None:
    assert choose([BLURRED]) == [None]


def test_where_all_fail_soft_gates_the_best_is_used() -> None:
    tilted = replace(GOOD, tilt_deg=MAX_TILT_DEG * 1.1)
    dark = replace(GOOD, contrast=MIN_CONTRAST / 1.5)

    assert choose([BLURRED, tilted, dark]) == ["blurred", None, "too dark or too pale"]


def test_a_photo_that_fails_two_soft_gates_counts_by_the_worse() -> None:
    one = replace(GOOD, tilt_deg=MAX_TILT_DEG * 1.2)
    both, worse = (replace(one, tilt_deg=MAX_TILT_DEG * 1.1, turn=MAX_TURN * more) for more in (1.1, 1.3))

    assert choose([one, both]) == ["too tilted", None]
    assert choose([one, worse]) == [None, "turned away"]


@pytest.mark.parametrize(
    "hard", [replace(GOOD, eyes_px=MIN_EYES_PX / 2), replace(GOOD, white=0.5), replace(BLURRED, white=0.5)]
)
def test_an_only_photo_that_fails_a_hard_gate_is_never_used(hard: MeasuredFace) -> None:
    assert choose([hard]) == [reject(hard)]


def test_a_photo_of_several_people_is_left_out_unless_there_is_no_other() -> None:
    assert choose([GOOD, CROWDED, BLURRED]) == [None, MORE, "blurred"]
    assert choose([CROWDED]) == [None]


@given(st.lists(st.sampled_from([GOOD, BLURRED, CROWDED, replace(GOOD, turn=0.6), replace(GOOD, white=1)]), max_size=6))
def test_a_celebrity_with_a_photo_that_passes_the_hard_gates_always_keeps_one(faces: list[MeasuredFace]) -> None:
    reasons = choose(faces)

    assert len(reasons) == len(faces)
    assert (None in reasons) == any(reject(one) != "a drawing" for one in faces)
    assert all(reason is None for one, reason in zip(faces, reasons, strict=True) if one is GOOD)


# Textures.


@pytest.fixture(scope="module")
def noise() -> Chip:
    """Of a normal distribution, the same in all colours."""
    grey = np.random.default_rng(1).normal(128, 30, (SIDE_PX, SIDE_PX, 1))
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8), 3, axis=2)


def test_the_laplacian_of_a_slope_is_zero_and_of_a_point_minus_four() -> None:
    slope = np.add.outer(np.arange(5.0), 3 * np.arange(6.0))
    point = np.zeros((5, 5))
    point[2, 2] = 1

    np.testing.assert_allclose(laplacian(slope), np.zeros((3, 4)))
    np.testing.assert_array_equal(laplacian(point), [[0, 1, 0], [1, -4, 1], [0, 1, 0]])


def test_halving_takes_means_of_four_and_drops_an_odd_edge() -> None:
    np.testing.assert_array_equal(halved(np.arange(15.0).reshape(3, 5)), [[3, 5]])


def test_noise_is_as_rough_as_the_normal_distribution_says(noise: Chip) -> None:
    assert texture(noise)["roughness"] == pytest.approx(0.6745, abs=0.02)  # its median, of a deviation of one


def test_flat_patches_with_hard_edges_are_not_rough() -> None:
    patches = np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
    patches[:, 70:] = 200

    assert texture(patches)["roughness"] < MIN_ROUGHNESS


def test_blur_lowers_sharpness(noise: Chip) -> None:
    blurred = np.asarray(Image.fromarray(noise).filter(ImageFilter.GaussianBlur(3)))

    assert texture(blurred)["sharpness"] < texture(noise)["sharpness"] / 20


def test_a_darker_chip_is_as_sharp_and_as_rough_but_has_less_contrast(noise: Chip) -> None:
    bright, dark = texture(noise), texture((noise // 4).astype(np.uint8))

    assert dark["sharpness"] == pytest.approx(bright["sharpness"], rel=0.02)
    assert dark["roughness"] == pytest.approx(bright["roughness"], rel=0.02)
    assert dark["contrast"] == pytest.approx(bright["contrast"] / 4, rel=0.02)


def test_white_is_the_share_of_white_pixels() -> None:
    half = np.full((SIDE_PX, SIDE_PX, 3), 100, np.uint8)
    half[:, 75:] = 255

    assert texture(half)["white"] == pytest.approx(0.5)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_uniform_chip_has_finite_measures(level: int) -> None:
    assert np.isfinite(list(texture(np.full((SIDE_PX, SIDE_PX, 3), level, np.uint8)).values())).all()


# Real photos.


@pytest.fixture(scope="module")
def person(astronaut_pixels: Chip) -> Image.Image:
    """The astronaut's head and shoulders, 240 × 240 with 38 px between the eyes."""
    return Image.fromarray(astronaut_pixels).crop((100, 0, 340, 240))


def measured(faces: FaceFinder, photo: Image.Image) -> MeasuredFace:
    file = io.BytesIO()
    photo.save(file, "PNG")
    found = faces.inspect(file.getvalue())
    assert isinstance(found, MeasuredFace)
    return found


def verdict(faces: FaceFinder, photo: Image.Image) -> str | None:
    return reject(measured(faces, photo))


def cartoon(photo: Image.Image) -> Image.Image:
    flat = photo.filter(ImageFilter.MedianFilter(9)).quantize(5).convert("RGB")
    lines = photo.convert("L").filter(ImageFilter.FIND_EDGES).point(lambda value: 0 if value > 60 else 255)
    return ImageChops.multiply(flat, lines.convert("RGB"))


def pencil(photo: Image.Image) -> Image.Image:
    light = np.asarray(photo.convert("L"), dtype=np.float64)
    soft = np.asarray(photo.convert("L").filter(ImageFilter.GaussianBlur(5)), dtype=np.float64)
    return Image.fromarray(np.clip(light * 255 / (soft + 1), 0, 255).astype(np.uint8)).convert("RGB")


def two(photo: Image.Image) -> Image.Image:
    both = Image.new("RGB", (photo.width * 2, photo.height))
    both.paste(photo, (0, 0))
    both.paste(photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (photo.width, 0))
    return both


@pytest.mark.parametrize(
    ("degrade", "reason"),
    [
        (lambda photo: photo, None),
        (lambda photo: photo.convert("L").convert("RGB"), None),  # black and white
        (lambda photo: photo.resize((1500, 1500), Image.Resampling.BICUBIC), None),
        (lambda photo: photo.filter(ImageFilter.GaussianBlur(3.5)), "blurred"),
        (lambda photo: photo.rotate(38, Image.Resampling.BICUBIC, fillcolor=(90, 90, 90)), "too tilted"),
        (lambda photo: photo.resize((85, 85), Image.Resampling.LANCZOS), "face too small"),
        (lambda photo: photo.point(lambda value: value // 8), None),  # brightened
        (lambda photo: photo.point(lambda value: 225 + value // 12), "too dark or too pale"),
        (two, MORE),
        (cartoon, "a drawing"),
        (pencil, "a drawing"),
    ],
)  # fmt: skip
def test_a_degraded_photo_is_rejected_for_its_fault(
    degrade: Callable[[Image.Image], Image.Image], reason: str | None, faces: FaceFinder, person: Image.Image
) -> None:
    assert verdict(faces, degrade(person)) == reason


def test_every_group_photo_has_more_than_one_face(faces: FaceFinder, shared_faces: Path) -> None:
    groups = sorted(path for path in (shared_faces / "groups").iterdir() if path.stem[:4] in ("2007", "2008", "2009"))
    assert len(groups) == 9

    for group in groups:
        with Image.open(group) as photo:
            assert measured(faces, photo.convert("RGB")).faces > 1, group.name
