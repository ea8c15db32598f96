"""The parts of the fault rig: the proxy, the counts, damaged indexes, forged log lines, pictures."""

import asyncio
import functools
import logging
import random
import shutil
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from faults import corpus, index_damage, log_forging, rig, store_rows
from faults.ledger import SentPhoto
from faults.proxy import Proxy
from faults.scenarios import clock, disk, index, mongo, privacy
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import GRAPH, MANIFEST
from tests.conftest import SmallIndex
from tests.support.bot_api.server import TOKEN
from tests.support.bot_api.users import Sent

WRITE = b"\x02update\x00 of something"
READ = b"\x02find\x00 of something"


# The proxy.


@pytest.fixture
async def echo() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that sends back what it gets; its port, and what it got."""
    received: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            received.append(data)
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], received
    server.close()


async def ask(proxy: Proxy, question: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(question)
    answer = await reader.read(1000)
    writer.close()
    return answer


async def test_a_proxy_passes_everything_on(echo: tuple[int, list[bytes]]) -> None:
    proxy = Proxy(echo[0], random.Random(1))
    async with proxy.serve():
        assert await ask(proxy, WRITE) == WRITE
    assert proxy.lost_writes == 0


async def test_a_lost_answer_is_that_of_a_write_that_was_done(echo: tuple[int, list[bytes]]) -> None:
    proxy = Proxy(echo[0], random.Random(1))
    proxy.lost = 1.0
    async with proxy.serve():
        assert await ask(proxy, READ) == READ
        assert await ask(proxy, WRITE) == b""
    assert echo[1] == [READ, WRITE]
    assert proxy.lost_writes == 1


async def test_nothing_leaves_a_black_hole_before_it_is_closed(echo: tuple[int, list[bytes]]) -> None:
    proxy = Proxy(echo[0], random.Random(1))
    proxy.passing.clear()
    async with proxy.serve():
        asked = asyncio.create_task(ask(proxy, READ))
        await asyncio.wait((asked,), timeout=0.2)
        assert not asked.done()
        assert echo[1] == []
        proxy.passing.set()
        assert await asked == READ


# Counting.


def test_an_answer_that_mongodb_holds_twice_is_noticed() -> None:
    assert mongo.difference([1, 2], {1, 2}, [2, 1], {1, 2}) == ""
    assert mongo.difference([1, 1, 2], {1, 2}, [1, 2], {1, 2}) == "3 answers in MongoDB, 2 given"
    assert mongo.difference([1], {1, 2}, [1, 2], {1, 2}) == "1 answers in MongoDB, 2 given"
    assert mongo.difference([1], {1}, [1], {1, 2}) == "1 people in MongoDB, 2 there are"


async def test_rows_that_stay_are_not_taken_for_none(tmp_path: Path) -> None:
    file = tmp_path / "store"
    db = sqlite3.connect(file)
    db.execute("CREATE TABLE journal (state TEXT)")
    db.execute("INSERT INTO journal VALUES ('done'), ('new')")
    db.commit()
    db.close()

    assert store_rows.count(file, "journal WHERE state = 'new'") == 1
    assert not await store_rows.empties(file, "journal WHERE state = 'new'", 0.0)
    assert await store_rows.empties(file, "journal WHERE state = 'dead'", 0.0)


@pytest.mark.parametrize(("measured_s", "is_right"), [(0.0, False), (2.1, True), (3602.0, False)])
def test_a_time_that_a_jump_changed_is_not_right(measured_s: float, is_right: bool) -> None:
    assert clock._is_about(measured_s, 2.0) == is_right


def test_a_needle_is_found_in_its_place() -> None:
    places = {"store": b"..Ada..", "log": b"...."}

    assert privacy._hits(places, [b"Ada", b"Bob"]) == {"store": 1}
    assert privacy._in_words(privacy._hits(places, [b"Bob"])) == "0 hits"


def test_somebody_is_looked_for_by_name_words_and_number() -> None:
    class Somebody:
        id = 5_550_001_000_007

    needles = privacy._plain([Somebody()])  # type: ignore[list-item] # only the id is asked for

    assert {b"Thaddea", b"5550001000007", Somebody.id.to_bytes(6, "big")} <= needles


def answered(words: str) -> SentPhoto:
    photo = SentPhoto(Sent(1, {"message_id": 1, "chat": {"id": 1}}, time.monotonic()), -1)
    photo.answers[1] = time.monotonic(), words
    return photo


def test_an_answer_from_neither_build_or_from_a_mixture_is_noticed() -> None:
    ada, bob = frozenset({"Ada"}), frozenset({"Bob"})
    right = [(answered("50% Ada, poet\nx"), 0), (answered("60% Bob\nx"), 0), (answered("50% Ada, poet\nx"), 0)]

    assert index._mixed(right, ada, bob) == (0, 2 / 3)
    assert index._mixed([*right, (answered("50% Eve\nx"), 9)], ada, bob)[0] == 1
    assert index._mixed([*right, (answered("51% Ada, poet\nx"), 0)], ada, bob)[0] == 1


# The store.


async def test_half_a_migration_looks_neither_old_nor_new(tmp_path: Path) -> None:
    old, new = await disk._new_schema(tmp_path)
    db = sqlite3.connect(tmp_path / "schema" / "data" / rig.STORE)
    assert disk._schema(db) == new
    db.execute("DROP INDEX answers_size")

    assert disk._schema(db) not in (old, new)
    db.close()


# Log lines.


@pytest.mark.parametrize("kind", log_forging.KINDS)
def test_every_forged_line_would_leak_without_the_filter(
    kind: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])  # without pytest's own
    log_forging.KINDS[kind](logging.getLogger("forged"))

    told = capsys.readouterr().err
    assert TOKEN.partition(":")[2] in told or log_forging.PASSWORD in told


# Pictures.


@pytest.fixture(scope="module")
def face() -> bytes:
    return corpus.encoded(Image.effect_noise((200, 160), 60).convert("RGB"))


def test_there_are_sixty_made_by_hand_and_none_is_another(face: bytes) -> None:
    made = corpus.hand_made(face)

    assert len(made) >= 60
    assert len(set(made.values())) == len(made)


def test_all_orientations_are_the_same_picture_when_they_are_upright(face: bytes) -> None:
    from lookalike.faces.decoding import Picture, decode

    found: list[Any] = [decode(data) for data in corpus.orientations(face, "PNG").values()]

    assert len(found) == 8
    assert all(isinstance(one, Picture) and one.image.tobytes() == found[0].image.tobytes() for one in found)
    assert len(set(corpus.orientations(face, "PNG").values())) == 8


def test_the_same_chance_makes_the_same_mutations(face: bytes) -> None:
    once = list(corpus.mutations((face,), random.Random(1), 50))

    assert once == list(corpus.mutations((face,), random.Random(1), 50))
    assert once != list(corpus.mutations((face,), random.Random(2), 50))
    assert len(set(once)) == 50


# The index.


def test_a_flip_changes_one_bit(small_index: SmallIndex, tmp_path: Path) -> None:
    (flip,) = index_damage.flips(random.Random(1), small_index.directory, 1)
    damaged_index = flip.copy(small_index.directory, tmp_path / "damaged_index")
    before, after = ((path / MANIFEST).read_bytes() for path in (small_index.directory, damaged_index))

    assert sum((a ^ b).bit_count() for a, b in zip(before, after, strict=True)) == 1


def test_two_halves_make_the_whole(small_index: SmallIndex, tmp_path: Path) -> None:
    halves = [Gallery.load(half) for half in index_damage.halves(small_index.directory, tmp_path)]
    whole = Gallery.load(small_index.directory)

    names = [one.id for half in halves for one in half.celebrities]
    assert sorted(names) == sorted(one.id for one in whole.celebrities)


async def test_an_index_that_is_taken_although_it_should_not_be_is_noticed(
    small_index: SmallIndex, tmp_path: Path
) -> None:
    harmless = index_damage.Damage("nothing", lambda _index: None)
    cut = index_damage.Damage("cut", functools.partial(index_damage._zero, GRAPH))
    row = await index._refused(index._Loader(), tmp_path, small_index.directory, "both", [harmless, cut])

    assert row.held is False
    assert row.note == "1 refused, 1 loaded, 0 crashed the loader: nothing"


async def test_a_loader_that_crashes_is_noticed_and_replaced(small_index: SmallIndex, tmp_path: Path) -> None:
    word = index_damage.Damage(f"{GRAPH}, word at 28", lambda index: index_damage._overwrite(28, index), is_signed=True)
    cut = index_damage.Damage("cut", lambda index: shutil.rmtree(index))
    row = await index._refused(index._Loader(), tmp_path, small_index.directory, "both", [word, cut])

    assert row.held is False
    assert "1 refused" in row.note
