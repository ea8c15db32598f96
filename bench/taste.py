"""Recommendations: models beside those of scikit-surprise and implicit, settings compared.

.venv/bin/python bench/taste.py                     # everything
.venv/bin/python bench/taste.py models settings     # these parts; the others stay as they were measured

The ratings are those of ../shared/ratings/anime (its README has the protocol). Settings are compared on the first 4,000
users alone; the last 1,000 are the unknown people of the evaluation.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from record import RESULTS, keep

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lookalike.programs.recommend_items import FIGURES  # noqa: E402 - the project is found by the line above
from lookalike.taste import choices, taste_model  # noqa: E402
from lookalike.taste.measuring.evaluation import (  # noqa: E402
    EvaluationOptions,
    evaluate,
    half_figures,
    halves,
    pairs,
    split_users,
)
from lookalike.taste.measuring.figures import ndcg, top, top_figures  # noqa: E402
from lookalike.taste.predicting import fit_factors, neighbours  # noqa: E402
from lookalike.taste.predicting.baselines import fit_baselines  # noqa: E402
from lookalike.taste.predicting.rating_predictor import RatingPredictor, fit_parts, fit_predictor  # noqa: E402
from lookalike.taste.ratings import Numbers, Profile, Ratings  # noqa: E402
from lookalike.taste.ratings_file import read_ratings  # noqa: E402
from lookalike.taste.taste_model import TasteModel  # noqa: E402
from lookalike.taste.training import train  # noqa: E402

RATINGS = ROOT.parent / "shared" / "ratings" / "anime" / "ratings.tsv.gz"
CACHE = ROOT / ".cache" / "recommend"
UNKNOWN = 937  # of the last 1,000 users of the protocol have ratings
Errors = npt.NDArray[np.float64]


def nothing(share: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True, eq=False)
class Split:
    """One fold of the known users: what is trained on, and what is predicted."""

    known: Ratings
    hidden: Ratings


@cache
def split() -> Split:
    """The first of the five folds of the evaluation."""
    ratings, _ = split_users(read_ratings(RATINGS), UNKNOWN)
    is_hidden = np.random.default_rng(0).permutation(len(ratings)) % 5 == 0
    return Split(ratings.only(~is_hidden), ratings.only(is_hidden))


def evaluation() -> list[dict[str, Any]]:
    """What `recommend.py evaluate --unknown 937` prints."""
    found = evaluate(read_ratings(RATINGS), EvaluationOptions(CACHE, UNKNOWN))
    return [{"figure": label.strip(), "measured": f"{found[name]:.4f}"} for name, label in FIGURES.items()]


# Ratings predicted.


def errors_of(predict: Callable[[Profile], npt.NDArray[np.float32]]) -> Errors:
    """The errors of the hidden ratings of people folded in, on the scale."""
    found = []
    for profile, wanted in pairs(split().known, split().hidden):
        predicted = np.clip(predict(profile)[wanted.items], *split().known.scale)
        found.append(predicted - wanted.values)
    return np.concatenate(found).astype(np.float64)


def surprise_errors(algorithm: Any) -> Errors:
    """The errors of a model of scikit-surprise, whose users are all known to it."""
    known, hidden = split().known, split().hidden
    algorithm.fit(surprise_trainset(known))
    rated = set(known.users.tolist())
    found = [
        algorithm.predict(user, item).est - value
        for user, item, value in zip(hidden.users.tolist(), hidden.items.tolist(), hidden.values.tolist(), strict=True)
        if user in rated
    ]
    return np.array(found)


def surprise_trainset(known: Ratings) -> Any:
    """The ratings as scikit-surprise takes them."""
    from surprise import Dataset, Reader

    rows = zip(known.users.tolist(), known.items.tolist(), known.values.tolist(), strict=True)
    return Dataset(Reader(rating_scale=known.scale)).construct_trainset([(*row, None) for row in rows])


def models() -> list[dict[str, Any]]:
    """RMSE of models on one fold, with the time of training and predicting."""
    from surprise import SVD, BaselineOnly, KNNBaseline

    similarity = {"name": "pearson_baseline", "user_based": False, "shrinkage": 100}
    theirs: dict[str, Callable[[], Any]] = {
        "Surprise BaselineOnly": lambda: BaselineOnly(verbose=False),
        "Surprise SVD, defaults": lambda: SVD(random_state=0),
        "Surprise KNNBaseline, items, k=30": lambda: KNNBaseline(k=30, sim_options=similarity, verbose=False),
    }
    rows = []
    for name, make in theirs.items():
        started = time.perf_counter()
        errors = surprise_errors(make())
        rows.append(_row(name, errors, time.perf_counter() - started))
    started = time.perf_counter()
    predictor = fit_predictor(split().known, nothing)
    took_s = time.perf_counter() - started
    for part in ("biases", "factors", "neighbours"):
        rows.append(_row(f"{part} alone", errors_of(partial(_part, predictor, part)), None))
    rows.append(_row("in use: blend of the three", errors_of(predictor.predict), took_s))
    return rows


def _part(predictor: RatingPredictor, name: str, profile: Profile) -> Numbers:
    return predictor.parts(profile)[name]


def _row(name: str, errors: Errors, took_s: float | None) -> dict[str, Any]:
    print(name, np.sqrt(np.mean(errors**2)), took_s, flush=True)
    return {
        "model": name, "RMSE of a fold": f"{np.sqrt(np.mean(errors**2)):.4f}",
        "seconds": "–" if took_s is None else round(took_s),
    }  # fmt: skip


# People of whom nothing is known.

LEVEL_SPLITS = 10


def levels() -> list[dict[str, Any]]:
    """The top ten of known users kept out of training, by our item biases and by those of Surprise's SVD.

    Ten splits, each with a random fifth of the known users kept out; the noise is that of the mean difference.
    """
    from surprise import SVD

    ratings, _ = split_users(read_ratings(RATINGS), UNKNOWN)
    found = []
    for seed in range(LEVEL_SPLITS):
        is_out = (np.random.default_rng(seed).random(ratings.n_users) < 0.2)[ratings.users]
        known, out = ratings.only(~is_out), ratings.only(is_out)
        trainset = surprise_trainset(known)
        theirs, fitted = np.zeros(ratings.n_items, dtype=np.float32), SVD(random_state=0).fit(trainset)
        for item in trainset.all_items():
            theirs[trainset.to_raw_iid(item)] = fitted.bi[item]
        starts = out.starts()
        people = [out.profile(int(user), starts) for user in np.flatnonzero(np.diff(starts) > 0)]
        ours = fit_baselines(known)[0].item_biases
        tops = [top_figures((biases[one.items], one.values > 5) for one in people) for biases in (ours, theirs)]
        found.append([(one.accuracy, one.f_measure) for one in tops])
    figures = np.array(found)  # (splits, 2, 2)
    means, noise = figures.mean(axis=0), (figures[:, 0] - figures[:, 1]).std(axis=0) / LEVEL_SPLITS**0.5
    names = ("in use", "Surprise SVD, defaults")
    return [
        {"item biases": name, "accuracy": f"{mean[0]:.4f}", "F-measure": f"{mean[1]:.4f}", "±": f"{noise.max():.4f}"}
        for name, mean in zip(names, means, strict=True)
    ]


# Items recommended to people of whom half is known.


def rankings() -> list[dict[str, Any]]:
    """NDCG@10 of the unknown people: ours, the most popular, and implicit's models."""
    from implicit.als import AlternatingLeastSquares
    from implicit.nearest_neighbours import CosineRecommender

    known, unknown = split_users(read_ratings(RATINGS), UNKNOWN)
    seen, hidden = halves(unknown)
    started = time.perf_counter()
    model = train(known)
    figures = half_figures(model, seen, hidden)
    rows: list[dict[str, Any]] = [
        {"recommends": "the most popular", "NDCG@10": f"{figures['half_ndcg_of_popular']:.4f}", "seconds": "–"},
        {"recommends": "in use: choices × predicted ratings", "NDCG@10": f"{figures['half_ndcg']:.4f}",
         "seconds": round(time.perf_counter() - started)},
    ]  # fmt: skip
    matrix, folded = known.matrix(np.ones(len(known), np.float32)), seen.matrix(np.ones(len(seen), np.float32))
    for name, theirs in (
        ("implicit ALS, 64 factors", AlternatingLeastSquares(64, random_state=0, num_threads=1)),
        ("implicit cosine of items", CosineRecommender(K=100, num_threads=1)),
    ):
        started = time.perf_counter()
        theirs.fit(matrix, show_progress=False)
        starts, hidden_starts, found = seen.starts(), hidden.starts(), []
        for user in np.flatnonzero((np.diff(starts) > 0) & (np.diff(hidden_starts) > 0)):
            wanted = hidden.profile(int(user), hidden_starts)
            gains = np.zeros(known.n_items)
            gains[wanted.items] = wanted.values > 5
            if gains.any():
                listed, _ = theirs.recommend(0, folded[user], N=10, recalculate_user=True)
                found.append(ndcg(listed[listed >= 0], gains))
        took_s = round(time.perf_counter() - started)
        rows.append({"recommends": name, "NDCG@10": f"{np.mean(found):.4f}", "seconds": took_s})
        print(rows[-1], flush=True)
    return rows


