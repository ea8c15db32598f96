"""Made-up people with tastes that are known: what a model should find again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.taste.ratings import Ratings, make_ratings

LOWEST, HIGHEST, MEAN = 1.0, 10.0, 6.0
NOISE = 0.7  # standard deviation of a rating around what its user thinks


@dataclass(frozen=True, eq=False)
class Crowd:
    """Ratings, and what everybody (users, items) really thinks of everything."""

    ratings: Ratings
    opinions: npt.NDArray[np.float64]

    def hidden(self) -> npt.NDArray[np.bool_]:
        """Which opinions (users, items) no rating tells."""
        found = np.ones(self.opinions.shape, dtype=np.bool_)
        found[self.ratings.users, self.ratings.items] = False
        return found


def crowd(users: int = 300, items: int = 80, factors: int = 3, each: int = 25, seed: int = 0) -> Crowd:
    """People who rate `each` items on average, rather such as they like; ids are "u0", "u1" … and "i0", "i1" …."""
    random = np.random.default_rng(seed)
    tastes, traits = random.normal(0, 1, (users, factors)), random.normal(0, 1, (items, factors))
    biases = random.normal(0, 0.5, (users, 1)) + random.normal(0, 0.7, (1, items))
    opinions = MEAN + biases + tastes @ traits.T
    chance = np.exp(0.3 * (opinions - MEAN))
    chance *= each / chance.sum(axis=1, keepdims=True)
    user_rows, item_rows = np.nonzero(random.random((users, items)) < chance)
    noisy = opinions[user_rows, item_rows] + random.normal(0, NOISE, len(user_rows))
    values = np.clip(np.round(noisy), LOWEST, HIGHEST).astype(np.float32)
    ids = [f"u{user}" for user in range(users)], [f"i{item}" for item in range(items)]
    return Crowd(make_ratings(user_rows, item_rows, values, *ids), np.clip(opinions, LOWEST, HIGHEST))


def as_lines(ratings: Ratings, delimiter: str = ",") -> str:
    """The ratings as the text of a file, with a header."""
    rows = zip(ratings.users, ratings.items, ratings.values, strict=True)
    lines = [delimiter.join((ratings.user_ids[u], ratings.item_ids[i], f"{value:g}")) for u, i, value in rows]
    return "\n".join([delimiter.join(("user", "item", "rating")), *lines, ""])
