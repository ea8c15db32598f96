"""Reports of made-up celebrities with plain pictures."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lookalike.faces.types import EMBEDDING_SIZE, MODEL_SHA256, RECIPE
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.index_format import FORMAT_VERSION, METRIC, Manifest
from lookalike.indexing.duplicate_check import Suspects
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report.page import Report, write_report

MU, SIGMA = 0.52, 0.03
COUNTRIES = ("US", "FR", "BR")


def star(number: int, **changes: Any) -> Celebrity:
    """Celebrity `number` with two photos."""
    photos = (CelebrityPhoto(file=f"Q{number}/1.png"), CelebrityPhoto(file=f"Q{number}/2.png"))
    fields = {
        "id": f"Q{number}",
        "name": {"en": f"Star {number}", "ru": f"Звезда {number}"},
        "country": COUNTRIES[number % 3],
        "roles": ("actor",) if number % 2 else ("singer", "actor"),
        "gender": "female",
        "born": f"{1940 + number % 40}-01-01",
        "photos": photos,
    }
    return Celebrity.model_validate(fields | changes)


def draw(photos: Path, *files: str) -> Path:
    """Photos of 60 x 90 px in a photos directory."""
    for file in files:
        (photos / file).parent.mkdir(parents=True, exist_ok=True)
        Image.linear_gradient("L").resize((60, 90)).convert("RGB").save(photos / file)
    return photos


def manifest(celebrities: int, photos: int, recall: float = 1.0) -> Manifest:
    """A manifest of a gallery."""
    return Manifest(
        format_version=FORMAT_VERSION,
        built_at="2026-11-20T11:22:56+00:00",
        calibrated_at="2026-11-20T11:22:56+00:00",
        celebrities=celebrities,
        photos=photos,
        dimension=EMBEDDING_SIZE,
        metric=METRIC,
        hnsw={"m": 24, "ef_construction": 200, "ef_search": 100},
        graph_nodes=celebrities,
        mean_radius=0.5,
        fame_weight=0.0,
        mu=MU,
        sigma=SIGMA,
        radius_weight=0.67,
        min_similarity=0.01,
        recall_at_10=recall,
        recipe=RECIPE,
        model_sha256=MODEL_SHA256,
        files={},
        libraries={"nmslib": "2.1.2"},
    )


def report(
    people: Sequence[Celebrity], photos_dir: Path | None = None, rejects: Sequence[IndexReject] = (), **changes: Any
) -> Report:
    """A report of a good gallery of these people."""
    fields: dict[str, Any] = {
        "celebrities": people,
        "manifest": manifest(len(people), max(1, sum(len(one.photos) for one in people))),
        "best_scores": np.random.default_rng(1).normal(MU, SIGMA, 1000).astype(np.float32),
        "match_counts": np.full(len(people), 3, np.int32),
        "suspects": Suspects(),
        "rejects": rejects,
        "photos_dir": photos_dir,
    }
    return Report(**(fields | changes))


class ParsedPage(HTMLParser):
    """The elements of a page, (tag, attributes), and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        return [found for name, found in self.elements if name == tag and attributes.items() <= found.items()]


def page_of(one: Report, path: Path) -> ParsedPage:
    """The page that write_report makes of a report."""
    write_report(one, path)
    return ParsedPage(path.read_text(encoding="utf-8"))
