"""Wikidata and Wikimedia Commons -> photos with licences and a catalogue of whom they show, for maintainers.

    .venv/bin/python collect_photos.py --contact you@example.org
    .venv/bin/python collect_photos.py --contact you@example.org --occupations actor --countries FR,BE --limit 500
    .venv/bin/python collect_photos.py --contact you@example.org --names assets/starter.jsonl

The most famous come first. A run that was interrupted goes on where it stopped (notes.py), and a later one brings the
gallery up to date: a photo that is on the disk is not fetched again, and whoever left Wikidata, or lost the licence of
every photo, is dropped. `<catalogue>.rejects.csv` has a reason for everything that was not used.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import csv
import io
import os
import re
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from pathlib import Path

from lookalike.collecting.collector import Collector, Reject, Rules
from lookalike.collecting.commons import WIDTHS_PX, Commons
from lookalike.collecting.downloads import write_whole
from lookalike.collecting.http_client import PER_MINUTE, HttpClient
from lookalike.collecting.inputs import PersonQuery, read_links, read_person_queries, take_folder
from lookalike.collecting.notes import Notes
from lookalike.collecting.resumable_queries import ResumableQueries, progress_bar
from lookalike.collecting.wikidata import FEWEST_SITELINKS, OCCUPATIONS, Wikidata, kinds_of
from lookalike.core.errors import CollectError, LookalikeError
from lookalike.core.settings import CollectorSettings, read_collector_settings, settings_table
from lookalike.gallery.catalogue import Celebrity, read_catalogue, read_names

LIMIT = 10_000
PHOTOS_PER_PERSON = 4  # several are better than one (README, "Your own gallery")
SHOWN = 10
OURS = re.compile(r"[0-9a-f]{20}(-\d+)?\.(jpg|png|webp)")  # names that downloads give: nothing else is ever deleted


async def collect(options: argparse.Namespace, settings: CollectorSettings) -> int:
    """Collect what the options ask for; the exit status."""
    old = people_by_id(options.catalog)
    contact = options.contact or settings.collect_contact
    if not options.only_folder and not re.fullmatch(r"[!-~ ]*(@|://)[!-~ ]+", contact):
        raise CollectError("Wikimedia asks for a contact: --contact, or COLLECT_CONTACT, with a mail address or a link")
    with Notes(options.catalog.with_suffix(".notes.jsonl")) as notes:
        async with HttpClient(contact, options.per_minute) as fetcher:
            questions = ResumableQueries(notes)
            harvest = Collector(
                rules_of(options),
                fetcher,
                questions,
                Wikidata(fetcher, settings.wdqs_url, settings.wikidata_api),
                Commons(fetcher, settings.commons_api, options.width),
                old,
            )
            people = joined(await everybody(options, harvest))
        write_rejects(harvest.rejects, options.catalog.with_suffix(".rejects.csv"))
        say_rejects(harvest.rejects, options.catalog.with_suffix(".rejects.csv"))
        if not people:
            print(f"collect_photos.py: nobody to be had, {options.catalog} stays as it was", file=sys.stderr)
            return 1
        lines = (one.model_dump_json(exclude_defaults=True) + "\n" for one in people.values())
        write_whole(options.catalog, "".join(lines).encode())
        drop(old, people, harvest.rejects, options.photos)
        if questions.unanswered:
            print(f"{len(questions.unanswered)} questions got no answer; the same command asks them again")
        else:
            notes.finish()
    photos = sum(len(one.photos) for one in people.values())
    mb = fetcher.received_bytes / 1e6
    print(f"{options.catalog}: {len(people)} people, {photos} photos ({harvest.fetched} of them new), {mb:.0f} MB read")
    return 0


def rules_of(options: argparse.Namespace) -> Rules:
    """What the options say of whom and what is wanted."""
    return Rules(
        photos_dir=options.photos,
        photos_per_person=options.photos_per_person,
        width_px=options.width,
        with_politicians=options.with_politicians,
        deny=frozenset[str]().union(*(read_names(file) for file in options.deny)),
        occupations=tuple(options.occupations),
        countries=tuple(options.countries),
        fewest_sitelinks=options.fame,
    )


async def everybody(options: argparse.Namespace, harvest: Collector) -> list[Celebrity]:
    """The people of every source that the options name."""
    people: list[Celebrity] = []
    if options.names:
        people += await the_first(options.limit, harvest.named(read_person_queries(options.names)), harvest)
    if options.occupations:
        people += await the_first(options.limit - len(people), harvest.famous(), harvest)
    if options.urls:
        people += await harvest.of_links(read_links(options.urls))
    if options.folder:
        people += [one for one in take_folder(options.folder, options.photos) if not harvest.is_denied(one)]
    return people


async def the_first(limit: int, wishes: AsyncGenerator[PersonQuery, None], harvest: Collector) -> list[Celebrity]:
    """So many celebrities as there are photos of: the wishes are taken in turns, until enough of them are usable."""
    people: list[Celebrity] = []
    async with contextlib.aclosing(wishes):
        while missing := limit - len(people):
            turn: list[PersonQuery] = []
            with progress_bar("who", missing, "people") as bar:
                async for wish in wishes:
                    turn.append(wish)
                    bar.update()
                    if len(turn) == missing:
                        break
            if not turn:
                break
            people += await harvest.celebrities(turn)
    return people


def joined(people: Iterable[Celebrity]) -> dict[str, Celebrity]:
    """People by id; somebody who comes from two sources has the photos of both."""
    by_id: dict[str, Celebrity] = {}
    for one in people:
        if one.id in by_id:
            photos = {photo.file: photo for photo in (*by_id[one.id].photos, *one.photos)}
            one = by_id[one.id].model_copy(update={"photos": tuple(photos.values())})
        by_id[one.id] = one
    return by_id


def people_by_id(catalog: Path) -> dict[str, Celebrity]:
    """The people of a catalogue that is there, by id; CatalogueError if it cannot be read."""
    lines = read_catalogue(catalog) if catalog.exists() else ()
    return {one.id: one for one in lines if isinstance(one, Celebrity)}


def drop(
    old: Mapping[str, Celebrity], new: Mapping[str, Celebrity], rejects: Sequence[Reject], photos_dir: Path
) -> None:
    """Say who is no longer in the catalogue, and delete the photos that may not be shown, or were replaced.

    Photos of people who were merely not asked for this time stay.
    """
    reasons = {one.celebrity: one.reason for one in rejects if not one.photo} | dict.fromkeys(new, "")
    gone = [one for id, one in old.items() if id not in new]
    for one in gone[:SHOWN]:
        print(f"dropped: {one.id} {one.name_in('en')}: {reasons.get(one.id, 'not asked for')}", file=sys.stderr)
    if len(gone) > SHOWN:
        print(f"dropped: {len(gone) - SHOWN} more", file=sys.stderr)
    kept = {photo.file for one in new.values() for photo in one.photos}
    stale = [photo.file for id, one in old.items() if id in reasons for photo in one.photos if photo.file not in kept]
    for file in stale:
        path = photos_dir / file
        if OURS.fullmatch(path.name):
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # other photos are in there
                path.parent.rmdir()


def write_rejects(rejects: Iterable[Reject], path: Path) -> None:
    """One line a reject: celebrity, name, photo, reason."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["celebrity", "name", "photo", "reason"])
    table.writerows((one.celebrity, one.name, one.photo, one.reason) for one in rejects)
    write_whole(path, text.getvalue().encode())


