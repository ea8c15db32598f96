"""The page in a real browser: a server with a finder that a test may change, and what a person does there.

A pytest plugin: `site` is the server, `open_page` opens the page.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, Request

from lookalike.core.http.server import Server
from lookalike.faces.types import Face, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Find
from lookalike.web.app import build_app
from lookalike.web.pictures.making import Draws
from lookalike.web.stars.endpoints import TakeModel
from lookalike.web.visitors import Visitors
from tests.support.web.page import find_green, make_gallery

MANY = 10_000  # photos and questions a minute


class Site:
    """The page on a port, over a finder that a test may change; what was sent to it is kept for the test."""

    def __init__(
        self, gallery: Gallery, photos: Path, take_model: TakeModel = lambda: None, *,
        find: Find = find_green, draws: Draws | None = None,
    ) -> None:  # fmt: skip
        self.find, self._first_find = find, find
        self.sent: list[bytes] = []
        self.server = Server("page")
        self.app = build_app(
            self._find, lambda: gallery, photos, visitors=Visitors(MANY), askers=Visitors(MANY),
            take_model=take_model, draws=draws,
        )  # fmt: skip
        self.gallery = gallery

    async def _find(self, photo: bytes) -> tuple[Face, ...] | Refusal:
        self.sent.append(photo)
        return await self.find(photo)

    def reset(self) -> None:
        self.find = self._first_find
        self.sent.clear()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running_site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    home = tmp_path_factory.mktemp("page")
    site = Site(make_gallery(home), home / "photos")
    await site.server.start(site.app, "127.0.0.1", 0)
    yield site
    await site.server.close()


@pytest.fixture
def site(running_site: Site) -> Site:
    running_site.reset()
    return running_site


Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser: Browser, site: Site) -> AsyncIterator[Open]:
    """Open the page; afterwards the console must be empty, and no other host may have been asked."""
    complaints: list[str] = []
    hosts: set[str] = set()
    contexts = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("blob:", "data:")):
            hosts.add(urlsplit(request.url).netloc)

    async def open_it(path: str = "/", **options: Any) -> Page:
        context = await browser.new_context(**{"locale": "en-US", **options})
        contexts.append(context)
        context.on("request", asked)
        page = await context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(site.server.url + path)
        return page

    yield open_it
    for context in contexts:
        await context.close()
    assert [
        text
        for text in complaints
        if not re.search("status of (4(00|04|22|29)|5)", text) and "ERR_INTERNET" not in text
    ] == []
    assert hosts == {urlsplit(site.server.url).netloc}


def file(photo: bytes, name: str = "me.jpg", kind: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": photo}


async def choose(page: Page, photo: bytes, kind: str = "image/jpeg") -> None:
    async with page.expect_file_chooser() as chooser:
        await page.locator("#choose").click()
    await (await chooser.value).set_files(file(photo, kind=kind))


async def transfer(page: Page, photo: bytes, event: str, kind: str = "image/jpeg") -> None:
    """Drop or paste a photo."""
    script = """([bytes, event, kind]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], "me.jpg", { type: kind }));
        const made = event === "paste"
            ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
            : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
        document.getElementById("drop").dispatchEvent(made);
    }"""
    await page.evaluate(script, [list(photo), event, kind])


async def overflow(page: Page) -> int:
    """Px that the content is wider than the page."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.body.offsetWidth"))


async def face_and_edges(page: Page) -> list[str]:
    """The colours of the person's portrait: three places of the face, then two at the edges."""
    script = """() => {
        const { width, height } = document.getElementById("mine");
        const { data } = document.getElementById("mine").getContext("2d").getImageData(0, 0, width, height);
        const places = [[0.5, 0.5], [0.3, 0.4], [0.7, 0.7], [0.05, 0.5], [0.5, 0.05]];
        return places.map(([x, y]) => {
            const at = 4 * (Math.round(y * height) * width + Math.round(x * width));
            return [data[at], data[at + 1], data[at + 2]];
        });
    }"""
    colours = await page.evaluate(script)
    return ["green" if g > 120 > max(r, b) else "blue" if b > 100 > max(r, g) else "other" for r, g, b in colours]
