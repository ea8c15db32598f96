"""Looking again among other stars, in a real browser: even numbers are American women, odd ones Japanese men."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from lookalike.faces.types import Face, Refusal
from tests.support.web.page import ONE_FACE, OTHER_FACE, find_green, picture
from tests.support.web.site import Open, Site, choose, overflow

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def answered(page: Page, *faces: tuple[int, int, int, int]) -> None:
    """Show an answer among anybody."""
    await choose(page, picture(*(faces or (ONE_FACE,))))
    await expect(page.locator("#name")).to_have_text("Nova Star0")


async def test_men_are_looked_for_with_the_photo_that_is_there(open_page: Open, site: Site) -> None:
    page = await open_page()
    await answered(page)
    await expect(page.get_by_role("button", name="Anybody")).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Men", exact=True).click()
    await expect(page.locator("#name")).not_to_have_text("Nova Star0")
    names = [await page.locator("#name").inner_text(), *await page.locator("#others .name").all_inner_texts()]

    assert [int(name.removeprefix("Nova Star")) % 2 for name in names] == [1] * 6
    assert site.sent == [picture(ONE_FACE)] * 2
    await expect(page.get_by_role("button", name="Men", exact=True)).to_have_attribute("aria-pressed", "true")


async def test_a_region_stands_behind_more(open_page: Open) -> None:
    page = await open_page()
    await answered(page)
    await expect(page.get_by_label("From")).to_be_hidden()
    await page.get_by_text("More", exact=True).click()
    await page.get_by_label("From").select_option("East Asia")
    await expect(page.locator("#name")).not_to_have_text("Nova Star0")

    assert int((await page.locator("#name").inner_text()).removeprefix("Nova Star")) % 2 == 1


async def test_where_nobody_is_left_the_answer_stays_and_says_so(open_page: Open) -> None:
    page = await open_page()
    await answered(page)
    await page.get_by_text("More", exact=True).click()
    await page.get_by_label("Born").select_option("up to 1949")
    await expect(page.locator("#filter-problem")).to_have_text(
        "Nobody like that is in the gallery. Choose something else."
    )
    await expect(page.locator("#name")).to_have_text("Nova Star0")
    await expect(page.get_by_label("Born")).to_have_value("")


async def test_the_face_that_is_shown_stays_shown(open_page: Open) -> None:
    page = await open_page()
    await answered(page, ONE_FACE, OTHER_FACE)
    await page.get_by_role("tab").nth(1).click()
    await page.get_by_role("button", name="Men", exact=True).click()
    await expect(page.locator("#name")).to_have_text("Nova Star1")
    await expect(page.get_by_role("tab", selected=True)).to_have_accessible_name("Face 2 of 2")


async def test_another_photo_is_looked_up_among_anybody(open_page: Open) -> None:
    page = await open_page()
    await answered(page)
    await page.get_by_role("button", name="Men", exact=True).click()
    await expect(page.locator("#name")).not_to_have_text("Nova Star0")
    await page.get_by_role("button", name="Try another photo").click()
    await answered(page)


async def test_of_two_choices_the_last_counts(open_page: Open, site: Site) -> None:
    """The first is still on its way when the second is made."""
    page = await open_page()
    await answered(page)
    begun = asyncio.Event()

    async def endless(photo: bytes) -> tuple[Face, ...] | Refusal:
        begun.set()
        return await asyncio.Future[Refusal]()

    site.find = endless
    await page.get_by_role("button", name="Women").click()
    await begun.wait()
    site.find = find_green
    await page.get_by_role("button", name="Men", exact=True).click()
    await expect(page.locator("#name")).not_to_have_text("Nova Star0")
    await expect(page.locator("#panel")).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
async def test_the_filters_fit_a_narrow_screen(open_page: Open, locale: str) -> None:
    page = await open_page(locale=locale, viewport={"width": 360, "height": 740})
    await choose(page, picture(ONE_FACE))
    await page.locator("#filters summary").click()
    await expect(page.locator("#region")).to_be_visible()

    assert await overflow(page) <= 0
