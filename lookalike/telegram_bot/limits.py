"""Small bounded memories: what was seen lately, and what may not be asked for again yet."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

REMEMBERED = 10_000


class RecentKeys:
    """The last keys that were added; a restart forgets them."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._keys: OrderedDict[Hashable, None] = OrderedDict()

    def add(self, key: Hashable) -> None:
        """Remember a key, and forget the oldest beyond `size`."""
        self._keys[key] = None
        if len(self._keys) > self._size:
            self._keys.popitem(last=False)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._keys


class ShownCards:
    """What the last cards show that were changed by a button: a second tap on it asks for nothing new."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._shown: OrderedDict[tuple[int, int], str] = OrderedDict()  # callback data by chat and message

    def shows(self, chat_id: int, message_id: int) -> str | None:
        """The callback data of what a card shows; None if it is not known."""
        return self._shown.get((chat_id, message_id))

    def put(self, chat_id: int, message_id: int, data: str) -> None:
        """Note what a card shows now, and forget the oldest card beyond `size`."""
        self._shown[chat_id, message_id] = data
        self._shown.move_to_end((chat_id, message_id))
        if len(self._shown) > self._size:
            self._shown.popitem(last=False)


class LastValues:
    """The last few texts that were kept for each user, the newest first; a restart forgets them."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._values: OrderedDict[int, tuple[str, ...]] = OrderedDict()  # by user, who was longest silent first

    def of(self, user_id: int) -> tuple[str, ...]:
        """The values of a user."""
        return self._values.get(user_id, ())

    def add(self, user_id: int, value: str) -> None:
        """Keep a value, and forget the oldest of this user, or the user who was longest silent."""
        self._values[user_id] = (value, *self.of(user_id))[: self._count]
        self._values.move_to_end(user_id)
        if len(self._values) > REMEMBERED:
            self._values.popitem(last=False)


class Cooldown:
    """Lets each user do something once in `period_s` seconds."""

    def __init__(self, period_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._period_s, self._clock = period_s, clock
        self._last: OrderedDict[int, float] = OrderedDict()  # by user, oldest first

    def take(self, user_id: int) -> bool:
        """True, and the time starts anew, if the user may; False if it is too early."""
        now = self._clock()
        if now - self._last.get(user_id, -self._period_s) < self._period_s:
            return False
        self._last[user_id] = now
        self._last.move_to_end(user_id)
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        return True

    def give_back(self, user_id: int) -> None:
        """Undo `take`: it did not come to that."""
        self._last.pop(user_id, None)
