"""Panels of stars' photos, ready for a card, kept as JPEG.

As pixels each takes 1 MB; and opening one costs less than cutting it anew. Their colours have half the resolution, as
those of a card do: what a card would lose is not worth the time of opening it.
"""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from dataclasses import dataclass

from PIL import Image

from lookalike.faces.drawing.card.layout import Layout
from lookalike.faces.drawing.card.panel import AROUND_QUALITY, CardPanel, star_panel
from lookalike.faces.types import Box, Eyes

KEPT = 256  # some 50 KB each


@dataclass(frozen=True)
class _EncodedPanel:
    """A CardPanel whose picture is a JPEG."""

    jpeg: bytes
    zoom: float
    eyes_top: float

    @classmethod
    def of(cls, panel: CardPanel) -> _EncodedPanel:
        out = io.BytesIO()
        panel.image.save(out, "JPEG", quality=AROUND_QUALITY)
        return cls(out.getvalue(), panel.zoom, panel.eyes_top)

    def opened(self) -> CardPanel:
        with Image.open(io.BytesIO(self.jpeg), formats=("JPEG",)) as image:
            image.load()
            return CardPanel(image, self.zoom, self.eyes_top)


_Key = tuple[bytes, Box | None, Eyes | None, int, Layout]
_kept: OrderedDict[_Key, _EncodedPanel] = OrderedDict()  # the one that was used last at the end


def kept_star_panel(photo: bytes, box: Box | None, eyes: Eyes | None, turn: int, layout: Layout) -> CardPanel:
    """As `star_panel`; the last KEPT ones are not cut anew."""
    key = hashlib.blake2b(photo, digest_size=16).digest(), box, eyes, turn, layout
    if key in _kept:
        _kept.move_to_end(key)
    else:
        _kept[key] = _EncodedPanel.of(star_panel(photo, box, eyes, turn, layout))
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return _kept[key].opened()
