"""What was found in each photo, kept in an SQLite file beside the index: an interrupted build goes on where it stopped.

    faces    SHA-1 of a photo's bytes -> the embedding and measures of its main face, or the reason why it has none
    files    BLAKE2b of path, size and mtime -> SHA-1: a file that has not changed need not be read again

Measures are kept with the embedding, so that the thresholds of quality.py can change without embedding anything again.
A photo that was kept outlives the process at once (kill -9), a power cut after some seconds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import BuildRunning
from lookalike.faces.types import EMBEDDING_SIZE, MEASURES, MODEL_SHA256, RECIPE, MeasuredFace, Refusal

Rows = npt.NDArray[np.int64]  # row ids of faces; NONE where there is none

NONE = -1
MEASURES_VERSION = 1  # raise it when the same measures are taken in another way: photos are inspected again
SCHEMA = f"""
    CREATE TABLE made_by (text TEXT NOT NULL);
    CREATE TABLE faces (id INTEGER PRIMARY KEY, sha1 BLOB NOT NULL UNIQUE, reason TEXT,
                        {", ".join(f"{name} REAL" for name in MEASURES)}, place BLOB, embedding BLOB);
    CREATE TABLE files (key BLOB PRIMARY KEY, sha1 BLOB NOT NULL) WITHOUT ROWID;
