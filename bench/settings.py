"""Settings of the matching, chosen beyond their noise: each photo of the gallery is named by all the others.

    .venv/bin/python bench/settings.py

Leave one photo out, over all of FACES/gallery: a probe is one photo, its person's mean is that of the person's other
photos, everybody else's that of all of theirs. A setting is compared with the one in use by the photos that only one of
them names right (McNemar's exact test): `better` and `worse` are these photos, `p` is how likely such a difference is
by chance. Then, without an advantage for the person who is left with fewer photos: galleries of a random part of each
person's photos, and how often celebrities with one photo are the best match of strangers, 1 being their share.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from embedded import Embedded, Floats, embedded
from record import keep, table
from scipy.stats import binomtest

from lookalike.faces.quality import MORE_FACES, gates
from lookalike.gallery.calibration import FEW_PHOTOS, HUB_WEIGHT, distance_matrix, hub_radii
from lookalike.gallery.pooling import SAME_PERSON, centroid

Rows = npt.NDArray[np.int64]
DRAWS, SEED = 6, 0
FAR = 9.0  # from a celebrity who has no photo left


@dataclass(frozen=True)
class Matching:
    """The settings of one row.

    `without`: gates that are off; `crowds`: photos with more faces are `in` where they agree with the others, as in
    photo_selection.py, or `out`.
    """

    paddings: tuple[float, ...] = (0.25,)
    mirror: bool = True
    hub_weight: float = HUB_WEIGHT
    few_photos: float = FEW_PHOTOS
    drops_outliers: bool = True
    without: frozenset[str] = frozenset()
    crowds: str = "in"


IN_USE = Matching()
OTHERS: dict[str, Matching] = {
    "padding 0.20": replace(IN_USE, paddings=(0.20,)),
    "padding 0.23": replace(IN_USE, paddings=(0.23,)),
    "padding 0.27": replace(IN_USE, paddings=(0.27,)),
    "padding 0.30": replace(IN_USE, paddings=(0.30,)),
    "paddings 0.20 and 0.30": replace(IN_USE, paddings=(0.20, 0.30)),
    "paddings 0.25 and 0.30": replace(IN_USE, paddings=(0.25, 0.30)),
    "five paddings": replace(IN_USE, paddings=(0.20, 0.23, 0.25, 0.27, 0.30)),
    "no mirror image": replace(IN_USE, mirror=False),
    "hub weight 0": replace(IN_USE, hub_weight=0.0),
    "hub weight 0.25": replace(IN_USE, hub_weight=0.25),
    "hub weight 1": replace(IN_USE, hub_weight=1.0),
    "few photos 0": replace(IN_USE, few_photos=0.0),
    "few photos 0.05": replace(IN_USE, few_photos=0.05),
    "outliers stay": replace(IN_USE, drops_outliers=False),
    "no gate: more than one face": replace(IN_USE, without=frozenset({MORE_FACES})),
    "more than one face: never used": replace(IN_USE, crowds="out"),
    **{
        f"no gate: {name}": replace(IN_USE, without=frozenset({name}))
        for name in ("face too small", "a drawing", "too dark or too pale", "blurred", "turned away", "too tilted")
    },
    "padding 0.30, more than one face never, few photos 0": Matching((0.30,), few_photos=0.0, crowds="out"),
}


class People:
    """The photos of the gallery by person: `owners` (m,), `rows[p]` those of person p, gates failed by each photo."""

    def __init__(self, photos: Embedded) -> None:
        self.photos = photos
        names, self.owners = np.unique(photos.owners, return_inverse=True)
        self.count = len(names)
        self.rows = [np.flatnonzero(self.owners == person) for person in range(self.count)]
        self._failed = [
            {gate.reason: gate for gate in gates(photos.photo(row)) if gate.nearness > 1} for row in range(len(self))
        ]

    def __len__(self) -> int:
        return len(self.owners)

    def used(self, rows: Sequence[int] | Rows, embeddings: Floats, setting: Matching) -> Rows:
        """Which of one person's photos a gallery would use."""
        failed = {row: [g for reason, g in self._failed[row].items() if reason not in setting.without] for row in rows}
        chosen = [row for row in rows if not failed[row]]
        if chosen and setting.crowds == "in":
            mean = embeddings[chosen].mean(axis=0)
            chosen += [
                row for row in rows
                if [gate.reason for gate in failed[row]] == [MORE_FACES]
                and np.linalg.norm(embeddings[row] - mean) <= SAME_PERSON
            ]  # fmt: skip
        if not chosen:
            hard = {MORE_FACES} if setting.crowds == "out" else set()
            soft = {
                row: max(gate.nearness for gate in found) for row, found in failed.items()
                if not any(gate.is_hard or gate.reason in hard for gate in found)
            }  # fmt: skip
            chosen = [min(soft, key=lambda row: soft[row])] if soft else []
        return np.array(chosen, dtype=np.int64)


