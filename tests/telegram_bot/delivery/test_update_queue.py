"""At least once, in order, never deaf: the intake over the real store, with a Telegram of a few lines."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from lookalike.core.errors import PollFailed, StoreError, TelegramUnavailable
from lookalike.store.store import Store
from lookalike.telegram_bot.delivery import update_queue as intake
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue, is_about_photos, person_of
from tests.support.stores import StoreDir

Update = dict[str, Any]


def message(number: int, person: int = 1, **content: Any) -> Update:
    return {"update_id": number, "message": {"message_id": number, "from": {"id": person}, **content}}


class Telegram:
    """Hands out batches, one a poll; then nothing, as a long poll does. A batch may be an error."""

    def __init__(self, *batches: list[Any] | Exception) -> None:
        self._batches = list(batches)
        self.offsets: list[int | None] = []
        self.held: list[bool] = []
        self.quiet = asyncio.Event()

    async def fetch(self, offset: int | None, *, hold: bool = True) -> list[Any]:
        self.offsets.append(offset)
        self.held.append(hold)
        if self._batches:
            batch = self._batches.pop(0)
            if isinstance(batch, Exception):
                raise batch
            return batch
        self.quiet.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


class Handled:
    """Remembers what was handled; `fail` says which updates raise, and how often."""

    def __init__(self, **fail: int) -> None:
        self.numbers: list[int] = []
        self.given_up: list[int] = []
        self._fail = {int(number.strip("n")): times for number, times in fail.items()}
        self._changed = asyncio.Condition()

    async def handle(self, update: Update) -> None:
        number = update["update_id"]
        async with self._changed:
            self.numbers.append(number)
            self._changed.notify_all()
        if self._fail.get(number, 0) > 0:
            self._fail[number] -= 1
            raise RuntimeError("broken")

    async def give_up(self, update: Update) -> None:
        async with self._changed:
            self.given_up.append(update["update_id"])
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(condition)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(intake, "RETRY_S", (0.001, 0.001))


@pytest_asyncio.fixture
async def store(store_dir: StoreDir) -> AsyncIterator[Store]:
    opened = await store_dir.open()
    yield opened
    await opened.close()


class Running:
    """An intake that runs while the block lasts."""

    def __init__(self, store: Store, telegram: Telegram, handled: Handled) -> None:
        self.intake = UpdateQueue(store, telegram.fetch, handled.handle, handled.give_up)

    async def __aenter__(self) -> UpdateQueue:
        await self.intake.replay()
        self._task = asyncio.create_task(self.intake.run())
        return self.intake

    async def __aexit__(self, *_: object) -> None:
        await self.intake.stop()
        await self._task


async def test_updates_are_handled_and_confirmed_by_the_next_poll(store: Store) -> None:
    telegram, handled = Telegram([message(7), message(8)]), Handled()
    async with Running(store, telegram, handled):
        await handled.until(lambda: len(handled.numbers) == 2)
        await telegram.quiet.wait()

    assert (handled.numbers, telegram.offsets) == ([7, 8], [None, 9])
    assert await store.unfinished_updates() == []


async def test_an_update_that_comes_again_is_handled_once(store: Store) -> None:
    telegram, handled = Telegram([message(7)], [message(7), message(8)], [message(7)]), Handled()
    async with Running(store, telegram, handled):
        await telegram.quiet.wait()
        await handled.until(lambda: 8 in handled.numbers)

    assert handled.numbers == [7, 8]


async def test_numbers_may_jump_down_after_a_quiet_week(store: Store) -> None:
    telegram, handled = Telegram([message(1000)], [message(5)]), Handled()
    async with Running(store, telegram, handled):
        await handled.until(lambda: handled.numbers == [1000, 5])

    assert telegram.offsets[:2] == [None, 1001]


async def test_what_was_not_finished_is_handled_at_the_next_start(store: Store) -> None:
    never = asyncio.Event()

    async def hang(update: Update) -> None:
        never.set()
        await asyncio.Event().wait()

    telegram = Telegram([message(7)])
    first = UpdateQueue(store, telegram.fetch, hang, hang)
    task = asyncio.create_task(first.run())
    await never.wait()
    for one in first._tasks:  # as if the process were killed
        one.cancel()
    await first.stop()
    await task

    handled = Handled()
    async with Running(store, Telegram(), handled):
        await handled.until(lambda: handled.numbers == [7])


async def test_an_update_that_fails_is_tried_again(store: Store) -> None:
    handled = Handled(n7=2)
    async with Running(store, Telegram([message(7)]), handled):
        await handled.until(lambda: len(handled.numbers) == 3)

    assert handled.given_up == []
    assert await store.unfinished_updates() == []


async def test_after_three_failed_tries_there_is_an_apology(store: Store) -> None:
    handled = Handled(n7=99)
    async with Running(store, Telegram([message(7), message(8)]), handled):
        await handled.until(lambda: handled.given_up == [7])

    assert handled.numbers.count(7) == 3
    assert (await store.counts())["dead"] == 1


async def test_a_persons_updates_keep_their_order_and_others_do_not_wait(store: Store) -> None:
    gate, seen = asyncio.Event(), Handled()

    async def handle(update: Update) -> None:
        if update["update_id"] == 1:
            await gate.wait()
        await seen.handle(update)

    telegram = Telegram([message(1, person=1), message(2, person=1), message(3, person=2)])
    running = Running(store, telegram, seen)
    running.intake = UpdateQueue(store, telegram.fetch, handle, seen.give_up)
    async with running:
        await seen.until(lambda: seen.numbers == [3])
        gate.set()
        await seen.until(lambda: len(seen.numbers) == 3)

    assert seen.numbers == [3, 1, 2]


async def test_words_do_not_wait_for_photos_but_consent_does(store: Store) -> None:
    photo = message(1, photo=[{}])
    consent = {"update_id": 2, "callback_query": {"from": {"id": 1}, "data": "consent:yes"}}

    assert [is_about_photos(one) for one in (photo, consent, message(3, text="/delete"))] == [True, True, False]
    assert person_of(consent) == 1


@pytest.mark.parametrize("failure", [PollFailed("status 401"), PollFailed("JSONDecodeError"), PollFailed("429", 0.001)])
async def test_polling_goes_on_after_a_failure(store: Store, failure: Exception) -> None:
    telegram, handled = Telegram(failure, failure, [message(7)]), Handled()
    async with Running(store, telegram, handled):
        await handled.until(lambda: handled.numbers == [7])


async def test_nothing_is_confirmed_that_is_not_in_the_journal(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    real = store.journal_updates
    fails = iter([OSError("disk full")])

    async def journal_updates(updates: Any) -> list[bool]:
        for failure in fails:
            raise failure
        return await real(updates)

    monkeypatch.setattr(store, "journal_updates", journal_updates)
    telegram, handled = Telegram([message(7)], [message(7)]), Handled()
    async with Running(store, telegram, handled):
        await handled.until(lambda: handled.numbers == [7])
        await telegram.quiet.wait()

    assert telegram.offsets == [None, None, 8]


async def test_kinds_nobody_asked_for_are_confirmed_and_left(store: Store) -> None:
    telegram, handled = Telegram([{"update_id": 3, "poll": {}}, {"update_id": 4, "edited_message": {}}]), Handled()
    async with Running(store, telegram, handled):
        await telegram.quiet.wait()

    assert (handled.numbers, telegram.offsets) == ([], [None, 5])


async def test_an_outage_of_telegram_is_no_failed_try(store: Store) -> None:
    handled = Handled()
    away = iter([TelegramUnavailable("NetworkError")] * 10)

    async def handle(update: Update) -> None:
        for outage in away:
            raise outage
        await handled.handle(update)

    telegram = Telegram([message(7)])
    running = Running(store, telegram, handled)
    running.intake = UpdateQueue(store, telegram.fetch, handle, handled.give_up)
    async with running:
        await handled.until(lambda: handled.numbers == [7])

    assert handled.given_up == []


async def test_a_full_disk_stops_nobody_for_good(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.mark.parametrize("odd", [7, None, {}, {"update_id": "x"}, {"update_id": -1}, {"update_id": 2**63}])
async def test_what_is_no_update_is_left_out_and_its_batch_handled(store: Store, odd: Any) -> None:
    telegram, handled = Telegram([message(7), odd, message(8)]), Handled()
    async with Running(store, telegram, handled):
        await handled.until(lambda: handled.numbers == [7, 8])
        await telegram.quiet.wait()

    assert telegram.offsets == [None, 9]


async def test_after_a_failure_the_next_poll_is_a_quick_one(store: Store) -> None:
    telegram, handled = Telegram([], PollFailed("no answer", is_silence=True), []), Handled()
    async with Running(store, telegram, handled):
        await telegram.quiet.wait()

    assert telegram.held == [True, True, False, True]


async def test_only_silence_is_no_sign_of_telegram(store: Store) -> None:
    handled = Handled()
    for failure, is_sign in ((PollFailed("status 502"), True), (PollFailed("no answer", is_silence=True), False)):
        telegram = Telegram(failure)
        running = Running(store, telegram, handled)
        running.intake.last_sign = before = -1000.0
        async with running:
            await telegram.quiet.wait()
            assert (running.intake.last_sign > before) is is_sign


async def test_the_journal_keeps_what_was_shortened_and_nothing_of_what_needs_no_answer(store: Store) -> None:
    def shorten(update: Update) -> Update | None:
        return None if update["update_id"] == 7 else {"update_id": update["update_id"], "message": {"text": "short"}}

    gate, telegram, handled = asyncio.Event(), Telegram([message(7), message(8, text="long")]), Handled()

    async def handle(update: Update) -> None:
        await handled.handle(update)
        await gate.wait()

    running = Running(store, telegram, handled)
    running.intake = UpdateQueue(store, telegram.fetch, handle, handled.give_up, shorten)
    async with running:
        await handled.until(lambda: handled.numbers == [8])
        (kept,) = await store.unfinished_updates()
        gate.set()

    assert json.loads(kept.payload) == {"update_id": 8, "message": {"text": "short"}}


async def test_an_outage_of_a_day_costs_no_try(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PASSING_S", 0.0)  # as if an hour had passed
    handled = Handled()
    away = iter([TelegramUnavailable("NetworkError")] * 10)

    async def handle(update: Update) -> None:
        running.intake.last_heard = -1000.0  # polls fail as well
        for outage in away:
            raise outage
        await handled.handle(update)

    telegram = Telegram([message(7)])
    running = Running(store, telegram, handled)
    running.intake = UpdateQueue(store, telegram.fetch, handle, handled.give_up)
    monkeypatch.setattr(intake, "OUTAGE_S", 60.0)
    monkeypatch.setattr(intake, "LONGEST_PAUSE_S", 0.001)
    async with running:
        await handled.until(lambda: handled.numbers == [7] or bool(handled.given_up))

    assert handled.given_up == []


async def test_what_only_this_update_meets_for_an_hour_is_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PASSING_S", 0.0)
    monkeypatch.setattr(intake, "LONGEST_PAUSE_S", 0.001)
    handled = Handled()

    async def handle(update: Update) -> None:
        raise TelegramUnavailable("BadGateway")

    telegram = Telegram([message(7)])
    running = Running(store, telegram, handled)
    running.intake = UpdateQueue(store, telegram.fetch, handle, handled.give_up)
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

    running = Running(store, Telegram(), handled)
    running.intake = UpdateQueue(store, Telegram().fetch, handle, handled.give_up)
    async with running:
        await handled.until(lambda: len(handled.numbers) == 2)
        assert handled.numbers == [2, 3]  # the one that was tried oftener waits, and its tries are not counted
        gate.set()
        await handled.until(lambda: len(handled.numbers) == 3)

    assert attempts_seen[1][1] == 2
    assert handled.given_up == []
