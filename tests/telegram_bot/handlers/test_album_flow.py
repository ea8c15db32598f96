"""Albums, in the real process."""

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


def photos_of(shared_faces: Path, name: str, number: int) -> list[bytes]:
    files = sorted((shared_faces / "gallery" / name).iterdir())[:number]
    return [file.read_bytes() for file in files]


def one_person(shared_faces: Path, number: int = 3) -> list[bytes]:
    """Photos of somebody who has so many."""
    folders = sorted((shared_faces / "gallery").iterdir())
    return photos_of(shared_faces, next(one.name for one in folders if len(list(one.iterdir())) >= number), number)


def answers_to(api: BotApi, person: Person, album: list[Sent]) -> list[Call]:
    """The messages that answer photos of an album."""
    ids = {sent.message_id for sent in album}
    return [call for call in api.sent_to(person) if call.reply_to in ids and "%" in call.text]


async def answered(api: BotApi, album: list[Sent]) -> Call:
    ids = {sent.message_id for sent in album}
    return await api.wait_for(lambda call: call.ok and call.reply_to in ids and "%" in call.text, SLOW_S)


async def test_an_album_of_one_person_is_answered_once_from_all_its_photos(
    api: BotApi, ann: Person, astronaut: bytes, shared_faces: Path
) -> None:
    await consented(api, ann, astronaut)
    album = ann.album(one_person(shared_faces))

    reply = await answered(api, album)
    await answer(api, ann.text("hello"))

    assert "From 3 photos" in reply.text
    assert len(re.findall(r"^\d{1,2}% ", reply.text, re.MULTILINE)) == 1
    assert len(answers_to(api, ann, album)) == 1
    ann.press(reply, "more.2:1:any")
    await api.wait_for(lambda call: call.ok and "Seen in this one photo of the album." in call.text, SLOW_S)


async def test_an_album_of_several_people_is_answered_in_one_message_with_a_line_for_each(
    api: BotApi, ann: Person, astronaut: bytes, shared_faces: Path
) -> None:
    await consented(api, ann, astronaut)
    names = [folder.name for folder in sorted((shared_faces / "gallery").iterdir())[:2]]
    wall = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(wall, "JPEG")
    album = ann.album([*(photos_of(shared_faces, name, 1)[0] for name in names), wall.getvalue()])

    reply = await answered(api, album)

    assert re.search(r"^1\. .+ – \d{1,2}%\n2\. .+ – \d{1,2}%\n3\. I see no face", reply.text, re.MULTILINE)
    assert len(answers_to(api, ann, album)) == 1


async def test_an_album_waits_for_consent_as_one_and_is_answered_as_one(
    api: BotApi, ann: Person, shared_faces: Path
) -> None:
    album = ann.album(one_person(shared_faces))
    card = await api.wait_for(lambda call: call.ok and call.chat_id == ann.id and bool(call.buttons), SLOW_S)
    ann.press(card, "consent:yes")

    reply = await answered(api, album)
    await answer(api, ann.text("hello"))

    assert "From 3 photos" in reply.text
    assert [call.buttons for call in api.sent_to(ann)].count(["consent:yes", "consent:no"]) == 1
    assert len(answers_to(api, ann, album)) == 1


async def test_an_album_interrupted_by_a_kill_is_answered_once_and_whole(
    tmp_path: Path, astronaut: bytes, shared_faces: Path
) -> None:
    async with BotApi() as api:
        ann = api.user(first_name="Ann")
        async with QuickBot(api, tmp_path, STARTER, tmp_path) as bot:
            await consented(api, ann, astronaut)
            api.fault("sendMessage", error(502))
            album = ann.album(one_person(shared_faces))
            await api.wait_for(lambda call: call.method == "sendMessage" and call.status == 502, SLOW_S)
            await bot.end(signal.SIGKILL)
        api.clear()
        async with QuickBot(api, tmp_path, STARTER, tmp_path):
            reply = await answered(api, album)
            await answer(api, ann.text("hello"))

        assert "From 3 photos" in reply.text
        assert len(answers_to(api, ann, album)) == 1
