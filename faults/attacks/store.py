"""Attacks and accidents around the store: an endless reader, huge exports, backups, a rotation that is killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import time
from pathlib import Path

from faults.rig import STORE, BotUnderTest, Rig, Row
from faults.store_process import RANKING
from lookalike.core.paths import ROOT
from lookalike.store.database import connect_read_only
from lookalike.store.encryption import Cipher
from lookalike.store.key_file import read_key
from lookalike.store.maintenance.inspection import check_file
from lookalike.store.store import HeldPhoto, Store

OTHERS_S = 5.0  # p95 of everybody else; each storage.py is a process of its own beside them
WAIT_MS = 100.0  # how long another job of the store may wait, longest
RATE_PER_S = 2.0
ANSWER_S = 60.0
USER = 7


async def store_attacks(rig: Rig) -> list[Row]:
    """All of them."""
    return [await _reader(rig), await _large_user(rig), await _backups(rig), await _killed_rotations(rig)]


async def _reader(rig: Rig) -> Row:
    """A process keeps a read transaction open while a user sends /delete and others send photos."""
    async with rig.run_bot("A7", users=4) as bot:
        leaving = bot.users.pop()
        sealed = await asyncio.to_thread(_sealed_of, bot, leaving.id)
        reader = connect_read_only(bot.process.data / STORE)
        with contextlib.closing(reader):
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM people").fetchone()
            began = time.monotonic()
            await bot.api.answer_to(leaving.text("/delete"), ANSWER_S)
            deleted_s = time.monotonic() - began
            others = await bot.send_at_rate(RATE_PER_S, rig.size(20, 3))
            await bot.settle(ANSWER_S)
            while_read = await asyncio.to_thread(_found, bot.process.data, sealed)
        began = time.monotonic()
        while (
            left := await asyncio.to_thread(_found, bot.process.data, sealed)
        ) and time.monotonic() - began < ANSWER_S:
            await asyncio.sleep(0.05)
        p95_s = bot.ledger.latency_s(95, others)
        return await bot.row(
            "A7", "a reader keeps its transaction open while a user sends /delete",
            f"others' p95 < {OTHERS_S:.0f} s; no sealed byte when the reader is gone",
            holds=p95_s < OTHERS_S and while_read > 0 and not left, recovery_s=time.monotonic() - began,
            note=f"p95 {p95_s:.2f} s; /delete answered after {deleted_s:.1f} s; {while_read} values left until then",
        )  # fmt: skip


def _sealed_of(bot: BotUnderTest, user_id: int) -> set[bytes]:
    """The sealed values of a user's rows."""
    cipher = Cipher(read_key(bot.process.data.with_name(bot.process.data.name + ".key")))
    tag = cipher.tag("person", user_id)
    with contextlib.closing(connect_read_only(bot.process.data / STORE)) as db:
        tables = ("people", "answers")
        return {
            value
            for table in tables
            for (value,) in db.execute(f"SELECT sealed FROM {table} WHERE person = ?", (tag,))  # noqa: S608 - our names
        }


def _found(data: Path, needles: set[bytes]) -> int:
    """How many of these are in any file of the data directory."""
    content = b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file())
    return sum(needle in content for needle in needles)


