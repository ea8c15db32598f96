"""What is kept of people: nothing after /delete, nothing fetched without consent, nothing secret in a log line."""

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
from faults.rig import NAME, STORE, Rig, Row, Stage
from faults.scenarios.mongo import Peer, command, serve_peer
from faults.store_rows import empties
from lookalike.store.encryption import Cipher
from tests.support.bot_api.server import TOKEN, Call, Person

FIRST_ID = 5_550_001_000_000  # six bytes, as Telegram's newer ids: no such number stands in a file by chance
WORDS = "my secret garden"  # in captions and messages
ANSWER_S = 60.0
TEMPORARY = ("/tmp/", "/var/tmp/", "/dev/shm/")  # noqa: S108 - looked at, not written to
LEAVER = "Thaddea"  # the name of all who go
WAITING = "journal WHERE state = 'new'"


# Erasure


async def erased(rig: Rig) -> list[Row]:
    """People leave all they can, half of them send /delete while MongoDB is silent; then every byte is searched."""
    temporary = rig.scratch / "P1-tmp"
    temporary.mkdir()
    async with _user_log(rig) as peer:
        settings: dict[str, Any] = {"TMPDIR": str(temporary)} | ({"MONGODB_URI": peer.uri} if peer else {})
        async with rig.stage("P1", people=2, **settings) as stage:
            leaving, staying = await _lives(stage, rig.size(20, 5))
            sealed, tags = await asyncio.to_thread(_rows_of, stage, leaving)
            control = set.union(*await asyncio.to_thread(_rows_of, stage, staying))
            if peer:
                peer.proxy.passing.clear()
            for person in leaving:
                await stage.api.answer_to(person.text("/delete"), ANSWER_S)
            if peer:
                peer.proxy.passing.set()
            is_settled = await empties(stage.bot.data / STORE, WAITING, ANSWER_S)
            is_settled = is_settled and await empties(stage.bot.data / STORE, "outbox", ANSWER_S)
            files = [stage.bot.log_file, *_files(stage.bot.data), *_files(temporary), *_open_files(stage, rig.scratch)]
            places = await asyncio.to_thread(_contents, files, peer)
            found = {
                "in the clear": _hits(places, _plain(leaving)),
                "sealed": _hits(places, sealed),
                "keyed hashes": _hits(places, tags),
            }
            can_find = bool(_hits(places, control))
            return [
                await stage.row(
                    "P1", f"/delete, then a search of the store, log, tmp{', MongoDB' if peer else ''}", "0 hits",
                    holds=not any(found.values()) and is_settled and can_find, rounds=len(leaving),
                    note="; ".join(f"{what}: {_told(hits)}" for what, hits in found.items()),
                )
            ]  # fmt: skip


@contextlib.asynccontextmanager
async def _user_log(rig: Rig) -> AsyncIterator[Peer | None]:
    if not command():
        yield None
        return
    async with serve_peer(rig, rig.scratch / "P1-mongo", "P1") as peer:
        yield peer


async def _lives(stage: Stage, count: int) -> tuple[list[Person], list[Person]]:
    """People who leave something in every table: those who will go, and those who will stay."""
    leaving, staying, shy = (
        [stage.api.user(FIRST_ID + 1000 * group + number, f"{name} {number}") for number in range(count)]
        for group, name in enumerate((LEAVER, NAME, LEAVER))
    )
    stage.people += leaving + staying
    for person in leaving + staying:
        stage.ledger.expect(person.photo(stage.picture(), WORDS))
    await stage.settle(ANSWER_S)
    for person in leaving + staying:
        person.text("/language")
        await stage.api.answer_to(person.text(WORDS), ANSWER_S)
        await stage.api.answer_to(person.text("/export"), ANSWER_S)
    for person in shy:  # their photos wait for a consent that never comes
        await stage.api.answer_to(person.photo(stage.picture(), WORDS), ANSWER_S)
    return leaving + shy, staying


def _rows_of(stage: Stage, people: list[Person]) -> tuple[set[bytes], set[bytes]]:
    """The sealed values of these people's rows, and the keyed hashes under which they are found."""
    vault = Cipher.open(stage.bot.data.with_name(stage.bot.data.name + ".key"), create=False)
    tags = {vault.tag("person", person.id) for person in people}
    sealed = set()
    with contextlib.closing(sqlite3.connect(f"file:{stage.bot.data / STORE}?mode=ro", uri=True)) as db:
        for table in ("people", "held", "answers", "journal", "outbox"):
            rows = db.execute(f"SELECT person, sealed FROM {table}")  # noqa: S608 - our own names
            sealed |= {value for tag, value in rows if tag in tags and value}
    return sealed, tags


def _plain(people: list[Person]) -> set[bytes]:
    """What would tell who somebody is, as it may stand in a file."""
    needles = {LEAVER.encode(), WORDS.encode()}
    for person in people:
        needles |= {str(person.id).encode(), person.id.to_bytes(6, "big"), person.id.to_bytes(6, "little")}
    return needles


