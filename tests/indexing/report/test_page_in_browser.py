"""The report opened from disk in a real browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from lookalike.faces.drawing.thumbnails import SIDE_PX
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report.page import REPORT, write_report
from tests.conftest import SMALL_INDEX_PEOPLE, SmallIndex
from tests.support.galleries import draw, report, star

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = {"viewport": {"width": 360, "height": 740}}
HOSTILE = "<script>document.title='stolen'</script><img src=x onerror=\"document.title='stolen'\">"
Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def open_file(browser: Browser) -> AsyncIterator[Open]:
    """Open a report; afterwards there must have been no console message, error, dialog or request."""
    messages: list[str] = []
    requested: list[str] = []
    contexts = []

    async def open_it(path: Path, **options: Any) -> Page:
        context = await browser.new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: requested.append(request.url))
        page = await context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("dialog", lambda dialog: messages.append(dialog.message))
        await page.goto(path.as_uri())
        return page

    yield open_it
    for context in contexts:
        await context.close()
    assert messages == []
    assert {url.split(":")[0] for url in requested} <= {"file", "data"}
    assert len([url for url in requested if url.startswith("file:")]) == len(contexts)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of nine made-up people, one with a long name, one with a picture."""
    folder = tmp_path_factory.mktemp("report")
    photos = draw(folder / "photos", "Q0/1.png")
    people = [star(number) for number in range(8)] + [
        star(8, name={"en": "Wolfeschlegelsteinhausenbergerdorff " * 3}, country="USA")
    ]
    write_report(report(people, photos, [IndexReject("Q1", "Q1/" + "long_" * 40 + ".png", "blurred")]), folder / REPORT)
    return folder / REPORT


async def names(page: Page) -> list[str]:
    return await page.locator("#sheet .name").all_text_contents()


async def overflow(page: Page) -> int:
    """Px that the content is wider than the window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))


async def test_a_build_leaves_a_report_with_a_picture_of_everybody(small_index: SmallIndex, open_file: Open) -> None:
    page = await open_file(small_index.directory / REPORT)

    await expect(page.locator("h1")).to_have_text(f"{SMALL_INDEX_PEOPLE} people")
    await expect(page.locator("#sheet li")).to_have_count(SMALL_INDEX_PEOPLE)
    await page.locator("#everybody").scroll_into_view_if_needed()
    for picture in await page.locator("#sheet img").all():
        await expect(picture).to_have_js_property("naturalWidth", SIDE_PX)
    await expect(page.locator("#sheet img")).to_have_count(SMALL_INDEX_PEOPLE)
    await expect(page.locator("svg.curve")).to_have_count(2)


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 1360, "height": 900}}])
async def test_it_fits_the_window(gallery: Path, open_file: Open, options: dict[str, Any]) -> None:
    page = await open_file(gallery, **options)

    assert await overflow(page) <= 0
    for card in await page.locator(".card").all():
        box = await card.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= options["viewport"]["width"]


async def test_it_is_dark_where_the_reader_likes_it_dark(gallery: Path, open_file: Open) -> None:
    script = "getComputedStyle(document.body).backgroundColor"
    light = await open_file(gallery, color_scheme="light")
    dark = await open_file(gallery, color_scheme="dark")

    assert await light.evaluate(script) == "rgb(248, 246, 252)"
    assert await dark.evaluate(script) == "rgb(18, 16, 34)"


async def test_people_are_found_by_name_in_any_language_and_without_accents(gallery: Path, open_file: Open) -> None:
    page = await open_file(gallery)

    await page.locator("#search").fill("звёзда 3")
    await expect(page.locator("#found")).to_have_text("1 of 9")
    assert await names(page) == ["Star 3"]

    await page.locator("#search").fill("")
    await expect(page.locator("#found")).to_have_text("")
    assert len(await names(page)) == 9


async def test_a_bar_shows_its_people(gallery: Path, open_file: Open) -> None:
    page = await open_file(gallery)

    await page.locator("svg a", has_text="singer").click()

    await expect(page.locator("#found")).to_have_text("5 of 9")
    await expect(page.locator("#search")).to_have_value("role:singer ")
    assert await page.evaluate("location.hash") == "#everybody"
    await page.locator("#search").fill("role:singer country:us")
    assert await names(page) == ["Star 0", "Star 6"]


async def test_many_people_come_back_in_order_after_a_search(tmp_path: Path, open_file: Open) -> None:
    write_report(report([star(number) for number in range(900)]), tmp_path / REPORT)  # more than one group
    page = await open_file(tmp_path / REPORT)
    before = await names(page)

    await page.locator("#search").fill("q77")
    assert await names(page) == ["Star 77", *(f"Star {number}" for number in range(770, 780))]
    await page.locator("#search").fill("")

    assert await names(page) == before
    assert len(before) == 900


async def test_without_scripts_everything_is_there_but_the_search(gallery: Path, open_file: Open) -> None:
    page = await open_file(gallery, java_script_enabled=False)

    await expect(page.locator("#sheet li")).to_have_count(9)
    await expect(page.locator("#search")).to_be_hidden()
    await expect(page.locator("#left-out details").first).to_have_attribute("open", "")


@pytest.mark.parametrize(
    "name", [HOSTILE, "نجمة السينما", "🌟👩‍🚀", "</style></title></script>", "\u202eevil\u202c", "]]>"]
)
async def test_a_name_is_a_name_whatever_is_in_it(name: str, tmp_path: Path, open_file: Open) -> None:
    changes = {"name": {"en": name}, "country": name, "roles": (name,), "gender": name}
    write_report(report([star(0, **changes), star(1)], tmp_path, [IndexReject("Q0", name, name)]), tmp_path / REPORT)
    page = await open_file(tmp_path / REPORT)

    assert name in [text or "" for text in await page.locator("#sheet bdi").all_text_contents()]
    await page.locator("svg a", has=page.locator("text", has_text=name[:20])).first.click()
    await expect(page.locator("#found")).to_have_text("1 of 2")
    await expect(page).to_have_title("2 people: a gallery")
