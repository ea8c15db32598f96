"""Free photos for the people of an index, added to it with their credits: what `collect_photos.py --index` runs.

Nobody's embedding changes and nothing is rebuilt. A run that was interrupted goes on where it stopped; when a server
goes away, the photos that there are by then are added.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from lookalike.collecting.collect import CollectOptions, collect
from lookalike.collecting.downloads import write_whole
from lookalike.collecting.fetching.pace import Clock, Pace
from lookalike.core.settings import CollectorSettings
from lookalike.core.terminal import printable
from lookalike.gallery.catalogue import Celebrity, read_catalogue
from lookalike.indexing.build import cache_of
from lookalike.indexing.embed_photos import Inspector
from lookalike.indexing.embedding_cache import EmbeddingCache
from lookalike.indexing.portrait_check import PortraitCheck, centroids_of
from lookalike.indexing.shown_photos import people_without_photos, show_photos
from lookalike.indexing.takedown import RELOAD
from lookalike.workers.pool import WorkerPool

SHOWN = "shown.jsonl"  # in the photos directory: the catalogue of the photos that are shown
WANTED = "shown.people.jsonl"


async def collect_for_index(
    options: CollectOptions,
    settings: CollectorSettings,
    inspector: Inspector | None = None,
    pace: Pace | None = None,
    clock: Clock | None = None,
) -> int:
    """Collect a photo for everybody in `options.index` who has none, and add it; the exit status of `collect`.

    A photo that does not show the person is rejected, and the next one of the person is taken. `inspector`: finds the
    faces; a worker if None. IndexRefused if the index is not usable.
    """
    index = options.index or Path("assets/index")
    people = people_without_photos(index)
    if not people:
        print(printable(f"{index}: everybody has photos of their own"))
        return 0
    options.photos.mkdir(parents=True, exist_ok=True)
    wanted, catalogue = options.photos / WANTED, options.photos / SHOWN
    lines = (one.model_copy(update={"photos": ()}).model_dump_json(exclude_defaults=True) for one in people)
    write_whole(wanted, "".join(f"{line}\n" for line in lines).encode())
    one_each = replace(
        options, names=wanted, catalogue=catalogue, limit=len(people), photos_per_person=1, occupations=(),
        admits_everybody=True,
    )  # fmt: skip
    centroids = centroids_of(index)
    async with contextlib.AsyncExitStack() as opened:
        cache = opened.enter_context(EmbeddingCache(cache_of(index)))
        if inspector is None:
            inspector = await opened.enter_async_context(WorkerPool(1))
        check = PortraitCheck(centroids, cache, inspector)
        status = await collect(one_each, settings, check, pace, clock)
        found = {
            one.id: tuple(filter(None, [await check.with_place(photo, one.id, options.photos) for photo in one.photos]))
            for one in read_catalogue(catalogue)
            if isinstance(one, Celebrity) and one.id in centroids
        }
    shown = show_photos(index, found)
    print(printable(f"{index}: {shown} of {len(people)} people have a photo; {RELOAD}"))
    return status
