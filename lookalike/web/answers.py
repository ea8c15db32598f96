"""An outcome as the page's API answers it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from lookalike.core.language.credits import is_share_alike
from lookalike.faces.drawing.portrait import portrait
from lookalike.faces.types import Box, Eyes
from lookalike.gallery.catalogue import PHOTO_ENDINGS, Celebrity, CelebrityPhoto
from lookalike.gallery.matching import Compared, ComparedOutcome, Match, Outcome, comparison_json, percent, to_json


def detailed_json(name: str, outcome: Outcome, language: str, photos_dir: Path) -> dict[str, Any]:
    """`to_json` with names in a language and, for each celebrity, what the page shows beside the name."""
    answer = to_json(name, outcome, language)
    if isinstance(outcome, Match):
        for face, found in zip(answer["faces"], outcome.faces, strict=True):
            face["square"] = _square(found.box, found.eyes)
            for one, neighbour in zip(face["matches"], found.neighbours, strict=True):
                one |= {"percent": percent(neighbour.similarity)}
                one |= star_details(neighbour.celebrity, neighbour.photo, language, photos_dir)
    return answer


def detailed_comparison(names: tuple[str, str], outcome: ComparedOutcome) -> dict[str, Any]:
    """`comparison_json` with what the page shows: the percentage, and where it cuts each photo."""
    answer = comparison_json(names, outcome)
    if isinstance(outcome, Compared):
        answer["percent"] = percent(outcome.comparison.similarity)
        answer["squares"] = [_square(face.box, face.eyes) for face in outcome.faces]
        answer["turns"] = [face.turn for face in outcome.faces]
    return answer


def star_details(star: Celebrity, photo: CelebrityPhoto | None, language: str, photos_dir: Path) -> dict[str, Any]:
    """What the page shows beside a star's name: link, description, photo with its credit and where it is cut."""
    shown = {"url": star.url_in(language), "description": star.description_in(language)}
    if photo is None or not is_photo(photos_dir, photo.file):
        return shown | {"photo": None, "credit": None, "square": None}
    credit = {key: getattr(photo, key) for key in ("author", "license", "license_url", "source_url")}
    credit["share_alike"] = is_share_alike(photo.license or "")
    square = photo.cut_at and _square(*photo.cut_at)
    return shown | {"photo": f"/photos/{quote(photo.file)}", "credit": credit, "square": square}


def _square(box: Box, eyes: Eyes | None) -> list[float]:
    """Left, top and side in px of where the page cuts a photo, and by how many degrees it turns the part."""
    square = portrait(box, eyes)
    return [*(round(edge, 1) for edge in (square.left, square.top, square.width)), square.turn]


def is_photo(photos_dir: Path, file: str) -> bool:
    """Whether a file that the catalogue names is there and has the name of a picture."""
    path = photos_dir / file
    return path.suffix.lower() in PHOTO_ENDINGS and path.is_file()
