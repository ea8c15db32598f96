"""Metrics: counted and timed as things happen, states read when Prometheus scrapes."""

import contextlib

from lookalike.core.metrics import Metrics
from tests.support.prometheus import samples


async def scraped(metrics: Metrics) -> dict[str, float]:
    return samples((await metrics.text()).decode())


async def test_states_are_read_at_each_scrape() -> None:
    metrics, scrapes = Metrics(), []

    async def refresh() -> None:
        scrapes.append(1)
        metrics.states(outbox=len(scrapes))

    metrics.before_scrape(refresh)

    assert [(await scraped(metrics))['lookalike_state{what="outbox"}'] for _ in range(2)] == [1, 2]


async def test_counters_and_times_can_be_read() -> None:
    metrics = Metrics()
    metrics.answer("match")
    metrics.answer("match")
    metrics.failure("poll")
    metrics.observe("download", 0.2)
    found = await scraped(metrics)

    assert found['lookalike_answers_total{outcome="match"}'] == 2
    assert found['lookalike_failures_total{what="poll"}'] == 1
    assert found['lookalike_stage_seconds_sum{stage="download"}'] == 0.2
    assert found['lookalike_stage_seconds_bucket{le="0.1",stage="download"}'] == 0
    assert found['lookalike_stage_seconds_bucket{le="0.25",stage="download"}'] == 1


async def test_a_stage_is_timed_unless_it_fails() -> None:
    metrics = Metrics()
    with metrics.stage("send"):
        pass
    with contextlib.suppress(OSError), metrics.stage("send"):
        raise OSError

    assert (await scraped(metrics))['lookalike_stage_seconds_count{stage="send"}'] == 1


async def test_two_bots_in_one_process_do_not_share_metrics() -> None:
    first, second = Metrics(), Metrics()
    first.update("message")

    assert not any(name.startswith("lookalike_updates_total{") for name in await scraped(second))
