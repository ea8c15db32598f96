"""Long polling over the real store: nothing is confirmed that is not in the journal, and no failure ends it."""

import time
from typing import Any

import pytest

from lookalike.core.errors import PollFailed
from lookalike.store.store import Store
from lookalike.telegram_bot.delivery import polling
from tests.support.bot_api.update_source import Handled, Running, Telegram, message


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "FIRST_PAUSE_S", 0.001)


async def test_updates_are_handled_and_confirmed_by_the_next_poll(store: Store) -> None:
    telegram, handled = Telegram([message(7), message(8)]), Handled()
    async with Running(store, telegram, handled):
        await handled.until(lambda: len(handled.numbers) == 2)
        await telegram.quiet.wait()

    assert (handled.numbers, telegram.offsets) == ([7, 8], [None, 9])
    assert await store.unfinished_updates() == []


async def test_numbers_may_jump_down_after_a_quiet_week(store: Store) -> None:
    telegram, handled = Telegram([message(1000)], [message(5)]), Handled()
    async with Running(store, telegram, handled):
        await handled.until(lambda: sorted(handled.numbers) == [5, 1000])

    assert telegram.offsets[:2] == [None, 1001]


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


async def test_a_refusal_is_a_sign_of_telegram_and_silence_is_none(store: Store) -> None:
    for failure, is_sign in ((PollFailed("status 502"), True), (PollFailed("no answer", is_silence=True), False)):
        telegram = Telegram(failure)
        running = Running(store, telegram, Handled())
        running.queue.liveness.last_sign = before = -1000.0
        async with running:
            await telegram.quiet.wait()
            assert (running.queue.liveness.last_sign > before) is is_sign


@pytest.mark.parametrize("wait_s", [10, 60, 400, 3600])
async def test_a_flood_wait_is_kept_to_its_end_and_is_a_sign_of_telegram_till_then(
    store: Store, monkeypatch: pytest.MonkeyPatch, wait_s: int
) -> None:
    telegram, handled, slept = Telegram(PollFailed("status 429", wait_s), [message(7)]), Handled(), list[float]()
    running = Running(store, telegram, handled)
    signs = list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        signs.append(running.queue.liveness.last_sign - time.monotonic())

    monkeypatch.setattr(running.queue, "sleep", sleep)
    async with running:
        await handled.until(lambda: handled.numbers == [7])

    assert slept[0] == wait_s
    assert wait_s - 5 < signs[0] <= wait_s
    assert telegram.held[:2] == [True, False]
