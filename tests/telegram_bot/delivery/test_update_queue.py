"""The update queue over the real store: at least once, in order, and nobody waits for another user."""

import asyncio
import json
from typing import Any

import pytest

from lookalike.core.errors import StoreError, TelegramUnavailable, UpdateClosed
from lookalike.store.store import Store
from lookalike.telegram_bot.delivery import update_queue
from lookalike.telegram_bot.delivery.update_kinds import KINDS, UpdateKind, UpdateKinds
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue, is_replayed
from tests.support.bot_api.update_source import Handled, Running, Telegram, Update, message


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update_queue, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(update_queue, "RETRY_S", (0.001, 0.001))


async def test_an_update_that_comes_again_is_handled_once(store: Store) -> None:
    telegram, handled = Telegram([message(7)], [message(7), message(8)], [message(7)]), Handled()
    async with Running(store, telegram, handled):
        await telegram.quiet.wait()
        await handled.until(lambda: 8 in handled.numbers)

    assert handled.numbers == [7, 8]


async def test_an_update_that_is_in_a_batch_twice_is_handled_once(store: Store) -> None:
    telegram, handled = Telegram([message(7), message(8), message(7)]), Handled()
    async with Running(store, telegram, handled):
        await telegram.quiet.wait()
        await handled.until(lambda: len(handled.numbers) == 2)

    assert handled.numbers == [7, 8]


async def test_an_update_that_fails_is_tried_again(store: Store) -> None:
    handled = Handled({7: 2})
    async with Running(store, Telegram([message(7)]), handled):
        await handled.until(lambda: len(handled.numbers) == 3)

    assert handled.given_up == []
    assert await store.unfinished_updates() == []


async def test_after_three_failed_attempts_there_is_an_apology(store: Store) -> None:
    handled = Handled({7: 99})
    async with Running(store, Telegram([message(7), message(8)]), handled):
        await handled.until(lambda: handled.given_up == [7])

    assert handled.numbers.count(7) == 3
    assert (await store.counts())["dead"] == 1


async def test_a_users_updates_keep_their_order_and_others_do_not_wait(store: Store) -> None:
    gate, seen = asyncio.Event(), Handled()

    async def handle(update: Update) -> None:
        if update["update_id"] == 1:
            await gate.wait()
        await seen.handle(update)

    telegram = Telegram([message(1, user_id=1), message(2, user_id=1), message(3, user_id=2)])
    running = Running(store, telegram, seen, handle)
    async with running:
        await seen.until(lambda: seen.numbers == [3])
        gate.set()
        await seen.until(lambda: len(seen.numbers) == 3)

    assert seen.numbers == [3, 1, 2]


async def test_an_outage_of_telegram_is_no_failed_attempt(store: Store) -> None:
    handled = Handled()
    away = iter([TelegramUnavailable("NetworkError")] * 10)

    async def handle(update: Update) -> None:
        for outage in away:
            raise outage
        await handled.handle(update)

    telegram = Telegram([message(7)])
    running = Running(store, telegram, handled, handle)
    async with running:
        await handled.until(lambda: handled.numbers == [7])

    assert handled.given_up == []


async def test_updates_are_handled_once_a_full_disk_has_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for verb in ("begin_attempt", "finish_update"):
        real = getattr(store, verb)
        full = iter([StoreError("database or disk is full")] * 3)

        async def write(number: int, real: Any = real, full: Any = full) -> Any:
            for failure in full:
                raise failure
            return await real(number)

        monkeypatch.setattr(store, verb, write)
    handled = Handled()
    async with Running(store, Telegram([message(7), message(8)]), handled):
        await handled.until(lambda: handled.numbers == [7, 8])

    assert await store.unfinished_updates() == []


@pytest.mark.parametrize("content", ["garbage", None, 7, [], {"from": "me"}, {"from": {"id": "x"}}])
async def test_a_misshapen_update_stops_nothing(store: Store, content: Any) -> None:
    handled = Handled()
    async with Running(store, Telegram([{"update_id": 6, "message": content}, message(7)]), handled):
        await handled.until(lambda: 7 in handled.numbers)


