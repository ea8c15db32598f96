"""The embedded store: the journal of updates, people, photos held for consent, history, the outbox of the user log.

Each verb is one closure in the one thread of database.py and is on the disk when it returns; tables.py says what it
does there. What the user log should know goes into the outbox in the same transaction; userlog.py takes it from there.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, get_args

from lookalike.core.clock import wall_clock
from lookalike.core.errors import KeyFileError
from lookalike.store.database import Connection, Database
from lookalike.store.encryption import Cipher
from lookalike.store.migrations import prepare
from lookalike.store.models import Answer, HeldPhoto, JournalEntry, Kind, OutboxRow, Ranked, User
from lookalike.store.tables import Tables

__all__ = ["MAX_ATTEMPTS", "Answer", "HeldPhoto", "JournalEntry", "OutboxRow", "Ranked", "Store", "User"]

P = ParamSpec("P")
T = TypeVar("T")

FILE_NAME = "lookalike.sqlite3"
MAX_ATTEMPTS = 3  # begun more often than this, an update is to be buried: it may be what kills the process


def _key_path(data_dir: Path, key_file: Path | None) -> Path:
    """Return where the key lies: beside the data directory unless it is said otherwise, never in it."""
    data_dir = data_dir.resolve()
    path = key_file.resolve() if key_file else data_dir.with_name(data_dir.name + ".key")
    if path.is_relative_to(data_dir):
        raise KeyFileError(f"the key file {path} must not lie in the data directory it protects")
    return path


class Store:
    """The store of one data directory; make it with `open`, and close it.

    `outbox_changed` is set whenever the outbox gets something new; whoever reads the outbox clears it first.
    """

    def __init__(
        self,
        database: Database,
        vault: Cipher,
        retention: timedelta,
        queued: frozenset[Kind],
        clock: Callable[[], datetime],
    ) -> None:
        self.outbox_changed = asyncio.Event()
        self._database = database
        self._retention = retention
        self._loop = asyncio.get_running_loop()
        self._tables = Tables(vault, queued, clock, self._wake)

    @classmethod
    async def open(
        cls,
        data_dir: Path,
        key_file: Path | None,
        retention_days: int,
        *,
        user_log: bool = True,
        clock: Callable[[], datetime] = wall_clock,
    ) -> Self:
        """Open or make the store; `key_file` None is `<data_dir>.key`, beside the directory.

        Without a user log nothing goes into the outbox, since nobody would fetch it; but once there was one, deletions
        and retention still do, for they must reach it when it comes back.
        """
        key_path = _key_path(data_dir, key_file)
        database = await Database.open(data_dir / FILE_NAME)

        def start(db: Connection) -> tuple[Cipher, frozenset[Kind]]:
            vault = prepare(db, key_path)
            if user_log:
                db.execute("INSERT OR IGNORE INTO meta VALUES ('user_log', x'')")
                return vault, frozenset(get_args(Kind))
            ever = db.execute("SELECT 1 FROM meta WHERE name = 'user_log'").fetchone()
            return vault, frozenset(("delete", "purge")) if ever else frozenset()

        try:
            vault, queued = await database.run(start)
        except BaseException:
            await database.close()
            raise
        return cls(database, vault, timedelta(days=retention_days), queued, clock)

    async def close(self) -> None:
        """Finish what is being written and close the file. Twice is fine; any other call then raises StoreClosed."""
        await self._database.close()

    def log_id(self, user_id: int) -> str:
        """Return what log lines call somebody: a keyed hash, which only the holder of the key can lead back."""
        return self._tables.alias(user_id)

    # The journal: every update from its arrival to its answer.

    async def journal(self, update_id: int, user_id: int | None, payload: bytes) -> bool:
        """Keep an update until it is finished; False if this very id came before, within the last 48 hours."""
        return await self._run(self._tables.journal, update_id, user_id, payload)

    async def journal_updates(self, updates: Sequence[tuple[int, int | None, bytes]]) -> list[bool]:
        """Keep several updates (id, person, payload): all of them or none."""
        return await self._database.run(lambda db: [self._tables.journal(db, *update) for update in updates])

    async def begin_attempt(self, update_id: int) -> int:
        """Count one more attempt and return how many that makes; 0 if there is nothing left to do."""
        return await self._run(self._tables.begin, update_id)

    async def uncount_attempt(self, update_id: int) -> None:
        """Take back one attempt: it failed through nothing the update did."""
        await self._run(self._tables.uncount_attempt, update_id)

    async def finish_update(self, update_id: int, *, scrub: bool = False) -> None:
        """Mark an update as answered; of its payload nothing stays, and with `scrub` not even sealed in some file."""
        await self._database.run(lambda db: self._tables.end_update(db, update_id, "done", None), scrub=scrub)

    async def dead_letter(self, update_id: int, why: str) -> None:
        """Give an update up, after MAX_ATTEMPTS; only `why` stays, for the operator."""
        await self._run(self._tables.end_update, update_id, "dead", why)

    async def unfinished_updates(self) -> list[JournalEntry]:
        """Return what is neither finished nor buried, in the order of arrival."""
        return await self._run(self._tables.unfinished)

    # People.

    async def upsert_user(self, user_id: int, name: str, language: str | None) -> User:
        """Note that somebody wrote to us: a new person, or a known one, by the name they bear now."""
        return await self._run(self._tables.meet, user_id, name, language)

    async def get_user(self, user_id: int) -> User | None:
        """Return a person; None: we never met, or they were deleted. So too from the next four verbs."""
        return await self._run(self._tables.person, user_id)

    async def give_consent(self, user_id: int, version: int) -> User | None:
        """Note that they agree to this version of the consent text, now."""
        return await self._run(self._tables.consent, user_id, version)

    async def withdraw_consent(self, user_id: int) -> User | None:
        """Note that they take their consent back."""
        return await self._run(self._tables.consent, user_id, None)

    async def set_language(self, user_id: int, language: str | None) -> User | None:
        """Keep their own choice of language; None goes back to Telegram's."""
        return await self._database.run(lambda db: self._tables.change(db, user_id, chosen_language=language))

    async def mark_blocked(self, user_id: int) -> User | None:
        """Note that they blocked the bot: nothing can be sent until they write again."""
        return await self._database.run(lambda db: self._tables.change(db, user_id, blocked=True))

    # Photos that wait for consent.

    async def hold_photo(self, photo: HeldPhoto) -> None:
        """Keep where a photo is until its sender agrees; the same message twice is one photo."""
        await self._run(self._tables.hold, photo)

    async def held_photos(self, user_id: int) -> list[HeldPhoto]:
        """Return somebody's held photos, oldest first; they stay until dropped, so that a crash loses none."""
        return await self._run(self._tables.held, user_id)

    async def drop_held_photo(self, chat_id: int, message_id: int) -> None:
        """Forget a held photo: it was answered."""
        await self._run(self._tables.drop_held, chat_id, message_id)

    async def drop_held_photos(self, user_id: int) -> None:
        """Forget all held photos of somebody: they refused."""
        await self._run(self._tables.drop_all_held, user_id)

    # History.

    async def record_answer(
        self,
        user_id: int,
        outcome: str,
        ranking: Sequence[Ranked] = (),
        *,
        chat_id: int | None = None,
        message_id: int | None = None,
    ) -> str | None:
        """Keep what a photo was answered with and return the answer's id, 32 hex digits.

        With the photo's chat and message, a repetition keeps nothing new and returns the same id. None: the person is
        unknown, e.g. deleted while their photo was being looked at, and nothing is kept.
        """
        photo = None if chat_id is None or message_id is None else (chat_id, message_id)
        return await self._run(self._tables.record, user_id, outcome, ranking, photo)

    async def get_answer(self, answer_id: str, user_id: int) -> Answer | None:
        """Return one answer, to its owner only."""
        found = await self._run(self._tables.answers, user_id, answer_id)
        return found[0] if found else None

    async def history(self, user_id: int) -> list[Answer]:
        """Return somebody's answers, newest first."""
        return await self._run(self._tables.answers, user_id)

    # All that is kept.

    async def export_user(self, user_id: int) -> dict[str, Any]:
        """Return everything kept of somebody, in JSON types."""
        return await self._run(self._tables.export, user_id)

    async def erase_user(self, user_id: int, *, answering: int | None = None) -> bool:
        """Erase somebody from every table and every file; True if anything was there.

        The outbox keeps one sealed row that holds the bare id, until MongoDB has erased them too. The update
        `answering`, which asked for it, stays in the journal, sealed, until it is finished: so its answer is not lost.
        """
        return await self._database.run(lambda db: self._tables.delete(db, user_id, answering), scrub=True)

    async def purge(self, now: datetime) -> int:
        """Erase history and held photos past their days, and finished updates past 48 hours; return how many rows.

        The user log hears of it through the outbox and forgets the same answers.
        """
        return await self._database.run(lambda db: self._tables.purge(db, now, now - self._retention), scrub=True)

    async def counts(self) -> dict[str, int]:
        """Return how many people, consented, blocked, answers, matches, held, waiting, dead, outbox there are."""
        return await self._run(self._tables.counts)

    # The outbox of the user log.

    async def outbox_rows(self, limit: int) -> list[OutboxRow]:
        """Return the oldest changes the user log has not got yet, in order."""
        return await self._run(self._tables.outbox, limit)

    async def remove_outbox_rows(self, ids: Sequence[int]) -> None:
        """Forget changes that the user log has."""
        await self._run(self._tables.outbox_done, ids)

    async def outbox_size(self) -> int:
        """Return how many changes wait."""
        return await self._run(self._tables.outbox_size)

    async def _run(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._database.run(lambda db: work(db, *args, **kwargs))

    def _wake(self) -> None:
        """Tell the loop, from the thread, that the outbox grows. A read it does at once queues behind this commit."""
        with contextlib.suppress(RuntimeError):  # the loop has ended; what is in the outbox stays there
            self._loop.call_soon_threadsafe(self.outbox_changed.set)
