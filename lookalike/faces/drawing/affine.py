"""Parts of a picture that are turned and made smaller at once."""

from __future__ import annotations

import math

from PIL import Image

Affine = tuple[float, float, float, float, float, float]  # of Pillow: from px of the part to px of the picture


def reduced(image: Image.Image, affine: Affine) -> tuple[Image.Image, Affine]:
    """A picture so much smaller that nothing is lost between the four px that a transform looks at, and the map to it.

    It is the same picture where the part is at least half as large as what it shows.
    """
    factor = int(math.hypot(affine[0], affine[3]))
    if factor < 2:
        return image, affine
    a, b, c, d, e, f = (number / factor for number in affine)
    return image.reduce(factor), (a, b, c, d, e, f)
