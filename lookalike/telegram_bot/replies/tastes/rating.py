"""The buttons to rate a star: one that asks, and the scores in its place."""

from __future__ import annotations

from collections.abc import Sequence

from lookalike.gallery.catalogue import Celebrity
from lookalike.telegram_bot.callback_data import RateStar
from lookalike.telegram_bot.replies.reply import Button, Buttons, Reply
from lookalike.telegram_bot.texts import Texts

SCORES = range(1, 11)
IN_A_ROW = 5


def rate_button(texts: Texts, tag: str, score: int | None = None) -> Button:
    """The button that asks for a score, or shows the one that was given."""
    words = texts("button-rate") if score is None else texts("button-rated", score=str(score))
    return Button(words, RateStar("ask", tag).pack())


def score_rows(texts: Texts, tag: str, score: int | None) -> Buttons:
    """The scores, the given one marked, and below them the way back and that to none."""
    buttons = [
        Button(texts("chosen", what=str(one)) if one == score else str(one), RateStar(str(one), tag).pack())
        for one in SCORES
    ]
    back = Button(texts("button-previous"), RateStar("close", tag).pack())
    none = (Button(texts("button-unrate"), RateStar("back", tag).pack()),) if score else ()
    return (*in_rows(buttons), (back, *none))


def in_rows(buttons: Sequence[Button]) -> Buttons:
    """Scores, five in a row."""
    return tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))


def in_place(buttons: Buttons, rows: Buttons) -> Reply:
    """The buttons of a message with these rows in the place of those that rate; without such, below all."""
    rating = [at for at, row in enumerate(buttons) if any(_rates(one) for one in row)]
    first = rating[0] if rating else len(buttons)
    others = [row for at, row in enumerate(buttons) if at not in rating]
    return Reply("", (*others[:first], *rows, *others[first:]))


def question(texts: Texts, star: Celebrity, score: int | None, rows: Buttons) -> Reply:
    """The question in a message of its own, where the one with the button can no longer be changed."""
    asked = texts("rate-how", star=star.name_in(texts.language))
    kept = texts("rating-kept", star=star.name_in(texts.language), score=str(score)) if score else asked
    return Reply(kept, rows)


def listed(texts: Texts, stars: Sequence[Celebrity]) -> str:
    """Names with commas, and "and" before the last."""
    names = [one.name_in(texts.language) for one in stars]
    return texts("names-and", names=", ".join(names[:-1]), name=names[-1]) if len(names) > 1 else "".join(names)


def _rates(button: Button) -> bool:
    return (button.data or "").startswith(f"{RateStar.verb}:")
