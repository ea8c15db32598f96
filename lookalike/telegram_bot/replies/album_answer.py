"""The answer to photos that were sent together: the star of the one person in them, or a line for each photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lookalike.faces.types import Refusal
from lookalike.gallery.filters import Filter
from lookalike.gallery.matching import Outcome, PooledMatch, percent
from lookalike.telegram_bot.replies import photo_answer
from lookalike.telegram_bot.replies.answer_buttons import Shown, among
from lookalike.telegram_bot.replies.reply import Reply, within_caption
from lookalike.telegram_bot.texts import Texts

FACES_SHOWN = 4  # of one photo: ten such lines are well within the 4096 characters of a message


def of_one_person(
    texts: Texts, pooled: PooledMatch, *, user_name: str, bot_name: str, photos_dir: Path, shown: Shown
) -> Reply:
    """The answer of photo_answer.py, and of how many photos it is."""
    reply = photo_answer.answer(
        texts, pooled.match, user_name=user_name, bot_name=bot_name, photos_dir=photos_dir, shown=shown
    )
    lines = ["", texts("album-pooled", photos=pooled.photos)]
    if pooled.left_out:
        lines.append(texts("album-left-out", photos=pooled.left_out))
    card = replace(reply.card, note=texts("card-from-photos", photos=pooled.photos)) if reply.card else None
    return replace(reply, text=within_caption(reply.text, lines), card=card)


def of_each(texts: Texts, outcomes: Sequence[Outcome], where: Filter) -> Reply:
    """One message with a line for each photo, numbered as they were sent; `where`: among whom the stars are."""
    lines = (
        texts("album-line", number=number, answer=_line(texts, outcome)) for number, outcome in enumerate(outcomes, 1)
    )
    return Reply("\n".join([texts("album-each"), among(texts, where), *lines]))


def _line(texts: Texts, outcome: Outcome) -> str:
    """The star of each face from left to right, or why there is none."""
    if isinstance(outcome, Refusal):
        return texts(photo_answer.refusal_text(outcome.reason))
    faces = sorted(outcome.faces[:FACES_SHOWN], key=lambda face: face.box[0])
    best = [face.neighbours[0] for face in faces]
    named = ((one.celebrity.name_in(texts.language), f"{percent(one.similarity)}%") for one in best)
    stars = [texts("answer-other", star=star, percent=shown) for star, shown in named]
    if more := len(outcome.faces) - len(stars):
        stars.append(texts("answer-more-people", count=more))
    return ", ".join(stars)
