"""Users, consent and language."""

from datetime import timedelta

import pytest

from lookalike.store.store import Store
from tests.support.stores import ADA, NOON, StoreDir, held_photo

pytestmark = pytest.mark.fast


async def test_a_user_who_writes_again_keeps_the_day_they_were_first_seen(store_dir: StoreDir, store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    store_dir.clock.move(days=3)
    user = await store.upsert_user(ADA, "Ada Lovelace", "fr")

    assert (user.name, user.language) == ("Ada Lovelace", "fr")
    assert (user.first_seen, user.last_seen) == (NOON, NOON + timedelta(days=3))
    assert await store.get_user(ADA) == user


async def test_an_unknown_user_cannot_be_changed(store: Store) -> None:
    assert await store.get_user(ADA) is None
    assert await store.give_consent(ADA, 1) is None
    assert await store.withdraw_consent(ADA) is None
    assert await store.set_language(ADA, "en") is None
    assert await store.set_where(ADA, "women") is None
    assert await store.mark_blocked(ADA) is None
    assert await store.get_user(ADA) is None


async def test_consent_is_kept_with_its_version_and_time_until_it_is_taken_back(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.give_consent(ADA, 2)
    agreed = await store.upsert_user(ADA, "Ada", "en")

    assert (agreed.consent_version, agreed.consented_at) == (2, NOON)

    withdrawn = await store.withdraw_consent(ADA)

    assert withdrawn
    assert (withdrawn.consent_version, withdrawn.consented_at) == (None, None)


async def test_a_chosen_language_wins_over_telegrams(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.set_language(ADA, "ru")

    assert (await store.upsert_user(ADA, "Ada", "de")).chosen_language == "ru"

    await store.set_language(ADA, None)

    assert (await store.upsert_user(ADA, "Ada", "de")).chosen_language is None


async def test_a_user_who_writes_again_is_not_blocked_any_more(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    blocked = await store.mark_blocked(ADA)

    assert blocked
    assert blocked.blocked
    assert not (await store.upsert_user(ADA, "Ada", "en")).blocked


async def test_a_name_with_half_an_emoji_is_kept_readable(store: Store) -> None:
    assert (await store.upsert_user(ADA, "Ada \ud83d", "en")).name == "Ada ?"


async def test_reprs_show_neither_names_nor_file_ids(store: Store) -> None:
    assert "Ada" not in repr(await store.upsert_user(ADA, "Ada", "en"))
    assert "AgAC" not in repr(held_photo(7))


async def test_among_whom_stars_are_looked_for_is_kept_and_everybody_is_an_empty_text(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    kept = await store.set_where(ADA, "women,region=asia")
    written_again = await store.upsert_user(ADA, "Ada", "en")
    back = await store.set_where(ADA, "")

    assert kept is not None
    assert (kept.where, written_again.where) == ("women,region=asia", "women,region=asia")
    assert back is not None
    assert back.where == ""