# Settings.

Setting = tuple[ModuleType, str, float]
PREDICTING: dict[str, Setting] = {
    "neighbours: power 1": (neighbours, "POWER", 1),
    "neighbours: power 2": (neighbours, "POWER", 2),
    "neighbours: power 4": (neighbours, "POWER", 4),
    "neighbours: shrinkage 30": (neighbours, "SHRINKAGE", 30),
    "neighbours: shrinkage 300": (neighbours, "SHRINKAGE", 300),
    "factors: 10": (fit_factors, "FACTORS", 10),
    "factors: 30": (fit_factors, "FACTORS", 30),
    "factors: no prior by choice": (fit_factors, "CHOICE_FACTORS", 0),
}
CHOOSING: dict[str, Setting] = {
    "users: power 0": (choices, "USER_POWER", 0.0),
    "items: power 0": (choices, "ITEM_POWER", 0.0),
    "items: power 0.5": (choices, "ITEM_POWER", 0.5),
    "ridge 15": (choices, "RIDGE", 15.0),
    "liking 0": (choices, "LIKING", 0.0),
    "predicted ratings: power 0": (taste_model, "RATING_POWER", 0.0),
    "predicted ratings: power 2": (taste_model, "RATING_POWER", 2.0),
}


def settings() -> list[dict[str, Any]]:
    """RMSE of the plain mean of factors and neighbours on one fold, with one setting changed at a time."""
    parts = fit_parts(split().known, nothing)
    used = errors_of(parts.predict) ** 2
    _, residuals = fit_baselines(split().known)
    rows = [_compared("in use", used, used, np.sqrt)]
    for name, (module, key, value) in PREDICTING.items():
        with patch.object(module, key, value):
            changed = (
                replace(parts, neighbours=neighbours.fit_neighbours(split().known, residuals, nothing))
                if module is neighbours
                else replace(parts, factors=fit_factors.fit_factors(split().known, nothing))
            )
            rows.append(_compared(name, errors_of(changed.predict) ** 2, used, np.sqrt))
    return rows


