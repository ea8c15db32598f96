"""What a service does not answer costs nobody a place in the catalogue, and no photo."""

import random

import pytest

from lookalike.collecting.collect import STOPPED
from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.data import CommonsUpload, WikimediaData, jpeg, small_data
from tests.support.wikimedia.server import BLOCK, HTML_PAGE, ROBOT_POLICY, STACK_TRACE, StandInResponse, busy

BAD_REQUEST = StandInResponse(b"Use thumbnail steps listed on https://w.wiki/GHai", 400, "text/plain")


@pytest.fixture
def data() -> WikimediaData:
    data = small_data(people=6, photos=3)
    for title, upload in data.uploads.items():
        data.uploads[title] = CommonsUpload(upload.original, thumb=upload.original + b"thumb")
    return data


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        *((kind, BLOCK) for kind in ("query", "people", "category", "files", "photo")),
        ("query", STACK_TRACE), ("people", busy(status=503)), ("files", busy("86400")),
        *(("photo", response) for response in (BAD_REQUEST, busy("86400"), STACK_TRACE, busy(status=503))),
    ],
)  # fmt: skip
async def test_a_service_that_goes_away_drops_nobody_and_deletes_nothing(
    runner: CollectRunner, kind: str, response: StandInResponse
) -> None:
    await runner.collect()
    before = runner.people()
    runner.server.always[kind] = response

    # Another width: every photo is to be downloaded again.
    assert await runner.collect("--width", "960") in (0, STOPPED)
    assert {id: one.name for id, one in runner.people().items()} == {id: one.name for id, one in before.items()}
    assert set(runner.listed_files()) <= set(runner.files())
    assert all(len(one.photos) == 3 for one in runner.people().values())

    runner.server.always.clear()
    assert await runner.collect("--width", "960") == 0
    assert runner.listed_files() == runner.files()
    assert all(file.endswith("-960.jpg") for file in runner.files())


async def test_a_block_is_told_in_the_words_of_the_server(
    runner: CollectRunner, capsys: pytest.CaptureFixture[str]
) -> None:
    await runner.collect()
    runner.server.always["photo"] = BLOCK
    seen = len(runner.server.asked("photo"))

    assert await runner.collect("--width", "960") == STOPPED
    errors = capsys.readouterr().err
    assert ROBOT_POLICY.decode() in errors
    assert "nothing is lost: wait some hours" in errors
    assert len(runner.server.asked("photo")) - seen <= 2  # that were under way


async def test_what_there_is_gets_written_when_a_server_goes_away(
    runner: CollectRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lookalike.collecting.collect.AT_A_TIME", 4)
    runner.server.faults["photo"].extend([StandInResponse()] * 15)
    runner.server.always["photo"] = BLOCK

    assert await runner.collect() == STOPPED
    assert list(runner.people()) == ["Q1000", "Q1001", "Q1002", "Q1003", "Q1004"]
    assert runner.listed_files() == runner.files()
    runner.server.always.clear()
    assert await runner.collect() == 0
    assert len(runner.people()) == 6


async def test_photos_are_not_looked_for_when_none_can_be_had(
    runner: CollectRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lookalike.collecting.collect.AT_A_TIME", 4)
    await runner.collect("--limit", "4")
    runner.server.always["photo"] = busy("86400")
    seen = len(runner.server.seen)
    await runner.collect("--width", "960")

    assert len(runner.people()) == 4
    assert len(runner.server.asked("photo")) - 12 <= 2
    assert sum(one.kind == "people" for one in runner.server.seen[seen:]) == 1


async def test_one_wrong_body_in_eight_costs_no_photo(runner: CollectRunner) -> None:
    rng = random.Random(3)
    wrong = [HTML_PAGE, StandInResponse(jpeg(0)[:400], type="image/jpeg"), StandInResponse(keep=30)]
    faults = [rng.choice(wrong) if rng.random() < 0.12 else StandInResponse() for _ in range(200)]
    runner.server.faults["photo"].extend(faults)

    assert await runner.collect() == 0
    assert len(runner.files()) == len(runner.listed_files()) == 18
    assert not runner.query_log.exists()


async def test_a_lost_licence_still_counts_while_photos_cannot_be_had(
    runner: CollectRunner, data: WikimediaData
) -> None:
    await runner.collect()
    data.uploads["File:Star 0 0.jpg"].license = "fair use"
    runner.server.always["photo"] = BLOCK
    await runner.collect("--width", "960")

    assert len(runner.people()["Q1000"].photos) == 2
    assert len(runner.files()) == 17


async def test_without_a_network_the_run_ends_within_minutes_and_says_so(
    runner: CollectRunner, capsys: pytest.CaptureFixture[str]
) -> None:
    await runner.collect()
    before, began = runner.people(), runner.clock.now()
    await runner.server.__aexit__()

    assert await runner.collect() == STOPPED
    assert runner.people() == before
    assert runner.clock.now() - began < 60
    assert "cannot be reached" in capsys.readouterr().err
