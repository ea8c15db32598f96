"""Odd order: quick taps and commands, answers that cannot be read, a replay, signals on top of each other.

All at one bot, one after the other.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import time
from pathlib import Path

from faults import processes
from faults.index_damage import halves
from faults.ledger import SentPhoto
from faults.rig import NAME, STORE, BotUnderTest, Rig, Row
from faults.store_rows import count, empties
from lookalike.gallery.index_format import CELEBRITIES
from lookalike.gallery.replacing.replace_directory import replace_directory
from lookalike.telegram_bot.texts import Texts
from tests.support.bot_api.calls import SENDS
from tests.support.bot_api.server import Sent, accepted, raw, stall

TEST = "A4"
ANSWER_S = 60.0
ADMIN = 5_550_001_000_001
SIGNALS = 3  # while an index is being loaded
# Of a newer server: a message described in a form that python-telegram-bot cannot read.
DESCRIPTIONS = (b'{"message_id":"seven","date":"today","chat":5}', b'"sent"', b"[]")
NO_BOT = raw(b'{"ok":true,"result":{"id":"a bot","kind":"new"}}')
WAITING = "journal WHERE state = 'new'"
LOADED, FAILED = "new index:", "the new index cannot be loaded"


async def odd_order(rig: Rig) -> list[Row]:
    """Each case in turn, at the same bot."""
    home = rig.scratch / "A4"
    half, _ = await asyncio.to_thread(halves, rig.materials.index, home)
    live = home / "live"
    shutil.copytree(rig.materials.index, live)
    async with rig.run_bot(TEST, users=2, index=live, WORKERS="1", ADMIN_IDS=str(ADMIN)) as bot:
        rows = [
            await _three_taps(rig, bot),
            await _unreadable(rig, bot),
            await _exports(rig, bot),
            await _in_a_group(bot),
            await _replay(bot),
            await _no_process(bot),
            await _signals(rig, bot, live, half),
        ]
        return await bot.close_shared(rows)


async def _three_taps(rig: Rig, bot: BotUnderTest) -> Row:
    """Yes three times before the first is handled."""
    rounds, wrong, sent = rig.size(10, 2), 0, []
    again = Texts("en")("consent-stale")
    for _ in range(rounds):
        person = bot.api.user(first_name=NAME)
        photo = bot.ledger.expect(person.photo(bot.picture()))
        card = await bot.api.answer_to(photo.sent, ANSWER_S)
        for _ in range(3):
            person.press(card, "consent:yes", forge=True)
        await _answered(bot, [photo])
        calls = [call for call in bot.api.calls if call.chat_id == person.id]
        edits = sum(call.method == "editMessageText" for call in calls)
        wrong += edits != 1 or any(call.text == again for call in calls)
        bot.users.append(person)
        sent.append(photo)
    consented = await asyncio.to_thread(count, bot.process.data / STORE, "people WHERE consented")
    return _row(
        "three fast taps on yes", "one consent, one answer", sent, holds=not wrong and consented == len(bot.users),
        note=f"{wrong} times more than one edit or word",
    )  # fmt: skip


async def _unreadable(rig: Rig, bot: BotUnderTest) -> Row:
    """Each send is accepted and described in a way that cannot be read."""
    sent = []
    for description in DESCRIPTIONS[: rig.size(3, 2)]:
        for method in ("sendMessage", "sendPhoto"):
            bot.api.fault(method, accepted(raw(b'{"ok":true,"result":%b}' % description)))
        photos = [bot.photo() for _ in range(rig.size(5, 2))]
        await _answered(bot, photos)
        bot.api.clear()
        sent += photos
    return _row(
        "a send is accepted, its answer cannot be read", "counts as sent: 0 repeated, 0 apologies", sent,
        holds=not any(photo.is_refused for photo in sent),
    )  # fmt: skip


async def _exports(rig: Rig, bot: BotUnderTest) -> Row:
    """/export several times at once."""
    rounds, files = rig.size(10, 1), 0
    for _ in range(rounds):
        person, since = bot.api.user(first_name=NAME), len(bot.api.calls)
        bot.users.append(person)
        await bot.photo(person).answered(ANSWER_S)
        asked = [person.text("/export") for _ in range(3)]
        await _handled(bot, asked[-1])
        files += sum(call.ok and call.method == "sendDocument" for call in bot.api.calls[since:])
    return _row(
        "/export three times at once", "one file a minute", [], holds=files == rounds, rounds=rounds,
        note=f"{files} files for {rounds} users",
    )  # fmt: skip


async def _in_a_group(bot: BotUnderTest) -> Row:
    """An admin's commands in a group, and one that nobody knows."""
    admin = bot.api.user(ADMIN, NAME, chat_type="group")
    commands = ("stats", "reports", "reload", "unknown")
    asked = [admin.text(f"/{command}@stand_in_bot") for command in commands]
    await _handled(bot, asked[-1])
    told = [(call.method, call.text) for call in bot.api.calls if call.method in SENDS and call.chat_id == admin.id]
    return _row(
        "an admin's commands in a group", "as to a command that there is not", [], rounds=len(commands),
        holds=len(told) == len(commands) and len(set(told)) == 1, note=f"{len(set(told))} kinds of answers",
    )  # fmt: skip


