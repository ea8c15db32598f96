"""A load for a bot: people who consent and then send photos at a steady rate; what came of it, in numbers.

Run `python -m tests.support.bot_api --photos DIR --rate R --seconds S --users U --warm` while the bot, started
with the printed TELEGRAM_API_URL, polls. The schedule is kept whether or not answers come (an open loop), so a slow bot
shows.

A photo is answered by the first send to its chat that shows a photo or a percentage and replies to it, or, if it
replies to nothing, comes next in that chat. If only plain words come (a refusal, a note), the last of them counts.
"""

import argparse
import asyncio
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.support.bot_api.calls import SENDS, Call, Json
from tests.support.bot_api.files import photo_sizes
from tests.support.bot_api.users import Person, Sent

if TYPE_CHECKING:
    from tests.support.bot_api.server import BotApi

CONSENT = "consent:yes"
ANOTHER = "more.2:1"  # begins the data of the button for the second star
MAX_PICTURES = 200  # of the directory, in order of name: their sizes are made before and kept in memory
EDITS = frozenset({"editMessageMedia", "editMessageText"})
WARM_S = 3.0  # of load before the clock starts
QUIET_S = 1.0  # without a send before the end, so that repeated answers are seen


@dataclass(frozen=True, slots=True)
class Load:
    """What to play."""

    photos: Path
    rate_per_s: float
    duration_s: float
    users: int
    warm: bool
    ready_s: float  # at most, for the bot to poll, and for everybody's first photo to be answered
    drain_s: float  # at most, for answers after the last photo
    press_every: int = 0  # under every such answer the button for another star is pressed; 0: under none

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """Name the options."""
        parser.add_argument("--photos", type=Path, metavar="DIR", help="play a load with these pictures, then exit")
        parser.add_argument("--rate", type=float, default=10.0, metavar="R", help="photos a second")
        parser.add_argument("--seconds", type=float, default=10.0, metavar="S")
        parser.add_argument("--users", type=int, default=20, metavar="U", help="people, each in a private chat")
        parser.add_argument("--warm", action="store_true", help=f"{WARM_S:.0f} s of load before the clock starts")
        parser.add_argument("--ready", type=float, default=120.0, metavar="S", help="wait so long for the bot")
        parser.add_argument("--press", type=int, default=0, metavar="N", help="ask for another star of every Nth photo")
        parser.add_argument("--drain", type=float, default=60.0, metavar="S", help="wait so long for the last answers")

    @classmethod
    def read(cls, options: argparse.Namespace) -> Self | None:
        """Options as a load, or None if there is none to play."""
        if options.photos is None:
            return None
        return cls(
            options.photos, options.rate, options.seconds, options.users, options.warm, options.ready, options.drain,
            options.press,
        )  # fmt: skip


@dataclass(eq=False, slots=True)
class Shot:
    """One photo on its way."""

    sent: Sent
    answers: int = 0
    notes: int = 0
    answered_at: float = 0.0
    noted_at: float = 0.0

    @property
    def ended_at(self) -> float:
        """When the final answer came; 0 if none did."""
        return self.answered_at or self.noted_at

    @property
    def repeated(self) -> int:
        """Answers beyond the one there should be."""
        return max(0, (self.answers or self.notes) - 1)


@dataclass(eq=False, slots=True)
class Pressed:
    """A press under an answer: the message has to show another star, or another message to come."""

    sent: Sent
    shot: Shot
    ended_at: float = 0.0


