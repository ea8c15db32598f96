"""Whoever sends /delete while the bot looks at a photo from another chat is not answered there; faces are made up."""

import pytest

from tests.support.bot_api.conversation import erased
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("is_new_again", [False, True])
@pytest.mark.parametrize("kind", ["business_message", "guest_message"])
async def test_nothing_comes_of_a_photo_elsewhere_after_delete(
    api: BotApi, inside: InProcessBot, eve: Person, astronaut: bytes, kind: str, is_new_again: bool
) -> None:
    shop = api.state.elsewhere.connect({"id": 5, "is_bot": False, "first_name": "Shop"})
    connection = {"business_connection_id": shop} if kind == "business_message" else {}
    inside.faces.gate.clear()
    inside.faces.asked.clear()
    eve.elsewhere(kind, astronaut, caption="@stand_in_bot?", **connection)
    await inside.faces.asked.wait()
    since = await erased(api, eve)
    if is_new_again:
        await api.answer_to(eve.text("hello"))
    inside.faces.gate.set()
    await inside.finish()

    assert not [
        call for call in api.calls[since:]
        if "business_connection_id" in call.params or call.method == "answerGuestQuery"
    ]  # fmt: skip
    assert (await inside.store.get_user(eve.id) is not None) == is_new_again