def say_rejects(rejects: Sequence[Reject], path: Path) -> None:
    """How many were left out for which reason."""
    for reason, count in Counter(one.reason for one in rejects).most_common(SHOWN):
        print(f"left out: {count} × {reason}", file=sys.stderr)
    if rejects:
        print(f"left out: all of them are in {path}", file=sys.stderr)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Collect photos of celebrities with their licences, and a catalogue for build_index.py.",
        epilog=f"Environment:\n{settings_table(CollectorSettings)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words = ", ".join(OCCUPATIONS)
    add = parser.add_argument
    add("--contact", default="", metavar="MAIL_OR_URL", help="yours, for the User-Agent; or set COLLECT_CONTACT")
    add("--limit", type=int, default=LIMIT, metavar="N", help=f"people, the most famous first (default {LIMIT:,})")
    add("--occupations", metavar="A,B", help=f"{words}, or ids of Wikidata (default: all of these words)")
    add("--countries", default="", metavar="A,B", help="ISO codes of citizenship, such as FR,BE (default: all)")
    add("--fame", type=int, default=FEWEST_SITELINKS, metavar="MIN", help="fewest Wikipedias (default %(default)s)")
    add("--names", type=Path, metavar="FILE", help="only these: a name or id a line, or a catalogue")
    add("--urls", type=Path, metavar="FILE", help="photos by link: Name<TAB>url, or JSON Lines")
    add("--folder", type=Path, metavar="DIR", help="photos you have: <Name>.jpg or <Name>/*.jpg")
    add("--photos", type=Path, default=Path("photos"), metavar="DIR", help="where photos go (default %(default)s)")
    add("--catalog", type=Path, metavar="FILE", help="the catalogue to write (default <photos>/celebrities.jsonl)")
    add("--photos-per-person", type=int, default=PHOTOS_PER_PERSON, metavar="N", help="(default %(default)s)")
    add("--width", type=int, choices=WIDTHS_PX, default=WIDTHS_PX[0], help="of photos in px (default %(default)s)")
    add("--deny", type=Path, action="append", default=[], metavar="FILE", help="ids or names to leave out")
    add("--with-politicians", action="store_true", help="politicians, who are left out otherwise")
    add("--per-minute", type=float, default=PER_MINUTE, metavar="N", help="requests (default %(default)g)")
    options = parser.parse_args(arguments)
    if min(options.limit, options.fame, options.photos_per_person) < 1 or not options.per_minute > 0:
        parser.error("--limit, --fame, --photos-per-person and --per-minute take numbers from 1")
    has_lists = bool(options.names or options.urls or options.folder)
    options.only_folder = bool(options.folder) and not (options.names or options.urls or options.occupations)
    try:
        options.occupations = kinds_of(
            _words(options.occupations) if options.occupations else () if has_lists else OCCUPATIONS
        )
    except KeyError as error:
        parser.error(f"--occupations: {error.args[0]!r} is none of {words}, and no id of Wikidata")
    options.countries = [code.upper() for code in _words(options.countries)]
    if not all(re.fullmatch("[A-Z]{2}", code) for code in options.countries):
        parser.error("--countries takes codes of two letters, such as FR,BE")
    options.catalog = options.catalog or options.photos / "celebrities.jsonl"
    return options


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def main(arguments: list[str] | None = None) -> int:
    """0 if the catalogue is usable, 1 if nobody was to be had, 2 if it cannot be done, 130 when interrupted."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        options.photos.mkdir(parents=True, exist_ok=True)
        options.catalog.parent.mkdir(parents=True, exist_ok=True)
        return asyncio.run(collect(options, read_collector_settings(os.environ)))
    except (LookalikeError, OSError) as error:
        print(f"collect_photos.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped; the next run goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
