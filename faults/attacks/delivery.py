"""Attacks on delivery: answers that come late, long flood waits, a paused process, /delete and consent out of order."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

from faults.rig import STORE, BotUnderTest, Rig, Row
from faults.store_rows import count, empties
from lookalike.core.paths import ROOT
from tests.support.bot_api.calls import SENDS
from tests.support.bot_api.server import Call, accepted, error, stall, too_many
from tests.support.mongo_server import free_port

SEND = ("sendMessage", "sendPhoto")
ANSWER_S = 60.0
LATE = accepted(stall(3600.0))  # the message is taken; the answer comes much later than anybody waits
FLOOD_WAITS_S = (10, 60, 400, 3600)
PAUSED_S, SILENT_S, LOST_ANSWER_S = 4.0, 3.0, 1.0  # as the patched bot takes them

# Read by Python at the bot's start: less patience, so that what takes minutes takes seconds.
PATCH = f"""
from lookalike.core import watchdog
from lookalike.telegram_bot.delivery import raw_api, sender
watchdog.SILENT_S, watchdog.FROZEN_S = {SILENT_S}, {SILENT_S}
raw_api.POLL_S, raw_api.ANSWER_S, raw_api.SHORT_ANSWER_S = 0.5, 1.0, 1.0
sender.Sender.__init__.__defaults__ = ({LOST_ANSWER_S}, sender.PAUSE_AFTER_CUT_S)
"""


async def delivery(rig: Rig) -> list[Row]:
    """Each of them at a bot of its own."""
    attacks = _late_answers, _flood_waits, _flood_waits_by_webhook, _paused, _erasure_between_photos, _old_card
    return list(await asyncio.gather(*(attack(rig) for attack in attacks)))


def _impatient(rig: Rig) -> dict[str, Any]:
    folder = rig.scratch / "impatient"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(PATCH)
    return {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", "WORKERS": "1"}


def _store(bot: BotUnderTest) -> Path:
    return bot.process.data / STORE


async def _late_answers(rig: Rig) -> Row:
    """Every send is taken and answered too late, also after a kill."""
    photos = rig.size(20, 6)
    async with rig.run_bot("A5", users=photos, **_impatient(rig)) as bot:
        for method in SEND:
            bot.api.fault(method, LATE)
        sent = [bot.photo() for _ in range(photos)]
        await asyncio.gather(*(one.answered(ANSWER_S) for one in sent))
        await bot.kill()
        await bot.start()
        emptied = await empties(_store(bot), "journal WHERE state = 'new'", ANSWER_S)
        await bot.kill()
        await bot.start()
        bot.api.clear()
        worst = max(len(one.answers) for one in sent) - 1
        bot.ledger.allowed_repeats += photos
        return await bot.row(
            "A5", "each send is taken and answered an hour late; kill -9 in between", "≤ 1 repeated a photo, 0 lost",
            holds=worst <= 1 and emptied, rounds=2, note=f"at most {worst} repeated a photo",
        )  # fmt: skip


async def _flood_waits(rig: Rig) -> Row:
    """429 for polls, each wait longer than any silence the watchdog allows; then for sends."""
    waits_s = FLOOD_WAITS_S if not rig.is_short else FLOOD_WAITS_S[1:]
    hammered, ended = 0, 0
    async with rig.run_bot("A5", **_impatient(rig)) as bot:
        for wait_s in waits_s:
            for method in ("getUpdates", *SEND):
                bot.api.fault(method, too_many(wait_s))
            before = len(bot.api.calls)
            bot.api.redeliver()
            await bot.api.wait_for(lambda call: call.status == 429, ANSWER_S, since=before)
            await asyncio.sleep(2 * SILENT_S)  # longer than the watchdog would wait
            refused = [call for call in bot.api.calls[before:] if call.method == "getUpdates"]
            hammered += len(refused) - 1 - (refused[0].status != 429)
            ended += not bot.process.is_running
            await bot.kill()
            bot.api.clear()
            await bot.start()
        bot.photo()
        await bot.settle(ANSWER_S)
        return await bot.row(
            "A5", f"429 with retry_after {', '.join(map(str, waits_s))}", "the bot lives; no poll within the wait",
            holds=not hammered and not ended, rounds=len(waits_s),
            note=f"{hammered} polls too early, ended {ended} times",
        )  # fmt: skip


async def _flood_waits_by_webhook(rig: Rig) -> Row:
    """429 for sends, each wait longer than any silence the watchdog allows, to a bot that is told of photos."""
    waits_s = FLOOD_WAITS_S if not rig.is_short else FLOOD_WAITS_S[-1:]
    port, hammered, ended = free_port(), 0, 0
    settings: dict[str, Any] = {
        "TELEGRAM_WEBHOOK_URL": "https://bot.example/hook", "TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }  # fmt: skip
    api = {"webhook_front": f"http://127.0.0.1:{port}"}
    async with rig.run_bot("A5", users=1, api=api, **_impatient(rig), **settings) as bot:
        for wait_s in waits_s:
            for method in SEND:
                bot.api.fault(method, too_many(wait_s))
            before = len(bot.api.calls)
            bot.photo()
            await bot.api.wait_for(lambda call: call.status == 429, ANSWER_S, since=before)
            await asyncio.sleep(2 * SILENT_S)  # longer than the watchdog would wait
            hammered += sum(call.status == 429 for call in bot.api.calls[before:]) - 1
            ended += not bot.process.is_running
            await bot.kill()
            bot.api.clear()
            await bot.start()
            await bot.settle(ANSWER_S)
        return await bot.row(
            "A5", f"429 with retry_after {', '.join(map(str, waits_s))} for sends, updates by webhook",
            "the bot lives; no send within the wait", holds=not hammered and not ended, rounds=len(waits_s),
            note=f"{hammered} sends too early, ended {ended} times",
        )  # fmt: skip


async def _paused(rig: Rig) -> Row:
    """The whole process stands still, longer than its watchdog lets it be frozen or without a sign of Telegram."""
    rounds, ended = rig.size(5, 1), 0
    async with rig.run_bot("A5", **_impatient(rig)) as bot:
        for _ in range(rounds):
            bot.process.send(signal.SIGSTOP)
            bot.photo()
            await asyncio.sleep(PAUSED_S)
            bot.process.send(signal.SIGCONT)
            await bot.settle(ANSWER_S)
            ended += not bot.process.is_running
        return await bot.row(
            "A5", f"the process is paused for {PAUSED_S:.0f} s, its watchdogs set to {SILENT_S:.0f} s",
            "goes on, 0 lost", holds=not ended, rounds=rounds, note=f"ended {ended} times",
        )  # fmt: skip


async def _erasure_between_photos(rig: Rig) -> Row:
    """A photo, /delete and a photo in one batch: the first is closed, the second asks for consent anew."""
    rounds, wrong = rig.size(20, 4), 0
    async with rig.run_bot("A5", WORKERS="1") as bot:
        for number in range(rounds):
            person = bot.api.user(first_name=f"Wilhelmina {number}")
            bot.users.append(person)
            await bot.photo(person).answered(ANSWER_S)
            bot.users.remove(person)
            bot.api.fault("getUpdates", error(502))
            person.photo(bot.picture())
            person.text("/delete")
            after = person.photo(bot.picture())
            bot.api.clear("getUpdates")

            def answers(call: Call, message_id: int = after.message_id) -> bool:
                return call.ok and call.reply_to == message_id

            card = await bot.api.wait_for(answers, ANSWER_S)
            wrong += card.buttons != ["consent:yes", "consent:no"]
        consented = await asyncio.to_thread(count, _store(bot), "people WHERE consented")
        return await bot.row(
            "A5", "photo, /delete, photo in one batch", "the second asks for consent; nobody comes back",
            holds=not wrong and consented == len(bot.users), rounds=rounds,
            note=f"{wrong} answered otherwise; {consented - len(bot.users)} consents came back",
        )  # fmt: skip


async def _old_card(rig: Rig) -> Row:
    """Yes on a card from before /delete: a fresh card, and no consent."""
    rounds = rig.size(20, 4)
    async with rig.run_bot("A5", WORKERS="1") as bot:
        for _ in range(rounds):
            person = bot.api.user(first_name="Wilhelmina")
            card = await bot.api.answer_to(person.photo(bot.picture()), ANSWER_S)
            await bot.api.answer_to(person.text("/delete"), ANSWER_S)
            since = len(bot.api.calls)
            person.press(card, "consent:yes", forge=True)

            def is_card(call: Call, chat_id: int = person.id) -> bool:
                return call.ok and call.method in SENDS and call.chat_id == chat_id and "consent:yes" in call.buttons

            await bot.api.wait_for(is_card, ANSWER_S, since=since)
        consented = await asyncio.to_thread(count, _store(bot), "people WHERE consented")
        wrong = consented - len(bot.users)
        return await bot.row(
            "A5", "yes on a card from before /delete", "a fresh card, nothing recorded", holds=not wrong,
            rounds=rounds, note=f"{wrong} consents recorded",
        )  # fmt: skip


SCENARIOS = {"A5": delivery}
