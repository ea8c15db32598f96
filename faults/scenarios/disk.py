"""The disk is full, or a process is killed during a write: no update is acknowledged early, no write half done."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from faults import ROOT, store_process
from faults.ledger import after
from faults.rig import STORE, BotUnderTest, Rig, Row, integrity_errors, skipped
from tests.support.bot_api.server import Call

DISK_MB = 8
FULL_S = 3.0  # how long it is full
PHOTOS = 10  # sent meanwhile
POLLS_PER_S = 2.0
DRAIN_S = 60.0


# A full disk


async def disk_full(rig: Rig) -> list[Row]:
    """The data directory is on a disk of 8 MB, which fills up in the middle of a load and is freed again."""
    case, target = "disk full while photos come in", "no ack without a journal row; 0 lost"
    data = rig.scratch / "S1" / "data"
    data.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=700", "tmpfs", str(data)]
    mounted = await asyncio.to_thread(subprocess.run, mount, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        return [skipped("S1", case, target, f"no file system can be mounted here ({mounted.stderr.strip()})")]
    try:
        async with rig.run_bot("S1", home=data.parent, users=10) as bot:
            rounds = [await _round(bot, is_killed=number % 2 == 1) for number in range(rig.size(20, 2))]
            early = sum(one.acked_too_early for one in rounds)
            hottest = max(one.polls_per_s for one in rounds)
            kept_back = sum(one.kept_back for one in rounds)
            return [
                await bot.row(
                    "S1", f"{case}, every other time with kill -9", target, rounds=len(rounds),
                    holds=not early and kept_back > 0 and hottest <= POLLS_PER_S,
                    recovery_s=max(one.recovery_s for one in rounds),
                    note=f"{early} acknowledged without a row, {kept_back} kept back by Telegram meanwhile, "
                    f"{hottest:.1f} polls/s",
                )
            ]  # fmt: skip
    finally:
        await asyncio.to_thread(subprocess.run, ["umount", str(data)], check=False)


@dataclass(frozen=True)
class _Full:
    """What one full disk caused."""

    acked_too_early: int  # updates
    kept_back: int  # updates that Telegram still had when the disk was freed
    polls_per_s: float
    recovery_s: float


async def _round(bot: BotUnderTest, *, is_killed: bool) -> _Full:
    filler = bot.process.data / "filler"
    earlier = [bot.photo() for _ in range(PHOTOS)]  # some of them are in work when the disk is full
    await asyncio.to_thread(_fill, filler)
    calls = len(bot.api.calls)
    sent = [bot.photo() for _ in range(PHOTOS)]
    await asyncio.sleep(FULL_S)
    polls = sum(_is_poll(call) for call in bot.api.calls[calls:])
    acked = set(bot.api.confirmed)  # before the journal is read: what is acknowledged must be there by now
    too_early = len(acked - await asyncio.to_thread(_journaled, bot.process.data / STORE))
    kept_back = sum(photo.sent.update_id not in acked for photo in sent)
    if is_killed:
        await bot.kill()
    filler.unlink()
    freed = time.monotonic()
    if is_killed:
        await bot.start()
    await bot.settle(DRAIN_S)
    return _Full(too_early, kept_back, polls / FULL_S, after(earlier + sent, freed))


def _is_poll(call: Call) -> bool:
    return call.method == "getUpdates"


def _fill(filler: Path) -> None:
    """Write until no page is left."""
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def _journaled(file: Path) -> set[int]:
    """The ids of all updates in the journal."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return {int(number) for (number,) in db.execute("SELECT update_id FROM journal")}


# Kills during a write


@dataclass(frozen=True)
class _Verb:
    """One transaction of the store, and the two states that may be found after a kill."""

    name: str
    does: str
    starts_filled: bool
    look: Callable[[sqlite3.Connection], object]
    before: object
    after: object


