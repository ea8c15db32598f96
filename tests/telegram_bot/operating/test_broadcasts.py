"""A message to everybody: seen before, sent once to each, below the answers, also through kill -9."""

import asyncio
from pathlib import Path

import pytest

from lookalike.telegram_bot.operating.broadcaster import Broadcaster
from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import answer, reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, cut_after, stall, too_many
from tests.telegram_bot.operating.conftest import BOSS


async def met(api: BotApi, count: int) -> list[Person]:
    """People who have written to the bot."""
    people = [api.user() for _ in range(count)]
    await asyncio.gather(*(answer(api, one.text("hello")) for one in people))
    return people


async def drafted(api: BotApi, boss: Person, text: str) -> Call:
    """The card of a draft."""
    before = len(api.calls)
    boss.text(f"/broadcast {text}")
    return await api.wait_for(lambda call: reaches(boss, "Send it?")(call), since=before)


def pressed(boss: Person, card: Call, step: str) -> None:
    boss.press(card, next(data for data in card.buttons if f":{step}:" in data))


def got(api: BotApi, person: Person, text: str) -> int:
    return sum(call.text == text for call in api.sent_to(person))


async def test_everybody_gets_it_once_and_the_result_is_told(api: BotApi, bot: InProcessBot, boss: Person) -> None:
    people = await met(api, 4)
    people[0].block()
    card = await drafted(api, boss, "News\nfor all")
    assert "This is what 4 people will get" in card.text  # the boss, and three who can be reached
    assert [call.text for call in api.sent_to(boss)][-2] == "News\nfor all"
    assert [got(api, one, "News\nfor all") for one in people] == [0, 0, 0, 0]
    api.state.refusing[people[1].id] = api.state.refusing[people[0].id]  # blocked, and Telegram has not said so

    pressed(boss, card, "send")
    told = await api.wait_for(reaches(boss, "Done"))

    assert "Done: 3 of 4 sent. Blocked me: 1, failed: 0." in told.text
    assert [got(api, one, "News\nfor all") for one in people] == [0, 0, 1, 1]
    blocked = await bot.store.get_user(people[1].id)
    assert blocked
    assert blocked.blocked


async def test_the_button_under_it_stops_further_ones_and_the_result_says_how_many_declined(
    api: BotApi, bot: InProcessBot, boss: Person
) -> None:
    ann, bob = await met(api, 2)
    pressed(boss, await drafted(api, boss, "First"), "send")
    first = await api.wait_for(lambda call: reaches(ann, "First")(call))
    await api.wait_for(reaches(boss, "Done"))
    ann.press(first, "menu:news:no:no")
    await api.wait_for(reaches(ann, "You get none"))
    pressed(boss, await drafted(api, boss, "Second"), "send")
    told = await api.wait_for(lambda call: reaches(boss, "Done")(call) and "Did not want" in call.text)

    assert "Done: 2 of 2 sent. Blocked me: 0, failed: 0. Did not want it: 1." in told.text
    assert [got(api, one, "Second") for one in (ann, bob)] == [0, 1]
    assert "menu:news:yes:no" in str(api.state.messages[ann.id, first.message["message_id"]])


async def test_a_message_is_copied_with_its_picture(
    api: BotApi, bot: InProcessBot, boss: Person, astronaut: bytes
) -> None:
    (ann,) = await met(api, 1)
    photo = boss.photo(astronaut, "Look!")
    await answer(api, photo)
    before = len(api.calls)
    boss.text("/broadcast", reply_to=photo)
    card = await api.wait_for(lambda call: reaches(boss, "Send it?")(call), since=before)
    api.fail("copyMessage", cut_after(0))  # accepted, and the answer is lost
    pressed(boss, card, "send")
    await api.wait_for(reaches(boss, "Done"))

    copies = [message for (chat, _), message in api.state.messages.items() if chat == ann.id and "photo" in message]
    assert [message["caption"] for message in copies] == ["Look!"]


