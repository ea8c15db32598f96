"""What `@bot …` offers in any chat: the user's own cards, and stars by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.store.models import KeptCard
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.replies.reply import Button, Reply, units
from lookalike.telegram_bot.texts import Texts

COMMONS_FILE = re.compile(r"https?://commons\.wikimedia\.org/wiki/File:(?P<name>[^?#]+\.jpe?g)", re.IGNORECASE)
MEDIA = "https://upload.wikimedia.org/wikipedia/commons/thumb"
PHOTO_PX, THUMBNAIL_PX = 500, 120  # of the widths that Wikimedia serves (mediawiki.org/wiki/Common_thumbnail_sizes)


@dataclass(frozen=True)
class PhotoLinks:
    """Where Telegram fetches a photo and its thumbnail, both JPEG."""

    url: str
    thumbnail_url: str


@dataclass(frozen=True)
class InlineResult:
    """One offer: what the list shows, and the message that is posted. `file_id` or `photo` is its picture."""

    id: str
    title: str
    note: str
    reply: Reply
    file_id: str | None = None
    photo: PhotoLinks | None = None


def own_card(texts: Texts, card: KeptCard, star: Celebrity, link: str) -> InlineResult:
    """A card of the user's, to be posted with a button that opens `link`."""
    name, shown = star.name_in(texts.language), f"{card.percent}%"
    words = texts("share-text", star=name, percent=shown)
    buttons = ((Button(texts("inline-mine-too"), url=link),),)
    preview = None if card.file_id else star.url_in(texts.language)
    reply = Reply(words, buttons, preview_url=preview)
    return InlineResult(f"card-{celebrity_tag(star.id)}", f"{shown} {name}", words, reply, card.file_id)


def star_result(texts: Texts, star: Celebrity, photos: Sequence[CelebrityPhoto], bot_link: str) -> InlineResult:
    """A star: the first of the photos that Telegram can fetch, with its credit, else words with a link preview."""
    name, note = star.name_in(texts.language), star.description_in(texts.language)
    tag = celebrity_tag(star.id)
    buttons = ((Button(texts("inline-how-alike"), url=f"{bot_link}?start=star_{tag}"),),)
    words = texts("inline-star", star=name, note=texts("note", note=note) if note else "")
    found = next(((links, one) for one in photos if (links := commons_links(one))), None)
    if found is None:
        preview = star.url_in(texts.language)
        return InlineResult(f"star-{tag}", name, note, Reply(words, buttons, preview_url=preview))
    links, photo = found
    credit, credit_links = star_photo.linked_credit(texts, photo, units(words) + 1)
    text = "\n".join(filter(None, (words, credit)))
    return InlineResult(f"star-{tag}", name, note, Reply(text, buttons, links=credit_links), photo=links)


def commons_links(photo: CelebrityPhoto) -> PhotoLinks | None:
    """Where Wikimedia serves a photo of Commons as JPEG, by its file's name; None for any other photo.

    A file's folder is the beginning of the MD5 of its name (mediawiki.org/wiki/Manual:$wgHashedUploadDirectory).
    """
    found = COMMONS_FILE.fullmatch(photo.source_url or "")
    if found is None:
        return None
    name = unquote(found["name"]).replace(" ", "_")
    name = name[0].upper() + name[1:]
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    folder = f"{MEDIA}/{digest[0]}/{digest[:2]}/{quote(name)}"
    return PhotoLinks(*(f"{folder}/{width}px-{quote(name)}" for width in (PHOTO_PX, THUMBNAIL_PX)))
