"""The buttons under an answer: another star, men or women, region and era, on the same photo."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from lookalike.store.models import Ranked
from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION
from tests.support.bot_api.calls import Call
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, cut, error

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path_factory.mktemp("bot")) as running:
        yield running


@pytest.fixture
def ann(api: BotApi, bot: InProcessBot) -> Person:
    return api.user(first_name="Ann")


@pytest_asyncio.fixture(loop_scope="module")
async def card(api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes) -> Call:
    """The answer to a photo of Ann, who agreed before."""
    await bot.store.upsert_user(ann.id, "Ann", "en")
    await bot.store.give_consent(ann.id, CONSENT_VERSION)
    return await api.answer_to(ann.photo(astronaut))


async def after_press(api: BotApi, person: Person, card: Call, data: str) -> Call:
    """Press a button; the call that changes the card, or sends something."""
    since = len(api.calls)
    person.press(card, data, forge=True)
    return await api.wait_for(
        lambda call: call.ok and call.chat_id == person.id and call.method.startswith(("edit", "send")), since=since
    )


async def test_one_star_after_the_other_and_back_in_the_same_message(api: BotApi, ann: Person, card: Call) -> None:
    second = await after_press(api, ann, card, "more.2:1:any")
    first = await after_press(api, ann, second, "more.2:0:any")

    assert second.method == "editMessageText"
    assert second.message["message_id"] == card.message["message_id"]
    assert "Number 2 of the 6 stars most like you." in second.text
    assert second.text.splitlines()[0] != card.text.splitlines()[0]
    assert first.text.splitlines()[::2] == card.text.splitlines()[::2]  # the words between them differ
    assert {"more.2:0:any", "more.2:2:any"} < set(second.buttons)


async def test_men_and_women_are_looked_for_in_the_same_photo_again(
    api: BotApi, ann: Person, card: Call, bot: InProcessBot
) -> None:
    found = bot.faces.found
    among = {word: await after_press(api, ann, card, f"where:{word}") for word in ("men", "women")}

    assert [call.text.splitlines()[0] for call in among.values()] == ["Among men:", "Among women:"]
    assert bot.faces.found == found + 2
    assert "more.2:1:women" in among["women"].buttons


async def test_region_and_era_open_and_close_in_place_of_the_buttons(api: BotApi, ann: Person, card: Call) -> None:
    opened = await after_press(api, ann, card, "where.2:0:any")
    chosen = await after_press(api, ann, card, "where:region=europe")
    await after_press(api, ann, card, "where.2:0:region=europe")
    back = await after_press(api, ann, card, "more.2:0:region=europe")

    assert opened.method == "editMessageReplyMarkup"
    assert {"where:region=europe", "where:born=1946-1964", "more.2:0:any"} < set(opened.buttons)
    assert chosen.text.startswith("Among stars from Europe:\n")
    assert back.text.splitlines()[1] == chosen.text.splitlines()[1]


async def test_two_fast_taps_are_one_and_of_two_buttons_the_last_one_wins(api: BotApi, ann: Person, card: Call) -> None:
    since = len(api.calls)
    for data in ("more.2:1:any", "more.2:1:any", "where:men", "where:women"):
        ann.press(card, data)
    last = await api.wait_for(lambda call: call.ok and "Among women" in call.text and call.chat_id == ann.id)

    changed = [
        call for call in api.calls[since:] if call.method.startswith(("edit", "send")) and call.chat_id == ann.id
    ]
    assert len([call for call in changed if call.method != "sendChatAction"]) == 3
    assert changed[-1] is last
    assert {call.message["message_id"] for call in changed} == {card.message["message_id"]}


async def test_a_photo_that_was_deleted_is_kindly_asked_for_again(api: BotApi, ann: Person, card: Call) -> None:
    ann.delete(card.reply_to)

    assert "no longer see that photo" in (await after_press(api, ann, card, "where:men")).text


async def test_who_took_their_consent_back_is_asked_before_the_photo_is_looked_at_again(
    api: BotApi, ann: Person, card: Call, bot: InProcessBot
) -> None:
    await after_press(api, ann, card, "consent:no")
    found = bot.faces.found

    assert (await after_press(api, ann, card, "where:men")).buttons == ["consent:yes", "consent:no"]
    assert bot.faces.found == found


@pytest.mark.parametrize("data", ["where:heroes", "more.2:0:region=moon", "where:", "where.2:0:x=y"])
async def test_a_filter_of_another_version_gets_a_kind_word(api: BotApi, ann: Person, card: Call, data: str) -> None:
    assert "from another time" in (await after_press(api, ann, card, data)).text


async def test_a_filter_that_leaves_nobody_says_so(api: BotApi, ann: Person, card: Call) -> None:
    assert "Nobody is left" in (await after_press(api, ann, card, "where:born=1000-1001")).text


async def test_a_change_that_fails_is_made_again_in_the_same_message(api: BotApi, ann: Person, card: Call) -> None:
    api.fail("editMessageText", cut)
    changed = await after_press(api, ann, card, "where:men")

    assert changed.message["message_id"] == card.message["message_id"]


async def test_a_message_that_cannot_be_changed_gives_its_place_to_one_new_message(
    api: BotApi, ann: Person, card: Call
) -> None:
    api.fail("editMessageText", error(400))
    since = len(api.calls)
    for _ in range(2):
        ann.press(card, "where:men", forge=True)
    new = await api.wait_for(lambda call: call.ok and call.text.startswith("Among men:"), since=since)
    ann.press(new, "where:women")  # behind both
    await api.wait_for(lambda call: call.ok and call.text.startswith("Among women:"), since=since)
    sent = [call for call in api.calls[since:] if call.ok and call.method == "sendMessage"]

    assert [call.reply_to for call in sent] == [card.reply_to]
    assert sent == [new]
    assert api.state.messages[ann.id, card.message["message_id"]].get("reply_markup") is None


async def test_the_button_of_an_old_answer_lists_who_came_next_and_shows_them(
    api: BotApi, ann: Person, card: Call, bot: InProcessBot
) -> None:
    neighbours = bot.gallery.nearest(bot.gallery.photos[0], 6)
    ranking = [Ranked(one.celebrity.id, one.celebrity.name_in("en"), one.similarity) for one in neighbours]
    answer_id = await bot.store.record_answer(ann.id, "match", ranking)
    listed = await after_press(api, ann, card, f"more:{answer_id}")
    shown = await after_press(api, ann, listed, "more.2:2:any")

    assert listed.buttons == [f"more.2:{place}:any" for place in range(1, 6)]
    assert [entity["url"] for entity in listed.params["entities"]] == [
        one.celebrity.url_in("en") for one in neighbours[1:]
    ]
    assert ranking[2].name in shown.text.splitlines()[0]
    assert shown.message["message_id"] == listed.message["message_id"]


async def test_the_button_of_somebody_elses_old_answer_shows_nothing(
    api: BotApi, ann: Person, card: Call, bot: InProcessBot
) -> None:
    answer_id = await bot.store.record_answer(api.user().id, "match", [Ranked("a", "A", 0.5), Ranked("b", "B", 0.4)])

    assert "nothing more to show" in (await after_press(api, ann, card, f"more:{answer_id}")).text