async def test_a_cancelled_draft_reaches_nobody(api: BotApi, bot: InProcessBot, boss: Person) -> None:
    (ann,) = await met(api, 1)
    card = await drafted(api, boss, "News")
    pressed(boss, card, "cancel")
    await api.wait_for(lambda call: call.ok and call.method == "editMessageText" and "Cancelled" in call.text)
    boss.press(card, next(data for data in card.buttons if ":send:" in data), forge=True)
    await answer(api, ann.text("hello"))

    assert got(api, ann, "News") == 0


async def test_somebody_else_cannot_press_the_button(api: BotApi, bot: InProcessBot, boss: Person) -> None:
    (ann,) = await met(api, 1)
    card = await drafted(api, boss, "News")
    hello = api.sent_to(ann)[-1]
    ann.press(hello, card.buttons[0], forge=True)

    assert "from another time" in (await api.wait_for(reaches(ann, "from another time"))).text
    assert await bot.store.running_broadcast() is None


async def test_a_pause_holds_until_it_is_lifted(api: BotApi, bot: InProcessBot, boss: Person) -> None:
    people = await met(api, 3)
    card = await drafted(api, boss, "News")
    api.fault("sendMessage", stall(0.5))
    pressed(boss, card, "send")
    await api.wait_for(lambda call: call.ok and call.text == "News" and call.chat_id != boss.id)
    running = await api.wait_for(
        lambda call: call.ok and call.method == "editMessageText" and "On its way" in call.text
    )
    pressed(boss, running, "pause")
    paused = await api.wait_for(lambda call: call.ok and call.method == "editMessageText" and "Paused" in call.text)
    api.clear()
    assert (await bot.store.running_broadcast()) is None

    pressed(boss, paused, "resume")
    await api.wait_for(reaches(boss, "Done"))
    assert [got(api, one, "News") for one in people] == [1, 1, 1]


async def test_a_killed_process_repeats_one_message_at_most(api: BotApi, tmp_path: Path) -> None:
    boss = api.user(BOSS)
    async with InProcessBot(api, tmp_path, ADMIN_IDS=str(BOSS)) as first:
        people = await met(api, 6)
        card = await drafted(api, boss, "News")
        pressed(boss, card, "send")
        await api.wait_for(lambda call: call.ok and call.text == "News" and call.chat_id == people[2].id)
        await first.crash()
    async with InProcessBot(api, tmp_path, ADMIN_IDS=str(BOSS)):
        await api.wait_for(reaches(boss, "Done"))

    counts = [got(api, one, "News") for one in people]
    assert min(counts) == 1
    assert sum(counts) <= len(people) + 1


@pytest.mark.parametrize("fault", [too_many(1), cut_after(0), 502], ids=["429", "cut", "502"])
async def test_a_failure_of_telegrams_costs_nobody_the_message_and_sends_none_twice(
    api: BotApi, bot: InProcessBot, boss: Person, fault: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lookalike.telegram_bot.operating.broadcaster.PAUSE_S", 0.1)
    people = await met(api, 2)
    card = await drafted(api, boss, "News")
    api.fail("sendMessage", fault)  # type: ignore[arg-type] # a fault or a status
    pressed(boss, card, "send")
    await api.wait_for(reaches(boss, "Done"))

    assert all(got(api, one, "News") == 1 for one in [*people])


async def test_it_goes_slower_while_answers_wait(bot: InProcessBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lookalike.telegram_bot.operating.broadcaster.LOOK_S", 0.001)
    monkeypatch.setattr("lookalike.telegram_bot.operating.broadcaster.YIELD_S", 0.005)
    looks = 0

    def is_busy() -> bool:
        nonlocal looks
        looks += 1
        return looks < 3

    broadcaster = Broadcaster(bot.store, bot.services.sender, bot.services.texts, is_busy)
    await broadcaster._let_answers_go_first()
    assert looks == 3  # until nothing waits
    looks = -100
    await broadcaster._let_answers_go_first()
    assert looks == -95  # or YIELD_S is over
