"""Recorded answers."""

import pytest

from lookalike.store.store import Answer, Store
from tests.support.stores import ADA, BOB, NOON, RANKING

pytestmark = pytest.mark.fast


async def test_an_answer_is_kept_as_it_was_given(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    answer_id = await store.record_answer(ADA, "match", RANKING)

    assert answer_id
    assert await store.get_answer(answer_id, ADA) == Answer(answer_id, ADA, NOON, "match", RANKING)


async def test_an_answer_is_shown_to_its_owner_only(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.upsert_user(BOB, "Bob", "en")
    answer_id = await store.record_answer(ADA, "match", RANKING)

    assert answer_id
    assert await store.get_answer(answer_id, BOB) is None
    assert await store.get_answer("no such answer", ADA) is None


async def test_a_photo_answered_twice_is_recorded_once(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    first = await store.record_answer(ADA, "match", RANKING, chat_id=ADA, message_id=8)
    again = await store.record_answer(ADA, "no_face", (), chat_id=ADA, message_id=8)
    other = await store.record_answer(ADA, "no_face", (), chat_id=ADA, message_id=9)

    assert first == again != other
    assert again
    assert await store.get_answer(again, ADA) == Answer(again, ADA, NOON, "match", RANKING)
    assert [row.kind for row in await store.outbox_rows(9)] == ["person", "answer", "answer"]


async def test_an_answer_to_an_erased_user_is_not_kept(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.erase_user(ADA)

    assert await store.record_answer(ADA, "match", RANKING, chat_id=ADA, message_id=8) is None
    assert [row.kind for row in await store.outbox_rows(9)] == ["delete"]
