"""What all stages of one run share: the rules, the queries, the catalogue before it, and the rejects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lookalike.collecting.resumable_queries import ResumableQueries
from lookalike.collecting.wikidata import FEWEST_SITELINKS
from lookalike.gallery.catalogue import Celebrity, slug


@dataclass(frozen=True)
class CollectRules:
    """Which people and photos a maintainer wants. `occupations`: ids of Wikidata; `countries`: ISO 3166-1 codes."""

    photos_dir: Path
    photos_per_person: int
    width_px: int
    with_politicians: bool
    deny: frozenset[str]
    occupations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    fewest_sitelinks: int = FEWEST_SITELINKS


@dataclass(frozen=True)
class CollectReject:
    """A person or a photo that is not in the catalogue, and why."""

    celebrity: str
    name: str
    photo: str
    reason: str


@dataclass
class CollectRun:
    """One run. `previous`: the catalogue that is there, by id; its people stay where answers are missing."""

    rules: CollectRules
    queries: ResumableQueries
    previous: Mapping[str, Celebrity]
    rejects: list[CollectReject] = field(default_factory=list)

    def reject(self, id: str, name: str, reason: str, photo: str = "") -> None:
        """Note a person or a photo that cannot be used."""
        self.rejects.append(CollectReject(id, name, photo, reason))

    def is_denied(self, celebrity: Celebrity) -> bool:
        """Whether a deny-list has their id, or one of their names as folders are called."""
        return bool(self.rules.deny & {celebrity.id, *map(slug, celebrity.name.values())})
