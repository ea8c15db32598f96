"""A star is rated in the message of the button: on its page, and under an answer."""

import json

import pytest

from tests.support.bot_api.conversation import answer, consented
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, cut
from tests.telegram_bot.handlers.tastes.conftest import Press

pytestmark = pytest.mark.asyncio(loop_scope="module")

JOLIE = "Angelina_Jolie"
ASK = f"rate:ask:{JOLIE}"
SCORES = [f"rate:{score}:{JOLIE}" for score in range(1, 11)]


async def test_on_a_page_the_scores_come_in_the_place_of_the_button_and_go_again(
    api: BotApi, ann: Person, bot: InProcessBot, press: Press
) -> None:
    page = await answer(api, ann.text("Angelina Jolie"))
    others = [data for data in page.buttons if data != ASK]
    said, opened = await press(ann, page, ASK)
    assert opened.method == "editMessageReplyMarkup"
    assert [data for data in opened.buttons if data not in others] == [*SCORES, f"rate:close:{JOLIE}"]
    assert "/delete erases it" in said
    told, rated = await press(ann, page, SCORES[7])

    assert told.startswith("Angelina Jolie: 8 of 10.")
    assert rated.buttons == page.buttons
    assert "8 of 10" in str(rated.params["reply_markup"])
    assert await bot.store.ratings_of(ann.id) == {JOLIE: 8}


async def test_a_rating_is_changed_and_taken_back(api: BotApi, ann: Person, bot: InProcessBot, press: Press) -> None:
    page = await answer(api, ann.text("Angelina Jolie"))
    await press(ann, page, SCORES[2])
    _, opened = await press(ann, page, ASK)
    assert "✓ 3" in str(opened.params["reply_markup"])
    await press(ann, page, SCORES[9])
    assert await bot.store.ratings_of(ann.id) == {JOLIE: 10}
    await press(ann, page, ASK)
    _, closed = await press(ann, page, f"rate:close:{JOLIE}")
    assert "10 of 10" in str(closed.params["reply_markup"])
    told, gone = await press(ann, page, f"rate:back:{JOLIE}")

    assert "erased" in told
    assert "Rate this star" in str(gone.params["reply_markup"])
    assert await bot.store.ratings_of(ann.id) == {}


async def test_under_an_answer_the_other_buttons_stay(api: BotApi, ann: Person, astronaut: bytes, press: Press) -> None:
    card = await consented(api, ann, astronaut)
    ask = next(data for data in card.buttons if data.startswith("rate:ask:"))
    _, opened = await press(ann, card, ask)
    _, rated = await press(ann, card, ask.replace("ask", "9"))

    assert set(card.buttons) - {ask} < set(opened.buttons)
    assert rated.buttons == card.buttons


async def test_the_export_holds_ratings_and_delete_erases_them(
    api: BotApi, ann: Person, bot: InProcessBot, press: Press
) -> None:
    page = await answer(api, ann.text("Angelina Jolie"))
    await press(ann, page, SCORES[4])
    export = await answer(api, ann.text("/export"))
    kept = json.loads(next(iter(export.files.values())))
    assert [(one["celebrity_id"], one["score"]) for one in kept["ratings"]] == [(JOLIE, 5)]
    await answer(api, ann.text("/delete"))

    assert await bot.store.ratings_of(ann.id) == {}


async def test_in_a_group_nobody_is_asked_and_a_press_is_told_so(api: BotApi, ann: Person, press: Press) -> None:
    group = api.user(chat_type="group")
    page = await answer(api, group.text("/star@stand_in_bot Angelina Jolie"))
    assert not [data for data in page.buttons if data.startswith("rate")]
    since = len(api.calls)
    group.press(page, SCORES[0], forge=True)
    told = await api.wait_for(lambda call: call.method == "answerCallbackQuery", since=since)

    assert "private chat" in told.params["text"]
    assert "private chat" in (await answer(api, group.text("/rate@stand_in_bot"))).text


async def test_of_a_hidden_star_a_rating_is_taken_back_and_none_is_given(
    api: BotApi, ann: Person, bot: InProcessBot, press: Press
) -> None:
    page = await answer(api, ann.text("Angelina Jolie"))
    await press(ann, page, SCORES[0])
    bot.services.hidden.hide([JOLIE])
    try:
        gone, _ = await press(ann, page, SCORES[9])
        assert await bot.store.ratings_of(ann.id) == {JOLIE: 1}
        page = await answer(api, ann.text("hello"))
        back = ann.press(page, f"rate:back:{JOLIE}", forge=True).query_id
        await api.wait_for(lambda call: call.params.get("callback_query_id") == back and "erased" in str(call.params))
    finally:
        bot.services.hidden.show([JOLIE])

    assert "no longer in my gallery" in gone
    assert await bot.store.ratings_of(ann.id) == {}


async def test_a_change_of_buttons_that_fails_is_made_again(
    api: BotApi, ann: Person, bot: InProcessBot, press: Press
) -> None:
    page = await answer(api, ann.text("Angelina Jolie"))
    api.fail("editMessageReplyMarkup", cut)
    _, rated = await press(ann, page, SCORES[6])

    assert rated.message["message_id"] == page.message["message_id"]
    assert await bot.store.ratings_of(ann.id) == {JOLIE: 7}
