"""The celebrities of a loaded index: kept as JSON text and parsed when asked for, in 20 µs each.

Parsed ones take seven times the memory of their text: 760 MB instead of 110 for 100,000 with four photos each.
"""

from __future__ import annotations

import functools
import hashlib
import re
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from lookalike.core.errors import IndexRefused
from lookalike.gallery.catalogue import Celebrity, no_garbage_collection
from lookalike.gallery.filters import Traits
from lookalike.gallery.replacing.hidden import NOTHING, Hidden

READ_KEPT = 1000  # celebrities that were read last stay so: some are near to very many faces
TAG_DIGITS = 16  # of a SHA-256, in hex: two of a million ids share them with a chance of 3e-8


def _reader(lines: bytes, starts: npt.NDArray[np.int64]) -> Callable[[int], Celebrity]:
    return lambda row: Celebrity.model_validate_json(lines[starts[row] : starts[row + 1]])


def celebrity_tag(id: str) -> str:
    """An id in at most 24 letters of [0-9A-Za-z_-], for buttons and links: itself where it is so, else a hash of it."""
    if re.fullmatch(r"[0-9A-Za-z_-]{1,24}", id):
        return id
    return f"h{hashlib.sha256(id.encode('utf-8', 'surrogatepass')).hexdigest()[:TAG_DIGITS]}"


class Celebrities(Sequence[Celebrity]):
    """Celebrities in index order, of lines of JSON; a ValidationError or ValueError if one of them is wrong.

    `photo_counts` and `embedded_counts` (n,): how many photos each names, and of how many the index has embeddings;
    `sitelinks` (n,): in how many Wikipedias each is, NaN if unknown;
    `traits`: what filters ask of them; `hidden` and `hidden_rows`: who is left out of everything but their row.
    """

    hidden = NOTHING
    hidden_rows: frozenset[int] = frozenset()

    def __init__(self, lines: bytes) -> None:
        self._text = lines.rstrip(b"\n") + b"\n"
        ends = np.flatnonzero(np.frombuffer(self._text, np.uint8) == ord("\n"))
        self._starts = np.concatenate([[0], ends + 1])  # and the end of the last line
        self._rows: dict[str, int] = {}
        self._rows_of_tags: dict[str, int] = {}  # those that are not the id itself
        self.photo_counts: npt.NDArray[np.int64] = np.zeros(len(ends), np.int64)
        self.embedded_counts: npt.NDArray[np.int64] = np.zeros(len(ends), np.int64)
        self.traits = Traits()
        hashes = array("q")
        self.sitelinks: npt.NDArray[np.float32] = np.full(len(ends), np.nan, np.float32)
        read = _reader(self._text, self._starts)  # which refers to no Celebrities: no cycle keeps an old gallery
        self._read = functools.lru_cache(READ_KEPT)(read)
        with no_garbage_collection():
            for row, celebrity in enumerate(map(read, range(len(ends)))):
                self._rows[celebrity.id] = row
                if (tag := celebrity_tag(celebrity.id)) != celebrity.id:
                    self._rows_of_tags[tag] = row
                self.photo_counts[row] = len(celebrity.photos)
                self.embedded_counts[row] = sum(photo.embedded for photo in celebrity.photos)
                if celebrity.fame is not None:
                    self.sitelinks[row] = celebrity.fame
                self.traits.append(celebrity)
                hashes.extend(hash(photo.file) for photo in celebrity.photos)
        self._hashes = np.frombuffer(hashes, np.int64)  # of the photos' names, which take ten times as much
        self._by_hash = np.argsort(self._hashes).astype(np.int32)
        self._photo_ends = np.cumsum(self.photo_counts)

    @classmethod
    def of(cls, celebrities: Iterable[Celebrity]) -> Celebrities:
        """These celebrities."""
        return cls("\n".join(one.model_dump_json(exclude_defaults=True) for one in celebrities).encode())

    @classmethod
    def read(cls, path: Path) -> Celebrities:
        """Those of celebrities.jsonl; IndexRefused with the reason if it cannot be read or a line is wrong."""
        try:
            return cls(path.read_bytes())
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"])) or "line"
            raise IndexRefused(f"{path}: {field}: {first['msg']}") from error
        except (OSError, ValueError) as error:
            raise IndexRefused(f"{path}: {error}") from error

    def without(self, hidden: Hidden) -> Celebrities:
        """The same, with these hidden and no others."""
        left = copy(self)
        left.hidden = hidden
        left.hidden_rows = frozenset(self._rows[id] for id in hidden.stars if id in self._rows)
        left.traits = copy(self.traits)
        left.traits.hidden_rows = left.hidden_rows
        return left

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, row: int) -> Celebrity: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Celebrity]: ...
    def __getitem__(self, row: int | slice) -> Celebrity | Sequence[Celebrity]:
        if isinstance(row, slice):
            return tuple(self[one] for one in range(*row.indices(len(self))))
        if row < 0 or row >= len(self):
            raise IndexError(row)
        return self._read(row)

    def has_photo(self, file: str) -> bool:
        """Whether one of them has a photo file of this name."""
        wanted = hash(file)
        place = int(np.searchsorted(self._hashes, wanted, sorter=self._by_hash))
        for photo in self._by_hash[place:]:
            if self._hashes[photo] != wanted:
                break
            row = int(np.searchsorted(self._photo_ends, photo, side="right"))
            if row in self.hidden_rows or file in self.hidden.photos:
                continue
            if any(one.file == file for one in self[row].photos):
                return True
        return False

    def row(self, id: str) -> int:
        """The row of the celebrity with this id; KeyError if there is none."""
        return self._rows[id]

    def by_id(self, ids: Collection[str]) -> dict[str, Celebrity]:
        """Those with these ids that are there."""
        return {id: self[self._rows[id]] for id in ids if id in self._rows and id not in self.hidden.stars}

    @functools.cached_property
    def rows_by_fame(self) -> tuple[int, ...]:
        """All rows, those in most Wikipedias first; hidden ones among them."""
        fame = np.nan_to_num(self.sitelinks, nan=-1.0)
        return tuple(np.argsort(-fame, kind="stable").tolist())

    def best_known(self, limit: int) -> list[str]:
        """The ids of those in most Wikipedias, most first, at most `limit`."""
        order = self.rows_by_fame[: limit + len(self.hidden_rows)]
        return [self[row].id for row in order if row not in self.hidden_rows][:limit]

    def row_of_tag(self, tag: str) -> int | None:
        """The row of the celebrity whose `celebrity_tag` this is."""
        row = self._rows.get(tag)
        row = self._rows_of_tags.get(tag) if row is None else row
        return None if row in self.hidden_rows else row

    def by_tag(self, tag: str) -> Celebrity | None:
        """The celebrity whose `celebrity_tag` this is."""
        row = self.row_of_tag(tag)
        return None if row is None else self[row]
