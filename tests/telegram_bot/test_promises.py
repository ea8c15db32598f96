"""What the bot promises when things go wrong around it, with the real process; where it need not end, with one."""

import re
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.bot_api.conversation import STARTER, STARTER_PEOPLE
from tests.support.bot_api.server import BotApi, Call, Fault, Person, error, html, raw, stall
from tests.support.running_bot import QuickBot, RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = 700_999_001
SLOW_S = 60.0
CROWD = 60  # more than forty have to wait before anybody is told (photo_queue.py)


@pytest_asyncio.fixture(loop_scope="module")
async def own_api() -> AsyncIterator[BotApi]:
    """For a test that ends its bot: one whose updates no other bot fetches."""
    async with BotApi() as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningBot]:
    home = tmp_path_factory.mktemp("bot")
    async with QuickBot(api, home, STARTER, home, ADMIN_IDS=f"1,{ADMIN}") as running:
        yield running


@pytest.fixture(autouse=True)
def _no_faults(api: BotApi) -> Iterator[None]:
    yield
    api.clear()


def bot_in(home: Path, api: BotApi) -> RunningBot:
    return QuickBot(api, home, STARTER, home)


def reaching(person: Person, words: str = "") -> Callable[[Call], bool]:
    """Whether a call is a message with these words to that person."""
    return lambda call: call.ok and call.chat_id == person.id and words in call.text


async def test_an_answer_to_delete_is_not_lost_by_a_crash(tmp_path: Path, own_api: BotApi) -> None:
    ann = own_api.user(first_name="Ann")
    async with bot_in(tmp_path, own_api) as bot:
        await own_api.answer_to(ann.text("hello"), SLOW_S)
        own_api.fault("sendMessage", error(502))
        delete = ann.text("/delete")
        await own_api.wait_for(lambda call: call.method == "sendMessage" and call.status == 502, SLOW_S)
        await bot.end(signal.SIGKILL)
    own_api.clear()
    async with bot_in(tmp_path, own_api):
        told = await own_api.answer_to(delete, SLOW_S)

    assert "Nothing about you" in told.text  # it was erased before the crash


async def test_a_bot_under_a_rush_tells_those_far_back_their_place(
    tmp_path: Path, own_api: BotApi, astronaut: bytes
) -> None:
    people = [own_api.user(first_name=f"Person {number}") for number in range(CROWD)]
    async with bot_in(tmp_path, own_api):
        for person in people:
            person.photo(astronaut)
        cards = [await own_api.wait_for(reaching(person), SLOW_S) for person in people]
        own_api.fault("file", stall(4.0))  # until somebody is told: on a fast machine nobody would wait
        for person, card in zip(people, cards, strict=True):
            person.press(card, "consent:yes")
        await own_api.wait_for(lambda call: call.ok and "in the line" in call.text, SLOW_S)
        own_api.clear("file")
        for person in people:
            await own_api.wait_for(reaching(person, "%"), SLOW_S)
    notes = [call for call in own_api.calls if call.ok and "in the line" in call.text]

    for note in notes:
        place, seconds = map(int, re.findall(r"number (\d+) in the line; that takes about (\d+) second", note.text)[0])
        assert 1 < place <= CROWD
        assert seconds >= 2
    assert len({note.chat_id for note in notes}) == len(notes)  # nobody is told twice


@pytest.mark.parametrize("method", ["getFile", "sendPhoto", "sendMessage", "file"])
async def test_a_403_of_something_in_between_costs_nobody_an_answer(
    api: BotApi, ann: Person, astronaut: bytes, method: str
) -> None:
    card = await api.answer_to(ann.photo(astronaut), SLOW_S)
    api.fail(method, *[error(403)] * 2)
    ann.press(card, "consent:yes")
    await api.wait_for(reaching(ann, "%"), SLOW_S)


@pytest.mark.parametrize("page", [html(200), raw(b"{}"), raw(b"[]"), raw(b"")])
async def test_a_page_instead_of_the_file_is_not_taken_for_the_photo(
    api: BotApi, ann: Person, astronaut: bytes, page: Fault
) -> None:
    card = await api.answer_to(ann.photo(astronaut), SLOW_S)
    api.fail("file", page, page, page)
    ann.press(card, "consent:yes")
    await api.wait_for(reaching(ann, "%"), SLOW_S)


async def test_admins_may_ask_how_much_there_is_and_nobody_else(api: BotApi, ann: Person) -> None:
    stats = await api.answer_to(api.user(id=ADMIN).text("/stats"), SLOW_S)
    refused = await api.answer_to(ann.text("/stats"), SLOW_S)

    assert f"Stars in the gallery: {STARTER_PEOPLE}" in stats.text
    assert "do not know that command" in refused.text


async def test_log_lines_about_a_person_hold_their_alias_and_not_their_id(
    api: BotApi, bot: RunningBot, ann: Person
) -> None:
    await api.answer_to(ann.text("hello"), SLOW_S)
    before = len(bot.log)
    api.fail("sendMessage", error(400, "Bad Request: chat not found"))
    await api.answer_to(ann.text("hello"), SLOW_S)

    lines = bot.log[before:].splitlines()
    (line,) = [line for line in lines if "an update failed" in line]
    assert re.search(r"update=\d+ person=[0-9a-f]{12}$", line)
    assert str(ann.id) not in bot.log


@pytest.mark.parametrize("signals", [1, 3])
async def test_a_stop_signal_however_often_ends_the_bot_with_what_is_under_way_kept(
    tmp_path: Path, own_api: BotApi, signals: int
) -> None:
    ann = own_api.user(first_name="Ann")
    async with bot_in(tmp_path, own_api) as bot:
        await own_api.answer_to(ann.text("hello"), SLOW_S)
        own_api.fault("sendMessage", error(502))
        hello = ann.text("hello")
        await own_api.wait_for(lambda call: call.method == "sendMessage" and call.status == 502, SLOW_S)
        for _ in range(signals - 1):
            bot.send(signal.SIGTERM)
        assert await bot.end() == 0
        assert "Traceback" not in bot.log
    own_api.clear()
    async with bot_in(tmp_path, own_api):
        assert isinstance(await own_api.answer_to(hello, SLOW_S), Call)
