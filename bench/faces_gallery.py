"""Galleries of embeddings in memory, of the shared photos: what percentages, fame and stability are measured with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from embedded import Floats, embedded
from starter_photos import CATALOGUE, MINORS, people, plain

from lookalike.faces.finder import CHIP_PADDINGS
from lookalike.gallery.calibration import (
    BestMatches,
    Calibration,
    Owners,
    best_matches,
    fit,
    hub_corrections,
    score_corrections,
)
from lookalike.gallery.pooling import centroid

NOBODY = -1
FOLDERS = ("stars/photos", "faces/gallery", "faces/probes")


@dataclass(frozen=True, eq=False)
class PhotosOfPeople:
    """Embeddings (m, 128) of photos, whose they are (m,), rows of `names`, and Wikipedias (n,), NaN if unknown."""

    names: list[str]
    sitelinks: Floats
    photos: Floats
    owners: Owners

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Photos of each person."""
        return np.bincount(self.owners, minlength=len(self.names))


@dataclass(frozen=True, eq=False)
class MeasuredGallery:
    """A gallery as a build makes it, with fame in some weight."""

    centroids: Floats
    corrections: Floats
    calibration: Calibration

    def matches(self, probes: Floats, owners: Owners | None = None) -> BestMatches:
        """The best matches of probes, their own entry left out."""
        nobody = np.full(len(probes), NOBODY, np.int32)
        return best_matches(self.centroids, self.corrections, probes, nobody if owners is None else owners)

    def similarities(self, probes: Floats, owners: Owners | None = None) -> npt.NDArray[np.float64]:
        """The similarity of each probe to its star."""
        return np.array([self.calibration.similarity_of(float(one)) for one in self._standardised(probes, owners)])

    def _standardised(self, probes: Floats, owners: Owners | None) -> Floats:
        return self.matches(probes, owners).standardised(self.calibration)


def photos_of(folder: str) -> PhotosOfPeople:
    """The people of one folder of the shared photos."""
    found = embedded(folder)
    names, owners = np.unique(found.owners, return_inverse=True)
    unknown = np.full(len(names), np.nan, np.float32)
    return PhotosOfPeople(names.tolist(), unknown, found.embeddings(CHIP_PADDINGS), owners.astype(np.int32))


def photos_of_catalogue() -> PhotosOfPeople:
    """The people of assets/starter.jsonl with the photos that `make starter` takes."""
    celebrities = list(people(CATALOGUE))
    rows = {
        plain(name): row
        for row, one in reversed(list(enumerate(celebrities)))
        for name in (one.id, one.name_in("en"), *one.aliases.get("en", ()))
    }
    photos, owners = [], []
    for folder in FOLDERS:
        found = embedded(folder)
        source = folder.rpartition("/")[2]
        for name, embedding in zip(found.owners, found.embeddings(CHIP_PADDINGS), strict=True):
            if (row := rows.get(plain(name))) is not None and f"{source}/{plain(name)}" not in MINORS:
                photos.append(embedding)
                owners.append(row)
    kept, compact = np.unique(owners, return_inverse=True)
    order = np.argsort(compact, kind="stable")
    sitelinks = [celebrities[row].fame for row in kept]
    return PhotosOfPeople(
        names=[celebrities[row].id for row in kept],
        sitelinks=np.array([np.nan if one is None else one for one in sitelinks], np.float32),
        photos=np.array(photos, np.float32)[order],
        owners=compact[order].astype(np.int32),
    )


def gallery_of(people_photos: PhotosOfPeople, fame_weight: float = 0.0) -> MeasuredGallery:
    """The gallery of these photos, all of them used."""
    photos, owners = people_photos.photos, people_photos.owners
    centroids = np.stack([centroid(photos[owners == row])[0] for row in range(len(people_photos.names))])
    hubs = hub_corrections(centroids, photos, owners)
    added = score_corrections(hubs, owners, people_photos.sitelinks, fame_weight)
    best = best_matches(centroids, added, photos, owners)
    return MeasuredGallery(centroids, added, fit(best.scores, best.radii, owners))
