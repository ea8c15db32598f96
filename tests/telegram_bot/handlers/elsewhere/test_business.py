"""Chats of a business account: answered on its behalf where it may be, and only for whoever names the bot."""

import pytest

from lookalike.telegram_bot.delivery.update_kinds import KINDS
from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S, downloads, reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, Sent

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def shop(api: BotApi) -> str:
    """The connection of a business account that lets the bot reply."""
    return api.state.elsewhere.connect({"id": 5, "is_bot": False, "first_name": "Shop"})


async def replied(api: BotApi, sent: Sent, words: str) -> Call:
    return await api.wait_for(lambda call: call.ok and call.reply_to == sent.message_id and words in call.text, SLOW_S)


async def test_whoever_names_the_bot_under_their_photo_gets_their_star_through_the_connection(
    api: BotApi, eve: Person, shop: str, astronaut: bytes
) -> None:
    sent = eve.elsewhere("business_message", astronaut, caption="@stand_in_bot?", business_connection_id=shop)
    reply = await replied(api, sent, "%")

    assert reply.params["business_connection_id"] == shop
    assert all(one.startswith("https://") for one in reply.buttons)


async def test_a_reply_to_ones_own_photo_counts_and_one_to_somebody_elses_does_not(
    api: BotApi, eve: Person, shop: str, astronaut: bytes
) -> None:
    own = eve.elsewhere("business_message", astronaut, business_connection_id=shop)
    bob = api.user(first_name="Bob", chat=eve.chat)
    asked = [
        one.elsewhere("business_message", text="/lookalike", reply_to=own, business_connection_id=shop)
        for one in (eve, bob)
    ]

    await replied(api, asked[0], "%")
    await replied(api, asked[1], "a photo of your own")


async def test_without_consent_nothing_is_fetched(
    api: BotApi, inside: InProcessBot, shop: str, astronaut: bytes
) -> None:
    bob = api.user(first_name="Bob")
    sent = bob.elsewhere("business_message", astronaut, caption="@stand_in_bot", business_connection_id=shop)
    await replied(api, sent, "open t.me/stand_in_bot")

    assert downloads(api, bob) == []
    assert await inside.store.get_user(bob.id) is None


async def test_no_answer_names_the_bot_which_the_other_accounts_connection_would_answer(
    api: BotApi, eve: Person, shop: str, astronaut: bytes
) -> None:
    bob = api.user(first_name="Bob")
    asked = [
        bob.elsewhere("business_message", astronaut, caption="/lookalike", business_connection_id=shop),
        bob.elsewhere("business_message", text="@stand_in_bot", business_connection_id=shop),
        eve.elsewhere("business_message", astronaut, caption="/lookalike", business_connection_id=shop),
    ]
    for sent, words in zip(asked, ("Before I look", "a photo of your own", "%"), strict=True):
        said = (await replied(api, sent, words)).text

        assert KINDS.shorten({"update_id": 1, "business_message": {"text": said}}) is None


async def test_what_does_not_name_the_bot_or_may_not_be_answered_gets_nothing(
    api: BotApi, eve: Person, shop: str, astronaut: bytes
) -> None:
    silent = api.state.elsewhere.connect({"id": 6, "is_bot": False, "first_name": "Silent"}, can_reply=False)
    before = len(api.sent_to(eve))
    eve.elsewhere("business_message", astronaut, business_connection_id=shop)
    eve.elsewhere("business_message", text="write to me@example.com", business_connection_id=shop)
    eve.elsewhere("business_message", astronaut, caption="@stand_in_bot", business_connection_id=silent)
    eve.elsewhere("business_message", astronaut, caption="@stand_in_bot", business_connection_id="gone")
    await api.wait_for(lambda call: call.method == "getBusinessConnection" and call.status == 400)
    eve.text("/help")
    await api.wait_for(reaches(eve, "/settings"), SLOW_S)

    assert len(api.sent_to(eve)) == before + 1


async def test_an_answer_that_is_refused_does_not_make_the_bot_blocked(
    api: BotApi, inside: InProcessBot, eve: Person, shop: str
) -> None:
    api.fail("sendMessage", 403)
    eve.elsewhere("business_message", text="@stand_in_bot", business_connection_id=shop)
    await api.wait_for(lambda call: call.status == 403)
    await api.answer_to(eve.text("hello"))
    user = await inside.store.get_user(eve.id)

    assert user
    assert not user.blocked
