"""The line that credits a photo: its author and its licence, and that it was cropped."""

from __future__ import annotations

from lookalike.core.language.texts import Texts

SHARE_ALIKE = "-SA"  # in the name of a licence


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
    return SHARE_ALIKE in license.upper()
