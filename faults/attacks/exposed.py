"""What lies open: the page to foreign pages and idle uploads; MongoDB, the store, the key, an index to readers.

All at one bot, one after the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from faults import processes
from faults.attacks.page import VISITOR_PAUSE_S, VISITOR_S, wait_for_page
from faults.attacks.page_attacker import attack, idle_upload
from faults.index_damage import halves
from faults.materials import STARTER
from faults.rig import NAME, STORE, BotUnderTest, Rig, Row, skipped
from faults.scenarios.mongo import NO_SERVER, Peer, command, serve_peer
from faults.store_rows import count, empties
from lookalike.gallery.index_format import GRAPH
from lookalike.store.encryption import Cipher
from lookalike.store.key_file import read_key
from lookalike.store.outbox import queue_change
from lookalike.store.store import Store
from tests.support.mongo_server import free_port
from tests.support.web.page import send, visitor

TEST = "A6"
ANSWER_S = 60.0
ADDRESSES, UPLOADS = 16, 2  # idle uploads of each address: as many as the page takes in all
FULL_S = 1.5  # until the page is full of them
FOREIGN = "evil.example"
# Headers of requests that a foreign web page has a visitor's browser send, and the status they get.
FOREIGN_HEADERS: tuple[tuple[dict[str, str], int], ...] = (
    ({"origin": f"https://{FOREIGN}"}, 403), ({"origin": "null"}, 403), ({"sec-fetch-site": "cross-site"}, 403),
    ({"host": FOREIGN}, 421), ({"host": FOREIGN, "origin": f"http://{FOREIGN}"}, 421),
)  # fmt: skip
SEALED = ("people", "held", "answers", "journal", "outbox", "conversation", "outcomes", "found")
PAD_BYTES = 64  # what lengths are a multiple of
ODD_BYTES = 99  # of a row in the outbox that does not open
SEALED_BYTES = 28  # around a padded value: nonce and tag
KNOWN = 5_550_001_000_002  # the user whose row in the outbox is a good one


async def exposed(rig: Rig) -> list[Row]:
    """Each case in turn, at the same bot."""
    home, port = rig.scratch / TEST, free_port()
    async with contextlib.AsyncExitStack() as opened:
        peer = await opened.enter_async_context(serve_peer(rig, rig.scratch / "A6-mongo", TEST)) if command() else None
        settings: dict[str, Any] = {"WORKERS": "1", "WEB_LISTEN": f"127.0.0.1:{port}"}
        if peer:
            await _fill_outbox(home / "data")
            settings |= {"MONGODB_URI": peer.uri, "MONGODB_SEAL": "1"}
        bot = await opened.enter_async_context(rig.run_bot(TEST, users=3, home=home, **settings))
        await wait_for_page(f"http://127.0.0.1:{port}")
        rows = [
            await _foreign_pages(bot, port),
            await _idle_uploads(rig, bot, port),
            *await _user_log(bot, peer),
            await asyncio.to_thread(_lengths, bot),
            _core_files(bot),
        ]
        rows = await bot.close_shared(rows)
        return [*rows, await _open_key(bot), await asyncio.to_thread(_graphs, rig)]


# The page


async def _foreign_pages(bot: BotUnderTest, port: int) -> Row:
    """Photos that other sites' pages send, and the page under another site's name."""
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_S) as client:
        found = [(await send(client, bot.picture(), **headers)).status_code for headers, _ in FOREIGN_HEADERS]
        read = (await client.get("/", headers={"host": FOREIGN})).status_code
        own = (await send(client, bot.picture(), origin=f"http://127.0.0.1:{port}")).status_code
    wrong = sum(one != status for one, (_, status) in zip(found, FOREIGN_HEADERS, strict=True))
    return Row(
        TEST, "F12: photos posted by other sites' pages, and this page under another's name", "refused; its own taken",
        not wrong and read == 421 and own == 200, len(found) + 1, note=f"{wrong} taken; its own: {own}",
    )  # fmt: skip


async def _idle_uploads(rig: Rig, bot: BotUnderTest, port: int) -> Row:
    """As many uploads that do not come as the page takes, from many addresses; and a visitor."""
    seconds, visits_s, refused = rig.size(60, 2), list[float](), 0
    async with _idle(port), visitor(f"http://127.0.0.1:{port}", "127.0.0.2") as client:
        await asyncio.sleep(FULL_S)
        ends = time.monotonic() + seconds
        while not visits_s or time.monotonic() < ends:
            began = time.monotonic()
            refused += not (await send(client, bot.picture())).is_success
            visits_s.append(time.monotonic() - began)
            await asyncio.sleep(min(VISITOR_PAUSE_S, seconds / 3))
    return Row(
        TEST, f"{ADDRESSES * UPLOADS} idle uploads from {ADDRESSES} addresses for {seconds} s",
        f"visitor < {VISITOR_S:.0f} s", max(visits_s) < VISITOR_S and not refused, len(visits_s),
        note=f"slowest {max(visits_s):.2f} s; {refused} refused",
    )  # fmt: skip


@contextlib.asynccontextmanager
async def _idle(port: int) -> AsyncIterator[None]:
    pieces = idle_upload()
    addresses = [f"127.0.3.{number + 1}" for number in range(ADDRESSES)]
    attacks = [asyncio.create_task(attack(port, pieces, address)) for address in addresses for _ in range(UPLOADS)]
    try:
        yield
    finally:
        for one in attacks:
            one.cancel()
        await asyncio.gather(*attacks, return_exceptions=True)


# What is kept


async def _fill_outbox(data: Path) -> None:
    """A store whose outbox holds rows that no MongoDB takes: one that does not open, one without its fields."""
    store = await Store.open(data, None, 30, user_log=True, seal_log=True)
    await store.upsert_user(KNOWN - 1, NAME, "en")
    await store.upsert_user(KNOWN, NAME, "en")
    await store.close()
    cipher = Cipher(read_key(data.with_name(data.name + ".key")))
    with contextlib.closing(sqlite3.connect(data / STORE)) as db, db:
        db.execute("UPDATE outbox SET sealed = zeroblob(?) WHERE id = 1", (ODD_BYTES,))
        queue_change(db, cipher, "answer", None, {"id": KNOWN}, int(time.time()))


async def _user_log(bot: BotUnderTest, peer: Peer | None) -> list[Row]:
    """What MongoDB has: everything but the odd rows, and nothing that is readable."""
    odd, kept = "odd rows in the outbox", "put aside, the rest reaches MongoDB"
    sealed, unread = "MONGODB_SEAL=1, MongoDB read", "no name, no id"
    if not peer:
        return [skipped(TEST, odd, kept, NO_SERVER), skipped(TEST, sealed, unread, NO_SERVER)]
    store = bot.process.data / STORE
    is_drained = await empties(store, "outbox WHERE set_aside IS NULL", ANSWER_S)
    aside = await asyncio.to_thread(count, store, "outbox WHERE set_aside IS NOT NULL")
    documents = {name: await asyncio.to_thread(peer.documents, name) for name in ("people", "answers")}
    people, answers = len(documents["people"]), len(documents["answers"])
    text = repr(documents)
    needles = [NAME, str(KNOWN), *(str(person.id) for person in bot.users)]
    hits = sum(needle in text for needle in needles)
    return [
        Row(
            TEST, odd, kept, is_drained and aside == 2 and answers == len(bot.ledger.sent), 2,
            note=f"{aside} put aside; {people} people and {answers} answers in MongoDB",
        ),
        Row(TEST, sealed, unread, not hits and people > len(bot.users), len(needles), note=f"{hits} hits"),
    ]  # fmt: skip


def _lengths(bot: BotUnderTest) -> Row:
    """What the lengths of sealed values say."""
    with contextlib.closing(sqlite3.connect(f"file:{bot.process.data / STORE}?mode=ro", uri=True)) as db:
        lengths = [
            length
            for table in SEALED
            for (length,) in db.execute(f"SELECT length(sealed) FROM {table} WHERE length(sealed)")  # noqa: S608 - our names
        ]
    odd = sum((length - SEALED_BYTES) % PAD_BYTES != 0 for length in lengths if length != ODD_BYTES)
    return Row(
        TEST, "lengths of sealed values read", f"multiples of {PAD_BYTES}", bool(lengths) and not odd, len(lengths),
        note=f"{odd} others",
    )  # fmt: skip


def _core_files(bot: BotUnderTest) -> Row:
    """Which processes would leave a core file."""
    family = [bot.pid, *processes.descendants(bot.pid)]
    limits = [resource.prlimit(pid, resource.RLIMIT_CORE) for pid in family]
    allowed = sum(one != (0, 0) for one in limits)
    return Row(
        TEST, "core files of the bot, its page and all workers", "forbidden", not allowed and len(family) > 2,
        len(family), note=f"{len(family)} processes, {allowed} may leave one",
    )  # fmt: skip


async def _open_key(bot: BotUnderTest) -> Row:
    """A start with a key file that everybody may write."""
    before = len(bot.process.log)
    key = bot.process.data.with_name(bot.process.data.name + ".key")
    key.chmod(0o666)
    await bot.process.start()
    status = await asyncio.wait_for(bot.process.wait(), ANSWER_S)
    told = bot.process.log[before:]
    is_clear = "can be changed by other accounts" in told and "Traceback" not in told
    return Row(
        TEST, "a key file that others can change", "the start is refused in one line", status == 2 and is_clear,
        note=f"status {status}",
    )  # fmt: skip


def _graphs(rig: Rig) -> Row:
    """The same indexes built again and again: what of this process's memory gets into the files of their graphs."""
    rounds, found = rig.size(10, 2), set()
    for number in range(rounds):
        made = halves(STARTER, rig.scratch / f"A6-graphs-{number}")
        found.add(tuple((one / GRAPH).read_bytes() for one in made))
    return Row(
        TEST, "an index built again, its graph read", "the same bytes: nothing of the process's memory",
        len(found) == 1, rounds, note=f"{len(found)} different",
    )  # fmt: skip


SCENARIOS = {TEST: exposed}
