"""Who is meant: the star with an id, or of a name as the bot searches for it; never a hidden one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from lookalike.gallery.gallery import Gallery
from lookalike.web.stars.questions import SHOWN_CHARACTERS, QuestionError, RatingsQuestion, rating_field, wrong_field

OFFERED = 6  # stars beside one that is not clear


def rows_meant(gallery: Gallery, text: str) -> tuple[int, ...]:
    """The rows of the stars that a text surely means: one, several, or none."""
    row = shown_row(gallery, text)
    return gallery.names.search(text, OFFERED).sure if row is None else (row,)


def shown_row(gallery: Gallery, id: str) -> int | None:
    """The row of the star with an id; None if there is none, or it is hidden."""
    try:
        row = gallery.celebrities.row(id)
    except KeyError:
        return None
    return None if row in gallery.celebrities.hidden_rows else row


def rows_offered(gallery: Gallery, text: str, count: int = OFFERED) -> list[int]:
    """The rows of the stars that a text means, begins to name, or nearly names, the likeliest first."""
    found = gallery.names.search(text, count)
    begun = gallery.names.begins_with(text, count)
    return [*dict.fromkeys((*found.sure, *begun, *found.near))][:count]


def named(gallery: Gallery, rows: Iterable[int], language: str) -> list[dict[str, Any]]:
    """Stars by which somebody can choose: id, name, and who they are."""
    stars = (gallery.celebrities[row] for row in rows)
    return [{"id": one.id, "name": one.name_in(language), "description": one.description_in(language)} for one in stars]


def no_such_star(gallery: Gallery, text: str, language: str) -> QuestionError:
    """404, with the stars that may have been meant."""
    suggestions = named(gallery, rows_offered(gallery, text), language)
    said = f"No star here is called {text[:SHOWN_CHARACTERS]!r}."
    return QuestionError(HTTPStatus.NOT_FOUND, said, suggestions=suggestions)


def rated_rows(gallery: Gallery, question: RatingsQuestion, language: str) -> Mapping[int, float]:
    """The ratings by row; QuestionError if somebody is not known, not clear, or rated twice."""
    found: dict[int, float] = {}
    for text, rating in question.ratings.items():
        rows = rows_meant(gallery, text)
        if len(rows) != 1:
            offered = named(gallery, rows or rows_offered(gallery, text), language)
            why = "may be several stars: use an id" if rows else "is nobody here"
            raise wrong_field(rating_field(text), why, suggestions=offered)
        if rows[0] in found:
            raise wrong_field(rating_field(text), f"{gallery.celebrities[rows[0]].name_in(language)} is rated twice")
        found[rows[0]] = rating
    return found
