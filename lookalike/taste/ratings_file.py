"""Ratings files and items files: CSV or TSV, with or without a header, also gzipped; an error names line and field.

ratings   user, item, rating, and anything after that
items     item, name, and anything after that
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from lookalike.core.errors import RatingsError
from lookalike.taste.ratings import Ratings, make_ratings

Progress = Callable[[int], None]
PROGRESS_EVERY = 100_000  # lines
MAX_FIELD_CHARACTERS = 1_000_000
LARGEST = 1e9  # rating; larger ones are mistakes
DELIMITERS = "\t,;"


class _PlainTsv(csv.excel_tab):
    """Tab-separated values in which a quotation mark is a character like others."""

    quoting = csv.QUOTE_NONE


def read_ratings(path: Path, on_progress: Progress = lambda lines: None) -> Ratings:
    """The ratings of a file; RatingsError with line and field if one is wrong, OSError if it cannot be read.

    Ratings are finite numbers on any scale. A first line whose rating is not a number is a header. Of a pair that comes
    twice the last one counts. `on_progress` gets the number of further lines read. 10⁷ lines take 0.2 GB.
    """
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    user_rows, item_rows, values = array("i"), array("i"), array("f")
    line = 0
    for line, row in _rows(path):
        try:
            user, item, value = row[0].strip(), row[1].strip(), float(row[2])
        except (IndexError, ValueError):
            if line == 1 and len(row) >= 3:
                continue
            raise _wrong_rating(path, line, row) from None
        if not (user and item and abs(value) <= LARGEST):
            raise _wrong_rating(path, line, row)
        user_rows.append(users.setdefault(user, len(users)))
        item_rows.append(items.setdefault(item, len(items)))
        values.append(value)
        if line % PROGRESS_EVERY == 0:
            on_progress(PROGRESS_EVERY)
    on_progress(line % PROGRESS_EVERY)
    if not values:
        raise RatingsError(f"{path}: there are no ratings")
    return make_ratings(
        np.frombuffer(user_rows, np.int32), np.frombuffer(item_rows, np.int32), np.frombuffer(values, np.float32),
        users, items,
    )  # fmt: skip


def read_names(path: Path) -> dict[str, str]:
    """The name of each item of an items file, by its id; RatingsError with line and field, or OSError.

    A first line is a header if its two fields are called after ids and names.
    """
    names: dict[str, str] = {}
    for line, row in _rows(path):
        if len(row) < 2:
            raise RatingsError(f"{path}, line {line}: {len(row)} field, 2 are needed: item, name")
        item, name = row[0].strip(), row[1].strip()
        if line == 1 and name.casefold() in ("name", "title"):
            continue
        for field, text in enumerate((item, name), 1):
            if not text:
                raise RatingsError(f"{path}, line {line}, field {field}: is empty")
        names[item] = name
    return names


def _wrong_rating(path: Path, line: int, row: list[str]) -> RatingsError:
    """What is wrong with a line."""
    if len(row) < 3:
        fields = "1 field" if len(row) == 1 else f"{len(row)} fields"
        return RatingsError(f"{path}, line {line}: {fields}, 3 are needed: user, item, rating")
    for field, what in enumerate(("user", "item")):
        if not row[field].strip():
            return RatingsError(f"{path}, line {line}, field {field + 1}: the {what} is empty")
    try:
        is_large = abs(float(row[2])) > LARGEST
    except ValueError:
        is_large = False
    why = f"is larger than {LARGEST:.0e}" if is_large else "is not a number"
    return RatingsError(f"{path}, line {line}, field 3: {row[2][:40]!r} {why}")


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The number of each line from 1, and its fields; empty lines are left out."""
    line = 0
    try:
        with _open(path) as file:
            first = file.readline(MAX_FIELD_CHARACTERS)
            file.seek(0)
            delimiter = next((one for one in DELIMITERS if one in first), ",")
            dialect = csv.excel if delimiter != "\t" else _PlainTsv
            for row in (reader := csv.reader(file, dialect, delimiter=delimiter)):
                line = reader.line_num
                if row:
                    yield line, row
    except UnicodeDecodeError as error:
        raise RatingsError(
            f"{path}, {f'after line {line}' if line else 'from the start'}: not a text in UTF-8"
        ) from error
    except (csv.Error, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RatingsError(f"{path}, after line {line}: {error}") from error


def _open(path: Path) -> io.TextIOWrapper:
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    binary = gzip.GzipFile(path) if is_gzip else path.open("rb")
    return io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
