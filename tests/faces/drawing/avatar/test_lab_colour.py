"""Colours in Lab and back."""

import numpy as np

from lookalike.faces.drawing.avatar.lab_colour import to_lab, to_pixels


def test_known_colours_have_the_values_of_the_standard() -> None:
    lab = to_lab(np.array([[[255, 255, 255], [0, 0, 0], [255, 0, 0]]], dtype=np.uint8))

    np.testing.assert_allclose(lab[0], np.array([[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20]]), atol=0.05)


def test_every_colour_comes_back() -> None:
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    pixels = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)

    np.testing.assert_array_equal(to_pixels(to_lab(pixels)), pixels)
