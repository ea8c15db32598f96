"""Which people and photos a run takes, which it rejects and why, and what a wrong response costs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lookalike.collecting.http_client import TRIES
from tests.support.collect_runner import CONTACT, CollectRunner
from tests.support.wikimedia_data import PRESIDENT, CommonsUpload, WikimediaData, jpeg, sha1, small_data
from tests.support.wikimedia_server import HTML_PAGE, LAG, STACK_TRACE, StandInResponse, WikimediaStandIn

BROKEN = [STACK_TRACE] * TRIES  # a request that fails for good


@pytest.fixture
def data() -> WikimediaData:
    return small_data(people=3, photos=3)


@pytest.fixture
async def runner(data: WikimediaData, tmp_path: Path) -> AsyncIterator[CollectRunner]:
    async with WikimediaStandIn(data) as server:
        yield CollectRunner(tmp_path, server)


def photo(data: WikimediaData, title: str) -> CommonsUpload:
    return data.uploads[f"File:{title}.jpg"]


async def test_the_most_famous_come_first_with_all_their_photos(runner: CollectRunner) -> None:
    assert await runner.collect() == 0

    people = runner.people()
    assert list(people) == ["Q1000", "Q1001", "Q1002"]
    assert [one.fame for one in people.values()] == [90, 89, 88]
    assert runner.listed_files() == runner.files()
    assert len(runner.files()) == 9
    assert runner.rejects() == []


async def test_every_photo_has_source_author_and_licence(runner: CollectRunner, data: WikimediaData) -> None:
    await runner.collect("--limit", "1")

    first = runner.people()["Q1000"].photos[0]
    assert first.source_url == "https://commons.wikimedia.org/wiki/File:Star_0_0.jpg"
    assert (first.author, first.license) == ("Jo & Co", "CC-BY-SA-4.0")
    assert first.license_url == "https://creativecommons.org/licenses/cc-by-sa-4.0"
    assert first.sha1 == sha1((runner.photos / first.file).read_bytes()) == sha1(photo(data, "Star 0 0").original)


async def test_a_thumbnail_is_downloaded_where_there_is_one(runner: CollectRunner, data: WikimediaData) -> None:
    data.uploads["File:Star 0 0.jpg"] = CommonsUpload(jpeg(1, (3000, 2000)), thumb=jpeg(2))
    await runner.collect("--limit", "1", "--photos-per-person", "1")
    await runner.collect("--limit", "1", "--photos-per-person", "1", "--width", "960")

    assert [one.path for one in runner.server.asked("photo")] == [f"/thumb/{px}px-Star_0_0.jpg" for px in (500, 960)]
    (kept,) = runner.people()["Q1000"].photos
    assert kept.sha1 == sha1(jpeg(2))
    assert kept.file.endswith("-960.jpg")


async def test_a_whole_run_keeps_to_the_rules_of_the_servers(runner: CollectRunner) -> None:
    await runner.collect()
    seen = runner.server.seen

    assert all(f"({CONTACT})" in one.agent for one in seen)
    assert all(one.params["maxlag"] == "5" for one in seen if one.kind in ("people", "files", "category"))
    assert {one.params["iiurlwidth"] for one in runner.server.asked("files")} == {"500"}
    assert runner.server.most_at_once[""] <= 3
    assert runner.server.most_at_once["query"] == 1


async def test_the_limit_is_reached_although_some_people_cannot_be_used(
    runner: CollectRunner, data: WikimediaData
) -> None:
    data.items["Q1000"].offices = (PRESIDENT,)
    await runner.collect("--limit", "2")

    assert list(runner.people()) == ["Q1001", "Q1002"]


async def test_politicians_are_left_out_unless_they_are_asked_for(runner: CollectRunner, data: WikimediaData) -> None:
    data.items["Q1001"].jobs += ("Q82955",)
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


async def test_countries_without_an_answer_are_filled_in_by_the_next_run(runner: CollectRunner) -> None:
    runner.server.faults["query"].extend([StandInResponse()] * 6 + BROKEN)  # after six queries for people
    await runner.collect("--limit", "1")
    assert runner.people()["Q1000"].country is None

    seen = len(runner.server.seen)
    await runner.collect("--limit", "1")
    assert runner.people()["Q1000"].country == "US"
    assert [one.kind for one in runner.server.seen[seen:]] == ["query"]


@pytest.mark.parametrize("line", ["Q1001", "Star_1", "Star_1_по-русски"])
async def test_the_deny_list_holds_ids_or_names(runner: CollectRunner, tmp_path: Path, line: str) -> None:
    (tmp_path / "deny.txt").write_text(f"# nobody\n{line} # asked us to\n", encoding="utf-8")
    await runner.collect("--deny", str(tmp_path / "deny.txt"))

    assert list(runner.people()) == ["Q1000", "Q1002"]
    assert runner.rejects() == [("Q1001", "", "on the deny-list")]


async def test_photos_of_a_person_denied_later_are_deleted(runner: CollectRunner, tmp_path: Path) -> None:
    await runner.collect()
    (tmp_path / "deny.txt").write_text("Q1001")
    await runner.collect("--deny", str(tmp_path / "deny.txt"))

    assert runner.listed_files() == runner.files()
    assert not (runner.photos / "Q1001").exists()


async def test_countries_and_fame_narrow_the_choice(runner: CollectRunner, data: WikimediaData) -> None:
    data.items["Q1001"].country = "Q142"
    await runner.collect("--countries", "fr")
    assert list(runner.people()) == ["Q1001"]
    assert runner.people()["Q1001"].country == "FR"

    await runner.collect("--fame", "89")
    assert list(runner.people()) == ["Q1000", "Q1001"]


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (CommonsUpload(jpeg(999), license="cc-by-nc-4.0"), "licence is not free: cc-by-nc-4.0"),
        (CommonsUpload(jpeg(999), license=None), "no licence"),
        (CommonsUpload(jpeg(999), artist=None), "its licence asks for an author, and none is named"),
        (CommonsUpload(b"<svg/>", mime="image/svg+xml"), "image/svg+xml is no photo"),
        (CommonsUpload(jpeg(999)[:300]), "unreadable"),
        (CommonsUpload(jpeg(999), thumb=b"<html>no picture</html>"), "not_a_picture"),
    ],
)
async def test_an_unusable_photo_is_replaced_by_the_next(
    runner: CollectRunner, data: WikimediaData, upload: CommonsUpload, reason: str
) -> None:
    data.uploads["File:Star 0 0.jpg"] = upload
    await runner.collect("--limit", "1", "--photos-per-person", "2")

    assert runner.rejects() == [("Q1000", "File:Star 0 0.jpg", reason)]
    sources = [one.source_url for one in runner.people()["Q1000"].photos]
    assert sources == [f"https://commons.wikimedia.org/wiki/File:Star_0_{n}.jpg" for n in (1, 2)]


async def test_a_person_without_a_usable_photo_is_rejected(runner: CollectRunner, data: WikimediaData) -> None:
    for number in range(3):
        photo(data, f"Star 1 {number}").license = "fair use"
    data.items["Q1002"].images, data.items["Q1002"].category = ["Gone.jpg"], None
    await runner.collect()

    assert list(runner.people()) == ["Q1000"]
    assert ("Q1001", "", "no usable photo") in runner.rejects()
    assert ("Q1002", "File:Gone.jpg", "deleted from Commons") in runner.rejects()


async def test_a_photo_of_two_people_is_that_of_the_more_famous(runner: CollectRunner, data: WikimediaData) -> None:
    photo(data, "Star 1 0").original = photo(data, "Star 0 1").original
    await runner.collect()

    assert [len(one.photos) for one in runner.people().values()] == [3, 2, 3]
    assert runner.rejects() == [("Q1001", "File:Star 1 0.jpg", "is a photo of somebody more famous, too")]


async def test_the_same_photo_under_two_names_is_taken_once(runner: CollectRunner, data: WikimediaData) -> None:
    photo(data, "Star 1 2").original = photo(data, "Star 1 0").original
    await runner.collect()

    assert [len(one.photos) for one in runner.people().values()] == [3, 2, 3]
    assert runner.rejects() == []


async def test_two_ids_of_one_person_make_one_celebrity(
    runner: CollectRunner, data: WikimediaData, tmp_path: Path
) -> None:
    data.merged["Q5"] = "Q1001"
    (tmp_path / "names.txt").write_text("Q5\nQ1001\nStar 1\n")
    await runner.collect("--names", str(tmp_path / "names.txt"), "--limit", "2")

    assert list(runner.people()) == ["Q1001", "Q1000"]
    assert runner.rejects() == [("Q1001", "", "is asked for twice")]


# What a wrong response costs.


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
    assert kinds == ["people", "category", "files", "photo", "photo", "photo"]
    assert not runner.query_log.exists()


@pytest.mark.parametrize("kind", ["people", "category", "files"])
async def test_a_missing_answer_drops_nobody(runner: CollectRunner, kind: str) -> None:
    await runner.collect("--limit", "1")
    before = runner.people()
    runner.server.faults[kind].extend(BROKEN * 3)
    await runner.collect("--limit", "1")

    assert runner.people() == before
    assert runner.listed_files() == runner.files()


async def test_a_missing_list_of_people_drops_nobody(runner: CollectRunner) -> None:
    await runner.collect("--fame", "88")
    before = runner.people()
    runner.server.faults["query"].extend([StandInResponse(b'{"results": {"bindings": []}}')] * 5)
    runner.server.faults["query"].extend(BROKEN * 3)  # those with 88 to 94 sitelinks, with 88 to 90, with 88
    await runner.collect("--fame", "88")

    assert runner.people() == before
    assert runner.query_log.exists()


async def test_a_photo_that_cannot_be_downloaded_leaves_the_previous_ones(
    runner: CollectRunner, data: WikimediaData
) -> None:
    await runner.collect("--limit", "1")
    before = runner.people()
    photo(data, "Star 0 0").original = jpeg(77)
    runner.server.faults["photo"].extend(BROKEN)
    await runner.collect("--limit", "1")

    assert runner.people() == before
    await runner.collect("--limit", "1")
    assert sha1(jpeg(77)) in {one.sha1 for one in runner.people()["Q1000"].photos}
    assert runner.listed_files() == runner.files()
