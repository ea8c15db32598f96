"""What Prometheus reads of a running bot: true numbers, and nobody's name."""

import re
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from lookalike.core.http_server import Server
from lookalike.core.metrics import Metrics, build_metrics_app
from tests.support.bot_api.server import BotApi
from tests.support.running_bot import ROOT, RunningBot
from tests.telegram_bot.delivery.test_webhook import free_port

STARTER = ROOT / "assets" / "starter"


def samples(text: str) -> dict[str, float]:
    """`name{label="value"}` -> value, of all samples."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


async def test_states_are_asked_for_when_somebody_scrapes() -> None:
    metrics, asked = Metrics(), []

    async def refresh() -> None:
        asked.append(1)
        metrics.states(outbox=len(asked))

    metrics.refreshed_by(refresh)
    assert samples((await metrics.text()).decode())['lookalike_state{what="outbox"}'] == 1
    assert samples((await metrics.text()).decode())['lookalike_state{what="outbox"}'] == 2


async def test_what_is_counted_and_timed_can_be_read() -> None:
    metrics = Metrics()
    metrics.answer("match")
    metrics.answer("match")
    metrics.failure("poll")
    metrics.took("download", 0.2)
    found = samples((await metrics.text()).decode())

    assert found['lookalike_answers_total{outcome="match"}'] == 2
    assert found['lookalike_failures_total{what="poll"}'] == 1
    assert found['lookalike_stage_seconds_sum{stage="download"}'] == 0.2
    assert found['lookalike_stage_seconds_bucket{le="0.1",stage="download"}'] == 0
    assert found['lookalike_stage_seconds_bucket{le="0.25",stage="download"}'] == 1


async def test_a_stage_that_fails_is_not_timed() -> None:
    metrics = Metrics()
    try:
        with metrics.stage("send"):
            raise OSError
    except OSError:
        pass

    assert 'stage="send"' not in (await metrics.text()).decode()


async def test_two_bots_in_one_process_do_not_share_numbers() -> None:
    first, second = Metrics(), Metrics()
    first.update("message")

    assert "lookalike_updates_total{" not in (await second.text()).decode()


async def test_a_running_bot_tells_all_its_numbers_and_nobodys_name(tmp_path: Path, astronaut: bytes) -> None:
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
    for state, value in {"workers": 1, "workers_alive": 1, "outbox": 0, "celebrities": 551, "line": 0}.items():
        assert found[f'lookalike_state{{what="{state}"}}'] == value
    assert 0 <= found['lookalike_state{what="telegram_silence_s"}'] < 60
    assert any(name.startswith("lookalike_gallery_info{") for name in found)
    assert found["process_resident_memory_bytes"] > 0
    assert not re.search(rf"Wilhelmina|{ann.id}", answer.text)


async def test_metrics_that_have_no_port_are_named(tmp_path: Path) -> None:
    taken = Server("page")
    port = free_port()
    await taken.start(build_metrics_app(Metrics()), "127.0.0.1", port)
    async with BotApi() as api:
        bot = RunningBot(api, tmp_path, STARTER, tmp_path, METRICS_LISTEN=f"127.0.0.1:{port}")
        async with bot:
            assert await bot.wait() == 2
    await taken.close()

    assert f"the metrics cannot listen on 127.0.0.1:{port}" in bot.log
