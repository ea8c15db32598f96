"""Tastes planted in a crowd that rates stars in Telegram: what of them /recommend finds again.

    .venv/bin/python bench/crowd.py [RATERS]

The real bot with the starter, the stand-in for Telegram, people who open a star's page and press scores, as the pages
of the other stars send them; the bot learns by itself, beside the answers. Then some of them ask for recommendations.
What they get is compared with what they were planted to like: NDCG@10 over all stars that they have not rated, beside
that of the best known stars and of stars by chance. The same tastes are learned from fewer people, without the bot, to
see from how many on a model is better than fame.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from record import keep, table

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lookalike.core.errors import RatingsError  # noqa: E402 - the project is found by the line above
from lookalike.gallery.celebrities import celebrity_tag  # noqa: E402
from lookalike.gallery.gallery import Gallery  # noqa: E402
from lookalike.taste.measuring.figures import TOP, ndcg  # noqa: E402
from lookalike.taste.ratings import ratings_of  # noqa: E402
from lookalike.taste.training import train  # noqa: E402
from lookalike.telegram_bot.callback_data import RateStar  # noqa: E402
from tests.support.bot_api.calls import SENDS, Call  # noqa: E402
from tests.support.bot_api.conversation import STARTER  # noqa: E402
from tests.support.bot_api.server import BotApi, Person  # noqa: E402
from tests.support.running_bot import QuickBot  # noqa: E402

RATERS, ASKING = 2_000, 300
STARS = 120  # the best known ones
EACH = 12  # ratings of a person, on average
GROUPS, KINDS = 8, 10  # of people and of stars: a group of people likes each kind of stars more or less
MEAN, OF_KIND, OF_STAR, OF_PERSON, NOISE = 6.0, 1.8, 0.7, 0.7, 0.8  # of scores: mean; standard deviations
LIKED_MORE = 0.25  # how much more likely a star is rated for each point that it is liked: e to that power
FEWER = (25, 50, 100, 200, 500, 2_000)
AT_ONCE = 60  # people who press; the others wait
LEARN_S = 600.0
STAR_BUTTON = re.compile(r"star:(?!at:)([0-9A-Za-z_-]+)")

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Planted:
    """`tastes` (people, stars): how well a person's group likes each star; `scores` (people, stars), 0: not rated."""

    stars: list[str]
    tastes: Reals
    scores: npt.NDArray[np.int64]

    def unrated(self, person: int) -> npt.NDArray[np.intp]:
        """The stars that somebody has not rated."""
        return np.flatnonzero(self.scores[person] == 0)

    def ndcg(self, person: int, listed: Iterable[str]) -> float:
        """Of a list of stars for a person; a star's gain is how far their group likes it more than the mean."""
        gains = np.where(self.scores[person] == 0, np.maximum(self.tastes[person] - MEAN, 0), 0)
        places = [self.stars.index(star) for star in listed if star in self.stars]
        return ndcg(np.array(places[:TOP], np.intp), gains)


def plant(stars: list[str], people: int) -> Planted:
    """The same for the same numbers."""
    random = np.random.default_rng(14)
    group, kind = random.integers(0, GROUPS, people), random.integers(0, KINDS, len(stars))
    liking = random.normal(0, OF_KIND, (GROUPS, KINDS))
    tastes = MEAN + liking[group][:, kind] + random.normal(0, OF_STAR, len(stars))
    chance = np.exp(LIKED_MORE * (tastes - MEAN))
    chance *= EACH / chance.sum(axis=1, keepdims=True)
    own = tastes + random.normal(0, OF_PERSON, (people, 1)) + random.normal(0, NOISE, tastes.shape)
    scores = np.clip(np.round(own), 1, 10).astype(np.int64)
    return Planted(stars, tastes, np.where(random.random(tastes.shape) < chance, scores, 0))


class Raters:
    """The crowd in the chat: whoever presses waits until the bot has answered the press."""

    def __init__(self, api: BotApi, planted: Planted, names: dict[str, str]) -> None:
        self._api, self._planted, self._names = api, planted, names
        self.people = [api.user(first_name=f"Rater {number}") for number in range(len(planted.scores))]
        self._waiting: dict[Any, asyncio.Future[Call]] = {}
        self.waits_s: list[float] = []
        api.listeners.append(self._hear)

    def _hear(self, call: Call) -> None:
        if call.ok and call.status:
            key = call.params.get("callback_query_id") if call.method == "answerCallbackQuery" else None
            key = call.chat_id if call.method in SENDS else key
            if (future := self._waiting.pop(key, None)) is not None and not future.done():
                future.set_result(call)

    async def _answer(self, key: Any, act: Callable[[], Any]) -> Call:
        """Do something; what the bot calls thereupon, for this key."""
        future = asyncio.get_running_loop().create_future()
        began = time.monotonic()
        if key is not None:
            self._waiting[key] = future
            act()
        else:
            self._waiting[act().query_id] = future
        found: Call = await future
        self.waits_s.append(time.monotonic() - began)
        return found

    async def rate(self, number: int) -> None:
        """One person rates what is planted."""
        person, rated = self.people[number], np.flatnonzero(self._planted.scores[number])
        if not len(rated):
            return
        name = self._names[self._planted.stars[rated[0]]]
        page = await self._answer(person.id, lambda: person.text(f"/star {name}"))
        for place in rated:
            data = RateStar(str(self._planted.scores[number, place]), celebrity_tag(self._planted.stars[place])).pack()
            await self._answer(None, partial(person.press, page, data, forge=True))

    async def recommended(self, number: int) -> list[str]:
        """What a person is recommended."""
        person: Person = self.people[number]
        answer = await self._answer(person.id, lambda: person.text("/recommend"))
        tags = [match[1] for data in answer.buttons if (match := STAR_BUTTON.fullmatch(data))]
        return [id for tag in tags for id in self._planted.stars if celebrity_tag(id) == tag]


