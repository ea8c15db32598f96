"""Guest mode: one answer, in words, to whoever names the bot in a chat where it is no member."""

from collections.abc import Callable

import pytest

from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, Sent

pytestmark = pytest.mark.asyncio(loop_scope="module")


def answers(sent: Sent) -> Callable[[Call], bool]:
    return lambda call: call.params.get("guest_query_id") == sent.message["guest_query_id"]


def words(call: Call) -> str:
    return str(call.params["result"]["input_message_content"]["message_text"])


async def test_a_guest_tells_the_star_of_ones_own_photo_once(api: BotApi, eve: Person, astronaut: bytes) -> None:
    group = api.user(id=eve.id, chat_type="supergroup")
    sent = group.elsewhere("guest_message", astronaut, caption="@stand_in_bot who is it?")
    reply = await api.wait_for(answers(sent), SLOW_S)

    assert "%" in words(reply)
    assert reply.params["result"]["input_message_content"]["link_preview_options"]["url"]
    assert api.sent_to(group) == []


async def test_a_stranger_and_somebody_without_a_photo_are_told_what_is_missing(
    api: BotApi, inside: InProcessBot, astronaut: bytes
) -> None:
    bob = api.user(first_name="Bob", chat_type="supergroup", language_code="ru")
    stranger = await api.wait_for(answers(bob.elsewhere("guest_message", astronaut, caption="@stand_in_bot")))
    alone = await api.wait_for(answers(bob.elsewhere("guest_message", text="@stand_in_bot")))

    assert "нужно ваше согласие" in words(stranger)
    assert "своё фото" in words(alone)


async def test_a_query_that_is_too_old_is_dropped_and_the_next_one_answered(
    api: BotApi, eve: Person, astronaut: bytes
) -> None:
    late = eve.elsewhere("guest_message", text="@stand_in_bot")
    api.state.elsewhere.guest_queries[late.message["guest_query_id"]] = {}
    await api.wait_for(answers(late))
    reply = await api.wait_for(answers(eve.elsewhere("guest_message", astronaut, caption="@stand_in_bot")), SLOW_S)

    assert reply.ok
