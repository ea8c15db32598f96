"""Ratings of items by users as arrays, and the ratings of one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import RatingsError

Rows = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float32]
Matrix = Any  # a csr_matrix; SciPy carries no types
Choice = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Profile:
    """One person's ratings: `items` (n,), rows of the model, each once; `values` (n,), on the scale of the model."""

    items: Rows
    values: Numbers

    @classmethod
    def of(cls, ratings: Mapping[int, float]) -> Profile:
        """The profile of {item: rating}."""
        items, values = np.array(list(ratings), np.int32), np.array(list(ratings.values()), np.float32)
        return cls(items, values)


@dataclass(frozen=True, eq=False)
class Ratings:
    """Rating j is of item `items[j]` by user `users[j]`; no pair twice, ordered by user and item.

    `users`, `items` (n,) are places in `user_ids` and `item_ids`, which are in the order of their first rating.
    """

    users: Rows
    items: Rows
    values: Numbers
    user_ids: tuple[str, ...]
    item_ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def n_users(self) -> int:
        """Users, whether they have ratings here or not."""
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        """Items, whether they have ratings here or not."""
        return len(self.item_ids)

    @property
    def scale(self) -> tuple[float, float]:
        """The lowest and the highest rating."""
        return float(self.values.min()), float(self.values.max())

    def only(self, chosen: Choice) -> Ratings:
        """Those of the ratings for which `chosen` (n,) holds; users and items keep their places."""
        return Ratings(self.users[chosen], self.items[chosen], self.values[chosen], self.user_ids, self.item_ids)

    def matrix(self, values: Numbers | None = None) -> Matrix:
        """Users × items, sparse, f32: the ratings, or `values` (n,) in their places."""
        from scipy.sparse import csr_matrix  # for training alone: 0.2 s, which the bot does without

        filled = self.values if values is None else values.astype(np.float32, copy=False)
        return csr_matrix((filled, self.items, self.starts()), (self.n_users, self.n_items))

    def starts(self) -> npt.NDArray[np.int64]:
        """Where the ratings of each user begin (users + 1,)."""
        return np.searchsorted(self.users, np.arange(self.n_users + 1)).astype(np.int64)

    def profile(self, user: int, starts: npt.NDArray[np.int64]) -> Profile:
        """The ratings of a user; `starts`: of starts()."""
        mine = slice(int(starts[user]), int(starts[user + 1]))
        return Profile(self.items[mine], self.values[mine])


def make_ratings(
    users: npt.NDArray[np.integer], items: npt.NDArray[np.integer], values: Numbers,
    user_ids: Iterable[str], item_ids: Iterable[str],
) -> Ratings:  # fmt: skip
    """Ratings in any order as Ratings; of a pair that comes twice the last one counts."""
    ids = tuple(item_ids)
    keys = users.astype(np.int64) * len(ids) + items
    order = np.argsort(keys, kind="stable")
    last = np.append(keys[order][1:] != keys[order][:-1], True)[: len(order)]
    kept = order[last]
    return Ratings(
        users[kept].astype(np.int32), items[kept].astype(np.int32), values[kept].astype(np.float32),
        tuple(user_ids), ids,
    )  # fmt: skip


def ratings_of(triples: Iterable[tuple[str, str, float]]) -> Ratings:
    """Ratings from (user, item, rating); of a pair that comes twice the last one counts."""
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    rows = [
        (users.setdefault(user, len(users)), items.setdefault(item, len(items)), value) for user, item, value in triples
    ]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 3)
    numbers = columns[:, :2].astype(np.int32)
    return make_ratings(numbers[:, 0], numbers[:, 1], columns[:, 2].astype(np.float32), users, items)


def check_trainable(ratings: Ratings) -> None:
    """RatingsError in clear words if nothing can be learned: no ratings, one user, one item, or all ratings alike."""
    if not len(ratings):
        raise RatingsError("there are no ratings")
    if len(np.unique(ratings.users)) == 1:
        raise RatingsError("all ratings are by one user: tastes can be learned from two users on")
    if len(np.unique(ratings.items)) == 1:
        raise RatingsError("all ratings are of one item: tastes can be learned from two items on")
    lowest, highest = ratings.scale
    if lowest == highest:
        raise RatingsError(f"all {len(ratings)} ratings are {lowest:g}: they say nothing about what anybody likes")
