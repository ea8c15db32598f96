"""Counts by day."""

from datetime import date

import pytest

from lookalike.store.operating import activity
from lookalike.store.store import Activity, Store
from tests.support.stores import StoreDir

pytestmark = pytest.mark.fast


async def test_people_answers_and_languages_are_counted_by_day(
    store_dir: StoreDir, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "PAGE_USERS", 2)
    for user_id, language in enumerate(("en", "en-GB", "ru", None)):
        await store.upsert_user(user_id, "x", language)
    await store.set_language(1, "ru")
    await store.record_answer(0, "match")
    store_dir.clock.move(days=2)
    await store.upsert_user(9, "x", "de")
    for outcome in ("match", "match", "no_face"):
        await store.record_answer(9, outcome)

    assert await store.activity(3) == Activity(
        days=(date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)),
        outcomes=({"match": 1}, {}, {"match": 2, "no_face": 1}),
        joined=(4, 0, 1),
        languages={"en": 1, "ru": 2, "?": 1, "de": 1},
    )
    assert (await store.activity(1)).outcomes == ({"match": 2, "no_face": 1},)


async def test_an_empty_store_has_days_without_anything(store: Store) -> None:
    found = await store.activity(2)

    assert (found.outcomes, found.joined, found.languages) == (({}, {}), (0, 0), {})
