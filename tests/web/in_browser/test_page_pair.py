"""Two people compared, in a real browser."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from lookalike.faces.types import Reason, Refusal
from tests.support.web.page import ONE_FACE, OTHER_FACE, picture
from tests.support.web.site import Open, Site, choose, file, overflow, transfer

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def put(page: Page, place: int, photo: bytes) -> None:
    """Choose a photo for the first place (0) or the second."""
    async with page.expect_file_chooser() as chooser:
        await page.locator(".slot").nth(place).click()
    await (await chooser.value).set_files(file(photo))


async def test_two_photos_are_compared_once_both_are_there(open_page: Open, site: Site) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Compare two people").click()
    await expect(page.locator("#pair-message")).to_have_text("Choose a photo of each person.")
    await put(page, 0, picture(ONE_FACE))
    await expect(page.locator(".slot").first).to_contain_class("filled")
    assert site.sent == []
    await put(page, 1, picture(OTHER_FACE))
    await expect(page.locator("#pair-percent")).to_have_text("99%")
    await expect(page.locator("#pair-message")).to_have_text("More alike than 99% of pairs of strangers.")
    await expect(page.locator("#say")).to_contain_text("it proves neither")
    assert site.sent == [picture(ONE_FACE), picture(OTHER_FACE)]


async def test_the_person_of_an_answer_is_compared_with_somebody(open_page: Open) -> None:
    page = await open_page()
    await choose(page, picture(ONE_FACE))
    await page.get_by_role("button", name="Compare with somebody").click()
    await expect(page.locator(".slot").first).to_contain_class("filled")
    await put(page, 1, picture(ONE_FACE))
    await expect(page.locator("#pair-percent")).to_have_text("99%")
    await page.get_by_role("button", name="Back").click()
    await expect(page.locator("#choose")).to_be_focused()


@pytest.mark.parametrize("event", ["drop", "paste"])
async def test_photos_can_be_dropped_and_pasted_one_after_the_other(open_page: Open, event: str) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Compare two people").click()
    for number in range(2):
        await transfer(page, picture(ONE_FACE), event)
        await expect(page.locator(".slot").nth(number)).to_contain_class("filled")
    await expect(page.locator("#pair-percent")).to_have_text("99%")


async def test_the_photo_without_a_face_is_named_and_can_be_replaced(open_page: Open) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Compare two people").click()
    await put(page, 0, picture(ONE_FACE))
    await put(page, 1, picture())
    await expect(page.locator("#pair-message")).to_have_text("Second photo: I see no face in this picture.")
    await expect(page.locator(".slot").nth(1)).to_contain_class("wrong")
    await put(page, 1, picture(OTHER_FACE))
    await expect(page.locator("#pair-percent")).to_have_text("99%")
    await expect(page.locator(".slot.wrong")).to_have_count(0)


@pytest.mark.parametrize(("status", "said"), [(503, "Many people"), (429, "Those were many"), (500, "Something went")])
async def test_what_is_not_the_photos_fault_can_be_tried_again(open_page: Open, status: int, said: str) -> None:
    page = await open_page()
    await page.route("**/api/compare*", lambda route: route.fulfill(status=status, json={"error": "x"}))
    await page.get_by_role("button", name="Compare two people").click()
    await put(page, 0, picture(ONE_FACE))
    await put(page, 1, picture(ONE_FACE))
    await expect(page.locator("#pair-message")).to_contain_text(said)
    await page.unroute("**/api/compare*")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("#pair-percent")).to_have_text("99%")


async def test_going_back_while_two_are_compared_forgets_them(open_page: Open, site: Site) -> None:
    begun = asyncio.Event()

    async def endless(photo: bytes) -> Refusal:
        begun.set()
        return await asyncio.Future[Refusal]()

    site.find = endless
    page = await open_page()
    await page.get_by_role("button", name="Compare two people").click()
    await put(page, 0, picture(ONE_FACE))
    await put(page, 1, picture(ONE_FACE))
    await begun.wait()
    await page.get_by_role("button", name="Back").click()
    await page.get_by_role("button", name="Compare two people").click()
    await expect(page.locator(".slot.filled")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
async def test_the_privacy_sentence_stands_beside_both_places_and_all_fits(open_page: Open, locale: str) -> None:
    page = await open_page(locale=locale, viewport={"width": 360, "height": 740})
    await page.locator("#compare-two").click()
    privacy = await page.evaluate("text('page-privacy')")
    for place in range(2):
        await expect(page.locator(".slot").nth(place)).to_have_accessible_description(privacy)

    assert await overflow(page) <= 0


async def test_a_reason_is_said_for_the_photo_it_is_about(open_page: Open, site: Site) -> None:
    async def refuse(photo: bytes) -> Refusal:
        return Refusal(Reason.UNREADABLE)

    site.find = refuse
    page = await open_page(locale="ru-RU")
    await page.locator("#compare-two").click()
    await put(page, 0, picture(ONE_FACE))
    await put(page, 1, picture(ONE_FACE))
    await expect(page.locator("#pair-message")).to_have_text(
        "Первое фото: Картинка повреждена, и прочесть её не получилось."
    )
