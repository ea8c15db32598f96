"""Photos to send and an index to match them with, made once for all scenarios."""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from faults import ROOT
from photos import FACES, enlarged
from tests.support.bot_api.files import photo_sizes

STARTER = ROOT / "assets" / "starter"
PEOPLE, PHOTOS_EACH = 60, 2  # of the gallery
PORTRAIT_SIDES_PX = (400, 800)


@dataclass(frozen=True)
class Materials:
    """Pictures of one face each, as Telegram sends them; an index directory; the photos that it names."""

    pictures: tuple[bytes, ...]
    index: Path
    photos: Path


async def prepare(directory: Path, pictures: int) -> Materials:
    """Real faces where there are some; else one portrait in many sizes and the starter index."""
    if not (FACES / "gallery").is_dir():
        made = tuple(_portraits(pictures))
        await asyncio.to_thread(_make_sizes, made)
        return Materials(made, STARTER, directory / "no-photos")
    photos = directory / "photos"
    await asyncio.to_thread(_copy_people, photos)
    index = await build(photos, directory / "index")
    files = sorted((FACES / "probes").glob("*.jpg"))
    made = tuple(enlarged(file, 800) for file in files[:: max(1, len(files) // pictures)][:pictures])
    await asyncio.to_thread(_make_sizes, made)
    return Materials(made, index, photos)


async def build(photos: Path, index: Path) -> Path:
    """An index of these photos, by build_index.py."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "build_index.py"), "--photos", str(photos), "--out", str(index),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"build_index.py ended with {process.returncode}:\n{output.decode()[-2000:]}")
    return index


def _copy_people(photos: Path) -> None:
    people = sorted(path for path in (FACES / "gallery").iterdir() if path.is_dir())
    for person in people[:: max(1, len(people) // PEOPLE)][:PEOPLE]:
        (photos / person.name).mkdir(parents=True)
        for file in sorted(person.iterdir())[:PHOTOS_EACH]:
            shutil.copyfile(file, photos / person.name / file.name)


def _portraits(count: int) -> list[bytes]:
    """The portrait, each in a size of its own."""
    return [portrait(int(side_px)) for side_px in np.linspace(*PORTRAIT_SIDES_PX, count).astype(int)]


def portrait(side_px: int) -> bytes:
    """NASA's portrait of Eileen Collins (public domain), as JPEG."""
    from skimage import data  # a second to import, so only where it is needed

    file = io.BytesIO()
    image = Image.fromarray(data.astronaut())  # type: ignore[no-untyped-call]
    image.resize((side_px, side_px)).save(file, "JPEG", quality=87)
    return file.getvalue()


def _make_sizes(pictures: tuple[bytes, ...]) -> None:
    """What Telegram makes of them, made before anything is timed; the stand-in caches it."""
    for picture in pictures:
        photo_sizes(picture)
