"""Groups: a welcome, other people's photos, the next photo; in the real process."""

import pytest

from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S, answer, answers_with_percentage, downloads
from tests.support.bot_api.server import BotApi, Person, Sent
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def cy(api: BotApi, bot: RunningBot) -> Person:
    return api.user(first_name="Cy", chat_type="supergroup")


@pytest.fixture
def flo(api: BotApi, cy: Person) -> Person:
    return api.user(first_name="Flo", chat=cy.chat)


async def agreed(api: BotApi, person: Person, photo: bytes) -> None:
    """Somebody in the group asks about a photo of their own, and agrees."""
    sent = person.photo(photo, "@stand_in_bot")
    person.press(await answer(api, sent), "consent:yes")
    await api.wait_for(answers_with_percentage(sent), SLOW_S)


async def replied(api: BotApi, sent: Sent, words: str) -> Call:
    return await api.wait_for(lambda call: call.ok and call.reply_to == sent.message_id and words in call.text, SLOW_S)


async def test_a_group_is_greeted_when_the_bot_is_added_and_not_when_it_is_removed(api: BotApi, cy: Person) -> None:
    cy.block()
    welcome = cy.unblock()
    told = await answer(api, welcome)

    assert "@stand_in_bot" in told.text
    assert len(api.sent_to(cy)) == 1


async def test_a_reply_to_ones_own_photo_asks_about_it(api: BotApi, cy: Person, astronaut: bytes) -> None:
    await agreed(api, cy, astronaut)
    photo = cy.photo(astronaut)
    cy.text("/lookalike", reply_to=photo)
    await replied(api, photo, "%")
    other = cy.photo(astronaut)
    cy.text("@stand_in_bot and this one?", reply_to=other)

    await replied(api, other, "%")


async def test_somebody_elses_photo_is_looked_at_only_with_their_yes(
    api: BotApi, cy: Person, flo: Person, astronaut: bytes
) -> None:
    await agreed(api, flo, astronaut)
    photo = flo.photo(astronaut)
    before = len(downloads(api, flo))
    cy.text("/lookalike", reply_to=photo)
    card = await replied(api, photo, "Cy asks")
    cy.press(card, f"compare:allow:yes:{cy.user['id']}:no")
    cy.text("/lookalike", reply_to=photo)
    told = await answer(api, cy.text("/help@stand_in_bot"))

    assert told.reply_to
    assert len(downloads(api, flo)) == before  # neither by asking twice nor by the asker's own yes
    assert len([call for call in api.sent_to(cy) if "Cy asks" in call.text]) == 1

    flo.press(card, f"compare:allow:yes:{cy.user['id']}:no")
    await replied(api, photo, "%")


async def test_two_people_in_a_group_are_compared_after_a_yes_of_both(
    api: BotApi, cy: Person, flo: Person, astronaut: bytes
) -> None:
    photo = flo.photo(astronaut)
    own = cy.photo(astronaut, "@stand_in_bot", reply_to=photo)
    cy.press(await answer(api, own), "consent:yes")
    card = await replied(api, photo, "how alike are you two")
    flo.press(card, f"compare:allow:yes:{cy.user['id']}:yes")
    flo.press(await replied(api, photo, "Before I look"), "consent:yes")

    assert "99%" in (await replied(api, own, "pairs of strangers")).text


async def test_a_no_is_kept_to(api: BotApi, cy: Person, flo: Person, astronaut: bytes) -> None:
    photo = flo.photo(astronaut)
    cy.text("@stand_in_bot", reply_to=photo)
    flo.press(await replied(api, photo, "Cy asks"), f"compare:allow:no:{cy.user['id']}:no")
    await api.wait_for(lambda call: call.ok and call.chat_id == cy.id and "did not look" in call.text, SLOW_S)

    assert downloads(api, flo) == []


async def test_after_start_the_next_photo_of_that_person_counts_and_no_other(
    api: BotApi, cy: Person, flo: Person, astronaut: bytes
) -> None:
    await agreed(api, cy, astronaut)
    asked = cy.text("/start@stand_in_bot")
    assert "reply to this message" in (await replied(api, asked, "")).text
    flo.photo(astronaut)
    first, second = cy.photo(astronaut), cy.photo(astronaut)
    await replied(api, first, "%")
    await answer(api, cy.text("/help@stand_in_bot"))

    assert not [call for call in api.sent_to(cy) if call.reply_to == second.message_id]


async def test_the_caption_of_an_album_counts_for_all_of_it(api: BotApi, cy: Person, astronaut: bytes) -> None:
    await agreed(api, cy, astronaut)
    album = cy.album([astronaut, astronaut], "@stand_in_bot")
    cy.album([astronaut, astronaut])
    ids = {sent.message_id for sent in album}
    told = await api.wait_for(lambda call: call.ok and call.reply_to in ids, SLOW_S)

    assert "From 2 photos" in told.text
