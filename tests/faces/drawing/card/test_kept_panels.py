"""Panels of stars that are kept for the next card."""

import numpy as np
import pytest

from lookalike.faces.drawing.card import kept_panels
from lookalike.faces.drawing.card.kept_panels import kept_star_panel
from lookalike.faces.drawing.card.layout import CHAT, Layout
from lookalike.faces.drawing.card.panel import CardPanel, star_panel
from lookalike.faces.types import Box
from tests.faces.drawing.card.plain_photos import BLUE, FACE, GREEN, JPEG_NOISE, RED, photo


@pytest.mark.parametrize("box", [FACE, None])
def test_a_kept_panel_looks_as_when_it_was_cut(astronaut: bytes, box: Box | None) -> None:
    cut = star_panel(astronaut, box, None, 0, CHAT)
    once, again = (kept_star_panel(astronaut, box, None, 0, CHAT) for _ in range(2))

    assert (once.zoom, once.eyes_top) == (again.zoom, again.eyes_top) == (cut.zoom, cut.eyes_top)
    assert once.image.tobytes() == again.image.tobytes()
    assert np.abs(np.asarray(cut.image, np.int16) - np.asarray(once.image, np.int16)).mean() < JPEG_NOISE / 4


def test_a_panel_is_cut_once_for_each_photo_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = []

    def counted(photo: bytes, box: Box | None, eyes: None, turn: int, layout: Layout) -> CardPanel:
        cut.append((box, turn))
        return star_panel(photo, box, eyes, turn, layout)

    monkeypatch.setattr(kept_panels, "star_panel", counted)
    monkeypatch.setattr(kept_panels, "_kept", type(kept_panels._kept)())
    for colour, box, turn in ((RED, FACE, 0), (RED, FACE, 0), (BLUE, FACE, 0), (RED, None, 0), (RED, FACE, 180)):
        kept_star_panel(photo(colour), box, None, turn, CHAT)

    assert cut == [(FACE, 0), (FACE, 0), (None, 0), (FACE, 180)]


def test_the_panel_that_was_used_longest_ago_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_panels, "_kept", type(kept_panels._kept)())
    monkeypatch.setattr(kept_panels, "KEPT", 2)
    for colour in (RED, BLUE, RED, GREEN):
        kept_star_panel(photo(colour), FACE, None, 0, CHAT)
    kept = list(kept_panels._kept)
    for colour in (RED, GREEN):
        kept_star_panel(photo(colour), FACE, None, 0, CHAT)

    assert list(kept_panels._kept) == kept
