"""Recommendations: time and memory of training with made-up ratings, of folding a person in, and of recommending.

.venv/bin/python bench/taste_sizes.py                  # 10⁵, 10⁶ and 10⁷ ratings
.venv/bin/python bench/taste_sizes.py --size 1000000   # one size, printed
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from record import keep

sys.path.insert(0, str(Path(__file__).parent.parent))

from lookalike.taste.measuring.figures import rmse
from lookalike.taste.model_directory import save_model
from lookalike.taste.ratings import Profile, Ratings, make_ratings
from lookalike.taste.training import train

SIZES = (100_000, 1_000_000, 10_000_000)
MILLION = 1_000_000
PEOPLE_TIMED = 300
Places = npt.NDArray[np.intp]
Reals = npt.NDArray[np.float64]


def sizes() -> list[dict[str, Any]]:
    """Each size in a process of its own."""
    rows = []
    for size in SIZES:
        command = [sys.executable, __file__, "--size", str(size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        rows.append(json.loads(done.stdout))
        print(rows[-1], flush=True)
    return rows


def measure_size(size: int) -> dict[str, Any]:
    """Training on made-up ratings: seconds, memory, size of the model, and time of recommendations."""
    ratings, wanted = made_up(size)
    before_mb = _peak_mb()
    started, cpu = time.perf_counter(), time.process_time()
    model = train(ratings)
    took_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    with tempfile.TemporaryDirectory() as folder:
        save_model(model, Path(folder) / "taste")
        model_mb = sum(path.stat().st_size for path in (Path(folder) / "taste").iterdir()) / 1e6
    folding, times, starts = [], [], ratings.starts()
    for user in range(0, ratings.n_users, max(ratings.n_users // PEOPLE_TIMED, 1)):
        profile = ratings.profile(user, starts)
        folding.append(_cpu_ms(model.predictor.factors.taste, profile))
        times.append(_cpu_ms(model.recommend, profile))
    errors = [model.predict(ratings.profile(int(user), starts))[items] - opinions for user, items, opinions in wanted]
    return {
        "ratings": len(ratings), "users": ratings.n_users, "items": ratings.n_items, "training s": round(took_s),
        "CPU s": round(cpu_s), "peak MB": _peak_mb(), "of these before": before_mb, "model MB": round(model_mb, 1),
        "folded in, 95 %, CPU ms": f"{np.quantile(folding, 0.95):.1f}",
        "top ten, CPU ms": f"{np.median(times):.1f}", "95 %": f"{np.quantile(times, 0.95):.1f}",
        "RMSE of opinions": f"{rmse(errors):.2f}",
    }  # fmt: skip


def _cpu_ms(work: Callable[[Profile], object], profile: Profile) -> float:
    begun = time.thread_time()
    work(profile)
    return 1000 * (time.thread_time() - begun)


def _peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


Opinions = list[tuple[int, Places, Reals]]


def made_up(size: int) -> tuple[Ratings, Opinions]:
    """Ratings by people with planted tastes, 100 each on average; and what some of them think of some items."""
    random = np.random.default_rng(0)
    n_users, n_items = size // 100, min(20_000, int(6 * size**0.5))
    tastes, traits = (random.normal(0, 0.5, (count, 8)).astype(np.float32) for count in (n_users, n_items))
    generous, good = random.normal(0, 0.8, n_users), random.normal(0, 0.7, n_items)
    popularity, activity = np.arange(1, n_items + 1) ** -0.8, random.lognormal(0, 1, n_users)
    drawn = random.multinomial(int(1.5 * size), activity / activity.sum())
    users = np.repeat(np.arange(n_users), drawn)
    items = np.searchsorted(np.cumsum(popularity / popularity.sum()), random.random(len(users))).clip(0, n_items - 1)
    rated = np.unique(users * n_items + items)
    users, items = np.divmod(np.sort(random.permutation(rated)[:size]), n_items)
    values = np.empty(len(users), dtype=np.float32)

    def opinion(of: Places, on: Places) -> Reals:
        found: Reals = 7 + generous[of] + good[on] + 2 * np.einsum("nk,nk->n", tastes[of], traits[on])
        return found

    for start in range(0, len(users), MILLION):
        part = slice(start, start + MILLION)
        noisy = opinion(users[part], items[part]) + random.normal(0, 1, len(users[part]))
        values[part] = np.clip(np.round(noisy), 1, 10)
    wanted: Opinions = []
    for user in random.choice(n_users, min(n_users, PEOPLE_TIMED), replace=False):
        some = random.choice(n_items, 100, replace=False)
        wanted.append((int(user), some, np.clip(opinion(np.full(100, user), some), 1, 10)))
    return make_ratings(users, items, values, map(str, range(n_users)), map(str, range(n_items))), wanted


def main() -> int:
    """Measure, print, keep."""
    if sys.argv[1:2] == ["--size"]:
        print(json.dumps(measure_size(int(sys.argv[2]))))
        return 0
    keep("taste_sizes", {"rows": sizes()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
