"""Contact sheets of pictures that are made of faces, to look at, and what they cost: never into git.

    .venv/bin/python bench/pictures.py --avatars [FOLDER]      into FOLDER, .cache/pictures unless it is named

50 strangers: each photo beside its comic, ink and poster, and the sticker; then median and largest CPU time and bytes.

Tried for avatars and rejected: lines without flow (the blocks of JPEG files become dots), lines of the photo itself
beside its smoothed copy in equal parts (stubble and noise become dirt), lightness stretched over the whole person
(dark skin black, light skin white: now the skin has its own place), steps of a poster at fixed lightness (mouths and
noses are lost: now they follow the skin), light on a face as it is (half of it black: over half of the unevenness is
taken out), the mask of the network alone (neighbours, posters on a wall), a narrow limit around the head (hair cut
straight), and the blurred surroundings of a photo's edge drawn as if they were the person.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
import sys
import time
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from lookalike.faces.drawing.avatar.avatar import avatar
from lookalike.faces.drawing.avatar.order import AvatarOrder, AvatarShape, AvatarStyle
from lookalike.faces.finder import FaceFinder
from photos import FACES, ROOT

COUNT, SEED = 50, 7
SMALL_PX = 240  # of one picture of a sheet
IN_A_ROW = 2  # strangers
KINDS = [(style, AvatarShape.PICTURE) for style in AvatarStyle] + [(AvatarStyle.COMIC, AvatarShape.STICKER)]


def main() -> None:
    """Write the sheet and print what its pictures cost."""
    parser = argparse.ArgumentParser(description="Contact sheets of pictures made of faces.")
    parser.add_argument("--avatars", action="store_true", required=True)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".cache" / "pictures")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    rows, seconds, sizes = [], [], []
    for photo, order in strangers():
        row = [_small(photo)]
        for style, shape in KINDS:
            before = time.process_time()
            made = avatar(photo, AvatarOrder(order.box, order.eyes, order.turn, style, shape))
            seconds.append(time.process_time() - before)
            if isinstance(made, bytes):
                sizes.append(len(made))
                row.append(_small(made))
        rows.append(row)
    _sheet(rows).save(folder / "avatars.jpg", quality=88)
    print(
        f"{len(sizes)} avatars: CPU median {statistics.median(seconds) * 1000:.0f} ms, most {max(seconds) * 1000:.0f};"
        f" median {statistics.median(sizes) / 1000:.0f} kB, most {max(sizes) / 1000:.0f}"
    )


def strangers() -> list[tuple[bytes, AvatarOrder]]:
    """Photos of people who are in no gallery, with the place of the face."""
    files = sorted((FACES / "strangers").glob("*.jpg"))
    random.Random(SEED).shuffle(files)
    finder, found = FaceFinder(), []
    for file in files:
        faces = finder.find(photo := file.read_bytes())
        if isinstance(faces, tuple) and faces[0].eyes:
            found.append((photo, AvatarOrder(faces[0].box, faces[0].eyes, faces[0].turn)))
        if len(found) == COUNT:
            break
    return found


def _small(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data)).convert("RGBA").resize((SMALL_PX, SMALL_PX), Image.Resampling.LANCZOS)
    return Image.alpha_composite(Image.new("RGBA", image.size, "grey"), image).convert("RGB")


def _sheet(rows: list[list[Image.Image]]) -> Image.Image:
    columns = len(KINDS) + 1
    sheet = Image.new("RGB", (IN_A_ROW * columns * SMALL_PX, -(-len(rows) // IN_A_ROW) * SMALL_PX))
    for number, row in enumerate(rows):
        for place, image in enumerate(row):
            sheet.paste(image, ((number % IN_A_ROW * columns + place) * SMALL_PX, number // IN_A_ROW * SMALL_PX))
    return sheet


if __name__ == "__main__":
    main()
