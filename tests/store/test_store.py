"""Export, erasure, purge, counts; what the files show; stores of earlier versions."""

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from lookalike.store.store import ERASED, Answer, Store
from tests.support.stores import ADA, BOB, NOON, RANKING, StoreDir, fill, held_photo, payload_of

pytestmark = pytest.mark.fast

KEY_OF_SCHEMA_1 = "lookalike-data-key-1:snI1vNYSKUuO7k5zfttUWA4JjQRkJ/13pVaWpz44HkA="


async def test_an_export_holds_everything_and_is_json(store: Store) -> None:
    answer_id = await fill(store, ADA, "Ada Lovelace")
    await fill(store, BOB, "Bob")

    assert json.loads(await store.export_user(ADA)) == {
        "conversation": {"step": "name", "typed": "Ada Lovelace"},
        "user": {
            "id": ADA,
            "name": "Ada Lovelace",
            "language": "en",
            "chosen_language": "eo",
            "first_seen": "2026-11-20T12:00:00+00:00",
            "last_seen": "2026-11-20T12:00:00+00:00",
            "consent_version": 1,
            "consented_at": "2026-11-20T12:00:00+00:00",
            "blocked": False,
            "tells_friends": False,
            "no_news": False,
            "where": "",
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
            {
                "user_id": ADA,
                "chat_id": ADA,
                "message_id": 7,
                "file_id": "AgACAgIAAxkBAAIB7",
                "file_size": 123_456,
                "purpose": "",
                "album": "",
                "is_file": False,
            }
        ],
        "stars": [
            {
                "celebrity_id": "Q13909",
                "first_at": "2026-11-20T12:00:00+00:00",
                "last_at": "2026-11-20T12:00:00+00:00",
                "times": 1,
            }
        ],
        "ratings": [{"celebrity_id": "Q13909", "score": 9, "rated_at": "2026-11-20T12:00:00+00:00"}],
        "cards": [{"celebrity_id": "Q13909", "percent": 87, "file_id": f"AgACcard{ADA}"}],
        "links": [{"code": f"code{ADA}", "user_id": ADA, "kind": "star", "fields": {"celebrity_id": "Q13909"}}],
        "broadcasts": [{"admin_id": ADA, "text": "News from Ada Lovelace", "copied_message": None}],
        "unanswered_updates": [{"update_id": 567, "payload": payload_of(ADA, "Ada Lovelace")}],
    }


async def test_the_files_show_neither_names_nor_ids(store_dir: StoreDir, store: Store) -> None:
    await fill(store, ADA, "Ada Lovelace")
    as_it_is_open = store_dir.bytes()
    await store.close()
    as_it_is_closed = store_dir.bytes()

    for found in (as_it_is_open, as_it_is_closed):
        assert b"CREATE TABLE people" in found  # so this is the place to look
        for secret in ("Ada", "Lovelace", str(ADA), "AgAC", "Angelina", "Jolie", "Q13909"):
            assert secret.encode() not in found
        for width in (6, 8):
            assert ADA.to_bytes(width, "big") not in found
            assert ADA.to_bytes(width, "little") not in found


async def test_of_an_erased_user_not_even_sealed_bytes_stay_in_the_data_directory(
    store_dir: StoreDir, store: Store
) -> None:
    """Not even sealed: the very bytes that stood for them are gone from the file and from its write-ahead log."""
    await fill(store, BOB, "Bob")
    await store.close()
    with contextlib.closing(sqlite3.connect(store_dir.file)) as db:
        bobs = {tag for (tag,) in db.execute("SELECT person FROM people")}
    store = await store_dir.open()
    answer_id = await fill(store, ADA, "Ada Lovelace")
    await store.close()
    traces = {answer_id.encode()}
    with contextlib.closing(sqlite3.connect(store_dir.file)) as db:
        for table in (*ERASED, "journal"):
            for tag, sealed in db.execute(f"SELECT person, sealed FROM {table}"):  # noqa: S608 -- our own names
                if tag not in bobs:
                    traces |= {tag, sealed}
    assert len(traces) == 1 + 1 + 14  # the answer's id, the tag, and twelve tables with three rows in the outbox
    assert all(trace in store_dir.bytes() for trace in traces)

    store = await store_dir.open()
    assert await store.erase_user(ADA)
    left_while_open = store_dir.bytes()
    exported = json.loads(await store.export_user(ADA))
    bob = json.loads(await store.export_user(BOB))
    await store.close()

    assert [trace for trace in traces if trace in left_while_open or trace in store_dir.bytes()] == []
    assert exported == {
        "user": None,
        "conversation": None,
        "answers": [],
        "stars": [],
        "ratings": [],
        "cards": [],
        "links": [],
        "broadcasts": [],
        "held_photos": [],
        "unanswered_updates": [],
    }
    assert all(bob.values())


def sealed_in_journal(store_dir: StoreDir) -> list[bytes]:
    """The sealed payloads that are in the journal, read without the key."""
    with contextlib.closing(sqlite3.connect(f"file:{store_dir.file}?mode=ro", uri=True)) as reader:
        return [row[0] for row in reader.execute("SELECT sealed FROM journal WHERE sealed IS NOT NULL")]