async def at_once(work: Callable[[int], Awaitable[Any]], numbers: Iterable[int]) -> list[Any]:
    """Do it for all, AT_ONCE at a time."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Any:
        async with turns:
            return await work(number)

    return await asyncio.gather(*map(one, numbers))


async def play(planted: Planted, names: dict[str, str], home: Path) -> dict[str, Any]:
    """Rate, let the bot learn, ask."""
    total = int((planted.scores > 0).sum())
    async with BotApi() as api, QuickBot(api, home, STARTER, home) as bot:
        raters = Raters(api, planted, names)
        began = time.monotonic()
        await at_once(raters.rate, range(len(raters.people)))
        rating_s, waits = time.monotonic() - began, np.array(raters.waits_s)
        async with asyncio.timeout(LEARN_S):
            while learned(bot.log) < total / 1.11:  # noqa: ASYNC110 - the log tells; the rest is learned at night
                await asyncio.sleep(1)
        asking = [one for one in range(len(planted.scores)) if (planted.scores[one] > 0).sum() >= 5][:ASKING]
        lists = await at_once(raters.recommended, asking)
        problems = [line for line in bot.log.splitlines() if " ERROR " in line]
    return {
        "people": len(planted.scores), "ratings": total, "asking": len(asking),
        "actions_per_s": round(len(waits) / rating_s, 1), "p50_ms": round(1000 * float(np.quantile(waits, 0.5))),
        "p99_ms": round(1000 * float(np.quantile(waits, 0.99))), "trainings": bot.log.count("taste model: "),
        "learned": learned(bot.log), "problems": problems,
        "rows": compare(planted, asking, {"`/recommend`": lists}),
    }  # fmt: skip


def learned(log: str) -> int:
    """How many ratings are in the newest model."""
    return max((int(count) for count in re.findall(r"taste model: \d+ items, (\d+) ratings", log)), default=0)


def compare(planted: Planted, people: list[int], lists: dict[str, list[list[str]]]) -> list[dict[str, Any]]:
    """NDCG@10 of these lists, of the best known stars, and of stars by chance, with the errors of the means."""
    random = np.random.default_rng(0)
    unrated = [[planted.stars[place] for place in planted.unrated(one)] for one in people]
    lists = lists | {
        "the best known stars": unrated,  # they are in the order of fame
        "stars by chance": [list(random.permutation(one)) for one in unrated],
    }
    rows = []
    for what, found in lists.items():
        values = [planted.ndcg(one, stars[:TOP]) for one, stars in zip(people, found, strict=True)]
        error = float(np.std(values) / np.sqrt(len(values)))
        rows.append({"stars": what, "NDCG@10": f"{np.mean(values):.3f} ± {error:.3f}"})
    return rows


def from_fewer(stars: list[str]) -> list[dict[str, Any]]:
    """NDCG@10 for the people of smaller crowds, by a model of their ratings alone."""
    rows = []
    for people in FEWER:
        planted = plant(stars, people)
        given = [(str(p), stars[s], float(planted.scores[p, s])) for p, s in np.argwhere(planted.scores)]
        asking = [one for one in range(people) if (planted.scores[one] > 0).sum() >= 5][:ASKING]
        try:
            model = train(ratings_of(given))
        except RatingsError:
            continue
        lists = []
        for one in asking:
            profile = model.profile(
                {stars[s]: float(planted.scores[one, s]) for s in np.flatnonzero(planted.scores[one])}
            )
            lists.append([model.items.ids[found.item] for found in model.recommend(profile, TOP)])
        found = compare(planted, asking, {"learned": lists})
        rows.append({"people": people, "ratings": len(given)} | {row["stars"]: row["NDCG@10"] for row in found})
    return rows


def main() -> int:
    """Measure, print, keep."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else RATERS
    gallery = Gallery.load(STARTER)
    stars = gallery.celebrities.best_known(STARS)
    names = {one.id: one.name_in("en") for one in gallery.celebrities.by_id(stars).values()}
    fewer = from_fewer(stars)
    print(table([tuple(row.values()) for row in fewer], tuple(fewer[0])))
    with tempfile.TemporaryDirectory() as home:
        found = asyncio.run(play(plant(stars, people), names, Path(home)))
    print({key: value for key, value in found.items() if key != "rows"})
    print(table([tuple(row.values()) for row in found["rows"]], ("stars", "NDCG@10")))
    keep("crowd", {**found, "fewer": fewer})
    return 0


if __name__ == "__main__":
    sys.exit(main())
