"""Faces that are turned, covered, dark, blurred or far: how many are found, and are the same face as unaltered.

    .venv/bin/python bench/alterations.py [PEOPLE]

One photo each of 100 people of FACES/gallery at 750 px, altered in each way; `same`: the embedding is nearer than 0.6
(dlib's same-person distance) to that of the unaltered photo. Then what is no face: a row counts what is answered
although it should be refused. CPU in ms of one worker, decoding included.
"""

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

sys.path.insert(0, str(Path(__file__).parent.parent))

from record import keep, table

from lookalike.faces.finder import FaceFinder, Landmarks, eye_distance
from lookalike.faces.types import Face, Refusal
from photos import FACES

SIDE_PX, LFW_FACE_PX = 750, 270  # the longest side of a photo, and how wide its face is then
SAME = 0.6  # dlib's same-person distance (face_recognition.py, 99.13 % on LFW)
HEAD = ("photo", "photos", "found", "same", "cpu_ms", "cpu_ms_most")

Alter = Callable[[Image.Image, Landmarks], Image.Image]


def main() -> int:
    """Measure, print, keep."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    people = sorted((FACES / "gallery").iterdir())
    files = [sorted(person.iterdir())[0] for person in people[:: len(people) // count][:count]]
    finder = FaceFinder()
    plain = []
    for file in files:
        image = Image.open(file).convert("RGB").resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)
        pixels = np.asarray(image)
        faces = finder.find(jpeg(image))
        if isinstance(faces, Refusal):
            continue
        plain.append((image, finder.landmarks(pixels, faces[0].box), faces[0]))
    rows = [measured(finder, name, alter, plain) for name, alter in ALTERATIONS.items()]
    rows += [refused(finder, name, images) for name, images in no_faces(plain)]
    print(table([tuple(row[name] for name in HEAD) for row in rows], HEAD))
    keep("alterations", {"rows": rows})
    return 0


def measured(
    finder: FaceFinder, name: str, alter: Alter, plain: list[tuple[Image.Image, Landmarks, Face]]
) -> dict[str, Any]:
    """One row: how many are found, and are the same."""
    found = same = 0
    spent = []
    for image, points, face in plain:
        photo = jpeg(alter(image, points))
        began = time.process_time()
        faces = finder.find(photo)
        spent.append(1000 * (time.process_time() - began))
        if not isinstance(faces, Refusal):
            found += 1
            same += bool(np.linalg.norm(faces[0].embedding - face.embedding) < SAME)
    print(name, len(plain), found, same, round(median(spent)), file=sys.stderr, flush=True)
    return {
        "photo": name, "photos": len(plain), "found": found, "same": same,
        "cpu_ms": round(median(spent), 1), "cpu_ms_most": round(max(spent), 1),
    }  # fmt: skip


def refused(finder: FaceFinder, name: str, images: list[Image.Image]) -> dict[str, Any]:
    """One row of pictures without a face; `found` should be 0."""
    return measured(finder, name, lambda image, _: image, [(one, np.zeros((5, 2)), NOBODY) for one in images])


NOBODY = Face((0, 0, 1, 1), np.full(128, np.inf, np.float32))


def no_faces(plain: list[tuple[Image.Image, Landmarks, Face]]) -> list[tuple[str, list[Image.Image]]]:
    """Pictures without a face: chins, clothes, background, enlarged, upright and turned; animals, textures."""
    chins, skin, clothes, corners = [], [], [], []
    for image, points, _ in plain[::2]:
        x, y = points[4]
        apart = eye_distance(points)
        chins.append(image.crop((int(x - apart), int(y + 0.5 * apart), int(x + apart), int(y + 2.5 * apart))))
        skin.append(image.crop((int(x - apart), int(y - 0.4 * apart), int(x - 0.2 * apart), int(y + 0.4 * apart))))
        clothes.append(image.crop((150, 600, 450, 750)))
        corners.append(image.crop((0, 0, 170, 300)))
    grown = {"chins": chins, "cheeks": skin, "clothes": clothes, "background": corners}
    rows = [(name, [one.resize((600, 600)) for one in images]) for name, images in grown.items()]
    for name, degrees in (("chins, upside down", 180), ("chins, sideways", 90)):
        rows.append((name, [one.rotate(degrees) for one in rows[0][1]]))
    return [*rows, ("animals and textures", animals())]


def animals() -> list[Image.Image]:
    """Pictures of scikit-image that show nobody, each in four directions, and dlib's photo of dogs."""
    from skimage import data

    names = ("chelsea", "coffee", "rocket", "brick", "grass", "gravel", "coins", "hubble_deep_field", "cat")
    images = [Image.fromarray(getattr(data, name)()).convert("RGB") for name in names if hasattr(data, name)]
    images += [Image.open(file).convert("RGB") for file in sorted((FACES / "groups").glob("*dogs*"))]
    return [one.rotate(turn, expand=True) for one in images for turn in (0, 90, 180, 270)]


