"""A process that can no longer work ends itself; systemd is told how it is."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lookalike.core import watchdog
from lookalike.core.errors import TelegramSilent
from lookalike.core.watchdog import Awake, notify, watch_telegram
from lookalike.telegram_bot.delivery.liveness import Liveness
from tests.support.bot_api.server import BotApi, stall, too_many
from tests.support.running_bot import ROOT, RunningBot

STARTER = ROOT / "assets" / "starter"

# A process with a watchdog that has less patience, doing what stands in argv[1]. Its limits are long enough for a busy
# machine, where a process that works may not get the processor for a second.
PROCESS = """
import asyncio, os, signal, sys, time
sys.path.insert(0, {root!r})
from lookalike.core import watchdog
watchdog.FROZEN_S, watchdog.CLOSE_S, watchdog.BEAT_S = 3.0, 1.0, 0.05
async def main():
    dog = watchdog.Watchdog()
    beat = asyncio.create_task(dog.run(lambda: True))
    while not dog._beats:
        await asyncio.sleep(0)
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
    closes = "watchdog.CLOSE_S = 60.0; await asyncio.sleep(0.2); dog.stopping()"  # however busy the machine is

    assert ended(closes).returncode == 0


# A stand-in clock for `Awake`: each look is one step later, unless the process was paused in between.


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def looks(awake: Awake, clock: Clock, value: float, steps_s: list[float]) -> float:
    """What the last of some looks says, after these seconds each."""
    seconds = awake.look(value)
    for step_s in steps_s:
        clock.now += step_s
        seconds = awake.look(value)
    return seconds


def test_seconds_without_a_change_are_counted_and_a_change_starts_anew() -> None:
    clock = Clock()
    awake = Awake(0.5, clock)

    assert looks(awake, clock, 1.0, [0.5] * 20) == 10.0
    assert awake.look(2.0) == 0.0


@pytest.mark.parametrize("paused_s", [31.0, 400.0, 86_400.0])
def test_a_pause_of_the_whole_process_is_not_counted(paused_s: float) -> None:
    clock = Clock()

    assert looks(Awake(0.5, clock), clock, 1.0, [0.5] * 4 + [paused_s] + [0.5] * 4) == 4.5


def test_a_machine_that_is_merely_busy_is_counted() -> None:
    clock = Clock()

    assert looks(Awake(0.5, clock), clock, 1.0, [2.0] * 16) == 32.0


def test_a_process_that_was_stopped_whole_goes_on(tmp_path: Path) -> None:
    code = PROCESS.format(root=str(ROOT), what="print('up', flush=True); await asyncio.to_thread(sys.stdin.read)")
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        time.sleep(4.0)  # longer than FROZEN_S: the pause is what is tested
        process.send_signal(signal.SIGCONT)
        time.sleep(1.0)  # some looks of the watchdog
        process.stdin.close()
        assert process.wait(60) == 0


async def test_silence_ends_the_process_and_a_sign_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "SILENT_S", 0.05)
    began = time.monotonic()
    with pytest.raises(TelegramSilent):
        await watch_telegram(lambda: began)

    looked = asyncio.Event()
    looks_left = iter(range(20))

    def sign() -> float:
        if next(looks_left, None) is None:
            looked.set()
        return time.monotonic()

    watching = asyncio.create_task(watch_telegram(sign))
    await looked.wait()
    assert not watching.done()
    watching.cancel()


async def test_a_flood_wait_of_any_length_is_a_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "SILENT_S", 0.05)
    liveness, looked = Liveness(), asyncio.Event()
    liveness.flood_wait(3600)
    looks_left = iter(range(40))

    def sign() -> float:
        if next(looks_left, None) is None:
            looked.set()
        return liveness.last_sign

    watching = asyncio.create_task(watch_telegram(sign))
    await looked.wait()
    assert not watching.done()
    watching.cancel()


IMPATIENT = """
import sys; sys.path.insert(0, {root!r})
from lookalike.core import watchdog
from lookalike.telegram_bot.delivery import raw_api
watchdog.SILENT_S, raw_api.ANSWER_S, raw_api.POLL_S, raw_api.SHORT_ANSWER_S = 6.0, 2.0, 0.2, 2.0
"""


async def test_a_bot_that_hears_nothing_ends_with_1_and_the_next_one_answers(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(IMPATIENT.format(root=str(ROOT)))
    async with BotApi() as api:
        async with RunningBot(api, tmp_path, STARTER, tmp_path, PYTHONPATH=str(tmp_path)) as bot:
            await asyncio.wait_for(api.updates.fetching.wait(), 60)
            api.fault("getUpdates", stall(3600))
            hello = api.user(first_name="Ann").text("hello")
            assert await bot.wait() == 1
        assert "nothing at all has come from Telegram" in bot.log
        assert "Traceback" not in bot.log
        api.clear()
        async with RunningBot(api, tmp_path, STARTER, tmp_path):
            assert (await api.answer_to(hello, 60)).text.startswith("Hello Ann!")


async def test_a_flood_wait_longer_than_any_silence_ends_nothing_and_is_kept(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(IMPATIENT.format(root=str(ROOT)))
    async with BotApi() as api:
        api.fail("getUpdates", too_many(9))
        async with RunningBot(api, tmp_path, STARTER, tmp_path, PYTHONPATH=str(tmp_path)):
            hello = api.user(first_name="Ann").text("hello")
            assert (await api.answer_to(hello, 60)).text.startswith("Hello Ann!")
        polls = [call for call in api.calls if call.method == "getUpdates"]

    assert polls[1].at - polls[0].at >= 9.0  # Telegram's wish, not a time that is measured


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
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom lookalike.core import watchdog\nwatchdog.FROZEN_S = 6.0\n"
    )
    async with BotApi() as api:
        api.fault("getMe", 502)
        async with RunningBot(api, tmp_path, STARTER, tmp_path, PYTHONPATH=str(tmp_path)) as bot:
            for times in range(1, 5):  # the fourth time after 1, 2 and 4 seconds
                await api.wait_for(lambda call: call.method == "getMe" and call.status == 502, 60, since=times - 1)
            api.clear()
            assert (await api.answer_to(api.user(first_name="Ann").text("hello"), 60)).text.startswith("Hello Ann!")
    assert "frozen" not in bot.log
