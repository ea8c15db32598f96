"""Words beside pictures that are made of a photo."""

from __future__ import annotations

from pathlib import Path

from lookalike.core.language.credits import is_share_alike
from lookalike.faces.drawing.avatar.order import AvatarStyle
from lookalike.faces.drawing.card.card import Card
from lookalike.gallery.matching import Match
from lookalike.telegram_bot.callback_data import AvatarAs, MorphAt, StripAt
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.replies.reply import Button, Reply, units
from lookalike.telegram_bot.texts import Texts


def morph_card(texts: Texts, outcome: Match, shown: MorphAt | StripAt, photos_dir: Path) -> tuple[Card, Reply] | None:
    """The faces that turn into each other, and the words beside them.

    None where there is no photo of the star, or none that may be changed. A morph is an adaptation of that photo: under
    a share-alike licence it is under the same one, and says so (CC BY-SA 4.0, 3(b)).
    """
    stars = outcome.faces[0].neighbours
    star = stars[min(shown.place, len(stars) - 1)]
    photo = star_photo.shown(star.photo, photos_dir)
    if photo is None or photo.cut_at is None:
        return None
    card = star_photo.share_card(texts, outcome.faces[0], star, photo, user_name="", bot_name="", photos_dir=photos_dir)
    words = texts("morph", star=card.star_name, percent=f"{card.percent}%")
    credit, links = star_photo.linked_credit(texts, photo, units(words) + 1)
    license = photo.license or ""
    shared = texts("morph-license", license=license) if is_share_alike(license) else ""
    strip = ((Button(texts("button-strip"), StripAt(shown.place, shown.where).pack()),),)
    buttons = () if isinstance(shown, StripAt) else strip
    return card, Reply("\n".join(filter(None, (words, credit, shared))), buttons, links=links)


def avatar_reply(texts: Texts, shown: AvatarStyle) -> Reply:
    """The words under a drawing: its other styles, and the sticker in two shapes."""
    styles = [style for style in AvatarStyle if style is not shown]
    others = tuple(Button(texts(f"avatar-{style}"), AvatarAs(style, "instead").pack()) for style in styles)
    shapes = tuple(Button(texts(f"avatar-{form}"), AvatarAs(shown, form).pack()) for form in ("sticker", "round"))
    return Reply(texts("avatar"), (others, shapes))
