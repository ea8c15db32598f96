"""Wikimedia Commons' client: which files there are of a person, and under which licence each may be shown.

Shapes: commons.wikimedia.org/w/api.php?action=help&modules=query+imageinfo and query+categorymembers;
extmetadata: mediawiki.org/wiki/Extension:CommonsMetadata.
"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from lookalike.collecting.http_client import HttpClient
from lookalike.core.errors import FetchFailed

BATCH = 50  # titles a request takes
WIDTHS_PX = (500, 960)  # of thumbnails that are kept ready (mediawiki.org/wiki/Common_thumbnail_sizes)
MEMBERS = 50  # of a category, at most
MAX_PARTS = 20  # of a response that is continued
AUTHOR_CHARACTERS = 80
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})  # what the matcher can read and a browser shows
PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
# The `License` of extmetadata. Everything else (nc, nd, gfdl alone, fair use, none) is not free enough.
FREE = re.compile(r"cc0|cc-zero|pd|pd-[a-z0-9-]+|cc-by(-sa)?-\d[\w.,-]*")
NOT_FREE = re.compile(r"-n[cd]\b|[/-](nc|nd)[-/]")
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
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
        pages: dict[str, Json] = {}
        renamed: dict[str, str] = {}
        async for part in self._parts(params):
            renamed |= {str(one.get("from")): str(one.get("to")) for one in _dicts(part.get("normalized"))}
            for page in _dicts(part.get("pages")):
                if page.get("imageinfo") or _is_missing(page):
                    pages[str(page.get("title"))] = page
            if len(pages) >= len(set(titles)):
                break
        known = {title: pages.get(renamed.get(title, title)) for title in titles}
        return {title: parse_file(page) for title, page in known.items() if page is not None}

    async def _parts(self, params: dict[str, str]) -> AsyncIterator[Json]:
        """The `query` of each part of a response; the next part is requested as `continue` says."""
        more: dict[str, str] = {}
        for _ in range(MAX_PARTS):
            answer = await self._client.api(self._api_url, {"action": "query"} | params | more)
            query = answer.get("query")
            if not isinstance(query, dict):
                raise FetchFailed("no query in the response")
            yield query
            if not isinstance(answer.get("continue"), dict):
                return
            more = {name: str(value) for name, value in answer["continue"].items()}


def parse_file(page: Json) -> CommonsFile | str:
    """A photo in the JSON of a file page, or the reason why it cannot be used."""
    if _is_missing(page):
        return "deleted from Commons"
    try:
        info: Json = page["imageinfo"][0]
        meta: Json = info.get("extmetadata") or {}
        mime, sha1, url = info["mime"], info["sha1"], info["url"]
        thumb = info.get("thumburl") or url
        source = info["descriptionurl"]
    except (KeyError, IndexError, TypeError, AttributeError):
        return "no information at Commons"
    if mime not in PHOTOS:
        return f"{mime} is no photo"
    license, license_url = _meta(meta, "License").lower(), _web_url(_meta(meta, "LicenseUrl"))
    if not license:
        return "no licence"
    if not FREE.fullmatch(license) or NOT_FREE.search(f"{license} {license_url}") or _is_true(meta, "NonFree"):
        return f"licence is not free: {license}"
    author = plain_author(_meta(meta, "Artist"))
    if not author and (license.startswith("cc-by") or _is_true(meta, "AttributionRequired")):
        return "its licence asks for an author, and none is named"
    return CommonsFile(
        title=str(page["title"]),
        sha1=str(sha1),
        url=str(thumb),
        is_original=thumb == url,
        source_url=str(source),
        author=author or None,
        license=_meta(meta, "LicenseShortName") or license.upper(),
        license_url=license_url or (ZERO if license.startswith(("cc0", "cc-zero")) else None),
    )


def plain_author(text: str) -> str:
    """An `Artist`, which is HTML, as plain text: one line of at most AUTHOR_CHARACTERS."""
    text = re.sub(r"(?s)<(\w+)[^>]*display:\s*none.*?</\1>", " ", text)  # hidden text, such as the name again
    text = " ".join(html.unescape(re.sub(r"(?s)<[^>]*>", " ", text)).split())
    return text if len(text) <= AUTHOR_CHARACTERS else text[: AUTHOR_CHARACTERS - 1].rstrip() + "…"


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


def _meta(meta: Json, name: str) -> str:
    entry = meta.get(name)
    return str(entry.get("value", "")).strip() if isinstance(entry, dict) else ""


def _is_true(meta: Json, name: str) -> bool:
    """Flags are texts: "true", "True"."""
    return _meta(meta, name).lower() == "true"


def _web_url(url: str) -> str | None:
    url = f"https:{url}" if url.startswith("//") else url
    return url if re.match(r"https?://\S+$", url) else None
