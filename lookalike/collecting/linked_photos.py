"""A maintainer's list of photo URLs -> celebrities with those photos; their licences are the maintainer's claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lookalike.collecting.admission import is_denied
from lookalike.collecting.downloads import PhotoDownloader, WantedPhoto
from lookalike.collecting.run import CollectRun
from lookalike.gallery.catalogue import Celebrity


async def collect_links(
    run: CollectRun, downloader: PhotoDownloader, links: Iterable[tuple[Celebrity, WantedPhoto] | str]
) -> list[Celebrity]:
    """The celebrities of a list with the photos that could be downloaded; wrong lines are rejected."""
    people: dict[str, Celebrity] = {}
    wanted: dict[str, list[WantedPhoto]] = {}
    owners: dict[str, str] = {}
    for link in links:
        if isinstance(link, str):
            run.reject("", "", link)
            continue
        celebrity, photo = link
        if is_denied(celebrity, celebrity.id, run.rules):
            run.reject(celebrity.id, celebrity.name_in("en"), "on the deny-list")
        elif owners.setdefault(photo.url, celebrity.id) != celebrity.id:
            run.reject(celebrity.id, celebrity.name_in("en"), "is a photo of somebody else, too", photo.url)
        else:
            people.setdefault(celebrity.id, celebrity)
            wanted.setdefault(celebrity.id, []).append(photo)
    # A list names many servers: one that is unavailable costs its own photos only.
    await downloader.download_all(photo for photos in wanted.values() for photo in photos)
    made = (_with_photos(run, downloader, people[id], photos) for id, photos in wanted.items())
    return [one for one in made if one]


def _with_photos(
    run: CollectRun, downloader: PhotoDownloader, celebrity: Celebrity, wanted: Sequence[WantedPhoto]
) -> Celebrity | None:
    name = celebrity.name_in("en")
    photos = []
    for one in dict.fromkeys(wanted):
        if photo := one.as_photo(run.rules.photos_dir):
            photos.append(photo)
        else:
            run.reject(celebrity.id, name, downloader.why_not(one) or "not fetched", one.url)
    if not photos:
        run.reject(celebrity.id, name, "no usable photo", is_final=False)  # those that are there stay
        return None
    return celebrity.model_copy(update={"photos": tuple(photos)})
