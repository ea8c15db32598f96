"""How long the gallery report takes to be written and to open in Chromium, with many people.

    .venv/bin/python bench/report.py [PEOPLE ...]

People, pictures, suspects and rejects are made up, with two photos a person; a thumbnail is as large as one of a face.
`written`: processor time of write_report with all thumbnails and their worker; `opened`: from the address to a page
that is laid out and has been drawn (load, then two frames); `searched`: from the last letter to the result on the
screen; the median of ROUNDS, each in a fresh context of the browser. It needs about three minutes.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image
from playwright.async_api import Browser, async_playwright
from record import Figures, keep, table

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto  # noqa: E402 - the project is found by the line above
from lookalike.indexing.duplicate_check import DuplicatePair, MixedPhotos, SharedFile, Suspects  # noqa: E402
from lookalike.indexing.photo_selection import IndexReject  # noqa: E402
from lookalike.indexing.report.collector_rejects import NotCollected  # noqa: E402
from lookalike.indexing.report.namesakes import Namesakes  # noqa: E402
from lookalike.indexing.report.page import REPORT, Report, write_report  # noqa: E402
from lookalike.indexing.report.suspects import case_name  # noqa: E402
from tests.support.galleries import report, star  # noqa: E402

PEOPLE = (60, 600, 10_000)
PHOTOS = 2  # of a person
DRAWN = 200  # different pictures
ROUNDS = 5
LICENCES = ("CC BY-SA 4.0", "CC BY 2.0", "CC0", "Public domain")
REASONS = (
    "no_face", "blurred", "unlike the person's other photos", "face_too_small", "same as Q1/0.jpg", "a drawing",
    "more than one face",
)  # fmt: skip
COLLECTOR_REASONS = (
    "licence is not free: CC BY-NC 2.0 (not for commercial use)", "no usable photo", "a politician",
    "licence is not on the list of free ones: Copyrighted free use", "died before 1950",
    "is a photo of somebody more famous, too",
)  # fmt: skip
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DRAWN_TWICE = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main() -> int:
    """Measure, print, keep; 1 if the largest takes over five seconds to open."""
    runs = asyncio.run(measure(tuple(map(int, sys.argv[1:])) or PEOPLE))
    keep("report", {"photos_each": PHOTOS, "rounds": ROUNDS, "runs": runs})
    print(table([tuple(one.values()) for one in runs], tuple(runs[0])))
    return int(runs[-1]["opened s"] > 5)


async def measure(sizes: tuple[int, ...]) -> list[Figures]:
    """Each gallery in turn."""
    runs: list[Figures] = []
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for people in sizes:
            with tempfile.TemporaryDirectory(prefix="report.") as name:
                path = Path(name) / REPORT
                made = made_up(people, Path(name) / "photos")
                began = sum(os.times()[:4])
                await asyncio.to_thread(write_report, made, path)
                written = sum(os.times()[:4]) - began
                timed = [await opened(browser, path) for _ in range(ROUNDS)]
                runs.append(
                    {"people": people, "MB": round(path.stat().st_size / 1e6, 1), "written CPU s": round(written, 1)}
                )
                runs[-1] |= {key: round(median(one[key] for one in timed), 2) for key in timed[0]}
        await browser.close()
    return runs


async def opened(browser: Browser, path: Path) -> Figures:
    """Seconds to open a report, and to find one person in it."""
    context = await browser.new_context(viewport={"width": 1360, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(120_000)
    began = time.monotonic()
    await page.goto(path.as_uri(), wait_until="load")
    await page.evaluate(DRAWN_TWICE)
    figures = {"opened s": time.monotonic() - began}
    await page.locator("#search").fill("star 5")
    began = time.monotonic()
    await page.locator("#search").press_sequentially("9")
    await page.evaluate(DRAWN_TWICE)
    figures["searched s"] = time.monotonic() - began
    await context.close()
    return figures


def made_up(people: int, photos: Path) -> Report:
    """A report of so many people with suspects of each kind, hubs, and rejects of build and collector."""
    draw(photos, people)
    stars = [person(number) for number in range(people)]
    counts = np.random.default_rng(1).poisson(5, people).astype(np.int32)
    counts[3], counts[7] = counts.sum() // 4, counts.sum() // 8
    files = [tuple(photo.file for photo in one.photos) for one in stars]
    pairs = tuple(
        DuplicatePair(stars[n], stars[n + 1], 0.2 + n / 1000, (files[n][0], files[n + 1][1])) for n in range(0, 40, 2)
    )
    mixed = tuple(MixedPhotos(stars[n], 0.8 - n / 100, (files[n][:1], files[n][1:])) for n in range(5))
    shared = (SharedFile((stars[1], stars[4]), (files[1][0], files[4][0])),)
    namesakes = (Namesakes(stars[8].name_in("en"), (stars[8], stars[9]), 0.71),)
    rejects = [
        IndexReject(
            stars[n % people].id, f"{stars[n % people].id}/{n % DRAWN}.jpg", REASONS[n % len(REASONS) % (1 + n % 7)]
        )
        for n in range(people)
    ]
    collected = [
        NotCollected(
            f"Q{n}", f"Somebody {n}", f"File:Somebody {n} at a long festival, {n}.jpg", COLLECTOR_REASONS[n % 6]
        )
        for n in range(people * 2)
    ]
    made = report(stars, photos, rejects, match_counts=counts, suspects=Suspects(pairs, mixed, shared))
    return replace(
        made, photos_link="../photos", namesakes=namesakes, not_collected=collected,
        left_out={one.id: one for one in stars}, checked=frozenset({case_name("duplicate", "Q0", "Q1")}),
    )  # fmt: skip


def person(number: int) -> Celebrity:
    """Somebody with photos that many share, and credits as Commons has them."""
    photos = tuple(
        CelebrityPhoto(
            file=f"Q{number}/{(number + copy) % DRAWN}.jpg",
            author="Photographer of a Festival / and another one" if number % 5 == 0 else f"Photographer {number}",
            license=LICENCES[(number + copy) % len(LICENCES)],
            license_url="https://creativecommons.org/licenses/by-sa/4.0/",
            source_url=f"https://commons.wikimedia.org/wiki/File:Star_{number}_at_a_festival_{copy}.jpg",
        )
        for copy in range(PHOTOS)
    )
    return star(number, photos=photos, url={"en": f"https://en.wikipedia.org/wiki/Star_{number}"})


def draw(photos: Path, people: int) -> None:
    """Pictures with thumbnails as large as those of faces: noise, enlarged. Everybody has the same folder."""
    drawn = photos / "drawn"
    drawn.mkdir(parents=True)
    for number in range(DRAWN):
        noise = np.random.default_rng(number).integers(0, 255, (10, 10, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((200, 240), Image.Resampling.BICUBIC).save(drawn / f"{number}.jpg")
    for number in range(people):
        (photos / f"Q{number}").symlink_to(drawn)


if __name__ == "__main__":
    sys.exit(main())
