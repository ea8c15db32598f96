"""The process that learns tastes from the ratings is killed while photos come: nobody waits, the old model stays."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from faults import processes
from faults.rig import BotUnderTest, Rig, Row
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.index_format import CELEBRITIES
from lookalike.store.store import Store
from lookalike.taste.model_directory import save_model
from lookalike.taste.ratings import ratings_of
from lookalike.taste.serving.served_tastes import DIRECTORY
from lookalike.taste.training import train
from lookalike.telegram_bot.operating.taste_trainer import PAUSES_S

RATERS, STARS = 60, 8
RATE_PER_S = 5.0
WAIT_S = 60.0
KILLED, USED = "tastes were not learned: ended by SIGKILL", "taste model: "


async def killed_training(rig: Rig) -> list[Row]:
    """A model is in use, and there are new ratings; each training is killed as soon as it runs."""
    rounds = rig.size(3, 1)
    killed = 0
    async with rig.run_bot("K5", is_started=False, TRAINING_AFTER="1") as bot:
        await asyncio.to_thread(_learn, bot.process.data / DIRECTORY)
        await _rate(bot.process.data, rig.materials.index)
        await bot.start()
        await bot.add_users(8)
        for attempt in range(rounds):
            photos = asyncio.create_task(bot.send_at_rate(RATE_PER_S, rig.size(20, 4)))
            pause_s = PAUSES_S[0] * 2 ** (attempt - 1) if attempt else 0.0
            killed += await _kill_training(bot, WAIT_S + pause_s, attempt + 1)
            await photos
        await bot.settle(WAIT_S)
        models = bot.process.log.count(USED)
        return [
            await bot.row(
                "K5", "kill -9 of the process that learns tastes", "0 lost; the model before stays in use",
                holds=killed == rounds and models == 1, rounds=rounds,
                note=f"{killed} killed and tried again later, {models - 1} models replaced the first",
            )
        ]  # fmt: skip


def _learn(directory: Path) -> None:
    """A model of a few made-up ratings."""
    directory.parent.mkdir(mode=0o700)
    save_model(train(ratings_of((f"p{one}", f"i{one % 7}", 1 + one % 9) for one in range(20))), directory)


async def _rate(data: Path, index: Path) -> None:
    """Put ratings of stars of the index into the store of a bot that is not running."""
    stars = [one.id for one in Celebrities.read(index / CELEBRITIES)[:STARS]]
    store = await Store.open(data, None, 30)
    people = range(1, RATERS + 1)
    await asyncio.gather(*(store.upsert_user(one, "Somebody", "en") for one in people))
    await asyncio.gather(*(store.rate(one, star, 1 + (one + len(star)) % 9) for one in people for star in stars))
    await store.close()


async def _kill_training(bot: BotUnderTest, at_most_s: float, times: int) -> bool:
    """Wait for the process and kill it; whether the bot has then said so that often."""
    try:
        async with asyncio.timeout(at_most_s):
            while not (found := _trainings(bot)):
                await asyncio.sleep(0.01)
            processes.send(found, signal.SIGKILL)
            while bot.process.log.count(KILLED) < times:
                await asyncio.sleep(0.05)
    except TimeoutError:
        return False
    return True


def _trainings(bot: BotUnderTest) -> list[int]:
    return [pid for pid in processes.descendants(bot.pid) if b"training_process" in processes.command(pid)]


SCENARIOS = {"K5": killed_training}
