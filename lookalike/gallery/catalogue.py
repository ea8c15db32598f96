"""Celebrities and their photos, read from a catalogue or from the names of folders and files.

A line of `celebrities.jsonl` or of a maintainer's catalogue is a JSON object; only `id` and `name` are required. The
flat form, one JSON list of {"name", "alias", "role", "n_movies"}, is read too.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from lookalike.core.errors import CatalogueError
from lookalike.faces.types import Box, Eyes

PHOTO_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_NO_FIELDS: set[str] = set()


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class CelebrityPhoto(_Line):
    """A photo file, relative to the photos directory, with the credit that its licence requires.

    `embedded`: an index has the embedding of its face; without, it is only shown. `box` and `eyes` of the face as in
    `MeasuredFace`, where they are known.
    """

    file: str
    source_url: str | None = None
    author: str | None = None
    license: str | None = None
    license_url: str | None = None
    sha1: str | None = None
    embedded: bool = True
    box: Box | None = None
    eyes: Eyes | None = None

    def model_post_init(self, _: Any, /) -> None:
        """Drop pydantic's set of given fields: not needed, and 3 of the 8 KB of a celebrity with four photos."""
        object.__setattr__(self, "__pydantic_fields_set__", _NO_FIELDS)

    @property
    def cut_at(self) -> tuple[Box, Eyes | None] | None:
        """Where it may be cut to the face; None where that is not known or the licence allows no changed copies."""
        return (self.box, self.eyes) if self.box and "-ND" not in (self.license or "").upper() else None

    @field_validator("file")
    @classmethod
    def _stays_inside(cls, file: str) -> str:
        if not file.strip("./") or file.startswith("/") or ".." in file.split("/") or "\0" in file:
            raise ValueError("must be a path inside the photos directory")
        return file


class Celebrity(_Line):
    """A person in the gallery."""

    id: str = Field(min_length=1, max_length=200, pattern=r"^[^/\\\x00]+$")  # also the name of a folder of photos
    name: dict[str, str] = Field(min_length=1)
    description: dict[str, str] = {}
    aliases: dict[str, tuple[str, ...]] = {}  # other names by which people look for the person
    url: dict[str, str] = {}  # an article about the person in each language
    roles: tuple[str, ...] = ()
    gender: str | None = None
    country: str | None = None
    born: str | None = None
    fame: int | None = None
    n_movies: int | None = None
    photos: tuple[CelebrityPhoto, ...] = ()

    @field_validator("name", mode="before")
    @classmethod
    def _one_name_is_english(cls, name: Any) -> Any:
        return {"en": name} if isinstance(name, str) else name

    @field_validator("description", mode="before")
    @classmethod
    def _one_description_is_english(cls, description: Any) -> Any:
        return {"en": description} if isinstance(description, str) else description

    @field_validator("url", mode="before")
    @classmethod
    def _one_link_is_for_every_language(cls, url: Any) -> Any:
        return {"en": url} if isinstance(url, str) else url or {}

    @field_validator("id")
    @classmethod
    def _is_not_dots(cls, id: str) -> str:
        if not id.strip("."):
            raise ValueError("must be more than dots")
        return id

    @field_validator("name", "description")
    @classmethod
    def _is_valid_unicode(cls, texts: dict[str, str]) -> dict[str, str]:
        for text in texts.values():
            text.encode()  # a lone surrogate, which JSON can hold, is a ValueError
        return texts

    @field_validator("url")
    @classmethod
    def _is_a_web_address(cls, url: dict[str, str]) -> dict[str, str]:
        if not all(re.match(r"https?://", link) for link in url.values()):
            raise ValueError("must begin with http:// or https://")
        return url

    def name_in(self, language: str) -> str:
        """The name in that language, else in English, else in any."""
        return _in_language(self.name, language) or self.id

    def description_in(self, language: str) -> str:
        """The one-line description in that language, else in English, else ''."""
        return _in_language(self.description, language)

    def url_in(self, language: str) -> str | None:
        """The link to an article in that language, else in English, else in any, else None."""
        return _in_language(self.url, language) or None


