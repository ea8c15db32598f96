"""How good the model of a ratings file is: cross-validation, and people whom the model does not know.

The last users of the file are the unknown people, a fifth unless another number is given. Of the others' ratings:

1. RMSE by cross-validation in five folds.
2. A model of all of them. For the unknown people, without any rating of theirs: the ten highest predictions among the
   items they rated; right is what they rated above the middle of the scale. Accuracy, precision, recall, F-measure.
3. The same model, with a random half of each unknown person's ratings folded in: RMSE of the other half; NDCG of ten
   recommendations among all items not folded in, right being those of the other half above the middle; beside the
   NDCG of the most popular ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import RatingsError
from lookalike.taste.measuring.figures import ndcg, rmse, top, top_figures
from lookalike.taste.measuring.kept_steps import Figures, KeptSteps
from lookalike.taste.predicting.rating_predictor import RatingPredictor, fit_predictor
from lookalike.taste.ratings import Numbers, Profile, Ratings, check_trainable
from lookalike.taste.taste_model import TasteModel
from lookalike.taste.training import train

FOLDS = 5
UNKNOWN_SHARE = 5  # one user in so many
SEED = 0

Report = Callable[[str, Figures], None]


@dataclass(frozen=True, eq=False)
class EvaluationOptions:
    """`unknown`: how many of the last users are unknown people, None for a fifth; `cache`: where steps are kept."""

    cache: Path
    unknown: int | None = None
    folds: int = FOLDS


def evaluate(ratings: Ratings, options: EvaluationOptions, on_step: Report = lambda name, figures: None) -> Figures:
    """All figures; `on_step` gets the name and the figures of each step as it is done, or was before.

    RatingsError if there are too few ratings.
    """
    check_trainable(ratings)
    known, unknown = split_users(ratings, options.unknown)
    _check_left(known, "the unknown people")
    if np.bincount(unknown.users).max(initial=0) < 2:
        raise RatingsError("there are too few ratings to evaluate: none of the unknown people has rated two items")
    kept = KeptSteps(options.cache, ratings, f"{options.unknown} {options.folds}")
    folds = np.random.default_rng(SEED).permutation(len(known)) % options.folds
    found: Figures = {}
    errors = []
    for fold in range(options.folds):
        name = f"fold {fold + 1}"
        figures = kept.get(name, partial(_fold, known, folds == fold))
        on_step(name, figures)
        errors.append(figures["rmse"])
    found["rmse"], found["rmse_sd_of_folds"] = float(np.mean(errors)), float(np.std(errors))
    figures = kept.get("unknown people", lambda: _unknown(known, unknown))
    on_step("unknown people", figures)
    return found | figures


def _check_left(known: Ratings, without: str) -> None:
    """RatingsError if nothing can be learned from the ratings that are left without some."""
    try:
        check_trainable(known)
    except RatingsError as error:
        raise RatingsError(f"there are too few ratings to evaluate: without {without}, {error}") from None


def split_users(ratings: Ratings, unknown: int | None) -> tuple[Ratings, Ratings]:
    """The ratings of all users but the last ones, and of these."""
    count = max(ratings.n_users // UNKNOWN_SHARE, 1) if unknown is None else unknown
    if not 1 <= count < ratings.n_users:
        most = ratings.n_users - 1
        raise RatingsError(f"{ratings.n_users} users: from 1 to {most} of them can be the unknown people")
    is_known = ratings.users < ratings.n_users - count
    return ratings.only(is_known), ratings.only(~is_known)


def pairs(known: Ratings, hidden: Ratings) -> Iterator[tuple[Profile, Profile]]:
    """The profile of each user of both, by what is known and by what is hidden."""
    starts, hidden_starts = known.starts(), hidden.starts()
    for user in np.flatnonzero((np.diff(starts) > 0) & (np.diff(hidden_starts) > 0)):
        yield known.profile(int(user), starts), hidden.profile(int(user), hidden_starts)


def _fold(ratings: Ratings, is_hidden: npt.NDArray[np.bool_]) -> Figures:
    known, hidden = ratings.only(~is_hidden), ratings.only(is_hidden)
    _check_left(known, "a fold")
    started = time.perf_counter()
    predictor = fit_predictor(known, lambda done: None)
    return {"rmse": prediction_rmse(predictor, known, hidden), "took_s": time.perf_counter() - started}


def prediction_rmse(predictor: RatingPredictor, known: Ratings, hidden: Ratings) -> float:
    """RMSE of the hidden ratings, with the known ones of each user folded in; users without any are average people."""
    starts, hidden_starts = known.starts(), hidden.starts()
    errors = []
    for user in np.flatnonzero(np.diff(hidden_starts) > 0):
        wanted = hidden.profile(int(user), hidden_starts)
        predicted = predictor.predict(known.profile(int(user), starts))
        errors.append(predicted[wanted.items] - wanted.values)
    return rmse(errors)


def _unknown(known: Ratings, unknown: Ratings) -> Figures:
    model = train(known)
    return unknown_figures(model, unknown) | half_figures(model, *halves(unknown))


def unknown_figures(model: TasteModel, unknown: Ratings) -> Figures:
    """Step 2: nothing is known of these people."""
    predicted = model.predict(Profile.of({}))
    starts = unknown.starts()
    users = [unknown.profile(int(user), starts) for user in np.flatnonzero(np.diff(starts) > 0)]
    found = top_figures((predicted[one.items], is_right(one, model)) for one in users)
    errors = (predicted[one.items] - one.values for one in users)
    return {f"unknown_{name}": value for name, value in vars(found).items()} | {"unknown_rmse": rmse(errors)}


def half_figures(model: TasteModel, known: Ratings, hidden: Ratings) -> Figures:
    """Step 3: half of these people's ratings are known."""
    errors, found, popular, tops = [], [], [], []
    for profile, wanted in pairs(known, hidden):
        predicted = model.predict(profile)
        errors.append(predicted[wanted.items] - wanted.values)
        right = is_right(wanted, model)
        tops.append((predicted[wanted.items], right))
        if right.any():
            gains = np.zeros(len(model.items))
            gains[wanted.items] = right
            found.append(ndcg(_unseen_top(model.scores(profile), profile), gains))
            popular.append(ndcg(_unseen_top(model.predictor.counts.astype(np.float32), profile), gains))
    top = top_figures(tops)
    return {
        "half_rmse": rmse(errors), "half_accuracy": top.accuracy, "half_f_measure": top.f_measure,
        "half_ndcg": float(np.mean(found)) if found else float("nan"),
        "half_ndcg_of_popular": float(np.mean(popular)) if popular else float("nan"),
    }  # fmt: skip


def halves(ratings: Ratings) -> tuple[Ratings, Ratings]:
    """A random half of the ratings, and the other."""
    is_known = np.random.default_rng(SEED).random(len(ratings)) < 0.5
    return ratings.only(is_known), ratings.only(~is_known)


def is_right(profile: Profile, model: TasteModel) -> npt.NDArray[np.bool_]:
    """Which of the ratings (n,) are above the middle of the scale; of 1 to 10, above 5."""
    middle = np.floor(sum(model.predictor.scale) / 2)
    return np.asarray(profile.values > middle)


def _unseen_top(scores: Numbers, profile: Profile) -> npt.NDArray[np.intp]:
    masked = scores.copy()
    masked[profile.items] = -np.inf
    return top(masked)
