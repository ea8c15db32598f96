"""What a wrong response costs: a retry, an item, never a celebrity."""

import pytest

from lookalike.collecting.fetching.http_client import TRIES
from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.server import HTML_PAGE, LAG, STACK_TRACE, StandInResponse

BROKEN = [STACK_TRACE] * TRIES  # a request that fails for good


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        *(
            (kind, fault)
            for kind in ("query", "people", "category", "files")
            for fault in (HTML_PAGE, StandInResponse.of(LAG))
        ),
        *((kind, fault) for kind in ("query", "files", "photo") for fault in (STACK_TRACE, StandInResponse(keep=30))),
        ("photo", StandInResponse(b"", 429)),
    ],
)
async def test_one_wrong_response_costs_nothing(runner: CollectRunner, kind: str, fault: StandInResponse) -> None:
    runner.server.faults[kind].append(fault)

    assert await runner.collect() == 0
    assert len(runner.files()) == len(runner.listed_files()) == 9
    assert not runner.query_log.exists()


async def test_a_batch_that_fails_costs_only_the_item_that_fails_alone(runner: CollectRunner) -> None:
    # Three people in one batch, then the first one alone, get no answer.
    runner.server.faults["people"].extend(BROKEN * 2)
    assert await runner.collect() == 0

    assert list(runner.people()) == ["Q1001", "Q1002"]
    assert runner.rejects() == [("Q1000", "", "no answer: status 500")]


async def test_an_unanswered_query_is_asked_again_by_the_next_run(runner: CollectRunner) -> None:
    runner.server.faults["people"].extend(BROKEN * 2)
    await runner.collect()
    asked = len(runner.server.seen)
    await runner.collect()

    kinds = [one.kind for one in runner.server.seen[asked:]]
    assert list(runner.people()) == ["Q1000", "Q1001", "Q1002"]
    assert kinds == ["people", "category", "search", "files", "photo", "photo", "photo"]
    assert not runner.query_log.exists()


@pytest.mark.parametrize("kind", ["people", "category", "files"])
async def test_a_missing_answer_drops_nobody(runner: CollectRunner, kind: str) -> None:
    await runner.collect("--limit", "1")
    before = runner.people()
    runner.server.faults[kind].extend(BROKEN * 3)
    await runner.collect("--limit", "1")

    assert runner.people() == before
    assert runner.listed_files() == runner.files()