async def _large_user(rig: Rig) -> Row:
    """A user with 25,000 answers exports them, and 6,000 held photos are released, while others use the store."""
    answers, photos = rig.size(25_000, 2500), rig.size(6000, 100)
    store = await Store.open(rig.scratch / "A7-large" / "data", None, 30)
    await store.upsert_user(USER, "Many", "en")
    await asyncio.gather(
        *(store.record_answer(USER, "match", RANKING, chat_id=USER, message_id=number) for number in range(answers)),
        *(store.hold_photo(HeldPhoto(USER, USER, number, "file", 1)) for number in range(photos)),
    )
    waits_ms: list[float] = []

    async def others() -> None:
        while True:
            began = time.perf_counter()
            await store.get_user(1)
            waits_ms.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(0.005)

    waiting = asyncio.create_task(others())
    began = time.monotonic()
    size = len(await store.export_user(USER))
    exported_s, began = time.monotonic() - began, time.monotonic()
    while page := await store.held_photos(USER):
        for photo in page:
            await store.drop_held_photo(photo.chat_id, photo.message_id)
    released_s = time.monotonic() - began
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await store.close()
    longest = max(waits_ms)
    return Row(
        "A7", f"export of {answers:,} answers, release of {photos:,} held photos", f"others wait < {WAIT_MS:.0f} ms",
        longest < WAIT_MS, note=f"longest {longest:.0f} ms; export {exported_s:.1f} s, {size / 1e6:.1f} MB; "
        f"release {released_s:.1f} s",
    )  # fmt: skip


async def _backups(rig: Rig) -> Row:
    """storage.py --backup again and again beside the running bot; each backup is checked."""
    rounds = rig.size(20, 2)
    async with rig.run_bot("A7", users=6) as bot:
        sending = asyncio.create_task(bot.send_at_rate(RATE_PER_S, rounds))
        wrong = []
        for number in range(rounds):
            file = bot.process.data.parent / f"backup-{number}.sqlite3"
            key = bot.process.data.with_name(bot.process.data.name + ".key")
            if await _storage(bot.process.data, "--backup", str(file)) != 0:
                wrong.append("not made")
            else:
                wrong += (await asyncio.to_thread(check_file, file, key)).problems
        others = await sending
        await bot.settle(ANSWER_S)
        p95_s = bot.ledger.latency_s(95, others)
        return await bot.row(
            "A7", "storage.py --backup while photos come", f"each backup whole; others' p95 < {OTHERS_S:.0f} s",
            holds=not wrong and p95_s < OTHERS_S, rounds=rounds, note="; ".join([f"p95 {p95_s:.2f} s", *wrong[:3]]),
        )  # fmt: skip


async def _killed_rotations(rig: Rig) -> Row:
    """SIGKILL at a random moment of storage.py --rotate-key; what is left must open, whole, with the key left."""
    rounds, chance = rig.size(50, 5), rig.random("A7 rotation")
    home = rig.scratch / "A7-rotation"
    store = await Store.open(home / "filled" / "data", None, 30)
    for user_id in range(200):
        await store.upsert_user(user_id, f"User {user_id}", "en")
    whole = await store.export_user(USER)
    await store.close()
    key = read_key(home / "filled" / "data.key")
    shutil.copytree(home / "filled", home / "undisturbed")
    began = time.monotonic()
    await _storage(home / "undisturbed" / "data", "--rotate-key")
    whole_s = time.monotonic() - began
    found, wrong = {"old": 0, "new": 0}, 0
    for number in range(rounds):
        data = home / str(number) / "data"
        shutil.copytree(home / "filled", data.parent)
        await _storage(data, "--rotate-key", killed_after_s=chance.uniform(0.5, 1.2) * whole_s)
        store = await Store.open(data, None, 30)  # as the next start of the bot
        is_same = await store.export_user(USER) == whole
        await store.close()
        key_file = data.with_name("data.key")
        wrong += not is_same or bool(check_file(data / STORE, key_file).problems)
        found["old" if read_key(key_file) == key else "new"] += 1
    return Row(
        "A7", "kill -9 during storage.py --rotate-key", "the old key or the new one, nothing lost", not wrong, rounds,
        note=f"old {found['old']} times, new {found['new']}; it takes {1000 * whole_s:.0f} ms",
    )  # fmt: skip


async def _storage(data: Path, *arguments: str, killed_after_s: float | None = None) -> int | None:
    """Run storage.py; its exit status, or None if it was killed before its end."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "storage.py"), *arguments, env=os.environ | {"DATA_DIR": str(data)},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return await asyncio.wait_for(child.wait(), killed_after_s)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
        return None


SCENARIOS = {"A7": store_attacks}