def _files(directory: Path) -> list[Path]:
    return [path for path in sorted(directory.rglob("*")) if path.is_file()]


def _open_files(stage: Stage, scratch: Path) -> list[Path]:
    """Temporary files that the bot and its workers hold open, deleted ones too."""
    found = []
    for pid in [stage.pid, *processes.descendants(stage.pid)]:
        with contextlib.suppress(OSError):
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                if str(entry.readlink()).startswith(TEMPORARY) and not entry.readlink().is_relative_to(scratch):
                    found.append(entry)
    return found


def _contents(files: list[Path], peer: Peer | None) -> dict[str, bytes]:
    """The bytes of every place, by its name."""
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


def _told(hits: Counter[str]) -> str:
    return ", ".join(f"{number} in {name}" for name, number in hits.items()) or "0 hits"


# Consent


async def unasked(rig: Rig) -> list[Row]:
    """Nobody agrees, in all the ways there are: silence, no, taken back, erased, somebody else's yes, a kill."""
    count = rig.size(20, 4)
    async with rig.stage("P2", people=2 * count) as stage:
        withdrawing, erasing = stage.people[:count], stage.people[count:]
        people = stage.people[:]
        stage.people.clear()  # nobody presses yes any more
        for person in withdrawing:
            person.press(_card(stage, person), "consent:no", forge=True)  # the button of an older card
        for person in erasing:
            await stage.api.answer_to(person.text("/delete"), ANSWER_S)
        await empties(stage.bot.data / STORE, WAITING, ANSWER_S)
        before = len(stage.api.calls)
        new = [stage.api.user(first_name=f"{NAME} {number}") for number in range(5 * count)]
        silent, refusing, albums, documents, others = (new[number::5] for number in range(5))
        groups = [stage.api.user(first_name=NAME, chat_type="group") for _ in range(count)]
        shots = [person.photo(stage.picture()) for person in (*withdrawing, *erasing, *silent, *refusing)]
        shots += [person.photo(stage.picture(), "@stand_in_bot") for person in groups]
        shots += [person.document(stage.picture()) for person in documents]
        for person in albums:
            shots += person.album([stage.picture(), stage.picture()])
        await empties(stage.bot.data / STORE, WAITING, ANSWER_S)
        await _wait_for_cards(stage, [*withdrawing, *erasing, *silent, *refusing, *albums, *documents, *groups], before)
        for person in refusing:
            person.press(_card(stage, person), "consent:no")
        for group, other in zip(groups, others, strict=True):  # in a group everybody sees the buttons
            card = _card(stage, group)
            visitor = stage.api.user(other.id, NAME, chat=group.chat)
            visitor.press(card, "consent:yes")
        await empties(stage.bot.data / STORE, WAITING, ANSWER_S)
        await stage.kill()
        stage.api.redeliver(*(sent.update_id for sent in shots))
        await stage.start()
        await empties(stage.bot.data / STORE, WAITING, ANSWER_S)
        calls = stage.api.calls[before:]
        fetched = sum(call.method in ("getFile", "file") for call in calls)
        asked = {call.chat_id for call in calls if call.ok and "consent:yes" in call.buttons}
        waiting = len({sent.chat_id for sent in shots} - asked)
        stage.people += [*people, *new]  # whose ids must not be on the disk
        return [
            await stage.row(
                "P2", "silent, refusing, taken back, erased, somebody else's yes, kill -9", "0 getFile calls",
                holds=not fetched and not waiting, rounds=len(shots),
                note=f"{fetched} getFile calls and downloads for {len(shots)} photos; {len(asked)} people were asked",
            )
        ]  # fmt: skip


async def _wait_for_cards(stage: Stage, people: list[Person], since: int) -> None:
    """Wait until everybody has been asked."""
    for person in people:
        await stage.api.wait_for(functools.partial(_is_card_for, chat_id=person.id), ANSWER_S, since=since)


def _card(stage: Stage, person: Person) -> Call:
    """The last consent card in somebody's chat."""
    return next(call for call in reversed(stage.api.calls) if _is_card_for(call, person.id))


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
        _, told = await child.communicate()
        if child.returncode != 0:
            raise RuntimeError(f"faults.log_forging ended with {child.returncode}: {told[-300:]!r}")
        for one in told.split(b"\n#")[0:]:
            kind, _, words = one.partition(b"\n")
            lines += bool(words)
            leaking[kind.decode().lstrip("#")] += any(secret in words for secret in secrets)
    leaks = +leaking
    note = f"{leaks.total()} leaks in {lines} lines of {len(log_forging.KINDS)} kinds"
    if leaks:
        note += ": " + ", ".join(f"{kind} ({number})" for kind, number in leaks.items())
    is_right = not leaks and lines > count // 2
    return [Row("P3", "errors with the token or the database address in them", "0 leaks", is_right, count, note=note)]


SCENARIOS = {"P1": erased, "P2": unasked, "P3": forged_errors}
