"""The rig: the real bot as a process, the Bot API stand-in in this one, a ledger of photos, and the invariants.

A scenario is `async def scenario(rig: Rig) -> list[Row]`, named in the `SCENARIOS` of its module:

    async def kill_nine(rig: Rig) -> list[Row]:
        async with rig.run_bot("K1") as bot:            # a bot that polls, with users who have consented
            for _ in range(rig.size(100, 10)):
                for _ in range(30):
                    bot.photo()                       # counted by bot.ledger
                await bot.kill()
                await bot.start()
            await bot.settle(60)                        # every photo is answered, or the time is up
            return [await bot.row("K1", "kill -9, 30 in flight", "0 lost", rounds=rig.size(100, 10))]

    SCENARIOS = {"K1": kill_nine}

`BotUnderTest.row` stops the bot, checks the invariants and counts. A row holds only if nothing is lost, no more is
repeated than was in flight at the kills, every invariant holds, and `holds=` (what the scenario measured) is true.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from faults import processes
from faults.ledger import Ledger, SentPhoto
from faults.materials import Materials
from tests.support.bot_api.files import photo_sizes
from tests.support.bot_api.server import TOKEN, BotApi, Call, Person
from tests.support.running_bot import RunningBot

SEED = 20261120
NAME = "Wilhelmina"  # of every user: a word that can be searched for
READY_S = 60.0  # only a broken bot takes as long
FDS_MAX = 200  # kept connections: 64 of python-telegram-bot's pool, 100 of httpx's, and the bot's own files
RSS_GROWTH_MAX_MB = 120.0  # of the bot's process in any scenario but the soak, which measures it
STORE = "lookalike.sqlite3"

Scenario = Callable[["Rig"], Awaitable[list["Row"]]]


@dataclass(frozen=True)
class Row:
    """One line of the table. `held` is None where the test cannot run here; `note` then says why."""

    test: str  # as in the list: "K1"
    case: str  # what is done
    target: str  # the number to hold, in words
    held: bool | None
    rounds: int = 1
    photos: int = 0
    lost: int = 0
    repeated: int = 0
    recovery_s: float | None = None  # the slowest
    note: str = ""  # what was measured besides, and which invariant broke


def skipped(test: str, case: str, target: str, reason: str) -> Row:
    """The row of a test that cannot run here."""
    return Row(test, case, target, None, note=f"not run: {reason}")


def summed(
    rows: list[Row],
    case: str,
    target: str,
    *,
    holds: bool,
    rounds: int,
    recovery_s: float | None = None,
    note: str = "",
) -> Row:
    """One row for the bots that shared the rounds of one case; it holds if each of theirs does."""
    notes = dict.fromkeys([note, *(row.note for row in rows)])
    return Row(
        rows[0].test, case, target, holds and all(row.held for row in rows), rounds, sum(row.photos for row in rows),
        sum(row.lost for row in rows), sum(row.repeated for row in rows),
        None if recovery_s is None else round(recovery_s, 2), "; ".join(filter(None, notes)),
    )  # fmt: skip


class Rig:
    """What all scenarios share: the size of the run, a seed, materials and a scratch directory."""

    def __init__(
        self, materials: Materials, scratch: Path, *, is_short: bool, share: float = 1.0, seed: int = SEED
    ) -> None:
        self.materials, self.scratch, self.is_short, self.seed = materials, scratch, is_short, seed
        self.share = share
        self._numbers = itertools.count(1)

    def size(self, long: int, short: int) -> int:
        """How many rounds, photos or seconds: in the long form, or a share of that; and in the short one."""
        if self.is_short:
            return short
        return min(max(round(long * self.share), min(long, short)), max(long, short))

    def random(self, name: str) -> random.Random:
        """A generator of random numbers, seeded by name: the same numbers in every run."""
        return random.Random(f"{self.seed} {name}")

    @contextlib.asynccontextmanager
    async def run_bot(
        self, name: str, *, users: int = 8, index: Path | None = None, home: Path | None = None,
        api: dict[str, Any] | None = None, is_started: bool = True, **settings: Any,
    ) -> AsyncIterator[BotUnderTest]:  # fmt: skip
        """A Bot API stand-in, a bot of its own and users who have consented; both end with the block.

        `home` is where the data directory and the log go (a fresh directory if None), `api` are arguments of BotApi,
        `settings` go into the bot's environment. With `is_started=False` the bot is not started and has no users.
        """
        home = home or self.scratch / f"{next(self._numbers)}-{name}"
        home.mkdir(parents=True, exist_ok=True)
        async with BotApi(**(api or {})) as served:
            photos = self.materials.photos
            settings = {"WORKERS": "2", **settings}
            process = RunningBot(served, home, index or self.materials.index, photos, **settings)
            bot = BotUnderTest(served, process, self.materials.pictures)
            try:
                if is_started:
                    await bot.start()
                    await bot.add_users(users)
                yield bot
            finally:
                await bot.kill()


class BotUnderTest:
    """One bot process, its Bot API stand-in, its users, and the ledger of their photos."""

    def __init__(self, api: BotApi, process: RunningBot, pictures: tuple[bytes, ...]) -> None:
        self.api, self.process = api, process
        self.ledger = Ledger()
        self.users: list[Person] = []
        self.base = processes.Usage(0.0, 0)  # of the bot when every user has a first answer
        self._pictures = pictures
        self._next_picture = itertools.cycle(range(len(pictures)))
        self._turn = 0
        self._late: list[str] = []
        self._left_behind: set[int] = set()
        api.listeners += [self.ledger.record, self._press]

    # The process

    @property
    def pid(self) -> int:
        """The bot's process id."""
        return self.process.pid

    @property
    def workers(self) -> list[int]:
        """The process ids of its face workers."""
        return processes.workers(self.pid)

    @property
    def status(self) -> int | None:
        """The bot's exit status; None while it runs."""
        return self.process.status

    async def start(self, *, timeout_s: float = READY_S) -> float:
        """Start the bot and wait until it fetches updates, or ends before that; how long it took, in seconds."""
        began = time.monotonic()
        self.api.updates.fetching.clear()
        await self.process.start()
        fetches = asyncio.create_task(self.api.updates.fetching.wait())
        ended = asyncio.create_task(self.process.wait())
        done, waiting = await asyncio.wait((fetches, ended), timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if not done:
            raise RuntimeError(f"the bot does not poll after {timeout_s:.0f} s: {self.process.log[-300:]}")
        return time.monotonic() - began

    async def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        """End the bot by a signal; its exit status. Each photo in flight may be answered once more."""
        if not self.process.has_started:
            return 0
        self.ledger.allowed_repeats += self.ledger.lost
        self._left_behind.update(processes.descendants(self.pid))
        status = await self.process.end(number)
        if number == signal.SIGKILL:  # workers notice a closed pipe by themselves, but not one that is stopped
            processes.send((pid for pid in self._left_behind if b"worker_main" in processes.command(pid)), number)
            self._left_behind.clear()
        return status

    @contextlib.asynccontextmanager
    async def supervised(self) -> AsyncIterator[None]:
        """Start the bot again whenever it ends by itself, as its watchdog makes it."""

        async def supervise() -> None:
            while True:
                await self.process.wait()
                self.ledger.allowed_repeats += self.ledger.lost
                await self.start()

        supervisor = asyncio.create_task(supervise())
        try:
            yield
        finally:
            supervisor.cancel()
            await asyncio.gather(supervisor, return_exceptions=True)

    # The users

    async def add_users(self, count: int) -> None:
        """Let so many new users send their first photo and consent; these photos count."""
        for _ in range(count):
            self.users.append(self.api.user(first_name=f"{NAME} {len(self.users)}"))
        for person in self.users[-count:]:
            self.photo(person)
        if not await self.settle(READY_S):
            raise RuntimeError(f"{self.ledger.lost} first photos were not answered\n{self.process.log[-2000:]}")
        self.base = processes.usage(self.pid)

    def photo(self, person: Person | None = None) -> SentPhoto:
        """A user (the next one) sends the next picture, and it counts."""
        number = next(self._next_picture)
        person = person or self.users[self._turn % len(self.users)]
        self._turn += 1
        return self.ledger.expect(person.photo(self._pictures[number]), number)

    def picture(self) -> bytes:
        """The next picture, for a photo that does not count."""
        return self._pictures[next(self._next_picture)]

    async def send_at_rate(self, rate_per_s: float, duration_s: float) -> list[SentPhoto]:
        """Send photos on schedule, whether or not answers come; all that were sent."""
        began = time.monotonic()
        sent = []
        for number in range(round(rate_per_s * duration_s)):
            await asyncio.sleep(max(0.0, began + number / rate_per_s - time.monotonic()))
            sent.append(self.photo())
        return sent

    async def settle(self, timeout_s: float) -> bool:
        """Wait until every photo is answered and nothing more comes; False, and a breach, if that takes too long."""
        is_settled = await self.ledger.settle(timeout_s)
        if not is_settled:
            self._late.append(f"{self.ledger.lost} photos had no answer after {timeout_s:.0f} s")
        return is_settled

    def _press(self, call: Call) -> None:
        """Every user presses yes on a consent card."""
        if call.ok and call.method == "sendMessage" and "consent:yes" in call.buttons:
            person = next((one for one in self.users if one.id == call.chat_id), None)
            if person:
                person.press(call, "consent:yes")

    # The verdict

    async def row(
        self, test: str, case: str, target: str, *, holds: bool = True, rounds: int = 1,
        recovery_s: float | None = None, note: str = "", refusals: int = 0,
    ) -> Row:  # fmt: skip
        """Stop the bot, check the invariants, count; up to `refusals` answers may be refusals in words."""
        ledger = self.ledger
        breaches = await self.check()
        repeats_held = ledger.repeated <= ledger.allowed_repeats
        if not repeats_held:
            breaches.append(f"{ledger.repeated} repeated, {ledger.allowed_repeats} were in flight at the kills")
        if ledger.refused > refusals:
            breaches.append(f"{ledger.refused} answered in words only, {refusals} should be")
        held = holds and not ledger.lost and not breaches
        return Row(
            test, case, target, held, rounds, ledger.photos, ledger.lost, ledger.repeated,
            None if recovery_s is None else round(recovery_s, 2), "; ".join(filter(None, [note, *breaches])),
        )  # fmt: skip

    async def close_shared(self, rows: list[Row]) -> list[Row]:
        """Stop the bot; the rows of cases that shared it, the last of which holds only if the invariants do."""
        breaches = await self.check()
        last = rows[-1]
        note = "; ".join(filter(None, [last.note, *breaches]))
        return [*rows[:-1], replace(last, held=bool(last.held) and not breaches, note=note)]

    async def check(self) -> list[str]:
        """Stop the bot; the invariants that do not hold, in words."""
        breaches = list(self._late)
        if self.process.is_running:
            now = processes.usage(self.pid)
            if now.fds > FDS_MAX:
                breaches.append(f"{now.fds} open files, {self.base.fds} before")
            if now.rss_mb > self.base.rss_mb + RSS_GROWTH_MAX_MB:
                breaches.append(f"{now.rss_mb:.0f} MB, {self.base.rss_mb:.0f} before")
            left = processes.descendants(self.pid)
            status = await self.process.end(signal.SIGTERM)
            if status != 0:
                breaches.append(f"exit status {status} at SIGTERM")
            if left := [pid for pid in left if processes.is_running(pid)]:
                breaches.append(f"{len(left)} processes left behind")
                processes.send(left, signal.SIGKILL)
        if self.ledger.inconsistent:
            breaches.append(f"{self.ledger.inconsistent} pictures with different answers")
        breaches += await asyncio.to_thread(leaks, self.process.data, self.process.log_file, self._secrets())
        breaches += await asyncio.to_thread(integrity_errors, self.process.data / STORE)
        return breaches

    def _secrets(self) -> dict[str, list[bytes]]:
        """Byte strings that must not be on the disk, by what they are."""
        pieces = [data[len(data) // 2 :][:48] for one in self._pictures for *_, data in photo_sizes(one)]
        return {
            "the token": [TOKEN.partition(":")[2].encode()],
            "a name": [NAME.encode()],
            "a Telegram id": [str(person.user["id"]).encode() for person in self.users],
            "a photo": [*pieces, b"\xff\xd8\xff\xe0\x00\x10JFIF"],
        }


def leaks(data: Path, log: Path, secrets: dict[str, list[bytes]]) -> list[str]:
    """Byte search of the data directory and the log: which secrets are in which file."""
    found = []
    for file in [log, *sorted(data.rglob("*"))]:
        if file.is_file():
            content = file.read_bytes()
            found += [
                f"{what} in {file.name}" for what, needles in secrets.items() if any(one in content for one in needles)
            ]
    return found


def integrity_errors(store: Path) -> list[str]:
    """What SQLite's integrity check reports; nothing for a store in order."""
    if not store.exists():
        return []
    try:
        with contextlib.closing(sqlite3.connect(store)) as db:
            report = str(db.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.DatabaseError as error:
        report = str(error)
    return [] if report == "ok" else [f"integrity_check: {report:.100}"]
