"""Telegram answers wrongly, slowly or not at all, method by method: the bot retries at a low rate and recovers."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from faults.ledger import SentPhoto, after
from faults.rig import BotUnderTest, Rig, Row
from tests.support.bot_api.calls import Call
from tests.support.bot_api.server import Fault, cut, error, html, raw, stall, too_many

METHODS = {
    "getUpdates": ("getUpdates",), "getFile": ("getFile",), "the download": ("file",),
    "sending": ("sendMessage", "sendPhoto"),
}  # fmt: skip
RECOVERY_S = 35.0
POLLS_PER_S = 2.0
GIVE_UP_S = 45.0  # for an answer after the fault has ended
PHOTOS = 3  # sent while it lasts
STALL_S = 60.0
FAULTS: dict[str, Fault] = {
    "401": error(401), "404": error(404), "403": error(403), "409": error(409), "429 for 2 s": too_many(2),
    "429 without a time": too_many(), "500": error(500), "502": error(502), "HTML": html(), "{}": raw(b"{}"),
    "[]": raw(b"[]"), "no result": raw(b'{"ok":true}'), "cut": cut,
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What one fault caused."""

    fault: str
    sent: list[SentPhoto]
    recovery_s: float  # from the end of the fault to the last answer; infinite if there is one missing
    polls_per_s: float  # without updates


async def every_method_every_fault(rig: Rig) -> list[Row]:
    """Each fault lasts some seconds while photos come in; one bot a method has all of them."""
    return list(await asyncio.gather(*(_method(rig, name) for name in METHODS)))


async def _method(rig: Rig, name: str) -> Row:
    duration_s = rig.size(5, 1)
    stall_s = STALL_S if not rig.is_short else 2.0
    cases = [(fault, how, float(duration_s)) for fault, how in FAULTS.items()]
    cases.append((f"stall {stall_s:.0f} s", stall(stall_s), stall_s))
    async with rig.run_bot("B1", WORKERS="1") as bot:
        async with bot.supervised():  # the watchdog ends the process after a minute of silence
            found = [await _fault(bot, name, case) for case in cases]
        slowest = max(found, key=lambda one: one.recovery_s)
        hottest = max(found, key=lambda one: one.polls_per_s)
        # a file that is missing by a new link too: its photo is refused
        refusals = sum(one.fault == "404" and name == "the download" for one in found) * PHOTOS
        wrong = [one for one in found if one.recovery_s > RECOVERY_S or one.polls_per_s > POLLS_PER_S]
        note = f"slowest: {slowest.fault}; at most {hottest.polls_per_s:.1f} polls/s ({hottest.fault})"
        if wrong:
            note += "; not held: " + ", ".join(_in_words(one) for one in wrong)
        return await bot.row(
            "B1", f"{len(cases)} faults of {name}",
            f"recovers < {RECOVERY_S:.0f} s; ≤ {POLLS_PER_S:.0f} polls/s; 0 lost",
            holds=not wrong, rounds=len(cases), recovery_s=slowest.recovery_s, note=note, refusals=refusals,
        )  # fmt: skip


async def _fault(bot: BotUnderTest, name: str, case: tuple[str, Fault, float]) -> Outcome:
    fault, how, duration_s = case
    calls = len(bot.api.calls)
    for method in METHODS[name]:
        bot.api.fault(method, how)
    sent = [bot.photo() for _ in range(PHOTOS)]
    await asyncio.sleep(duration_s)
    polls = sum(_is_idle_poll(call) for call in bot.api.calls[calls:])
    bot.api.clear()
    ended = time.monotonic()
    await bot.ledger.settle(GIVE_UP_S, sent)
    return Outcome(fault, sent, after(sent, ended), (polls - 1) / duration_s)  # the fault itself ended one poll


def _is_idle_poll(call: Call) -> bool:
    return call.method == "getUpdates" and not call.result


def _in_words(outcome: Outcome) -> str:
    lost = sum(not photo.answers for photo in outcome.sent)
    return f"{outcome.fault} (recovery {outcome.recovery_s:.0f} s, {outcome.polls_per_s:.1f} polls/s, {lost} lost)"


SCENARIOS = {"B1": every_method_every_fault}
