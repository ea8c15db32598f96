"""The line that credits a photo: its author and its licence, and that it was cropped."""

from __future__ import annotations

import re

from lookalike.core.language.texts import Texts

# In the name of a licence: of Creative Commons, short or long, or the Free Art License, whose short name is FAL.
SHARE_ALIKE = re.compile(r"\bsa\b|share[- ]?alike|^fal\b|free art", re.IGNORECASE)


def photo_credit(texts: Texts, id: str, author: str, license: str) -> str:
    """The text with that id about author and licence; '' if neither is known."""
    if not author and not license:
        return ""
    shown = texts("card-credit-license", license=license) if license and author else license
    return texts(id, author=author, license=shown)


def card_credit(texts: Texts, author: str, license: str, *, is_cropped: bool) -> str:
    """The credit on a card, which says so if the photo was cut: CC BY 4.0, 3(a)(1)(B).

    The card of a photo that was cut is an adaptation: under a share-alike licence it has the same one (CC BY-SA 4.0,
    3(b)).
    """
    credit = photo_credit(texts, "card-credit", author, license)
    if not credit or not is_cropped:
        return credit
    cropped = texts("card-credit-cropped", credit=credit)
    return texts("card-license", credit=cropped, license=license) if is_share_alike(license) else cropped


def is_share_alike(license: str) -> bool:
    """Whether what is made of a work under that licence has to be under the same one."""
    return SHARE_ALIKE.search(license) is not None
