"""What Prometheus scrapes from a running bot: true values, and nobody's name."""

import re
from pathlib import Path

import httpx

from lookalike.core.http.server import Server
from lookalike.core.metrics import Metrics
from lookalike.web.metrics_endpoint import build_metrics_app
from tests.support.bot_api.conversation import STARTER, STARTER_PEOPLE
from tests.support.bot_api.server import BotApi
from tests.support.mongo_server import free_port
from tests.support.prometheus import samples
from tests.support.running_bot import RunningBot


async def test_a_running_bot_shows_all_metrics_and_nobodys_name(tmp_path: Path, astronaut: bytes) -> None:
    port = free_port()
    async with (
        BotApi() as api,
        RunningBot(api, tmp_path, STARTER, tmp_path, METRICS_LISTEN=f"127.0.0.1:{port}"),
        httpx.AsyncClient() as client,
    ):
        ann = api.user(first_name="Wilhelmina")
        card = await api.answer_to(ann.photo(astronaut), 60)
        ann.press(card, "consent:yes")
        await api.wait_for(lambda call: "%" in call.text, 60)
        answer = await client.get(f"http://127.0.0.1:{port}/metrics")
        other = await client.get(f"http://127.0.0.1:{port}/")

    found = samples(answer.text)
    assert answer.headers["content-type"].startswith("text/plain")
    assert other.status_code == 404
    assert found['lookalike_updates_total{kind="message"}'] == 1
    assert found['lookalike_updates_total{kind="callback_query"}'] == 1
    for stage in ("download", "wait", "find", "match"):
        assert found[f'lookalike_stage_seconds_count{{stage="{stage}"}}'] == 1
    states = {"workers": 1, "workers_alive": 1, "outbox": 0, "celebrities": STARTER_PEOPLE, "line": 0}
    for state, value in states.items():
        assert found[f'lookalike_state{{what="{state}"}}'] == value
    assert 0 <= found['lookalike_state{what="telegram_silence_s"}'] < 60
    assert any(name.startswith("lookalike_gallery_info{") for name in found)
    assert found["process_resident_memory_bytes"] > 0
    assert not re.search(rf"Wilhelmina|{ann.id}", answer.text)


async def test_a_port_that_is_taken_is_named_and_ends_the_bot(tmp_path: Path) -> None:
    taken = Server("page")
    port = free_port()
    await taken.start(build_metrics_app(Metrics()), "127.0.0.1", port)
    async with BotApi() as api:
        bot = RunningBot(api, tmp_path, STARTER, tmp_path, METRICS_LISTEN=f"127.0.0.1:{port}")
        async with bot:
            assert await bot.wait() == 2
    await taken.close()

    assert f"the metrics cannot listen on 127.0.0.1:{port}" in bot.log
