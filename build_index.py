"""Photos -> index directory, for maintainers.

    .venv/bin/python build_index.py --photos photos --out assets/index
    .venv/bin/python build_index.py --photos photos --catalog celebrities.jsonl --out assets/index
    .venv/bin/python build_index.py --remove Q42 --deny assets/deny.txt --photos photos --out assets/index

Faces are found by the very code that answers photos. A build that was interrupted goes on where it stopped, and one
after a small change takes seconds: what was found in a photo is kept beside the index by the photo's SHA-1
(`<out>.embeddings`), and that by the file's size and time of change (`<out>.hashes`). The index in place stays as it
is until the new one is whole. `<out>/rejects.csv` holds a reason for every photo that was not used, and
`<out>/report.html` shows who is in the gallery and what deserves a look.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import itertools
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from lookalike.core.errors import LookalikeError, UnknownCelebrities
from lookalike.gallery.catalogue import Celebrity, no_garbage_collection, read_names
from lookalike.gallery.index_format import Manifest, check_replaceable, read_arrays, replace_directory, scratch_beside
from lookalike.indexing import duplicate_check as suspects
from lookalike.indexing.embed_photos import Embedded, EmbeddingStore, Hashes, embed
from lookalike.indexing.index_writer import Person, remove_people, write_index
from lookalike.indexing.photo_selection import Reject, celebrities_to_build, to_people
from lookalike.indexing.report.page import REPORT, Report, write_report
from lookalike.indexing.takedown import delete_photos, deny, forget_embeddings, leaving
from lookalike.workers.pool import WorkerPool

if TYPE_CHECKING:
    from lookalike.indexing.dask_backend import Cluster

REJECTS = "rejects.csv"
SCHEDULER_URL = re.compile(r"(tcp|tls)://[^/\s]+:\d+")
RELOAD = "a running bot takes it on SIGHUP: pkill -HUP -f bot.py"


@dataclass(frozen=True)
class Kept:
    """What earlier builds of an index keep beside it."""

    store: EmbeddingStore
    hashes: Hashes


def build(arguments: argparse.Namespace) -> int:
    """Build and install the index; the exit status."""
    out: Path = arguments.out.resolve()  # a link to the index stays a link
    check_replaceable(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    denied = frozenset[str]().union(*(read_names(file) for file in arguments.deny))
    celebrities, rejects = celebrities_to_build(arguments.photos, arguments.catalog, denied, arguments.link_template)
    for reject in rejects:
        if not reject.celebrity:  # a line of the catalogue that is wrong
            print(f"build_index.py: {reject.reason}", file=sys.stderr)
    with EmbeddingStore(_beside(out, "embeddings")) as store, Hashes(_beside(out, "hashes")) as hashes:
        embedded = asyncio.run(embed_photos(celebrities, Kept(store, hashes), arguments))
        splits: list[suspects.Split] = []
        people = _with_bar(to_people(celebrities, embedded, store, rejects, splits), len(celebrities), rejects)
        if arguments.forget_photos:
            people = map(without_photos, people)
        first = next(people, None)
        if first is not None:
            manifest = install(itertools.chain([first], people), out, arguments, celebrities, rejects, splits)
    for reason, count in Counter(reject.reason for reject in rejects).most_common(10):
        print(f"left out: {count} × {reason}", file=sys.stderr)
    if first is None:
        write_rejects(rejects, _beside(out, REJECTS))
        print(f"build_index.py: no usable photo in {arguments.photos}, {out} stays as it was", file=sys.stderr)
        return 1
    print(
        f"{out}: {manifest.celebrities} celebrities, {manifest.photos} photos, "
        f"recall@10 {manifest.recall_at_10:.4f}, best matches at {manifest.mu:.3f} ± {manifest.sigma:.3f}"
    )
    return 0


async def embed_photos(celebrities: list[Celebrity], kept: Kept, arguments: argparse.Namespace) -> Embedded:
    """The portraits of all photos of these celebrities, in order, with a progress bar."""
    files = [photo.file for celebrity in celebrities for photo in celebrity.photos]
    with tqdm(total=len(files), unit="photo", desc="photos", disable=None) as bar:
        without_face = 0

        def seen(done: int, rejected: int) -> None:
            nonlocal without_face
            without_face += rejected
            bar.set_postfix(rejected=without_face, refresh=False)
            bar.update(done)

        async with _inspector(arguments) as inspector:
            return await embed(
                files, arguments.photos, kept.store, kept.hashes, inspector, rehash=arguments.rehash, seen=seen
            )


def _inspector(arguments: argparse.Namespace) -> WorkerPool | Cluster:
    if not arguments.scheduler:
        return WorkerPool(arguments.workers)
    from lookalike.indexing.dask_backend import Cluster  # half a second, and most builds do without

    return Cluster(arguments.scheduler)


def _with_bar(people: Iterable[Person | None], total: int, rejects: list[Reject]) -> Iterator[Person]:
    """Those who are somebody, with a progress bar; `rejects` grows meanwhile."""
    with tqdm(total=total, unit="person", desc="people", disable=None) as bar:
        for person in people:
            bar.set_postfix(rejected=len(rejects), refresh=False)
            bar.update()
            if person:
                yield person


def without_photos(person: Person) -> Person:
    """The person, whose photo files are not named."""
    return replace(person, celebrity=person.celebrity.model_copy(update={"photos": ()}))


def install(
    people: Iterable[Person], out: Path, arguments: argparse.Namespace, celebrities: list[Celebrity],
    rejects: list[Reject], splits: list[suspects.Split],
) -> Manifest:  # fmt: skip
    """Write the index of these people with its rejects and its report, and put it in the place of the one before."""
    in_index: list[Celebrity] = []

    def noted() -> Iterator[Person]:
        for person in people:
            in_index.append(person.celebrity)
            yield person

    with no_garbage_collection(), scratch_beside(out) as unfinished:
        written = write_index(noted(), unfinished, previous=out)
        write_rejects(rejects, unfinished / REJECTS)
        arrays = read_arrays(unfinished, written.manifest)
        rejected = {reject.photo for reject in rejects}
        found = suspects.find(in_index, arrays.centroids, arrays.photos, arrays.photo_owner, splits=splits)
        report = Report(
            in_index, written.manifest, written.best_scores, written.taken,
            found, rejects, None if arguments.forget_photos else arguments.photos,
            {photo.file: photo for one in celebrities for photo in one.photos if photo.file in rejected},
        )  # fmt: skip
        write_report(report, unfinished / REPORT)
        replace_directory(unfinished, out)
    return written.manifest


def write_rejects(rejects: Iterable[Reject], path: Path) -> None:
    """One line a reject: celebrity, photo, reason."""
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        table = csv.writer(file)
        table.writerow(["celebrity", "photo", "reason"])
        table.writerows((reject.celebrity, reject.photo, reject.reason) for reject in rejects)


def remove(arguments: argparse.Namespace) -> int:
    """Take people out of the index, and with them what else is named on the command line; the exit status."""
    out: Path = arguments.out.resolve()
    going = leaving(out, arguments.remove)
    for path in arguments.deny:
        print(f"{path}: added {', '.join(deny(path, arguments.remove)) or 'nobody, they were there'}")
    deleted, sha1s = delete_photos(arguments.photos, going) if arguments.photos else ([], [])
    for file in deleted:
        print(f"deleted {arguments.photos / file}")
    erased = forget_embeddings(_beside(out, "embeddings"), going, sha1s)
    manifest = remove_people(out, arguments.remove)
    print(f"{out}: removed {', '.join(arguments.remove)}; erased what was kept of {erased} photos")
    print(f"{out}: {manifest.celebrities} celebrities, {manifest.photos} photos; {RELOAD}")
    return 0


def _beside(out: Path, ending: str) -> Path:
    return out.with_name(f"{out.name}.{ending}")


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Build the index of celebrities from their photos.")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="<Name>.jpg or <Name>/*.jpg")
    parser.add_argument("--catalog", type=Path, metavar="FILE", help="celebrities as JSON Lines, or the flat JSON list")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the index directory")
    parser.add_argument("--deny", type=Path, action="append", default=[], metavar="FILE", help="ids to leave out")
    parser.add_argument("--link-template", metavar="URL", help="link of a flat entry, with {name} or {alias} in it")
    parser.add_argument("--forget-photos", action="store_true", help="name no photo files in the index")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: one a core)")
    parser.add_argument(
        "--scheduler", metavar="URL", help="have the photos inspected by a Dask cluster: tcp://host:8786"
    )
    parser.add_argument("--rehash", action="store_true", help="read every photo, even if size and time are as before")
    parser.add_argument(
        "--remove", nargs="+", metavar="ID",
        help="take these people out of the index at once, add them to --deny, delete their photos in --photos",
    )  # fmt: skip
    parsed = parser.parse_args(arguments)
    if not parsed.photos and not parsed.remove:
        parser.error("--photos is needed, or --remove")
    if parsed.workers is not None and parsed.workers < 1:
        parser.error("--workers takes a whole number from 1")
    if parsed.workers and parsed.scheduler:
        parser.error("--workers is for this machine, --scheduler for a cluster, whose threads are taken")
    if parsed.scheduler and not SCHEDULER_URL.fullmatch(parsed.scheduler):
        parser.error("--scheduler takes the address of a Dask scheduler, such as tcp://127.0.0.1:8786")
    return parsed


def main(arguments: list[str] | None = None) -> int:
    """0 if the index is in place and usable; 1 if no photo was usable or somebody to remove is not there; else 2."""
    try:
        parsed = parse(sys.argv[1:] if arguments is None else arguments)
        return remove(parsed) if parsed.remove else build(parsed)
    except UnknownCelebrities as error:
        print(f"build_index.py: {error}", file=sys.stderr)
        return 1
    except (LookalikeError, OSError) as error:
        print(f"build_index.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped; the next run goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
