"""Which photos were sent and how each was answered; tests/test_faults.py tests this arithmetic.

A photo is answered by a message that replies to it and has either a percentage or the reason why there is none. Other
messages (the consent card, "you are number 12") are no answers.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field

from lookalike.faces.types import Reason
from lookalike.telegram_bot.texts import Texts
from tests.support.bot_api.calls import SENDS, Call
from tests.support.bot_api.users import Sent

QUIET_S = 0.3  # without a send before the count is final, so that repeated answers are seen
_texts = Texts("en")
REFUSALS = frozenset(_texts(name.replace("_", "-")) for name in (*Reason, "failed"))


@dataclass(eq=False, slots=True)
class SentPhoto:
    """One photo that was sent, and the messages that answered it."""

    sent: Sent
    picture: int  # index into the rig's pictures; -1: another one
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
    """All photos of a run, as a listener of the Bot API stand-in: `api.listeners.append(ledger.record)`."""

    def __init__(self) -> None:
        self.sent: list[SentPhoto] = []
        self.allowed_repeats = 0  # photos in flight at the kills: each may be answered once more
        self.noted = 0  # notices of the queue, such as "you are number 12"
        self._by_message: dict[tuple[int, int], SentPhoto] = {}
        self._last_send_at = time.monotonic()

    def expect(self, sent: Sent, picture: int = -1) -> SentPhoto:
        """Count a photo that has been sent."""
        photo = SentPhoto(sent, picture)
        self.sent.append(photo)
        self._by_message[sent.chat_id, sent.message_id] = photo
        return photo

    def record(self, call: Call) -> None:
        """Count a message that reached a chat."""
        if call.method not in SENDS or not call.ok:
            return
        self._last_send_at = time.monotonic()
        photo = self._by_message.get((call.chat_id or 0, call.reply_to or 0))
        if photo and _is_answer(call):
            photo.answers.setdefault(call.message["message_id"], (call.at, call.text))
            photo._done.set()
        self.noted += self.is_note(call)

    def is_note(self, call: Call) -> bool:
        """Whether a message is only a notice to wait."""
        return call.method == "sendMessage" and not _is_answer(call) and "consent:yes" not in call.buttons

    async def settle(self, timeout_s: float, sent: list[SentPhoto] | None = None) -> bool:
        """Wait until these photos (all of them) are answered and nothing more comes; False if that takes too long."""
        deadline = time.monotonic() + timeout_s
        for photo in self.sent if sent is None else sent:
            if not await photo.answered(deadline - time.monotonic()):
                return False
        while (rest_s := self._last_send_at + QUIET_S - time.monotonic()) > 0:
            await asyncio.sleep(rest_s)
        return True

    @property
    def photos(self) -> int:
        """Photos sent."""
        return len(self.sent)

    @property
    def waiting(self) -> list[SentPhoto]:
        """Photos without an answer: in flight now, lost at the end."""
        return [photo for photo in self.sent if not photo.answers]

    @property
    def lost(self) -> int:
        """How many photos have no answer."""
        return len(self.waiting)

    @property
    def repeated(self) -> int:
        """How many answers came beyond one a photo."""
        return sum(max(0, len(photo.answers) - 1) for photo in self.sent)

    @property
    def refused(self) -> int:
        """How many photos were answered by a refusal."""
        return sum(photo.is_refused for photo in self.sent)

    @property
    def inconsistent(self) -> int:
        """Pictures that got different answers: the same face must get the same star and percentage."""
        by_picture: dict[int, set[str]] = {}
        for photo in self.sent:
            if photo.picture >= 0:
                seen = by_picture.setdefault(photo.picture, set())
                seen |= {_percentages(words) for _, words in photo.answers.values() if "%" in words}
        return sum(len(words) > 1 for words in by_picture.values())

    def latency_s(self, percent: int, sent: list[SentPhoto] | None = None) -> float:
        """The latency that `percent` % of the answered photos do not exceed (nearest rank); infinite without any."""
        found = sorted(one.latency_s for one in (self.sent if sent is None else sent) if one.latency_s is not None)
        return found[max(0, -(-len(found) * percent // 100) - 1)] if found else float("inf")

    def answered_within_s(self, window_s: float) -> int:
        """The most answers that came within any window of this length."""
        times = sorted(at for photo in self.sent for at, _ in photo.answers.values())
        most, first = 0, 0
        for last, at in enumerate(times):
            while at - times[first] > window_s:
                first += 1
            most = max(most, last - first + 1)
        return most


def _is_answer(call: Call) -> bool:
    if call.method == "sendMediaGroup":  # the cards of a photo of several people, behind its answer
        return False
    return "%" in call.text or call.text in REFUSALS


def after(sent: list[SentPhoto], moment: float) -> float:
    """Seconds from `moment` to the last first answer of these photos; 0 if all came before, infinite if one did not."""
    times = [photo.answered_at for photo in sent]
    return max(itertools.chain((0.0,), (float("inf") if at is None else at - moment for at in times)))


def _percentages(words: str) -> str:
    """The lines of an answer that name stars and percentages; the other words differ from answer to answer."""
    return "\n".join(line for line in words.splitlines() if "%" in line)
