"""The pictures of the README, made by the product itself from a photo in the public domain.

    .venv/bin/python assets/readme/draw.py

The face is NASA's portrait of Eileen Collins, which scikit-image bundles as `astronaut`. Needs Chromium.
"""

import asyncio
import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright
from skimage import data

TARGET = Path(__file__).parent
ROOT = TARGET.parent.parent
sys.path.insert(0, str(ROOT))

from lookalike.core.http.server import Server  # noqa: E402
from lookalike.faces.drawing.card.card import Card  # noqa: E402 - the project is found by the line above
from lookalike.faces.drawing.card.draw import draw  # noqa: E402 - the project is found by the line above
from lookalike.faces.finder import FaceFinder  # noqa: E402
from lookalike.faces.types import Refusal  # noqa: E402
from lookalike.gallery.gallery import Gallery  # noqa: E402
from lookalike.web.app import build_app  # noqa: E402
from lookalike.workers.pool import WorkerPool  # noqa: E402

BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]


def astronaut() -> bytes:
    """The portrait as JPEG."""
    jpeg = io.BytesIO()
    portrait = data.astronaut()  # type: ignore[no-untyped-call]
    Image.fromarray(portrait).save(jpeg, "JPEG", quality=92)
    return jpeg.getvalue()


async def page(photo: bytes, gallery: Gallery) -> None:
    """A screenshot of the page with an answer on it."""
    async with WorkerPool(1) as pool, async_playwright() as playwright:
        server = Server("page")
        await server.start(build_app(pool.find, lambda: gallery, ROOT / "photos", draws=pool), "127.0.0.1", 0)
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER)
        tab = await browser.new_page(
            viewport={"width": 1100, "height": 800}, color_scheme="light", reduced_motion="reduce"
        )
        await tab.goto(server.url)
        await tab.set_input_files("input[type=file]", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photo})
        await tab.locator("#pictures").wait_for(state="visible")
        await tab.wait_for_function("document.getElementById('arc-of-percent').style.strokeDashoffset < 100")
        await tab.screenshot(path=TARGET / "page.png")
        await browser.close()
        await server.close()


def card(photo: bytes) -> None:
    """A share card; the starter gallery has no photos, so the portrait stands on both sides: herself, 99%."""
    found = FaceFinder().find(photo)
    if isinstance(found, Refusal):
        raise ValueError(found.reason.message)
    card = Card(
        box=found[0].box, eyes=found[0].eyes, star_box=found[0].box, star_eyes=found[0].eyes,
        name="Ann", star_name="Eileen Collins", star_note="American astronaut",
        star_photo="", percent=99, credit="Photo: NASA, public domain",
        address="t.me/your_lookalike_bot", question="And you? Who do you look like?",
    )  # fmt: skip
    drawn = draw(photo, card, photo)
    (TARGET / "card.jpg").write_bytes(drawn)


def main() -> None:
    """Make both."""
    TARGET.mkdir(exist_ok=True)
    photo, gallery = astronaut(), Gallery.load(ROOT / "assets" / "starter")
    asyncio.run(page(photo, gallery))
    card(photo)


if __name__ == "__main__":
    main()
