"""50 strangers turning into their stars: the strip of each pair, and what its video costs.

The star is the first one of the starter index of whom the shared folders have a photo with a face. Those photos have no
licence that lets them be changed: they are for this measurement, and nothing of them leaves .cache.

Tried and rejected: dense optical flow (OpenCV's DIS, medium preset, both ways, on the aligned faces with equal
histograms) in place of points. It takes 50 ms a pair, but finds no way between two people unless they are much alike:
about a third of the 50 half-way faces are torn or have a second eye or mouth, where light, glasses or beards differ or
a head is turned. By points eyes and mouths lie on each other in all of them, a face from the side with one from the
front least well; hair, hands and backgrounds are blended where they are.
"""

from __future__ import annotations

from pathlib import Path

from starter_photos import link_photos

from lookalike.faces.drawing.card.card import Card
from lookalike.faces.drawing.morph import morph_of, morph_strip, morph_video
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Face, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import SHOWN
from photos import FACES, ROOT
from pictures_of.contact_sheet import Costs, contact_sheet, small
from pictures_of.strangers import strangers

SOURCES = [FACES.parent / "stars" / "photos", FACES / "gallery", FACES / "probes"]


def draw_morphs(folder: Path) -> None:
    """Write the sheets and print what their videos cost."""
    strips, costs = [], Costs()
    for photo, card, star_photo in pairs(FaceFinder(), folder / "stars"):
        if costs.of(morph_file, photo, card, star_photo):
            strips.append(morph_strip_of(photo, card, star_photo))
    for first in range(0, len(strips), 20):
        rows = [[small(strip)] for strip in strips[first : first + 20]]
        contact_sheet(rows, in_a_row=2).save(folder / f"morphs-{first // 20 + 1}.png")
    print(costs.line("morphs"))


def morph_file(photo: bytes, card: Card, star_photo: bytes) -> bytes | Refusal:
    """The video, as a worker makes it."""
    morph = morph_of(photo, card, star_photo)
    return morph if isinstance(morph, Refusal) else morph_video(morph)


def morph_strip_of(photo: bytes, card: Card, star_photo: bytes) -> bytes:
    """The strip of a pair whose faces are known to be seen."""
    morph = morph_of(photo, card, star_photo)
    assert not isinstance(morph, Refusal)
    return morph_strip(morph)


def pairs(finder: FaceFinder, folder: Path) -> list[tuple[bytes, Card, bytes]]:
    """Strangers, the card of each, and the photo of the star; `folder`: where links to photos of stars are made."""
    gallery, files = Gallery.load(ROOT / "assets" / "starter"), link_photos(folder, SOURCES)
    found = []
    for photo, (face, *_) in strangers(finder):
        for neighbour in gallery.nearest(face.embedding, SHOWN):
            star = _with_face(finder, files.get(neighbour.celebrity.id, []))
            if star:
                found.append((photo, _card(face, star[1]), star[0]))
                break
    return found


def _with_face(finder: FaceFinder, files: list[Path]) -> tuple[bytes, Face] | None:
    """The first photo in which a face is found."""
    for file in files:
        faces = finder.find(photo := file.read_bytes())
        if isinstance(faces, tuple) and faces[0].eyes:
            return photo, faces[0]
    return None


def _card(face: Face, star: Face) -> Card:
    return Card(
        face.box, "", "", "", "", 50, "", "", face.turn, face.eyes, star.box, star.eyes, star.turn,
    )  # fmt: skip
