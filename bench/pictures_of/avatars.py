"""50 strangers: each photo beside its comic, ink and poster, and the sticker.

Tried and rejected: lines without flow (the blocks of JPEG files become dots), lines of the photo itself beside its
smoothed copy in equal parts (stubble and noise become dirt), lightness stretched over the whole person (dark skin
black, light skin white: now the skin has its own place), steps of a poster at fixed lightness (mouths and noses are
lost: now they follow the skin), light on a face as it is (half of it black: over half of the unevenness is taken out),
the mask of the network alone (neighbours, posters on a wall), a narrow limit around the head (hair cut straight), and
the blurred surroundings of a photo's edge drawn as if they were the person.
"""

from __future__ import annotations

from pathlib import Path

from lookalike.faces.drawing.avatar.avatar import avatar
from lookalike.faces.drawing.avatar.order import AvatarOrder, AvatarShape, AvatarStyle
from lookalike.faces.finder import FaceFinder
from pictures_of.contact_sheet import Costs, contact_sheet, small
from pictures_of.strangers import strangers

KINDS = [(style, AvatarShape.PICTURE) for style in AvatarStyle] + [(AvatarStyle.COMIC, AvatarShape.STICKER)]


def draw_avatars(folder: Path) -> None:
    """Write the sheet and print what its pictures cost."""
    rows, costs = [], Costs()
    for photo, faces in strangers(FaceFinder()):
        row = [small(photo)]
        for style, shape in KINDS:
            made = costs.of(avatar, photo, AvatarOrder.of(faces, style, shape))
            row += [small(made)] if made else []
        rows.append(row)
    contact_sheet(rows, in_a_row=2).save(folder / "avatars.jpg", quality=88)
    print(costs.line("avatars"))
