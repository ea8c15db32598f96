"""The report opened from disk in a real browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from lookalike.faces.drawing.thumbnails import SIDE_PX
from lookalike.indexing.duplicate_check import DuplicatePair, Suspects
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report.collector_rejects import NotCollected
from lookalike.indexing.report.page import REPORT, SHEET_PAGE, write_report
from tests.conftest import SMALL_INDEX_PEOPLE, SmallIndex
from tests.support.galleries import draw, report, star

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = {"viewport": {"width": 360, "height": 740}}
HOSTILE = "<script>document.title='stolen'</script><img src=x onerror=\"document.title='stolen'\">"
COUNTS = np.array([0, 90, 0, 0, 0, 0, 0, 3, 4], np.int32)
# The transformation of the mark of what opens, when it has turned.
TURNED = """async (element) => {
    await Promise.all(element.getAnimations({subtree: true}).map((one) => one.finished));
    return getComputedStyle(element, "::before").transform;
}"""
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
    rejects = [IndexReject("Q1", "Q1/" + "long_" * 40 + ".png", "blurred")]
    suspects = Suspects((DuplicatePair(star(1), star(2), 0.3, ("Q1/1.png", "Q2/1.png")),))
    collected = [
        NotCollected("Q99", "Long name " * 20, f"File:{'long_' * 40}.jpg", "licence is not free: " + "x" * 200)
    ]
    one = report(people, photos, rejects, suspects=suspects, not_collected=collected, match_counts=COUNTS)
    write_report(one, folder / REPORT)
    return folder / REPORT


async def names(page: Page) -> list[str]:
    return await page.locator("#sheet .name").all_text_contents()


async def overflow(page: Page) -> int:
    """Px that the content is wider than the window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))


async def test_a_build_leaves_a_report_with_a_picture_of_everybody(small_index: SmallIndex, open_file: Open) -> None:
    page = await open_file(small_index.directory / REPORT)

    await expect(page.locator("h1")).to_have_text(f"{SMALL_INDEX_PEOPLE} people")
    await expect(page.locator("#sheet .contact > li")).to_have_count(SMALL_INDEX_PEOPLE)
    await page.locator("#everybody").scroll_into_view_if_needed()
    for picture in await page.locator("#sheet .contact > li > img").all():
        await expect(picture).to_have_js_property("naturalWidth", SIDE_PX)
    await expect(page.locator("#sheet .contact > li > img")).to_have_count(SMALL_INDEX_PEOPLE)
    await expect(page.locator("svg.curve")).to_have_count(2)


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 1360, "height": 900}}])
async def test_it_fits_the_window(gallery: Path, open_file: Open, options: dict[str, Any]) -> None:
    page = await open_file(gallery, **options)

    assert await overflow(page) <= 0
    await page.evaluate("for (const group of document.querySelectorAll('details')) group.open = true")
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


async def test_a_long_list_is_shown_a_page_at_a_time(tmp_path: Path, open_file: Open) -> None:
    people = [star(number) for number in range(SHEET_PAGE * 2 + 20)]
    write_report(report(people), tmp_path / REPORT)
    page = await open_file(tmp_path / REPORT)
    first = await names(page)
    more = page.locator("#sheet .more button")

    assert len(first) == SHEET_PAGE
    await expect(more).to_have_text(f"Show {SHEET_PAGE} more of {SHEET_PAGE + 20}")
    await more.click()
    await more.click()
    await expect(more).to_be_hidden()
    assert await names(page) == sorted((one.name_in("en") for one in people), key=str.lower)

    await page.locator("#search").fill("id:q77")
    assert await names(page) == ["Star 77"]
    await page.locator("#search").fill("")
    assert await names(page) == first


async def test_ids_and_commands_are_copied_whole(gallery: Path, open_file: Open) -> None:
    page = await open_file(gallery, permissions=["clipboard-read", "clipboard-write"])

    await page.get_by_role("button", name="Q3", exact=True).first.click()
    await expect(page.get_by_role("status").last).to_have_text("Copied: Q3")
    assert await page.evaluate("navigator.clipboard.readText()") == "Q3"

    await page.locator("#suspects .remedies summary").first.click()
    await page.locator("#suspects .remedies .copy").first.click()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(".venv/bin/python build_index.py --remove Q1 ")
    assert copied == await page.locator("#suspects .remedies code").first.text_content()


async def test_what_opens_looks_as_if_it_does(gallery: Path, open_file: Open) -> None:
    page = await open_file(gallery)
    group = page.locator("#left-out details").first
    summary = group.locator("summary").first

    closed = await summary.evaluate(TURNED)
    assert await summary.evaluate("element => getComputedStyle(element).cursor") == "pointer"
    await expect(group.locator(".file")).to_be_hidden()
    await summary.click()

    await expect(group.locator(".file")).to_be_visible()
    assert await summary.evaluate(TURNED) != closed


async def test_all_photos_of_a_suspect_are_one_click_away(gallery: Path, open_file: Open) -> None:
    page = await open_file(gallery)

    await page.locator("#suspects .all").last.click()
    assert await names(page) == ["Star 2"]
    await page.locator("#sheet summary").click()

    await expect(page.locator("#sheet .file")).to_have_text(["Q2/1.png", "Q2/2.png"])


async def test_without_scripts_the_first_page_is_there(gallery: Path, open_file: Open) -> None:
    page = await open_file(gallery, java_script_enabled=False)

    await expect(page.locator("#sheet .contact > li")).to_have_count(9)
    await expect(page.locator("#search")).to_be_hidden()
    await expect(page.locator("noscript p")).to_be_visible()
    await page.locator("#left-out summary").first.click()
    await expect(page.locator("#left-out .file").first).to_be_visible()


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
