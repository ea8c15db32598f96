"""What the collector left out of the catalogue: its `<catalogue>.rejects.csv`, read for the report."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from lookalike.indexing.report.links import web_address

ENDING = ".rejects.csv"
DEFAULT_CATALOGUE = "celebrities.jsonl"  # in the photos directory, where no catalogue is named
COMMONS = "https://commons.wikimedia.org/wiki/"


@dataclass(frozen=True)
class NotCollected:
    """A person, or one photo of a person, that is not in the catalogue, and why; '' where there is none."""

    celebrity: str  # id
    name: str
    photo: str  # title at Commons, such as `File:A.jpg`, or a link
    reason: str

    @property
    def link(self) -> str:
        """Where the photo can be seen; '' if there is no photo."""
        if self.photo.startswith("File:"):
            return COMMONS + quote(self.photo.replace(" ", "_"), safe=":")
        return web_address(self.photo)


def rejects_of(catalogue: Path | None, photos: Path) -> Path:
    """The file in which the collector of these photos keeps its rejects."""
    return (catalogue or photos / DEFAULT_CATALOGUE).with_suffix(ENDING)


def read_not_collected(path: Path) -> list[NotCollected]:
    """The rejects of the collector's last run; none if it never ran. Lines that are no rejects are passed over."""
    found = []
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                fields = [row.get(name) or "" for name in ("celebrity", "name", "photo", "reason")]
                if fields[-1]:
                    found.append(NotCollected(*fields))
    except (OSError, csv.Error):  # none, or cut off: the report shows what there is
        pass
    return found
