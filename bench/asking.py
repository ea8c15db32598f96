"""Questions about stars over HTTP, without a photo: their CPU time, and what they do to the page's event loop.

    .venv/bin/python bench/asking.py

A gallery of STARS people who do not exist, with the starter's names and the same with their letters mixed, and a model
of RATINGS made-up ratings of 1,897 of them. Each kind of question is asked TIMES times, one after another, of the real
application in one event loop. `ms`, `ms_p95`: CPU time of an answer; `loop_ms_p99`, `loop_ms`: by how much a task that
sleeps 1 ms at a time comes late meanwhile, and by how much at most; `nothing` is that without questions. The first
question of all waits for the names to be made ready.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import numpy as np
from filters import made_up
from names import mistype
from record import keep, table
from taste_sizes import made_up as made_up_ratings
from vectors import STARTER

sys.path.insert(0, str(Path(__file__).parent.parent))

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES
from lookalike.taste.training import train
from lookalike.web.app import build_app
from lookalike.web.visitors import Visitors

SEED, STARS, RATINGS, TIMES, LARGE, SEARCHED = 11, 10_000, 100_000, 200, 10, 300
Question = Callable[[httpx.AsyncClient, random.Random], Any]


def main() -> int:
    """Measure, print, keep."""
    rows = asyncio.run(measured())
    print(table([tuple(row.values()) for row in rows], tuple(rows[0])))
    keep("asking", {"stars": STARS, "ratings": RATINGS, "rows": rows})
    return 0


async def measured() -> list[dict[str, Any]]:
    """A row for each kind of question."""
    gallery, model = named_gallery(), train(made_up_ratings(RATINGS)[0])
    names = [gallery.celebrities[row].name["en"] for row in range(len(gallery.celebrities))]
    app = build_app(no_photo, lambda: gallery, Path("none"), askers=Visitors(10**9), take_model=lambda: model)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=600) as client:
        kinds = questions(names, clear_names(gallery, names))
        found = [await row_of("the first of all", kinds["similar, by name"], client, times=1)]
        return found + [
            await row_of(kind, ask, client, LARGE if "100" in kind or "50" in kind else TIMES)
            for kind, ask in kinds.items()
        ]


async def no_photo(photo: bytes) -> Any:
    """The finder of a page to which no photo is sent."""
    raise AssertionError


def named_gallery() -> Gallery:
    """The made-up people, with names."""
    chance, stars = random.Random(SEED), Celebrities.read(STARTER.parent / CELEBRITIES)

    def mixed(text: str, row: int) -> str:
        return text if row < len(stars) else " ".join("".join(chance.sample(word, len(word))) for word in text.split())

    names = [stars[row % len(stars)].name for row in range(STARS)]
    people = Celebrities.of(
        Celebrity(id=str(row), name={language: mixed(text, row) for language, text in name.items()}, fame=row % 200)
        for row, name in enumerate(names)
    )
    return replace(made_up(STARS)[0], celebrities=people)


def clear_names(gallery: Gallery, names: list[str]) -> list[str]:
    """Names that mean one star each, found in a copy of the gallery whose names are ready."""
    search = replace(gallery).names.search
    rows = {name: search(name).sure for name in names[:SEARCHED]}
    return [*{found[0]: name for name, found in rows.items() if len(found) == 1}.values()]


def questions(names: list[str], clear: list[str]) -> dict[str, Question]:
    """How each kind of question is asked."""

    async def nothing(client: httpx.AsyncClient, chance: random.Random) -> None:
        await asyncio.sleep(0.01)

    async def similar(client: httpx.AsyncClient, chance: random.Random) -> None:
        await client.get("/api/similar", params={"name": chance.choice(names), "details": 1})

    async def many(client: httpx.AsyncClient, chance: random.Random) -> None:
        await client.get("/api/similar", params={"name": str(chance.randrange(STARS)), "n": 50})

    async def begun(client: httpx.AsyncClient, chance: random.Random) -> None:
        await client.get("/api/stars", params={"name": chance.choice(names)[: chance.randrange(2, 8)]})

    async def mistyped(client: httpx.AsyncClient, chance: random.Random) -> None:
        words = [mistype(word, "en", chance) for word in chance.choice(names).lower().split()]
        await client.get("/api/similar", params={"name": " ".join(words)})

    def rating(count: int, of: list[str]) -> Question:
        async def ask(client: httpx.AsyncClient, chance: random.Random) -> None:
            ratings = {name: chance.randint(1, 10) for name in chance.sample(of, count)}
            await client.post("/api/recommend", json={"ratings": ratings})

        return ask

    ids = [str(row) for row in range(STARS)]
    return {
        "nothing": nothing, "similar, by name": similar, "similar, mistyped": mistyped, "similar, 50 by id": many,
        "a name being typed": begun, "recommend, 10 ratings": rating(10, ids[:1000]),
        "recommend, unrated stars: faces": rating(10, ids[2000:]),
        "recommend, 100 names": rating(100, clear),
    }  # fmt: skip


async def row_of(kind: str, ask: Question, client: httpx.AsyncClient, times: int = TIMES) -> dict[str, Any]:
    """Ask so often; the figures."""
    chance, late, spent = random.Random(SEED), [], []

    async def watch() -> None:
        while True:
            began_s = time.perf_counter()
            await asyncio.sleep(0.001)
            late.append(1000 * (time.perf_counter() - began_s - 0.001))

    watching = asyncio.create_task(watch())
    for _ in range(times):
        began_s = time.process_time()
        await ask(client, chance)
        spent.append(1000 * (time.process_time() - began_s))
    watching.cancel()
    return {
        "question": kind, "times": times, "ms": round(median(spent), 1),
        "ms_p95": round(float(np.quantile(spent, 0.95)), 1), "loop_ms_p99": round(float(np.quantile(late, 0.99)), 1),
        "loop_ms": round(max(late), 1),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
