"""A person as a drawing, from a photo to a file."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from lookalike.faces.decoding import Picture, decode
from lookalike.faces.drawing.aligned import MAX_ZOOM, Aligned, align, room_for
from lookalike.faces.drawing.avatar.features import features_of, levelled
from lookalike.faces.drawing.avatar.lab_colour import Pixels, Plane, to_lab
from lookalike.faces.drawing.avatar.order import AvatarOrder, AvatarShape, AvatarStyle
from lookalike.faces.drawing.avatar.person_mask import person_mask
from lookalike.faces.drawing.avatar.styles import BACKGROUNDS, Subject, drawn
from lookalike.faces.types import Reason, Refusal

SIDE_PX = 640  # of a profile picture; Telegram shows it in a circle
STICKER_PX = 512  # core.telegram.org/stickers: one side exactly
WIDE = 0.93  # of the zoom of a morph: shoulders too
LEAST_EYES_PX = 14.0  # between the eyes, in px of the photo as it was decoded: below it a drawing shows no likeness
LEAST_SHOWN = 0.9  # of the face that lies within the photo: what is cut off more is not drawn
OUTLINE_PX = 7  # of white around a sticker
JPEG_QUALITY, WEBP_QUALITY = 90, 88


def avatar(photo: bytes, order: AvatarOrder) -> bytes | Refusal:
    """The drawing of one face of an encoded photo; or why there is none."""
    picture = decode(photo)
    if isinstance(picture, Refusal):
        return picture
    return draw_avatar(picture.turned(order.turn), order)


def draw_avatar(picture: Picture, order: AvatarOrder) -> bytes | Refusal:
    """The drawing of one face of an upright picture: JPEG or WebP, by its shape.

    Refused: FACE_TOO_SMALL; NO_FACE where its points are not found (covered, blurred, drawn already) or the photo cuts
    it off: what would come of these is no likeness.
    """
    if np.hypot(order.eyes[2] - order.eyes[0], order.eyes[3] - order.eyes[1]) / picture.scale < LEAST_EYES_PX:
        return Refusal(Reason.FACE_TOO_SMALL)
    cut = align(
        picture, order.box, order.eyes, SIDE_PX, max(WIDE, min(room_for(picture, order.box, order.eyes), MAX_ZOOM))
    )
    features = features_of(cut)
    if features is None or shown_share(features.face, cut) < LEAST_SHOWN:
        return Refusal(Reason.NO_FACE)
    lab = to_lab(np.asarray(cut.image))
    person = person_mask(cut, np.ascontiguousarray(lab[..., 0]), features.width_px, order.others)
    lab[..., 0] = levelled(lab[..., 0], person, features)
    pixels = drawn(Subject(lab, person, features), order.style)
    if order.shape is AvatarShape.STICKER and cut.inside is None:
        return _webp(_cut_out(pixels, person))
    image = Image.fromarray(_before_background(pixels, person, order.style))
    if order.shape is AvatarShape.PICTURE:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=JPEG_QUALITY)
        return file.getvalue()
    return _webp(_round(image))


def shown_share(face: Plane, cut: Aligned) -> float:
    """How much of a face, 0 to 1, lies within the photo."""
    if cut.inside is None:
        return 1.0
    return float((face * np.asarray(cut.inside, dtype=np.float32)).sum() / max(255 * face.sum(), 1.0))


def _before_background(pixels: Pixels, person: Plane, style: AvatarStyle) -> Pixels:
    """The person before a calm background that is lighter behind the head."""
    side = len(person)
    rows, columns = np.mgrid[:side, :side].astype(np.float32) / side - 0.5
    far = np.clip(np.hypot(rows + 0.05, columns) / 0.65, 0, 1)[..., None]
    middle, edge = (np.array(colour, dtype=np.float32) for colour in BACKGROUNDS[style])
    background = middle * (1 - far) + edge * far
    mask = person[..., None]
    return np.asarray(np.round(pixels * mask + background * (1 - mask)), dtype=np.uint8)


def _cut_out(pixels: Pixels, person: Plane) -> Image.Image:
    """The person alone, with a white outline, at the size of a sticker."""
    near = np.clip(gaussian_filter((person > 0.5).astype(np.float32), OUTLINE_PX) * 12, 0, 1)
    mask = person[..., None]
    shown = np.round(pixels * mask + 255 * (1 - mask)).astype(np.uint8)
    alpha = np.round(255 * np.maximum(near, person)).astype(np.uint8)
    image = Image.fromarray(np.dstack([shown, alpha]))
    return image.resize((STICKER_PX, STICKER_PX), Image.Resampling.LANCZOS)


def _round(image: Image.Image) -> Image.Image:
    """The picture in a circle, at the size of a sticker."""
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).ellipse((2, 2, image.width - 3, image.height - 3), fill=255)
    image.putalpha(mask)
    return image.resize((STICKER_PX, STICKER_PX), Image.Resampling.LANCZOS)


def _webp(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=WEBP_QUALITY, method=3)
    return file.getvalue()
