"""Ratings to a model: everything that is learned, in one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lookalike.taste.choices import fit_choices
from lookalike.taste.item_names import ItemNames
from lookalike.taste.predicting.rating_predictor import fit_predictor
from lookalike.taste.ratings import Ratings, check_trainable
from lookalike.taste.similar_items import fit_similar
from lookalike.taste.taste_model import TasteModel

PREDICTOR_SHARE, CHOICES_SHARE = 0.6, 0.3  # of the time, roughly; similar items take the rest


def train(
    ratings: Ratings, names: Mapping[str, str] | None = None, advance: Callable[[float], None] = lambda share: None
) -> TasteModel:
    """A model of these ratings, the same for the same ratings; RatingsError if there is nothing to learn from.

    `names`: of items, by id; `advance` gets the shares (0..1, together 1) of the work as it is done.
    """
    check_trainable(ratings)
    predictor = fit_predictor(ratings, lambda done: advance(done * PREDICTOR_SHARE))
    choices = fit_choices(ratings)
    advance(CHOICES_SHARE)
    similar = fit_similar(ratings)
    advance(1 - PREDICTOR_SHARE - CHOICES_SHARE)
    items = ItemNames(ratings.item_ids, names)
    return TasteModel(items, predictor, choices, similar, ratings.n_users, len(ratings))
