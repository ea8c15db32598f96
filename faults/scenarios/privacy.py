"""Privacy: nothing left after /delete, no download without consent, no secret in a log line."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from faults import ROOT, log_forging, processes
from faults.rig import NAME, STORE, BotUnderTest, Rig, Row
from faults.scenarios.mongo import Peer, command, serve_peer
from faults.store_rows import empties
from lookalike.store.encryption import Cipher
from lookalike.store.key_file import read_key
from tests.support.bot_api.server import TOKEN, Call, Person

FIRST_ID = 5_550_001_000_000  # six bytes, as Telegram's newer ids: no file has such a number by chance
WORDS = "my secret garden"  # in captions and messages
ANSWER_S = 60.0
TEMPORARY = ("/tmp/", "/var/tmp/", "/dev/shm/")  # noqa: S108 - looked at, not written to
ERASED_NAME = "Thaddea"  # the name of the users who send /delete
WAITING = "journal WHERE state = 'new'"


# Erasure


async def erased(rig: Rig) -> list[Row]:
    """Users with data in every table send /delete while MongoDB is silent; then all bytes are searched."""
    temporary = rig.scratch / "P1-tmp"
    temporary.mkdir()
    async with _user_log(rig) as peer:
        settings: dict[str, Any] = {"TMPDIR": str(temporary)} | ({"MONGODB_URI": peer.uri} if peer else {})
        async with rig.run_bot("P1", users=2, **settings) as bot:
            leaving, staying = await _users_with_data(bot, rig.size(20, 5))
            sealed, tags = await asyncio.to_thread(_rows_of, bot, leaving)
            control = set.union(*await asyncio.to_thread(_rows_of, bot, staying))
            if peer:
                peer.proxy.passing.clear()
            for person in leaving:
                await bot.api.answer_to(person.text("/delete"), ANSWER_S)
            if peer:
                peer.proxy.passing.set()
            is_settled = await empties(bot.process.data / STORE, WAITING, ANSWER_S)
            is_settled = is_settled and await empties(bot.process.data / STORE, "outbox", ANSWER_S)
            files = [
                bot.process.log_file,
                *_files(bot.process.data),
                *_files(temporary),
                *_open_files(bot, rig.scratch),
            ]
            places = await asyncio.to_thread(_contents, files, peer)
            found = {
                "in the clear": _hits(places, _plain(leaving)),
                "sealed": _hits(places, sealed),
                "keyed hashes": _hits(places, tags),
            }
            can_find = bool(_hits(places, control))
            return [
                await bot.row(
                    "P1", f"/delete, then a search of the store, log, tmp{', MongoDB' if peer else ''}", "0 hits",
                    holds=not any(found.values()) and is_settled and can_find, rounds=len(leaving),
                    note="; ".join(f"{what}: {_in_words(hits)}" for what, hits in found.items()),
                )
            ]  # fmt: skip


@contextlib.asynccontextmanager
async def _user_log(rig: Rig) -> AsyncIterator[Peer | None]:
    if not command():
        yield None
        return
    async with serve_peer(rig, rig.scratch / "P1-mongo", "P1") as peer:
        yield peer


async def _users_with_data(bot: BotUnderTest, count: int) -> tuple[list[Person], list[Person]]:
    """Users with data in every table: those who will send /delete, and those who will not."""
    leaving, staying, shy = (
        [bot.api.user(FIRST_ID + 1000 * group + number, f"{name} {number}") for number in range(count)]
        for group, name in enumerate((ERASED_NAME, NAME, ERASED_NAME))
    )
    bot.users += leaving + staying
    for person in leaving + staying:
        bot.ledger.expect(person.photo(bot.picture(), WORDS))
    await bot.settle(ANSWER_S)
    for person in leaving + staying:
        person.text("/language")
        await bot.api.answer_to(person.text(WORDS), ANSWER_S)
        await bot.api.answer_to(person.text("/export"), ANSWER_S)
    for person in shy:  # their photos are held for a consent that never comes
        await bot.api.answer_to(person.photo(bot.picture(), WORDS), ANSWER_S)
    return leaving + shy, staying


def _rows_of(bot: BotUnderTest, people: list[Person]) -> tuple[set[bytes], set[bytes]]:
    """The sealed values of these users' rows, and the keyed hashes that name them."""
    cipher = Cipher(read_key(bot.process.data.with_name(bot.process.data.name + ".key")))
    tags = {cipher.tag("person", person.id) for person in people}
    sealed = set()
    with contextlib.closing(sqlite3.connect(f"file:{bot.process.data / STORE}?mode=ro", uri=True)) as db:
        for table in ("people", "held", "answers", "journal", "outbox", "conversation", "outcomes"):
            rows = db.execute(f"SELECT person, sealed FROM {table}")  # noqa: S608 - names of this project
            sealed |= {value for tag, value in rows if tag in tags and value}
    return sealed, tags


def _plain(people: list[Person]) -> set[bytes]:
    """What identifies these users, in the forms it may have in a file."""
    needles = {ERASED_NAME.encode(), WORDS.encode()}
    for person in people:
        needles |= {str(person.id).encode(), person.id.to_bytes(6, "big"), person.id.to_bytes(6, "little")}
    return needles


def _files(directory: Path) -> list[Path]:
    return [path for path in sorted(directory.rglob("*")) if path.is_file()]


def _open_files(bot: BotUnderTest, scratch: Path) -> list[Path]:
    """Temporary files that the bot and its workers hold open, deleted ones too."""
    found = []
    for pid in [bot.pid, *processes.descendants(bot.pid)]:
        with contextlib.suppress(OSError):
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                if str(entry.readlink()).startswith(TEMPORARY) and not entry.readlink().is_relative_to(scratch):
                    found.append(entry)
    return found


