"""Photos, in the real process."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import SmallIndex
from tests.support.bot_api.conversation import SLOW_S, answer, consented, downloads
from tests.support.bot_api.server import BotApi, Person, error
from tests.support.running_bot import QuickBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_without_a_photo_of_the_star_a_large_preview_of_the_encyclopedia_is_above(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    reply = await consented(api, ann, astronaut)
    preview = reply.params["link_preview_options"]

    assert reply.method == "sendMessage"
    assert preview["url"].startswith("https://en.wikipedia.org/wiki/")
    assert preview["prefer_large_media"] is preview["show_above_text"] is True


async def test_a_picture_sent_as_a_file_is_answered(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    png = io.BytesIO()
    Image.open(io.BytesIO(astronaut)).save(png, "PNG")

    assert "%" in (await answer(api, ann.document(png.getvalue(), "me.png", "image/png"))).text


async def test_everybody_in_a_group_photo_is_answered_by_a_number_in_the_picture(
    api: BotApi, ann: Person, shared_faces: Path
) -> None:
    reply = await consented(api, ann, (shared_faces / "groups" / "2008_001322.jpg").read_bytes())

    assert len(re.findall(r"^[123]\. .+ – \d{1,2}%$", reply.text, re.MULTILINE)) == 3
    assert Image.open(io.BytesIO(reply.files["photo"])).size == (500, 375)


def picture(size: tuple[int, int], format: str = "JPEG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, "teal").save(data, format)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "mime", "words"),
    [
        (picture((400, 300)), "image/jpeg", "no face"),
        (picture((3000, 2)), "image/jpeg", "too small"),
        (picture((7000, 7000), "PNG"), "image/png", "too large"),
        (picture((400, 300))[:300], "image/jpeg", "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "not a picture"),
        (b"", "image/png", "damaged"),
    ],
)
async def test_a_picture_without_an_answer_gets_its_reason(
    api: BotApi, ann: Person, astronaut: bytes, data: bytes, mime: str, words: str
) -> None:
    await consented(api, ann, astronaut)

    assert words in (await answer(api, ann.document(data, "x", mime))).text


async def test_a_file_over_twenty_megabytes_is_refused_unseen(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    before = len(downloads(api, ann))

    assert "too large" in (await answer(api, ann.document(astronaut, size_bytes=20_000_001))).text
    assert len(downloads(api, ann)) == before


async def test_the_same_photo_again_is_answered_the_same_without_fetching_it(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    await consented(api, ann, astronaut)
    sent = ann.photo(astronaut)
    first = await answer(api, sent)
    fetched = [call for call in api.calls if call.method == "getFile"]

    again = ann.send(photo=sent.message["photo"])

    assert (await answer(api, again)).text.splitlines()[0] == first.text.splitlines()[0]
    assert [call for call in api.calls if call.method == "getFile"] == fetched


async def test_the_smallest_size_that_is_enough_is_fetched(api: BotApi, ann: Person, astronaut: bytes) -> None:
    large = io.BytesIO()
    Image.open(io.BytesIO(astronaut)).resize((1280, 1280)).save(large, "JPEG")
    sent = ann.photo(large.getvalue())
    card = await answer(api, sent)
    ann.press(card, "consent:yes")
    await api.wait_for(lambda call: call.ok and call.reply_to == sent.message_id and "%" in call.text, SLOW_S)

    sizes = {size["file_id"]: size["width"] for size in sent.message["photo"]}
    assert [sizes[call.params["file_id"]] for call in downloads(api, ann)] == [800]


async def test_an_expired_link_is_asked_for_again(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    api.fail("file", error(404))

    assert "%" in (await answer(api, ann.photo(astronaut))).text


async def test_the_share_card_shows_both_and_credits_the_photo(
    tmp_path: Path, small_index: SmallIndex, shared_faces: Path
) -> None:
    index, photos = small_index.directory, small_index.photos
    probe = next((shared_faces / "probes").glob(f"{next(photos.iterdir()).name}_*.jpg"))
    async with BotApi() as api, QuickBot(api, tmp_path, index, photos):
        emma = api.user(first_name="Эмма", language_code="ru")
        await consented(api, emma, probe.read_bytes())
        sent = emma.photo(probe.read_bytes())
        reply = await answer(api, sent)
        again = await answer(api, emma.send(photo=sent.message["photo"]))
        card = Image.open(io.BytesIO(reply.files["photo"]))

        assert reply.method == "sendPhoto"
        assert (card.format, card.size) == ("JPEG", (768, 960))
        assert again.params["photo"] == reply.message["photo"][-1]["file_id"]
        assert re.match(r"\d{1,2}% \w", reply.text)
        assert next(photos.iterdir()).name.replace("_", " ") in reply.text


@pytest.mark.parametrize("mime", ["application/octet-stream", ""])
@pytest.mark.parametrize(
    ("data", "words"), [(picture((400, 300)), "no face"), (b"MZ a program", "not a picture")], ids=["photo", "program"]
)
async def test_a_file_of_no_kind_is_what_its_first_bytes_say(
    api: BotApi, ann: Person, astronaut: bytes, data: bytes, mime: str, words: str
) -> None:
    await consented(api, ann, astronaut)

    assert words in (await answer(api, ann.document(data, "IMG_0001", mime))).text
