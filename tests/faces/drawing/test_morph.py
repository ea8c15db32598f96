"""One face turns into another: what it begins and ends with, what lies between, the video and the strip."""

import io

import av
import numpy as np
import pytest
from PIL import Image

from lookalike.faces.drawing.aligned import Aligned
from lookalike.faces.drawing.face_mesh import mesh
from lookalike.faces.drawing.morph import (
    MOVING,
    RATE,
    SIDE_PX,
    STILL,
    STRIP,
    STRIP_PX,
    Morph,
    morph_strip,
    morph_video,
)
from lookalike.faces.drawing.video import encode_video
from lookalike.faces.finder import FaceFinder
from tests.faces.drawing.conftest import cut, found

MAX_BYTES = 300_000


@pytest.fixture
def other(scene: Image.Image, faces: FaceFinder) -> Aligned:
    """Another face: wider, seen in a mirror, darker."""
    changed = scene.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((540, 460)).point(lambda value: value * 0.7)
    return cut(changed, found(changed, faces))


@pytest.fixture
def morph(aligned: Aligned, other: Aligned) -> Morph:
    made = Morph.between(aligned, other)
    assert made
    return made


def test_it_begins_with_one_face_and_ends_with_the_other(morph: Morph, aligned: Aligned, other: Aligned) -> None:
    for share, face in ((0, aligned), (1, other)):
        apart = np.abs(morph.at(share).astype(int) - np.asarray(face.image))
        assert apart.mean() < 2


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_every_point_of_the_face_is_on_its_way_from_one_to_the_other(
    morph: Morph, aligned: Aligned, other: Aligned, share: float
) -> None:
    first, last = mesh(aligned.image, aligned.eyes), mesh(other.image, other.eyes)
    between = mesh(Image.fromarray(morph.at(share)), aligned.eyes)

    assert first is not None
    assert last is not None
    assert between is not None
    expected = (1 - share) * first + share * last
    apart = aligned.eyes[2] - aligned.eyes[0]
    assert np.linalg.norm(last - first, axis=1).mean() > 0.06 * apart  # the faces do differ
    assert np.linalg.norm(between - expected, axis=1).mean() < 0.03 * apart


def test_colours_are_mixed_as_light_is(aligned: Aligned, morph: Morph) -> None:
    black = Aligned(Image.new("RGB", aligned.image.size, "black"), aligned.eyes)
    white = Aligned(Image.new("RGB", aligned.image.size, "white"), aligned.eyes)
    points = mesh(aligned.image, aligned.eyes)
    assert points is not None
    grey = Morph((black.image, white.image), (points, points)).at(0.5)

    assert grey.min() >= 186  # half of the light of white is 188 in sRGB, not 128
    assert grey.max() <= 189


def test_a_face_that_is_larger_than_the_picture_leaves_no_black_at_its_edges(aligned: Aligned) -> None:
    points = mesh(aligned.image, aligned.eyes)
    white = Image.new("RGB", aligned.image.size, "white")
    assert points is not None
    middle = SIDE_PX / 2
    one, other = ((points - middle) * size + middle + (40, -60) for size in (1.2, 2.8))

    assert all(Morph((white, white), (one, other)).at(share).min() > 250 for share in (0, 0.25, 0.5, 0.75, 1))


def test_without_a_face_on_either_side_there_is_none(aligned: Aligned) -> None:
    empty = Aligned(Image.new("RGB", aligned.image.size, "grey"), aligned.eyes)

    assert Morph.between(aligned, empty) is None
    assert Morph.between(empty, aligned) is None


def test_the_video_goes_there_and_back_without_sound(morph: Morph, aligned: Aligned) -> None:
    video = morph_video(morph)
    with av.open(io.BytesIO(video), "r") as file:
        streams = [str(stream.type) for stream in file.streams]
        shown = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
        codec, rate = file.streams.video[0].codec_context.name, file.streams.video[0].average_rate or 0

    assert len(video) < MAX_BYTES
    assert (streams, codec, int(rate)) == (["video"], "h264", RATE)
    assert len(shown) == 2 * (STILL + MOVING)
    assert shown[0].shape == (SIDE_PX, SIDE_PX, 3)
    first, middle, last = (np.abs(shown[at].astype(int) - np.asarray(aligned.image)).mean() for at in (0, 28, -1))
    assert first < 6 < middle > 6 > last


def test_not_even_noise_makes_a_large_video() -> None:
    noise = np.random.default_rng(0)
    frames = [noise.integers(0, 256, (SIDE_PX, SIDE_PX, 3), dtype=np.uint8) for _ in range(2 * (STILL + MOVING))]

    assert len(encode_video(frames, RATE)) < MAX_BYTES


def test_the_strip_is_five_pictures_side_by_side(morph: Morph, aligned: Aligned) -> None:
    with Image.open(io.BytesIO(morph_strip(morph))) as strip:
        assert (strip.format, strip.size) == ("JPEG", (STRIP * STRIP_PX, STRIP_PX))
        first = np.asarray(strip.crop((0, 0, STRIP_PX, STRIP_PX)), dtype=int)

    assert np.abs(first - np.asarray(aligned.image.resize((STRIP_PX, STRIP_PX)))).mean() < 5
