"""A process that can no longer work ends itself; systemd is told how it is."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lookalike.core import watchdog
from lookalike.core.errors import TelegramSilent
from lookalike.core.watchdog import hear, notify
from tests.support.bot_api.server import BotApi, stall
from tests.support.running_bot import ROOT, RunningBot

STARTER = ROOT / "assets" / "starter"

# A process with a watchdog that has less patience, doing what stands in argv[1].
PROCESS = """
import asyncio, signal, sys, time
sys.path.insert(0, {root!r})
from lookalike.core import watchdog
watchdog.FROZEN_S, watchdog.CLOSE_S, watchdog.BEAT_S = 0.5, 0.5, 0.05
async def main():
    dog = watchdog.Watchdog()
    beat = asyncio.create_task(dog.run(lambda: True))
    await asyncio.sleep(0.2)
    {what}
    beat.cancel()
asyncio.run(main())
"""


def ended(what: str) -> "subprocess.CompletedProcess[str]":
    code = PROCESS.format(root=str(ROOT), what=what)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("what", ["time.sleep(60)", "while True: pass"])
def test_a_frozen_event_loop_ends_the_process_and_shows_where_it_hangs(what: str) -> None:
    done = ended(what)

    assert done.returncode == 1
    assert "the event loop is frozen" in done.stderr
    assert "in main" in done.stderr


def test_a_log_that_nobody_reads_does_not_keep_a_frozen_process_alive() -> None:
    full = "import os; os.set_blocking(2, True); [os.write(2, b'x' * 4096) for _ in iter(int, 1)]"
    code = PROCESS.format(root=str(ROOT), what=full)
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) as process:
        assert process.wait(60) == 1


def test_a_process_that_does_not_close_is_ended() -> None:
    done = ended("dog.stopping(); await asyncio.sleep(60)")

    assert done.returncode == 1
    assert "does not end" in done.stderr


def test_a_process_that_does_its_work_is_left_alone() -> None:
    assert ended("await asyncio.sleep(1.5); dog.stopping()").returncode == 0


async def test_silence_is_deafness_and_a_sign_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "DEAF_S", 0.2)
    began = time.monotonic()
    with pytest.raises(TelegramSilent):
        await hear(lambda: began)

    hearing = asyncio.create_task(hear(time.monotonic))
    done, _ = await asyncio.wait((hearing,), timeout=0.5)
    assert not done
    hearing.cancel()


async def test_a_bot_that_hears_nothing_ends_with_1_and_the_next_one_answers(tmp_path: Path) -> None:
    impatient = {"PYTHONPATH": str(tmp_path)}
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport transport, watchdog\n"
        "watchdog.DEAF_S, transport.ANSWER_S, transport.POLL_S, transport.SHORT_ANSWER_S = 2.0, 0.2, 0.2, 0.2\n"
    )
    async with BotApi() as api:
        async with RunningBot(api, tmp_path, STARTER, tmp_path, **impatient) as bot:
            await asyncio.wait_for(api.updates.fetching.wait(), 60)
            api.fault("getUpdates", stall(3600))
            hello = api.user(first_name="Ann").text("hello")
            assert await bot.wait() == 1
        assert "nothing at all has come from Telegram" in bot.log
        assert "Traceback" not in bot.log
        api.clear()
        async with RunningBot(api, tmp_path, STARTER, tmp_path):
            assert (await api.answer_to(hello, 60)).text.startswith("Hello Ann!")


# systemd


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "notify"))
        door.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield door


def test_systemd_is_told(systemd: socket.socket) -> None:
    notify("READY=1")

    assert systemd.recv(100) == b"READY=1"


def test_without_systemd_nobody_is_told() -> None:
    notify("READY=1")  # and nothing fails


def test_a_systemd_that_went_away_harms_nobody(systemd: socket.socket, tmp_path: Path) -> None:
    (tmp_path / "notify").unlink()
    notify("WATCHDOG=1")


async def test_a_bot_tells_systemd_when_it_is_ready_well_and_stopping(systemd: socket.socket, tmp_path: Path) -> None:
    async with (
        BotApi() as api,
        RunningBot(api, tmp_path, STARTER, tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify")) as bot,
    ):
        for end in (b"READY=1", b"WATCHDOG=1"):
            while await asyncio.to_thread(systemd.recv, 100) != end:
                pass
        await bot.end()
        while (state := await asyncio.to_thread(systemd.recv, 100)) != b"STOPPING=1":
            assert state == b"WATCHDOG=1"


async def test_a_bot_that_waits_for_telegram_at_its_start_is_not_frozen(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport watchdog\nwatchdog.FROZEN_S = 1.5\n"
    )
    async with BotApi() as api:
        api.fault("getMe", 502)
        async with RunningBot(api, tmp_path, STARTER, tmp_path, PYTHONPATH=str(tmp_path)) as bot:
            for times in range(1, 4):  # the third time after 1 and 2 seconds
                await api.wait_for(lambda call: call.method == "getMe" and call.status == 502, 60, since=times - 1)
            api.clear()
            assert (await api.answer_to(api.user(first_name="Ann").text("hello"), 60)).text.startswith("Hello Ann!")
    assert "frozen" not in bot.log
