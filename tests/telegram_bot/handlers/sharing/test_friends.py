"""Links that friends open, in the real process."""

import re

import pytest

from tests.support.bot_api.conversation import answer, consented
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot
from tests.telegram_bot.handlers.sharing.test_inline import link, offered

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def shared(api: BotApi, person: Person, photo: bytes) -> tuple[str, str]:
    """The star and percentage of somebody who lets their link tell it, and what the link sends to the bot."""
    reply = await consented(api, person, photo)
    mine = await answer(api, person.text("/mine"))
    person.press(mine, "menu:link:yes")
    await api.wait_for(lambda call: call.ok and call.chat_id == person.id and "menu:link:no" in call.buttons)
    (result,) = (await offered(api, person, "")).params["results"]
    return reply.text.partition(",")[0], f"/start {link(result).partition('?start=')[2]}"


async def test_a_friend_hears_the_star_until_the_link_is_taken_back(api: BotApi, ann: Person, astronaut: bytes) -> None:
    got, start = await shared(api, ann, astronaut)
    bob = api.user(first_name="Bob")
    told = await answer(api, bob.text(start))
    boris = api.user(first_name="Борис", language_code="ru")

    percent, _, star = got.partition(" ")
    assert f"Hi Bob! Your friend Ann came out as {star}: {percent}." in told.text
    assert "Ann передаёт привет" in (await answer(api, boris.text(start))).text
    assert "your own link" in (await answer(api, ann.text(start))).text
    ann.press(await answer(api, ann.text("/mine")), "menu:link:no")
    await api.wait_for(
        lambda call: call.chat_id == ann.id and call.method == "editMessageText" and "menu:link:yes" in call.buttons
    )
    assert "no longer told" in (await answer(api, bob.text(start))).text


async def test_delete_takes_the_link_back(api: BotApi, ann: Person, astronaut: bytes) -> None:
    _, start = await shared(api, ann, astronaut)
    await answer(api, ann.text("/delete"))

    assert "no longer told" in (await answer(api, api.user().text(start))).text


@pytest.mark.parametrize("code", ["from_", "from_x", "from_" + "a" * 59, "from_%00"])
async def test_a_made_up_code_leads_nowhere(api: BotApi, bot: RunningBot, code: str) -> None:
    told = await answer(api, api.user().text(f"/start {code}"))

    assert re.match("Hi Ann! What that link told", told.text)
