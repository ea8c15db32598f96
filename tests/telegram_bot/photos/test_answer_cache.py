"""The same photo again is answered with what was found; photos of many people do not fill the memory."""

import pytest

from lookalike.faces.types import Doubt
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import FaceMatch, Match
from lookalike.telegram_bot.photos import answer_cache
from lookalike.telegram_bot.photos.answer_cache import AnswerCache, CachedAnswer, CacheKey
from tests.support.bot_api.conversation import STARTER

PEOPLE = 32


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery.load(STARTER)


@pytest.fixture
def cache(gallery: Gallery) -> AnswerCache:
    cache = AnswerCache()
    cache.get(key(0), gallery)
    return cache


def key(number: int, user_id: int = 1) -> CacheKey:
    return CacheKey(user_id, f"photo {number}", "en")


def answer(gallery: Gallery, people: int = 1) -> CachedAnswer:
    stars = gallery.nearest(gallery.photos[0], 6)
    face = FaceMatch((1, 2, 30, 40), stars, 90, next(iter(Doubt)), (4.5, 5.5, 6.5, 7.5))
    return CachedAnswer(Match((face,) * people), "card")


def test_what_is_cached_comes_back_equal(cache: AnswerCache, gallery: Gallery) -> None:
    cache.put(key(1), answer(gallery), gallery)

    assert cache.get(key(1), gallery) == answer(gallery)
    assert cache.get(key(2), gallery) is None
    assert cache.get(key(1, user_id=2), gallery) is None


def test_photos_of_many_people_push_each_other_out(
    cache: AnswerCache, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_cache, "REMEMBERED_BYTES", 100_000)
    for number in range(20):
        cache.put(key(number % 10), answer(gallery, PEOPLE), gallery)
    kept = [number for number in range(10) if cache.get(key(number), gallery)]

    assert 2 <= len(kept) < 10
    assert kept == list(range(10))[-len(kept) :]
    cache.forget(1)
    for number in range(2):
        cache.put(key(number), answer(gallery, PEOPLE), gallery)
    assert cache.get(key(0), gallery) == answer(gallery, PEOPLE)


def test_another_gallery_empties_it(cache: AnswerCache, gallery: Gallery) -> None:
    cache.put(key(1), answer(gallery), gallery)

    assert cache.get(key(1), Gallery.load(STARTER)) is None
    assert cache.get(key(1), gallery) is None
