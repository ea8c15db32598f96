"""Attacks by a worker that a picture has taken over: nonsense for answers, files, other processes, endless work."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from faults import processes
from faults.rig import BotUnderTest, Rig, Row
from lookalike.core.paths import ROOT
from lookalike.workers.protocol import SIZES
from tests.support.hostile import rogue_worker
from tests.support.hostile.rogue_worker import HUGE_FRAME, RAW
from tests.support.hostile.sandbox_attempts import AS_NOBODY

NONSENSE = (HUGE_FRAME, SIZES.pack(7, 0) + b"no JSON", b"no frame", SIZES.pack(2, 9) + b"{}a secret")
PEAK_MB = 300  # of the bot
OTHERS_S = 5.0  # p95 of everybody else; each answer of nonsense costs the start of a worker
RATE_PER_S = 2.0
WORKERS = 2  # of the bot under test
ANSWER_S = 120.0

# Read by Python at the bot's start: its workers are the rogue ones, which do what a photo says.
PATCH = f"from lookalike.workers import worker_process\nworker_process.PROGRAM = {rogue_worker.__name__!r}\n"


async def taken_over(rig: Rig) -> list[Row]:
    """Each attack at a bot whose workers do what the photo says; and all that such a worker may try."""
    return [await _nonsense(rig), await _endless(rig), *await asyncio.to_thread(_attempts, rig)]


def _rogue_settings(rig: Rig) -> dict[str, Any]:
    folder = rig.scratch / "rogue"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(PATCH)
    return {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}


async def _nonsense(rig: Rig) -> Row:
    """Answers that are none, from one user's photos, while others send theirs."""
    async with rig.run_bot("A3", users=10, **_rogue_settings(rig)) as bot:
        # each answer costs two workers, and after five within a minute new ones start slower
        attack, p95_s = await _attack(rig, bot, [RAW + answer for answer in NONSENSE[: rig.size(4, 2)]])
        peak_mb = _peak_mb(bot.pid)
        await bot.photo(bot.users[0]).answered(ANSWER_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_S):
                while len(_workers(bot)) < WORKERS:
                    await asyncio.sleep(0.1)
        workers = _workers(bot)
        return await bot.row(
            "A3", "answers that are no JSON, announce 4 GB or carry other bytes", "others' p95 < 5 s; bot < 300 MB",
            holds=p95_s < OTHERS_S and peak_mb < PEAK_MB and len(workers) == WORKERS, refusals=attack,
            note=f"p95 {p95_s:.2f} s; peak {peak_mb} MB; {len(workers)} workers",
        )  # fmt: skip


async def _endless(rig: Rig) -> Row:
    """The same photo, which keeps its worker in a loop, several times."""
    async with rig.run_bot("A3", users=10, **_rogue_settings(rig)) as bot:
        before = _workers(bot)
        attack, p95_s = await _attack(rig, bot, [b"loop"] * 5)
        lost = len(before - _workers(bot))
        return await bot.row(
            "A3", "a photo that keeps its worker in a loop, sent five times", "one worker lost; others' p95 < 5 s",
            holds=p95_s < OTHERS_S and lost == 1, refusals=attack, note=f"p95 {p95_s:.2f} s; {lost} lost",
        )  # fmt: skip


async def _attack(rig: Rig, bot: BotUnderTest, photos: list[bytes]) -> tuple[int, float]:
    """Send these from a user of its own, beside others; how many, and the others' p95."""
    await bot.add_users(1)
    attacker = bot.users.pop()
    for photo in photos:
        bot.ledger.expect(attacker.document(photo))
    others = await bot.send_at_rate(RATE_PER_S, rig.size(30, 6))
    await bot.settle(ANSWER_S)
    return len(photos), bot.ledger.latency_s(95, others)


def _workers(bot: BotUnderTest) -> set[int]:
    return {pid for pid in processes.descendants(bot.pid) if rogue_worker.__name__.encode() in processes.command(pid)}


def _peak_mb(pid: int) -> int:
    """The most memory that a process has held (proc(5), VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM"))


def _attempts(rig: Rig) -> list[Row]:
    """Every attempt of rogue_worker.py, as an ordinary user, and in the long form as root where this user is."""
    rows = [_attempts_as("an ordinary user", AS_NOBODY if os.getuid() == 0 else [])]
    if os.getuid() == 0 and not rig.is_short:
        rows.append(_attempts_as("root", []))
    return rows


def _attempts_as(user: str, prefix: list[str]) -> Row:
    folder = Path(tempfile.mkdtemp(prefix="sandbox-"))
    try:
        folder.chmod(0o777)
        command = [*prefix, sys.executable, "-m", "tests.support.hostile.sandbox_attempts", str(folder)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    finally:
        shutil.rmtree(folder)
    found = json.loads(done.stdout)["worker"]
    broken = [what for what in rogue_worker.REFUSED if found[what] != "refused"]
    note = f"{len(rogue_worker.REFUSED)} attempts" + "".join(f"; not refused: {what}" for what in broken)
    return Row(
        "A3", f"files, other processes, locks, IPC from a worker, as {user}", "all refused", not broken, note=note
    )


SCENARIOS = {"A3": taken_over}