def mean_of(embeddings: Floats, setting: Matching) -> Floats:
    """The mean (128,) of one person's photos; far from everybody if there are none."""
    if not len(embeddings):
        return np.full(128, FAR, np.float32)
    return centroid(embeddings)[0] if setting.drops_outliers else embeddings.mean(axis=0)


def right_names(people: People, setting: Matching) -> npt.NDArray[np.bool_]:
    """Whether each photo (m,) is named right by all the others."""
    embeddings = people.photos.embeddings(setting.paddings, mirror=setting.mirror)
    used = [people.used(rows, embeddings, setting) for rows in people.rows]
    centroids = np.stack([mean_of(embeddings[rows], setting) for rows in used])
    kept = np.concatenate(used)
    owners = people.owners[kept].astype(np.int32)
    radii = hub_radii(centroids, embeddings[kept], owners, np.arange(people.count))
    middle = float(radii[[len(rows) > 0 for rows in used]].mean())
    few = setting.few_photos / np.array([max(1, len(rows)) for rows in used])
    scores = distance_matrix(embeddings, centroids) - setting.hub_weight * (radii - middle) - few
    right = np.zeros(len(people), dtype=bool)
    for photo, person in enumerate(people.owners):
        rest = people.used(people.rows[person][people.rows[person] != photo], embeddings, setting)
        own = mean_of(embeddings[rest], setting)
        others = np.linalg.norm(embeddings[kept[owners != person]] - own, axis=1)
        radius = float(np.partition(others, 20)[:20].mean())
        scores[photo, person] = np.linalg.norm(embeddings[photo] - own) - setting.few_photos / max(1, len(rest))
        scores[photo, person] -= setting.hub_weight * (radius - middle) if len(rest) else 0
        right[photo] = scores[photo].argmin() == person
    return right


def compared(name: str, right: npt.NDArray[np.bool_], in_use: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """A row of the table."""
    better, worse = int((right & ~in_use).sum()), int((in_use & ~right).sum())
    p = binomtest(better, better + worse).pvalue if better + worse else 1.0
    return {
        "setting": name, "right": round(100 * float(right.mean()), 2), "better": better, "worse": worse,
        "p": round(float(p), 4),
    }  # fmt: skip


def few_photos(people: People, strangers: Floats, weight: float) -> dict[str, Any]:
    """Galleries of a random part of each person's photos: names, and the share of those with one photo."""
    embeddings, random = people.photos.embeddings(IN_USE.paddings), np.random.default_rng(SEED)
    wrong = probes = 0
    shares, most = [], []
    for _ in range(DRAWS):
        drawn = [random.permutation(rows)[: random.integers(1, len(rows))] for rows in people.rows]
        counts, kept = np.array([len(rows) for rows in drawn]), np.concatenate(drawn)
        centroids = np.stack([embeddings[rows].mean(axis=0) for rows in drawn])
        owners = people.owners[kept].astype(np.int32)
        radii = hub_radii(centroids, embeddings[kept], owners, np.arange(people.count))
        added = -HUB_WEIGHT * (radii - radii.mean()) - weight / counts
        rest = np.setdiff1d(np.arange(len(people)), kept)
        named = (distance_matrix(embeddings[rest], centroids) + added).argmin(axis=1)
        wrong, probes = wrong + int((named != people.owners[rest]).sum()), probes + len(rest)
        stars = (distance_matrix(strangers, centroids) + added).argmin(axis=1)
        shares.append(float((counts[stars] == 1).mean() / (counts == 1).mean()))
        most.append(float(np.bincount(stars).max() / len(strangers)))
    return {
        "few_photos": weight, "right": round(100 * (1 - wrong / probes), 2),
        "singles": round(float(np.mean(shares)), 2),
        "most_frequent": round(100 * float(np.mean(most)), 2),
    }  # fmt: skip


def main() -> int:
    """Measure, print, keep."""
    people = People(embedded("faces/gallery"))
    in_use = right_names(people, IN_USE)
    rows = [compared("in use", in_use, in_use)]
    for name, setting in OTHERS.items():
        rows.append(compared(name, right_names(people, setting), in_use))
        print(rows[-1], file=sys.stderr, flush=True)
    left = np.array([len(people.rows[person]) - 1 for person in people.owners])
    by_photos = [
        {"others": label, "probes": int(chosen.sum()), "right": round(100 * float(in_use[chosen].mean()), 2)}
        for label, chosen in (("1", left == 1), ("2", left == 2), ("3 and more", left >= 3))
    ]
    strangers = embedded("faces/strangers").embeddings(IN_USE.paddings)
    few = [few_photos(people, strangers, weight) for weight in (0.0, 0.02, 0.03, 0.05, 0.07)]
    noise = 100 * float(np.sqrt(in_use.mean() * (1 - in_use.mean()) / len(in_use)))  # one standard deviation
    keep("settings", {"probes": len(people), "noise": round(noise, 2), "rows": rows, "left": by_photos, "few": few})
    print(table([tuple(row.values()) for row in rows], tuple(rows[0])))
    print(table([tuple(row.values()) for row in by_photos], tuple(by_photos[0])))
    print(table([tuple(row.values()) for row in few], tuple(few[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
