"""Photos that a worker has just found faces in, still decoded: the card that follows does not decode them again.

A photo is kept for KEPT_S at most, and never longer than until its card is drawn. The pool gives a card to the worker
that keeps its photo (job_queue.py).
"""

from __future__ import annotations

from collections import deque

from lookalike.faces.decoding import Picture, decode
from lookalike.faces.types import Refusal
from lookalike.workers.protocol import KEPT_PHOTOS

KEPT_S = 1.0  # without a request


class DecodedPhotos:
    """The last photos, decoded, by their bytes."""

    def __init__(self) -> None:
        self._kept: deque[tuple[bytes, Picture]] = deque(maxlen=KEPT_PHOTOS)

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, photo: bytes, picture: Picture) -> None:
        """Keep a photo for the card that is to follow; the oldest one goes."""
        self._kept.append((photo, picture))

    def take(self, photo: bytes) -> Picture | Refusal:
        """The photo decoded, now or before; it is kept no longer."""
        for one in self._kept:
            if one[0] == photo:
                self._kept.remove(one)
                return one[1]
        return decode(photo)

    def forget(self) -> None:
        """Keep none."""
        self._kept.clear()
