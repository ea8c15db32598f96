"""What all stages of one run share: the rules, the queries, the catalogue before it, and the rejects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lookalike.collecting.fetching.resumable_queries import ResumableQueries
from lookalike.gallery.catalogue import Celebrity

FEWEST_SITELINKS = 10


@dataclass(frozen=True)
class CollectRules:
    """Which people and photos a maintainer wants.

    `deny`: ids and names of people; titles, links, SHA-1 and file names of photos. `occupations`: ids of Wikidata;
    `countries`: ISO 3166-1 codes. `admits_everybody` but those on the deny-list: they are in the gallery already.
    """

    photos_dir: Path
    photos_per_person: int
    width_px: int
    with_politicians: bool
    deny: frozenset[str]
    occupations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    fewest_sitelinks: int = FEWEST_SITELINKS
    admits_everybody: bool = False


@dataclass(frozen=True)
class CollectReject:
    """A person or a photo that is not in the catalogue, and why; not `is_final`: for want of an answer."""

    celebrity: str
    name: str
    photo: str
    reason: str
    is_final: bool = True


@dataclass
class CollectRun:
    """One run. `previous`: the catalogue that is there, by id; its people stay where answers are missing."""

    rules: CollectRules
    queries: ResumableQueries
    previous: Mapping[str, Celebrity]
    rejects: list[CollectReject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def excluded(self) -> dict[str, str]:
        """The people who may not be in the catalogue, by id, each with the reason."""
        return {one.celebrity: one.reason for one in self.rejects if not one.photo and one.is_final}

    def reject(self, id: str, name: str, reason: str, photo: str = "", *, is_final: bool = True) -> None:
        """Note a person or a photo that cannot be used."""
        self.rejects.append(CollectReject(id, name, photo, reason, is_final))

    def note(self, id: str, name: str, text: str) -> None:
        """Tell the maintainer what was decided about a person who is taken."""
        self.notes.append(f"{id} {name}: {text}")