def settings_of_choices() -> list[dict[str, Any]]:
    """NDCG@10 of a fifth of the known users, half of whose ratings are folded in; gains are ratings above 5."""
    known, _ = split_users(read_ratings(RATINGS), UNKNOWN)
    is_test = (np.random.default_rng(1).random(known.n_users) < 0.2)[known.users]
    learned, (seen, hidden) = known.only(~is_test), halves(known.only(is_test))
    model = train(learned)
    used = gained(model, seen, hidden)
    rows = [_compared("in use", used, used, float)]
    for name, (module, key, value) in CHOOSING.items():
        with patch.object(module, key, value):
            changed = model if module is taste_model else replace(model, choices=choices.fit_choices(learned))
            rows.append(_compared(name, gained(changed, seen, hidden), used, float))
    return rows


def gained(model: TasteModel, seen: Ratings, hidden: Ratings) -> Errors:
    """The NDCG@10 of each person, with gains of 1 to 5 for ratings of 6 to 10."""
    found = []
    for profile, wanted in pairs(seen, hidden):
        gains = np.zeros(len(model.items))
        gains[wanted.items] = np.maximum(wanted.values - 5, 0)
        if gains.any():
            scores = model.scores(profile)
            scores[profile.items] = -np.inf
            found.append(ndcg(top(scores), gains))
    return np.array(found)


def _compared(name: str, found: Errors, used: Errors, figure: Callable[[float], float]) -> dict[str, Any]:
    """A setting beside the one in use, with the standard error of their difference, paired."""
    mean, before = float(figure(found.mean())), float(figure(used.mean()))
    slope = 1 if figure is float else 0.5 / before  # of a root
    noise = slope * (found - used).std() / np.sqrt(len(found))
    print(name, mean, noise, flush=True)
    return {"setting": name, "figure": f"{mean:.4f}", "difference": f"{mean - before:+.4f}", "±": f"{noise:.4f}"}


PARTS: dict[str, Callable[[], Any]] = {
    "evaluation": evaluation,
    "models": models,
    "levels": levels,
    "rankings": rankings,
    "settings": settings,
    "settings_of_choices": settings_of_choices,
}


def main() -> int:
    """Measure, print, keep."""
    path = RESULTS / "taste.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = {name: before[name] for name in PARTS if name in before}
    for name in sys.argv[1:] or PARTS:
        found[name] = PARTS[name]()
        print(name, found[name], flush=True)
        keep("taste", found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
