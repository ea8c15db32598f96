"""Pictures made of a photo, in a real browser: a real worker makes them."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Page, Route, expect

from lookalike.core.language.languages import languages
from lookalike.faces.drawing.avatar.order import AvatarOrder
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.types import Refusal
from lookalike.workers.file_shapes import is_mp4
from lookalike.workers.pool import WorkerPool
from tests.support.web.portraits import Home, crowded
from tests.support.web.site import Open, Site, choose, overflow

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Studio:
    """A pool of workers; what is asked for is kept, and held back while `open` is not set."""

    def __init__(self, pool: WorkerPool) -> None:
        self.find, self.draw, self._pool = pool.find, pool.draw, pool
        self.orders: list[AvatarOrder] = []
        self.open, self.begun, self.left = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.open.set()

    async def morph(self, photo: bytes, card: Card, *, as_strip: bool = False) -> bytes | Refusal:
        self.begun.set()
        try:
            await self.open.wait()
        finally:
            self.left.set()
        return await self._pool.morph(photo, card, as_strip=as_strip)

    async def avatar(self, photo: bytes, order: AvatarOrder) -> bytes | Refusal:
        self.orders.append(order)
        return await self._pool.avatar(photo, order)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def studio(single: WorkerPool) -> Studio:
    return Studio(single)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running_site(studio: Studio, portraits: Home) -> AsyncIterator[Site]:
    """The page over a real worker, and stars whose photos are known."""
    site = Site(portraits.gallery, portraits.photos, find=studio.find, draws=studio)
    await site.server.start(site.app, "127.0.0.1", 0)
    yield site
    await site.server.close()


async def answered(page: Page, photo: bytes) -> None:
    await choose(page, photo)
    await expect(page.locator("#name")).to_have_text("Nova Star1")


async def saved(page: Page, folder: Path) -> tuple[str, bytes]:
    """What the button saves: the name and the bytes."""
    async with page.expect_download() as downloading:
        await page.locator("#save-picture").click()
    download = await downloading.value
    await download.save_as(folder / "saved")
    return download.suggested_filename, (folder / "saved").read_bytes()


async def test_a_card_is_shown_and_saved_and_made_anew_in_another_language(
    open_page: Open, astronaut: bytes, tmp_path: Path
) -> None:
    page = await open_page()
    await answered(page, astronaut)
    await page.get_by_role("button", name="Card").click()
    await expect(page.locator("#picture img")).to_have_accessible_name("You look most like Nova Star1, 95%.")
    await expect(page.locator("#picture-credit")).to_contain_text("Photo: A. Photographer, CC BY-SA 4.0")
    name, english = await saved(page, tmp_path)
    with Image.open(io.BytesIO(english)) as card:
        assert (name, card.width / card.height) == ("lookalike-card.jpg", 4 / 5)
    await page.get_by_label("Language").select_option("Русский")
    await expect(page.locator("#made")).to_be_hidden()
    await page.get_by_role("button", name="Карточка").click()
    await expect(page.locator("#picture img")).to_be_visible()

    assert (await saved(page, tmp_path))[1] != english


async def test_a_card_has_its_own_licence_only_where_the_photo_on_it_is_cut(open_page: Open, astronaut: bytes) -> None:
    page = await open_page()
    await answered(page, astronaut)
    await page.get_by_role("button", name="Card").click()
    await expect(page.locator("#picture-credit")).to_contain_text("may be passed on under CC BY-SA 4.0 too.")
    await page.evaluate("faces[0].matches[0].square = null; renderPicture()")

    await expect(page.locator("#picture-credit")).to_have_text("Photo: A. Photographer, CC BY-SA 4.0")


async def test_a_card_that_is_being_made_is_made_in_the_language_that_is_chosen_meanwhile(
    open_page: Open, astronaut: bytes
) -> None:
    page = await open_page()
    asked: list[str] = []

    async def answer_all_but_the_first(route: Route) -> None:
        asked.append(route.request.url.partition("?")[2])
        if len(asked) > 1:
            await route.continue_()

    await page.route("**/api/pictures/card*", answer_all_but_the_first)
    await answered(page, astronaut)
    async with page.expect_request("**/api/pictures/card*"):
        await page.get_by_role("button", name="Card").click()
    await page.get_by_label("Language").select_option("Русский")
    await expect(page.locator("#picture img")).to_be_visible()

    assert asked == ["lang=en", "lang=ru"]


async def test_a_second_press_on_what_is_being_made_asks_for_nothing(
    open_page: Open, studio: Studio, astronaut: bytes
) -> None:
    studio.open.clear()
    page = await open_page(reduced_motion="reduce")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/api/pictures/" in one.url else None)
    await answered(page, astronaut)
    await page.get_by_role("button", name="Morph").dblclick()
    await page.get_by_role("button", name="Five pictures").click()
    studio.open.set()
    await expect(page.locator("#picture img")).to_be_visible()

    assert len(asked) == 1


async def test_a_morph_plays_without_sound_in_a_loop_with_its_credit_and_is_saved(
    open_page: Open, astronaut: bytes, tmp_path: Path
) -> None:
    page = await open_page()
    await answered(page, astronaut)
    await page.get_by_role("button", name="Morph").click()
    video = page.locator("#picture video")
    await expect(video).to_have_accessible_name("You turning into Nova Star1: 95% 🎬")
    await page.wait_for_function("document.querySelector('#picture video').currentTime > 0")

    assert await video.evaluate("one => [one.muted, one.loop, one.playsInline, one.controls]") == [True] * 4
    await expect(page.locator("#picture-credit")).to_contain_text("Photo: A. Photographer, CC BY-SA 4.0")
    await expect(page.locator("#picture-credit")).to_contain_text("may be passed on under CC BY-SA 4.0 too.")
    await expect(page.locator("#say")).to_have_text("You turning into Nova Star1: 95% 🎬")
    name, data = await saved(page, tmp_path)
    assert name == "lookalike-morph.mp4"
    assert is_mp4(data)


async def test_who_wants_less_motion_gets_the_strip_and_a_video_that_stands_still(
    open_page: Open, astronaut: bytes, tmp_path: Path
) -> None:
    page = await open_page(reduced_motion="reduce")
    await answered(page, astronaut)
    await page.get_by_role("button", name="Morph").click()
    await expect(page.get_by_role("button", name="Five pictures")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#picture img")).to_be_visible()
    _, data = await saved(page, tmp_path)
    with Image.open(io.BytesIO(data)) as strip:
        assert strip.width == 5 * strip.height
    await page.get_by_role("button", name="Video").click()
    await expect(page.locator("#picture video")).to_be_visible()
    assert await page.locator("#picture video").evaluate("one => one.autoplay || !one.paused") is False


async def test_each_style_of_a_drawing_is_asked_for_once(open_page: Open, astronaut: bytes, tmp_path: Path) -> None:
    page = await open_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/api/pictures/" in one.url else None)
    await answered(page, astronaut)
    await page.get_by_role("button", name="Drawing").click()
    await expect(page.locator("#picture img")).to_have_accessible_name("You as a drawing 🎨")
    comic = await saved(page, tmp_path)
    await page.get_by_role("button", name="Ink").click()
    await expect(page.get_by_role("button", name="Ink")).to_be_focused()
    await expect(page.locator("#picture-actions")).to_be_visible()
    ink = await saved(page, tmp_path)
    await page.get_by_role("button", name="Comic").click()
    again = await saved(page, tmp_path)

    assert comic == again
    assert comic[1] != ink[1]
    assert comic[0] == "lookalike-drawing.jpg"
    assert len(asked) == 2
    await expect(page.locator("#picture-credit")).to_have_text("")


async def test_a_picture_is_shared_as_a_file_where_the_browser_can(open_page: Open, astronaut: bytes) -> None:
    page = await open_page()
    await page.evaluate("Object.defineProperty(navigator, 'canShare', { value: undefined, configurable: true })")
    await answered(page, astronaut)
    await page.get_by_role("button", name="Drawing").click()
    await expect(page.locator("#save-picture")).to_be_visible()
    await expect(page.locator("#share")).to_be_hidden()
    script = """() => {
        window.shared = [];
        Object.defineProperty(navigator, "canShare", { value: ({ files }) => files.length === 1, configurable: true });
        navigator.share = async ({ files }) => {
            window.shared.push(files[0].name, files[0].type);
            throw new DOMException("changed my mind", "AbortError");
        };
        renderPicture();
    }"""
    await page.evaluate(script)
    await page.get_by_role("button", name="Share").click()

    assert await page.evaluate("window.shared") == ["lookalike-drawing.jpg", "image/jpeg"]


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("Morph", 422, "I cannot make that from this photo"), ("Card", 422, "That card could not be made."),
        ("Morph", 429, "Those were many pictures"), ("Morph", 503, "Many people"),
        ("Morph", 500, "Something went wrong"),
    ],
)  # fmt: skip
async def test_where_there_is_no_picture_the_page_says_why_and_another_can_be_made(
    open_page: Open, astronaut: bytes, kind: str, status: int, said: str
) -> None:
    page = await open_page()
    refused = f"**/api/pictures/{kind.lower()}*"
    await page.route(refused, lambda route: route.fulfill(status=status, json={"error": "x"}))
    await answered(page, astronaut)
    await page.get_by_role("button", name=kind).click()
    await expect(page.locator("#picture-message")).to_contain_text(said)
    await expect(page.locator("#say")).to_contain_text(said)
    await expect(page.locator("#save-picture")).to_be_hidden()
    await page.get_by_role("button", name="Drawing").click()
    await expect(page.locator("#picture img")).to_be_visible()
    await expect(page.locator("#picture-message")).to_have_text("")


async def test_another_photo_ends_what_is_being_made_of_the_first(
    open_page: Open, studio: Studio, astronaut: bytes
) -> None:
    for event in (studio.open, studio.begun, studio.left):
        event.clear()
    page = await open_page()
    await answered(page, astronaut)
    await page.get_by_role("button", name="Morph").click()
    await expect(page.locator("#picture-message")).to_have_text("Making it…")
    await expect(page.locator("#picture")).to_have_attribute("aria-busy", "true")
    async with asyncio.timeout(60):
        await studio.begun.wait()
        await page.get_by_role("button", name="Try another photo").click()
        await studio.left.wait()
    studio.open.set()
    await answered(page, astronaut)
    await expect(page.locator("#made")).to_be_hidden()


async def test_a_picture_is_of_the_face_that_is_shown(open_page: Open, studio: Studio, astronaut: bytes) -> None:
    page = await open_page()
    await answered(page, crowded(astronaut))
    studio.orders.clear()
    for face in range(2):
        await page.get_by_role("tab").nth(face).click()
        await expect(page.locator("#made")).to_be_hidden()
        await page.get_by_role("button", name="Drawing").click()
        await expect(page.locator("#picture img")).to_be_visible()
    faces = await page.evaluate("faces.map(({ box }) => box)")

    assert [list(order.box) for order in studio.orders] == faces[:2]


async def test_pictures_and_their_words_fit_a_narrow_screen_in_every_language(
    open_page: Open, astronaut: bytes
) -> None:
    page = await open_page(viewport={"width": 360, "height": 780})
    await answered(page, astronaut)
    await page.locator("[data-picture=avatar]").click()
    await expect(page.locator("#picture img")).to_be_visible()
    for language in languages():
        await page.evaluate(f"speak('{language}')")
        await expect(page.locator("html")).to_have_attribute("lang", language)
        assert (language, await overflow(page)) == (language, 0)
