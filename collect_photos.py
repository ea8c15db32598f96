"""Wikidata and Wikimedia Commons -> photos with licences and a catalogue of whom they show, for maintainers.

    .venv/bin/python collect_photos.py --contact you@example.org
    .venv/bin/python collect_photos.py --contact you@example.org --occupations actor --countries FR,BE --limit 500
    .venv/bin/python collect_photos.py --contact you@example.org --names assets/starter.jsonl
    .venv/bin/python collect_photos.py --contact you@example.org --index assets/index

The most famous come first. A run that was interrupted continues where it stopped, and a later one brings the gallery up
to date: a photo that is on the disk is not downloaded again, and people who left Wikidata, or whose photos all lost
their licence, are dropped. `<catalogue>.rejects.csv` has a reason for everything that was not used. `--check` asks each
service once and says what is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from pathlib import Path

from lookalike.collecting.collect import LIMIT, PHOTOS_PER_PERSON, CollectOptions, collect
from lookalike.collecting.fetching.pace import PER_MINUTE, PER_MINUTE_WITH_TOKEN
from lookalike.collecting.run import FEWEST_SITELINKS
from lookalike.collecting.service_check import check_services
from lookalike.collecting.wikimedia.commons import WIDTHS_PX
from lookalike.collecting.wikimedia.occupations import OCCUPATIONS, occupation_ids
from lookalike.core.program import run_program
from lookalike.core.settings import CollectorSettings, read_collector_settings, settings_table
from lookalike.programs.photos_of_index import collect_for_index


def parse(arguments: list[str]) -> CollectOptions:
    """The command line; SystemExit on wrong usage."""
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
    add("--names", type=Path, metavar="FILE", help="only these: a name, id or article a line, or a catalogue")
    add("--urls", type=Path, metavar="FILE", help="photos by link: Name<TAB>url, or JSON Lines")
    add("--folder", type=Path, metavar="DIR", help="photos you have: <Name>.jpg or <Name>/*.jpg")
    add("--photos", type=Path, default=Path("photos"), metavar="DIR", help="where photos go (default %(default)s)")
    add("--catalog", type=Path, metavar="FILE", help="the catalogue to write (default <photos>/celebrities.jsonl)")
    add("--photos-per-person", type=int, default=PHOTOS_PER_PERSON, metavar="N", help="(default %(default)s)")
    add(
        "--width",
        type=int,
        choices=WIDTHS_PX,
        help=f"of photos in px (default {WIDTHS_PX[0]}, with --index {WIDTHS_PX[1]})",
    )
    add(
        "--deny",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="people and photos to leave out",
    )
    add("--with-politicians", action="store_true", help="politicians, who are left out otherwise")
    rates = f"{PER_MINUTE:g}, with COLLECT_TOKEN {PER_MINUTE_WITH_TOKEN:g}"
    add("--index", type=Path, metavar="DIR", help="photos for the people of an index, which it only shows")
    add("--per-minute", type=float, metavar="N", help=f"requests (default {rates})")
    add("--check", action="store_true", help="one request to each service, which says whether all is fine")
    given = parser.parse_args(arguments)
    rate_is_wrong = given.per_minute is not None and not given.per_minute > 0
    if min(given.limit, given.fame, given.photos_per_person) < 1 or rate_is_wrong:
        parser.error("--limit, --fame, --photos-per-person and --per-minute take numbers from 1")
    has_lists = bool(given.names or given.urls or given.folder or given.index)
    try:
        occupations = occupation_ids(_words(given.occupations or "") or (() if has_lists else OCCUPATIONS))
    except KeyError as error:
        parser.error(f"--occupations: {error.args[0]!r} is none of {words}, and no id of Wikidata")
    countries = [code.upper() for code in _words(given.countries)]
    if not all(re.fullmatch("[A-Z]{2}", code) for code in countries):
        parser.error("--countries takes codes of two letters, such as FR,BE")
    return CollectOptions(
        photos=given.photos,
        catalogue=given.catalog or given.photos / "celebrities.jsonl",
        contact=given.contact,
        limit=given.limit,
        occupations=tuple(occupations),
        countries=tuple(countries),
        fewest_sitelinks=given.fame,
        names=given.names,
        urls=given.urls,
        folder=given.folder,
        photos_per_person=given.photos_per_person,
        width_px=given.width or WIDTHS_PX[1 if given.index else 0],  # shown ones are cut to the face
        deny=tuple(given.deny),
        with_politicians=given.with_politicians,
        per_minute=given.per_minute,
        only_checks=given.check,
        index=given.index,
    )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def main(arguments: list[str] | None = None) -> int:
    """0 if the catalogue is usable, 3 if it is and a server went away, 1 if it would be empty, 2 if it cannot be done.

    130 when interrupted.
    """
    options = parse(sys.argv[1:] if arguments is None else arguments)
    work = check_services if options.only_checks else collect_for_index if options.index else collect
    return run_program(
        "collect_photos.py",
        lambda: asyncio.run(work(options, read_collector_settings(os.environ))),
        when_interrupted="stopped; the next run continues from here",
    )


if __name__ == "__main__":
    sys.exit(main())
