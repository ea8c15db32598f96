"""Answers about stars, as JSON: who is like one, by face and by taste; whom somebody will like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lookalike.gallery.gallery import Gallery
from lookalike.taste.face_choices import choose_by_faces
from lookalike.taste.taste_model import TasteModel
from lookalike.web.answers import star_details
from lookalike.web.stars.finding import named, no_such_star, rated_rows, rows_meant, rows_offered, shown_row
from lookalike.web.stars.questions import RatingsQuestion

Answer = dict[str, Any]  # JSON
BY_FACES = "There are not enough ratings yet: these are well-known stars with faces like those rated high."
WIDER = 4  # times as many are asked of the model, when too few of those that it gives can be shown


@dataclass(frozen=True, eq=False)
class StarAnswers:
    """What stars are answered from: a gallery and, if there is one, a model of people's ratings of its stars.

    `photos_dir`: for answers with what a page shows, None for plain ones; `language`: of names.
    """

    gallery: Gallery
    model: TasteModel | None
    language: str = "en"
    photos_dir: Path | None = None

    def similar(self, text: str, count: int) -> Answer:
        """The stars most like the one that a text means, or those that it may mean; QuestionError if nobody."""
        rows = rows_meant(self.gallery, text)
        if not rows:
            raise no_such_star(self.gallery, text, self.language)
        if len(rows) > 1:
            stars = named(self.gallery, rows, self.language)
            message = "Several stars are called that. Ask for one of them by id."
            return {"name": text, "outcome": "several", "stars": stars, "message": message}
        [row] = rows
        return {
            "name": text,
            "outcome": "similar",
            "star": self._star(row),
            "similar": self._kin(row, count),
            "also_liked": self._also_liked(self.gallery.celebrities[row].id, count),
        }

    def recommended(self, question: RatingsQuestion) -> Answer:
        """The stars that whoever rates so will like; QuestionError if it is not clear who is rated."""
        rated = rated_rows(self.gallery, question, self.language)
        ids = {self.gallery.celebrities[row].id: rating for row, rating in rated.items()}
        answer: Answer = {"outcome": "recommended", "rated": [self._rated(id, value) for id, value in ids.items()]}
        if self.model and any(id in self.model.items for id in ids):
            return answer | {"basis": "ratings", "stars": self._by_ratings(self.model, ids, question.count)}
        return answer | {"basis": "faces", "message": BY_FACES, "stars": self._by_faces(rated, question.count)}

    def called(self, text: str, count: int) -> Answer:
        """The stars that a text means, begins to name or nearly names; for a name that is being typed."""
        return {"name": text, "stars": named(self.gallery, rows_offered(self.gallery, text, count), self.language)}

    def _kin(self, row: int, count: int) -> list[Answer]:
        return [
            self._star(self.gallery.celebrities.row(one.celebrity.id))
            | {
                "distance": round(one.distance, 4),
                "cosine": round(one.cosine, 4),
                "similarity": round(one.similarity, 4),
            }
            for one in self.gallery.kin(row, count)
        ]

    def _also_liked(self, id: str, count: int) -> list[Answer] | None:
        """Who is liked by those who like a star; None without a model."""
        if (model := self.model) is None:
            return None
        if (item := model.items.by_id.get(id)) is None:
            return []
        cosines = {model.items.ids[one.item]: one.cosine for one in model.similar(item, len(model.items))}
        stars = ((shown_row(self.gallery, id), cosine) for id, cosine in cosines.items())
        shown = [(row, cosine) for row, cosine in stars if row is not None][:count]
        return [self._star(row) | {"cosine": round(cosine, 4)} for row, cosine in shown]

    def _by_ratings(self, model: TasteModel, ids: Mapping[str, float], count: int) -> list[Answer]:
        profile, most = model.profile(ids), count
        while True:
            found = model.recommend(profile, most)
            rows = [shown_row(self.gallery, model.items.ids[one.item]) for one in found]
            shown = [(row, one) for row, one in zip(rows, found, strict=True) if row is not None][:count]
            if len(shown) == count or len(found) < most:
                break
            most *= WIDER
        return [
            self._star(row)
            | {"rating": round(one.rating, 2), "because": [self._name(model.items.ids[item]) for item in one.because]}
            for row, one in shown
        ]

    def _by_faces(self, rated: Mapping[int, float], count: int) -> list[Answer]:
        celebrities = self.gallery.celebrities
        found = choose_by_faces(self.gallery.centroids, celebrities.sitelinks, rated, celebrities.hidden_rows, count)
        return [
            self._star(one.row) | {"because": [celebrities[row].name_in(self.language) for row in one.because]}
            for one in found
        ]

    def _rated(self, id: str, rating: float) -> Answer:
        return {"id": id, "name": self._name(id), "rating": rating}

    def _name(self, id: str) -> str:
        return self.gallery.celebrities[self.gallery.celebrities.row(id)].name_in(self.language)

    def _star(self, row: int) -> Answer:
        star = self.gallery.celebrities[row]
        shown = {"id": star.id, "name": star.name_in(self.language)}
        if self.photos_dir is None:
            return shown
        photo = next(iter(self.gallery.photos_of(star.id)), None)
        return shown | star_details(star, photo, self.language, self.photos_dir)