async def test_an_outage_of_a_day_costs_no_attempt(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update_queue, "PASSING_S", 0.0)  # as if an hour had passed
    handled = Handled()
    away = iter([TelegramUnavailable("NetworkError")] * 10)

    async def handle(update: Update) -> None:
        running.queue.liveness.last_answer = -1000.0  # polls fail as well
        for outage in away:
            raise outage
        await handled.handle(update)

    telegram = Telegram([message(7)])
    running = Running(store, telegram, handled, handle)
    monkeypatch.setattr(update_queue, "OUTAGE_S", 60.0)
    monkeypatch.setattr(update_queue, "LONGEST_PAUSE_S", 0.001)
    async with running:
        await handled.until(lambda: handled.numbers == [7] or bool(handled.given_up))

    assert handled.given_up == []


async def test_what_only_this_update_meets_for_an_hour_is_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_queue, "PASSING_S", 0.0)
    monkeypatch.setattr(update_queue, "LONGEST_PAUSE_S", 0.001)
    handled = Handled()

    async def handle(update: Update) -> None:
        raise TelegramUnavailable("BadGateway")

    telegram = Telegram([message(7)])
    running = Running(store, telegram, handled, handle)
    async with running:
        await handled.until(lambda: handled.given_up == [7])


async def test_what_was_under_way_at_a_crash_is_tried_alone_and_takes_no_other_with_it(store: Store) -> None:
    await store.journal_updates(
        [(number, number, json.dumps(message(number, number)).encode()) for number in (1, 2, 3)]
    )
    for number, attempts in ((1, 2), (3, 1)):  # update 2 was not begun
        for _ in range(attempts):
            await store.begin_attempt(number)
    gate, handled, attempts_seen = asyncio.Event(), Handled(), list[dict[int, int]]()

    async def handle(update: Update) -> None:
        await handled.handle(update)
        attempts_seen.append({entry.update_id: entry.attempts for entry in await store.unfinished_updates()})
        await gate.wait()

    running = Running(store, Telegram(), handled, handle)
    async with running:
        await handled.until(lambda: len(handled.numbers) == 2)
        assert handled.numbers == [2, 3]  # the one that was tried oftener waits, and its tries are not counted
        gate.set()
        await handled.until(lambda: len(handled.numbers) == 3)

    assert attempts_seen[1][1] == 2
    assert handled.given_up == []


async def test_of_an_album_that_was_under_way_at_a_crash_all_photos_are_handled_together_again(store: Store) -> None:
    album = [message(number, photo=[], media_group_id="13") for number in (2, 3)]
    updates = [message(1), *album, message(4, 4)]
    await store.journal_updates(
        [(one["update_id"], one["message"]["from"]["id"], json.dumps(one).encode()) for one in updates]
    )
    for number in (1, 2, 4):  # of the album the second photo was not begun
        await store.begin_attempt(number)
    handled, replayed = Handled(), set[int]()

    async def handle(update: Update) -> None:
        await handled.handle(update)
        if is_replayed(update):
            replayed.add(update["update_id"])
        if update["update_id"] in (2, 3):  # each waits for the other
            await handled.until(lambda: {2, 3} <= set(handled.numbers))

    async with Running(store, Telegram(), handled, handle):
        await handled.until(lambda: len(handled.numbers) == 4)

    assert replayed == {1, 2, 3, 4}
    assert handled.given_up == []


async def test_what_was_not_finished_is_handled_at_the_next_start(store: Store) -> None:
    begun = asyncio.Event()

    async def hang(update: Update) -> None:
        begun.set()
        await asyncio.Event().wait()

    first = UpdateQueue(store, hang, hang)
    await first.take([message(7)])
    await begun.wait()
    for task in first._tasks:  # as if the process were killed
        task.cancel()
    await first.stop()

    handled = Handled()
    async with Running(store, Telegram(), handled):
        await handled.until(lambda: handled.numbers == [7])


