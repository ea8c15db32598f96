"""What came of each photo: the rig's own arithmetic, which tests/test_faults.py holds to account.

A photo is answered by a message that replies to it and either shows a percentage or says why there is none. Everything
else (the consent card, "you are number 12") answers nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field

from lookalike.faces.types import Reason
from lookalike.telegram_bot.replies import Texts
from tests.support.bot_api.calls import SENDS, Call
from tests.support.bot_api.users import Sent

QUIET_S = 0.3  # without a send before the count is final, so that repeated answers are seen
_texts = Texts("en")
REFUSALS = frozenset(_texts(name.replace("_", "-")) for name in (*Reason, "failed"))


@dataclass(eq=False, slots=True)
class Shot:
    """One photo on its way, and the messages that answered it."""

    sent: Sent
    picture: int  # which one of the rig's pictures; -1: another
    answers: dict[int, tuple[float, str]] = field(default_factory=dict)  # message id -> arrival, words
    _done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def text(self) -> str:
        """The words of the first answer; empty while there is none."""
        return next((words for _, words in self.answers.values()), "")

    @property
    def answered_at(self) -> float | None:
        """time.monotonic() of the first answer."""
        return next((at for at, _ in self.answers.values()), None)

    @property
    def latency_s(self) -> float | None:
        """Seconds from the moment the photo was there to be fetched to its first answer."""
        return None if self.answered_at is None else self.answered_at - self.sent.at

    @property
    def is_refused(self) -> bool:
        """Whether the first answer is words without a percentage."""
        return bool(self.answers) and "%" not in self.text

    async def answered(self, timeout_s: float) -> bool:
        """Wait for the first answer; False if it does not come."""
        try:
            await asyncio.wait_for(self._done.wait(), timeout_s)
        except TimeoutError:
            return False
        return True


class Ledger:
    """All photos of a run. Make it a listener of the stand-in: `api.listeners.append(ledger.hear)`."""

    def __init__(self) -> None:
        self.shots: list[Shot] = []
        self.allowed_repeats = 0  # photos in flight at every kill: each may be answered once more
        self.noted = 0  # messages that answer no photo: "you are number 12"
        self._by_message: dict[tuple[int, int], Shot] = {}
        self._heard_at = time.monotonic()

    def expect(self, sent: Sent, picture: int = -1) -> Shot:
        """Count a photo that has been sent."""
        shot = Shot(sent, picture)
        self.shots.append(shot)
        self._by_message[sent.chat_id, sent.message_id] = shot
        return shot

    def hear(self, call: Call) -> None:
        """Count a message that reached a chat."""
        if call.method not in SENDS or not call.ok:
            return
        self._heard_at = time.monotonic()
        shot = self._by_message.get((call.chat_id or 0, call.reply_to or 0))
        if shot and _is_answer(call):
            shot.answers.setdefault(call.message["message_id"], (call.at, call.text))
            shot._done.set()
        self.noted += self.is_note(call)

    def is_note(self, call: Call) -> bool:
        """Whether a message only tells somebody to wait."""
        return call.method == "sendMessage" and not _is_answer(call) and "consent:yes" not in call.buttons

    async def settle(self, timeout_s: float, shots: list[Shot] | None = None) -> bool:
        """Wait until these photos (all of them) are answered and nothing more comes; False if that takes too long."""
        deadline = time.monotonic() + timeout_s
        for shot in self.shots if shots is None else shots:
            if not await shot.answered(deadline - time.monotonic()):
                return False
        while (rest_s := self._heard_at + QUIET_S - time.monotonic()) > 0:
            await asyncio.sleep(rest_s)
        return True

    @property
    def photos(self) -> int:
        """Photos sent."""
        return len(self.shots)

    @property
    def waiting(self) -> list[Shot]:
        """Photos without an answer: in flight now, lost at the end."""
        return [shot for shot in self.shots if not shot.answers]

    @property
    def lost(self) -> int:
        """Photos that nobody answered."""
        return len(self.waiting)

    @property
    def repeated(self) -> int:
        """Answers beyond the one that each photo should get."""
        return sum(max(0, len(shot.answers) - 1) for shot in self.shots)

    @property
    def refused(self) -> int:
        """Photos that were answered in words only."""
        return sum(shot.is_refused for shot in self.shots)

    @property
    def inconsistent(self) -> int:
        """Pictures that got different answers: the same face must get the same star and percentage."""
        by_picture: dict[int, set[str]] = {}
        for shot in self.shots:
            if shot.picture >= 0:
                seen = by_picture.setdefault(shot.picture, set())
                seen |= {words for _, words in shot.answers.values() if "%" in words}
        return sum(len(words) > 1 for words in by_picture.values())

    def latency_s(self, percent: int, shots: list[Shot] | None = None) -> float:
        """The latency that `percent` % of the answered photos do not exceed (nearest rank); infinite without any."""
        found = sorted(one.latency_s for one in (self.shots if shots is None else shots) if one.latency_s is not None)
        return found[max(0, -(-len(found) * percent // 100) - 1)] if found else float("inf")

    def answered_within_s(self, window_s: float) -> int:
        """The most answers that came within any window of this length."""
        times = sorted(at for shot in self.shots for at, _ in shot.answers.values())
        most, first = 0, 0
        for last, at in enumerate(times):
            while at - times[first] > window_s:
                first += 1
            most = max(most, last - first + 1)
        return most


def _is_answer(call: Call) -> bool:
    return "%" in call.text or call.text in REFUSALS


def after(shots: list[Shot], moment: float) -> float:
    """Seconds from `moment` to the last first answer of these photos; 0 if all came before, infinite if one did not."""
    times = [shot.answered_at for shot in shots]
    return max(itertools.chain((0.0,), (float("inf") if at is None else at - moment for at in times)))
