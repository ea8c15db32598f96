"""The page beside a real bot, in a process of its own."""

import asyncio
import os
import signal
from pathlib import Path

import httpx
import pytest

from faults.processes import command, descendants, is_running
from lookalike.web.page_process import BotStatus, half_of
from tests.conftest import SmallIndex
from tests.support.bot_api.server import BotApi
from tests.support.mongo_server import free_port
from tests.support.running_bot import RunningBot
from tests.support.web.page import send

GIVE_UP_S = 120.0  # only so that a failing test ends


def page_of(bot: RunningBot) -> int:
    """The process of the bot's page."""
    (pid,) = [pid for pid in descendants(bot.pid) if b"page_process" in command(pid)]
    return pid


async def healthy(client: httpx.AsyncClient) -> dict[str, object]:
    """What /healthz says once it says ok; until then the page may be starting."""
    async with asyncio.timeout(GIVE_UP_S):
        while True:
            try:
                answer = await client.get("/healthz")
                if answer.status_code == 200:
                    return dict(answer.json())
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)


async def scraped(url: str, line: str) -> None:
    """Wait until the metrics have a line."""
    async with asyncio.timeout(GIVE_UP_S), httpx.AsyncClient(trust_env=False) as client:
        while line not in (await client.get(url)).text.splitlines():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)


def environment(pid: int) -> bytes:
    """What a process was started with."""
    return Path(f"/proc/{pid}/environ").read_bytes()


async def gone(pids: list[int]) -> bool:
    async with asyncio.timeout(GIVE_UP_S):
        while any(is_running(pid) for pid in pids):  # noqa: ASYNC110 - the kernel tells only their parent
            await asyncio.sleep(0.05)
    return True


async def test_the_page_lives_beside_the_bot_and_ends_with_it(
    tmp_path: Path, small_index: SmallIndex, astronaut: bytes
) -> None:
    port, metrics = free_port(), free_port()
    index = small_index.copy(tmp_path / "index")
    settings = {"WEB_LISTEN": f"127.0.0.1:{port}", "METRICS_LISTEN": f"127.0.0.1:{metrics}"}
    async with (
        BotApi() as api,
        RunningBot(api, tmp_path, index, small_index.photos, **settings) as bot,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=GIVE_UP_S) as client,
    ):
        async with asyncio.timeout(GIVE_UP_S):
            await api.updates.fetching.wait()  # the bot does not wait for the page
        health = await healthy(client)
        assert (health["page"], health["bot"]) == ("ok", "ok")
        assert (await send(client, astronaut)).json()["outcome"] == "match"
        card = await client.post("/api/pictures/card", files={"photo": ("me.jpg", astronaut)})
        assert (card.status_code, card.headers["content-type"]) == (200, "image/jpeg")

        page = page_of(bot)
        assert os.getpriority(os.PRIO_PROCESS, page) > os.getpriority(os.PRIO_PROCESS, bot.pid)
        assert os.sched_getaffinity(page) == half_of(os.sched_getaffinity(bot.pid))
        assert b"TELEGRAM_TOKEN" not in environment(page)
        await scraped(f"http://127.0.0.1:{metrics}/metrics", 'lookalike_page_answers_total{outcome="match"} 1.0')
        await scraped(f"http://127.0.0.1:{metrics}/metrics", 'lookalike_state{what="page_is_well"} 1.0')

        os.kill(page, signal.SIGKILL)
        assert await gone([page])
        await healthy(client)  # restarted, on the same port
        assert page_of(bot) != page

        loaded = bot.log.count("new index:")
        bot.send(signal.SIGHUP)
        async with asyncio.timeout(GIVE_UP_S):
            while bot.log.count("new index:") < loaded + 2:  # noqa: ASYNC110 - the bot's and the page's
                await asyncio.sleep(0.05)

        family = descendants(bot.pid)
        await bot.end(signal.SIGKILL)
        assert await gone(family)


async def test_a_bot_that_is_told_to_stop_leaves_no_process(tmp_path: Path, small_index: SmallIndex) -> None:
    port = free_port()
    async with (
        BotApi() as api,
        RunningBot(api, tmp_path, small_index.directory, tmp_path, WEB_LISTEN=f"127.0.0.1:{port}") as bot,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=GIVE_UP_S) as client,
    ):
        await healthy(client)
        family = descendants(bot.pid)
        assert await bot.end(signal.SIGTERM) == 0
        assert not [pid for pid in family if is_running(pid)]


async def test_a_port_that_is_taken_is_named_at_the_start(tmp_path: Path, small_index: SmallIndex) -> None:
    async with BotApi() as api:
        port = int(api.url.rpartition(":")[2])
        settings = {"WEB_LISTEN": f"127.0.0.1:{port}"}
        async with RunningBot(api, tmp_path, small_index.directory, tmp_path, **settings) as bot:
            assert await bot.wait() == 2
        assert f"the page cannot listen on 127.0.0.1:{port}" in bot.log


@pytest.mark.parametrize(("cores", "half"), [({0}, {0}), ({0, 1}, {1}), ({2, 5, 7}, {7}), ({0, 1, 2, 3}, {2, 3})])
def test_the_page_takes_half_of_the_cores_at_most(cores: set[int], half: set[int]) -> None:
    assert half_of(cores) == half


def test_a_bot_that_says_nothing_any_more_is_not_well() -> None:
    status = BotStatus("ok")
    assert status() == "ok"
    status.at_s -= 11
    assert status() == "unhealthy"