async def test_a_users_updates_keep_their_order_in_a_replay_too(store: Store) -> None:
    presses: list[Update] = [
        {"update_id": number, "callback_query": {"from": {"id": 1}, "data": f"consent:{word}"}}
        for number, word in ((1, "no"), (2, "yes"))
    ]
    await store.journal_updates([(one["update_id"], 1, json.dumps(one).encode()) for one in presses])
    await store.begin_attempt(1)
    handled = Handled()
    async with Running(store, Telegram(), handled):
        await handled.until(lambda: len(handled.numbers) == 2)

    assert handled.numbers == [1, 2]


async def test_words_do_not_wait_for_photos_and_what_follows_delete_waits_for_its_end(store: Store) -> None:
    gates, seen = {1: asyncio.Event(), 2: asyncio.Event()}, Handled()

    async def handle(update: Update) -> None:
        await seen.handle(update)
        if gate := gates.get(update["update_id"]):
            await gate.wait()

    updates = [message(1, photo=[]), message(2, text="/delete"), message(3, photo=[]), message(4, text="hello")]
    async with Running(store, Telegram(updates), seen, handle):
        await seen.until(lambda: seen.numbers == [1, 2])
        gates[1].set()
        gates[2].set()
        await seen.until(lambda: len(seen.numbers) == 4)


async def test_nothing_that_follows_delete_begins_before_its_end(store: Store) -> None:
    ended, seen, early = asyncio.Event(), Handled(), list[int]()

    async def handle(update: Update) -> None:
        if update["update_id"] == 1:
            await store.get_user(1)  # lets the others go on, if they may
            await store.get_user(1)
            ended.set()
        elif not ended.is_set():
            early.append(update["update_id"])
        await seen.handle(update)

    updates = [message(1, text="/delete"), message(2, photo=[]), message(3, text="hello"), message(4, user_id=2)]
    async with Running(store, Telegram(updates), seen, handle):
        await seen.until(lambda: len(seen.numbers) == 4)

    assert early in ([4], [])  # another user does not wait


async def test_an_update_whose_user_was_erased_meanwhile_is_done(store: Store) -> None:
    handled = Handled()

    async def handle(update: Update) -> None:
        await handled.handle(update)
        if update["update_id"] == 7:
            raise UpdateClosed("erased")

    async with Running(store, Telegram([message(7), message(8)]), handled, handle):
        await handled.until(lambda: handled.numbers == [7, 8])

    assert handled.given_up == []


# Kinds that must be answered within seconds

INLINE = UpdateKinds(
    [*KINDS, UpdateKind("chat_join_request", {"id": None, "from": {"id": None}}, durable=False, expires_s=10)]
)


def inline(number: int) -> Update:
    return {"update_id": number, "chat_join_request": {"id": "1", "from": {"id": 1}, "query": "ann"}}


async def test_one_row_makes_a_kind_that_is_asked_for_shortened_and_never_journaled(store: Store) -> None:
    handled, journaled = Handled(), list[int]()

    async def handle(update: Update) -> None:
        journaled.extend(entry.update_id for entry in await store.unfinished_updates())
        assert update["chat_join_request"] == {"id": "1", "from": {"id": 1}}
        await handled.handle(update)

    async with Running(store, Telegram([inline(7)]), handled, handle, INLINE):
        await handled.until(lambda: handled.numbers == [7])

    assert INLINE.allowed_updates == [*KINDS.allowed_updates, "chat_join_request"]
    assert journaled == []


async def test_a_kind_that_is_not_durable_is_tried_once(store: Store) -> None:
    handled = Handled({7: 1})
    async with Running(store, Telegram([inline(7), inline(8)]), handled, kinds=INLINE):
        await handled.until(lambda: 8 in handled.numbers)

    assert handled.numbers == [7, 8]


async def test_what_has_expired_when_its_turn_comes_is_dropped(store: Store) -> None:
    late = UpdateKinds(
        [UpdateKind("chat_join_request", {"id": None, "from": {"id": None}}, durable=False, expires_s=-1), *KINDS]
    )
    handled = Handled()
    async with Running(store, Telegram([inline(7), message(8)]), handled, kinds=late):
        await handled.until(lambda: handled.numbers == [8])