async def _replay(bot: BotUnderTest) -> Row:
    """Two choices, of which the first was begun at a kill; and at the next start an answer that names no bot."""
    person = bot.api.user(first_name=NAME)
    bot.users.append(person)
    card = await bot.api.answer_to(person.text("/language"), ANSWER_S)
    bot.api.fault("editMessageText", stall(3600.0))
    since = len(bot.api.calls)
    person.press(card, "language:de")
    await bot.api.wait_for(lambda call: call.method == "editMessageText", ANSWER_S, since=since)
    second = person.press(card, "language:fr", forge=True)
    await _taken(bot, second)
    await bot.kill()
    bot.api.clear()
    bot.api.fail("getMe", NO_BOT)
    before = bot.process.log
    started_s = await bot.start()
    await empties(bot.process.data / STORE, WAITING, ANSWER_S)
    helped = await bot.api.answer_to(person.text("/help"), ANSWER_S)
    lines = bot.process.log.removeprefix(before)
    is_last = Texts("fr")("command-settings") in helped.text
    is_clear = lines.count("Telegram's answer to getMe cannot be read") == 1 and "Traceback" not in lines
    return _row(
        "two presses, kill -9 in the first; getMe cannot be read at the next start", "in their order; one clear line",
        [], holds=is_last and is_clear, rounds=1, recovery_s=started_s,
        note=f"{'the last' if is_last else 'not the last'} counts; {'one line' if is_clear else 'no clear line'}",
    )  # fmt: skip


async def _no_process(bot: BotUnderTest) -> Row:
    """SIGHUP while no process can be started to look at the index."""
    before = _count(bot, FAILED)
    with processes.no_new_files(bot.pid):
        bot.process.send(signal.SIGHUP)
        has_failed = await _logged(bot, FAILED, before + 1)
    photo = bot.photo()
    await bot.settle(ANSWER_S)
    before = _count(bot, LOADED)
    bot.process.send(signal.SIGHUP)
    is_taken = await _logged(bot, LOADED, before + 1)
    return _row(
        "SIGHUP while no process can be started", "the old gallery serves; the next one is taken", [photo],
        holds=has_failed and is_taken, note="failed, then taken" if has_failed and is_taken else "not so",
    )  # fmt: skip


async def _signals(rig: Rig, bot: BotUnderTest, live: Path, half: Path) -> Row:
    """SIGHUP, and while that index is looked at, a newer one and several more signals."""
    rounds, most, newest, sent = rig.size(10, 1), 0, 0, []
    whole = rig.materials.index
    line = f"{LOADED} {sum(1 for _ in (whole / CELEBRITIES).open('rb'))} "
    for _ in range(rounds):
        before = len(bot.process.log)
        await asyncio.to_thread(_replace, half, live)
        bot.process.send(signal.SIGHUP)
        most = max(most, await _looking(bot))
        await asyncio.to_thread(_replace, whole, live)
        for _ in range(SIGNALS):
            bot.process.send(signal.SIGHUP)
            await asyncio.sleep(0.02)  # so that each is seen
        until = time.monotonic() + ANSWER_S
        while (checks := _checks(bot)) or (line not in bot.process.log[before:] and time.monotonic() < until):
            most = max(most, len(checks))
            await asyncio.sleep(0.02)
        newest += line in LOADED + bot.process.log.rpartition(LOADED)[2]
        sent.append(bot.photo())
        await bot.settle(ANSWER_S)
    return _row(
        f"SIGHUP, a newer index, SIGHUP {SIGNALS} times", "one load at a time, the newest index serves", sent,
        holds=most == 1 and newest == rounds and not bot.ledger.inconsistent,
        note=f"{most} at a time, the newest {newest} of {rounds} times",
    )  # fmt: skip


def _replace(index: Path, live: Path) -> None:
    fresh = live.with_name("fresh")
    shutil.copytree(index, fresh)
    replace_directory(fresh, live)


def _checks(bot: BotUnderTest) -> list[int]:
    """The processes that look at an index."""
    return [pid for pid in processes.descendants(bot.pid) if b"load_check" in processes.command(pid)]


async def _looking(bot: BotUnderTest) -> int:
    """Wait until an index is looked at; by how many processes."""
    async with asyncio.timeout(ANSWER_S):
        while not (checks := _checks(bot)):  # nobody tells
            await asyncio.sleep(0.01)
    return len(checks)


def _count(bot: BotUnderTest, words: str) -> int:
    return bot.process.log.count(words)


async def _logged(bot: BotUnderTest, words: str, times: int) -> bool:
    """Wait until the log holds the words so many times; False if the bot ends or that takes too long."""
    deadline = time.monotonic() + ANSWER_S
    while _count(bot, words) < times:
        if time.monotonic() > deadline or not bot.process.is_running:
            return False
        await asyncio.sleep(0.05)
    return True


async def _answered(bot: BotUnderTest, photos: list[SentPhoto]) -> None:
    """Wait until these are answered and nothing more is to come."""
    await bot.settle(ANSWER_S)
    await _handled(bot, photos[-1].sent)


async def _handled(bot: BotUnderTest, last: Sent) -> None:
    """Wait until this is in the journal, and nothing waits there."""
    await _taken(bot, last)
    if not await empties(bot.process.data / STORE, WAITING, ANSWER_S):
        raise TimeoutError("updates are left in the journal")


async def _taken(bot: BotUnderTest, sent: Sent) -> None:
    """Wait until an update is acknowledged, hence in the journal."""
    async with asyncio.timeout(ANSWER_S):
        while sent.update_id not in bot.api.confirmed:
            await asyncio.sleep(0.02)


def _row(
    case: str, target: str, sent: list[SentPhoto], *, holds: bool, rounds: int | None = None,
    recovery_s: float | None = None, note: str = "",
) -> Row:  # fmt: skip
    """A row about these photos; it holds if each is answered once, too."""
    lost = sum(not photo.answers for photo in sent)
    repeated = sum(max(0, len(photo.answers) - 1) for photo in sent)
    return Row(
        TEST, case, target, holds and not lost and not repeated, len(sent) if rounds is None else rounds, len(sent),
        lost, repeated, None if recovery_s is None else round(recovery_s, 2), note,
    )  # fmt: skip


SCENARIOS = {TEST: odd_order}
