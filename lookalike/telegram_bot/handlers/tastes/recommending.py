"""Recommended stars: by what people like who rate alike, and before that is known by faces and fame."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.gallery.gallery import Gallery
from lookalike.taste.face_choices import choose_by_faces
from lookalike.taste.taste_model import TasteModel
from lookalike.telegram_bot.context import Context, Conversation
from lookalike.telegram_bot.handlers.tastes.rating import can_rate
from lookalike.telegram_bot.registry import command
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.tastes import recommendation as replies
from lookalike.telegram_bot.replies.tastes.recommendation import RecommendedStar

RECOMMENDED = 10
NEEDED = 5  # ratings of a user before stars are recommended, and of them that a model must know to be asked
SPARE = 20  # more items are asked of the model: some may be hidden, or no longer in the gallery
LIKED_TOO = 4  # on a star's page


@command("recommend", private=True)
async def recommend(context: Context) -> Reply:
    """Ten stars that the user will like, from five ratings on."""
    return await recommended(context)


async def recommended(talk: Conversation) -> Reply:
    """The stars, or how many ratings are missing."""
    if not can_rate(talk):
        return Reply(talk.texts("private-only"))
    services, gallery = talk.services, talk.services.gallery()
    scores = await services.store.ratings_of(talk.user.id)
    if len(scores) < NEEDED:
        return replies.too_few(talk.texts, NEEDED - len(scores))
    stars: list[RecommendedStar] = []
    model = services.tastes.model
    if model is not None and sum(id in model.items for id in scores) >= NEEDED:
        stars = await asyncio.to_thread(_by_ratings, model, gallery, scores)
    if len(stars) < RECOMMENDED:  # also of a user who has rated almost all that the model knows
        stars += await asyncio.to_thread(_by_faces, gallery, scores, [one.star.id for one in stars])
    return replies.recommendations(talk.texts, stars) if stars else Reply(talk.texts("rate-all"))


def liked_too(talk: Conversation, id: str) -> Sequence[Celebrity]:
    """Whom people like who like the celebrity of this id; nobody without a model that knows them."""
    model = talk.services.tastes.model
    if model is None or id not in model.items:
        return ()
    similar = [model.items.ids[one.item] for one in model.similar(model.items.by_id[id], LIKED_TOO + SPARE)]
    return _present(talk.services.gallery(), similar)[:LIKED_TOO]


def _by_ratings(model: TasteModel, gallery: Gallery, scores: Mapping[str, int]) -> list[RecommendedStar]:
    """The best of those in the gallery that the model knows."""
    ids = model.items.ids
    found = model.recommend(model.profile(scores), RECOMMENDED + SPARE)
    known = {one.id: one for one in _present(gallery, [ids[one.item] for one in found])}
    return [
        RecommendedStar(known[ids[one.item]], _present(gallery, [ids[item] for item in one.because]), by_faces=False)
        for one in found
        if ids[one.item] in known
    ][:RECOMMENDED]


def _by_faces(gallery: Gallery, scores: Mapping[str, int], chosen: Sequence[str]) -> list[RecommendedStar]:
    """Well-known stars with faces like those that are rated high, as many as the chosen ones leave room for."""
    celebrities = gallery.celebrities
    rows = {celebrities.row_of_tag(celebrity_tag(id)): float(score) for id, score in scores.items()}
    rated = {row: score for row, score in rows.items() if row is not None}
    left_out = {*celebrities.hidden_rows, *map(celebrities.row, chosen)}
    count = RECOMMENDED - len(chosen)
    found = choose_by_faces(gallery.centroids, celebrities.sitelinks, rated, left_out, count)
    return [
        RecommendedStar(celebrities[one.row], [celebrities[row] for row in one.because], by_faces=True) for one in found
    ]


def _present(gallery: Gallery, ids: Iterable[str]) -> list[Celebrity]:
    """The celebrities of these ids that are in the gallery and not hidden."""
    return [*gallery.celebrities.by_id(list(ids)).values()]
