"""Surfaces smoothed up to their edges, and edges as lines.

He, Sun & Tang, "Guided Image Filtering", ECCV 2010; Winnemöller, Kyprianidis & Olsen, "XDoG: An eXtended
difference-of-Gaussians compendium", Computers & Graphics 36, 2012, whose lines are smoothed along the flow of the edges
(Kang, Lee & Chui, "Coherent Line Drawing", NPAR 2007): what dots the blocks of a JPEG file leave become strokes.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates, sobel, uniform_filter

from lookalike.faces.drawing.avatar.lab_colour import Lab, Plane

ROUNDS, RADIUS_PX, EPSILON = 3, 6, 30.0  # of the smoothing; EPSILON in squared units of lightness
WIDER = 1.6  # the second Gaussian of a line, as in the XDoG paper (k)
FLOW_PX = 4.0  # over which the direction of edges is averaged
STROKE_STEPS = 4  # of a pixel and a half to each side, along a line


def guided(guide: Plane, plane: Plane, radius_px: int, epsilon: float) -> Plane:
    """A plane smoothed but for where the guide has edges of a contrast above sqrt(epsilon)."""
    mean, mean_guide = _mean(plane, radius_px), _mean(guide, radius_px)
    variance = _mean(guide * guide, radius_px) - mean_guide * mean_guide
    slope = np.asarray(
        (_mean(guide * plane, radius_px) - mean_guide * mean) / (variance + np.float32(epsilon)), dtype=np.float32
    )
    return np.asarray(_mean(slope, radius_px) * guide + _mean(np.asarray(mean - slope * mean_guide), radius_px))


def smoothed(lab: Lab, rounds: int = ROUNDS, epsilon: float = EPSILON) -> Lab:
    """Flat surfaces with their edges; lightness guides colours."""
    for _ in range(rounds):
        guide = np.ascontiguousarray(lab[..., 0])
        lab = np.stack([guided(guide, lab[..., plane], RADIUS_PX, epsilon) for plane in range(3)], axis=-1)
    return lab


def lines(lightness: Plane, sigma_px: float, sharpness: float, threshold: float, softness: float) -> Plane:
    """Ink, 1 for none and 0 for black, where a surface is dark beside a lighter one.

    `sharpness`, `threshold`, `softness`: p, epsilon and phi of the XDoG paper; lightness 0..100 counts as 0..1.
    """
    light = lightness / 100
    narrow, wide = gaussian_filter(light, sigma_px), gaussian_filter(light, sigma_px * WIDER)
    sharpened = _along_edges((1 + sharpness) * narrow - sharpness * wide, lightness)
    return np.asarray(np.where(sharpened >= threshold, 1, 1 + np.tanh(softness * (sharpened - threshold))))


def _along_edges(plane: Plane, lightness: Plane) -> Plane:
    """A plane averaged along the edges of another."""
    x, y = sobel(lightness, 1), sobel(lightness, 0)
    xx, yy, xy = (gaussian_filter(product, FLOW_PX, truncate=2.5) for product in (x * x, y * y, x * y))
    angle = np.arctan2(2 * xy, xx - yy) / 2 + np.pi / 2  # of the eigenvector of less change
    step_x, step_y = 1.5 * np.cos(angle), 1.5 * np.sin(angle)
    rows, columns = np.mgrid[: plane.shape[0], : plane.shape[1]].astype(np.float32)
    total, weights = plane.copy(), 1.0
    for step in range(1, STROKE_STEPS + 1):
        weight = float(np.exp(-((step / STROKE_STEPS) ** 2)))
        for side in (-step, step):
            at = [rows + side * step_y, columns + side * step_x]
            total += np.float32(weight) * map_coordinates(plane, at, order=1, mode="nearest")
        weights += 2 * weight
    return np.asarray(total / np.float32(weights))


def _mean(plane: Plane, radius_px: int) -> Plane:
    return np.asarray(uniform_filter(plane, 2 * radius_px + 1, mode="nearest"))
