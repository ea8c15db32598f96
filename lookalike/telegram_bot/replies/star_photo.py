"""A star's photo in a reply: whether there is one, the credit that its licence asks for, the card that it is on."""

from __future__ import annotations

from pathlib import Path

from lookalike.core.language.credits import card_credit, photo_credit
from lookalike.faces.drawing.card.card import Card
from lookalike.gallery.catalogue import CelebrityPhoto
from lookalike.gallery.gallery import Neighbour
from lookalike.gallery.matching import FaceMatch, percent
from lookalike.telegram_bot.replies.reply import Link, units
from lookalike.telegram_bot.texts import Texts


def shown(photo: CelebrityPhoto | None, photos_dir: Path) -> CelebrityPhoto | None:
    """The photo, if `photos_dir` holds its file."""
    return photo if photo and (photos_dir / photo.file).is_file() else None


def share_card(
    texts: Texts, face: FaceMatch, star: Neighbour, photo: CelebrityPhoto | None, *,
    user_name: str, bot_name: str, photos_dir: Path,
) -> Card:  # fmt: skip
    """The card of a face beside a star with this photo, or a tile; `user_name` is the user's first name."""
    cut_at, credit = None, ""
    if photo:
        cut_at = photo.cut_at
        credit = card_credit(texts, photo.author or "", photo.license or "", is_cropped=cut_at is not None)
    return Card(
        box=face.box,
        turn=face.turn,
        eyes=face.eyes,
        name=user_name,
        name_else=texts("card-you"),
        star_name=star.celebrity.name_in(texts.language),
        star_note=star.celebrity.description_in(texts.language),
        star_photo=str(photos_dir / photo.file) if photo else "",
        is_tile=photo is None,
        star_box=cut_at and cut_at[0],
        star_eyes=cut_at and cut_at[1],
        percent=percent(star.similarity),
        credit=credit,
        address=f"t.me/{bot_name}",
        question=texts("card-question"),
    )


def linked_credit(texts: Texts, photo: CelebrityPhoto, start: int) -> tuple[str, tuple[Link, ...]]:
    """The line that credits a star's photo, '' if nothing is known, with links to where it is from and to its licence.

    `start`: where the line begins in the text, in UTF-16 units.
    """
    source, license = photo.source_url, photo.license or ""
    author = photo.author or (texts("credit-source") if source else "")
    line = photo_credit(texts, "credit", author, license)
    behind = ((line.find(author), author, source), (line.rfind(license), license, photo.license_url or source))
    return line, tuple(
        Link(start + units(line[:place]), units(words), url)
        for place, words, url in behind
        if words and url and url.startswith(("http://", "https://"))
    )
