"""The page as a person meets it, in a real browser."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import expect
from skimage import data

from lookalike.workers.pool import WorkerPool
from tests.support.web.page import BLURRED_PX, LICENCE, ONE_FACE, OTHER_FACE, picture
from tests.support.web.site import Open, Site, choose, face_and_edges, transfer

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERCENT = re.compile(r"^\d\d?%$")


async def test_a_selfie_brings_six_stars_with_percentages(open_page: Open, site: Site) -> None:
    portrait = io.BytesIO()
    astronaut = data.astronaut()  # type: ignore[no-untyped-call]
    Image.fromarray(astronaut).save(portrait, "JPEG")
    page = await open_page()
    async with WorkerPool(1) as pool:
        site.find = pool.find
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
    await expect(page.locator("#star canvas")).to_be_visible()
    await expect(page.locator("#credit")).to_have_text("Photo: A. Photographer, CC BY-SA 4.0")
    source, licence = "https://commons.wikimedia.org/wiki/File:Zero.png", LICENCE
    await expect(page.locator("#credit a", has_text="A. Photographer")).to_have_attribute("href", source)
    await expect(page.locator("#credit a", has_text="CC BY-SA 4.0")).to_have_attribute("href", licence)
    await expect(page.locator("#say")).to_contain_text("You look most like Nova Star0, 99%")


async def test_the_face_of_a_photo_that_lies_on_its_side_is_shown_upright(open_page: Open, site: Site) -> None:
    portraits = []
    async with WorkerPool(1) as pool:
        site.find = pool.find
        for turn in (0, 90, 180, 270):
            page = await open_page()
            photo = io.BytesIO()
            astronaut = Image.fromarray(data.astronaut())  # type: ignore[no-untyped-call]
            astronaut.rotate(-turn, expand=True).save(photo, "PNG")
            await choose(page, photo.getvalue(), "image/png")
            await expect(page.locator("#name a")).to_contain_text("Nova Star")
            shown = await page.locator("#mine").evaluate("canvas => canvas.toDataURL()")
            portraits.append(np.asarray(Image.open(io.BytesIO(base64.b64decode(shown.partition(",")[2]))), np.float32))

    upright, *turned = portraits
    for portrait in turned:  # boxes differ by some px
        assert np.corrcoef(upright.ravel(), portrait.ravel())[0, 1] > 0.7


@pytest.mark.parametrize(
    ("language", "words"), [("en", "A sharper photo may bring another star"), ("ru", "На чётком снимке звезда может")]
)
async def test_a_doubtful_match_says_so_beside_the_answer(open_page: Open, language: str, words: str) -> None:
    page = await open_page(locale=language)
    await choose(page, picture(ONE_FACE, OTHER_FACE, size=BLURRED_PX))
    await expect(page.locator("#doubt")).to_contain_text(words)
    await page.get_by_role("tab").nth(1).click()
    await expect(page.locator("#doubt")).to_be_hidden()


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
        "Your photo is compared on this server, made into a picture if you ask for one, and thrown away at once; "
        "nothing is kept. "
        "Send only photos of yourself, or of people who agreed."
    )
    assert site.sent == []


async def test_the_name_of_the_file_is_not_sent(open_page: Open) -> None:
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
