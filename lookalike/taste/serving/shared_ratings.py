"""The ratings that a model in a bot may be learned from, so that it tells nothing of any one person.

A model holds no person: what it knows of a star are averages and cosines over everybody who rated it. Of a star that
one person rated, that average is the person's rating, and "people who like this also like" is a list of what that one
person likes. So stars that fewer than LEAST_RATERS people have rated are left out of the model, as if nobody had. (That
is k-anonymity of the raters of each star; cosines are shrunk by the number of people who rated both, similar_items.py.)
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from lookalike.core.errors import RatingsError
from lookalike.taste.ratings import Ratings, check_trainable, make_ratings

LEAST_RATERS = 5  # of a star
NOT_ENOUGH = 3  # exit status of a training that has too few
LEAST_USERS = 50  # planted tastes are found again from 25 on (bench/crowd.py); so few tell much of each other


def shared_ratings(ratings: Ratings, items: Collection[str]) -> Ratings:
    """The ratings of those of `items` that LEAST_RATERS people have rated; others are not even named.

    RatingsError, in words for whoever runs the bot, if tastes cannot be learned from them.
    """
    raters = np.bincount(ratings.items, minlength=ratings.n_items)
    is_known = np.array([id in items for id in ratings.item_ids], dtype=np.bool_)
    kept = np.flatnonzero(is_known & (raters >= LEAST_RATERS))
    place = np.full(ratings.n_items, -1)
    place[kept] = np.arange(len(kept))
    chosen = place[ratings.items] >= 0
    users, renumbered = np.unique(ratings.users[chosen], return_inverse=True)
    found = make_ratings(
        renumbered, place[ratings.items[chosen]], ratings.values[chosen],
        [ratings.user_ids[user] for user in users], [ratings.item_ids[item] for item in kept],
    )  # fmt: skip
    if found.n_users < LEAST_USERS:
        raise RatingsError(
            f"{found.n_users} people have rated stars that {LEAST_RATERS} people have rated: {LEAST_USERS} are needed"
        )
    check_trainable(found)
    return found
