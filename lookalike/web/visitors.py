"""Limits per visitor of the page: uploads in flight, photos a minute, one match at a time.

A visitor is an address (IPv6: its /64 network): that of the connection or, if that is a trusted proxy's, the last one
in X-Forwarded-For that is not.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from lookalike.core.http.limits import RETRY_AFTER_S, Network, address_key, is_in

MAX_UPLOADS = 2  # of a visitor, in flight
PHOTOS_PER_MINUTE = 20  # matrix-media-repo: 60, with bursts of 10; Mastodon: 30 in 30 minutes of an account
MAX_KNOWN = 10_000  # visitors; beyond that, those with nothing to limit are forgotten


def visitor_of(request: HTTPConnection, proxies: tuple[Network, ...]) -> str:
    """The visitor that a request counts for."""
    address = request.client.host if request.client else ""
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    while hops and is_in(address, proxies):
        address = hops.pop()
    return address_key(address)


@dataclass
class _Visitor:
    photos: float  # that may be sent now
    at_s: float  # when that was so
    uploads: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Visitors:
    """Who has uploads in flight, and how many photos each may still send (a token bucket)."""

    def __init__(self, per_minute: int = PHOTOS_PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._known: dict[str, _Visitor] = {}

    def begin(self, visitor: str, photos: int = 1) -> int:
        """Count an upload of so many photos and return 0; or, if it is one too many, the seconds to wait."""
        if self._refilled(visitor).uploads >= MAX_UPLOADS:
            return RETRY_AFTER_S
        if wait_s := self.spend(visitor, photos):
            return wait_s
        self._known[visitor].uploads += 1
        return 0

    def spend(self, visitor: str, photos: int) -> int:
        """Take so many photos, or what costs as much, from what may still be sent, and return 0; or seconds to wait."""
        one = self._refilled(visitor)
        if one.photos < photos:
            return math.ceil((photos - one.photos) * 60 / self._per_minute)
        one.photos -= photos
        return 0

    def end(self, visitor: str) -> None:
        """An upload that was counted is answered or given up."""
        self._known[visitor].uploads -= 1

    def turn(self, visitor: str) -> asyncio.Lock:
        """Held while a photo is matched, so that each visitor has one in the queue for a worker."""
        return self._known[visitor].turn

    def _refilled(self, visitor: str) -> _Visitor:
        now_s = self._clock()
        if len(self._known) >= MAX_KNOWN and visitor not in self._known:
            self._known = {key: one for key, one in self._known.items() if one.uploads or self._photos(one, now_s) < 1}
        one = self._known.setdefault(visitor, _Visitor(self._per_minute, now_s))
        one.photos, one.at_s = self._photos(one, now_s), now_s
        return one

    def _photos(self, one: _Visitor, now_s: float) -> float:
        return min(self._per_minute, one.photos + (now_s - one.at_s) * self._per_minute / 60)
