"""Rows of small pictures on one large one, to look at, and what the pictures cost."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PIL import Image

from lookalike.faces.types import Refusal

SMALL_PX = 240  # the height of a picture of a sheet


@dataclass
class Costs:
    """What pictures cost: CPU seconds and bytes of each, and why others were refused."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def of(self, make: Callable[..., bytes | Refusal], *arguments: object) -> bytes | None:
        """What `make` makes of its arguments; its cost is noted."""
        before = time.process_time()
        made = make(*arguments)
        if isinstance(made, Refusal):
            self.refused.append(str(made.reason))
            return None
        self.seconds.append(time.process_time() - before)
        self.sizes.append(len(made))
        return made

    def line(self, name: str) -> str:
        """All of it in one line."""
        refused = f"; refused: {', '.join(self.refused)}" if self.refused else ""
        first, *others = (round(seconds * 1000) for seconds in self.seconds)
        sizes = [round(size / 1000) for size in self.sizes]
        return (
            f"{len(sizes)} {name}: CPU median {statistics.median(others):.0f} ms, most {max(others)}, the first one"
            f" with loading {first}; median {statistics.median(sizes):.0f} kB, most {max(sizes)}{refused}"
        )


def small(data: bytes, high_px: int = SMALL_PX) -> Image.Image:
    """A picture that high, transparent parts grey."""
    image = Image.open(io.BytesIO(data)).convert("RGBA")
    width = round(image.width * high_px / image.height)
    image = image.resize((width, high_px), Image.Resampling.LANCZOS)
    return Image.alpha_composite(Image.new("RGBA", image.size, "grey"), image).convert("RGB")


def contact_sheet(rows: Sequence[Sequence[Image.Image]], in_a_row: int = 1) -> Image.Image:
    """The rows below each other, so many beside each other."""
    wide, high = max(sum(image.width for image in row) for row in rows), rows[0][0].height
    sheet = Image.new("RGB", (in_a_row * wide, -(-len(rows) // in_a_row) * high))
    for number, row in enumerate(rows):
        left = number % in_a_row * wide
        for image in row:
            sheet.paste(image, (left, number // in_a_row * high))
            left += image.width
    return sheet
