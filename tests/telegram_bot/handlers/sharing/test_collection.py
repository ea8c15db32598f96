"""The stars somebody got, in the real process."""

import pytest

from tests.support.bot_api.conversation import STARTER_PEOPLE, answer, consented
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_star_is_collected_once_for_a_photo_sent_twice_and_leads_to_its_page(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    await consented(api, ann, astronaut)
    await answer(api, ann.photo(astronaut))
    sent = ann.photo(astronaut)
    await answer(api, sent)
    await answer(api, ann.send(photo=sent.message["photo"]))
    mine = await answer(api, ann.text("/mine"))

    assert mine.text.startswith(f"⭐ Your stars: 1 of {STARTER_PEOPLE}.")
    assert "– today, 3 times" in mine.text
    assert mine.buttons[0].startswith("star:")
    assert mine.buttons[-1] == "menu:link:yes"


async def test_without_a_star_it_says_how_to_get_one(api: BotApi, bot: RunningBot) -> None:
    boris = api.user(first_name="Борис", language_code="ru")

    assert "Звёзд у вас пока нет" in (await answer(api, boris.text("/mine"))).text


async def test_the_most_met_and_the_unmet_are_told_without_names_of_users(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    await consented(api, ann, astronaut)
    top = await answer(api, ann.text("/top"))

    assert "1. " in top.text
    assert "have met nobody yet" in top.text
    assert all(data.startswith("star:") for data in top.buttons)
    assert "Ann" not in top.text


async def test_the_switch_for_friends_is_turned_in_the_same_message(api: BotApi, ann: Person) -> None:
    mine = await answer(api, ann.text("/mine"))
    ann.press(mine, "menu:link:yes")
    edited = await api.wait_for(lambda call: call.method == "editMessageText" and call.chat_id == ann.id and call.ok)

    assert edited.buttons == ["menu:link:no"]


async def test_in_a_group_it_says_where_to_ask(api: BotApi, bot: RunningBot) -> None:
    group = api.user(chat_type="group")

    assert "private chat" in (await answer(api, group.text("/mine@stand_in_bot"))).text
