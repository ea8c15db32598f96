"""A star found by name on the page, in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, Route, expect

from lookalike.gallery.gallery import Gallery
from lookalike.taste.taste_model import TasteModel
from tests.support.web.page import ONE_FACE, picture
from tests.support.web.site import Open, Site, choose, overflow

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running_site(stars: Gallery, stars_home: Path, model: TasteModel) -> AsyncIterator[Site]:
    site = Site(stars, stars_home / "photos", lambda: model)
    await site.server.start(site.app, "127.0.0.1", 0)
    yield site
    await site.server.close()


def options(page: Page, **which: Any) -> Locator:
    """The names in the list."""
    return page.locator("#names").get_by_role("option", **which)


async def typed(page: Page, text: str) -> None:
    """Type a name, and wait for the list under it."""
    await page.get_by_role("combobox", name="Find a star by name").press_sequentially(text)
    await expect(page.get_by_role("listbox")).to_be_visible()


async def test_a_name_is_completed_and_chosen_with_the_keyboard_alone(open_page: Open) -> None:
    page = await open_page()
    field = page.get_by_role("combobox", name="Find a star by name")
    await expect(field).to_have_attribute("aria-expanded", "false")
    await typed(page, "smi")
    await expect(options(page)).to_have_text(["Will Smithactor", "Maggie Smithactor"])
    await expect(field).to_have_attribute("aria-expanded", "true")

    await page.keyboard.press("ArrowDown")
    await expect(options(page, selected=True)).to_contain_text("Will Smith")
    await page.keyboard.press("ArrowUp")
    await expect(options(page, selected=True)).to_contain_text("Maggie Smith")
    selected = await options(page, selected=True).get_attribute("id")
    assert await field.get_attribute("aria-activedescendant") == selected
    await page.keyboard.press("Enter")

    await expect(page.locator("#found-name")).to_have_text("Maggie Smith")
    await expect(page.locator("#found-name")).to_be_focused()
    await expect(page.get_by_role("listbox")).to_be_hidden()


async def test_escape_closes_the_list_and_a_whole_name_is_found_without_it(open_page: Open) -> None:
    page = await open_page()
    await typed(page, "angelina joly")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await page.keyboard.press("Enter")

    await expect(page.locator("#found-name")).to_have_text("Angelina Jolie")


async def test_six_stars_with_faces_like_it_are_shown_with_picture_and_credit_and_who_is_liked_too(
    open_page: Open,
) -> None:
    page = await open_page()
    await typed(page, "jolie")
    await options(page).click()

    await expect(page.locator("#kin li")).to_have_count(6)
    first = page.locator("#kin li").first
    await expect(first.locator(".name")).to_have_text("Scarlett Johansson")
    await expect(first.locator("canvas")).to_be_visible()
    await expect(first.locator(".credit")).to_have_text("Photo: A. Photographer, CC BY-SA 4.0")
    await expect(first.get_by_role("link", name="Scarlett Johansson")).to_have_attribute(
        "href", "https://en.wikipedia.org/wiki/Q2"
    )
    await expect(page.get_by_role("heading", name="The same people also like")).to_be_visible()
    await expect(page.locator("#liked li")).to_have_count(6)


async def test_a_portrait_leads_on_to_that_star_and_back_to_the_beginning(open_page: Open) -> None:
    page = await open_page()
    await typed(page, "jolie")
    await options(page).click()
    await page.locator("#kin").get_by_role("button", name="Scarlett Johansson").click()
    await expect(page.locator("#found-name")).to_have_text("Scarlett Johansson")
    await expect(page.locator("#found-credit")).to_contain_text("A. Photographer")
    await page.get_by_role("button", name="Back").click()

    await expect(page.locator("#choose")).to_be_focused()
    await expect(page.locator("#name-typed")).to_have_value("")


async def test_nobody_of_that_name_is_said_and_those_who_may_be_meant_are_offered(open_page: Open) -> None:
    page = await open_page()
    await page.locator("#name-typed").fill("zzzz")
    await expect(page.locator("#find-note")).to_have_text("No star here is called that.")
    await expect(page.locator("#say")).to_have_text("No star here is called that.")
    await page.locator("#name-typed").fill("Shaki")
    await page.keyboard.press("Enter")

    await expect(options(page)).to_contain_text(["Shakira"])


async def test_names_follow_the_language(open_page: Open) -> None:
    page = await open_page()
    await typed(page, "джоли")
    await options(page).click()
    await expect(page.locator("#found-name")).to_have_text("Angelina Jolie")
    await page.locator("#language").select_option("ru")

    await expect(page.locator("#found-name")).to_have_text("Анджелина Джоли")
    await expect(page.locator("#kin .name").first).to_have_text("Скарлетт Йоханссон")


async def test_an_older_answer_does_not_take_the_place_of_a_newer_one(open_page: Open) -> None:
    page = await open_page()
    held, release = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        held.set()
        await release.wait()
        await route.abort()

    await page.route("**/api/stars?name=madonna*", hold)
    await page.locator("#name-typed").fill("madonna")
    await held.wait()
    await page.locator("#name-typed").fill("shakira")
    await expect(options(page)).to_contain_text(["Shakira"])
    release.set()
    await page.unroute_all(behavior="wait")

    await expect(options(page)).to_contain_text(["Shakira"])
    await expect(page.locator("#find-note")).to_have_text("")


@pytest.mark.parametrize(
    ("status", "said"), [(503, "Many people are here"), (500, "Something went wrong"), (0, "The server")]
)
async def test_a_question_without_an_answer_says_why(open_page: Open, status: int, said: str) -> None:
    page = await open_page()

    async def answer(route: Route) -> None:
        await (route.fulfill(status=status, json={"error": "x"}) if status else route.abort("internetdisconnected"))

    await page.route("**/api/similar*", answer)
    await page.locator("#name-typed").fill("Madonna")
    await page.keyboard.press("Enter")

    await expect(page.locator("#find-note")).to_contain_text(said)
    await page.unroute_all(behavior="wait")


async def test_a_photo_that_is_chosen_meanwhile_comes_first(open_page: Open) -> None:
    page = await open_page()
    held, release = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        held.set()
        await release.wait()
        await route.continue_()

    await page.route("**/api/similar*", hold)
    await page.locator("#name-typed").fill("Madonna")
    await page.keyboard.press("Enter")
    await held.wait()
    await choose(page, picture(ONE_FACE))
    await expect(page.locator("#result")).to_be_visible()
    async with page.expect_response("**/api/similar*"):
        release.set()
    await page.unroute_all(behavior="wait")

    await expect(page.locator("#result")).to_be_visible()
    await expect(page.locator("#found")).to_be_hidden()


@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
async def test_the_list_and_the_stars_fit_a_narrow_screen(open_page: Open, locale: str) -> None:
    page = await open_page(locale=locale, viewport={"width": 360, "height": 740})
    await page.locator("#name-typed").fill("jo")
    await expect(options(page).first).to_be_visible()
    assert await overflow(page) <= 0
    await options(page).first.click()
    await expect(page.locator("#kin li")).to_have_count(6)

    assert await overflow(page) <= 0
