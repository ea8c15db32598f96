"""What the files tell, what a person can get and erase, what goes by itself, and the key."""

import contextlib
import json
import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.core.errors import KeyFileError, StoreError
from lookalike.store.encryption import Cipher
from lookalike.store.store import Store
from tests.support.homes import ADA, BOB, Home, live_a_little

pytestmark = pytest.mark.fast


# All that is kept of somebody.


async def test_an_export_holds_everything_and_is_json(storage: Store) -> None:
    answer_id = await live_a_little(storage, ADA, "Ada Lovelace")
    await live_a_little(storage, BOB, "Bob")

    assert json.loads(json.dumps(await storage.export_user(ADA))) == {
        "person": {
            "id": ADA,
            "name": "Ada Lovelace",
            "language": "en",
            "chosen_language": "eo",
            "first_seen": "2026-11-20T12:00:00+00:00",
            "last_seen": "2026-11-20T12:00:00+00:00",
            "consent_version": 1,
            "consented_at": "2026-11-20T12:00:00+00:00",
            "blocked": False,
        },
        "answers": [
            {
                "id": answer_id,
                "user_id": ADA,
                "answered_at": "2026-11-20T12:00:00+00:00",
                "outcome": "match",
                "ranking": [
                    {"celebrity_id": "Q13909", "name": "Angelina Jolie", "similarity": 0.87},
                    {"celebrity_id": "Q2263", "name": "Tom Hanks", "similarity": 0.41},
                ],
            }
        ],
        "held_photos": [
            {"user_id": ADA, "chat_id": ADA, "message_id": 7, "file_id": "AgACAgIAAxkBAAIB7", "file_size": 123_456}
        ],
        "unanswered_updates": [{"update_id": 567, "payload": '{"text": "I am Ada Lovelace"}'}],
    }


async def test_the_files_tell_nothing_about_anybody(home: Home, storage: Store) -> None:
    await live_a_little(storage, ADA, "Ada Lovelace")
    as_it_is_open = home.bytes()
    await storage.close()
    as_it_is_closed = home.bytes()

    for found in (as_it_is_open, as_it_is_closed):
        assert b"CREATE TABLE people" in found  # so this is the place to look
        for secret in ("Ada", "Lovelace", str(ADA), "AgAC", "Angelina", "Jolie", "Q13909"):
            assert secret.encode() not in found
        for width in (6, 8):
            assert ADA.to_bytes(width, "big") not in found
            assert ADA.to_bytes(width, "little") not in found


async def test_a_deleted_person_is_found_nowhere_in_the_data_directory(home: Home, storage: Store) -> None:
    """Not even sealed: the very bytes that stood for them are gone from the file and from its write-ahead log."""
    await live_a_little(storage, BOB, "Bob")
    await storage.close()
    with contextlib.closing(sqlite3.connect(home.file)) as db:
        bobs = {tag for (tag,) in db.execute("SELECT person FROM people")}
    storage = await home.open()
    answer_id = await live_a_little(storage, ADA, "Ada Lovelace")
    await storage.close()
    traces = {answer_id.encode()}
    with contextlib.closing(sqlite3.connect(home.file)) as db:
        for table in ("people", "held", "answers", "outbox", "journal"):
            for tag, sealed in db.execute(f"SELECT person, sealed FROM {table}"):  # noqa: S608 -- our own names
                if tag not in bobs:
                    traces |= {tag, sealed}
    assert len(traces) == 1 + 1 + 6  # the answer's id, the tag, and five tables with two rows in the outbox
    assert all(trace in home.bytes() for trace in traces)

    storage = await home.open()
    assert await storage.erase_user(ADA)
    left_while_open = home.bytes()
    exported = await storage.export_user(ADA)
    bob = await storage.export_user(BOB)
    await storage.close()

    assert [trace for trace in traces if trace in left_while_open or trace in home.bytes()] == []
    assert exported == {"person": None, "answers": [], "held_photos": [], "unanswered_updates": []}
    assert all(bob.values())


def sealed_in_journal(home: Home) -> list[bytes]:
    """The sealed payloads that are in the journal, read as a stranger would."""
    with contextlib.closing(sqlite3.connect(f"file:{home.file}?mode=ro", uri=True)) as stranger:
        return [row[0] for row in stranger.execute("SELECT sealed FROM journal WHERE sealed IS NOT NULL")]


async def test_the_update_that_asks_for_deletion_stays_until_it_is_answered(home: Home, storage: Store) -> None:
    await live_a_little(storage, ADA, "Ada")
    await storage.journal(17, ADA, b'{"text": "/delete"}')
    await storage.journal(18, ADA, b'{"text": "I am Ada"}')
    await storage.erase_user(ADA, answering=17)

    assert [entry.update_id for entry in await storage.unfinished_updates()] == [17]
    assert b"/delete" not in home.bytes()
    (kept,) = sealed_in_journal(home)
    assert kept in home.bytes()
    await storage.finish_update(17, scrub=True)
    assert await storage.unfinished_updates() == []
    assert kept not in home.bytes()


