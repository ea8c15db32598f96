"""Which drawing of whom. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lookalike.faces.types import Box, Eyes, Face


class AvatarStyle(StrEnum):
    """How a person is drawn."""

    COMIC = "comic"  # the photo's own colours, flat, with lines
    INK = "ink"  # dark ink on light paper
    POSTER = "poster"  # five colours of print


class AvatarShape(StrEnum):
    """What the drawing is for."""

    PICTURE = "picture"  # a profile picture: JPEG, 640 px square
    ROUND = "round"  # WebP, 512 px, transparent beyond the circle
    STICKER = "sticker"  # WebP, 512 px, transparent around the person


@dataclass(frozen=True)
class AvatarOrder:
    """A drawing of one face of a photo; box, eyes and turn as in `Face`. `others`: the boxes of faces not drawn."""

    box: Box
    eyes: Eyes
    turn: int = 0
    style: AvatarStyle = AvatarStyle.COMIC
    shape: AvatarShape = AvatarShape.PICTURE
    others: tuple[Box, ...] = ()

    @classmethod
    def of(cls, faces: Sequence[Face], style: AvatarStyle, shape: AvatarShape) -> AvatarOrder | None:
        """A drawing of the main face of a photo, its first one; None if it is not known where its eyes are."""
        main, *others = faces
        if main.eyes is None:
            return None
        return cls(main.box, main.eyes, main.turn, style, shape, tuple(face.box for face in others))

    @classmethod
    def read(cls, values: dict[str, Any]) -> AvatarOrder:
        """The order of these fields, as JSON has them."""
        box, eyes, style, shape = (values[name] for name in ("box", "eyes", "style", "shape"))
        others = tuple(map(tuple, values["others"]))
        return cls(tuple(box), tuple(eyes), values["turn"], AvatarStyle(style), AvatarShape(shape), others)
