"""Which people of Wikidata a run admits, and which it rejects with which reason."""

import re
from pathlib import Path

import pytest

from lookalike.collecting.fetching.http_client import TRIES
from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.data import PRESIDENT, WikimediaData, jpeg
from tests.support.wikimedia.server import STACK_TRACE, StandInResponse

BROKEN = [STACK_TRACE] * TRIES  # a request that fails for good


async def test_the_most_famous_come_first_with_all_their_photos(runner: CollectRunner) -> None:
    assert await runner.collect() == 0

    people = runner.people()
    assert list(people) == ["Q1000", "Q1001", "Q1002"]
    assert [one.fame for one in people.values()] == [90, 89, 88]
    assert runner.listed_files() == runner.files()
    assert len(runner.files()) == 9
    assert runner.rejects() == []


async def test_the_limit_is_reached_although_some_people_cannot_be_used(
    runner: CollectRunner, data: WikimediaData
) -> None:
    data.items["Q1000"].offices = (PRESIDENT,)
    await runner.collect("--limit", "2")

    assert list(runner.people()) == ["Q1001", "Q1002"]


async def test_politicians_are_left_out_unless_they_are_asked_for(runner: CollectRunner, data: WikimediaData) -> None:
    data.items["Q1001"].jobs = ("Q82955", *data.items["Q1001"].jobs)
    data.items["Q1002"].jobs += ("Q82955",)  # an actor who became one
    await runner.collect()
    assert list(runner.people()) == ["Q1000", "Q1002"]
    assert runner.rejects() == [("Q1001", "", "a politician")]

    await runner.collect("--with-politicians")
    assert list(runner.people()) == ["Q1000", "Q1001", "Q1002"]


async def test_presidents_are_politicians_whatever_else_they_are(runner: CollectRunner, data: WikimediaData) -> None:
    data.items["Q1001"].offices = (PRESIDENT,)
    data.items["Q1002"].offices = ("Q1234567",)
    await runner.collect()

    assert list(runner.people()) == ["Q1000", "Q1002"]


@pytest.mark.parametrize("line", ["Q1001", "Star_1", "Star_1_по-русски"])
async def test_the_deny_list_holds_ids_or_names(runner: CollectRunner, tmp_path: Path, line: str) -> None:
    (tmp_path / "deny.txt").write_text(f"# nobody\n{line} # asked us to\n", encoding="utf-8")
    await runner.collect("--deny", str(tmp_path / "deny.txt"))

    assert list(runner.people()) == ["Q1000", "Q1002"]
    assert runner.rejects() == [("Q1001", "", "on the deny-list")]


async def test_countries_and_fame_narrow_the_choice(runner: CollectRunner, data: WikimediaData) -> None:
    data.items["Q1001"].country = "Q142"
    await runner.collect("--countries", "fr")
    assert list(runner.people()) == ["Q1001"]
    assert runner.people()["Q1001"].country == "FR"

    await runner.collect("--fame", "89")
    assert list(runner.people()) == ["Q1000", "Q1001"]


async def test_two_ids_of_one_person_make_one_celebrity(
    runner: CollectRunner, data: WikimediaData, tmp_path: Path
) -> None:
    data.merged["Q5"] = "Q1001"
    (tmp_path / "names.txt").write_text("Q5\nQ1001\nStar 1\n")
    await runner.collect("--names", str(tmp_path / "names.txt"), "--limit", "2")

    assert list(runner.people()) == ["Q1001", "Q1000"]
    assert runner.rejects() == [("Q1001", "", "is asked for twice")]


async def test_countries_without_an_answer_are_filled_in_by_the_next_run(runner: CollectRunner) -> None:
    runner.server.faults["query"].extend([StandInResponse(), *BROKEN])  # after the query for people
    await runner.collect("--limit", "1")
    assert runner.people()["Q1000"].country is None

    seen = len(runner.server.seen)
    await runner.collect("--limit", "1")
    assert runner.people()["Q1000"].country == "US"
    assert [one.kind for one in runner.server.seen[seen:]] == ["query"]


async def test_a_missing_list_of_people_drops_nobody(runner: CollectRunner) -> None:
    await runner.collect("--fame", "88")
    before = runner.people()
    runner.server.faults["query"].extend([StandInResponse(b'{"results": {"bindings": []}}')] * 5)
    runner.server.faults["query"].extend(BROKEN * 3)  # those with 88 to 94 sitelinks, with 88 to 90, with 88
    await runner.collect("--fame", "88")

    assert runner.people() == before
    assert runner.query_log.exists()


async def test_one_query_an_occupation_finds_everybody_who_is_famous_enough(runner: CollectRunner) -> None:
    await runner.collect("--limit", "3", "--occupations", "Q33999,Q177220")

    slices = [one for one in runner.server.asked("query") if "P106" in one.params["query"]]
    assert sum("hint:" in one.params["query"].partition("SELECT")[2] for one in slices) == 2


async def test_a_query_that_takes_too_long_is_split_and_the_top_too(runner: CollectRunner) -> None:
    def too_slow(query: str) -> bool:
        """What has 150 sitelinks between its bounds, or begins below 200 and has no upper bound."""
        low, high = re.search(r">= (\d+)", query), re.search(r"< (\d+)", query)
        return low is not None and (int(high[1]) - int(low[1]) > 150 if high else int(low[1]) < 200)

    runner.server.too_slow = too_slow
    runner.server.data.items["Q1000"].links = 300

    assert await runner.collect() == 0
    assert list(runner.people()) == ["Q1000", "Q1001", "Q1002"]


async def test_an_occupation_that_always_takes_too_long_is_given_up_alone(
    runner: CollectRunner, data: WikimediaData
) -> None:
    data.add("Singer", 70, [jpeg(900)], id="Q5000", jobs=("Q177220",))
    runner.server.too_slow = lambda query: "Q33999" in query
    await runner.collect("--occupations", "Q33999,Q177220")

    assert list(runner.people()) == ["Q5000"]
    assert sum("Q33999" in one.params["query"] for one in runner.server.asked("query")) <= 5
    assert runner.query_log.exists()
