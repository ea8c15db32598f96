"""The rig itself: a photo that is lost or repeated, a secret that leaks, a store that breaks is counted as such."""

import asyncio
import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from faults import processes
from faults.__main__ import _rows_of, shown
from faults.ledger import Ledger, after
from faults.materials import STARTER, Materials
from faults.rig import BotUnderTest, Rig, Row, integrity_errors, leaks, skipped, summed
from tests.support.bot_api.server import TOKEN, BotApi, Sent
from tests.support.running_bot import RunningBot

ANSWER = "87% Ada Lovelace\nA striking likeness!"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest.fixture
def bot(api: BotApi, tmp_path: Path, astronaut: bytes) -> BotUnderTest:
    """A bot whose process never starts: the tests send its messages."""
    bot = BotUnderTest(api, RunningBot(api, tmp_path, STARTER, tmp_path), (astronaut,))
    bot.users.append(api.user(first_name="Wilhelmina"))
    return bot


async def say(api: BotApi, sent: Sent, text: str, *, quotes: bool = True) -> None:
    """Send a message as the bot would."""
    fields = {"chat_id": sent.chat_id, "text": text}
    if quotes:
        fields["reply_parameters"] = {"message_id": sent.message_id}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        done = await client.post(f"{api.url}/bot{TOKEN}/sendMessage", json=fields)
    assert done.status_code == 200


# Counting


async def test_a_photo_that_nobody_answers_is_lost(api: BotApi, bot: BotUnderTest) -> None:
    answered, lost = bot.photo(), bot.photo()
    await say(api, answered.sent, ANSWER)

    assert not await bot.settle(0.1)
    assert (bot.ledger.photos, bot.ledger.lost, bot.ledger.repeated) == (2, 1, 0)
    assert bot.ledger.waiting == [lost]


async def test_a_photo_answered_three_times_is_repeated_twice(api: BotApi, bot: BotUnderTest) -> None:
    photo = bot.photo()
    for _ in range(3):
        await say(api, photo.sent, ANSWER)

    assert await bot.settle(10)
    assert (bot.ledger.lost, bot.ledger.repeated) == (0, 2)


@pytest.mark.parametrize(("words", "quotes"), [("You are number 12.", True), (ANSWER, False), ("", True)])
async def test_what_does_not_answer_a_photo_leaves_it_lost(
    api: BotApi, bot: BotUnderTest, words: str, quotes: bool
) -> None:
    photo = bot.photo()
    if words:
        await say(api, photo.sent, words, quotes=quotes)

    assert bot.ledger.lost == 1


async def test_an_answer_to_one_photo_is_none_to_the_other(api: BotApi, bot: BotUnderTest) -> None:
    first, second = bot.photo(), bot.photo()
    await say(api, second.sent, ANSWER)

    assert bot.ledger.waiting == [first]


async def test_a_reason_in_words_is_an_answer_and_counted_as_refused(api: BotApi, bot: BotUnderTest) -> None:
    photo = bot.photo()
    await say(api, photo.sent, "This picture is damaged and I cannot read it. Please send it again, or another one.")

    assert (bot.ledger.lost, bot.ledger.refused) == (0, 1)


async def test_one_picture_with_two_answers_is_inconsistent(api: BotApi, bot: BotUnderTest) -> None:
    for words in (ANSWER, ANSWER, "12% Ada Lovelace"):
        await say(api, bot.photo().sent, words)

    assert bot.ledger.inconsistent == 1


async def test_a_send_that_took_effect_behind_a_fault_is_counted(api: BotApi, bot: BotUnderTest) -> None:
    from tests.support.bot_api.server import accepted, stall

    photo = bot.photo()
    api.fail("sendMessage", accepted(stall(60.0)))
    stalled = asyncio.create_task(say(api, photo.sent, ANSWER))
    assert await photo.answered(60.0)
    stalled.cancel()
    await say(api, photo.sent, ANSWER)

    assert bot.ledger.repeated == 1


