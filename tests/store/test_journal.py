"""The journal of updates, and the outcomes kept for retries."""

import asyncio
import contextlib
import re
import sqlite3
import sys
from pathlib import Path

import pytest

from lookalike.core.errors import UpdateClosed
from lookalike.store.store import KeptOutcome, Store
from tests.support.stores import ADA, BOB, RANKING, ROOT, StoreDir, held_photo

pytestmark = pytest.mark.fast


async def test_an_update_is_journaled_once(store: Store) -> None:
    assert (await store.journal_updates([(17, ADA, b"payload")]))[0]
    assert not (await store.journal_updates([(17, ADA, b"payload")]))[0]


async def test_a_finished_update_is_not_journaled_again_within_48_hours(store_dir: StoreDir, store: Store) -> None:
    await store.journal_updates([(17, ADA, b"first")])
    await store.finish_update(17)
    store_dir.clock.move(hours=47)

    assert not (await store.journal_updates([(17, ADA, b"again")]))[0]


async def test_updates_that_were_answered_as_one_are_finished_at_once(store: Store) -> None:
    await store.journal_updates([(number, ADA, b"") for number in (1, 2, 3)])
    await store.finish_updates([1, 3])

    assert [entry.update_id for entry in await store.unfinished_updates()] == [2]
    assert await store.journal_updates([(1, ADA, b"")]) == [False]


async def test_the_same_id_after_48_hours_is_another_update(store_dir: StoreDir, store: Store) -> None:
    """After a week without updates Telegram starts anew at a random number."""
    await store.journal_updates([(17, ADA, b"first")])
    await store.finish_update(17)
    store_dir.clock.move(hours=49)

    assert (await store.journal_updates([(17, ADA, b"second")]))[0]
    assert [entry.payload for entry in await store.unfinished_updates()] == [b"second"]


async def test_an_unanswered_update_is_known_however_old_it_is(store_dir: StoreDir, store: Store) -> None:
    await store.journal_updates([(17, ADA, b"first")])
    store_dir.clock.move(days=9)

    assert not (await store.journal_updates([(17, ADA, b"again")]))[0]


async def test_a_lower_id_is_journaled_too(store: Store) -> None:
    await store.journal_updates([(900, ADA, b"a")])

    assert (await store.journal_updates([(3, None, b"b")]))[0]
    assert [entry.update_id for entry in await store.unfinished_updates()] == [900, 3]  # order of arrival


async def test_a_batch_says_which_updates_are_new(store: Store) -> None:
    await store.journal_updates([(2, ADA, b"")])

    assert await store.journal_updates([(1, ADA, b""), (2, ADA, b""), (3, None, b""), (3, None, b"")]) == [
        True,
        False,
        True,
        False,
    ]


async def test_attempts_are_counted_until_the_update_is_finished(store: Store) -> None:
    await store.journal_updates([(17, ADA, b"payload")])

    assert [await store.begin_attempt(17), await store.begin_attempt(17)] == [1, 2]
    assert [entry.attempts for entry in await store.unfinished_updates()] == [2]

    await store.finish_update(17)

    assert await store.begin_attempt(17) == 0
    assert await store.begin_attempt(18) == 0
    assert await store.unfinished_updates() == []


async def test_of_a_finished_update_no_payload_stays(store_dir: StoreDir, store: Store) -> None:
    await store.journal_updates([(17, ADA, b"payload")])
    await store.finish_update(17)
    await store.close()

    with contextlib.closing(sqlite3.connect(store_dir.file)) as db:
        assert db.execute("SELECT state, person, sealed FROM journal").fetchall() == [("done", None, None)]


async def test_a_dead_letter_is_never_tried_again(store: Store) -> None:
    await store.journal_updates([(17, ADA, b"payload")])
    await store.dead_letter(17, "WorkerDied")

    assert await store.unfinished_updates() == []
    assert await store.begin_attempt(17) == 0
    assert (await store.counts())["dead"] == 1
    assert not (await store.journal_updates([(17, ADA, b"payload")]))[0]


