"""A card for everybody in one album, in the real process with photos of stars."""

import io
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from tests.conftest import SmallIndex
from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S, answer, answers_with_percentage, consented
from tests.support.bot_api.server import BotApi, Person, stall
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(
    api: BotApi, small_index: SmallIndex, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningBot]:
    home = tmp_path_factory.mktemp("bot")
    async with RunningBot(api, home, small_index.directory, small_index.photos) as running:
        yield running


@pytest.fixture
def three(shared_faces: Path) -> bytes:
    """A photo of three people."""
    return (shared_faces / "groups" / "2008_001322.jpg").read_bytes()


def album(person: Person) -> Callable[[Call], bool]:
    return lambda call: call.ok and call.method == "sendMediaGroup" and call.chat_id == person.id


def numbered(call: Call) -> list[str]:
    """The lines that begin with a number."""
    return [line for line in call.text.splitlines() if line[:1].isdigit()]


async def test_the_cards_of_all_come_behind_the_numbered_picture_with_the_same_names_under_them(
    api: BotApi, bot: RunningBot, ann: Person, three: bytes
) -> None:
    reply = await consented(api, ann, three)
    cards = await api.wait_for(album(ann), SLOW_S)

    assert len(cards.messages) == 3
    assert numbered(cards) == numbered(reply)
    assert cards.reply_to == reply.reply_to
    assert {Image.open(io.BytesIO(data)).size for data in cards.files.values()} == {(768, 960)}
    await answer(api, ann.text("/help"))
    assert [call for call in api.calls if album(ann)(call)] == [cards]
    assert "an update failed" not in bot.log


async def test_a_photo_of_one_person_has_no_album(api: BotApi, ann: Person, three: bytes, astronaut: bytes) -> None:
    reply = await consented(api, ann, astronaut)
    await answer(api, ann.text("/help"))

    assert "card:all:any" not in reply.buttons
    assert not [call for call in api.calls if album(ann)(call)]


async def test_in_a_group_they_come_when_whoever_asked_presses_the_button(
    api: BotApi, bot: RunningBot, three: bytes
) -> None:
    cy = api.user(first_name="Cy", chat_type="supergroup")
    flo = api.user(first_name="Flo", chat=cy.chat)
    sent = cy.photo(three, "@stand_in_bot")
    cy.press(await answer(api, sent), "consent:yes")
    reply = await api.wait_for(answers_with_percentage(sent), SLOW_S)
    refused = flo.press(reply, "card:all:any")
    await api.wait_for(lambda call: call.params.get("callback_query_id") == refused.query_id)
    cy.press(reply, "card:all:any")
    cards = await api.wait_for(album(cy), SLOW_S)

    assert numbered(cards) == numbered(reply)
    assert len([call for call in api.calls if album(cy)(call)]) == 1


async def test_a_bot_killed_while_the_cards_are_sent_repeats_them_alone(
    api: BotApi, bot: RunningBot, ann: Person, three: bytes
) -> None:
    sent = ann.photo(three)
    ann.press(await answer(api, sent), "consent:yes")
    api.fail("sendMediaGroup", stall(3600))
    await api.wait_for(lambda call: call.method == "sendMediaGroup" and call.chat_id == ann.id, SLOW_S)
    await bot.end(signal.SIGKILL)
    await bot.start()
    await api.wait_for(album(ann), SLOW_S)
    await answer(api, ann.text("/help"))

    assert len([call for call in api.calls if call.method == "sendPhoto" and call.reply_to == sent.message_id]) == 1
