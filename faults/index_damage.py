"""Ways to damage an index directory."""

from __future__ import annotations

import functools
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, CHECKSUM, EMBEDDINGS, GRAPH, MANIFEST, checksum, file_check
from lookalike.indexing.index_entries import IndexEntry
from lookalike.indexing.index_writer import write_index

Change = Callable[[Path], None]  # damages the index in this directory

FILES = (MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH)
SHARES = (0.0, 0.1, 0.5, 0.9, 0.98, 0.99, 0.999)  # of a file that is left; nmslib crashes over the last ones
HEADER_WORDS = range(16, 45, 4)  # of the graph: nmslib does not check them
FOREIGN = {
    "format_version": 99, "metric": "cosine", "dimension": 64, "recipe": "another", "model_sha256": "0" * 64,
    "celebrities": 7, "photos": 7, "sigma": 0.0, "hnsw": {},
}  # fmt: skip


@dataclass(frozen=True)
class Damage:
    """One way to damage an index. `is_signed`: the manifest has the checksums of the damaged files."""

    name: str
    change: Change
    is_signed: bool = False

    def copy(self, index: Path, to: Path) -> Path:
        """A damaged copy at `to`."""
        shutil.copytree(index, to)
        self.change(to)
        if self.is_signed:
            sign(to)
        return to


def plain(other: Path) -> list[Damage]:
    """Damage by a bad disk, a broken copy, or files of two builds; `other` is another index."""
    found = [Damage(f"{name} cut to {share:.1%}", functools.partial(_cut, name, share)) for name in FILES
             for share in SHARES]  # fmt: skip
    found += [Damage(f"{name} is missing", functools.partial(_remove, name)) for name in FILES]
    found += [Damage(f"{name} is all zeros", functools.partial(_zero, name)) for name in FILES]
    found += [Damage(f"{name} of another build", functools.partial(_replace, name, other)) for name in FILES]
    found += [Damage(f"the manifest says {key} {value}", functools.partial(_claim, key, value)) for key, value in
              FOREIGN.items()]  # fmt: skip
    return [*found, Damage("nothing is there", shutil.rmtree)]


def signed(other: Path, index: Path) -> list[Damage]:
    """Damage with the right checksums: only loading the index shows it."""
    size_bytes = (index / GRAPH).stat().st_size
    found = [Damage(f"{GRAPH} cut to {share:.1%}", functools.partial(_cut, GRAPH, share), is_signed=True)
             for share in SHARES]  # fmt: skip
    found += [Damage(f"{GRAPH}, word at {at}", functools.partial(_overwrite, at), is_signed=True)
              for at in HEADER_WORDS if at < size_bytes]  # fmt: skip
    found += [Damage(f"{name} of another build", functools.partial(_replace, name, other), is_signed=True)
              for name in (EMBEDDINGS, GRAPH)]  # fmt: skip
    found += [
        Damage("the graph is of cosines", functools.partial(_graph, "cosinesimil", 128), is_signed=True),
        Damage("the graph has 64 dimensions", functools.partial(_graph, "l2", 64), is_signed=True),
        Damage("an embedding is not a number", _not_a_number, is_signed=True),
    ]
    return found


def flips(chance: random.Random, index: Path, count: int) -> list[Damage]:
    """Single flipped bits, as many in each file."""
    found = []
    for number in range(count):
        name = FILES[number % len(FILES)]
        bit = chance.randrange(8 * (index / name).stat().st_size)
        found.append(Damage(f"{name}, bit {bit}{_line(index / name, bit)}", functools.partial(_flip, name, bit)))
    return found


def _line(file: Path, bit: int) -> str:
    """The line of the manifest that a bit is in."""
    if file.name != MANIFEST:
        return ""
    data = file.read_bytes()
    start = data.rfind(b"\n", 0, bit // 8) + 1
    return f" in `{data[start:].splitlines()[0].decode().strip():.40}`"


def halves(index: Path, directory: Path) -> tuple[Path, Path]:
    """Two whole indexes, each with every other celebrity of this one."""
    gallery = Gallery.load(index)
    with np.load(index / EMBEDDINGS) as arrays:
        centroids = arrays["centroids"]
    starts = gallery.photo_starts
    people = [
        IndexEntry(celebrity, centroids[row], gallery.photos[starts[row] : starts[row + 1]])
        for row, celebrity in enumerate(gallery.celebrities)
    ]
    made = directory / "even", directory / "odd"
    for parity, half in enumerate(made):
        half.mkdir(parents=True)
        write_index(people[parity::2], half)
    return made


def sign(index: Path) -> None:
    """Give the manifest the checksums of the files as they are."""
    manifest = json.loads((index / MANIFEST).read_text())
    manifest["files"] = {name: file_check(index / name).model_dump() for name in manifest["files"]}
    (index / MANIFEST).write_text(json.dumps(manifest | {CHECKSUM: checksum(manifest)}))


def _cut(name: str, share: float, index: Path) -> None:
    path = index / name
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))


def _remove(name: str, index: Path) -> None:
    (index / name).unlink()


def _zero(name: str, index: Path) -> None:
    path = index / name
    path.write_bytes(bytes(path.stat().st_size))


def _replace(name: str, other: Path, index: Path) -> None:
    shutil.copyfile(other / name, index / name)


def _claim(key: str, value: object, index: Path) -> None:
    manifest = json.loads((index / MANIFEST).read_text())
    (index / MANIFEST).write_text(json.dumps(manifest | {key: value}))


def _overwrite(at: int, index: Path) -> None:
    with (index / GRAPH).open("r+b") as file:
        file.seek(at)
        file.write(b"\xff\xff\xff\x7f")


def _flip(name: str, bit: int, index: Path) -> None:
    path = index / name
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)


def _graph(space: str, dimensions: int, index: Path) -> None:
    """The same celebrities in a graph of another kind."""
    import nmslib

    with np.load(index / EMBEDDINGS) as arrays:
        centroids = arrays["centroids"][:, :dimensions]
    graph = nmslib.init(method="hnsw", space=space)
    graph.addDataPointBatch(np.ascontiguousarray(centroids))
    graph.createIndex({"M": 24, "efConstruction": 200, "post": 0})
    graph.saveIndex(str(index / GRAPH), save_data=False)


def _not_a_number(index: Path) -> None:
    with np.load(index / EMBEDDINGS) as arrays:
        changed = dict(arrays)
    changed["centroids"][0, 0] = np.nan
    np.savez(index / EMBEDDINGS, **changed)
