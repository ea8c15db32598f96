"""Which of several wordings an answer gets: the same one when it is sent again, another one for the next answer."""

from __future__ import annotations

import zlib
from collections import OrderedDict

VARIANTS = 10  # of each text that has some
REMEMBERED = 10_000


class Variants:
    """The wording that each user read last; a restart forgets them."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, tuple[str, int]] = OrderedDict()  # by user: the answer, its wording

    def choose(self, user_id: int, answer: str) -> int:
        """The number of the wording, 0 to VARIANTS - 1, for an answer; never that of the answer before it."""
        before, last = self._last.get(user_id, ("", -1))
        number = last if before == answer else zlib.crc32(answer.encode()) % VARIANTS
        if before != answer and number == last:
            number = (number + 1) % VARIANTS
        self._last[user_id] = answer, number
        self._last.move_to_end(user_id)
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        return number
