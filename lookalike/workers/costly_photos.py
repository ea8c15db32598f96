"""Photos that took a worker's whole time once: known by their SHA-256 for an hour, and not looked at meanwhile."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict

from lookalike.workers.protocol import Request

REMEMBERED_S = 3600.0
MAX_REMEMBERED = 10_000  # the oldest goes first: 10,000 in an hour is more than two a second, each of 8 s

Key = tuple[int, bytes]  # bytes of the photo, SHA-256 of everything in the request


class CostlyPhotos:
    """What was asked in vain lately. Requests are hashed in a thread: 20 MB take 10 to 60 ms."""

    def __init__(self) -> None:
        self._until_s: OrderedDict[Key, float] = OrderedDict()  # time.monotonic()

    async def add(self, request: Request) -> None:
        """Remember a request that met its deadline or its limit of CPU time."""
        self._until_s[await asyncio.to_thread(_key, request)] = time.monotonic() + REMEMBERED_S
        if len(self._until_s) > MAX_REMEMBERED:
            self._until_s.popitem(last=False)

    async def holds(self, request: Request) -> bool:
        """Whether a request is remembered; where none of its size is, it is not hashed."""
        self._forget_old()
        if not any(size == len(request.photo) for size, _ in self._until_s):
            return False
        return await asyncio.to_thread(_key, request) in self._until_s

    def _forget_old(self) -> None:
        now_s = time.monotonic()
        while self._until_s and next(iter(self._until_s.values())) <= now_s:
            self._until_s.popitem(last=False)


def _key(request: Request) -> Key:
    """A card is another request than the faces of the same photo: what is slow may be the other photo on it."""
    digest = hashlib.sha256(request.task.encode())
    for part in request.body:
        digest.update(part)
    return len(request.photo), digest.digest()