def jpeg(image: Image.Image) -> bytes:
    """The picture as Telegram would send it."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=87)
    return file.getvalue()


def turned(degrees: float) -> Alter:
    """Turned, on the photo's mean colour."""
    return lambda image, _: image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=mean(image))


def cut(px: int) -> Alter:
    """The middle of the photo, `px` of the original's 250."""
    edge = SIDE_PX * (250 - px) // 500
    return lambda image, _: image.crop((edge, edge, SIDE_PX - edge, SIDE_PX - edge))


def dark(factor: float) -> Alter:
    """All brightnesses times `factor`."""
    return lambda image, _: ImageEnhance.Brightness(image).enhance(factor)


def blurred(px: int) -> Alter:
    """A Gaussian blur with that sigma."""
    return lambda image, _: image.filter(ImageFilter.GaussianBlur(px))


def far(face_px: int) -> Alter:
    """The photo, small in 1500 x 2000 px."""

    def alter(image: Image.Image, _: Landmarks) -> Image.Image:
        side = round(SIDE_PX * face_px / LFW_FACE_PX)
        canvas = Image.new("RGB", (1500, 2000), mean(image))
        canvas.paste(image.resize((side, side), Image.Resampling.LANCZOS), (600, 700))
        return canvas

    return alter


def sunglasses(image: Image.Image, points: Landmarks) -> Image.Image:
    """Dark ellipses over both eyes."""
    image, apart = image.copy(), eye_distance(points)
    eyes = points[0:2].mean(axis=0), points[2:4].mean(axis=0)
    draw = ImageDraw.Draw(image)
    for x, y in eyes:
        draw.ellipse((x - 0.38 * apart, y - 0.3 * apart, x + 0.38 * apart, y + 0.3 * apart), fill=(15, 15, 18))
    draw.line([tuple(eye) for eye in eyes], fill=(15, 15, 18), width=max(2, int(0.08 * apart)))
    return image


def mask(image: Image.Image, points: Landmarks) -> Image.Image:
    """A medical mask from the bridge of the nose to below the chin."""
    image, apart = image.copy(), eye_distance(points)
    right, left = points[0:2].mean(axis=0), points[2:4].mean(axis=0)
    along = (right - left) / np.linalg.norm(right - left)
    down, centre = np.array([-along[1], along[0]]), (left + right) / 2
    outline = (
        (-0.95, 0.5), (-0.3, 0.35), (0, 0.3), (0.3, 0.35), (0.95, 0.5),
        (0.85, 1.3), (0.4, 1.75), (0, 1.85), (-0.4, 1.75), (-0.85, 1.3),
    )  # fmt: skip
    corners = [tuple(centre + apart * (x * along + y * down)) for x, y in outline]
    ImageDraw.Draw(image).polygon(corners, fill=(170, 200, 215))
    return image


def mean(image: Image.Image) -> tuple[int, int, int]:
    """The mean colour of a picture."""
    red, green, blue = np.asarray(image).reshape(-1, 3).mean(axis=0).astype(int).tolist()
    return red, green, blue


ALTERATIONS: dict[str, Alter] = {
    "plain": lambda image, _: image,
    **{f"turned {degrees}": turned(degrees) for degrees in (10, 20, 30, 45, 90, 180, 270)},
    **{f"cut to {px} of 250": cut(px) for px in (130, 110, 95)},
    **{f"brightness {factor}": dark(factor) for factor in (0.4, 0.2, 0.1)},
    **{f"blur {px} px": blurred(px) for px in (6, 10)},
    "sunglasses": sunglasses,
    "mask": mask,
    "face 115 of 2000": far(115),
    "face 58 of 2000": far(58),
}

if __name__ == "__main__":
    sys.exit(main())
