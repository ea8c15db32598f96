"""Whether the starter gallery is worth trying: who is in it, whom strangers are told they look like, who is recognised.

    .venv/bin/python bench/starter.py [SOURCE...]

Builds an index of assets/starter.jsonl from SOURCE, as `make starter` does, and another without every third good photo
of each person: these are to be recognised. The strangers are of ../shared/faces. What was found in each photo is kept
under .cache/starter_bench for the next run.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from accuracy import FACES, ROOT, answers, best, run
from record import keep, table
from starter_photos import CATALOGUE, link_photos, people

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.filters import COUNTRIES

SOURCES = [FACES.parent / "stars" / "photos", FACES / "gallery", FACES / "probes"]
SCRATCH = ROOT / ".cache" / "starter_bench"
PHOTOS, INDEX = SCRATCH / "photos", SCRATCH / "index"
HELD_OUT = 3  # of so many good photos of a person one
POLITICIANS = {"politician", "royalty", "religious leader"}  # by any role of a person
GROUPS = {  # by the first role
    "actors, directors": {"actor", "director"},
    "singers, rappers": {"singer", "rapper", "musician"},
    "footballers, coaches": {"footballer", "coach"},
    "other athletes": {"athlete", "tennis player", "basketball player", "racing driver"},
    "politicians, royalty": POLITICIANS,
}
REGION_OF = {code: region for region, codes in COUNTRIES.items() for code in codes.split()}


def main() -> int:
    """Measure, print, keep."""
    links = link_photos(PHOTOS, [Path(one) for one in sys.argv[1:]] or SOURCES)
    build()
    built = {json.loads(line)["id"] for line in (INDEX / "celebrities.jsonl").open(encoding="utf-8")}
    stars = [one for one in people(CATALOGUE) if one.id in built]
    told = [best(one).get("id", "") for one in answers(INDEX, sorted((FACES / "strangers").glob("*.jpg")))]
    figures = whom_strangers_get(stars, told) | {"regions": regions(stars, told), "groups": groups(stars, told)}
    figures |= named_right(hold_out(links))
    keep("starter", figures)
    print(table(list(figures.items()), ("figure", "value")))
    return 0


def build() -> None:
    """The index of the photos that are linked now."""
    run("build_index.py", "--photos", str(PHOTOS), "--catalog", str(CATALOGUE), "--deny",
        str(ROOT / "assets" / "deny.txt"), "--forget-photos", "--out", str(INDEX))  # fmt: skip


def whom_strangers_get(stars: list[Celebrity], told: list[str]) -> dict[str, Any]:
    """How many strangers get somebody who is no politician, or one of the most famous third; `told`: ids or ''."""
    counts = Counter(filter(None, told))
    famous = {one.id for one in sorted(stars, key=lambda one: -(one.fame or 0))[: len(stars) // 3]}
    politicians = {one.id for one in stars if POLITICIANS & set(one.roles)}
    return {
        "people": len(stars),
        "strangers": len(told),
        "strangers_answered": counts.total(),
        "no_politician_share": round(sum(counts[id] for id in counts.keys() - politicians) / len(told), 4),
        "most_famous_third_share": round(sum(counts[id] for id in counts.keys() & famous) / len(told), 4),
        "most_returned_star_share": round(max(counts.values()) / len(told), 4),
        "stars_returned": len(counts),
    }


def group_of(star: Celebrity) -> str:
    """What a person is in the table."""
    return next((group for group, roles in GROUPS.items() if star.roles[0] in roles), "others")


def regions(stars: list[Celebrity], told: list[str]) -> list[list[Any]]:
    """A row a region: its name, people, women, men, strangers who get one of them."""
    return _rows(stars, told, lambda one: REGION_OF[one.country or ""], list(COUNTRIES))


def groups(stars: list[Celebrity], told: list[str]) -> list[list[Any]]:
    """A row a group, as `regions`."""
    return _rows(stars, told, group_of, [*GROUPS, "others"])


def _rows(
    stars: list[Celebrity], told: list[str], kind: Callable[[Celebrity], str], kinds: list[str]
) -> list[list[Any]]:
    counts = Counter(told)
    rows = []
    for name in kinds:
        some = [one for one in stars if kind(one) == name]
        women = sum(one.gender == "female" for one in some)
        rows.append([name, len(some), women, len(some) - women, sum(counts[one.id] for one in some)])
    return rows


def hold_out(links: dict[str, list[Path]]) -> dict[Path, str]:
    """Unlink every third good photo of each person; the photos that they were links to, and whose they are."""
    with (INDEX / "rejects.csv").open(encoding="utf-8", newline="") as rejects:
        rejected = {line["photo"] for line in csv.DictReader(rejects)}
    held_out = {}
    for id, all_links in links.items():
        good = [link for link in all_links if link.relative_to(PHOTOS).as_posix() not in rejected]
        for link in good[HELD_OUT - 1 :: HELD_OUT]:
            held_out[link.resolve()] = id
            link.unlink()
    return held_out


def named_right(held_out: dict[Path, str]) -> dict[str, Any]:
    """How many photos that are in no index are recognised, and who is mistaken for whom."""
    build()
    found = zip(held_out.values(), answers(INDEX, list(held_out)), strict=True)
    mistaken = [(id, best(one).get("id", "")) for id, one in found if best(one).get("id") != id]
    right = len(held_out) - len(mistaken)
    share = round(right / len(held_out), 4)
    return {"held_out": len(held_out), "named_right": right, "named_right_share": share, "mistaken": mistaken}


if __name__ == "__main__":
    sys.exit(main())
