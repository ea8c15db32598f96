"""Photos that were sent together arrive as an update each, without a count or an end: they are waited for.

Telegram gives them a common `media_group_id` and nothing else (tdlib/telegram-bot-api#339, #643). An album is complete
when it has as many as Telegram lets it have, or when nothing more of it has come for a while.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

QUIET_S = 1.5  # after the last photo; others wait 0.6-2.5 s (HKUDS/nanobot#1258, AstrBot#4893)
MOST_PHOTOS = 10  # of one album (core.telegram.org/bots/api#sendmediagroup)

Member = TypeVar("Member")
Answer = Callable[[list[Member]], Awaitable[None]]


@dataclass(eq=False)
class _Album(Generic[Member]):
    members: list[Member] = field(default_factory=list)
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Task[None] | None = None


class AlbumGatherer(Generic[Member]):
    """Brings the handlers of one album together: all wait for one task, which gets what each of them brought."""

    def __init__(self, quiet_s: float = QUIET_S) -> None:
        self._quiet_s = quiet_s
        self._open: dict[Hashable, _Album[Member]] = {}  # those that still grow

    async def join(self, key: Hashable, member: Member, answer: Answer[Member]) -> None:
        """Bring one photo of an album, and return when the album is answered; what `answer` raises is raised in all.

        A photo that comes after its album was complete begins another one.
        """
        album = self._open.get(key)
        if album is None:
            album = self._open[key] = _Album()
            album.answered = asyncio.create_task(self._answer(key, album, answer))
        album.members.append(member)
        album.grown.set()
        assert album.answered is not None  # noqa: S101 - set above
        try:
            await asyncio.wait([album.answered])
        except asyncio.CancelledError:  # the bot is being stopped
            album.answered.cancel()
            await asyncio.gather(album.answered, return_exceptions=True)
            raise
        album.answered.result()

    async def _answer(self, key: Hashable, album: _Album[Member], answer: Answer[Member]) -> None:
        try:
            with contextlib.suppress(TimeoutError):
                while len(album.members) < MOST_PHOTOS:
                    album.grown.clear()
                    async with asyncio.timeout(self._quiet_s):
                        await album.grown.wait()
        finally:
            del self._open[key]
        await answer(album.members)