class Audience:
    """The people, and what reaches them."""

    def __init__(self, api: "BotApi", users: int, press_every: int = 0) -> None:
        """Bring them together and listen."""
        self._press_every = press_every
        self._answers = 0
        self._presses: dict[tuple[int, int], Pressed] = {}  # by chat and message
        people = [api.user(first_name=f"User {number}", username=f"user_{number}") for number in range(users)]
        self._people = {person.id: person for person in people}
        self._next_person = itertools.cycle(self._people.values())
        self._shots: dict[tuple[int, int], Shot] = {}
        self._open: dict[int, deque[Shot]] = {chat: deque() for chat in self._people}
        self._waiting = 0
        self._all_answered = asyncio.Event()
        self.failed: Counter[str] = Counter()
        self.requests = 0
        self.last_send = time.monotonic()
        api.listeners.append(self._listen)

    def forget(self) -> None:
        """Start counting anew."""
        self._shots.clear()
        self._presses.clear()
        for shots in self._open.values():
            shots.clear()
        self._waiting = 0
        self.failed.clear()
        self.requests = 0

    @property
    def shots(self) -> list[Shot]:
        """The photos sent since the counting began."""
        return list(self._shots.values())

    @property
    def presses(self) -> list[Pressed]:
        """The presses since the counting began."""
        return list(self._presses.values())

    def send(self, picture: bytes) -> None:
        """The next person sends this photo."""
        person: Person = next(self._next_person)
        shot = Shot(person.photo(picture))
        self._shots[shot.sent.chat_id, shot.sent.message_id] = shot
        self._open[person.id].append(shot)
        self._waiting += 1
        self._all_answered.clear()

    async def play(self, pictures: "itertools.cycle[bytes]", count: int, rate_per_s: float) -> None:
        """Send photos on schedule."""
        start = time.monotonic()
        for number in range(count):
            delay_s = start + number / rate_per_s - time.monotonic()
            if delay_s > 0:
                await asyncio.sleep(delay_s)
            self.send(next(pictures))

    async def settle(self, timeout_s: float) -> bool:
        """Wait until every photo is answered and nothing more comes; False if that takes too long."""
        try:
            async with asyncio.timeout(timeout_s):
                if self._waiting:
                    await self._all_answered.wait()
                while (rest_s := self.last_send + QUIET_S - time.monotonic()) > 0:  # noqa: ASYNC110 - waits for silence
                    await asyncio.sleep(rest_s)
        except TimeoutError:
            return False
        return True

    def _listen(self, call: Call) -> None:
        if call.status == 0 and not call.ok:
            return None
        self.requests += 1
        if call.status >= 400:
            self.failed[f"{call.method} {call.status}"] += 1
        person = self._people.get(call.chat_id or 0)
        if person is None or not call.ok or call.method not in SENDS | EDITS:
            return None
        self.last_send = call.at
        if call.method in EDITS:
            return self._end_press(call)
        if CONSENT in call.buttons:
            person.press(call, CONSENT)
            return None
        shot = self._shot(call)
        if shot is None or call.method == "sendMediaGroup":  # the cards of a photo of two people, behind its answer
            return None
        if shot.answers and (pressed := self._open_press(shot)):  # a message instead of one that could not be edited
            pressed.ended_at = call.at
            return self._end_one()
        first = not shot.ended_at
        if "%" in call.text or "photo" in call.message:
            shot.answers += 1
            shot.answered_at = shot.answered_at or call.at
            self._press(person, call, shot)
        else:
            shot.notes += 1
            shot.noted_at = call.at
        if first:
            self._end_one()
        return None

    def _press(self, person: Person, answer: Call, shot: Shot) -> None:
        """Ask for another star under every so many answers."""
        button = next((one for one in answer.buttons if one.startswith(ANOTHER)), None)
        self._answers += 1
        if button and self._press_every and self._answers % self._press_every == 0:
            key = person.id, answer.message["message_id"]
            self._presses[key] = Pressed(person.press(answer, button), shot)
            self._waiting += 1

    def _end_press(self, edit: Call) -> None:
        pressed = self._presses.get((edit.chat_id or 0, edit.params.get("message_id", 0)))
        if pressed and not pressed.ended_at:
            pressed.ended_at = edit.at
            self._end_one()

    def _open_press(self, shot: Shot) -> Pressed | None:
        return next((one for one in self._presses.values() if one.shot is shot and not one.ended_at), None)

    def _end_one(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._all_answered.set()

    def _shot(self, call: Call) -> Shot | None:
        if call.reply_to is not None:
            return self._shots.get((call.chat_id or 0, call.reply_to))
        opened = self._open[call.chat_id or 0]
        while opened and opened[0].ended_at:
            opened.popleft()
        return opened[0] if opened else None


async def play(api: "BotApi", load: Load, on_start: Callable[[], None] = lambda: None) -> Json:
    """Play a load at the bot that polls `api`; the numbers. `on_start` is called when the clock starts."""
    paths = sorted(path for path in load.photos.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))
    if not paths:
        raise SystemExit(f"no pictures in {load.photos}")
    kept = [path.read_bytes() for path in paths[:MAX_PICTURES]]
    await asyncio.to_thread(lambda: [photo_sizes(picture) for picture in kept])
    pictures = itertools.cycle(kept)
    audience = Audience(api, load.users, load.press_every)

    try:
        await asyncio.wait_for(api.updates.fetching.wait(), load.ready_s)
    except TimeoutError:
        raise SystemExit(f"no bot came for updates within {load.ready_s} s") from None
    await audience.play(pictures, load.users, load.rate_per_s)  # everybody's first photo brings the consent card
    if not await audience.settle(load.ready_s):
        lost = sum(not shot.ended_at for shot in audience.shots)
        raise SystemExit(f"{lost} of {load.users} first photos were not answered within {load.ready_s} s")
    if load.warm:
        await audience.play(pictures, round(WARM_S * load.rate_per_s), load.rate_per_s)
        await audience.settle(load.drain_s)

    audience.forget()
    on_start()
    started, cpu_started = time.monotonic(), time.process_time()
    await audience.play(pictures, round(load.duration_s * load.rate_per_s), load.rate_per_s)
    await audience.settle(load.drain_s)
    return report(audience, started, time.process_time() - cpu_started)


