"""A photo and an order -> a file; or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from lookalike.core.errors import WorkerDied
from lookalike.core.language.credits import card_credit
from lookalike.core.language.texts import Texts
from lookalike.faces.drawing.avatar.order import AvatarOrder, AvatarShape
from lookalike.faces.drawing.card.card import Card, CardFormat
from lookalike.faces.types import Box, Face, Reason, Refusal
from lookalike.gallery.gallery import Neighbour
from lookalike.gallery.matching import FaceMatch, percent
from lookalike.web.answers import is_photo
from lookalike.web.pictures.orders import MorphFormat, PictureKind, PictureOrder, place_of

NO_FACE, NO_STAR = "no_such_face", "no_such_star"
NO_STAR_PHOTO, NOT_CHANGEABLE, NOT_SEEN_WELL = "no_star_photo", "not_changeable", "not_seen_well"
WHY = {
    NO_FACE: "There are fewer faces in this photo.",
    NO_STAR: "This is none of the stars that the face is most like.",
    NO_STAR_PHOTO: "There is no photo of that star here.",
    NOT_CHANGEABLE: "The licence of that star's photo allows no changed copies.",
    NOT_SEEN_WELL: "A face is not seen well enough: it must be large enough, and from the front.",
}


class Draws(Protocol):
    """What makes pictures: a pool of workers."""

    async def find(self, photo: bytes) -> tuple[Face, ...] | Refusal:
        """The faces of an encoded photo."""

    async def draw(self, photo: bytes, card: Card) -> bytes | None:
        """A share card."""

    async def morph(self, photo: bytes, card: Card, *, as_strip: bool = False) -> bytes | Refusal:
        """The faces of a card turning into each other."""

    async def avatar(self, photo: bytes, order: AvatarOrder) -> bytes | Refusal:
        """A person as a drawing."""


@dataclass(frozen=True)
class CardWords:
    """The language of a card, and the name of the page on the internet, '' where none is known."""

    texts: Texts
    address: str = ""


@dataclass(frozen=True)
class PictureFile:
    """An encoded picture or video, with the name under which it is saved."""

    data: bytes
    media_type: str
    name: str


@dataclass(frozen=True)
class NotMade:
    """Why there is no picture: a reason for programs and a sentence."""

    reason: str
    why: str

    @classmethod
    def because(cls, reason: str) -> NotMade:
        """For a reason of WHY."""
        return cls(reason, WHY[reason])

    @classmethod
    def refused(cls, refusal: Refusal) -> NotMade:
        """For that of a photo whose face was found before: then it is not seen well."""
        seen = refusal.reason is Reason.NO_FACE
        return cls.because(NOT_SEEN_WELL) if seen else cls(refusal.reason.value, refusal.reason.message)


async def make(
    draws: Draws, photo: bytes, order: PictureOrder, faces: Sequence[FaceMatch], photos_dir: Path, words: CardWords
) -> PictureFile | NotMade:
    """The picture of a photo whose faces and their stars are known."""
    if order.face >= len(faces):
        return NotMade.because(NO_FACE)
    face = faces[order.face]
    star = star_of(face, order.star)
    try:
        if order.kind is PictureKind.AVATAR:
            others = tuple(one.box for one in faces if one is not face)
            return await _avatar(draws, photo, order, face, others)
        if star is None:
            return NotMade.because(NO_STAR)
        if order.kind is PictureKind.MORPH:
            return await _morph(draws, photo, morph_card(face, star, photos_dir), order)
        format = CardFormat(order.format)
        made = await _card(draws, photo, star, lambda one: share_card(face, one, photos_dir, words, format))
    except WorkerDied:
        made = None
    if made is None:
        return NotMade.refused(Refusal(Reason.UNREADABLE))
    return PictureFile(made, "image/jpeg", "lookalike-card.jpg")


async def _card(draws: Draws, photo: bytes, star: Neighbour, card_of: Callable[[Neighbour], Card]) -> bytes | None:
    """The card as JPEG; without the star's photo if it cannot be drawn with it: the file may be damaged, or gone."""
    with_photo = card_of(star)
    made = await draws.draw(photo, with_photo)
    if made is not None or with_photo.is_tile:
        return made
    return await draws.draw(photo, card_of(replace(star, photo=None)))


async def _morph(draws: Draws, photo: bytes, card: Card | NotMade, order: PictureOrder) -> PictureFile | NotMade:
    if isinstance(card, NotMade):
        return card
    is_strip = order.format is MorphFormat.STRIP
    made = await draws.morph(photo, card, as_strip=is_strip)
    if isinstance(made, Refusal):
        return NotMade.refused(made)
    kind = ("image/jpeg", "lookalike-morph.jpg") if is_strip else ("video/mp4", "lookalike-morph.mp4")
    return PictureFile(made, *kind)


async def _avatar(
    draws: Draws, photo: bytes, order: PictureOrder, face: FaceMatch, others: tuple[Box, ...]
) -> PictureFile | NotMade:
    if face.eyes is None:
        return NotMade.because(NOT_SEEN_WELL)
    shape = AvatarShape(order.format)
    made = await draws.avatar(photo, AvatarOrder(face.box, face.eyes, face.turn, order.style, shape, others))
    if isinstance(made, Refusal):
        return NotMade.refused(made)
    is_jpeg = shape is AvatarShape.PICTURE
    kind = ("image/jpeg", "lookalike-drawing.jpg") if is_jpeg else ("image/webp", "lookalike-drawing.webp")
    return PictureFile(made, *kind)


def star_of(face: FaceMatch, star: str) -> Neighbour | None:
    """The star with that id, or at that place from 1, among those that a face is most like."""
    by_id = next((one for one in face.neighbours if one.celebrity.id == star), None)
    place = place_of(star)
    in_place = place is not None and place < len(face.neighbours)
    return by_id or (face.neighbours[place or 0] if in_place else None)


def share_card(face: FaceMatch, star: Neighbour, photos_dir: Path, words: CardWords, format: CardFormat) -> Card:
    """The card of a face beside a star, of whom a tile is drawn where there is no photo."""
    texts, you = words.texts, words.texts("card-you")
    photo = star.photo if star.photo and is_photo(photos_dir, star.photo.file) else None
    box, eyes = (photo and photo.cut_at) or (None, None)
    author, license = (photo.author or "", photo.license or "") if photo else ("", "")
    return Card(
        face.box, you, star.celebrity.name_in(texts.language), star.celebrity.description_in(texts.language),
        str(photos_dir / photo.file) if photo else "", percent(star.similarity),
        card_credit(texts, author, license, is_cropped=box is not None), words.address,
        turn=face.turn, eyes=face.eyes, star_box=box, star_eyes=eyes, is_tile=photo is None, name_else=you,
        question=texts("card-question"), format=format,
    )  # fmt: skip


def morph_card(face: FaceMatch, star: Neighbour, photos_dir: Path) -> Card | NotMade:
    """The two faces of a morph, which is an adaptation of the star's photo: the licence must allow it."""
    photo = star.photo
    if photo is None or not is_photo(photos_dir, photo.file):
        return NotMade.because(NO_STAR_PHOTO)
    if photo.cut_at is None:
        return NotMade.because(NOT_CHANGEABLE if photo.box else NOT_SEEN_WELL)
    box, eyes = photo.cut_at
    return Card(
        face.box, "", "", "", str(photos_dir / photo.file), percent(star.similarity), "", "",
        turn=face.turn, eyes=face.eyes, star_box=box, star_eyes=eyes,
    )  # fmt: skip
