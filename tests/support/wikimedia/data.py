"""The people, files and categories that the stand-in for Wikimedia serves (server.py)."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

Json = dict[str, Any]
COUNTRIES = {"Q30": "US", "Q159": "RU", "Q142": "FR"}
PRESIDENT = "Q11696"


def jpeg(number: int, size: tuple[int, int] = (120, 150)) -> bytes:
    """A picture with a SHA-1 of its own."""
    out = io.BytesIO()
    Image.new("RGB", size, (number * 37 % 256, number * 101 % 256, number // 7 % 256)).save(out, "JPEG", quality=95)
    return out.getvalue() + number.to_bytes(4, "big")  # decoders ignore bytes after the end


def sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


@dataclass
class WikidataItem:
    """An item of Wikidata."""

    id: str
    names: dict[str, str]
    links: int = 50
    jobs: tuple[str, ...] = ("Q33999",)
    images: list[str] = field(default_factory=list)
    category: str | None = None
    linked_category: str | None = None  # which only the sitelink to Commons names
    country: str = "Q30"
    kind: str = "Q5"
    offices: tuple[str, ...] = ()
    claims: Json = field(default_factory=dict)  # more of them, as the API writes them
    aliases: tuple[str, ...] = ()

    def entity(self) -> Json:
        """The JSON of wbgetentities."""
        link = {"site": "enwiki", "title": self.names.get("en", self.id), "badges": []}
        strings = {"P18": self.images, "P373": [self.category] if self.category else []}
        items = {"P31": [self.kind], "P106": self.jobs, "P27": [self.country], "P39": self.offices, "P21": ["Q6581072"]}
        claims = {name: [statement(value) for value in values] for name, values in strings.items() if values}
        claims |= {name: [statement({"id": one}) for one in ids] for name, ids in items.items() if ids}
        claims["P569"] = [statement({"time": "+1952-03-11T00:00:00Z", "precision": 11})]
        languages = {language: {"language": language, "value": name} for language, name in self.names.items()}
        category = f"Category:{self.linked_category}" if self.linked_category else self.names.get("en", "x")
        return {
            "type": "item", "id": self.id, "labels": languages, "claims": claims | self.claims,
            "descriptions": {"en": {"language": "en", "value": f"{self.names.get('en')}, a star"}},
            "sitelinks": {"enwiki": link} | {f"x{n}wiki": {"title": "x"} for n in range(self.links - 1)} | {
                "commonswiki": {"title": category}, "enwikiquote": {"title": "x"}},
        }  # fmt: skip


def statement(value: Any, rank: str = "normal", kind: str = "value") -> Json:
    """One statement of an item; `kind` may be somevalue or novalue."""
    snak = {"snaktype": kind, "property": "P0"} | ({"datavalue": {"value": value}} if kind == "value" else {})
    return {"mainsnak": snak, "type": "statement", "rank": rank}


@dataclass
class CommonsUpload:
    """A file of Commons; of one without a thumbnail the original is served."""

    original: bytes
    thumb: bytes | None = None
    mime: str = "image/jpeg"
    license: str | None = "cc-by-sa-4.0"
    artist: str | None = '<a href="//commons.wikimedia.org/wiki/User:Jo">Jo &amp; Co</a>'
    meta: Json = field(default_factory=dict)  # more of extmetadata
    depicts: tuple[str, ...] = ()  # ids
    is_lost: bool = False  # its bytes are not where they should be
    is_unscalable: bool = False  # spoils the batch it is asked for in


class WikimediaData:
    """All people, files and categories."""

    def __init__(self) -> None:
        self.items: dict[str, WikidataItem] = {}
        self.uploads: dict[str, CommonsUpload] = {}  # by title, "File:…"
        self.categories: dict[str, list[str]] = {}
        self.merged: dict[str, str] = {}  # id -> id it was merged into

    def add(self, name: str, links: int = 50, photos: Iterable[bytes] = (), **details: Any) -> WikidataItem:
        """A person with photos: the first one is their image, the others are in their category."""
        id = details.pop("id", f"Q{1000 + len(self.items)}")
        item = WikidataItem(id, {"en": name, "ru": f"{name} по-русски"}, links, **details)
        titles = [f"File:{name} {number}.jpg" for number, _ in enumerate(photos)]
        self.uploads |= {title: CommonsUpload(photo) for title, photo in zip(titles, photos, strict=True)}
        item.images += [title.removeprefix("File:").replace(" ", "_") for title in titles[:1]]
        if len(titles) > 1:
            item.category = name
            self.categories[name] = titles
        self.items[id] = item
        return item


def small_data(people: int = 6, photos: int = 3) -> WikimediaData:
    """People with photos, the first the most famous."""
    data = WikimediaData()
    for n in range(people):
        data.add(f"Star {n}", 90 - n, [jpeg(100 * n + k) for k in range(photos)])
    return data