def report(audience: Audience, started: float, cpu_s: float) -> Json:
    """The numbers of a load; times in the units their names end in."""
    shots = audience.shots
    ended = [shot for shot in shots if shot.ended_at]
    latencies = sorted(shot.ended_at - shot.sent.at for shot in ended)
    took_s = max((shot.ended_at for shot in ended), default=started) - started
    numbers: dict[str, Any] = {
        "photos_sent": len(shots),
        "answered": len(ended),
        "answered_in_words_only": sum(not shot.answers for shot in ended),
        "lost": len(shots) - len(ended),
        "repeated": sum(shot.repeated for shot in shots),
        "answers_per_s": round(len(ended) / took_s, 2) if took_s else 0.0,
        "latency_ms": {
            "p50": _percentile_ms(latencies, 50),
            "p95": _percentile_ms(latencies, 95),
            "p99": _percentile_ms(latencies, 99),
            "max": _percentile_ms(latencies, 100),
        },
        "presses": len(audience.presses),
        "presses_lost": sum(not one.ended_at for one in audience.presses),
        "presses_p95_ms": _percentile_ms(
            sorted(one.ended_at - one.sent.at for one in audience.presses if one.ended_at), 95
        ),
        "requests": audience.requests,
        "failed_requests": sum(audience.failed.values()),
        "failed": dict(audience.failed),
        "stand_in_cpu_s": round(cpu_s, 3),
        "stand_in_cpu_ms_per_answer": round(1000 * cpu_s / len(ended), 2) if ended else None,
    }
    return numbers


def _percentile_ms(ordered_s: list[float], percent: int) -> float | None:
    """The smallest value that `percent` % of the values do not exceed (nearest rank)."""
    if not ordered_s:
        return None
    return round(1000 * ordered_s[max(0, -(-len(ordered_s) * percent // 100) - 1)], 1)
