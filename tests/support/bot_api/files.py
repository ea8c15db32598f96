"""Files Telegram keeps, and the sizes it makes of a photo."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, ImageOps

from tests.support.bot_api.calls import Json

PHOTO_SIDES_PX = (90, 320, 800, 1280)  # what Telegram makes of a photo, long side; no size is larger than the original
PHOTO_QUALITY = 87


@dataclass(eq=False, slots=True)
class StoredFile:
    """A file Telegram keeps."""

    file_id: str
    data: bytes | Callable[[], bytes] | None  # a callable makes it when somebody asks; None: not kept
    size_bytes: int  # as declared: a fault rig may lie
    path: str  # photos/file_12.jpg once there is a link
    content: Json = field(default_factory=dict)  # {"photo": [...]} or {"document": {...}} as messages show it

    def read(self) -> bytes | None:
        """The bytes, if they are kept."""
        if callable(self.data):
            self.data = self.data()
        return self.data

    @property
    def shown(self) -> Json:
        """The part of a PhotoSize or Document that every file has."""
        return {"file_id": self.file_id, "file_unique_id": f"AQAD{self.file_id[-8:]}", "file_size": self.size_bytes}


@lru_cache(maxsize=1024)
def photo_sizes(data: bytes) -> tuple[tuple[int, int, bytes], ...]:
    """(width, height, JPEG) of each size Telegram makes of a photo, smallest first: upright, RGB, no metadata."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = ImageOps.exif_transpose(opened)
        if picture.mode in ("RGBA", "LA", "P"):
            picture = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
        picture = picture.convert("RGB")
    made = []
    for width, height in fitting_sizes(*picture.size):
        out = io.BytesIO()
        picture.resize((width, height), Image.Resampling.LANCZOS).save(out, "JPEG", quality=PHOTO_QUALITY)
        made.append((width, height, out.getvalue()))
    return tuple(made)


def fitting_sizes(width: int, height: int) -> list[tuple[int, int]]:
    """(width, height) of each size Telegram makes of a picture this large, smallest first."""
    longest = max(width, height)
    sides = [side for side in PHOTO_SIDES_PX if side < longest] + [min(longest, PHOTO_SIDES_PX[-1])]
    scales = [side / longest for side in sorted(set(sides))]
    return [(max(1, round(width * scale)), max(1, round(height * scale))) for scale in scales]
