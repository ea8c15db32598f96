"""Groups, in the real process."""

import pytest

from tests.support.bot_api.conversation import SLOW_S, answer, answers_with_percentage
from tests.support.bot_api.server import BotApi
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_in_a_group_only_who_speaks_to_the_bot_is_answered(
    api: BotApi, bot: RunningBot, astronaut: bytes
) -> None:
    group = api.user(first_name="Cy", chat_type="supergroup")
    group.photo(astronaut)
    group.text("hello everybody")

    card = await answer(api, group.photo(astronaut, "@stand_in_bot who am I?"))

    assert card.buttons == ["consent:yes", "consent:no"]
    assert len(api.sent_to(group)) == 1


async def test_in_a_group_only_the_sender_of_the_photo_may_consent(
    api: BotApi, bot: RunningBot, astronaut: bytes
) -> None:
    owner = api.user(first_name="Eve", chat_type="supergroup")
    other = api.user(first_name="Flo", chat=owner.chat)
    sent = owner.photo(astronaut, "@stand_in_bot")
    card = await answer(api, sent)
    other.press(card, "consent:yes")
    owner.press(card, "consent:yes")
    await api.wait_for(answers_with_percentage(sent), SLOW_S)

    assert (await answer(api, other.photo(astronaut, "@stand_in_bot"))).buttons == ["consent:yes", "consent:no"]


async def test_in_a_group_nobodys_data_are_shown(api: BotApi, bot: RunningBot) -> None:
    group = api.user(first_name="Gus", chat_type="supergroup")

    told = await answer(api, group.text("/export@stand_in_bot"))
    assert (told.method, told.files) == ("sendMessage", {})
