"""A maintainer's own lists: people by name, photos by link, or a folder of photos.

Keanu Reeves                                        a name a line, or an id of Wikidata; ` #` begins a comment
https://en.wikipedia.org/wiki/Keanu_Reeves          or the article about them, in any language
{"id": "Q43416", "name": "Keanu Reeves", …}         or a catalogue: what it says of a person is kept

Keanu Reeves<TAB>https://example.org/keanu.jpg      a photo a line
{"name": "Keanu Reeves", "url": "https://…", "author": "…", "license": "…", "license_url": "…", "source_url": "…"}
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lookalike.collecting.downloads import WantedPhoto, sha1_of
from lookalike.core.errors import CatalogueError, CollectError
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto, from_folder, read_catalogue, slug

_WIKIDATA = re.compile(r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d*)")
_ARTICLE = re.compile(r"https?://([a-z-]+)\.(?:m\.)?wikipedia\.org/wiki/([^?#|]+)")


@dataclass(frozen=True)
class PersonQuery:
    """A person to be found at Wikidata: by id, else by the article about them (`enwiki:Title`), else by name.

    `line`: the maintainer's catalogue line about them.
    """

    name: str
    id: str | None = None
    article: str | None = None
    line: Celebrity | None = None

    @property
    def names(self) -> list[str]:
        """Names to look for: the one given, then those of the catalogue line, with its aliases."""
        if self.line is None:
            return [self.name]
        aliases = (alias for some in self.line.aliases.values() for alias in some)
        return list(dict.fromkeys([self.name, *self.line.name.values(), *aliases]))


class _Link(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field(min_length=1, max_length=200)
    url: str = Field(pattern=r"^https?://\S+$")
    id: str | None = None
    author: str | None = None
    license: str | None = None
    license_url: str | None = None
    source_url: str | None = None


def read_person_queries(path: Path) -> Iterator[PersonQuery | str]:
    """The people of a list of names or of a catalogue, or a sentence for a wrong line; CatalogueError if unreadable."""
    text = _read(path)
    if text.lstrip().startswith(("{", "[")):
        for line in read_catalogue(path):
            yield line if isinstance(line, str) else _query_of(line)
        return
    for line in text.split("\n"):
        if name := re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip():
            match = _WIKIDATA.fullmatch(name)
            yield PersonQuery(_title(name) or name, id=match[1] if match else None, article=_article(name))


def _query_of(line: Celebrity) -> PersonQuery:
    name = line.name_in("en")
    for text in (line.id, *line.url.values()):
        if match := _WIKIDATA.fullmatch(text):
            return PersonQuery(name, id=match[1], line=line)
    return PersonQuery(name, article=_article(line.url_in("en") or ""), line=line)


def _article(url: str) -> str | None:
    """`enwiki:Title` for the link of an article."""
    match = _ARTICLE.match(url)
    return f"{match[1].replace('-', '_')}wiki:{_title(url)}" if match else None


def _title(url: str) -> str | None:
    match = _ARTICLE.match(url)
    return unquote(match[2]).replace("_", " ") if match else None


def read_links(path: Path) -> Iterator[tuple[Celebrity, WantedPhoto] | str]:
    """Photos with the celebrity they show, or a sentence for a wrong line; CatalogueError if the list is unreadable."""
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, url = line.partition("\t")
        try:
            entry = json.loads(line) if line.startswith("{") else {"name": name.strip(), "url": url.strip()}
            link = _Link.model_validate(entry)
            celebrity = Celebrity(id=link.id or slug(link.name), name={"en": link.name})
        except ValidationError as error:
            first = error.errors()[0]
            problem = "is missing" if first["type"] == "missing" else "cannot be used"
            yield f"{path}: line {number}: {'.'.join(map(str, first['loc']))}: {problem}"
        except (ValueError, RecursionError):
            yield f"{path}: line {number}: not JSON"
        else:
            credit = link.model_dump(include={"source_url", "author", "license", "license_url"})
            yield (
                celebrity,
                WantedPhoto(celebrity.id, sha1_of(link.url.encode())[:20], link.url, **credit, is_link=True),
            )


def take_folder(folder: Path, photos: Path) -> list[Celebrity]:
    """The celebrities of a folder of `<Name>.jpg` or `<Name>/*.jpg`, with the photos linked (or copied) into `photos`.

    If the folder is `photos` itself, nothing is linked. CollectError if a photo cannot be written.
    """
    if not folder.is_dir():
        raise CatalogueError(f"folder {folder} is missing")
    if folder.resolve() == photos.resolve():
        return from_folder(folder)
    return [
        one.model_copy(update={"photos": tuple(_take(folder, photo, one.id, photos) for photo in one.photos)})
        for one in from_folder(folder)
    ]


def _take(folder: Path, photo: CelebrityPhoto, id: str, photos: Path) -> CelebrityPhoto:
    source = folder / photo.file
    target = photos / id / source.name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (target.exists() and target.read_bytes() == source.read_bytes()):
            target.unlink(missing_ok=True)
            try:
                os.link(source, target)
            except OSError:  # another file system, or one without links
                shutil.copyfile(source, target)
    except OSError as error:
        raise CollectError(f"{target}: {error.strerror}") from error
    return CelebrityPhoto(file=target.relative_to(photos).as_posix(), sha1=sha1_of(target.read_bytes()))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path}: not UTF-8") from error
