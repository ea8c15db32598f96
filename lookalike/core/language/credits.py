"""The line that credits a photo: its author and its licence, and that it was cropped."""

from __future__ import annotations

from lookalike.core.language.texts import Texts


def photo_credit(texts: Texts, id: str, author: str, license: str) -> str:
    """The text with that id about author and licence; '' if neither is known."""
    if not author and not license:
        return ""
    shown = texts("card-credit-license", license=license) if license and author else license
    return texts(id, author=author, license=shown)


def card_credit(texts: Texts, author: str, license: str, *, is_cropped: bool) -> str:
    """The credit on a card, which says so if the photo was cut: CC BY 4.0, 3(a)(1)(B)."""
    credit = photo_credit(texts, "card-credit", author, license)
    return texts("card-credit-cropped", credit=credit) if credit and is_cropped else credit
