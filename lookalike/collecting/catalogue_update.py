"""The catalogue before a run -> the catalogue after it: merged, written, and stale photos deleted."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lookalike.collecting.admission import is_denied
from lookalike.collecting.downloads import write_whole
from lookalike.collecting.run import CollectReject, CollectRun
from lookalike.core.terminal import printable
from lookalike.gallery.catalogue import Celebrity, read_catalogue

FILE_PAGE = "/wiki/File:"  # in the source of a photo of Commons
SHOWN = 10  # lines of a kind on the terminal
DOWNLOADED = re.compile(r"[0-9a-f]{20}(-\d+)?\.(jpg|png|webp)")  # names that downloads give: no others are deleted


def read_previous(catalogue: Path) -> dict[str, Celebrity]:
    """The celebrities of the catalogue that is there, by id; CatalogueError if it cannot be read."""
    lines = read_catalogue(catalogue) if catalogue.exists() else ()
    return {one.id: one for one in lines if isinstance(one, Celebrity)}


def merged(people: Iterable[Celebrity]) -> dict[str, Celebrity]:
    """Celebrities by id; one from two sources is as the first says, with the photos of both."""
    by_id: dict[str, Celebrity] = {}
    for one in people:
        if one.id in by_id:
            photos = {photo.file: photo for photo in (*by_id[one.id].photos, *one.photos)}
            one = by_id[one.id].model_copy(update={"photos": tuple(photos.values())})
        by_id[one.id] = one
    return by_id


def updated(run: CollectRun, collected: Sequence[Celebrity], *, adds: bool) -> dict[str, Celebrity]:
    """The catalogue after a run, by id. `adds`: the run has links and folders only, which replace nobody.

    Whom a run did not ask for leaves the catalogue, but for those who came from links and folders, which need not be
    named again. If a server went away, nobody leaves but by a verdict.
    """
    excluded, there = run.excluded, {one.id for one in collected}
    stay = [
        one
        for one in run.previous.values()
        if one.id not in excluded
        and not is_denied(one, one.id, run.rules)
        and (adds or (one.id not in there and (run.queries.gone or not _is_of_commons(one))))
    ]
    return merged([*stay, *collected] if adds else [*collected, *stay])


def _is_of_commons(one: Celebrity) -> bool:
    return any(FILE_PAGE in (photo.source_url or "") for photo in one.photos)


def write_catalogue(people: Mapping[str, Celebrity], path: Path) -> None:
    """One JSON line a celebrity; CollectError if it cannot be written."""
    write_whole(path, "".join(one.model_dump_json(exclude_defaults=True) + "\n" for one in people.values()).encode())


def drop(run: CollectRun, people: Mapping[str, Celebrity]) -> None:
    """Print who is no longer in the catalogue, and delete photos that may not be shown or were replaced.

    Photos of people who were merely not asked for this time stay.
    """
    previous, photos_dir = run.previous, run.rules.photos_dir
    reasons = run.excluded | dict.fromkeys(people, "")
    gone = [one for id, one in previous.items() if id not in people]
    for one in gone[:SHOWN]:
        reason = reasons.get(one.id, "not asked for")
        print(printable(f"dropped: {one.id} {one.name_in('en')}: {reason}"), file=sys.stderr)
    if len(gone) > SHOWN:
        print(f"dropped: {len(gone) - SHOWN} more", file=sys.stderr)
    kept = {photo.file for one in people.values() for photo in one.photos}
    for file in (photo.file for id, one in previous.items() if id in reasons for photo in one.photos):
        path = photos_dir / file
        if file not in kept and DOWNLOADED.fullmatch(path.name):
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # other photos are in there
                path.parent.rmdir()


def write_rejects(rejects: Sequence[CollectReject], path: Path) -> None:
    """One CSV line a reject: celebrity, name, photo, reason; the most frequent reasons are printed."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["celebrity", "name", "photo", "reason"])
    table.writerows((one.celebrity, one.name, one.photo, one.reason) for one in rejects)
    write_whole(path, text.getvalue().encode())
    for reason, count in Counter(one.reason for one in rejects).most_common(SHOWN):
        print(printable(f"left out: {count} × {reason}"), file=sys.stderr)
    if rejects:
        print(printable(f"left out: all of them are in {path}"), file=sys.stderr)
