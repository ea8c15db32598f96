"""Comic, ink and poster: three ways to draw what is left of a photo when surfaces are flat and edges are lines."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.ndimage import gaussian_filter

from lookalike.faces.drawing.avatar.edge_filters import lines, smoothed
from lookalike.faces.drawing.avatar.features import Features
from lookalike.faces.drawing.avatar.lab_colour import Lab, Pixels, Plane, to_lab, to_pixels
from lookalike.faces.drawing.avatar.order import AvatarStyle

COLOURS = 16  # of a comic
SAMPLES = 4000  # pixels of which the colours are found
COLOUR_WEIGHT = 1.7  # of a and b beside L: skin and hair of one lightness stay two colours
VIVID = 1.08  # by which colours of a comic are stronger
FLAT = 0.8  # of a comic's surface that is its palette's; the rest is the photo's, smoothed

PAPER, INK = (250, 245, 234), (34, 30, 48)
POSTER = ((30, 24, 66), (112, 44, 124), (224, 92, 130), (255, 176, 128), (255, 238, 206))
POSTER_STEPS = (-34.0, -19.0, -5.5, 10.0)  # of lightness, from that of the skin
BACKGROUNDS = {
    AvatarStyle.COMIC: ((196, 230, 250), (150, 203, 238)),
    AvatarStyle.INK: (PAPER, (240, 231, 214)),
    AvatarStyle.POSTER: ((58, 150, 176), (34, 104, 140)),
}  # in the middle, and at the edge


@dataclass(frozen=True, eq=False)
class Subject:
    """What is drawn: Lab of the photo in good light, the person's mask, the parts of the face."""

    lab: Lab
    person: Plane
    features: Features

    @property
    def skin(self) -> float:
        """The lightness of the face."""
        face = self.features.face * self.person > 0.5
        return float(np.median(self.lab[..., 0][face])) if face.any() else 60.0


def drawn(subject: Subject, style: AvatarStyle) -> Pixels:
    """The person in a style; what lies around them is for the mask to hide."""
    match style:
        case AvatarStyle.COMIC:
            return _comic(subject)
        case AvatarStyle.INK:
            return _ink(subject)
        case AvatarStyle.POSTER:
            return _poster(subject)


def _comic(subject: Subject) -> Pixels:
    smooth = smoothed(subject.lab)
    weights = np.array([1, COLOUR_WEIGHT, COLOUR_WEIGHT], dtype=np.float32)
    is_person = subject.person > 0.5
    inside = (smooth[is_person] if is_person.any() else smooth.reshape(-1, 3)) * weights
    chosen = np.random.default_rng(0).integers(0, len(inside), SAMPLES)
    with warnings.catch_warnings(action="ignore"):  # of a picture with fewer colours
        palette, _ = kmeans2(inside[chosen], COLOURS, iter=12, seed=1, minit="++")
    palette = palette.astype(np.float32)
    points = smooth.reshape(-1, 3) * weights
    nearest = ((palette**2).sum(axis=1) - 2 * points @ palette.T).argmin(axis=1)
    flat = (palette[nearest] / weights).reshape(smooth.shape)
    flat = gaussian_filter(flat, (1, 1, 0))
    mixed = FLAT * flat + (1 - FLAT) * smooth
    mixed[..., 1:] *= VIVID
    mixed = _with_eyes(mixed, subject)
    ink = lines(_drawable(subject, smooth), 1.4, 15, 0.46, 9)
    mixed[..., 0] = np.maximum(mixed[..., 0] * (0.15 + 0.85 * ink), 95 * subject.features.highlights)
    return to_pixels(mixed)


def _ink(subject: Subject) -> Pixels:
    smooth = smoothed(subject.lab, 2)
    plane = _drawable(subject, smooth)
    ink = lines(plane, 1.3, 20, 0.52, 12)
    skin = subject.skin
    tone = gaussian_filter(smooth[..., 0], 1.5)
    hatch = 1 - 0.16 * _below(tone, skin - 9) - 0.16 * _below(tone, skin - 21)
    black = 1 - _below(tone, skin - 34)
    value = np.minimum(np.minimum(ink, hatch), black)
    value = np.maximum(value, subject.features.highlights)[..., None]
    return np.asarray(np.round(np.array(INK) + (np.array(PAPER) - np.array(INK)) * value), dtype=np.uint8)


def _poster(subject: Subject) -> Pixels:
    smooth = smoothed(subject.lab, 2)
    plane = _drawable(subject, smooth)
    tone = gaussian_filter(0.75 * smooth[..., 0] + 0.25 * plane, 1.2) - 7 * subject.features.lips
    colours = to_lab(np.array([POSTER], dtype=np.uint8))[0]
    lab = np.broadcast_to(colours[0], subject.lab.shape).copy()
    for step, colour in zip(POSTER_STEPS, colours[1:], strict=True):
        above = (1 - _below(tone, subject.skin + step))[..., None]
        lab = lab * (1 - above) + colour * above
    eyes = (subject.features.eyes * np.clip((subject.lab[..., 0] - subject.skin + 12) / 10, 0, 1))[..., None]
    lab = lab * (1 - eyes) + colours[-1] * eyes
    ink = lines(plane, 1.4, 17, 0.46, 9)[..., None]
    lab = colours[0] + (lab - colours[0]) * ink
    light = subject.features.highlights[..., None]
    return to_pixels((lab * (1 - light) + colours[-1] * light).astype(np.float32))


def _drawable(subject: Subject, smooth: Lab) -> Plane:
    """The lightness that lines are found in: smooth, but for eyes and mouth."""
    detail = 0.35 + 0.4 * np.maximum(subject.features.eyes, subject.features.lips)
    return np.asarray(smooth[..., 0] * (1 - detail) + gaussian_filter(subject.lab[..., 0], 0.8) * detail)


def _with_eyes(lab: Lab, subject: Subject) -> Lab:
    """Eyes as they are in the photo, their whites lighter."""
    eyes = subject.features.eyes[..., None]
    clear = subject.lab.copy()
    clear[..., 0] = np.clip((clear[..., 0] - subject.skin) * 1.35 + subject.skin + 6, 3, 97)
    return np.asarray(lab * (1 - eyes) + clear * eyes)


def _below(plane: Plane, limit: float) -> Plane:
    """1 below a limit, 0 above, with a soft step of a unit and a half."""
    return np.asarray(np.clip((limit - plane) / 1.5 + 0.5, 0, 1), dtype=np.float32)
