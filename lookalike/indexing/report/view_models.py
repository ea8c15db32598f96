"""View models for the gallery report: photos with captions, celebrities, the contact sheet.

Values for the template, limited to what a browser can lay out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.indexing.report.charts import UNKNOWN, decade, photos_label, word
from lookalike.indexing.report.links import file_link, title_of, web_address
from lookalike.indexing.report.namesakes import plain

MAX_SHEET = 10_000  # celebrities: the contact sheet shows all of so many (bench/report.py)
SHEET_SAMPLE = 2_000  # of a larger gallery, evenly spread over the alphabet
MAX_THUMBNAILS = 4_000  # of a sheet with more than one picture of each person: 8 s of a build
MAX_PICTURES = 12  # of a person in the sheet
MAX_LISTED = 40  # photos of a person that are named
STRIP = 16  # pictures at the top of the page


@dataclass(frozen=True)
class PhotoView:
    """A photo and its caption: `picture` is a data URL, '' if it is missing or broken, None if none is shown.

    Texts and links are '' where there are none.
    """

    picture: str | None
    name: str
    file: str
    file_link: str
    author: str
    license: str
    license_link: str
    source: str
    source_link: str

    @property
    def credit(self) -> str:
        """Author and licence in one line."""
        return " · ".join(filter(None, (self.author, self.license)))


@dataclass(frozen=True)
class CelebrityView:
    """A celebrity in a list; `words` are searched, `more` counts the photos that are not among `photos`."""

    id: str
    name: str
    link: str
    about: str
    words: str
    photos: tuple[PhotoView, ...]
    more: int

    @property
    def find(self) -> str:
        """The word that finds this celebrity alone in the contact sheet."""
        return word("id", self.id)


class ViewModels:
    """Makes the view models, with pictures from a photos directory, or without pictures if that is None.

    `photos_link`: the same directory relative to the report. `thumbnail`: a file -> a data URL, or None for a photo
    that cannot be shown.
    """

    def __init__(
        self,
        photos_dir: Path | None,
        photos_link: str = "",
        thumbnail: Callable[[Path], str | None] = lambda file: None,
    ) -> None:
        self._photos_dir, self._photos_link, self._thumbnail = photos_dir, photos_link, thumbnail

    def celebrity(self, celebrity: Celebrity, files: Sequence[str] | None = None, pictures: int = 1) -> CelebrityView:
        """A celebrity with all photos, or with these files, the first `pictures` of them with a picture."""
        by_file = {photo.file: photo for photo in celebrity.photos}
        wanted = list(by_file) if files is None else list(files)
        name = celebrity.name_in("en")
        about = (", ".join(celebrity.roles), celebrity.country, (celebrity.born or "")[:4])
        return CelebrityView(
            id=celebrity.id,
            name=name,
            link=web_address(celebrity.url_in("en")),
            about=" · ".join(filter(None, about)),
            words=words_of(celebrity),
            photos=tuple(
                self.photo(by_file.get(file) or unknown_photo(file), name, with_picture=number < pictures)
                for number, file in enumerate(wanted[:MAX_LISTED])
            ),
            more=max(0, len(wanted) - MAX_LISTED),
        )

    def sheet(self, celebrities: Sequence[Celebrity], of: int) -> Iterator[CelebrityView]:
        """A contact sheet of these celebrities `of` so many, with all photos; where they are few, all as pictures.

        A sample is of a large gallery and has one picture of each: they would take most of the time of a build.
        """
        pictures = max(1, min(MAX_PICTURES, MAX_THUMBNAILS // max(1, of)))
        return (self.celebrity(celebrity, pictures=pictures) for celebrity in celebrities)

    def strip(self, celebrities: Sequence[Celebrity]) -> tuple[PhotoView, ...]:
        """Pictures of up to STRIP celebrities, evenly spread."""
        spread = np.linspace(0, len(celebrities) - 1, min(STRIP, len(celebrities))).astype(int)
        photos = (photo for row in spread for photo in self.celebrity(celebrities[row]).photos[:1])
        return tuple(photo for photo in photos if photo.picture is not None)

    def photo(
        self, photo: CelebrityPhoto, name: str, with_picture: bool = True, may_be_opened: bool = True
    ) -> PhotoView:
        """A photo of the person `name` and its caption."""
        picture = None
        if self._photos_dir and with_picture:
            picture = (may_be_opened and self._thumbnail(self._photos_dir / photo.file)) or ""
        source, license_link = web_address(photo.source_url), web_address(photo.license_url)
        return PhotoView(
            picture=picture,
            name=name,
            file=photo.file,
            file_link=file_link(self._photos_link, photo.file) if self._photos_link else "",
            author=photo.author or "",
            license=photo.license or ("licence" if license_link else ""),
            license_link=license_link,
            source=(title_of(source) or "source") if source else "",
            source_link=source,
        )


def unknown_photo(file: str) -> CelebrityPhoto:
    """A photo of which nothing but the file is known, whatever it is called."""
    return CelebrityPhoto.model_construct(file=file)


def sample_of(celebrities: Sequence[Celebrity]) -> list[Celebrity]:
    """All celebrities by name; of more than MAX_SHEET, SHEET_SAMPLE of them, evenly spread."""
    ordered = sorted(celebrities, key=lambda one: (plain(one.name_in("en")), one.id))
    if len(ordered) <= MAX_SHEET:
        return ordered
    return [ordered[row] for row in np.linspace(0, len(ordered) - 1, SHEET_SAMPLE).astype(int)]


def words_of(celebrity: Celebrity) -> str:
    """What a celebrity can be found by in the contact sheet, as words between spaces."""
    year = decade(celebrity.born)
    facets = [
        word("id", celebrity.id),
        word("country", celebrity.country or UNKNOWN),
        *(word("role", role) for role in celebrity.roles or (UNKNOWN,)),
        word("gender", celebrity.gender or UNKNOWN),
        word("born", UNKNOWN if year is None else f"{year}s"),
        word("photos", photos_label(len(celebrity.photos))),
    ]
    return f" {' '.join([*map(plain, celebrity.name.values()), *facets])} "
