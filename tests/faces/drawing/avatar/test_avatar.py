"""Avatars of a real face, by the real networks."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from lookalike.faces.decoding import Picture
from lookalike.faces.drawing.aligned import align
from lookalike.faces.drawing.avatar.avatar import SIDE_PX, STICKER_PX, avatar, draw_avatar
from lookalike.faces.drawing.avatar.features import features_of
from lookalike.faces.drawing.avatar.lab_colour import to_lab
from lookalike.faces.drawing.avatar.order import AvatarOrder, AvatarShape, AvatarStyle
from lookalike.faces.drawing.avatar.person_mask import person_mask
from lookalike.faces.types import Face, Reason, Refusal


def order(face: Face, style: AvatarStyle = AvatarStyle.COMIC, shape: AvatarShape = AvatarShape.PICTURE) -> AvatarOrder:
    assert face.eyes
    return AvatarOrder(face.box, face.eyes, face.turn, style, shape)


def drawn(image: Image.Image, wanted: AvatarOrder) -> Image.Image:
    data = draw_avatar(Picture(image, image.size), wanted)
    assert isinstance(data, bytes)
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("style", AvatarStyle)
def test_a_profile_picture_has_few_colours_and_a_face(scene: Image.Image, face: Face, style: AvatarStyle) -> None:
    picture = drawn(scene, order(face, style))

    assert picture.format == "JPEG"
    assert picture.size == (SIDE_PX, SIDE_PX)
    small = np.asarray(picture.convert("L").resize((64, 64)), dtype=float)
    assert small[20:45, 20:44].std() > 25  # of the face
    assert small[:20, :4].std() < 5  # beside it, where the background is calm


def test_styles_differ(scene: Image.Image, face: Face) -> None:
    pictures = [np.asarray(drawn(scene, order(face, style)), dtype=float) for style in AvatarStyle]

    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert np.abs(pictures[one] - pictures[other]).mean() > 20


@pytest.mark.parametrize("shape", [AvatarShape.ROUND, AvatarShape.STICKER])
def test_a_sticker_is_clear_around_the_person(scene: Image.Image, face: Face, shape: AvatarShape) -> None:
    sticker = drawn(scene, order(face, shape=shape))

    assert (sticker.format, sticker.mode, sticker.size) == ("WEBP", "RGBA", (STICKER_PX, STICKER_PX))
    alpha = np.asarray(sticker.getchannel("A"))
    assert alpha[0, 0] == alpha[0, -1] == 0
    assert alpha[STICKER_PX // 2, STICKER_PX // 2] == 255


def test_a_photo_that_ends_at_the_face_makes_a_round_sticker(head: Image.Image, face: Face) -> None:
    assert face.eyes
    tight = head.crop((0, 20, head.width, head.height))
    moved = tuple(at - by for at, by in zip(face.box, (100, 80, 100, 80), strict=True))
    eyes = tuple(at - by for at, by in zip(face.eyes, (100, 80, 100, 80), strict=True))
    wanted = AvatarOrder((moved[0], moved[1], moved[2], moved[3]), (eyes[0], eyes[1], eyes[2], eyes[3]),
                         shape=AvatarShape.STICKER)  # fmt: skip
    alpha = np.asarray(drawn(tight, wanted).getchannel("A"))

    assert alpha[STICKER_PX // 2, 12] == alpha[12, STICKER_PX // 2] == 255


def test_a_grey_photo_is_drawn_in_grey(scene: Image.Image, face: Face) -> None:
    picture = np.asarray(drawn(ImageOps.grayscale(scene).convert("RGB"), order(face)), dtype=int)

    assert np.ptp(picture[300:380, 280:360], axis=-1).max() < 30


def test_where_the_points_of_a_face_are_not_found_it_is_refused(scene: Image.Image) -> None:
    grey = Image.new("RGB", scene.size, "grey")
    wanted = AvatarOrder((150, 150, 300, 300), (190, 200, 260, 200))

    assert draw_avatar(Picture(grey, grey.size), wanted) == Refusal(Reason.NO_FACE)


def test_a_place_beyond_the_photo_is_refused(scene: Image.Image) -> None:
    beyond = AvatarOrder((2000, 2000, 2300, 2300), (2100, 2100, 2200, 2100))

    assert draw_avatar(Picture(scene, scene.size), beyond) == Refusal(Reason.NO_FACE)


@pytest.mark.parametrize("side", ["left", "right", "bottom"])
def test_a_face_that_the_photo_cuts_off_is_refused(scene: Image.Image, face: Face, side: str) -> None:
    left, top, right, bottom = face.box
    third = (right - left) // 3
    part = {
        "left": (left + third, 0, 460, 460), "right": (0, 0, right - third, 460), "bottom": (0, 0, 460, bottom - third),
    }[side]  # fmt: skip
    assert face.eyes
    x, y = part[0], part[1]
    eyes = (face.eyes[0] - x, face.eyes[1] - y, face.eyes[2] - x, face.eyes[3] - y)
    wanted = AvatarOrder((left - x, top - y, right - x, bottom - y), eyes)
    cut = scene.crop(part)

    assert draw_avatar(Picture(cut, cut.size), wanted) == Refusal(Reason.NO_FACE)


def test_a_tiny_face_is_refused(scene: Image.Image) -> None:
    tiny = AvatarOrder((200, 200, 220, 220), (205, 205, 215, 205))

    assert draw_avatar(Picture(scene, scene.size), tiny) == Refusal(Reason.FACE_TOO_SMALL)


def test_what_is_no_picture_is_refused(face: Face) -> None:
    assert avatar(b"nothing", order(face)) == Refusal(Reason.NOT_A_PICTURE)


def test_somebody_beside_the_person_is_not_drawn(head: Image.Image, face: Face) -> None:
    assert face.eyes
    two = Image.new("RGB", (700, 600), "grey")
    two.paste(head, (100 + 130, 60 + 100))
    two.paste(head.crop((0, 0, 180, 240)), (100, 60))
    left, top, right, bottom = face.box
    other = Face((left + 130, top + 100, right + 130, bottom + 100), face.embedding)
    wanted = AvatarOrder.of((face, other), AvatarStyle.COMIC, AvatarShape.PICTURE)
    assert wanted is not None
    cut = align(Picture(two, two.size), wanted.box, wanted.eyes, SIDE_PX, 0.93)
    features = features_of(cut)
    assert features is not None
    lightness, face_px = to_lab(np.asarray(cut.image))[..., 0].copy(), features.width_px
    alone, both = (person_mask(cut, lightness, face_px, others) for others in (wanted.others, ()))

    x, y, half = (round(at) for at in cut.place_of(other.box))
    there = np.s_[y - half // 2 : y + half // 2, x - half // 2 : x + half // 2]
    here = np.s_[SIDE_PX // 2 - half // 2 : SIDE_PX // 2 + half // 2, SIDE_PX // 2 - half // 2 : SIDE_PX // 2]
    assert both[there].mean() > 0.5
    assert alone[there].mean() < 0.05
    assert alone[here].mean() > 0.95
