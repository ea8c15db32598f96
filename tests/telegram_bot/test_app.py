"""The bot as a process: what it writes, how it starts, stops and takes a new index."""

import asyncio
import signal
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

from lookalike.programs.serve import UNHEALTHY_AFTER_S, BotHealth
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue
from tests.conftest import SmallIndex
from tests.support.bot_api.conversation import SLOW_S, STARTER, STARTER_PEOPLE, answer, consented
from tests.support.bot_api.server import TOKEN, BotApi, error
from tests.support.running_bot import RunningBot
from tests.support.stores import StoreDir

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_no_photo_and_no_name_is_readable_in_the_data_directory(
    api: BotApi, bot: RunningBot, astronaut: bytes
) -> None:
    person = api.user(first_name="Zebulonissima")
    await consented(api, person, astronaut)

    stored = b"".join(file.read_bytes() for file in bot.data.rglob("*") if file.is_file())
    assert stored
    assert astronaut[100:164] not in stored
    assert b"Zebulonissima" not in stored
    assert str(person.id).encode() not in stored


async def test_the_log_holds_no_token_name_or_caption(api: BotApi, bot: RunningBot, astronaut: bytes) -> None:
    person = api.user(first_name="Quidditchia")
    await consented(api, person, astronaut)
    await answer(api, person.photo(astronaut, "what a caption"))
    api.fail("sendMessage", error(400, "Bad Request: something"))
    person.text("hello")
    await api.wait_for(lambda call: call.ok and call.chat_id == person.id and "Hello" in call.text, SLOW_S)

    assert "failed, attempt 1" in bot.log
    for secret in (TOKEN, TOKEN.split(":")[1], "Quidditchia", "what a caption", str(person.id)):
        assert secret not in bot.log


async def test_a_photo_in_flight_at_kill_9_is_answered_after_the_restart(tmp_path: Path, astronaut: bytes) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path) as bot:
        ann = api.user()
        await consented(api, ann, astronaut)
        fetched = len(api.calls)
        sent = ann.photo(astronaut)
        await api.wait_for("getFile", SLOW_S, since=fetched)
        await bot.end(signal.SIGKILL)
        await bot.start()

        assert "%" in (await answer(api, sent)).text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_signal_ends_the_bot_in_order(tmp_path: Path, number: signal.Signals) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path) as bot:
        await answer(api, api.user().text("hello"))

        assert await bot.end(number) == 0
        assert "Traceback" not in bot.log


async def test_stop_signals_that_go_on_until_the_process_is_gone_change_nothing(tmp_path: Path) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path) as bot:
        await answer(api, api.user().text("hello"))
        ended = asyncio.create_task(bot.end())
        while not ended.done():
            bot.send(signal.SIGTERM)
            await asyncio.wait((ended,), timeout=0.002)

        assert ended.result() == 0


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("INDEX_DIR", "/nowhere", "no index in /nowhere"),
        ("WORKERS", "many", "WORKERS"),
        ("TELEGRAM_TOKEN", "1000001:AAwrongwrongwrongwrongwrongwrongwro", "TELEGRAM_TOKEN"),
    ],
)
async def test_a_missing_or_wrong_setting_is_named_in_one_message(
    tmp_path: Path, setting: str, value: str, words: str
) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path, **{setting: value}) as bot:
        assert await bot.wait() == 2
        assert words in bot.log
        assert "Traceback" not in bot.log


async def test_the_page_says_when_the_bot_no_longer_hears_telegram(store_dir: StoreDir) -> None:
    async def unused(_: object) -> None:
        raise AssertionError("nothing is fetched or handled here")

    storage = await store_dir.open()
    health = BotHealth()
    assert health()

    health.updates = UpdateQueue(storage, unused, unused)
    assert health()
    health.updates.liveness.last_answer -= UNHEALTHY_AFTER_S + 1
    assert not health()
    await storage.close()


async def test_a_second_bot_on_the_same_data_is_refused(tmp_path: Path) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path) as first:
        await answer(api, api.user().text("hello"))
        async with RunningBot(api, tmp_path, STARTER, tmp_path) as second:
            assert await second.wait() == 2
        assert "Traceback" not in first.log


async def test_a_new_index_is_taken_on_sighup_and_a_damaged_one_refused(
    tmp_path: Path, small_index: SmallIndex
) -> None:
    index = tmp_path / "index"
    index.symlink_to(STARTER)
    async with BotApi() as api, RunningBot(api, tmp_path, index, tmp_path) as bot:
        ann = api.user()
        assert f"{STARTER_PEOPLE} stars" in (await answer(api, ann.text("/start"))).text
        index.unlink()
        index.symlink_to(small_index.directory)
        bot.send(signal.SIGHUP)
        await bot.logged("new index")
        assert "20 stars" in (await answer(api, ann.text("/start"))).text
        index.unlink()
        bot.send(signal.SIGHUP)
        await bot.logged("refused")

        assert "20 stars" in (await answer(api, ann.text("/start"))).text


async def arrived(answers: AsyncCollection[dict[str, object]], person: int) -> list[dict[str, object]]:
    """The answers of a person, as soon as the user log has them; the server tells nobody when."""
    async with asyncio.timeout(SLOW_S):
        while True:
            if kept := await answers.find({"person": person}).to_list():
                return kept
            await asyncio.sleep(0.05)


async def test_what_people_do_arrives_in_mongodb(tmp_path: Path, mongo_uri: str, astronaut: bytes) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path, MONGODB_URI=mongo_uri) as bot:
        ann = api.user()
        await consented(api, ann, astronaut)
        client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(mongo_uri)
        answers = client.get_default_database()["answers"]
        kept = await arrived(answers, ann.id)
        await client.close()

        assert kept[0]["outcome"] == "match"
        assert await bot.end() == 0
