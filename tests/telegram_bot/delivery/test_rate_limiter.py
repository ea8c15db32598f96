"""Rate limits and flood waits, on a clock that the tests move."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from lookalike.telegram_bot.delivery import rate_limiter
from lookalike.telegram_bot.delivery.rate_limiter import TELEGRAM_LIMITS, RateLimiter, Window


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("lookalike.telegram_bot.delivery.rate_limiter.time.monotonic", made.monotonic)
    monkeypatch.setattr("lookalike.telegram_bot.delivery.rate_limiter.asyncio.sleep", made.sleep)
    return made


class Requests:
    """Requests that end as told, one after the other, then well."""

    def __init__(self, *failures: TelegramError) -> None:
        self._failures = list(failures)
        self.count = 0

    async def __call__(self) -> str:
        self.count += 1
        if self._failures:
            raise self._failures.pop(0)
        return "sent"


def send(
    limiter: RateLimiter, request: Callable[[], Coroutine[Any, Any, Any]], chat_id: int = 1
) -> Coroutine[Any, Any, Any]:
    return limiter.process_request(request, (), {}, "sendMessage", {"chat_id": chat_id}, None)


async def test_a_request_that_works_is_made_once(clock: Clock) -> None:
    request = Requests()

    assert await send(RateLimiter(), request) == "sent"
    assert (request.count, clock.slept) == (1, [])


async def test_after_a_429_it_waits_as_long_as_told_and_tries_again(clock: Clock) -> None:
    request = Requests(RetryAfter(7))

    assert await send(RateLimiter(), request) == "sent"
    assert (request.count, clock.slept) == (2, [7.0])


async def test_after_a_429_nobody_else_sends_before_it_is_over(clock: Clock) -> None:
    limiter = RateLimiter()
    await send(limiter, Requests(RetryAfter(5)), chat_id=1)
    began = clock.now
    with pytest.raises(RetryAfter):
        await send(limiter, Requests(*[RetryAfter(5)] * 5), chat_id=2)
    other = Requests()
    await send(limiter, other, chat_id=3)

    assert other.count == 1
    assert clock.now >= began + 5 * 5


@pytest.mark.parametrize("failure", [BadRequest("no"), Forbidden("blocked")])
async def test_what_cannot_work_is_not_repeated(clock: Clock, failure: TelegramError) -> None:
    request = Requests(failure)

    with pytest.raises(type(failure)):
        await send(RateLimiter(), request)
    assert request.count == 1


async def test_a_broken_connection_is_tried_again_with_growing_pauses(clock: Clock) -> None:
    request = Requests(*[NetworkError("cut")] * 3)

    assert await send(RateLimiter(), request) == "sent"
    assert clock.slept == [1.0, 2.0, 4.0]


async def test_a_broken_connection_is_given_up_in_the_end(clock: Clock) -> None:
    request = Requests(*[NetworkError("cut")] * 9)

    with pytest.raises(NetworkError):
        await send(RateLimiter(), request)
    assert request.count == rate_limiter.TRIES


async def test_a_message_that_timed_out_may_have_arrived_so_it_is_not_repeated_here(clock: Clock) -> None:
    request = Requests(TimedOut())

    with pytest.raises(TimedOut):
        await send(RateLimiter(), request)
    assert request.count == 1


async def test_what_is_no_message_is_repeated_once_after_a_timeout(clock: Clock) -> None:
    request = Requests(TimedOut(), TimedOut(), TimedOut())

    with pytest.raises(TimedOut):
        await RateLimiter().process_request(request, (), {}, "getFile", {"file_id": "x"}, None)
    assert request.count == 2


@pytest.mark.parametrize("wait_s", [10, 60, 400, 3600])
async def test_a_flood_wait_of_any_length_is_kept_and_the_message_then_sent(clock: Clock, wait_s: int) -> None:
    request = Requests(RetryAfter(wait_s))

    assert await send(RateLimiter(), request) == "sent"
    assert (request.count, clock.now) == (2, 1000.0 + wait_s)


async def test_a_flood_wait_for_another_method_holds_no_message_back(clock: Clock) -> None:
    limiter = RateLimiter()
    with pytest.raises(RetryAfter):
        await limiter.process_request(Requests(*[RetryAfter(400)] * 5), (), {}, "getFile", {"file_id": "x"}, None)
    now = clock.now

    assert await send(limiter, Requests()) == "sent"
    assert clock.now == now


async def test_a_flood_wait_of_a_method_whose_caller_waits_itself_is_told_at_once(clock: Clock) -> None:
    with pytest.raises(RetryAfter):
        await RateLimiter().process_request(Requests(RetryAfter(400)), (), {}, "getWebhookInfo", {}, None)
    assert clock.slept == []


async def test_one_chat_gets_three_at_once_and_then_waits_while_others_do_not() -> None:
    limiter, sent = RateLimiter(), []

    async def to(chat_id: int) -> None:
        await send(limiter, Requests(), chat_id)
        sent.append(chat_id)

    tasks = [asyncio.create_task(to(chat_id)) for chat_id in (1, 1, 1, 1, 2)]
    await tasks[4]

    assert sent == [1, 1, 1, 2]
    tasks[3].cancel()


async def test_what_is_no_message_does_not_count() -> None:
    limiter, request = RateLimiter(), Requests()
    for _ in range(100):
        await limiter.process_request(request, (), {}, "getFile", {"file_id": "x"}, None)

    assert request.count == 100
    assert limiter._chats == {}


async def test_messages_that_wait_for_their_turn_in_the_whole_are_counted() -> None:
    limiter = RateLimiter()
    limiter._overall = Window(10, 3600.0)
    sends = [
        asyncio.create_task(limiter.process_request(Requests(), (), {}, "copyMessage", {"chat_id": chat}, None))
        for chat in range(1, 13)
    ]
    await asyncio.gather(*sends[:10])

    assert limiter.messages_waiting == 2
    for one in sends[10:]:
        one.cancel()
    await asyncio.gather(*sends[10:], return_exceptions=True)
    assert limiter.messages_waiting == 0


async def test_long_quiet_chats_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limiter, "CHATS_REMEMBERED", 2)
    limiter = RateLimiter()
    for chat_id in (1, 2, 3):
        await send(limiter, Requests(), chat_id)

    assert list(limiter._chats) == [2, 3]


async def test_thirty_messages_pass_in_a_second_in_bursts_of_ten_and_no_more(clock: Clock) -> None:
    limiter, times = RateLimiter(), []
    for chat_id in range(95):
        await send(limiter, Requests(), chat_id)
        times.append(clock.now)

    assert times[:10] == [1000.0] * 10
    assert times[29] < 1001.0 - 0.3
    assert times[30] == pytest.approx(1001.0)
    assert times[-1] == pytest.approx(1003.0)


async def test_nothing_is_let_through_between_a_429_and_the_end_of_its_wait(clock: Clock) -> None:
    limiter, began, refused = RateLimiter(), list[float](), list[float]()
    under_way, refuse, told = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def request() -> str:
        began.append(clock.now)
        if len(began) == 8:
            under_way.set()
        if len(began) == 1:
            await refuse.wait()
            refused.append(clock.now)
            told.set()
            raise RetryAfter(5)
        return "sent"

    sending = [asyncio.create_task(send(limiter, request, chat_id)) for chat_id in range(8)]
    await under_way.wait()
    refuse.set()
    await told.wait()
    sending += [asyncio.create_task(send(limiter, request, chat_id)) for chat_id in range(100, 150)]
    await asyncio.gather(*sending)

    assert len(began) == 59
    assert min(began[8:]) >= refused[0] + 5.0


async def test_a_group_gets_twenty_a_minute(clock: Clock) -> None:
    limiter = RateLimiter()
    for _ in range(21):
        await send(limiter, Requests(), chat_id=-100)

    assert clock.now == 1060.0


async def test_an_album_counts_in_its_chat_as_many_messages_as_it_has_pictures(clock: Clock) -> None:
    limiter, group = RateLimiter(), {"chat_id": -5}
    for _ in range(2):
        await limiter.process_request(Requests(), (), {}, "sendMediaGroup", group | {"media": [None] * 10}, None)
    now = clock.now
    await send(limiter, Requests(), chat_id=-5)

    assert now < 1001.0
    assert clock.now == 1060.0


async def test_an_album_that_is_larger_than_a_chat_may_have_at_once_is_waited_for_afterwards(clock: Clock) -> None:
    limiter = RateLimiter()
    await limiter.process_request(Requests(), (), {}, "sendMediaGroup", {"chat_id": 5, "media": [None] * 10}, None)
    now = clock.now
    await send(limiter, Requests(), chat_id=5)

    assert (now, clock.now) == (1000.0, 1009.0)


@pytest.mark.parametrize("times", [1, 20])
async def test_limits_may_be_given_as_values(clock: Clock, times: int) -> None:
    limiter, request, began = RateLimiter(TELEGRAM_LIMITS.times(times)), Requests(), clock.now
    for _ in range(7):  # three, three and one in a private chat
        await send(limiter, request)

    assert clock.now - began == pytest.approx(6 / times)
