"""Options -> a catalogue with photos: what collect_photos.py runs.

    names, occupations --Wikidata--> who they are --Commons--> files and licences --> photos on the disk
    links, a folder    ------------------------------------------------------------> photos on the disk

Every answer is kept before it is used, so a run gives the same catalogue whether it asked just now or before it was
interrupted. A query without an answer costs only the person it is about, and drops nobody from the catalogue. When a
server goes away, what there is gets written, and the same command goes on from there.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lookalike.collecting import catalogue_update as update
from lookalike.collecting.admission import is_denied
from lookalike.collecting.commons_photos import CommonsPhotos
from lookalike.collecting.downloads import Check, PhotoChecker, PhotoDownloader
from lookalike.collecting.fetching.http_client import HttpClient
from lookalike.collecting.fetching.pace import Clock, Pace
from lookalike.collecting.fetching.progress import Progress
from lookalike.collecting.fetching.query_log import QueryLog
from lookalike.collecting.fetching.resumable_queries import ResumableQueries
from lookalike.collecting.inputs import PersonQuery, read_links, read_person_queries, take_folder
from lookalike.collecting.linked_photos import collect_links
from lookalike.collecting.names import Choose, ask_on_terminal, named
from lookalike.collecting.people import PeopleFinder
from lookalike.collecting.run import FEWEST_SITELINKS, CollectRules, CollectRun
from lookalike.collecting.wikimedia.commons import WIDTHS_PX, Commons
from lookalike.collecting.wikimedia.wikidata import Wikidata
from lookalike.core.errors import CollectError, ServerUnavailable
from lookalike.core.program import print_error
from lookalike.core.settings import CollectorSettings
from lookalike.core.terminal import printable
from lookalike.gallery.catalogue import Celebrity, read_names

LIMIT = 10_000
AT_A_TIME = 500  # people whose photos are collected before those of the next are looked for
STOPPED = 3  # exit status: the catalogue is usable, but a server went away
REQUESTS_A_PERSON = 1.3  # besides one for each photo: a category, and their share of batches
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
    per_minute: float | None = None  # None: Wikimedia's limit, with or without a token
    only_checks: bool = False
    index: Path | None = None  # whose people get photos to be shown
    admits_everybody: bool = False

    @property
    def adds(self) -> bool:
        """Whether links and folders are all there is to collect: they are added to the catalogue that is there."""
        return not (self.names or self.occupations)

    @property
    def needs_no_network(self) -> bool:
        """Whether a folder is all there is to collect."""
        return bool(self.folder) and self.adds and not self.urls

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
            admits_everybody=self.admits_everybody,
            fewest_sitelinks=self.fewest_sitelinks,
        )


async def collect(
    options: CollectOptions,
    settings: CollectorSettings,
    check: Check | None = None,
    pace: Pace | None = None,
    clock: Clock | None = None,
    choose: Choose = ask_on_terminal,
) -> int:
    """Collect what the options ask for; the exit status.

    0: the catalogue is usable; STOPPED: it is, and a server went away; 1: it would be empty. `check`: decodes a photo,
    PhotoChecker if None; `pace`: Wikimedia's limits if None. CollectError if it cannot be done; what is collected by
    then is kept for the next run.
    """
    contact = options.contact or settings.collect_contact
    if not options.needs_no_network:
        check_contact(contact)
    token = settings.collect_token.get_secret_value() if settings.collect_token else ""
    pace = pace or Pace.of(options.per_minute, has_token=bool(token))
    options.photos.mkdir(parents=True, exist_ok=True)
    options.catalogue.parent.mkdir(parents=True, exist_ok=True)
    previous = update.read_previous(options.catalogue)
    a_person = 0.0 if options.adds else REQUESTS_A_PERSON + options.photos_per_person
    with (
        QueryLog(options.catalogue.with_suffix(".notes.jsonl")) as query_log,
        Progress(options.limit, a_person, pace.per_minute) as progress,
    ):
        queries = ResumableQueries(query_log, progress)
        run = CollectRun(options.rules(), queries, previous)
        client = HttpClient(contact, pace, token=token, clock=clock, on_pause=progress.pause)
        async with client, PhotoChecker() as checker:
            downloader = PhotoDownloader(client, check or checker, queries, options.photos)
            collected = await _everybody(options, settings, run, downloader, choose)
        people = update.updated(run, collected, adds=options.adds)
        if not people:
            return _nobody(options.catalogue, run)
        update.write_catalogue(people, options.catalogue)
        update.drop(run, people)
        if not queries.unanswered:
            query_log.finish()
    update.write_rejects(run.rejects, options.catalogue.with_suffix(".rejects.csv"))
    _report(options.catalogue, run, people, f"{downloader.downloaded} of them new", client)
    return STOPPED if queries.gone else 0


def check_contact(contact: str) -> None:
    """CollectError unless it is a mail address or a link."""
    if not CONTACT.fullmatch(contact):
        raise CollectError("Wikimedia asks for a contact: --contact, or COLLECT_CONTACT, with a mail address or a link")


def _nobody(catalogue: Path, run: CollectRun) -> int:
    """1, or the error that left nobody to be collected."""
    update.write_rejects(run.rejects, catalogue.with_suffix(".rejects.csv"))
    if run.queries.gone:
        raise next(iter(run.queries.gone.values()))
    if why := next(iter(run.queries.unanswered.values()), None):
        raise ServerUnavailable(
            f"nobody could be collected, {len(run.queries.unanswered)} queries got no answer: {why}"
        )
    print_error("collect_photos.py", f"nobody could be collected, {catalogue} is unchanged")
    return 1


def _report(catalogue: Path, run: CollectRun, people: Mapping[str, Celebrity], new: str, client: HttpClient) -> None:
    for note in run.notes:
        print(printable(note), file=sys.stderr)
    for reason in run.queries.gone:
        print_error("collect_photos.py", reason)
    if run.queries.unanswered:
        print(f"{len(run.queries.unanswered)} queries got no answer; the same command asks them again")
    photos = sum(len(one.photos) for one in people.values())
    figures = f"{len(people)} people, {photos} photos ({new})"
    requests = f"{client.requests} requests, {client.received_bytes / 1e6:.0f} MB read"
    print(printable(f"{catalogue}: {figures}, {requests}"))


async def _everybody(
    options: CollectOptions,
    settings: CollectorSettings,
    run: CollectRun,
    downloader: PhotoDownloader,
    choose: Choose,
) -> list[Celebrity]:
    """The celebrities of every source that the options name."""
    client = downloader.client
    source = Wikidata(client, settings.wdqs_url, settings.wikidata_api)
    finder = PeopleFinder(run, source)
    photos = CommonsPhotos(run, Commons(client, settings.commons_api, options.width_px), downloader)
    people: list[Celebrity] = []
    if options.names:
        queries = named(run, source, read_person_queries(options.names), choose)
        people += await _first_usable(options.limit, queries, finder, photos)
    if options.occupations:
        people += await _first_usable(options.limit - len(people), finder.famous(), finder, photos)
    if options.urls:
        people += await collect_links(run, downloader, read_links(options.urls))
    if options.folder:
        own = take_folder(options.folder, options.photos)
        people += [one for one in own if not is_denied(one, one.id, run.rules)]
    return people


async def _first_usable(
    limit: int, queries: AsyncGenerator[PersonQuery, None], finder: PeopleFinder, photos: CommonsPhotos
) -> list[Celebrity]:
    """Up to `limit` celebrities with photos, AT_A_TIME."""
    people: list[Celebrity] = []
    progress = finder.run.queries.progress
    async with contextlib.aclosing(queries):
        while (missing := limit - len(people)) and not photos.is_stopped:
            batch = [query async for query in _first(queries, min(missing, AT_A_TIME))]
            if not batch:
                break
            progress.begin_people(len(batch))
            people += await photos.celebrities(await finder.find(batch))
            progress.end_people()
    return people


async def _first(queries: AsyncGenerator[PersonQuery, None], count: int) -> AsyncGenerator[PersonQuery, None]:
    """The next `count` queries; the others stay."""
    while count and (query := await anext(queries, None)):
        yield query
        count -= 1
