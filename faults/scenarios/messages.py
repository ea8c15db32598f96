"""Single messages and files that go wrong: garbage, repetition, disorder, sends that may have arrived, bad files."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator

from faults.ledger import Shot, after
from faults.rig import NAME, STORE, Rig, Row, Stage
from tests.support.bot_api.calls import SENDS, Json
from tests.support.bot_api.server import BotApi, Call, Person, accepted, cut, error, slow, stall, too_many

SEND = ("sendMessage", "sendPhoto")
ANSWER_S = 60.0  # a bound that only a broken bot meets
SILENCE_S = 5.0
UNDER_WAY_S = 0.25  # a request that was being written when the answer 429 came
TRIES_MAX = 6  # sends to somebody who is gone: a few are in order, a storm is not
CUT_S, CUT_TOLERANCE_S = 30.0, 4.0
LARGE_BYTES = 21_000_000
GARBAGE: tuple[Json, ...] = (
    {"message": "garbage"},
    {"message": {"message_id": 1}},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "from": {"id": 5}, "photo": "?"}},
    {"message": {"message_id": "one", "date": "now", "chat": [], "from": {"id": None}}},
    {"callback_query": {"id": 1, "from": {"id": 5, "is_bot": False, "first_name": "X"}, "data": 7}},
    {"something_new": {"id": 1}},
)


# Updates


async def one_bad_update(rig: Rig) -> list[Row]:
    """99 photos and one update that nobody can parse, in one batch; each kind of garbage in turn."""
    kinds = GARBAGE[: rig.size(len(GARBAGE), 2)]
    async with rig.stage("B2", people=33) as stage:
        for garbage in kinds:
            with _in_one_batch(stage.api):
                for number in range(99):
                    if number == 50:
                        stage.api.push(garbage)
                    stage.photo()
            await stage.settle(ANSWER_S)
        waiting = await _journal_empties(stage, ANSWER_S)
        buried = stage.bot.log.count("update given up")
        return [
            await stage.row(
                "B2", "1 unparsable update among 100", "99 answered, 1 put aside",
                holds=not waiting, rounds=len(kinds),
                note=f"{buried} given up after three tries, the others dropped; {waiting} left in the journal",
            )
        ]  # fmt: skip


async def repeated_and_disordered(rig: Rig) -> list[Row]:
    """Each update three times, out of order, with smaller numbers after a quiet week, and all again after a kill."""
    count = rig.size(14, 10)  # what is redelivered and can no longer be confirmed must fit one batch of 100
    async with rig.stage("B5", people=10) as stage:
        with _in_one_batch(stage.api):
            thrice = [stage.photo() for _ in range(count)]
            for _ in range(2):
                stage.api.redeliver(*(shot.sent.update_id for shot in thrice))
        await stage.settle(ANSWER_S)
        stage.api.redeliver(*(shot.sent.update_id for shot in thrice))

        first = stage.api.updates.next_id
        numbers = list(range(first, first + count))
        rig.random("B5").shuffle(numbers)
        with _in_one_batch(stage.api):
            for person in itertools.islice(itertools.cycle(stage.people), count):
                stage.photo(_numbered(stage.api, person, numbers))
        await stage.settle(ANSWER_S)

        stage.api.updates.next_id = 4_711  # after a week without updates Telegram starts anywhere
        for _ in range(count):
            stage.photo()
        await stage.settle(ANSWER_S)

        before = stage.ledger.repeated
        await stage.kill()
        stage.api.redeliver(*(shot.sent.update_id for shot in stage.ledger.shots))
        await stage.start()
        stage.photo()
        await stage.settle(ANSWER_S)
        return [
            await stage.row(
                "B5", "each update 3 times; shuffled; smaller ids; all again after kill -9", "1 answer each",
                holds=not stage.ledger.repeated, rounds=4,
                note=f"{stage.ledger.repeated - before} repeated by the redelivery",
            )
        ]  # fmt: skip


@contextlib.contextmanager
def _in_one_batch(api: BotApi) -> Iterator[None]:
    """What is sent inside comes to the bot all at once (Telegram gives at most 100 updates at a time)."""
    api.fault("getUpdates", error(502))
    yield
    api.clear("getUpdates")


def _numbered(api: BotApi, person: Person, numbers: list[int]) -> Person:
    """The same person, whose next update gets the next of these numbers."""
    push: Callable[[Json], int] = lambda update: api.push({"update_id": numbers.pop()} | update)  # noqa: E731
    return Person(api.state, push, person.user, person.chat)


def _unfinished(stage: Stage) -> int:
    """How many updates wait in the journal."""
    with contextlib.closing(sqlite3.connect(f"file:{stage.bot.data / STORE}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM journal WHERE state = 'new'").fetchone()[0])


# Sends


async def accepted_but_unknown(rig: Rig) -> list[Row]:
    """Telegram takes the message, and then the connection is cut, or says nothing for longer than anybody waits."""
    count = rig.size(20, 5)
    rows = []
    for case, fault in {"cut": cut, "no reply for 60 s": stall(60.0)}.items():
        async with rig.stage("B3", people=count) as stage:
            for method in SEND:
                stage.api.fail(method, *[accepted(fault)] * count)
            began = time.monotonic()
            shots = [stage.photo() for _ in range(count)]
            await stage.settle(ANSWER_S)
            await _journal_empties(stage, ANSWER_S)  # whatever is repeated has been by then
            stage.ledger.allowed_repeats += count
            worst = max(len(shot.answers) for shot in shots) - 1
            rows.append(
                await stage.row(
                    "B3", f"a send is taken, then: {case}", "≤ 1 repeated a photo, never silence", holds=worst <= 1,
                    rounds=count, recovery_s=after(shots, began), note=f"at most {worst} repeated a photo",
                )
            )  # fmt: skip
    return rows


async def told_to_be_silent(rig: Rig) -> list[Row]:
    """429 with retry_after 5 while fifty answers wait."""
    rounds = rig.size(5, 1)
    early = 0
    async with rig.stage("B4", people=50) as stage:
        for _ in range(rounds):
            before = len(stage.api.calls)
            for method in SEND:
                stage.api.fail(method, too_many(int(SILENCE_S)))
            for _ in range(50):
                stage.photo()
            told = await stage.api.wait_for(lambda call: call.status == 429, ANSWER_S, since=before)
            await stage.settle(ANSWER_S)
            stage.api.clear()
            quiet = told.at + UNDER_WAY_S, told.at + SILENCE_S
            early += sum(call.method in SENDS and quiet[0] < call.at < quiet[1] for call in stage.api.calls[before:])
        return [
            await stage.row(
                "B4", "429, retry_after 5, 50 waiting", "0 sends within 5 s, all delivered", holds=not early,
                rounds=rounds, note=f"{early} sends within {SILENCE_S:.0f} s",
            )
        ]  # fmt: skip


async def people_who_left(rig: Rig) -> list[Row]:
    """The bot is blocked, the group has moved on, the photo is deleted: all while the answer is being made."""
    count = rig.size(20, 5)
    async with rig.stage("B6", people=2 * count) as stage:
        leaving, deleting = stage.people[:count], stage.people[count:]
        groups = [await _group(stage, number) for number in range(count)]
        began = time.monotonic()
        for person in leaving:
            person.photo(stage.picture())
            person.block()
        for person in deleting:
            person.delete(stage.photo(person).sent)
        moved = []
        for group in groups:
            group.photo(stage.picture(), "@stand_in_bot")
            moved.append(group.migrate())
        await stage.settle(ANSWER_S)
        waiting = await _journal_empties(stage, ANSWER_S)
        closed_s = time.monotonic() - began
        sends = [call for call in stage.api.calls if call.method in SENDS and call.at > began]
        storm = max(sum(call.chat_id == person.id for call in sends) for person in leaving)
        followed = sum(any(call.ok and call.chat_id == chat and "%" in call.text for call in sends) for chat in moved)
        for person in leaving:  # who comes back is served
            person.unblock()
            stage.photo(person)
        await stage.settle(ANSWER_S)
        return [
            await stage.row(
                "B6", f"{count} blocked the bot, {count} groups moved, {count} photos deleted",
                f"job closed, ≤ {TRIES_MAX} sends to who is gone", rounds=3 * count,
                holds=not waiting and storm <= TRIES_MAX and followed == count,
                note=f"closed within {closed_s:.1f} s, {storm} sends to who is gone, {followed} answers followed",
            )
        ]  # fmt: skip


async def _group(stage: Stage, number: int) -> Person:
    """Somebody in a group who has consented."""
    group = stage.api.user(first_name=f"{NAME} {number}", chat_type="group")
    stage.people.append(group)
    shot = stage.ledger.expect(group.photo(stage.picture(), "@stand_in_bot"))
    if not await shot.answered(ANSWER_S):
        raise RuntimeError("a photo in a group was not answered")
    return group


async def _journal_empties(stage: Stage, at_most_s: float) -> int:
    """Wait until nothing in the journal waits any more; how many updates do."""
    deadline = time.monotonic() + at_most_s
    while (waiting := await asyncio.to_thread(_unfinished, stage)) and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    return waiting


# Files


async def bad_files(rig: Rig) -> list[Row]:
    """A download at 1 kB/s, files over 20 MB that say so or not, and a link that has expired."""
    return list(await asyncio.gather(_slow_file(rig), _large_files(rig), _expired_links(rig)))


async def _slow_file(rig: Rig) -> Row:
    async with rig.stage("B7") as stage:
        before = len(stage.api.calls)
        stage.api.fail("file", slow(1000.0))
        slow_one = stage.photo(stage.people[0])
        await stage.api.wait_for("getFile", ANSWER_S, since=before)
        others = []
        for person in stage.people[1:]:  # the next photo of the same person waits its turn
            await asyncio.sleep(1.0)
            others.append(stage.photo(person))
        await stage.settle(2 * ANSWER_S)
        asked = [call.at for call in stage.api.calls[before:] if _is_file_of(slow_one, call)]
        cut_s = asked[1] - asked[0] if len(asked) > 1 else float("inf")
        late_s = stage.ledger.latency_s(100, others)
        return await stage.row(
            "B7", "a download at 1 kB/s", f"cut at {CUT_S:.0f} s, then a new link; others go on",
            holds=abs(cut_s - CUT_S) < CUT_TOLERANCE_S and late_s < 3.0, recovery_s=slow_one.latency_s,
            note=f"cut after {cut_s:.1f} s; the slowest of the others took {late_s:.1f} s",
        )  # fmt: skip


async def _large_files(rig: Rig) -> Row:
    async with rig.stage("B7") as stage:
        before = len(stage.api.calls)
        honest, liar = stage.people[:2]
        large = stage.picture() + bytes(LARGE_BYTES)
        shots = [
            stage.ledger.expect(honest.document(large)),
            stage.ledger.expect(liar.document(large, size_bytes=100_000)),
        ]
        await stage.settle(ANSWER_S)
        fetched = [sum(_is_file_of(shot, call) for call in stage.api.calls[before:]) for shot in shots]
        told = sum("too large" in shot.text for shot in shots)
        return await stage.row(
            "B7", "21 MB; and 21 MB that claims to be 0.1", "refused unseen; cut at 20 MB", refusals=2,
            holds=told == 2 and fetched == [0, 1], rounds=2, note=f"{told} told so; asked for {fetched} times",
        )  # fmt: skip


async def _expired_links(rig: Rig) -> Row:
    count = rig.size(20, 3)
    async with rig.stage("B7") as stage:
        asked = []
        for _ in range(count):
            before = len(stage.api.calls)
            stage.api.fail("file", error(404))
            shot = stage.photo()
            await shot.answered(ANSWER_S)
            asked.append(sum(_is_file_of(shot, call) for call in stage.api.calls[before:]))
        return await stage.row(
            "B7", "a link that has expired", "a new link once", holds=asked == [2] * count, rounds=count,
            note=f"{max(asked)} links a photo",
        )  # fmt: skip


def _is_file_of(shot: Shot, call: Call) -> bool:
    """Whether a call asks for the file of this photo."""
    files = [*shot.sent.message.get("photo", []), shot.sent.message.get("document", {})]
    return call.method == "getFile" and call.params.get("file_id") in [file.get("file_id") for file in files]


SCENARIOS = {
    "B2": one_bad_update, "B3": accepted_but_unknown, "B4": told_to_be_silent, "B5": repeated_and_disordered,
    "B6": people_who_left, "B7": bad_files,
}  # fmt: skip
