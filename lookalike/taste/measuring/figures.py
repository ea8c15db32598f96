"""Figures of predictions and of lists: RMSE, accuracy, precision, recall, F-measure, NDCG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

TOP = 10  # items of a list
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class TopFigures:
    """Of the TOP of each user's rated items: `accuracy` over all listed; `f_measure` of the users' mean values."""

    accuracy: float
    precision: float
    recall: float
    f_measure: float


def rmse(errors: Iterable[npt.NDArray[np.floating]]) -> float:
    """The root of the mean square of all errors (n,), (m,), ...; NaN without any."""
    squares = [np.square(part, dtype=np.float64) for part in errors]
    return float(np.sqrt(np.concatenate(squares).mean())) if squares else float("nan")


def top_figures(users: Iterable[tuple[npt.NDArray[np.floating], npt.NDArray[np.bool_]]]) -> TopFigures:
    """Figures over users, each of predictions (n,) of their rated items, and which of these are right (n,).

    A user's list is the TOP highest predictions; ties in the order given. Recall of a user with nothing right is 0.
    """
    listed = right = 0
    precisions, recalls = [], []
    for predicted, is_right in users:
        best = top(predicted)
        found = int(is_right[best].sum())
        listed, right = listed + len(best), right + found
        precisions.append(found / len(best))
        recalls.append(found / max(int(is_right.sum()), 1))
    if not listed:
        return TopFigures(*[float("nan")] * 4)
    precision, recall = float(np.mean(precisions)), float(np.mean(recalls))
    total = precision + recall
    return TopFigures(right / listed, precision, recall, 2 * precision * recall / total if total else 0.0)


def top(scores: npt.NDArray[np.floating]) -> Places:
    """The places of the TOP highest scores, highest first, ties in their order."""
    return np.argsort(-scores, kind="stable")[:TOP]


def ndcg(listed: Places, gains: npt.NDArray[np.floating]) -> float:
    """NDCG at TOP of a list of items: discounted gains over those of the best list (Järvelin & Kekäläinen 2002).

    `gains` (items,), not negative, of which one is positive.
    """
    discounts = 1 / np.log2(np.arange(2, TOP + 2))
    best = -np.sort(-gains)[:TOP]
    return float(gains[listed] @ discounts[: len(listed)] / (best @ discounts[: len(best)]))