"""
FACE_COLUMNS = ", ".join(("sha1", "reason", *MEASURES, "place", "embedding"))
INSERT_FACE = f"INSERT OR REPLACE INTO faces ({FACE_COLUMNS}) VALUES ({', '.join('?' * (len(MEASURES) + 4))})"  # noqa: S608 - names of this file
SELECT_FACES = f"SELECT id, {FACE_COLUMNS} FROM faces WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - as above
SELECT_FACE = f"SELECT {FACE_COLUMNS} FROM faces WHERE id = ?"  # noqa: S608 - as above


@dataclass(frozen=True, eq=False)
class CachedPhoto:
    """A photo by the SHA-1 of its bytes, hex, and its main face or the reason why there is none."""

    sha1: str
    face: MeasuredFace | str


@dataclass(frozen=True, eq=False)
class FaceTable:
    """Photos (n,) in arrays: measures (n,) by name, embeddings (n, 128), the places as in index_format.Arrays.

    Where `has_face` is false the other numbers mean nothing, and the SHA-1 is '' if there is no such row.
    """

    has_face: npt.NDArray[np.bool_]
    sha1s: list[str]
    measures: dict[str, npt.NDArray[np.float64]]
    boxes: npt.NDArray[np.int32]
    eyes: npt.NDArray[np.float32]
    embeddings: npt.NDArray[np.float32]


class CacheHit(NamedTuple):
    """The row of a photo, NONE if it is not in the cache, and whether a face was found in it."""

    row: int
    has_face: bool


NO_PLACE, NO_EMBEDDING = bytes(8 * 8), bytes(4 * EMBEDDING_SIZE)
NO_FACE = (b"", None, *[None] * len(MEASURES), None, None)  # a record of a row that is not there


class EmbeddingCache:
    """The cache at `path`, which is made anew if it is of another recipe, network or version, or no cache at all.

    For one process at a time, and one thread: BuildRunning if another process has it open. OSError if it cannot be
    read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._open()
        except sqlite3.OperationalError as error:
            self.close()
            if error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise BuildRunning(f"another build is running: it has {path}") from None
            raise OSError(f"{path}: {error}") from error
        except sqlite3.DatabaseError:  # a file in another format, such as that of earlier versions
            self.close()
            path.unlink()
            self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self._execute("SELECT count(*) FROM faces").fetchone()[0])

    def _open(self) -> None:
        self._database = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
            self._database.execute(f"PRAGMA {pragma}")
        made_by = f"{RECIPE} {MODEL_SHA256} {MEASURES_VERSION} {FACE_COLUMNS}"
        self._database.execute("BEGIN EXCLUSIVE")
        tables = [name for (name,) in self._database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if "made_by" not in tables or self._database.execute("SELECT text FROM made_by").fetchall() != [(made_by,)]:
            for name in tables:
                self._database.execute(f"DROP TABLE {name}")
            for statement in filter(str.strip, SCHEMA.split(";")):
                self._database.execute(statement)
            self._database.execute("INSERT INTO made_by VALUES (?)", (made_by,))
        self._database.execute("COMMIT")

    def _execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        try:
            return self._database.execute(sql, values)
        except sqlite3.OperationalError as error:  # such as a full disk
            raise OSError(f"{self._path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise OSError(
                f"{self._path} is damaged ({error}): delete it, and all photos are inspected again"
            ) from error

    def find(self, sha1: bytes) -> CacheHit:
        """The row of a photo."""
        return self._find("SELECT id, reason IS NULL FROM faces WHERE sha1 = ?", sha1)

    def find_file(self, key: bytes) -> CacheHit:
        """The row of the photo that the file with this key holds."""
        return self._find("SELECT id, reason IS NULL FROM files JOIN faces USING (sha1) WHERE key = ?", key)

    def _find(self, sql: str, value: bytes) -> CacheHit:
        row, has_face = self._execute(sql, (value,)).fetchone() or (NONE, 0)
        return CacheHit(row, bool(has_face))

    def photos(self, rows: Rows) -> list[CachedPhoto]:
        """The photos with these rows (n,)."""
        found = (self._execute(SELECT_FACE, (row,)).fetchone() for row in rows.tolist())
        return [
            CachedPhoto(sha1.hex(), reason or _face(values, place, embedding))
            for sha1, reason, *values, place, embedding in found
        ]

    def table(self, rows: Rows) -> FaceTable:
        """The photos with these rows (n,), in their order, three times as fast as `photos`."""
        wanted, places = np.unique(rows, return_inverse=True)
        found = {record[0]: record[1:] for record in self._execute(SELECT_FACES, (json.dumps(wanted.tolist()),))}
        records = [found.get(row, NO_FACE) for row in wanted.tolist()]
        sha1s, _, *measures, boxes, embeddings = zip(*(records or [NO_FACE]), strict=True)
        place = np.frombuffer(b"".join(one or NO_PLACE for one in boxes), "<f8").reshape(-1, 8)[places]
        vectors = np.frombuffer(b"".join(one or NO_EMBEDDING for one in embeddings), "<f4").reshape(-1, EMBEDDING_SIZE)
        names = [sha1.hex() for sha1 in sha1s]
        return FaceTable(
            has_face=np.array([one is not None for one in embeddings], dtype=bool)[places],
            sha1s=[names[number] for number in places.tolist()],
            measures={
                name: np.array(column, np.float64)[places] for name, column in zip(MEASURES, measures, strict=True)
            },
            boxes=place[:, :4].astype(np.int32),
            eyes=place[:, 4:].astype(np.float32),
            embeddings=vectors[places],
        )

    def keep(self, sha1: bytes, found: MeasuredFace | Refusal) -> CacheHit:
        """Keep what was found in a photo."""
        values: tuple[object, ...]
        if isinstance(found, Refusal):
            values = (sha1, str(found.reason), *[None] * len(MEASURES), None, None)
        else:
            measures = (float(found.measures[name]) for name in MEASURES)
            place = np.array([*found.box, *found.eyes], "<f8").tobytes()
            values = (sha1, None, *measures, place, np.asarray(found.embedding, "<f4").tobytes())
        return CacheHit(self._execute(INSERT_FACE, values).lastrowid or NONE, not isinstance(found, Refusal))

    def keep_file(self, key: bytes, sha1: bytes) -> None:
        """Keep the SHA-1 of a file."""
        self._execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (key, sha1))

    def erase(self, sha1s: Iterable[bytes]) -> int:
        """Erase photos with these SHA-1, overwritten on disk when this returns; how many there were."""
        erased = 0
        self._execute("BEGIN")
        for sha1 in sha1s:
            erased += self._execute("DELETE FROM faces WHERE sha1 = ?", (sha1,)).rowcount
            self._execute("DELETE FROM files WHERE sha1 = ?", (sha1,))
        self._execute("COMMIT")
        self._execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return erased

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if hasattr(self, "_database"):
            self._database.close()


def _face(values: Sequence[float], place: bytes, embedding: bytes) -> MeasuredFace:
    """The face of a row: measures in the order of MEASURES, box and eyes as eight float64, embedding."""
    numbers = np.frombuffer(place, "<f8").tolist()
    left, top, right, bottom = map(int, numbers[:4])
    x_left, y_left, x_right, y_right = numbers[4:]
    measures: dict[str, Any] = dict(zip(MEASURES, values, strict=True))
    return MeasuredFace(
        embedding=np.frombuffer(embedding, "<f4"),
        box=(left, top, right, bottom),
        eyes=(x_left, y_left, x_right, y_right),
        **measures | {"faces": int(measures["faces"])},
    )