async def killed_store(rig: Rig) -> list[Row]:
    """SIGKILL at a random moment of the first start, of a migration, of a purge."""
    home = rig.scratch / "S2"
    async with _process("fill", home / "filled" / "data") as filling:
        await filling.wait()
    new = await _new_schema(home)
    answers, held = store_process.ANSWERS, store_process.PEOPLE
    verbs = (
        _Verb("open", "the first start", False, _schema, (0, frozenset()), new[0]),
        _Verb("migrate", "a migration", True, _schema, new[0], new[1]),
        _Verb("purge", "a purge", True, _kept, (answers, held, answers), (0, 0, 0)),
    )
    return [await _killed(rig, verb, home) for verb in verbs]


async def _killed(rig: Rig, verb: _Verb, home: Path) -> Row:
    rounds, chance = rig.size(50, 8), rig.random(f"S2 {verb.name}")
    found = {"before": 0, "after": 0}
    wrong: list[str] = []
    whole_s = await _undisturbed(verb, home)
    for number in range(rounds):
        data = _fresh(verb, home / f"{verb.name}-{number}")
        async with _process(verb.name, data) as child:
            await asyncio.sleep(chance.uniform(0.0, whole_s * 1.1))
        wrong += integrity_errors(data / STORE)
        seen = await asyncio.to_thread(_look, verb, data / STORE)
        moment = "before" if seen == verb.before else "after" if seen == verb.after else ""
        if not moment:
            wrong.append("neither old nor new")
        else:
            found[moment] += 1
        async with _process(verb.name, data) as child:  # the next start completes it
            if await child.wait() != 0 or await asyncio.to_thread(_look, verb, data / STORE) != verb.after:
                wrong.append("the next start does not complete it")
        await asyncio.to_thread(shutil.rmtree, data.parent)
    note = f"found as before {found['before']} times, as after {found['after']}; it takes {1000 * whole_s:.0f} ms"
    return Row(
        "S2", f"kill -9 during {verb.does}", "old or new, never between", not wrong, rounds,
        note="; ".join([note, *sorted(set(wrong))[:3]]),
    )  # fmt: skip


@contextlib.asynccontextmanager
async def _process(verb: str, data: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The store as a process that has just begun; it is killed at the end."""
    data.parent.mkdir(parents=True, exist_ok=True)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "faults.store_process", verb, str(data), cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert child.stdout is not None  # noqa: S101 - made with PIPE
        if await child.stdout.readline() != b"begin\n":
            raise RuntimeError(f"`faults.store_process {verb}` did not begin")
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def _undisturbed(verb: _Verb, home: Path) -> float:
    """Seconds it takes without a kill."""
    async with _process(verb.name, _fresh(verb, home / f"{verb.name}-undisturbed")) as child:
        began = time.monotonic()
        assert child.stdout is not None  # noqa: S101 - made with PIPE
        await child.stdout.readline()
        return time.monotonic() - began


def _fresh(verb: _Verb, home: Path) -> Path:
    """A data directory to begin with."""
    filled = home.parent / "filled"
    if verb.starts_filled:
        shutil.copytree(filled, home)
    return home / "data"


async def _new_schema(home: Path) -> tuple[object, object]:
    """What the schema looks like after the first start, and after the migration."""
    looks: list[object] = []
    data = home / "schema" / "data"
    for verb in ("open", "migrate"):
        async with _process(verb, data) as child:
            await child.wait()
        with contextlib.closing(sqlite3.connect(data / STORE)) as db:
            looks.append(_schema(db))
    return looks[0], looks[1]


def _look(verb: _Verb, file: Path) -> object:
    if not file.exists():
        return verb.before
    with contextlib.closing(sqlite3.connect(file)) as db:
        return verb.look(db)


def _schema(db: sqlite3.Connection) -> object:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    return version, frozenset(db.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))


def _kept(db: sqlite3.Connection) -> object:
    """How many answers, held photos and answers on their way to the user log there are."""
    count = functools.partial(_count, db)
    return count("answers"), count("held"), count("outbox WHERE kind = 'answer'")


def _count(db: sqlite3.Connection, rows: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])  # noqa: S608 -- our own names


SCENARIOS = {"S1": disk_full, "S2": killed_store}