def _contents(files: list[Path], peer: Peer | None) -> dict[str, bytes]:
    """The bytes of every place, by name."""
    places: dict[str, bytes] = {}
    for file in files:
        with contextlib.suppress(OSError):
            if file.is_file():
                places[str(file.name)] = places.get(file.name, b"") + file.read_bytes()
    if peer:
        for collection in ("people", "answers"):
            places[f"MongoDB's {collection}"] = repr(peer.documents(collection)).encode()
    return places


def _hits(places: dict[str, bytes], needles: Iterable[bytes]) -> Counter[str]:
    """How many of the needles are in which place."""
    wanted = list(needles)
    found = {name: sum(needle in content for needle in wanted) for name, content in places.items()}
    return Counter({name: number for name, number in found.items() if number})


def _in_words(hits: Counter[str]) -> str:
    return ", ".join(f"{number} in {name}" for name, number in hits.items()) or "0 hits"


# Consent


async def no_consent(rig: Rig) -> list[Row]:
    """No consent: no press, no, withdrawn, erased, another user's yes, a kill."""
    count = rig.size(20, 4)
    async with rig.run_bot("P2", users=2 * count) as bot:
        withdrawing, erasing = bot.users[:count], bot.users[count:]
        people = bot.users[:]
        bot.users.clear()  # so that no one presses yes any more
        for person in withdrawing:
            person.press(_card(bot, person), "consent:no", forge=True)  # the button of an older card
        for person in erasing:
            await bot.api.answer_to(person.text("/delete"), ANSWER_S)
        await empties(bot.process.data / STORE, WAITING, ANSWER_S)
        before = len(bot.api.calls)
        new = [bot.api.user(first_name=f"{NAME} {number}") for number in range(5 * count)]
        silent, refusing, albums, documents, others = (new[number::5] for number in range(5))
        groups = [bot.api.user(first_name=NAME, chat_type="group") for _ in range(count)]
        sent = [person.photo(bot.picture()) for person in (*withdrawing, *erasing, *silent, *refusing)]
        sent += [person.photo(bot.picture(), "@stand_in_bot") for person in groups]
        sent += [person.document(bot.picture()) for person in documents]
        for person in albums:
            sent += person.album([bot.picture(), bot.picture()])
        await empties(bot.process.data / STORE, WAITING, ANSWER_S)
        await _wait_for_cards(bot, [*withdrawing, *erasing, *silent, *refusing, *albums, *documents, *groups], before)
        for person in refusing:
            person.press(_card(bot, person), "consent:no")
        for group, other in zip(groups, others, strict=True):  # in a group all members see the buttons
            card = _card(bot, group)
            visitor = bot.api.user(other.id, NAME, chat=group.chat)
            visitor.press(card, "consent:yes")
        await empties(bot.process.data / STORE, WAITING, ANSWER_S)
        await bot.kill()
        bot.api.redeliver(*(one.update_id for one in sent))
        await bot.start()
        await empties(bot.process.data / STORE, WAITING, ANSWER_S)
        calls = bot.api.calls[before:]
        fetched = sum(call.method in ("getFile", "file") for call in calls)
        asked = {call.chat_id for call in calls if call.ok and "consent:yes" in call.buttons}
        waiting = len({one.chat_id for one in sent} - asked)
        bot.users += [*people, *new]  # whose ids must not be on the disk
        return [
            await bot.row(
                "P2", "no press, no, withdrawn, erased, another user's yes, kill -9", "0 getFile calls",
                holds=not fetched and not waiting, rounds=len(sent),
                note=f"{fetched} getFile calls and downloads for {len(sent)} photos; {len(asked)} people were asked",
            )
        ]  # fmt: skip


async def _wait_for_cards(bot: BotUnderTest, people: list[Person], since: int) -> None:
    """Wait until each of them has a consent card."""
    for person in people:
        await bot.api.wait_for(functools.partial(_is_card_for, chat_id=person.id), ANSWER_S, since=since)


def _card(bot: BotUnderTest, person: Person) -> Call:
    """The last consent card in a user's chat."""
    return next(call for call in reversed(bot.api.calls) if _is_card_for(call, person.id))


def _is_card_for(call: Call, chat_id: int) -> bool:
    return call.ok and call.chat_id == chat_id and "consent:yes" in call.buttons


# Log lines


async def forged_errors(rig: Rig) -> list[Row]:
    """A thousand errors with the token or the database address in them, in both formats."""
    count = rig.size(1000, 1000)
    secrets = (TOKEN.partition(":")[2].encode(), log_forging.PASSWORD.encode())
    leaking: Counter[str] = Counter()
    lines = 0
    for format in ("text", "json"):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "faults.log_forging", format, f"{rig.seed} {format}", str(count // 2), cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, output = await child.communicate()
        if child.returncode != 0:
            raise RuntimeError(f"faults.log_forging ended with {child.returncode}: {output[-300:]!r}")
        for one in output.split(b"\n#")[0:]:
            kind, _, words = one.partition(b"\n")
            lines += bool(words)
            leaking[kind.decode().lstrip("#")] += any(secret in words for secret in secrets)
    leaks = +leaking
    note = f"{leaks.total()} leaks in {lines} lines of {len(log_forging.KINDS)} kinds"
    if leaks:
        note += ": " + ", ".join(f"{kind} ({number})" for kind, number in leaks.items())
    is_right = not leaks and lines > count // 2
    return [Row("P3", "errors with the token or the database address in them", "0 leaks", is_right, count, note=note)]


SCENARIOS = {"P1": erased, "P2": no_consent, "P3": forged_errors}
