"""The page as a person meets it, in a real browser."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, Request, expect
from skimage import data

from lookalike.core.http.server import Server
from lookalike.faces.types import Reason, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Outcome, match
from lookalike.web.app import build_app
from lookalike.web.visitors import Visitors
from lookalike.workers.pool import WorkerPool
from tests.support.page import LICENCE, ONE_FACE, OTHER_FACE, green_matcher, make_gallery, picture

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERCENT = re.compile(r"^\d\d?%$")
Matcher = Callable[[bytes], Awaitable[Outcome]]


class Site:
    """The page on a port, over a matcher that a test may change; what was sent to it is kept for the test."""

    def __init__(self, gallery: Gallery, photos: Path) -> None:
        self.normal = self.match = green_matcher(gallery)
        self.sent: list[bytes] = []
        self.server = Server("page")
        self.app = build_app(self._match, lambda: gallery, photos, visitors=Visitors(per_minute=10_000))
        self.gallery = gallery

    async def _match(self, photo: bytes) -> Outcome:
        self.sent.append(photo)
        return await self.match(photo)

    def reset(self) -> None:
        self.match = self.normal
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
    """Open the page; afterwards nothing may have been complained about, or asked of another host."""
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
        text for text in complaints if not re.search("status of (429|5)", text) and "ERR_INTERNET" not in text
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


# --- a photo ---------------------------------------------------------------------------------------------------------


async def test_a_selfie_brings_six_stars_with_percentages(open_page: Open, site: Site) -> None:
    portrait = io.BytesIO()
    astronaut = data.astronaut()  # type: ignore[no-untyped-call]
    Image.fromarray(astronaut).save(portrait, "JPEG")
    page = await open_page()
    async with WorkerPool(1) as pool:

        async def real(photo: bytes) -> Outcome:
            return await match(photo, pool.find, site.gallery)

        site.match = real
        await choose(page, portrait.getvalue())
        await expect(page.locator("#name a")).to_contain_text("Nova Star")
    await expect(page.locator("#percent")).to_have_text(PERCENT)
    await expect(page.locator("#others li .percent")).to_have_text([PERCENT] * 5)
    await expect(page.locator("#others li .name")).to_contain_text(["Nova Star"] * 5)


async def test_the_best_star_is_shown_with_link_photo_credit_and_what_the_percentage_means(open_page: Open) -> None:
    page = await open_page()
    await choose(page, picture(ONE_FACE))
    await expect(page.get_by_role("link", name="Nova Star0")).to_have_attribute(
        "href", "https://en.wikipedia.org/wiki/Nova_0"
    )
    await expect(page.locator("#name")).to_be_focused()
    await expect(page.locator("#percent")).to_have_text("99%")
    await expect(page.locator("#meaning")).to_have_text("More alike than 99% of people are to their nearest star.")
    await expect(page.locator("#star img.here")).to_be_visible()
    await expect(page.locator("#credit")).to_have_text("Photo: A. Photographer, CC BY-SA 4.0")
    source, licence = "https://commons.wikimedia.org/wiki/File:Zero.png", LICENCE
    await expect(page.locator("#credit a", has_text="A. Photographer")).to_have_attribute("href", source)
    await expect(page.locator("#credit a", has_text="CC BY-SA 4.0")).to_have_attribute("href", licence)
    await expect(page.locator("#say")).to_contain_text("You look most like Nova Star0, 99%")


@pytest.mark.parametrize(
    ("credit", "shown"),
    [
        ({"author": "Jo", "license": "CC0", "source_url": "http://s", "license_url": "http://l"}, "[Jo](s), [CC0](l)"),
        ({"author": "Jo", "license": "CC0", "source_url": "http://s"}, "[Jo](s), [CC0](s)"),
        ({"license": "CC0", "source_url": "http://s"}, "[source](s), [CC0](s)"),
        ({"source_url": "http://s"}, "[source](s)"),
        ({"license": "CC0", "license_url": "http://l"}, "[CC0](l)"),
        ({"author": "<b>Jo", "source_url": "javascript:x"}, "<b>Jo"),
        ({}, ""),
    ],
)
async def test_a_credit_leads_to_the_photo_and_to_its_licence(
    open_page: Open, credit: dict[str, str], shown: str
) -> None:
    page = await open_page()
    script = """(credit) => creditOf({ credit }).map((one) =>
        one.href ? `[${one.textContent}](${new URL(one.href).host})` : one.textContent ?? one).join("")"""

    assert await page.evaluate(script, credit) == (f"Photo: {shown}" if shown else "")


async def test_a_star_without_a_photo_is_a_monogram(open_page: Open) -> None:
    page = await open_page()
    await choose(page, picture(ONE_FACE))
    tile = page.locator("#others .tile").first
    await expect(tile).to_have_text("NS")
    await expect(tile.locator("img")).to_have_count(0)


@pytest.mark.parametrize("event", ["drop", "paste"])
async def test_a_photo_can_be_dropped_and_pasted(open_page: Open, event: str) -> None:
    page = await open_page()
    await transfer(page, picture(ONE_FACE), event)
    await expect(page.locator("#name")).to_have_text("Nova Star0")


async def test_the_privacy_sentence_stands_beside_the_button_before_anything_is_sent(
    open_page: Open, site: Site
) -> None:
    page = await open_page()
    await expect(page.locator("#choose")).to_have_accessible_description(
        "Your photo is compared on this server and thrown away at once; nothing is kept. "
        "Send only photos of yourself, or of people who agreed."
    )
    assert site.sent == []


async def test_the_name_of_the_file_stays_at_home(open_page: Open) -> None:
    page = await open_page()
    async with page.expect_response("**/api/match*") as answered:
        await choose(page, picture(ONE_FACE))
    assert (await (await answered.value).json())["photo"] == "photo"


async def test_another_photo_can_be_tried(open_page: Open) -> None:
    page = await open_page()
    await choose(page, picture(ONE_FACE))
    await page.get_by_role("button", name="Try another photo").click()
    await expect(page.locator("#choose")).to_be_focused()
    await choose(page, picture(OTHER_FACE))
    await expect(page.locator("#name")).to_have_text("Nova Star0")


async def test_every_face_of_a_photo_has_a_tab(open_page: Open) -> None:
    page = await open_page()
    await choose(page, picture(ONE_FACE, OTHER_FACE))
    tabs = page.get_by_role("tab")
    await expect(tabs).to_have_count(2)
    await expect(page.locator("#most-like")).to_have_text("Face 1 of 2 looks most like")
    await tabs.nth(1).click()
    await expect(page.locator("#name")).to_have_text("Nova Star1")
    await expect(page.get_by_role("tab", selected=True)).to_have_accessible_name("Face 2 of 2")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#name")).to_have_text("Nova Star0")


async def test_the_face_is_cut_out_of_a_photo_that_was_held_upright(open_page: Open) -> None:
    page = await open_page()
    await choose(page, picture(ONE_FACE, orientation=6))
    await expect(page.locator("#name")).to_have_text("Nova Star0")
    assert await face_and_edges(page) == ["green"] * 3 + ["blue"] * 2


async def test_a_large_photo_is_made_small_and_loses_its_metadata_before_it_leaves(open_page: Open, site: Site) -> None:
    page = await open_page()
    await choose(page, picture((600, 800, 1400, 1600), size=(4000, 3000), orientation=8))
    await expect(page.locator("#name")).to_have_text("Nova Star0")
    with Image.open(io.BytesIO(site.sent[0])) as sent:
        assert (sent.format, sent.size, dict(sent.getexif())) == ("JPEG", (1600, 1200), {})
    assert await face_and_edges(page) == ["green"] * 3 + ["blue"] * 2


async def test_a_small_photo_leaves_as_it_is(open_page: Open, site: Site) -> None:
    page = await open_page()
    await choose(page, photo := picture(ONE_FACE))
    await expect(page.locator("#name")).to_have_text("Nova Star0")
    assert site.sent == [photo]


async def test_a_format_that_only_the_browser_reads_is_sent_as_jpeg(open_page: Open, site: Site) -> None:
    page = await open_page()
    await choose(page, picture(ONE_FACE, kind="BMP"), kind="image/bmp")
    await expect(page.locator("#name")).to_have_text("Nova Star0")
    with Image.open(io.BytesIO(site.sent[0])) as sent:
        assert sent.format == "JPEG"


async def test_the_picture_to_share_is_saved(open_page: Open, tmp_path: Path) -> None:
    page = await open_page()
    await choose(page, picture(ONE_FACE))
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Save picture").click()
    download = await downloading.value
    await download.save_as(tmp_path / "saved")
    with Image.open(tmp_path / "saved") as saved:
        assert (download.suggested_filename, saved.format, saved.size) == ("lookalike.jpg", "JPEG", (1200, 630))
        red, green, blue = saved.convert("RGB").getpixel((340, 260))  # type: ignore[misc]
    assert green > 120 > max(red, blue)  # the person's face, on the left


# --- what goes wrong -------------------------------------------------------------------------------------------------


async def test_a_refusal_says_why_and_how_to_do_better_and_lets_try_again(open_page: Open) -> None:
    page = await open_page()
    await choose(page, picture())
    await expect(page.locator("#message")).to_have_text("No face was found in this photo.")
    await expect(page.locator("#tip")).to_contain_text("good light")
    await expect(page.locator("#say")).to_contain_text("No face was found")
    await expect(page.locator("#choose")).to_be_focused()
    await expect(page.locator("#choose")).to_have_text("Choose another photo")
    await choose(page, picture(ONE_FACE))
    await expect(page.locator("#name")).to_have_text("Nova Star0")


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
async def test_every_refusal_has_a_sentence(open_page: Open, site: Site, reason: Reason, locale: str) -> None:
    async def refuse(photo: bytes) -> Outcome:
        return Refusal(reason)

    site.match = refuse
    page = await open_page(locale=locale)
    await choose(page, picture())
    texts = await page.evaluate(f"TEXTS['{locale[:2]}'].problems['{reason}']")
    await expect(page.locator("#message")).to_have_text(texts[0])
    await expect(page.locator("#tip")).to_have_text(texts[1])


async def test_what_is_no_picture_is_told_by_the_server(open_page: Open) -> None:
    page = await open_page()
    await choose(page, b"I am a text", kind="text/plain")
    await expect(page.locator("#message")).to_have_text("This is not a photo that can be read here.")
    await expect(page.locator("#preview")).to_be_hidden()


async def test_a_huge_file_that_cannot_be_made_smaller_never_leaves(open_page: Open, site: Site) -> None:
    page = await open_page()
    script = """() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(20_000_001)], "film.mov"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }"""
    await page.evaluate(script)
    await expect(page.locator("#message")).to_have_text("This photo is too large.")
    assert site.sent == []


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (503, "Many people are here right now."),
        (429, "Those were many photos in a short time."),
        (500, "Something went wrong on the server."),
        (None, "The server cannot be reached."),
    ],
)
async def test_a_problem_that_is_not_the_photos_can_be_tried_again(
    open_page: Open, status: int | None, message: str
) -> None:
    page = await open_page()
    if status:
        await page.route("**/api/match*", lambda route: route.fulfill(status=status, json={"error": "x"}))
    else:
        await page.route("**/api/match*", lambda route: route.abort("internetdisconnected"))
    await choose(page, picture(ONE_FACE))
    await expect(page.locator("#message")).to_have_text(message)
    await expect(page.locator("#retry")).to_be_focused()
    await page.unroute("**/api/match*")
    await page.locator("#retry").click()
    await expect(page.locator("#name")).to_have_text("Nova Star0")


async def test_while_a_photo_is_compared_the_button_rests_and_a_second_photo_takes_its_place(
    open_page: Open, site: Site
) -> None:
    begun, left = asyncio.Event(), asyncio.Event()

    async def endless(photo: bytes) -> Outcome:
        begun.set()
        try:
            return await asyncio.Future[Outcome]()
        finally:
            left.set()

    site.match = endless
    page = await open_page()
    await choose(page, picture())
    await begun.wait()
    await expect(page.locator("#message")).to_have_text("Comparing…")
    await expect(page.locator("#choose")).to_be_disabled()
    site.match = site.normal
    await transfer(page, picture(ONE_FACE), "drop")
    await expect(page.locator("#name")).to_have_text("Nova Star0")
    async with asyncio.timeout(60):
        await left.wait()


async def test_a_comparison_can_be_cancelled(open_page: Open, site: Site) -> None:
    async def endless(photo: bytes) -> Outcome:
        return await asyncio.Future[Outcome]()

    site.match = endless
    page = await open_page()
    await choose(page, picture())
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("#choose")).to_be_enabled()
    await expect(page.locator("#message")).to_be_hidden()


# --- languages and screens -------------------------------------------------------------------------------------------


async def test_a_russian_browser_gets_russian_words_and_names(open_page: Open) -> None:
    page = await open_page(locale="ru-RU")
    await expect(page.get_by_role("heading", level=1)).to_have_text("На кого вы похожи?")
    await choose(page, picture(ONE_FACE))
    await expect(page.locator("#name")).to_have_text("Нова Звезда0")
    await expect(page.locator("#meaning")).to_contain_text("99%")
    assert await page.evaluate("[document.documentElement.lang, document.title]") == ["ru", "На кого вы похожи?"]


async def test_the_language_can_be_switched_at_any_moment(open_page: Open) -> None:
    page = await open_page()
    await choose(page, picture(ONE_FACE))
    await expect(page.locator("#most-like")).to_have_text("You look most like")
    await page.get_by_role("button", name="Русский").click()
    await expect(page.locator("#most-like")).to_have_text("Вы больше всего похожи на звезду:")
    await expect(page.get_by_role("button", name="Русский", pressed=True)).to_be_visible()


async def test_both_languages_say_the_same_things(open_page: Open) -> None:
    page = await open_page()
    shape = """(language) => Object.entries(TEXTS[language]).flatMap(([key, text]) =>
        typeof text === "object" ? Object.keys(text).map((inner) => key + inner) : key + typeof text).sort()"""
    assert await page.evaluate(shape, "en") == await page.evaluate(shape, "ru")


@pytest.mark.parametrize("width", [360, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_screen_scrolls_sideways(open_page: Open, width: int, scheme: str) -> None:
    page = await open_page("/?lang=ru", viewport={"width": width, "height": 780}, color_scheme=scheme)
    assert await overflow(page) == 0
    await choose(page, picture())
    await expect(page.locator("#message")).to_be_visible()
    assert await overflow(page) == 0
    await choose(page, picture(ONE_FACE, OTHER_FACE))
    await expect(page.locator("#name")).to_be_visible()
    assert await overflow(page) == 0


async def test_the_card_keeps_its_size_from_photo_to_refusal(open_page: Open) -> None:
    page = await open_page(viewport={"width": 1400, "height": 900})
    before = await page.locator("#drop").bounding_box()
    await choose(page, picture())
    await expect(page.locator("#message")).to_have_text("No face was found in this photo.")
    assert await page.locator("#drop").bounding_box() == before


async def test_a_phone_offers_its_front_camera(open_page: Open) -> None:
    page = await open_page(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Take a selfie").click()
    assert await (await chooser.value).element.get_attribute("capture") == "user"
    await (await chooser.value).set_files(file(picture(ONE_FACE)))
    await expect(page.locator("#name")).to_have_text("Nova Star0")
