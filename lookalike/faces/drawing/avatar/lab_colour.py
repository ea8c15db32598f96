"""CIE L*a*b* of sRGB: lightness, green to red, blue to yellow; equal distances look about equally different."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float32]  # (h, w)
Lab = npt.NDArray[np.float32]  # (h, w, 3): L 0..100, a and b about -100..100
Pixels = npt.NDArray[np.uint8]  # (h, w, 3) sRGB

# IEC 61966-2-1: linear sRGB to XYZ under D65, whose white is (0.95047, 1, 1.08883).
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ.sum(axis=1)
_TO_WHITE = (_TO_XYZ / _WHITE[:, None]).astype(np.float32)
_FROM_WHITE = np.linalg.inv(_TO_WHITE).astype(np.float32)
_LINEAR = np.where(
    (s := np.arange(256) / 255) <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4
).astype(np.float32)  # fmt: skip
_EPSILON, _KAPPA = np.float32(216 / 24389), np.float32(24389 / 27)  # CIE 15:2004


def to_lab(pixels: Pixels) -> Lab:
    """Lab of sRGB pixels."""
    xyz = _LINEAR[pixels] @ _TO_WHITE.T
    f = np.where(xyz > _EPSILON, np.cbrt(xyz), (_KAPPA * xyz + 16) / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def to_pixels(lab: Lab) -> Pixels:
    """The sRGB pixels of Lab; colours beyond sRGB are clipped."""
    y = (lab[..., 0] + 16) / 116
    f = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    cubed = f**3
    linear = np.clip(np.where(cubed > _EPSILON, cubed, (116 * f - 16) / _KAPPA) @ _FROM_WHITE.T, 0, 1)
    gamma = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(gamma * 255).astype(np.uint8)
