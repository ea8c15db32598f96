"""Inline mode, in the real process: own cards and stars in any chat."""

import pytest

from tests.support.bot_api.calls import Call, Json
from tests.support.bot_api.conversation import answer, consented
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def offered(api: BotApi, person: Person, query: str) -> Call:
    """The bot's answer to an inline query."""
    asked = person.ask_inline(query)
    return await api.wait_for(
        lambda call: call.ok and call.method == "answerInlineQuery" and call.params["inline_query_id"] == asked.query_id
    )


def titles(call: Call) -> list[str]:
    return [one["title"] for one in call.params["results"]]


def words(result: Json) -> str:
    return str(result["input_message_content"]["message_text"])


async def test_somebody_new_is_offered_well_known_stars_and_the_way_to_the_bot(api: BotApi, bot: RunningBot) -> None:
    call = await offered(api, api.user(), "")

    assert len(titles(call)) == 20
    assert call.params["is_personal"] is True
    assert call.params["button"] == {"text": "📸 Find my star", "start_parameter": "inline"}


@pytest.mark.parametrize("query", ["angelina jolie", "Анжелина Джоли", "angelina joly", "ang", "джол"])
async def test_a_name_is_found_in_either_language_mistyped_or_begun(api: BotApi, bot: RunningBot, query: str) -> None:
    call = await offered(api, api.user(), query)
    (found,) = (one for one in call.params["results"] if one["title"] == "Angelina Jolie")

    assert found["id"] == "star-Angelina_Jolie"
    assert words(found).startswith("Angelina Jolie, ")
    assert found["reply_markup"]["inline_keyboard"][0][0]["url"].endswith("?start=star_Angelina_Jolie")


async def test_who_has_got_a_star_is_offered_it_to_be_passed_on(api: BotApi, ann: Person, astronaut: bytes) -> None:
    reply = await consented(api, ann, astronaut)
    percent, _, rest = reply.text.partition(" ")
    star = rest.partition(",")[0].partition("\n")[0]
    alone = await offered(api, ann, "")
    named = await offered(api, ann, star)
    other = await offered(api, api.user(), star)

    assert titles(alone) == [f"{percent} {star}"]
    assert words(alone.params["results"][0]) == f"I look like {star}: {percent}! And you?"
    assert alone.params["cache_time"] == 0
    assert titles(named)[:2] == [f"{percent} {star}", star]
    assert f"{percent} {star}" not in titles(other)


async def test_the_link_under_a_card_tells_of_the_star_only_if_that_is_allowed(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    await consented(api, ann, astronaut)
    (before,) = (await offered(api, ann, "")).params["results"]
    mine = await answer(api, ann.text("/mine"))
    ann.press(mine, "menu:link:yes")
    await api.wait_for(lambda call: call.ok and call.chat_id == ann.id and "menu:link:no" in call.buttons)
    (after,) = (await offered(api, ann, "")).params["results"]

    assert "?start" not in link(before)
    assert "?start=from_" in link(after)


def link(result: Json) -> str:
    return str(result["reply_markup"]["inline_keyboard"][0][0]["url"])


async def test_after_delete_nothing_is_offered_of_it(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    await answer(api, ann.text("/delete"))

    assert not [one for one in (await offered(api, ann, "")).params["results"] if one["id"].startswith("card-")]
