"""The embedded store, on the real SQLite: journal, people, photos held for consent, history."""

import asyncio
import contextlib
import sqlite3
import sys
from datetime import timedelta

import pytest

from lookalike.store.store import Answer, Store
from tests.support.homes import ADA, BOB, NOON, RANKING, ROOT, Home, photo

pytestmark = pytest.mark.fast


# The journal.


async def test_an_update_is_taken_once(storage: Store) -> None:
    assert await storage.journal(17, ADA, b"payload")
    assert not await storage.journal(17, ADA, b"payload")


async def test_a_finished_update_is_not_taken_again_within_48_hours(home: Home, storage: Store) -> None:
    await storage.journal(17, ADA, b"first")
    await storage.finish_update(17)
    home.clock.move(hours=47)

    assert not await storage.journal(17, ADA, b"again")


async def test_the_same_number_after_48_hours_is_another_update(home: Home, storage: Store) -> None:
    """After a week without updates Telegram starts anew at a random number."""
    await storage.journal(17, ADA, b"first")
    await storage.finish_update(17)
    home.clock.move(hours=49)

    assert await storage.journal(17, ADA, b"second")
    assert [entry.payload for entry in await storage.unfinished_updates()] == [b"second"]


async def test_an_unanswered_update_is_known_however_old_it_is(home: Home, storage: Store) -> None:
    await storage.journal(17, ADA, b"first")
    home.clock.move(days=9)

    assert not await storage.journal(17, ADA, b"again")


async def test_a_lower_number_is_taken_too(storage: Store) -> None:
    await storage.journal(900, ADA, b"a")

    assert await storage.journal(3, None, b"b")
    assert [entry.update_id for entry in await storage.unfinished_updates()] == [900, 3]  # order of arrival


async def test_a_batch_says_which_updates_are_new(storage: Store) -> None:
    await storage.journal(2, ADA, b"")

    assert await storage.journal_updates([(1, ADA, b""), (2, ADA, b""), (3, None, b""), (3, None, b"")]) == [
        True,
        False,
        True,
        False,
    ]


async def test_attempts_are_counted_until_the_update_is_finished(storage: Store) -> None:
    await storage.journal(17, ADA, b"payload")

    assert [await storage.begin_attempt(17), await storage.begin_attempt(17)] == [1, 2]
    assert [entry.attempts for entry in await storage.unfinished_updates()] == [2]

    await storage.finish_update(17)

    assert await storage.begin_attempt(17) == 0
    assert await storage.begin_attempt(18) == 0
    assert await storage.unfinished_updates() == []


async def test_of_a_finished_update_no_payload_stays(home: Home, storage: Store) -> None:
    await storage.journal(17, ADA, b"payload")
    await storage.finish_update(17)
    await storage.close()

    with contextlib.closing(sqlite3.connect(home.file)) as db:
        assert db.execute("SELECT state, person, sealed FROM journal").fetchall() == [("done", None, None)]


async def test_a_buried_update_is_never_tried_again(storage: Store) -> None:
    await storage.journal(17, ADA, b"payload")
    await storage.dead_letter(17, "WorkerDied")

    assert await storage.unfinished_updates() == []
    assert await storage.begin_attempt(17) == 0
    assert (await storage.counts())["dead"] == 1
    assert not await storage.journal(17, ADA, b"payload")


