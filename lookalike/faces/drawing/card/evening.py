"""One tone curve for a picture of a face, so that two photos beside each other have a like exposure.

What is measured is the range of light in the whole picture, not the face: a picture that reaches neither black nor
white is stretched until it nearly does, at most by MOST. A face that is dark in a picture with something white in it
stays as dark as it is; no channel is moved against the others, so colours of skin are kept.
"""

from __future__ import annotations

from PIL import Image

MOST = 1.25  # by which light is multiplied at most
BLACK, WHITE = 14, 240  # where the darkest and the lightest of a picture are brought to, of 0..255
TAIL = 0.01  # of all px that may be darker or lighter
SAMPLED = 8  # the picture is measured in every eighth px of every eighth row
LEAST_RANGE = 64  # from dark to light; a picture of less is no photo of a face in any light
LEAST_GAIN = 1.05  # that is worth a curve


def evened(image: Image.Image) -> Image.Image:
    """The picture with its light stretched; RGB."""
    size = image.width // SAMPLED or 1, image.height // SAMPLED or 1
    counts = image.resize(size, Image.Resampling.NEAREST).convert("L").histogram()
    low, high = _quantile(counts, TAIL), _quantile(counts, 1 - TAIL)
    gain = min((WHITE - BLACK) / max(high - low, 1), MOST)
    if gain < LEAST_GAIN or high - low < LEAST_RANGE:
        return image
    dark = max((low + high - gain * (high - low)) / 2, min(low, BLACK))  # the middle stays, if there is room
    dark = min(dark, max(high, WHITE) - gain * (high - low))
    curve = [max(0, min(255, round(dark + gain * (value - low)))) for value in range(256)]
    return image.point(curve * 3)


def _quantile(counts: list[int], share: float) -> int:
    wanted, seen = share * sum(counts), 0
    for value, count in enumerate(counts):
        seen += count
        if seen > wanted:
            return value
    return 255
