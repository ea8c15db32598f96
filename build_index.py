"""Photos -> index directory, for maintainers.

    .venv/bin/python build_index.py --photos photos --out assets/index
    .venv/bin/python build_index.py --photos photos --catalog celebrities.jsonl --out assets/index

Faces are found by the very code that answers photos. A build that was interrupted goes on where it stopped: embeddings
are kept beside the index (`<out>.embeddings`) by the SHA-1 of the photo. The index in place stays as it is until the
new one is whole. `<out>/rejects.csv` holds a reason for every photo that was not used.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import csv
import hashlib
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from calibration import calibrate, centroid, hub_corrections
from catalogue import PHOTO_ENDINGS, Celebrity, CelebrityPhoto, from_folder, is_photo, read_catalogue, read_names, slug
from errors import CatalogueError, LookalikeError, WorkerDied
from findings import EMBEDDING_SIZE, MODEL_SHA256, RECIPE, Embedding, Refusal
from manifest import (
    CELEBRITIES,
    EMBEDDINGS,
    FORMAT_VERSION,
    GRAPH,
    MANIFEST,
    METRIC,
    Manifest,
    check_replaceable,
    file_check,
    replace_directory,
)
from matcher import read_photo
from search import ExactIndex, HnswIndex, parameters_for, recall
from workers import WorkerPool

Floats = npt.NDArray[np.float32]

IN_FLIGHT_PER_WORKER = 3  # enough that no worker waits, few enough that memory stays flat
RECALL_QUERIES = 1000
REJECTS = "rejects.csv"


@dataclass(frozen=True)
class Reject:
    """A photo, a person or a catalogue line that is not in the index, and why."""

    celebrity: str
    photo: str
    reason: str


@dataclass(frozen=True)
class Embedded:
    """A photo of a celebrity with its embedding float32 (128,), or with the reason why it has none."""

    celebrity: Celebrity
    photo: CelebrityPhoto
    result: Embedding | str


@dataclass(frozen=True)
class Person:
    """A celebrity with at least one good photo: mean embedding (128,) and those of the good photos (k, 128)."""

    celebrity: Celebrity
    centroid: Embedding
    embeddings: Floats


class EmbeddingStore:
    """Embeddings by photo content, in one file that only grows, so that an interrupted build loses nothing.

    A header that names the recipe, then records of fixed size; a record that was cut off is dropped.
    """

    HEADER = hashlib.sha256(f"{RECIPE} {MODEL_SHA256}".encode()).digest()
    RECORD = np.dtype([("sha1", "u1", 20), ("reason", "S24"), ("embedding", "<f4", EMBEDDING_SIZE)])

    def __init__(self, path: Path) -> None:
        if not path.is_file() or _head(path, len(self.HEADER)) != self.HEADER:
            path.write_bytes(self.HEADER)  # none yet, or made by another recipe
        count = (path.stat().st_size - len(self.HEADER)) // self.RECORD.itemsize
        os.truncate(path, len(self.HEADER) + count * self.RECORD.itemsize)
        self._records = (
            np.memmap(path, self.RECORD, "r", len(self.HEADER), (count,)) if count else np.empty(0, self.RECORD)
        )
        self._rows = {record["sha1"].tobytes(): row for row, record in enumerate(self._records)}
        self._file = path.open("ab")

    def get(self, sha1: bytes) -> Embedding | str | None:
        """What was found in the photo with that SHA-1, if it was seen in an earlier build."""
        row = self._rows.get(sha1)
        if row is None:
            return None
        record = self._records[row]
        return record["reason"].decode() or np.array(record["embedding"])

    def add(self, sha1: bytes, result: Embedding | str) -> None:
        """Keep what was found for the next build."""
        record = np.zeros((), self.RECORD)
        record["sha1"] = np.frombuffer(sha1, np.uint8)
        if isinstance(result, str):
            record["reason"] = result.encode()
        else:
            record["embedding"] = result
        self._file.write(record.tobytes())
        self._file.flush()

    def close(self) -> None:
        """Close the file; what was added is on disk."""
        self._file.close()


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def celebrities_to_build(
    photos: Path, catalog: Path | None, deny: frozenset[str], link_template: str | None, rejects: list[Reject]
) -> list[Celebrity]:
    """Everybody with photos who is not on the deny-list; what is left out goes to `rejects`."""
    if not photos.is_dir():
        raise CatalogueError(f"photos directory {photos} is missing")
    chosen = []
    for celebrity in read_catalogue(catalog, link_template) if catalog else from_folder(photos):
        if isinstance(celebrity, str):
            print(f"build_index.py: {celebrity}", file=sys.stderr)
            rejects.append(Reject("", "", celebrity))
        elif celebrity.id in deny:
            rejects.append(Reject(celebrity.id, "", "on the deny-list"))
        else:
            chosen.append(celebrity if celebrity.photos else with_photos_of_folder(celebrity, photos))
    return chosen


def with_photos_of_folder(celebrity: Celebrity, photos: Path) -> Celebrity:
    """A catalogue line that lists no photos has those in the folder, or the file, called like its id or its name."""
    for stem in filter(None, dict.fromkeys((celebrity.id, slug(celebrity.name_in("en"))))):
        folder = photos / stem
        files = sorted(folder.iterdir()) if folder.is_dir() else [photos / f"{stem}{end}" for end in PHOTO_ENDINGS]
        found = [file for file in files if is_photo(file)]
        if found:
            listed = tuple(CelebrityPhoto(file=file.relative_to(photos).as_posix()) for file in found)
            return celebrity.model_copy(update={"photos": listed})
    return celebrity


async def embed_all(
    celebrities: Iterable[Celebrity], photos: Path, store: EmbeddingStore, workers: int | None
) -> AsyncIterator[Embedded]:
    """The main face of every photo, in the order of the celebrities, from the store or from a worker."""
    async with WorkerPool(workers) as pool:
        window = pool.size * IN_FLIGHT_PER_WORKER
        waiting: list[tuple[Celebrity, CelebrityPhoto, asyncio.Task[tuple[str, Embedding | str]]]] = []
        jobs = ((celebrity, photo) for celebrity in celebrities for photo in celebrity.photos)
        for celebrity, photo in jobs:
            task = asyncio.create_task(_embed(pool, store, photos / photo.file))
            waiting.append((celebrity, photo, task))
            if len(waiting) >= window:
                yield await _embedded(*waiting.pop(0))
        for job in waiting:
            yield await _embedded(*job)


async def _embedded(
    celebrity: Celebrity, photo: CelebrityPhoto, task: asyncio.Task[tuple[str, Embedding | str]]
) -> Embedded:
    sha1, result = await task
    return Embedded(celebrity, photo.model_copy(update={"sha1": sha1 or None}), result)


async def _embed(pool: WorkerPool, store: EmbeddingStore, path: Path) -> tuple[str, Embedding | str]:
    """SHA-1 of a photo (hex) and the embedding of its main face, or the reason why it has none."""
    data = read_photo(path)
    if isinstance(data, Refusal):
        return "", str(data.reason)
    sha1 = hashlib.sha1(data, usedforsecurity=False)  # names content, as Wikimedia Commons does
    result = store.get(sha1.digest())
    if result is None:
        try:
            found = await pool.find(data)
        except WorkerDied:
            return sha1.hexdigest(), "kills its worker"
        result = str(found.reason) if isinstance(found, Refusal) else found[0].embedding
        store.add(sha1.digest(), result)
    return sha1.hexdigest(), result


def to_person(celebrity: Celebrity, photos: list[Embedded], rejects: list[Reject]) -> Person | None:
    """A celebrity with the good ones of the photos; None, with reasons in `rejects`, if there is none."""
    good: dict[str, Embedded] = {}
    for one in photos:
        if isinstance(one.result, str):
            rejects.append(Reject(celebrity.id, one.photo.file, one.result))
        elif one.photo.sha1 in good:
            rejects.append(Reject(celebrity.id, one.photo.file, f"same as {good[one.photo.sha1].photo.file}"))
        else:
            good[str(one.photo.sha1)] = one
    if not good:
        rejects.append(Reject(celebrity.id, "", "no usable photo"))
        return None
    embeddings = np.stack([one.result for one in good.values() if not isinstance(one.result, str)])
    mean, keep = centroid(embeddings)
    kept = []
    for one, is_kept in zip(good.values(), keep, strict=True):
        if is_kept:
            kept.append(one.photo)
        else:
            rejects.append(Reject(celebrity.id, one.photo.file, "unlike the person's other photos"))
    return Person(celebrity.model_copy(update={"photos": tuple(kept)}), mean, embeddings[keep])


async def people(
    celebrities: list[Celebrity], photos: Path, store: EmbeddingStore, workers: int | None, rejects: list[Reject]
) -> list[Person]:
    """Embed all photos, with a progress bar, and make a person of each celebrity that has a good one."""
    by_id: dict[str, list[Embedded]] = {celebrity.id: [] for celebrity in celebrities}
    total = sum(len(celebrity.photos) for celebrity in celebrities)
    with tqdm(total=total, unit="photo", desc="photos", disable=None) as bar:
        async for one in embed_all(celebrities, photos, store, workers):
            by_id[one.celebrity.id].append(one)
            bar.update()
    made = (to_person(celebrity, by_id[celebrity.id], rejects) for celebrity in celebrities)
    return [person for person in made if person]


def write_index(people: list[Person], directory: Path) -> Manifest:
    """Write a whole index of these people into an empty directory, calibrated and with its recall measured."""
    centroids = np.stack([person.centroid for person in people])
    photos = np.concatenate([person.embeddings for person in people])
    owners = np.repeat(np.arange(len(people), dtype=np.int32), [len(person.embeddings) for person in people])
    corrections = hub_corrections(centroids, photos, owners)
    calibration = calibrate(centroids, corrections, photos, owners)
    parameters = parameters_for(len(people))
    index = HnswIndex.build(centroids, parameters)

    index.save(directory / GRAPH)
    np.savez(directory / EMBEDDINGS, centroids=centroids, corrections=corrections, photos=photos, photo_owner=owners)
    with (directory / CELEBRITIES).open("w", encoding="utf-8") as lines:
        for person in people:
            lines.write(person.celebrity.model_dump_json(exclude_defaults=True) + "\n")
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        celebrities=len(people),
        photos=len(photos),
        dimension=EMBEDDING_SIZE,
        metric=METRIC,
        hnsw=asdict(parameters),
        mu=calibration.mu,
        sigma=calibration.sigma,
        min_similarity=calibration.min_similarity,
        recall_at_10=measured_recall(index, centroids, photos),
        recipe=RECIPE,
        model_sha256=MODEL_SHA256,
        files={name: file_check(directory / name) for name in (CELEBRITIES, EMBEDDINGS, GRAPH)},
        libraries={name: version(name) for name in ("nmslib", "numpy", "onnxruntime", "dlib-bin", "Pillow")},
    )
    (directory / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


def measured_recall(index: HnswIndex, centroids: Floats, photos: Floats) -> float:
    """Recall@10 by distance of the graph against exact search, asked for a sample of the photos."""
    queries = photos[np.linspace(0, len(photos) - 1, min(RECALL_QUERIES, len(photos))).astype(int)]
    _, found = index.nearest(queries, 10)
    _, exact = ExactIndex(centroids).nearest(queries, 10)
    return recall(found, exact)


def write_rejects(rejects: Iterable[Reject], path: Path) -> None:
    """One line a reject: celebrity, photo, reason."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["celebrity", "photo", "reason"])
        table.writerows((reject.celebrity, reject.photo, reject.reason) for reject in rejects)