async def test_a_killed_process_loses_nothing_it_was_told_is_kept(home: Home) -> None:
    program = """
import asyncio, sys
from pathlib import Path
from lookalike.store.store import Store

async def main():
    storage = await Store.open(Path(sys.argv[1]), None, 30)
    await storage.journal_updates([(1, 5, b"one"), (2, 5, b"two")])
    await storage.begin_attempt(1)
    print("kept", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(home.data), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    try:
        assert process.stdout
        assert await process.stdout.readline() == b"kept\n"
    finally:
        process.kill()
        await process.communicate()

    storage = await home.open()
    entries = await storage.unfinished_updates()
    await storage.close()

    assert [(entry.update_id, entry.payload, entry.attempts) for entry in entries] == [(1, b"one", 1), (2, b"two", 0)]


# People.


async def test_somebody_met_again_keeps_the_day_they_were_first_seen(home: Home, storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    home.clock.move(days=3)
    person = await storage.upsert_user(ADA, "Ada Lovelace", "fr")

    assert (person.name, person.language) == ("Ada Lovelace", "fr")
    assert (person.first_seen, person.last_seen) == (NOON, NOON + timedelta(days=3))
    assert await storage.get_user(ADA) == person


async def test_a_stranger_is_nobody(storage: Store) -> None:
    assert await storage.get_user(ADA) is None
    assert await storage.give_consent(ADA, 1) is None
    assert await storage.withdraw_consent(ADA) is None
    assert await storage.set_language(ADA, "en") is None
    assert await storage.mark_blocked(ADA) is None
    assert await storage.get_user(ADA) is None


async def test_consent_is_kept_with_its_version_and_time_until_it_is_taken_back(storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    await storage.give_consent(ADA, 2)
    agreed = await storage.upsert_user(ADA, "Ada", "en")

    assert (agreed.consent_version, agreed.consented_at) == (2, NOON)

    withdrawn = await storage.withdraw_consent(ADA)

    assert withdrawn
    assert (withdrawn.consent_version, withdrawn.consented_at) == (None, None)


async def test_a_chosen_language_outlives_what_telegram_says(storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    await storage.set_language(ADA, "ru")

    assert (await storage.upsert_user(ADA, "Ada", "de")).chosen_language == "ru"

    await storage.set_language(ADA, None)

    assert (await storage.upsert_user(ADA, "Ada", "de")).chosen_language is None


async def test_who_writes_again_is_not_blocked_any_more(storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    blocked = await storage.mark_blocked(ADA)

    assert blocked
    assert blocked.blocked
    assert not (await storage.upsert_user(ADA, "Ada", "en")).blocked


async def test_a_name_with_half_an_emoji_is_kept_readable(storage: Store) -> None:
    assert (await storage.upsert_user(ADA, "Ada \ud83d", "en")).name == "Ada ?"


async def test_a_name_is_not_shown_by_accident(storage: Store) -> None:
    assert "Ada" not in repr(await storage.upsert_user(ADA, "Ada", "en"))
    assert "AgAC" not in repr(photo(7))


# Photos that wait for consent.


async def test_a_held_photo_waits_until_it_is_dropped(storage: Store) -> None:
    await storage.hold_photo(photo(7))
    await storage.hold_photo(photo(7))
    await storage.hold_photo(photo(8))
    await storage.hold_photo(photo(7, BOB))

    assert await storage.held_photos(ADA) == [photo(7), photo(8)]
    assert await storage.held_photos(ADA) == [photo(7), photo(8)]

    await storage.drop_held_photo(ADA, 7)

    assert await storage.held_photos(ADA) == [photo(8)]
    assert await storage.held_photos(BOB) == [photo(7, BOB)]


async def test_who_refuses_has_no_photo_waiting(storage: Store) -> None:
    await storage.hold_photo(photo(7))
    await storage.hold_photo(photo(8))
    await storage.drop_held_photos(ADA)

    assert await storage.held_photos(ADA) == []


# History.


async def test_an_answer_is_kept_as_it_was_given(storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    answer_id = await storage.record_answer(ADA, "match", RANKING)

    assert answer_id
    assert await storage.get_answer(answer_id, ADA) == Answer(answer_id, ADA, NOON, "match", RANKING)


async def test_an_answer_is_shown_to_its_owner_only(storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    await storage.upsert_user(BOB, "Bob", "en")
    answer_id = await storage.record_answer(ADA, "match", RANKING)

    assert answer_id
    assert await storage.get_answer(answer_id, BOB) is None
    assert await storage.get_answer("no such answer", ADA) is None
    assert await storage.history(BOB) == []


async def test_a_replayed_photo_is_counted_once(storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    first = await storage.record_answer(ADA, "match", RANKING, chat_id=ADA, message_id=8)
    again = await storage.record_answer(ADA, "no_face", (), chat_id=ADA, message_id=8)
    other = await storage.record_answer(ADA, "no_face", (), chat_id=ADA, message_id=9)

    assert first == again != other
    assert [answer.outcome for answer in await storage.history(ADA)] == ["no_face", "match"]  # newest first
    assert [row.kind for row in await storage.outbox_rows(9)] == ["person", "answer", "answer"]


async def test_a_photo_answered_after_its_sender_was_deleted_leaves_nothing(storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    await storage.erase_user(ADA)

    assert await storage.record_answer(ADA, "match", RANKING, chat_id=ADA, message_id=8) is None
    assert [row.kind for row in await storage.outbox_rows(9)] == ["delete"]
