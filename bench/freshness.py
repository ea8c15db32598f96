"""How long a large index takes to be brought up to date, and what that costs a query.

    .venv/bin/python bench/freshness.py                     # 100,000 people, 400,000 photos: five minutes, 4 GB
    .venv/bin/python bench/freshness.py --people 10000 --no-keep

People are made up with the structure of faces (`bench/vectors.py`), PHOTOS photos each. What is timed begins where the
embeddings are in memory and ends where the new index is on disk and in place; what comes before (catalogue, photos) is
`bench/cluster.py`'s. Each change is one of the same whole build. A query asks for the bot's candidates and re-scores
them (`Gallery.nearest`), one thread, the fastest of PASSES rounds for each probe; `load` is the bot's whole start-up
check of the index, from a warm page cache.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from record import Figures, keep, table
from vectors import Floats, Population

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lookalike.core.directory_swap import scratch_beside  # noqa: E402
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto  # noqa: E402 - the project is found by the line above
from lookalike.gallery.gallery import Gallery  # noqa: E402
from lookalike.gallery.replacing.replace_directory import replace_directory  # noqa: E402
from lookalike.indexing.index_entries import IndexEntry  # noqa: E402
from lookalike.indexing.index_writer import remove_celebrities, write_index  # noqa: E402

PHOTOS = 4  # of a person
PROBES = 300
PASSES = 5
SEED = 2026


@dataclass(frozen=True, eq=False)
class World:
    """People who do not exist: photos (n, PHOTOS, d), what is known of each."""

    photos: Floats
    celebrities: list[Celebrity]

    def person(self, number: int, photos: int = PHOTOS) -> IndexEntry:
        """The person of that number, with so many of the photos."""
        celebrity, embeddings = self.celebrities[number], self.photos[number, :photos]
        centroid: Floats = embeddings.mean(axis=0, dtype=np.float64).astype(np.float32)
        return IndexEntry(celebrity.model_copy(update={"photos": celebrity.photos[:photos]}), centroid, embeddings)


def main() -> int:
    """Measure, keep, print."""
    arguments = parse()
    if arguments.serve:
        print(json.dumps(serve(arguments.serve)))
        return 0
    count: int = arguments.people
    world = make_world(count + count // 50)
    everybody = range(count)
    few, many = 10, count // 50
    rows: list[Figures] = []
    with tempfile.TemporaryDirectory(prefix="freshness.") as scratch:
        whole, index = Path(scratch) / "whole", Path(scratch) / "index"
        rows.append(measured("whole build", whole, lambda: build(world, everybody, whole)))
        changes: dict[str, Callable[[], object]] = {
            "nothing changed": lambda: build(world, everybody, index),
            f"{few} added": lambda: build(world, range(count + few), index),
            f"{few} replaced": lambda: build(world, everybody, index, replaced=few),
            "1 removed by id": lambda: remove_celebrities(index, [world.celebrities[count // 2].id]),
            f"{many:,} added, {many:,} removed": lambda: build(world, range(many, count + many), index),
        }
        for name, change in changes.items():
            shutil.rmtree(index, ignore_errors=True)
            shutil.copytree(whole, index)
            rows.append(measured(name, index, change))
    figures: Figures = {"people": count, "photos": count * PHOTOS, "rows": rows}
    if not arguments.no_keep:
        keep("freshness", figures)
    print(shown(rows))
    return 0


def parse() -> argparse.Namespace:
    """The command line; --serve is for the process that answers."""
    parser = argparse.ArgumentParser(description="Bringing a large index up to date.")
    parser.add_argument("--people", type=int, default=100_000, metavar="N")
    parser.add_argument("--no-keep", action="store_true", help="print only")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def make_world(count: int) -> World:
    """So many people with their photos and what a catalogue says of them."""
    population, random = Population.fit(), np.random.default_rng(SEED)
    faces = population.celebrities(count, SEED)
    photos = np.empty((count, PHOTOS, faces.shape[1]), dtype=np.float32)
    for photo in range(PHOTOS):
        photos[:, photo] = faces + random.standard_normal(faces.shape) @ population.photo_spread
    return World(photos, [celebrity(number) for number in range(count)])


def celebrity(number: int) -> Celebrity:
    """As much as a catalogue from Wikidata and Wikimedia Commons says of somebody."""
    return Celebrity(
        id=f"Q{number}",
        name={"en": f"Person Number {number}", "ru": f"Человек номер {number}"},
        description={"en": "American actor and producer", "ru": "американский актёр и продюсер"},
        url=f"https://en.wikipedia.org/wiki/Person_Number_{number}",
        roles=("actor", "producer"), gender="male", country="United States", born="1964-09-02", fame=50,
        photos=tuple(
            CelebrityPhoto(
                file=f"Q{number}/{photo}.jpg",
                source_url=f"https://commons.wikimedia.org/wiki/File:Person_Number_{number}_{photo}.jpg",
                author="A Photographer",
                license="CC BY-SA 4.0",
                license_url="https://creativecommons.org/licenses/by-sa/4.0",
                sha1=f"{number:036x}{photo:04x}",
            )
            for photo in range(PHOTOS)
        ),
    )  # fmt: skip


def build(world: World, numbers: range, index: Path, replaced: int = 0) -> None:
    """Write the index of these people in the place of the one that is there; some have lost a photo."""

    def people() -> Iterator[IndexEntry]:
        for number in numbers:
            yield world.person(number, PHOTOS - 1 if number < replaced else PHOTOS)

    with scratch_beside(index) as directory:
        write_index(people(), directory, previous=index)
        replace_directory(directory, index)


def measured(name: str, index: Path, change: Callable[[], object]) -> Figures:
    """A change with its time, and what the index that it leaves costs."""
    start, start_cpu = time.perf_counter(), time.process_time()
    change()
    figures: Figures = {"change": name, "s": round(time.perf_counter() - start, 2)}
    figures["cpu_s"] = round(time.process_time() - start_cpu, 2)
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, __file__, "--serve", str(index)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures |= json.loads(done.stdout.splitlines()[-1])
    print(json.dumps(figures), file=sys.stderr, flush=True)
    return figures


def serve(index: Path) -> Figures:
    """Load an index and ask it, as the bot does."""
    probes = Population.fit().probes(PROBES, SEED + 1)
    start = time.process_time()
    gallery = Gallery.load(index)
    load_cpu_s = time.process_time() - start
    seconds = np.empty((PASSES, len(probes)))
    for times in seconds:
        for row, probe in enumerate(probes):
            asked = time.perf_counter()
            gallery.nearest(probe, 3)
            times[row] = time.perf_counter() - asked
    p50, p95 = np.percentile(seconds.min(axis=0) * 1e6, [50, 95])
    manifest = gallery.manifest
    return {
        "load_cpu_s": round(load_cpu_s, 2), "query_p50_us": round(p50), "query_p95_us": round(p95),
        "recall_at_10": manifest.recall_at_10, "celebrities": manifest.celebrities, "nodes": manifest.graph_nodes,
    }  # fmt: skip


def shown(rows: list[Figures]) -> str:
    """The rows as a table."""
    head = ("change", "s", "CPU s", "load, CPU s", "query p50 / p95 µs", "recall@10")
    lines = [
        (row["change"], row["s"], row["cpu_s"], row["load_cpu_s"], f"{row['query_p50_us']} / {row['query_p95_us']}",
         f"{row['recall_at_10']:.4f}")
        for row in rows
    ]  # fmt: skip
    return table(lines, head)


if __name__ == "__main__":
    sys.exit(main())