async def test_times_are_those_of_the_first_answer(api: BotApi, bot: BotUnderTest) -> None:
    photo, other = bot.photo(), bot.photo()
    assert after([photo, other], 0.0) == float("inf")
    await say(api, photo.sent, ANSWER)
    first = photo.answered_at
    await say(api, photo.sent, ANSWER)

    assert first
    assert photo.answered_at == first
    assert after([photo], first - 2.0) == pytest.approx(2.0)
    assert after([photo], first + 2.0) == 0.0
    assert bot.ledger.latency_s(95) == photo.latency_s
    assert Ledger().latency_s(95) == float("inf")


# The verdict


async def test_a_row_holds_when_every_photo_is_answered_once(api: BotApi, bot: BotUnderTest) -> None:
    await say(api, bot.photo().sent, ANSWER)

    assert await bot.row("K1", "case", "target") == Row("K1", "case", "target", held=True, photos=1)


async def test_a_row_with_a_lost_photo_does_not_hold(bot: BotUnderTest) -> None:
    bot.photo()
    row = await bot.row("K1", "case", "target")

    assert (row.held, row.lost) == (False, 1)


async def test_repeats_are_held_against_what_was_in_flight_at_the_kills(api: BotApi, bot: BotUnderTest) -> None:
    photo = bot.photo()
    for _ in range(3):
        await say(api, photo.sent, ANSWER)
    bot.ledger.allowed_repeats = 2
    assert (await bot.row("K1", "case", "target")).held

    bot.ledger.allowed_repeats = 1
    row = await bot.row("K1", "case", "target")
    assert (row.held, row.repeated) == (False, 2)
    assert "2 repeated, 1 were in flight" in row.note


async def test_a_row_whose_own_number_is_missed_does_not_hold(bot: BotUnderTest) -> None:
    assert (await bot.row("K1", "case", "target", holds=False)).held is False


async def test_a_refusal_that_should_be_none_does_not_hold(api: BotApi, bot: BotUnderTest) -> None:
    await say(api, bot.photo().sent, "I am sorry, something went wrong here. Please try again.")

    assert (await bot.row("K1", "case", "target", refusals=1)).held
    assert (await bot.row("K1", "case", "target")).held is False


async def test_a_secret_on_the_disk_does_not_hold(bot: BotUnderTest) -> None:
    bot.process.data.mkdir()
    (bot.process.data / "notes").write_text("Wilhelmina was here")

    row = await bot.row("K1", "case", "target")
    assert (row.held, row.note) == (False, "a name in notes")


def test_rows_of_several_bots_make_one_that_holds_only_if_all_do() -> None:
    good = Row("K3", "", "", held=True, photos=5)
    bad = Row("K3", "", "", held=False, photos=5, lost=1, note="why")

    assert summed([good, good], "case", "target", holds=True, rounds=2).held
    both = summed([good, bad], "case", "target", holds=True, rounds=2)
    assert (both.held, both.photos, both.lost, both.note) == (False, 10, 1, "why")
    assert not summed([good, good], "case", "target", holds=False, rounds=2).held


async def test_of_rows_that_share_a_bot_the_last_one_answers_for_the_invariants(bot: BotUnderTest) -> None:
    rows = [Row("A4", case, "target", held=True) for case in ("one", "other")]
    assert await bot.close_shared(rows) == rows

    bot.process.data.mkdir()
    (bot.process.data / "notes").write_text("Wilhelmina was here")
    first, last = await bot.close_shared(rows)
    assert (first.held, last.held, last.note) == (True, False, "a name in notes")


async def test_a_scenario_that_breaks_down_is_a_row_that_did_not_hold(tmp_path: Path) -> None:
    async def broken(_: Rig) -> list[Row]:
        raise OSError("no such thing")

    rig = Rig(Materials((), STARTER, tmp_path), tmp_path, is_short=True)
    rows = await _rows_of("K1", broken, rig)

    assert rows[0].held is False
    assert "OSError: no such thing" in rows[0].note
    assert "**no**" in shown(rows)