async def test_a_killed_process_loses_nothing_that_was_committed(store_dir: StoreDir) -> None:
    program = """
import asyncio, sys
from pathlib import Path
from lookalike.core.errors import UpdateClosed
from lookalike.store.store import KeptOutcome, Store

async def main():
    store = await Store.open(Path(sys.argv[1]), None, 30)
    await store.journal_updates([(1, 5, b"one"), (2, 5, b"two")])
    await store.begin_attempt(1)
    print("kept", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(store_dir.data), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    try:
        assert process.stdout
        assert await process.stdout.readline() == b"kept\n"
    finally:
        process.kill()
        await process.communicate()

    store = await store_dir.open()
    entries = await store.unfinished_updates()
    await store.close()

    assert [(entry.update_id, entry.payload, entry.attempts) for entry in entries] == [(1, b"one", 1), (2, b"two", 0)]


async def test_log_lines_name_a_user_by_a_keyed_hash(store_dir: StoreDir, store: Store, tmp_path: Path) -> None:
    alias = store.log_id(ADA)
    assert re.fullmatch("[0-9a-f]{12}", alias)
    assert alias == store.log_id(ADA) != store.log_id(BOB)

    other = StoreDir(tmp_path / "other")
    (tmp_path / "other").mkdir()
    elsewhere = await other.open()
    assert elsewhere.log_id(ADA) != alias
    await elsewhere.close()


# Outcomes kept for retries.


async def test_an_outcome_and_its_sends_are_kept_through_a_restart(store_dir: StoreDir, store: Store) -> None:
    await store.journal_updates([(17, ADA, b"photo")])
    await store.keep_outcome(17, ADA, 7, b"first")
    await store.keep_outcome(17, ADA, 7, b"outcome")
    await store.keep_sends(17, ADA, 7, 2)
    await store.keep_sends(17, ADA, 7, 1)
    await store.close()
    store = await store_dir.open()
    kept = await store.kept_outcome(ADA, 7)
    await store.close()

    assert kept == KeptOutcome(b"outcome", 1)


async def test_an_outcome_goes_with_its_update(store: Store) -> None:
    await store.journal_updates([(17, ADA, b"photo"), (18, ADA, b"photo")])
    await store.keep_outcome(17, ADA, 7, b"one")
    await store.keep_outcome(18, ADA, 8, b"two")
    await store.finish_update(17)
    await store.dead_letter(18, "WorkerDied")

    assert [await store.kept_outcome(ADA, 7), await store.kept_outcome(ADA, 8)] == [None, None]
    with pytest.raises(UpdateClosed):
        await store.keep_sends(17, ADA, 7, 1)


async def test_the_copies_of_an_answer_are_kept_until_its_update_is_closed(store: Store) -> None:
    await store.journal_updates([(number, ADA, b"press") for number in (17, 18, 19)])
    await store.keep_copies(17, ADA, 7, 1)
    await store.keep_copies(17, ADA, 7, 2)
    await store.keep_copies(18, ADA, 7, 1)
    assert [await store.kept_copies(number, ADA, 7) for number in (17, 18, 19)] == [2, 1, 0]

    await store.finish_update(17)
    await store.erase_user(ADA, answering=19)
    assert [await store.kept_copies(number, ADA, 7) for number in (17, 18)] == [0, 0]
    for number in (17, 18):
        with pytest.raises(UpdateClosed):
            await store.keep_copies(number, ADA, 7, 1)


# Erasure while an update is being handled.


async def test_an_update_under_way_cannot_recreate_an_erased_user(store: Store) -> None:
    await store.journal_updates([(17, ADA, b"photo"), (18, ADA, b"/delete")])
    await store.upsert_user(ADA, "Ada", "en", update_id=17)
    await store.erase_user(ADA, answering=18)

    for verb in (
        store.upsert_user(ADA, "Ada", "en", update_id=17),
        store.give_consent(ADA, 1, update_id=17),
        store.withdraw_consent(ADA, update_id=17),
        store.set_language(ADA, "en", update_id=17),
        store.hold_photo(held_photo(7), update_id=17),
        store.record_answer(ADA, "match", RANKING, update_id=17),
        store.keep_outcome(17, ADA, 7, b"outcome"),
    ):
        with pytest.raises(UpdateClosed):
            await verb
    assert (await store.counts())["people"] == 0


async def test_an_update_sent_after_an_erasure_begins_a_new_user(store: Store) -> None:
    await store.journal_updates([(17, ADA, b"photo"), (18, ADA, b"/delete"), (19, ADA, b"photo")])
    await store.upsert_user(ADA, "Ada", "en", update_id=19)
    await store.give_consent(ADA, 1, update_id=17)
    await store.erase_user(ADA, answering=18)

    assert await store.record_answer(ADA, "match", RANKING, update_id=19) is None
    assert not await store.hold_photo(held_photo(7), update_id=19)
    user = await store.upsert_user(ADA, "Ada", "en", update_id=19)
    assert user.consent_version is None
    assert await store.hold_photo(held_photo(7), update_id=19)
