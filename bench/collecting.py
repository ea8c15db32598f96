"""10,000 people collected from the stand-in for Wikimedia: with ten kills and faults, and again a month later.

    .venv/bin/python bench/collecting.py [PEOPLE]

Runs collect_photos.py as a command, with kill -9 after every eleventh of its requests and a wrong answer of some kind
in each part; then once more after 5 % of the people and photos have changed. The photos are small made-up pictures:
what is measured is the collector, and the time by Wikimedia's limits is its requests / 200 a minute. It needs about ten
minutes and 0.5 GB of disk.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from record import Figures, keep, table

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lookalike.collecting.fetching.pace import PER_MINUTE  # noqa: E402 - the project is found by the line above
from tests.support.wikimedia.data import CommonsUpload, WikimediaData, jpeg  # noqa: E402
from tests.support.wikimedia.server import (  # noqa: E402
    HTML_PAGE,
    LAG,
    STACK_TRACE,
    StandInResponse,
    WikimediaStandIn,
    busy,
)

PEOPLE, KILLS, PHOTOS_EACH, CHANGED = 10_000, 10, 2, 0.05
FAULTS = (HTML_PAGE, STACK_TRACE, busy(), busy("3", 503), StandInResponse(keep=20), StandInResponse.of(LAG))
KINDS = ("category", "photo")  # of which there are some in each part


def main() -> int:
    """Measure, print, keep; 1 if a catalogue is not the right one."""
    people = int(sys.argv[1]) if sys.argv[1:] else PEOPLE
    with tempfile.TemporaryDirectory(prefix="collecting") as name:
        runs = asyncio.run(measure(Path(name), people))
    keep("collecting", {"people": people, "kills": KILLS, "changed": CHANGED, "runs": runs})
    print(table([tuple(run.values()) for run in runs], tuple(runs[0])))
    return 0 if all(run["right"] for run in runs) else 1


async def measure(folder: Path, people: int) -> list[Figures]:
    """From nothing, with kills and faults; then after the changes of a month."""
    data, rng = made_up(people), random.Random(7)
    async with WikimediaStandIn(data) as server:
        expected = people * (1 + PHOTOS_EACH) * 1.1  # requests
        first: Figures = {"run": f"from nothing, {KILLS} × kill -9", "commands": 0, "s": 0.0}
        for part in range(1, KILLS + 2):
            server.faults.clear()
            for _ in range(2):
                server.faults[rng.choice(KINDS)].append(rng.choice(FAULTS))
            until = expected * part / (KILLS + 1) if part <= KILLS else None
            first["s"] += await command(server, folder, people, until)
            first["commands"] += 1
        runs = [finished(first, server, folder, 0)]
        server.faults.clear()
        change(data, people)
        seen = len(server.seen)
        second: Figures = {"run": f"a month later, {CHANGED:.0%} changed", "commands": 1}
        second["s"] = await command(server, folder, people, None)
        runs.append(finished(second, server, folder, seen))
    return runs


def made_up(people: int) -> WikimediaData:
    """People of 10 to 310 sitelinks, each with an image and a category of PHOTOS_EACH photos."""
    data = WikimediaData()
    for number in range(people):
        photos = [jpeg(number * PHOTOS_EACH + photo) for photo in range(PHOTOS_EACH)]
        data.add(f"Star {number}", 310 - number * 300 // people, photos, id=f"Q{1000 + number}")
    return data


def change(data: WikimediaData, people: int) -> None:
    """Half of the changed people are replaced by others, the other half have another image."""
    for number in range(0, people, round(2 / CHANGED)):
        old = data.items.pop(f"Q{1000 + number}")
        data.add(f"New star {number}", old.links, [jpeg(10**6 + number)], id=f"Q{10**6 + number}")
        other = data.items[f"Q{1000 + number + 1}"]
        data.uploads[f"File:Star {number + 1} 0.jpg"] = CommonsUpload(jpeg(2 * 10**6 + number))
        other.links += 1


async def command(server: WikimediaStandIn, folder: Path, people: int, until: float | None) -> float:
    """Run collect_photos.py to its end, or kill it after so many requests since the first run; seconds."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "collect_photos.py"), "--occupations", "Q33999", "--limit", str(people),
        "--photos", str(folder), "--photos-per-person", str(PHOTOS_EACH), "--per-minute", "1000000",
        "--contact", "bench@example.org", env={"PATH": os.defpath, **server.environment},
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    while process.returncode is None and (until is None or len(server.seen) < until):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    if process.returncode is None:
        process.kill()
    await process.wait()
    return time.monotonic() - began


def finished(run: Figures, server: WikimediaStandIn, folder: Path, seen: int) -> Figures:
    """The figures of a run, and whether its catalogue is the right one."""
    requests = len(server.seen) - seen
    lines = [json.loads(line) for line in (folder / "celebrities.jsonl").read_text("utf-8").splitlines()]
    photos = {photo["file"] for line in lines for photo in line["photos"]}
    on_disk = {path.relative_to(folder).as_posix() for path in folder.glob("*/*")}
    has_all = {line["id"] for line in lines} == set(server.data.items)
    counts = {
        id: min(PHOTOS_EACH, 1 + bool(item.category) * (PHOTOS_EACH - 1)) for id, item in server.data.items.items()
    }
    return {
        **run,
        "s": round(run["s"]),
        "requests": requests,
        "photos asked for": sum(one.kind == "photo" for one in server.seen[seen:]),
        "h at 200 a minute": round(requests / PER_MINUTE / 60, 2),
        "MB": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "people": len(lines),
        "right": has_all and photos <= on_disk and all(len(one["photos"]) == counts[one["id"]] for one in lines),
    }


if __name__ == "__main__":
    sys.exit(main())