async def test_log_lines_call_a_person_by_a_keyed_hash(home: Home, storage: Store, tmp_path: Path) -> None:
    alias = storage.log_id(ADA)
    assert re.fullmatch("[0-9a-f]{12}", alias)
    assert alias == storage.log_id(ADA) != storage.log_id(BOB)

    other = Home(tmp_path / "other")
    (tmp_path / "other").mkdir()
    elsewhere = await other.open()
    assert elsewhere.log_id(ADA) != alias
    await elsewhere.close()


async def test_deleting_a_stranger_finds_nothing(storage: Store) -> None:
    assert not await storage.erase_user(ADA)


async def test_an_update_of_a_deleted_person_is_neither_replayed_nor_taken_again(storage: Store) -> None:
    await storage.journal(17, ADA, b"photo")
    await storage.erase_user(ADA)

    assert await storage.unfinished_updates() == []
    assert not await storage.journal(17, ADA, b"photo")


async def test_history_past_its_days_is_purged(home: Home, storage: Store) -> None:
    await live_a_little(storage, ADA, "Ada")
    home.clock.move(days=20)
    await storage.record_answer(ADA, "no_face")
    await storage.purge(home.clock.now)

    assert len(await storage.history(ADA)) == 2

    home.clock.move(days=11)

    assert await storage.purge(home.clock.now) == 3  # the old answer, its row in the outbox, the held photo
    assert [answer.outcome for answer in await storage.history(ADA)] == ["no_face"]
    assert await storage.held_photos(ADA) == []
    assert await storage.get_user(ADA) is not None


async def test_purging_forgets_updates_finished_48_hours_ago_and_no_others(home: Home, storage: Store) -> None:
    await storage.journal_updates([(1, ADA, b""), (2, ADA, b""), (3, ADA, b"")])
    await storage.finish_update(1)
    await storage.dead_letter(2, "WorkerDied")
    home.clock.move(hours=49)

    assert await storage.purge(home.clock.now) == 2
    assert [entry.update_id for entry in await storage.unfinished_updates()] == [3]


async def test_counts_say_how_much_there_is(storage: Store) -> None:
    await live_a_little(storage, ADA, "Ada")
    await storage.upsert_user(BOB, "Bob", None)
    await storage.mark_blocked(BOB)
    await storage.record_answer(BOB, "no_face")

    assert await storage.counts() == {
        "people": 2,
        "consented": 1,
        "blocked": 1,
        "answers": 2,
        "matches": 1,
        "held": 1,
        "waiting": 1,
        "dead": 0,
        "outbox": 4,
    }


# The key.


async def test_the_key_lies_beside_the_data_for_its_owner_alone(home: Home, storage: Store) -> None:
    assert home.key.stat().st_mode & 0o777 == 0o600
    assert home.file.stat().st_mode & 0o777 == 0o600
    assert home.key.read_bytes().strip() not in home.bytes()


async def test_a_missing_key_is_named(home: Home, storage: Store) -> None:
    await storage.close()
    home.key.unlink()

    with pytest.raises(KeyFileError, match=r"data\.key is missing"):
        await home.open()
    assert not home.key.exists()


async def test_a_wrong_key_is_refused(home: Home, storage: Store, tmp_path: Path) -> None:
    await storage.close()
    await (await Store.open(tmp_path / "other", None, 30)).close()

    with pytest.raises(KeyFileError, match="not the one"):
        await Store.open(home.data, tmp_path / "other.key", 30)
    await (await home.open()).close()  # and the lock is free again


async def test_a_file_that_is_no_key_is_refused(home: Home) -> None:
    home.key.write_text("hunter2\n")

    with pytest.raises(KeyFileError, match="no key file") as caught:
        await home.open()
    assert "hunter2" not in str(caught.value)


async def test_a_key_inside_the_data_directory_is_refused(home: Home) -> None:
    with pytest.raises(KeyFileError, match="must not lie in"):
        await Store.open(home.data, home.data / "key", 30)


async def test_an_existing_key_is_used_for_new_data(home: Home, storage: Store, tmp_path: Path) -> None:
    before = home.key.read_bytes()
    other = await Store.open(tmp_path / "other", home.key, 30)
    await other.close()

    assert home.key.read_bytes() == before


async def test_a_value_copied_to_another_row_does_not_open(home: Home, storage: Store) -> None:
    await storage.journal_updates([(1, ADA, b"one"), (2, ADA, b"two")])
    await storage.close()
    with contextlib.closing(sqlite3.connect(home.file)) as db, db:
        db.execute("UPDATE journal SET sealed = (SELECT sealed FROM journal WHERE update_id = 1) WHERE update_id = 2")

    storage = await home.open()
    with pytest.raises(StoreError, match="belongs to another row"):
        await storage.unfinished_updates()
    await storage.close()


@given(st.binary(), st.text())
def test_what_is_sealed_opens_again_and_never_looks_the_same(plain: bytes, row: str) -> None:
    row = row.encode("utf-8", "replace").decode()
    vault = Cipher(bytes(32))
    first, second = vault.seal(row, plain), vault.seal(row, plain)

    assert first != second
    assert vault.unseal(row, first) == vault.unseal(row, second) == plain
