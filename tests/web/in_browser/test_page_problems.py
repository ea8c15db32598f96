"""Refusals, problems, languages and screens of the page, in a real browser."""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from lookalike.core.language.languages import direction_of, languages
from lookalike.core.language.texts import all_texts
from lookalike.faces.types import Reason, Refusal
from tests.support.web.page import ONE_FACE, OTHER_FACE, find_green, picture, visitor
from tests.support.web.site import Open, Site, choose, file, overflow, transfer

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERCENT = re.compile(r"^\d\d?%$")


async def test_a_refusal_says_why_and_how_to_do_better_and_lets_try_again(open_page: Open) -> None:
    page = await open_page()
    await choose(page, picture())
    await expect(page.locator("#message")).to_have_text("I see no face in this picture.")
    await expect(page.locator("#tip")).to_contain_text("good light")
    await expect(page.locator("#say")).to_contain_text("I see no face")
    await expect(page.locator("#choose")).to_be_focused()
    await expect(page.locator("#choose")).to_have_text("Choose another photo")
    await choose(page, picture(ONE_FACE))
    await expect(page.locator("#name")).to_have_text("Nova Star0")


@pytest.mark.parametrize("reason", Reason)
async def test_every_refusal_has_a_sentence_and_what_to_do(open_page: Open, site: Site, reason: Reason) -> None:
    async def refuse(photo: bytes) -> Refusal:
        return Refusal(reason)

    site.find = refuse
    page = await open_page()
    await choose(page, picture())
    await expect(page.locator("#message")).to_have_text(re.compile(r"\w+ .*\.$"))
    said = [await page.locator(one).inner_text() for one in ("#message", "#tip")]
    assert " ".join(said) == await page.evaluate(f"text(PROBLEMS['{reason}'])")
    assert said[1]


async def test_the_server_says_what_is_no_picture(open_page: Open) -> None:
    page = await open_page()
    await choose(page, b"I am a text", kind="text/plain")
    await expect(page.locator("#message")).to_have_text("This file is not a picture that I can read.")
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

    async def endless(photo: bytes) -> Refusal:
        begun.set()
        try:
            return await asyncio.Future[Refusal]()
        finally:
            left.set()

    site.find = endless
    page = await open_page()
    await choose(page, picture())
    await begun.wait()
    await expect(page.locator("#message")).to_have_text("Comparing…")
    await expect(page.locator("#choose")).to_be_disabled()
    site.find = find_green
    await transfer(page, picture(ONE_FACE), "drop")
    await expect(page.locator("#name")).to_have_text("Nova Star0")
    async with asyncio.timeout(60):
        await left.wait()


async def test_a_comparison_can_be_cancelled(open_page: Open, site: Site) -> None:
    async def endless(photo: bytes) -> Refusal:
        return await asyncio.Future[Refusal]()

    site.find = endless
    page = await open_page()
    await choose(page, picture())
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("#choose")).to_be_enabled()
    await expect(page.locator("#message")).to_be_hidden()


# Languages and screens.


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
    await page.get_by_label("Language").select_option("Русский")
    await expect(page.locator("#most-like")).to_have_text("Вы больше всего похожи на звезду:")
    await expect(page.get_by_label("Язык")).to_have_value("ru")
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text("На кого вы похожи?")


async def test_every_language_fits_a_narrow_screen_and_says_each_problem_in_two_parts(open_page: Open) -> None:
    page = await open_page(viewport={"width": 360, "height": 780})
    states: dict[str, Callable[[], Awaitable[None]]] = {
        "start": lambda: page.locator("#again").click(),
        "result": lambda: choose(page, picture(ONE_FACE, OTHER_FACE)),
        "pair": lambda: page.locator("#compare-with").click(),
    }
    await choose(page, picture(ONE_FACE))
    for state, bring in states.items():
        await bring()
        await expect(page.locator(f"body[data-state={state}]")).to_be_attached()
        for language in languages():
            await page.evaluate(f"speak('{language}')")
            shown = await page.evaluate("[document.documentElement.lang, document.documentElement.dir, document.title]")
            headline = all_texts()[language]("page-headline")
            assert shown == [language, direction_of(language), headline]
            assert (language, state, await overflow(page)) == (language, state, 0)
            assert await page.evaluate("Object.values(PROBLEMS).filter((id) => !inTwo(id).every(Boolean))") == []


@pytest.mark.parametrize("language", languages())
async def test_the_page_comes_in_the_language_of_the_browser(site: Site, language: str) -> None:
    headline = all_texts()[language]("page-headline")
    async with visitor(site.server.url) as client:
        asked = {"query": await client.get(f"/?lang={language}", headers={"accept-language": "en"})}
        asked["header"] = await client.get("/", headers={"accept-language": f"xx,{language}-ZZ;q=0.9,en;q=0.8"})
        words = await client.get(f"/texts/{language}")
    for answer in asked.values():
        assert f'<html lang="{language}" dir="{direction_of(language)}">' in answer.text
        assert html.escape(headline) in answer.text
        assert (answer.headers["vary"], answer.headers["content-language"]) == ("accept-language", language)
    assert words.json()["texts"]["page-headline"] == headline


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
    await expect(page.locator("#message")).to_have_text("I see no face in this picture.")
    assert await page.locator("#drop").bounding_box() == before


async def test_a_phone_offers_its_front_camera(open_page: Open) -> None:
    page = await open_page(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Take a selfie").click()
    assert await (await chooser.value).element.get_attribute("capture") == "user"
    await (await chooser.value).set_files(file(picture(ONE_FACE)))
    await expect(page.locator("#name")).to_have_text("Nova Star0")
