"""Well-known stars to be rated, one after another, in one message."""

from pathlib import Path

import pytest

from lookalike.gallery.replacing.hidden import FILE_NAME, HiddenFile
from lookalike.gallery.replacing.served_gallery import ServedGallery
from tests.conftest import SmallIndex
from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import answer
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, error
from tests.telegram_bot.handlers.tastes.conftest import Press

pytestmark = pytest.mark.asyncio(loop_scope="module")


def asked(call: Call) -> str:
    """The tag of the star that is asked about."""
    return next(data for data in call.buttons if data.startswith("rate:run:1:")).removeprefix("rate:run:1:")


async def test_the_best_known_come_first_each_once_in_one_message(
    api: BotApi, ann: Person, bot: InProcessBot, press: Press
) -> None:
    best = bot.gallery.celebrities.best_known(4)
    await bot.store.upsert_user(ann.id, "Ann", "en")
    await bot.store.rate(ann.id, best[1], 6)
    first = await answer(api, ann.text("/rate"))
    _, second = await press(ann, first, f"rate:run:9:{asked(first)}")
    _, third = await press(ann, first, f"rate:run:skip:{asked(second)}")

    assert [asked(one) for one in (first, second)] == [best[0], best[2]]
    assert asked(third) == best[3]
    assert {one.method for one in (second, third)} == {"editMessageText"}
    assert second.message["message_id"] == third.message["message_id"] == first.message["message_id"]
    assert "Rated so far: 2" in third.text
    assert await bot.store.ratings_of(ann.id) == {best[1]: 6, best[0]: 9}


async def test_before_the_first_rating_it_says_what_is_kept(api: BotApi, ann: Person) -> None:
    assert "I keep your ratings for a year" in (await answer(api, ann.text("/rate"))).text


async def test_a_skipped_star_is_not_the_first_one_of_the_next_run(api: BotApi, ann: Person, press: Press) -> None:
    first = await answer(api, ann.text("/rate"))
    _, second = await press(ann, first, f"rate:run:skip:{asked(first)}")

    assert asked(await answer(api, ann.text("/rate"))) == asked(second)


async def test_a_double_tap_rates_one_star(api: BotApi, ann: Person, bot: InProcessBot, press: Press) -> None:
    first = await answer(api, ann.text("/rate"))
    ann.press(first, f"rate:run:9:{asked(first)}")
    ann.press(first, f"rate:run:9:{asked(first)}", forge=True)
    since = len(api.calls)
    ann.press(first, "rate:run:stop:", forge=True)
    await api.wait_for(lambda call: call.ok and call.chat_id == ann.id and "one star" in call.text, since=since)

    assert await bot.store.ratings_of(ann.id) == {asked(first): 9}


async def test_stop_says_how_many_and_what_is_missing(api: BotApi, ann: Person, press: Press) -> None:
    first = await answer(api, ann.text("/rate"))
    _, second = await press(ann, first, f"rate:run:7:{asked(first)}")
    _, end = await press(ann, second, f"rate:run:stop:{asked(second)}")
    assert "You have rated one star." in end.text
    assert "4 more, please" in end.text
    assert end.buttons == ["rate:run:start:"]
    _, again = await press(ann, end, "rate:run:start:")

    assert asked(again) == asked(second)


async def test_hidden_stars_are_not_asked_about(api: BotApi, ann: Person, bot: InProcessBot, press: Press) -> None:
    first = await answer(api, ann.text("/rate"))
    second = bot.gallery.celebrities.best_known(2)[1]
    bot.services.hidden.hide([asked(first), second])
    try:
        _, third = await press(ann, first, f"rate:run:5:{asked(first)}")
    finally:
        bot.services.hidden.show([asked(first), second])

    assert asked(third) == bot.gallery.celebrities.best_known(3)[2]
    assert await bot.store.ratings_of(ann.id) == {}


async def test_after_the_last_star_it_says_so(api: BotApi, ann: Person, bot: InProcessBot, press: Press) -> None:
    await bot.store.upsert_user(ann.id, "Ann", "en")
    *others, last = [one.id for one in bot.gallery.celebrities]
    for id in others:
        await bot.store.rate(ann.id, id, 5)
    card = await answer(api, ann.text("/rate"))
    assert asked(card) == last
    _, skipped = await press(ann, card, f"rate:run:skip:{last}")
    assert f"You have rated {len(others)} stars." in skipped.text  # there is no other
    _, end = await press(ann, card, f"rate:run:5:{last}")

    assert "every star that I know" in end.text
    assert end.buttons == ["menu:recommend"]


async def test_a_message_that_cannot_be_changed_gives_its_place_to_a_new_one(
    api: BotApi, ann: Person, press: Press
) -> None:
    first = await answer(api, ann.text("/rate"))
    api.fail("editMessageText", error(400))
    since = len(api.calls)
    ann.press(first, f"rate:run:3:{asked(first)}")
    second = await api.wait_for(lambda call: call.ok and call.method == "sendMessage" and call.chat_id == ann.id,
                                since=since)  # fmt: skip

    assert asked(second) != asked(first)
    assert api.state.messages[ann.id, first.message["message_id"]].get("reply_markup") is None


async def test_with_photos_the_picture_changes_with_the_star(tmp_path: Path, small_index: SmallIndex) -> None:
    async with BotApi() as api:
        bot = InProcessBot(api, tmp_path, PHOTOS_DIR=str(small_index.photos))
        bot.served = ServedGallery(small_index.directory, hidden=HiddenFile(bot.settings.data_dir / FILE_NAME))
        async with bot:
            ann = api.user()
            first = await answer(api, ann.text("/rate"))
            ann.press(first, f"rate:run:8:{asked(first)}")
            second = await api.wait_for(lambda call: call.ok and call.method == "editMessageMedia")
            ann.press(second, f"rate:run:stop:{asked(second)}")
            end = await api.wait_for(lambda call: call.ok and call.method == "sendMessage")

    assert first.method == "sendPhoto"
    assert second.message["message_id"] == first.message["message_id"]
    assert first.files != second.files
    assert "one star" in end.text
