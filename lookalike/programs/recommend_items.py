"""recommend.py: ratings to a model, recommendations, similar items, figures; printed."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from lookalike.core.errors import RatingsError
from lookalike.core.program import print_error
from lookalike.core.terminal import printable, printable_json
from lookalike.taste.measuring.evaluation import EvaluationOptions, evaluate
from lookalike.taste.model_directory import check_writable, load_model, save_model
from lookalike.taste.ratings import Profile, Ratings
from lookalike.taste.ratings_file import read_names, read_ratings
from lookalike.taste.training import train

BAR = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}"
FIGURES = {
    "rmse": "RMSE, cross-validation",
    "rmse_sd_of_folds": "its standard deviation over the folds",
    "unknown_accuracy": "nothing known: accuracy of the top ten",
    "unknown_f_measure": "nothing known: F-measure of the top ten",
    "unknown_rmse": "nothing known: RMSE",
    "half_accuracy": "half of the ratings known: accuracy of the top ten",
    "half_f_measure": "half of the ratings known: F-measure of the top ten",
    "half_rmse": "half of the ratings known: RMSE of the others",
    "half_ndcg": "half of the ratings known: NDCG@10, all unseen items",
    "half_ndcg_of_popular": "the most popular items: NDCG@10, all unseen items",
}


@dataclass(frozen=True)
class TasteOptions:
    """The command line of recommend.py: `path` is of the ratings or the model, as `command` wants."""

    command: str
    path: Path
    out: Path | None = None
    items: Path | None = None
    names: tuple[str, ...] = ()
    count: int = 10
    as_json: bool = False
    cache: Path = Path(".cache/recommend")
    unknown: int | None = None


def recommend_items(options: TasteOptions) -> int:
    """Do it; the exit status."""
    COMMANDS[options.command](options)
    return 0


def train_command(options: TasteOptions) -> None:
    """Ratings to a model directory."""
    if not options.out:
        raise ValueError("train needs a directory to write into")
    out = options.out.parent.resolve() / options.out.name
    out = out.resolve() if out.is_symlink() else out  # a link to the model stays a link
    check_writable(out)
    names = read_names(options.items) if options.items else {}
    ratings = _read(options.path)
    with _bar("training") as advance:
        model = train(ratings, names, advance)
    save_model(model, out)
    found = {"users": model.users, "items": len(model.items), "ratings": model.ratings}
    if options.as_json:
        print(printable_json({"model": str(options.out), **found}))
    else:
        counts = ", ".join(f"{count} {what}" for what, count in found.items())
        print(printable(f"{options.out}: {counts}"))


def top_command(options: TasteOptions) -> None:
    """Recommendations for who rates like this."""
    rated = [parse_rating(text) for text in options.names]
    model = load_model(options.path)
    low, high = model.predictor.scale
    for name, rating in rated:
        if not low <= rating <= high:
            raise RatingsError(f"{name}={rating:g}: ratings here are from {low:g} to {high:g}")
    rows = model.items.require(name for name, _ in rated)
    twice = next((row for number, row in enumerate(rows) if row in rows[:number]), None)
    if twice is not None:
        raise RatingsError(f"{model.items[twice]} is rated twice")
    profile = Profile.of(dict(zip(rows, (rating for _, rating in rated), strict=True)))
    found = model.recommend(profile, options.count)
    if not found:
        print_error("recommend.py", "everything is rated: there is nothing else to recommend")
    for one in found:
        because = [model.items[item] for item in one.because]
        if options.as_json:
            line = {"id": model.items.ids[one.item], "name": model.items[one.item], "rating": round(one.rating, 3)}
            print(printable_json(line | {"score": round(one.score, 5), "because": because}))
        else:
            why = f"  because of {', '.join(because)}" if because else ""
            print(printable(f"{one.rating:5.2f}  {model.items[one.item]}{why}"))


def similar_command(options: TasteOptions) -> None:
    """The items most similar to one."""
    model = load_model(options.path)
    [row] = model.items.require(options.names)
    found = model.similar(row, options.count)
    if not found:
        print_error("recommend.py", f"nobody who has rated {model.items[row]} has rated anything else")
    for one in found:
        if options.as_json:
            line = {"id": model.items.ids[one.item], "name": model.items[one.item], "cosine": round(one.cosine, 4)}
            print(printable_json(line))
        else:
            print(printable(f"{one.cosine:.3f}  {model.items[one.item]}"))


def evaluate_command(options: TasteOptions) -> None:
    """How good a model of these ratings is."""
    ratings = _read(options.path)
    steps = EvaluationOptions(options.cache, options.unknown)
    with tqdm(total=steps.folds + 1, desc="evaluation", unit="step", disable=None) as bar:

        def on_step(name: str, figures: dict[str, float]) -> None:
            bar.set_postfix_str(name, refresh=False)
            bar.update()

        found = evaluate(ratings, steps, on_step)
    if options.as_json:
        print(printable_json({"ratings": str(options.path), **found}))
    else:
        for name, label in FIGURES.items():
            print(f"{label:<54}{found[name]:8.4f}")


COMMANDS: dict[str, Callable[[TasteOptions], None]] = {
    "train": train_command,
    "top": top_command,
    "similar": similar_command,
    "evaluate": evaluate_command,
}


def parse_rating(text: str) -> tuple[str, float]:
    """Name and rating of "Name=9"; RatingsError if it is not like that."""
    name, equals, value = text.rpartition("=")
    try:
        rating = float(value)
    except ValueError:
        rating = float("nan")
    if not (equals and name.strip()) or math.isnan(rating):
        raise RatingsError(f'{text!r} is not a rating: write it as "Name=9"')
    return name.strip(), rating


def _read(path: Path) -> Ratings:
    """The ratings of a file, with a progress bar."""
    if path.is_dir():
        raise IsADirectoryError(21, os.strerror(21), str(path))
    with tqdm(desc="reading", unit="line", unit_scale=True, disable=None, leave=False) as bar:
        return read_ratings(path, bar.update)


@contextmanager
def _bar(what: str) -> Iterator[Callable[[float], None]]:
    """A progress bar of shares of the work."""
    with tqdm(total=100, desc=what, bar_format=BAR, disable=None) as bar:

        def advance(share: float) -> None:
            bar.update(share * 100)

        yield advance
