"""Recommended stars: by ratings of people who rate alike, and before there are enough by faces and fame."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from lookalike.taste.ratings import ratings_of
from lookalike.taste.taste_model import TasteModel
from lookalike.taste.training import train
from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import answer
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person
from tests.telegram_bot.handlers.tastes.conftest import Press

pytestmark = pytest.mark.asyncio(loop_scope="module")


def camps(bot: InProcessBot) -> tuple[list[str], list[str]]:
    """Stars whom one half of the people of `model` likes, and the other half."""
    best = bot.gallery.celebrities.best_known(40)
    return best[:20], best[20:]


@pytest_asyncio.fixture(loop_scope="module")
async def model(bot: InProcessBot) -> AsyncIterator[TasteModel]:
    """A model of 120 people: each likes 14 of one camp, and dislikes four of the other."""
    triples = []
    for user in range(120):
        liked, other = camps(bot)[:: 1 if user % 2 else -1]
        triples += [(f"u{user}", liked[(user + 3 * step) % 20], 8.0 + step % 3) for step in range(14)]
        triples += [(f"u{user}", other[(user + 5 * step) % 20], 2.0) for step in range(4)]
    bot.tastes.model = train(ratings_of(triples))
    yield bot.tastes.model
    bot.tastes.model = None


async def rated(bot: InProcessBot, person: Person, scores: dict[str, int]) -> None:
    await bot.store.upsert_user(person.id, "Ann", "en")
    for id, score in scores.items():
        await bot.store.rate(person.id, id, score)


def stars(call: Call) -> list[str]:
    return [data.removeprefix("star:") for data in call.buttons if data.startswith("star:")]


async def test_with_few_ratings_it_says_how_many_are_missing(api: BotApi, ann: Person, bot: InProcessBot) -> None:
    none = await answer(api, ann.text("/recommend"))
    await rated(bot, ann, dict.fromkeys(camps(bot)[0][:4], 9))
    four = await answer(api, ann.text("/recommend"))

    assert "after five ratings of yours: 5 more, please." in none.text
    assert "one more, please." in four.text
    assert none.buttons == four.buttons == ["rate:run:start:"]


async def test_without_a_model_faces_and_fame_decide_and_it_says_so(
    api: BotApi, ann: Person, bot: InProcessBot
) -> None:
    scores = dict.fromkeys(camps(bot)[0][:5], 9)
    await rated(bot, ann, scores)
    told = await answer(api, ann.text("/recommend"))

    assert len(stars(told)) == 10
    assert not set(stars(told)) & set(scores)
    assert "I go by faces and by fame" in told.text
    assert re.search(r"1\. .+(with a face like|one of the best known)", told.text)


async def test_with_a_model_it_recommends_what_people_like_who_rate_alike_and_says_why(
    api: BotApi, ann: Person, bot: InProcessBot, model: TasteModel, press: Press
) -> None:
    liked, other = camps(bot)
    await rated(bot, ann, dict.fromkeys(liked[:6], 9) | {other[0]: 1})
    told = await answer(api, ann.text("/recommend"))
    assert set(stars(told)) <= set(liked[6:])
    assert len(stars(told)) == 10
    assert re.search(r"1\. .+, because you like .+ and ", told.text)
    assert "faces" not in told.text
    _, page = await press(ann, told, f"star:{stars(told)[0]}")

    assert page.text.startswith("⭐ ")


async def test_a_model_that_knows_too_few_of_the_rated_stars_is_not_asked(
    api: BotApi, ann: Person, bot: InProcessBot, model: TasteModel
) -> None:
    unknown = bot.gallery.celebrities.best_known(60)[50:]
    await rated(bot, ann, dict.fromkeys([*unknown, *camps(bot)[0][:4]], 9))

    assert "faces" in (await answer(api, ann.text("/recommend"))).text


async def test_who_rated_almost_all_that_the_model_knows_gets_others_by_faces(
    api: BotApi, ann: Person, bot: InProcessBot, model: TasteModel
) -> None:
    liked, other = camps(bot)
    await rated(bot, ann, dict.fromkeys(liked[:17], 9) | dict.fromkeys(other, 2))
    told = await answer(api, ann.text("/recommend"))

    assert set(stars(told)[:3]) == set(liked[17:])
    assert len(set(stars(told)) - set(liked) - set(other)) == 7
    assert "I go by faces and by fame" in told.text


async def test_who_has_rated_every_star_is_told_so(api: BotApi, ann: Person, bot: InProcessBot) -> None:
    await rated(bot, ann, dict.fromkeys((one.id for one in bot.gallery.celebrities), 5))

    assert "every star that I know" in (await answer(api, ann.text("/recommend"))).text


async def test_hidden_stars_are_not_recommended(api: BotApi, ann: Person, bot: InProcessBot, model: TasteModel) -> None:
    liked, _ = camps(bot)
    await rated(bot, ann, dict.fromkeys(liked[:6], 9))
    before = stars(await answer(api, ann.text("/recommend")))
    bot.services.hidden.hide([before[0], liked[0]])
    try:
        by_ratings = await answer(api, ann.text("/recommend"))
        bot.tastes.model = None
        by_faces = await answer(api, ann.text("/recommend"))
    finally:
        bot.services.hidden.show([before[0], liked[0]])

    assert before[0] not in stars(by_ratings)
    assert not {before[0], liked[0]} & set(stars(by_faces))
    assert len(stars(by_faces)) == 10


async def test_a_page_names_whom_others_like_too_only_with_a_model(
    api: BotApi, ann: Person, bot: InProcessBot, model: TasteModel
) -> None:
    star = bot.gallery.celebrities.by_id([camps(bot)[0][0]])[camps(bot)[0][0]].name_in("en")
    page = await answer(api, ann.text(f"/star {star}"))
    bot.tastes.model = None
    without = await answer(api, ann.text(f"/star {star}"))

    assert "Who likes them also likes: " in page.text
    assert len(stars(page)) == len(stars(without)) + 4
    assert set(stars(page)[-4:]) <= set(camps(bot)[0])
    assert "also likes" not in without.text


async def test_in_a_group_it_says_where_to_ask(api: BotApi, bot: InProcessBot) -> None:
    group = api.user(chat_type="group")

    assert "private chat" in (await answer(api, group.text("/recommend@stand_in_bot"))).text