def build(arguments: argparse.Namespace) -> int:
    """Build and install the index; the exit status."""
    out: Path = arguments.out.resolve()  # a link to the index stays a link
    check_replaceable(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    rejects: list[Reject] = []
    deny = frozenset[str]().union(*(read_names(file) for file in arguments.deny))
    celebrities = celebrities_to_build(arguments.photos, arguments.catalog, deny, arguments.link_template, rejects)
    store = EmbeddingStore(out.with_name(f"{out.name}.embeddings"))
    try:
        found = asyncio.run(people(celebrities, arguments.photos, store, arguments.workers, rejects))
    finally:
        store.close()
    if arguments.forget_photos:
        found = [Person(p.celebrity.model_copy(update={"photos": ()}), p.centroid, p.embeddings) for p in found]
    for reason, count in Counter(reject.reason for reject in rejects).most_common(10):
        print(f"left out: {count} × {reason}", file=sys.stderr)
    if not found:
        write_rejects(rejects, out.with_name(f"{out.name}.{REJECTS}"))
        print(f"build_index.py: no usable photo in {arguments.photos}, {out} stays as it was", file=sys.stderr)
        return 1
    with _scratch(out) as unfinished:
        manifest = write_index(found, unfinished)
        write_rejects(rejects, unfinished / REJECTS)
        replace_directory(unfinished, out)
    print(
        f"{out}: {manifest.celebrities} celebrities, {manifest.photos} photos, "
        f"recall@10 {manifest.recall_at_10:.4f}, best matches at {manifest.mu:.3f} ± {manifest.sigma:.3f}"
    )
    return 0


@contextlib.contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """An empty directory beside `out`, on the same file system; gone afterwards unless it was put in place."""
    directory = Path(tempfile.mkdtemp(prefix=f".{out.name}.unfinished.", dir=out.parent))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Build the index of celebrities from their photos.")
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="<Name>.jpg or <Name>/*.jpg")
    parser.add_argument("--catalog", type=Path, metavar="FILE", help="celebrities as JSON Lines, or the flat JSON list")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the index directory")
    parser.add_argument("--deny", type=Path, action="append", default=[], metavar="FILE", help="ids to leave out")
    parser.add_argument("--link-template", metavar="URL", help="link of a flat entry, with {name} or {alias} in it")
    parser.add_argument("--forget-photos", action="store_true", help="name no photo files in the index")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: one a core)")
    parsed = parser.parse_args(arguments)
    if parsed.workers is not None and parsed.workers < 1:
        parser.error("--workers takes a whole number from 1")
    return parsed


def main(arguments: list[str] | None = None) -> int:
    """0 if the index is in place and usable, 1 if no photo was usable, 2 on wrong usage or a missing model."""
    try:
        return build(parse(sys.argv[1:] if arguments is None else arguments))
    except (LookalikeError, OSError) as error:
        print(f"build_index.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped; the next run goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