def test_what_cannot_run_here_neither_holds_nor_fails() -> None:
    row = skipped("S1", "a full disk", "0 lost", "no tmpfs here")

    assert row.held is None
    assert "not run: no tmpfs here" in shown([row])


# The invariants


def test_secrets_are_found_in_the_log_and_in_every_file_of_the_data(tmp_path: Path, astronaut: bytes) -> None:
    data, log = tmp_path / "data", tmp_path / "bot.log"
    (data / "deep").mkdir(parents=True)
    log.write_text("all is well")
    secrets = {"the token": [TOKEN.encode()], "a photo": [astronaut[1000:1048]]}
    assert leaks(data, log, secrets) == []

    log.write_text(f"GET /bot{TOKEN}/getMe")
    (data / "deep" / "copy.jpg").write_bytes(astronaut)
    assert leaks(data, log, secrets) == ["the token in bot.log", "a photo in copy.jpg"]


def test_a_damaged_store_is_reported_and_a_good_one_is_not(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite3"
    with contextlib.closing(sqlite3.connect(store)) as db:
        db.execute("CREATE TABLE t (a TEXT)")
        db.executemany("INSERT INTO t VALUES (?)", [(f"{number:0500}",) for number in range(200)])
        db.commit()
    assert integrity_errors(store) == []

    content = bytearray(store.read_bytes())
    content[8192:12288] = bytes(4096)
    store.write_bytes(content)
    assert integrity_errors(store)


def test_descendants_are_found_however_deep() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 100 & sleep 100 & wait"]) as parent:
        while len(children := processes.descendants(parent.pid)) < 2:
            pass
        assert all(processes.is_running(pid) for pid in children)
        processes.send([parent.pid, *children], signal.SIGKILL)
    assert processes.descendants(parent.pid) == []
    assert not processes.is_running(parent.pid)


def test_what_a_process_holds_is_read_from_proc() -> None:
    command = "import sys; kept = [open('/dev/null') for _ in range(50)]; print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        found = processes.usage(process.pid)
        assert found.fds >= 53
        assert 3 < found.rss_mb < 200
        processes.send([process.pid], signal.SIGKILL)


OPENS = """
import sys
for _ in sys.stdin:
    try:
        with open("/dev/null"):
            print("opened", flush=True)
    except OSError as error:
        print(error.strerror, flush=True)
"""


def test_a_process_that_may_open_no_file_can_do_so_afterwards() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OPENS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:

        def opens() -> str:
            assert process.stdin
            assert process.stdout
            process.stdin.write("\n")
            return process.stdout.readline()

        assert opens() == "opened\n"
        with processes.no_new_files(process.pid):
            assert opens() == "Too many open files\n"
        assert opens() == "opened\n"


# The real bot


@pytest.fixture
def rig(tmp_path: Path, astronaut: bytes) -> Rig:
    return Rig(Materials((astronaut,), STARTER, tmp_path / "none"), tmp_path, is_short=True)


async def test_a_bot_that_is_killed_and_keeps_its_journal_passes(rig: Rig) -> None:
    async with rig.run_bot("K1", users=3, WORKERS="1") as bot:
        for _ in range(6):
            bot.photo()
        await bot.api.wait_for("getFile", 60, since=len(bot.api.calls))
        await bot.kill()
        await bot.start()
        assert await bot.settle(60)
        row = await bot.row("K1", "case", "target")

    assert row.held, row.note
    assert row.photos == 9


async def test_a_bot_that_is_killed_and_forgets_its_journal_is_caught(rig: Rig) -> None:
    async with rig.run_bot("K1", users=3, WORKERS="1") as bot:
        for _ in range(6):
            bot.photo()
        await bot.api.wait_for("getFile", 60, since=len(bot.api.calls))
        await bot.kill()
        lost = bot.ledger.lost
        shutil.rmtree(bot.process.data)
        confirmed = set(bot.api.confirmed)
        await bot.start()
        await bot.settle(3)
        row = await bot.row("K1", "case", "target")

    assert lost
    assert {photo.sent.update_id for photo in bot.ledger.waiting} <= confirmed
    assert (row.held, row.lost > 0) == (False, True)
