"""Wikimedia Commons' client: which files there are of a person, and under which licence each may be shown.

Shapes: commons.wikimedia.org/w/api.php?action=help&modules=query+imageinfo, query+categorymembers and query+search.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from lookalike.collecting.fetching.http_client import HttpClient
from lookalike.collecting.wikimedia.licences import credit_of, licence_of
from lookalike.core.errors import FailureKind, FetchFailed

BATCH = 50  # titles a request takes
WIDTHS_PX = (500, 960)  # of thumbnails that are kept ready (mediawiki.org/wiki/Common_thumbnail_sizes)
MEMBERS = 50  # of a category, at most
MAX_PARTS = 20  # of a response that is continued
DEPICTING = 20  # files that a search for what they depict gives, at most
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})  # what the matcher can read and a browser shows
BY_THUMBNAIL = frozenset({"image/tiff", "image/x-tiff"})  # its small copies are JPEGs
PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")
# File names of pictures that are no photo of a face.
NO_PORTRAIT = re.compile(
    r"signature|autograph|grave|tomb|statue|sculpture|\bbust\b|\bwax|plaque|walk of fame|\blogo|poster|painting|drawing"
    r"|caricature|mural|graffiti|handprint|coat of arms|\bstamp|book cover|подпись|могила|памятник|бюст",
    re.IGNORECASE,
)

Json = Mapping[str, Any]


class CommonsFile(BaseModel):
    """A photo that may be shown. `sha1` is that of the original; `url` leads to a thumbnail, or to a small original."""

    model_config = ConfigDict(frozen=True)

    title: str
    sha1: str
    url: str
    is_original: bool
    source_url: str
    author: str | None
    license: str
    license_url: str | None


class Commons:
    """Requests to Wikimedia Commons; all raise FetchFailed."""

    def __init__(self, client: HttpClient, api_url: str, width_px: int = WIDTHS_PX[0]) -> None:
        self._client, self._api_url, self._width_px = client, api_url, width_px

    async def members(self, category: str) -> list[str]:
        """Titles of the photos directly in a category, in its order, at most MEMBERS."""
        titles: list[str] = []
        params = {
            "list": "categorymembers",
            "cmtitle": f"Category:{category}",
            "cmtype": "file",
            "cmprop": "title",
            "cmlimit": str(MEMBERS),
        }
        async for part in self._parts(params):
            found = (str(member.get("title", "")) for member in _dicts(part.get("categorymembers")))
            titles += [title for title in found if title.lower().endswith(PHOTO_ENDINGS)]
            if len(titles) >= MEMBERS:
                break
        return titles[:MEMBERS]

    async def depicting(self, id: str) -> list[str]:
        """Titles of the photos that say they depict an item (its id), as far as a search finds them."""
        params = {
            "list": "search",
            "srsearch": f"haswbstatement:P180={id} filetype:bitmap",
            "srnamespace": "6",
            "srlimit": str(DEPICTING),
            "srinfo": "",
            "srprop": "",
        }
        answer = await self._query(params)
        found = (str(one.get("title", "")) for one in _dicts(answer.get("query", {}).get("search")))
        return [title for title in found if title.lower().endswith(PHOTO_ENDINGS)]

    async def files(self, titles: Sequence[str]) -> dict[str, CommonsFile | str]:
        """What up to BATCH files are, or why they cannot be used, by title; one that the response omits is omitted.

        A long response comes in parts, and a file's information in any one of them.
        """
        params = {
            "prop": "imageinfo",
            "titles": "|".join(titles),
            "iiprop": "url|size|mime|sha1|extmetadata",
            "iiurlwidth": str(self._width_px),
            "iiextmetadatalanguage": "en",
        }
        try:
            pages, renamed = await self._pages(params, len(set(titles)))
        except FetchFailed as failure:
            if failure.kind is FailureKind.ITEM and len(titles) == 1:
                return {titles[0]: "cannot be scaled by Commons"}
            raise
        known = {title: pages.get(renamed.get(title, title)) for title in titles}
        return {title: parse_file(page) for title, page in known.items() if page is not None}

    async def _pages(self, params: dict[str, str], count: int) -> tuple[dict[str, Json], dict[str, str]]:
        """Up to `count` file pages with their information, by title, and the titles that Commons writes otherwise."""
        pages: dict[str, Json] = {}
        renamed: dict[str, str] = {}
        async for part in self._parts(params):
            renamed |= {str(one.get("from")): str(one.get("to")) for one in _dicts(part.get("normalized"))}
            for page in _dicts(part.get("pages")):
                if _has_information(page) or _is_missing(page):
                    pages[str(page.get("title"))] = page
            if len(pages) >= count:
                break
        return pages, renamed

    async def _parts(self, params: dict[str, str]) -> AsyncIterator[Json]:
        """The `query` of each part of a response; the next part is requested as `continue` says."""
        more: dict[str, str] = {}
        for _ in range(MAX_PARTS):
            answer = await self._query(params | more)
            yield answer["query"]
            if not isinstance(answer.get("continue"), dict):
                return
            more = {name: str(value) for name, value in answer["continue"].items()}

    async def _query(self, params: dict[str, str]) -> dict[str, Any]:
        answer = await self._client.api(self._api_url, {"action": "query"} | params, waits_for_lag=True)
        if not isinstance(answer.get("query"), dict):
            raise FetchFailed("no query in the response")
        return answer


def parse_file(page: Json) -> CommonsFile | str:
    """A photo in the JSON of a file page, or the reason why it cannot be used."""
    if _is_missing(page):
        return "deleted from Commons"
    try:
        info: Json = page["imageinfo"][0]
        meta = info.get("extmetadata")
        mime, sha1, url = info["mime"], info["sha1"], without_tracking(info["url"])
        thumb = without_tracking(info.get("thumburl") or url)
        source = without_tracking(info["descriptionurl"])
    except (KeyError, IndexError, TypeError, AttributeError):
        return "no information at Commons"
    if mime not in PHOTOS and not (mime in BY_THUMBNAIL and thumb != url):
        return f"{mime} is no photo"
    meta = meta if isinstance(meta, dict) else {}  # an empty one comes as a list: the API is written in PHP
    licence = licence_of(meta)
    if isinstance(licence, str):
        return licence
    author = credit_of(meta)
    if not author and licence.asks_for_author:
        return "its licence asks for an author, and none is named"
    return CommonsFile(
        title=str(page["title"]),
        sha1=str(sha1),
        url=thumb,
        is_original=thumb == url,
        source_url=source,
        author=author or None,
        license=licence.name,
        license_url=licence.url,
    )


def without_tracking(url: str) -> str:
    """A link without its `utm_…` parameters, which Wikimedia adds; the same file has one link then."""
    address, mark, query = url.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith("utm_"))
    return f"{address}?{kept}" if mark and kept else address


def title_of(file_name: str) -> str:
    """The title of a file as Commons writes it: spaces, and a capital letter first."""
    name = " ".join(file_name.removeprefix("File:").replace("_", " ").split())
    return f"File:{name[:1].upper()}{name[1:]}"


def likely(titles: Iterable[str], name: str) -> list[str]:
    """The files of a person's category that may show their face, those with the name in the title first."""
    words = name.lower().split()
    candidates = [title for title in titles if not NO_PORTRAIT.search(title)]
    return sorted(candidates, key=lambda title: not all(word in title.lower() for word in words))


def _dicts(value: Any) -> list[Json]:
    """The objects of a list; none for any other value."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _is_missing(page: Json) -> bool:
    return any(page.get(name) not in (None, False) for name in ("missing", "invalid"))


def _has_information(page: Json) -> bool:
    """Whether a page has that of its file; `filemissing`: Commons cannot find the bytes, which may pass."""
    info = page.get("imageinfo")
    return bool(info) and not (isinstance(info, list) and isinstance(info[0], dict) and info[0].get("filemissing"))
