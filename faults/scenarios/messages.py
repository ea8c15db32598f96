"""Single updates, sends and files that fail: unparsable, repeated, out of order, ambiguous, slow, too large."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator

from faults.ledger import SentPhoto, after
from faults.rig import NAME, STORE, BotUnderTest, Rig, Row
from tests.support.bot_api.calls import SENDS, Json
from tests.support.bot_api.server import BotApi, Call, Person, accepted, cut, error, slow, stall, too_many

SEND = ("sendMessage", "sendPhoto")
ANSWER_S = 60.0  # a bound that only a broken bot meets
SILENCE_S = 5.0
UNDER_WAY_S = 0.5  # up to ten requests were let through before the 429; on a busy machine they are still being written
TRIES_MAX = 6  # sends to an unreachable user
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
    """99 photos and one unparsable update in one batch; each kind of garbage in turn."""
    kinds = GARBAGE[: rig.size(len(GARBAGE), 2)]
    async with rig.run_bot("B2", users=33) as bot:
        for garbage in kinds:
            with _in_one_batch(bot.api):
                for number in range(99):
                    if number == 50:
                        bot.api.push(garbage)
                    bot.photo()
            await bot.settle(ANSWER_S)
        waiting = await _journal_empties(bot, ANSWER_S)
        dead = bot.process.log.count("update given up")
        return [
            await bot.row(
                "B2", "1 unparsable update among 100", "99 answered, 1 dead letter or dropped",
                holds=not waiting, rounds=len(kinds),
                note=f"{dead} dead letters after three attempts, the others dropped; {waiting} left in the journal",
            )
        ]  # fmt: skip


async def repeated_and_disordered(rig: Rig) -> list[Row]:
    """Each update three times, out of order, with smaller numbers after a silence week, and all again after a kill."""
    count = rig.size(14, 10)  # what is redelivered and can no longer be confirmed must fit one batch of 100
    async with rig.run_bot("B5", users=10) as bot:
        with _in_one_batch(bot.api):
            thrice = [bot.photo() for _ in range(count)]
            for _ in range(2):
                bot.api.redeliver(*(photo.sent.update_id for photo in thrice))
        await bot.settle(ANSWER_S)
        bot.api.redeliver(*(photo.sent.update_id for photo in thrice))

        first = bot.api.updates.next_id
        numbers = list(range(first, first + count))
        rig.random("B5").shuffle(numbers)
        with _in_one_batch(bot.api):
            for person in itertools.islice(itertools.cycle(bot.users), count):
                bot.photo(_numbered(bot.api, person, numbers))
        await bot.settle(ANSWER_S)

        bot.api.updates.next_id = 4_711  # after a week without updates Telegram starts anywhere
        for _ in range(count):
            bot.photo()
        await bot.settle(ANSWER_S)

        before = bot.ledger.repeated
        await bot.kill()
        bot.api.redeliver(*(photo.sent.update_id for photo in bot.ledger.sent))
        await bot.start()
        bot.photo()
        await bot.settle(ANSWER_S)
        return [
            await bot.row(
                "B5", "each update 3 times; shuffled; smaller ids; all again after kill -9", "1 answer each",
                holds=not bot.ledger.repeated, rounds=4,
                note=f"{bot.ledger.repeated - before} repeated by the redelivery",
            )
        ]  # fmt: skip


@contextlib.contextmanager
def _in_one_batch(api: BotApi) -> Iterator[None]:
    """Hold back updates inside, so that the bot gets them in one batch (Telegram sends at most 100)."""
    api.fault("getUpdates", error(502))
    yield
    api.clear("getUpdates")


def _numbered(api: BotApi, person: Person, numbers: list[int]) -> Person:
    """The same user, whose next update gets the next of these ids."""
    push: Callable[[Json], int] = lambda update: api.push({"update_id": numbers.pop()} | update)  # noqa: E731
    return Person(api.state, push, person.user, person.chat)


def _unfinished(bot: BotUnderTest) -> int:
    """How many updates in the journal are unfinished."""
    with contextlib.closing(sqlite3.connect(f"file:{bot.process.data / STORE}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM journal WHERE state = 'new'").fetchone()[0])


# Sends


async def accepted_but_unknown(rig: Rig) -> list[Row]:
    """Telegram accepts the message, then the connection is cut or no reply comes."""
    count = rig.size(20, 5)
    rows = []
    for case, fault in {"cut": cut, "no reply for 60 s": stall(60.0)}.items():
        async with rig.run_bot("B3", users=count) as bot:
            for method in SEND:
                bot.api.fail(method, *[accepted(fault)] * count)
            began = time.monotonic()
            sent = [bot.photo() for _ in range(count)]
            await bot.settle(ANSWER_S)
            await _journal_empties(bot, ANSWER_S)  # all repeats have been sent by then
            bot.ledger.allowed_repeats += count
            worst = max(len(photo.answers) for photo in sent) - 1
            rows.append(
                await bot.row(
                    "B3", f"a send is accepted, then: {case}", "≤ 1 repeated a photo, never silence", holds=worst <= 1,
                    rounds=count, recovery_s=after(sent, began), note=f"at most {worst} repeated a photo",
                )
            )  # fmt: skip
    return rows


async def flood_wait(rig: Rig) -> list[Row]:
    """429 with retry_after 5 while fifty answers wait."""
    rounds = rig.size(5, 1)
    early = 0
    async with rig.run_bot("B4", users=50) as bot:
        for _ in range(rounds):
            before = len(bot.api.calls)
            for method in SEND:
                bot.api.fail(method, too_many(int(SILENCE_S)))
            for _ in range(50):
                bot.photo()
            refused = await bot.api.wait_for(lambda call: call.status == 429, ANSWER_S, since=before)
            await bot.settle(ANSWER_S)
            bot.api.clear()
            silence = refused.at + UNDER_WAY_S, refused.at + SILENCE_S
            early += sum(call.method in SENDS and silence[0] < call.at < silence[1] for call in bot.api.calls[before:])
        return [
            await bot.row(
                "B4", "429, retry_after 5, 50 waiting", "0 sends within 5 s, all delivered", holds=not early,
                rounds=rounds, note=f"{early} sends within {SILENCE_S:.0f} s",
            )
        ]  # fmt: skip


async def unreachable_users(rig: Rig) -> list[Row]:
    """While the answer is made the bot is blocked, the group becomes a supergroup, or the photo is deleted."""
    count = rig.size(20, 5)
    async with rig.run_bot("B6", users=2 * count) as bot:
        leaving, deleting = bot.users[:count], bot.users[count:]
        groups = [await _group(bot, number) for number in range(count)]
        began = time.monotonic()
        for person in leaving:
            person.photo(bot.picture())
            person.block()
        for person in deleting:
            person.delete(bot.photo(person).sent)
        moved = []
        for group in groups:
            group.photo(bot.picture(), "@stand_in_bot")
            moved.append(group.migrate())
        await bot.settle(ANSWER_S)
        waiting = await _journal_empties(bot, ANSWER_S)
        closed_s = time.monotonic() - began
        sends = [call for call in bot.api.calls if call.method in SENDS and call.at > began]
        most_sends = max(sum(call.chat_id == person.id for call in sends) for person in leaving)
        followed = sum(any(call.ok and call.chat_id == chat and "%" in call.text for call in sends) for chat in moved)
        for person in leaving:  # whoever unblocks the bot is answered
            person.unblock()
            bot.photo(person)
        await bot.settle(ANSWER_S)
        return [
            await bot.row(
                "B6", f"{count} blocked the bot, {count} groups moved, {count} photos deleted",
                f"job closed, ≤ {TRIES_MAX} sends to a blocked user", rounds=3 * count,
                holds=not waiting and most_sends <= TRIES_MAX and followed == count,
                note=f"closed within {closed_s:.1f} s, {most_sends} sends to one, {followed} answers followed",
            )
        ]  # fmt: skip


async def _group(bot: BotUnderTest, number: int) -> Person:
    """A user in a group, who has consented."""
    group = bot.api.user(first_name=f"{NAME} {number}", chat_type="group")
    bot.users.append(group)
    photo = bot.ledger.expect(group.photo(bot.picture(), "@stand_in_bot"))
    if not await photo.answered(ANSWER_S):
        raise RuntimeError("a photo in a group was not answered")
    return group


async def _journal_empties(bot: BotUnderTest, at_most_s: float) -> int:
    """Wait until no update in the journal is unfinished; how many still are."""
    deadline = time.monotonic() + at_most_s
    while (waiting := await asyncio.to_thread(_unfinished, bot)) and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    return waiting


# Files


async def bad_files(rig: Rig) -> list[Row]:
    """A download at 1 kB/s, files over 20 MB with a true and a false size, and an expired link."""
    return list(await asyncio.gather(_slow_file(rig), _large_files(rig), _expired_links(rig)))


async def _slow_file(rig: Rig) -> Row:
    async with rig.run_bot("B7") as bot:
        before = len(bot.api.calls)
        bot.api.fail("file", slow(1000.0))
        slow_one = bot.photo(bot.users[0])
        await bot.api.wait_for("getFile", ANSWER_S, since=before)
        others = []
        for person in bot.users[1:]:  # the next photo of the same person waits its turn
            await asyncio.sleep(1.0)
            others.append(bot.photo(person))
        await bot.settle(2 * ANSWER_S)
        asked = [call.at for call in bot.api.calls[before:] if _is_file_of(slow_one, call)]
        cut_s = asked[1] - asked[0] if len(asked) > 1 else float("inf")
        late_s = bot.ledger.latency_s(100, others)
        return await bot.row(
            "B7", "a download at 1 kB/s", f"cut at {CUT_S:.0f} s, then a new link; others go on",
            holds=abs(cut_s - CUT_S) < CUT_TOLERANCE_S and late_s < 3.0, recovery_s=slow_one.latency_s,
            note=f"cut after {cut_s:.1f} s; the slowest of the others took {late_s:.1f} s",
        )  # fmt: skip


async def _large_files(rig: Rig) -> Row:
    async with rig.run_bot("B7") as bot:
        before = len(bot.api.calls)
        honest, lying = bot.users[:2]
        large = bot.picture() + bytes(LARGE_BYTES)
        sent = [
            bot.ledger.expect(honest.document(large)),
            bot.ledger.expect(lying.document(large, size_bytes=100_000)),
        ]
        await bot.settle(ANSWER_S)
        fetched = [sum(_is_file_of(photo, call) for call in bot.api.calls[before:]) for photo in sent]
        refused = sum("too large" in photo.text for photo in sent)
        return await bot.row(
            "B7", "21 MB; and 21 MB that claims to be 0.1", "refused unseen; cut at 20 MB", refusals=2,
            holds=refused == 2 and fetched == [0, 1], rounds=2, note=f"{refused} too large; asked for {fetched} times",
        )  # fmt: skip


async def _expired_links(rig: Rig) -> Row:
    count = rig.size(20, 3)
    async with rig.run_bot("B7") as bot:
        asked = []
        for _ in range(count):
            before = len(bot.api.calls)
            bot.api.fail("file", error(404))
            photo = bot.photo()
            await photo.answered(ANSWER_S)
            asked.append(sum(_is_file_of(photo, call) for call in bot.api.calls[before:]))
        return await bot.row(
            "B7", "a link that has expired", "a new link once", holds=asked == [2] * count, rounds=count,
            note=f"{max(asked)} links a photo",
        )  # fmt: skip


def _is_file_of(photo: SentPhoto, call: Call) -> bool:
    """Whether a call asks for the file of this photo."""
    files = [*photo.sent.message.get("photo", []), photo.sent.message.get("document", {})]
    return call.method == "getFile" and call.params.get("file_id") in [file.get("file_id") for file in files]


SCENARIOS = {
    "B2": one_bad_update, "B3": accepted_but_unknown, "B4": flood_wait, "B5": repeated_and_disordered,
    "B6": unreachable_users, "B7": bad_files,
}  # fmt: skip
