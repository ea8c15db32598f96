"""How alike two people are, in the real process."""

import io
import re
import signal
from pathlib import Path

import pytest
from PIL import Image

from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S, STARTER, answer, consented
from tests.support.bot_api.server import BotApi, Person, Sent, error
from tests.support.running_bot import QuickBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def two(shared_faces: Path) -> tuple[bytes, bytes]:
    """Photos of two people."""
    one, other = sorted((shared_faces / "gallery").iterdir())[:2]
    return next(one.iterdir()).read_bytes(), next(other.iterdir()).read_bytes()


def beside(*photos: bytes) -> bytes:
    """One photo of several, from left to right."""
    images = [Image.open(io.BytesIO(photo)).convert("RGB").resize((400, 500)) for photo in photos]
    whole = Image.new("RGB", (400 * len(images), 500))
    for place, image in enumerate(images):
        whole.paste(image, (400 * place, 0))
    data = io.BytesIO()
    whole.save(data, "JPEG", quality=92)
    return data.getvalue()


async def compared(api: BotApi, sent: Sent) -> Call:
    return await api.wait_for(
        lambda call: call.ok and call.reply_to == sent.message_id and "pairs of strangers" in call.text, SLOW_S
    )


def percentage(call: Call) -> int:
    found = re.search(r"👥 (\d{1,2})%", call.text)
    assert found
    return int(found[1])


async def test_compare_asks_for_two_photos_and_shows_both(
    api: BotApi, ann: Person, astronaut: bytes, two: tuple[bytes, bytes]
) -> None:
    await consented(api, ann, astronaut)
    assert "two photos" in (await answer(api, ann.text("/compare"))).text
    assert "second person" in (await answer(api, ann.photo(two[0]))).text

    second = ann.photo(two[1])
    reply = await compared(api, second)
    card = Image.open(io.BytesIO(reply.files["photo"]))
    plain = await answer(api, ann.photo(two[1]))

    assert (card.format, card.size) == ("JPEG", (768, 960))
    assert percentage(reply) < 97
    assert "look more like your star" in plain.text  # the dialogue is over


async def test_one_person_twice_is_as_alike_as_can_be(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    await answer(api, ann.text("/compare"))

    _, second = ann.album([astronaut, astronaut])

    assert percentage(await compared(api, second)) == 99


async def test_a_photo_in_reply_to_a_photo_is_compared_with_it_after_consent(
    api: BotApi, ann: Person, two: tuple[bytes, bytes]
) -> None:
    first = ann.photo(two[0])
    await answer(api, first)
    second = ann.photo(two[1], reply_to=first)
    card = await answer(api, second)
    ann.press(card, "consent:yes")

    assert percentage(await compared(api, second)) < 97


async def test_under_a_picture_of_two_people_a_button_compares_them(
    api: BotApi, ann: Person, astronaut: bytes, two: tuple[bytes, bytes]
) -> None:
    await consented(api, ann, astronaut)
    sent = ann.photo(beside(*two))
    reply = await answer(api, sent)
    ann.press(reply, "compare:faces:0:1")

    assert percentage(await compared(api, sent)) < 97


async def test_a_photo_without_a_face_is_named_and_the_other_one_stays(
    api: BotApi, ann: Person, astronaut: bytes, two: tuple[bytes, bytes]
) -> None:
    wall = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(wall, "JPEG")
    await consented(api, ann, astronaut)
    await answer(api, ann.text("/compare"))
    await answer(api, ann.photo(wall.getvalue()))
    told = await answer(api, ann.photo(two[0]))
    second = ann.photo(two[1])

    assert "In the first photo: I see no face" in told.text
    assert percentage(await compared(api, second)) < 97


async def test_a_comparison_interrupted_by_a_kill_is_answered_once(
    tmp_path: Path, astronaut: bytes, two: tuple[bytes, bytes]
) -> None:
    async with BotApi() as api:
        ann = api.user(first_name="Ann")
        async with QuickBot(api, tmp_path, STARTER, tmp_path) as bot:
            await consented(api, ann, astronaut)
            await answer(api, ann.text("/compare"))
            await answer(api, ann.photo(two[0]))
            api.fault("sendPhoto", error(502))
            second = ann.photo(two[1])
            await api.wait_for(lambda call: call.method == "sendPhoto" and call.status == 502, SLOW_S)
            await bot.end(signal.SIGKILL)
        api.clear()
        async with QuickBot(api, tmp_path, STARTER, tmp_path):
            await compared(api, second)
            await answer(api, ann.text("hello"))

        assert len([call for call in api.sent_to(ann) if "pairs of strangers" in call.text]) == 1
