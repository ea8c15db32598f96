"""Edges stay, surfaces become flat, and dark lines become ink."""

import numpy as np

from lookalike.faces.drawing.avatar.edge_filters import guided, lines


def test_noise_goes_and_an_edge_stays() -> None:
    step = np.where(np.arange(80) < 40, 20.0, 80.0) * np.ones((80, 1))
    noisy = (step + np.random.default_rng(1).normal(0, 2, step.shape)).astype(np.float32)
    smooth = guided(noisy, noisy, 6, 30.0)

    assert smooth[:, :30].std() < 1
    assert abs(smooth[:, 41].mean() - smooth[:, 38].mean()) > 55


def test_ink_lies_on_a_dark_line_and_not_beside_it() -> None:
    plane = np.full((80, 80), 80, dtype=np.float32)
    plane[:, 39:42] = 30
    ink = lines(plane, 1.4, 15, 0.46, 9)

    assert ink[10:70, 40].max() < 0.1
    assert ink[10:70, 55:].min() > 0.95