async def test_erasure_closes_what_was_sent_before_it_and_leaves_what_was_sent_after_it(store: Store) -> None:
    await store.journal_updates(
        [(18, ADA, b"sent before"), (19, ADA, b"/delete"), (20, ADA, b"sent after"), (7, BOB, b"")]
    )
    await store.erase_user(ADA, answering=19)

    assert [entry.update_id for entry in await store.unfinished_updates()] == [19, 20, 7]
    assert await store.begin_attempt(18) == 0
    assert await store.begin_attempt(20) == 1


async def test_after_a_quiet_week_update_ids_start_anew_and_do_not_tell_what_was_sent_first(
    store_dir: StoreDir, store: Store
) -> None:
    await store.journal_updates([(900_000_000, ADA, b"sent before")])
    store_dir.clock.move(days=8)
    await store.journal_updates([(17, ADA, b"/delete")])
    await store.erase_user(ADA, answering=17)

    assert [entry.update_id for entry in await store.unfinished_updates()] == [17]


async def test_the_update_that_asks_for_erasure_stays_until_it_is_answered(store_dir: StoreDir, store: Store) -> None:
    await store.journal_updates([(17, ADA, b"/delete")])
    await store.erase_user(ADA, answering=17)

    assert b"/delete" not in store_dir.bytes()
    (kept,) = sealed_in_journal(store_dir)
    assert kept in store_dir.bytes()
    await store.finish_update(17, scrub=True)
    assert await store.unfinished_updates() == []
    assert kept not in store_dir.bytes()


async def test_erasing_an_unknown_user_finds_nothing(store: Store) -> None:
    assert not await store.erase_user(ADA)


async def test_an_update_of_an_erased_user_is_neither_replayed_nor_journaled_again(store: Store) -> None:
    await store.journal_updates([(17, ADA, b"photo")])
    await store.erase_user(ADA)

    assert await store.unfinished_updates() == []
    assert not (await store.journal_updates([(17, ADA, b"photo")]))[0]


async def exported_outcomes(store: Store) -> list[str]:
    return [answer["outcome"] for answer in json.loads(await store.export_user(ADA))["answers"]]


async def test_answers_past_the_days_of_retention_are_purged(store_dir: StoreDir, store: Store) -> None:
    await fill(store, ADA, "Ada")
    store_dir.clock.move(days=20)
    await store.record_answer(ADA, "no_face")
    await store.purge(store_dir.clock.now)

    assert await exported_outcomes(store) == ["match", "no_face"]

    store_dir.clock.move(days=11)

    assert await store.purge(store_dir.clock.now) == 5  # answer, its row in the outbox, held photo, card, draft
    assert await exported_outcomes(store) == ["no_face"]
    assert await store.held_photos(ADA) == []
    assert await store.get_user(ADA) is not None


async def test_a_purge_removes_updates_closed_48_hours_ago_and_no_others(store_dir: StoreDir, store: Store) -> None:
    await store.journal_updates([(1, ADA, b""), (2, ADA, b""), (3, ADA, b"")])
    await store.finish_update(1)
    await store.dead_letter(2, "WorkerDied")
    store_dir.clock.move(hours=49)

    assert await store.purge(store_dir.clock.now) == 2
    assert [entry.update_id for entry in await store.unfinished_updates()] == [3]


async def test_counts(store: Store) -> None:
    await fill(store, ADA, "Ada")
    await store.upsert_user(BOB, "Bob", None)
    await store.mark_blocked(BOB)
    await store.record_answer(BOB, "no_face")

    assert await store.counts() == {
        "people": 2,
        "consented": 1,
        "blocked": 1,
        "answers": 2,
        "matches": 1,
        "stars_found": 1,
        "ratings": 1,
        "cards": 1,
        "links": 1,
        "bans": 0,
        "held": 1,
        "conversations": 1,
        "waiting": 1,
        "dead": 0,
        "outbox": 5,
        "set_aside": 0,
    }


async def test_a_store_of_schema_1_is_read_and_migrated(store_dir: StoreDir) -> None:
    """The file was written by version 0.1, which called users persons and did not pad what it sealed."""
    store_dir.data.mkdir()
    with contextlib.closing(sqlite3.connect(store_dir.file)) as db:
        db.executescript((Path(__file__).parent / "schema_1.sql").read_text())
    store_dir.key.write_text(KEY_OF_SCHEMA_1)
    store_dir.key.chmod(0o600)
    store = await store_dir.open()
    kept = json.loads(await store.export_user(ADA))
    rows = await store.outbox_rows(9)
    answer = await store.get_answer(kept["answers"][0]["id"], ADA)
    held = await store.held_photos(ADA)
    await store.hold_photo(held_photo(9))
    user = await store.upsert_user(ADA, "Ada", "en")
    await store.close()

    assert (kept["user"]["name"], kept["user"]["first_seen"]) == ("Ada Lovelace", NOON.isoformat())
    assert [row.kind for row in rows] == ["person", "answer", "person", "answer", "delete", "purge"]
    assert [row.fields.get("user_id") for row in rows if row.kind in ("answer", "delete")] == [ADA, BOB, 77]
    assert answer == Answer(kept["answers"][0]["id"], ADA, NOON, "match", RANKING)
    assert held == [held_photo(7)]
    assert kept["unanswered_updates"][0]["update_id"] == 567
    assert (user.first_seen, user.consent_version, user.chosen_language) == (NOON, 1, "eo")
