"""Options -> a catalogue with photos: what collect_photos.py runs.

    names, occupations --Wikidata--> who they are --Commons--> files and licences --> photos on the disk
    links, a folder    ------------------------------------------------------------> photos on the disk

Every answer is kept before it is used, so a run gives the same catalogue whether it asked just now or before it was
interrupted. A query without an answer costs only the person it is about, and drops nobody from the catalogue.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from lookalike.collecting import catalogue_update as update
from lookalike.collecting.commons import WIDTHS_PX, Commons
from lookalike.collecting.commons_photos import CommonsPhotos
from lookalike.collecting.downloads import Check, PhotoChecker, PhotoDownloader
from lookalike.collecting.http_client import FIRST_PAUSE_S, PER_MINUTE, HttpClient
from lookalike.collecting.inputs import PersonQuery, read_links, read_person_queries, take_folder
from lookalike.collecting.linked_photos import collect_links
from lookalike.collecting.people import PeopleFinder
from lookalike.collecting.query_log import QueryLog
from lookalike.collecting.resumable_queries import ResumableQueries, progress_bar
from lookalike.collecting.run import CollectRules, CollectRun
from lookalike.collecting.wikidata import FEWEST_SITELINKS, Wikidata
from lookalike.core.errors import CollectError
from lookalike.core.program import print_error
from lookalike.core.settings import CollectorSettings
from lookalike.core.terminal import printable
from lookalike.gallery.catalogue import Celebrity, read_names

LIMIT = 10_000
PHOTOS_PER_PERSON = 4  # several are better than one (README, "Your own gallery")
CONTACT = re.compile(r"[!-~ ]*(@|://)[!-~ ]+")


@dataclass(frozen=True)
class CollectOptions:
    """The command line of collect_photos.py. `occupations`: ids of Wikidata; `countries`: ISO 3166-1 codes."""

    photos: Path
    catalogue: Path
    contact: str = ""
    limit: int = LIMIT
    occupations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    fewest_sitelinks: int = FEWEST_SITELINKS
    names: Path | None = None
    urls: Path | None = None
    folder: Path | None = None
    photos_per_person: int = PHOTOS_PER_PERSON
    width_px: int = WIDTHS_PX[0]
    deny: tuple[Path, ...] = ()
    with_politicians: bool = False
    per_minute: float = PER_MINUTE
    first_pause_s: float = FIRST_PAUSE_S

    @property
    def needs_no_network(self) -> bool:
        """Whether a folder is all there is to collect."""
        return bool(self.folder) and not (self.names or self.urls or self.occupations)

    def rules(self) -> CollectRules:
        """Which people and photos the options ask for."""
        return CollectRules(
            photos_dir=self.photos,
            photos_per_person=self.photos_per_person,
            width_px=self.width_px,
            with_politicians=self.with_politicians,
            deny=frozenset[str]().union(*(read_names(file) for file in self.deny)),
            occupations=self.occupations,
            countries=self.countries,
            fewest_sitelinks=self.fewest_sitelinks,
        )


async def collect(options: CollectOptions, settings: CollectorSettings, check: Check | None = None) -> int:
    """Collect what the options ask for; exit status 0 if the catalogue is usable, 1 if it would be empty.

    `check`: decodes a photo, PhotoChecker if None. CollectError if it cannot be done; what is collected by then is kept
    for the next run.
    """
    contact = options.contact or settings.collect_contact
    if not options.needs_no_network and not CONTACT.fullmatch(contact):
        raise CollectError("Wikimedia asks for a contact: --contact, or COLLECT_CONTACT, with a mail address or a link")
    options.photos.mkdir(parents=True, exist_ok=True)
    options.catalogue.parent.mkdir(parents=True, exist_ok=True)
    previous = update.read_previous(options.catalogue)
    with QueryLog(options.catalogue.with_suffix(".notes.jsonl")) as query_log:
        queries = ResumableQueries(query_log)
        run = CollectRun(options.rules(), queries, previous)
        async with HttpClient(contact, options.per_minute, options.first_pause_s) as client, PhotoChecker() as checker:
            downloader = PhotoDownloader(client, check or checker, queries, options.photos)
            people = update.merged(await _everybody(options, settings, run, downloader))
        update.write_rejects(run.rejects, options.catalogue.with_suffix(".rejects.csv"))
        if not people:
            print_error("collect_photos.py", f"nobody could be collected, {options.catalogue} is unchanged")
            return 1
        update.write_catalogue(people, options.catalogue)
        update.drop(previous, people, run.rejects, options.photos)
        if queries.unanswered:
            print(f"{len(queries.unanswered)} queries got no answer; the same command asks them again")
        else:
            query_log.finish()
    photos = sum(len(one.photos) for one in people.values())
    figures = f"{len(people)} people, {photos} photos ({downloader.downloaded} of them new)"
    print(printable(f"{options.catalogue}: {figures}, {client.received_bytes / 1e6:.0f} MB read"))
    return 0


async def _everybody(
    options: CollectOptions, settings: CollectorSettings, run: CollectRun, downloader: PhotoDownloader
) -> list[Celebrity]:
    """The celebrities of every source that the options name."""
    client = downloader.client
    finder = PeopleFinder(run, Wikidata(client, settings.wdqs_url, settings.wikidata_api))
    photos = CommonsPhotos(run, Commons(client, settings.commons_api, options.width_px), downloader)
    people: list[Celebrity] = []
    if options.names:
        named = finder.named(read_person_queries(options.names))
        people += await _first_usable(options.limit, named, finder, photos)
    if options.occupations:
        people += await _first_usable(options.limit - len(people), finder.famous(), finder, photos)
    if options.urls:
        people += await collect_links(run, downloader, read_links(options.urls))
    if options.folder:
        people += [one for one in take_folder(options.folder, options.photos) if not run.is_denied(one)]
    return people


async def _first_usable(
    limit: int, queries: AsyncGenerator[PersonQuery, None], finder: PeopleFinder, photos: CommonsPhotos
) -> list[Celebrity]:
    """Up to `limit` celebrities with photos: as many queries at a time as celebrities are missing."""
    people: list[Celebrity] = []
    async with contextlib.aclosing(queries):
        while missing := limit - len(people):
            batch: list[PersonQuery] = []
            with progress_bar("who", missing, "people") as bar:
                async for query in queries:
                    batch.append(query)
                    bar.update()
                    if len(batch) == missing:
                        break
            if not batch:
                break
            people += await photos.celebrities(await finder.find(batch))
    return people