def _in_language(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def read_catalogue(path: Path, link_template: str | None = None) -> Iterator[Celebrity | str]:
    """Each celebrity of a catalogue file, or for a wrong line a message that names file, line and field.

    `link_template` makes the link of a flat entry, with `{name}` and `{alias}` in it. CatalogueError if the file cannot
    be read.
    """
    seen: set[str] = set()
    for place, entry in _entries(path, link_template):
        celebrity = _celebrity(f"{path}: {place}", entry)
        if isinstance(celebrity, Celebrity):
            if celebrity.id in seen:
                yield f"{path}: {place}: id: {celebrity.id!r} is in the file already"
                continue
            seen.add(celebrity.id)
        yield celebrity


def _entries(path: Path, link_template: str | None) -> Iterator[tuple[str, Any]]:
    """Each entry with its place in the file: a line of JSON Lines as text, or an object of the flat list."""
    try:
        with path.open(encoding="utf-8-sig") as lines:  # splitlines() would also split at U+2028 in a name
            first = next((line for line in lines if line.strip()), "")
            lines.seek(0)
            if first.lstrip().startswith("["):
                yield from _flat_entries(path, lines.read(), link_template)
            else:
                yield from ((f"line {number}", line) for number, line in enumerate(lines, start=1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(_unreadable("catalogue", path, error)) from error


def _flat_entries(path: Path, text: str, link_template: str | None) -> Iterator[tuple[str, Any]]:
    try:
        entries = json.loads(text)
    except json.JSONDecodeError as error:
        raise CatalogueError(f"catalogue {path}: {error}") from error
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, dict) and "id" not in entry:
            name, alias = str(entry.get("name", "")), str(entry.get("alias") or "")
            entry = entry | {"id": alias or slug(name), "roles": [entry["role"]] if entry.get("role") else []}
            if link_template:
                entry["url"] = _link(link_template, name.replace(" ", "_"), alias)
        yield f"entry {number}", entry


def _link(template: str, name: str, alias: str) -> str:
    try:
        return template.format(name=name, alias=alias)
    except (KeyError, IndexError, ValueError) as error:
        raise CatalogueError(f"link template {template!r} is wrong: {error}") from error


def _celebrity(place: str, entry: Any) -> Celebrity | str:
    if isinstance(entry, str):
        with contextlib.suppress(ValidationError):
            return Celebrity.model_validate_json(
                entry
            )  # three times as fast as what follows, which has the better message
        try:
            entry = json.loads(entry)
        except (ValueError, RecursionError) as error:
            return f"{place}: not JSON: {error}"
    try:
        return Celebrity.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "line"
        return f"{place}: {field}: {first['msg']}"


@contextlib.contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Switch the garbage collector off: it takes longer than making millions of objects of which none is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def from_folder(photos: Path) -> list[Celebrity]:
    """The celebrities of a folder without a catalogue, `<Name>.jpg` or `<Name>/*.jpg`, in order of their names.

    One whose folder cannot be read has no photos.
    """
    by_id: dict[str, list[str]] = {}
    for file in photo_files(photos):
        parts = file.split("/")
        own = by_id.setdefault(parts[0] if len(parts) > 1 else PurePath(file).stem, [])
        if parts[-1]:
            own.append(file)
    return [
        Celebrity(id=id, name={"en": id.replace("_", " ")}, photos=tuple(CelebrityPhoto(file=file) for file in files))
        for id, files in sorted(by_id.items())
    ]


def photo_files(photos: Path) -> list[str]:
    """Files named like photos below a folder, relative to it, in order; `Name/` for a folder that cannot be read.

    Broken links are included: they are reported when the photos are read.
    """
    root = os.fspath(photos)
    found = []
    closed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = folder[len(root) :].strip("/")
        found += [f"{here}/{name}".lstrip("/") for name in files if is_photo_name(name)]
    found += [f"{str(error.filename)[len(root) :].strip('/')}/".lstrip("/") for error in closed]
    return sorted(filter(None, found), key=lambda file: file.split("/"))


def photos_called(stem: str, photos: Path) -> list[str]:
    """Photo files of the folder `stem` in `photos`, or the file `stem`.jpg; relative to `photos`, in order."""
    try:
        names = sorted(path.name for path in (photos / stem).iterdir())
    except (OSError, ValueError):  # no folder, not allowed, or a name that no folder can have
        files = (f"{stem}{end}" for end in sorted(PHOTO_ENDINGS))
        return [file for file in files if os.path.lexists(photos / file)]
    return [f"{stem}/{name}" for name in names if is_photo_name(name)]


def is_photo_name(name: str) -> bool:
    """Whether a file name is that of a photo and not hidden."""
    return os.path.splitext(name)[1].lower() in PHOTO_ENDINGS and not name.startswith(".")  # noqa: PTH122 - Path is slow for millions of names


def slug(name: str) -> str:
    """A name as a folder name: spaces become underscores, path separators are removed."""
    return re.sub(r"[/\\\x00]", "", name.strip()).replace(" ", "_").strip(".")


def read_names(path: Path) -> frozenset[str]:
    """Ids in a list that is edited by hand: one per line, `#` begins a comment. CatalogueError if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(_unreadable("list", path, error)) from error
    return frozenset(filter(None, (line.split("#", 1)[0].strip() for line in text.splitlines())))


def _unreadable(kind: str, path: Path, error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{kind} {path} is missing"
    return f"{kind} {path} cannot be read: {error.strerror if isinstance(error, OSError) else error}"
