"""Which picture a request asks for; a PictureOrderError names the field that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from lookalike.faces.drawing.avatar.order import AvatarShape, AvatarStyle
from lookalike.faces.drawing.card.card import CardFormat

MAX_PLACE = 99  # of a face or a star in an answer, which has fewer

Choice = TypeVar("Choice", bound=StrEnum)


class PictureKind(StrEnum):
    """What can be made of a photo."""

    CARD = "card"  # the face beside the star's
    MORPH = "morph"  # the face turns into the star's and back
    AVATAR = "avatar"  # the person as a drawing


class MorphFormat(StrEnum):
    """How a morph is shown."""

    VIDEO = "video"  # MP4, 480 px square
    STRIP = "strip"  # five pictures side by side, JPEG


class PictureOrderError(Exception):
    """A field that is wrong, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


@dataclass(frozen=True)
class PictureOrder:
    """A picture of one face of a photo. `face`: its place in the answer, from 0; `star`: an id, or a place from 1."""

    kind: PictureKind
    face: int = 0
    star: str = "1"
    style: AvatarStyle = AvatarStyle.COMIC
    format: CardFormat | MorphFormat | AvatarShape = CardFormat.CHAT


def read_order(kind: PictureKind, fields: Mapping[str, str]) -> PictureOrder:
    """The order of these fields, of which each may be missing: `face`, `star`, `style`, `format`."""
    face = place_of(fields.get("face") or "1")
    if face is None:
        raise PictureOrderError("face", f"must be a place from 1 to {MAX_PLACE}")
    return PictureOrder(
        kind, face, fields.get("star") or "1",
        style=_one_of(AvatarStyle, "style", fields.get("style", "")),
        format=_format_of(kind, fields.get("format", "")),
    )  # fmt: skip


def place_of(text: str) -> int | None:
    """A place from 0 as it is counted from 1; None if it is none."""
    number = int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0
    return number - 1 if 1 <= number <= MAX_PLACE else None


def _format_of(kind: PictureKind, text: str) -> CardFormat | MorphFormat | AvatarShape:
    match kind:
        case PictureKind.CARD:
            return _one_of(CardFormat, "format", text)
        case PictureKind.MORPH:
            return _one_of(MorphFormat, "format", text)
        case PictureKind.AVATAR:
            return _one_of(AvatarShape, "format", text)


def _one_of(choices: type[Choice], name: str, text: str) -> Choice:
    """One of these; the first where nothing is said."""
    try:
        return choices(text) if text else next(iter(choices))
    except ValueError:
        raise PictureOrderError(name, f"must be one of {', '.join(choices)}") from None
