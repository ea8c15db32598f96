"""Whom and what a run takes, whom it leaves out and why, and what a wrong answer costs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lookalike.collecting.http_client import TRIES
from tests.support.maintainer import CONTACT, Maintainer
from tests.support.wikimedia import HTML_PAGE, LAG, STACK_TRACE, Answer, Wikimedia
from tests.support.wikiworld import PRESIDENT, Upload, World, jpeg, sha1, small_world

BROKEN = [STACK_TRACE] * TRIES  # a question that gets no answer


@pytest.fixture
def world() -> World:
    return small_world(people=3, photos=3)


@pytest.fixture
async def desk(world: World, tmp_path: Path) -> AsyncIterator[Maintainer]:
    async with Wikimedia(world) as server:
        yield Maintainer(tmp_path, server)


def photo(world: World, title: str) -> Upload:
    return world.uploads[f"File:{title}.jpg"]


async def test_the_most_famous_come_first_with_all_their_photos(desk: Maintainer) -> None:
    assert await desk.collect() == 0

    people = desk.people()
    assert list(people) == ["Q1000", "Q1001", "Q1002"]
    assert [one.fame for one in people.values()] == [90, 89, 88]
    assert desk.named() == desk.files()
    assert len(desk.files()) == 9
    assert desk.rejects() == []


async def test_every_photo_has_what_a_caption_needs(desk: Maintainer, world: World) -> None:
    await desk.collect("--limit", "1")

    first = desk.people()["Q1000"].photos[0]
    assert first.source_url == "https://commons.wikimedia.org/wiki/File:Star_0_0.jpg"
    assert (first.author, first.license) == ("Jo & Co", "CC-BY-SA-4.0")
    assert first.license_url == "https://creativecommons.org/licenses/cc-by-sa-4.0"
    assert first.sha1 == sha1((desk.photos / first.file).read_bytes()) == sha1(photo(world, "Star 0 0").original)


async def test_a_thumbnail_is_fetched_where_there_is_one(desk: Maintainer, world: World) -> None:
    world.uploads["File:Star 0 0.jpg"] = Upload(jpeg(1, (3000, 2000)), thumb=jpeg(2))
    await desk.collect("--limit", "1", "--photos-per-person", "1")
    await desk.collect("--limit", "1", "--photos-per-person", "1", "--width", "960")

    assert [one.path for one in desk.server.asked("photo")] == [f"/thumb/{px}px-Star_0_0.jpg" for px in (500, 960)]
    (kept,) = desk.people()["Q1000"].photos
    assert kept.sha1 == sha1(jpeg(2))
    assert kept.file.endswith("-960.jpg")


async def test_manners_of_a_whole_run(desk: Maintainer) -> None:
    await desk.collect()
    seen = desk.server.seen

    assert all(f"({CONTACT})" in one.agent for one in seen)
    assert all(one.params["maxlag"] == "5" for one in seen if one.kind in ("people", "files", "category"))
    assert {one.params["iiurlwidth"] for one in desk.server.asked("files")} == {"500"}
    assert desk.server.most_at_once[""] <= 3
    assert desk.server.most_at_once["query"] == 1


async def test_the_limit_is_met_although_some_cannot_be_used(desk: Maintainer, world: World) -> None:
    world.humans["Q1000"].offices = (PRESIDENT,)
    await desk.collect("--limit", "2")

    assert list(desk.people()) == ["Q1001", "Q1002"]


async def test_politicians_are_left_out_unless_they_are_asked_for(desk: Maintainer, world: World) -> None:
    world.humans["Q1001"].jobs += ("Q82955",)
    await desk.collect()
    assert list(desk.people()) == ["Q1000", "Q1002"]
    assert desk.rejects() == [("Q1001", "", "a politician")]

    await desk.collect("--with-politicians")
    assert list(desk.people()) == ["Q1000", "Q1001", "Q1002"]


async def test_presidents_are_politicians_whatever_else_they_are(desk: Maintainer, world: World) -> None:
    world.humans["Q1001"].offices = (PRESIDENT,)
    world.humans["Q1002"].offices = ("Q1234567",)
    await desk.collect()

    assert list(desk.people()) == ["Q1000", "Q1002"]


async def test_countries_that_were_not_told_are_filled_in_by_the_next_run(desk: Maintainer) -> None:
    desk.server.faults["query"].extend([Answer()] * 6 + BROKEN)  # after six questions for people
    await desk.collect("--limit", "1")
    assert desk.people()["Q1000"].country is None

    seen = len(desk.server.seen)
    await desk.collect("--limit", "1")
    assert desk.people()["Q1000"].country == "US"
    assert [one.kind for one in desk.server.seen[seen:]] == ["query"]


@pytest.mark.parametrize("line", ["Q1001", "Star_1", "Star_1_по-русски"])
async def test_the_deny_list_holds_ids_or_names(desk: Maintainer, tmp_path: Path, line: str) -> None:
    (tmp_path / "deny.txt").write_text(f"# nobody\n{line} # asked us to\n", encoding="utf-8")
    await desk.collect("--deny", str(tmp_path / "deny.txt"))

    assert list(desk.people()) == ["Q1000", "Q1002"]
    assert desk.rejects() == [("Q1001", "", "on the deny-list")]


async def test_whoever_is_denied_later_loses_their_photos(desk: Maintainer, tmp_path: Path) -> None:
    await desk.collect()
    (tmp_path / "deny.txt").write_text("Q1001")
    await desk.collect("--deny", str(tmp_path / "deny.txt"))

    assert desk.named() == desk.files()
    assert not (desk.photos / "Q1001").exists()


async def test_countries_and_fame_narrow_the_choice(desk: Maintainer, world: World) -> None:
    world.humans["Q1001"].country = "Q142"
    await desk.collect("--countries", "fr")
    assert list(desk.people()) == ["Q1001"]
    assert desk.people()["Q1001"].country == "FR"

    await desk.collect("--fame", "89")
    assert list(desk.people()) == ["Q1000", "Q1001"]


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (Upload(jpeg(999), license="cc-by-nc-4.0"), "licence is not free: cc-by-nc-4.0"),
        (Upload(jpeg(999), license=None), "no licence"),
        (Upload(jpeg(999), artist=None), "its licence asks for an author, and none is named"),
        (Upload(b"<svg/>", mime="image/svg+xml"), "image/svg+xml is no photo"),
        (Upload(jpeg(999)[:300]), "unreadable"),
        (Upload(jpeg(999), thumb=b"<html>no picture</html>"), "not_a_picture"),
    ],
)
async def test_in_the_place_of_an_unusable_photo_the_next_is_taken(
    desk: Maintainer, world: World, upload: Upload, reason: str
) -> None:
    world.uploads["File:Star 0 0.jpg"] = upload
    await desk.collect("--limit", "1", "--photos-per-person", "2")

    assert desk.rejects() == [("Q1000", "File:Star 0 0.jpg", reason)]
    sources = [one.source_url for one in desk.people()["Q1000"].photos]
    assert sources == [f"https://commons.wikimedia.org/wiki/File:Star_0_{n}.jpg" for n in (1, 2)]


async def test_somebody_without_any_usable_photo_is_left_out(desk: Maintainer, world: World) -> None:
    for number in range(3):
        photo(world, f"Star 1 {number}").license = "fair use"
    world.humans["Q1002"].images, world.humans["Q1002"].category = ["Gone.jpg"], None
    await desk.collect()

    assert list(desk.people()) == ["Q1000"]
    assert ("Q1001", "", "no usable photo") in desk.rejects()
    assert ("Q1002", "File:Gone.jpg", "deleted from Commons") in desk.rejects()


async def test_a_photo_of_two_people_is_that_of_the_more_famous(desk: Maintainer, world: World) -> None:
    photo(world, "Star 1 0").original = photo(world, "Star 0 1").original
    await desk.collect()

    assert [len(one.photos) for one in desk.people().values()] == [3, 2, 3]
    assert desk.rejects() == [("Q1001", "File:Star 1 0.jpg", "is a photo of somebody more famous, too")]


async def test_the_same_photo_under_two_names_is_taken_once(desk: Maintainer, world: World) -> None:
    photo(world, "Star 1 2").original = photo(world, "Star 1 0").original
    await desk.collect()

    assert [len(one.photos) for one in desk.people().values()] == [3, 2, 3]
    assert desk.rejects() == []


async def test_two_ids_of_one_person_make_one_celebrity(desk: Maintainer, world: World, tmp_path: Path) -> None:
    world.joined["Q5"] = "Q1001"
    (tmp_path / "names.txt").write_text("Q5\nQ1001\nStar 1\n")
    await desk.collect("--names", str(tmp_path / "names.txt"), "--limit", "2")

    assert list(desk.people()) == ["Q1001", "Q1000"]
    assert desk.rejects() == [("Q1001", "", "is asked for twice")]


# What a wrong answer costs.


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        *((kind, fault) for kind in ("query", "people", "category", "files") for fault in (HTML_PAGE, Answer.of(LAG))),
        *((kind, fault) for kind in ("query", "files", "photo") for fault in (STACK_TRACE, Answer(keep=30))),
        ("photo", Answer(b"", 429)),
    ],
)
async def test_one_wrong_answer_costs_nothing(desk: Maintainer, kind: str, fault: Answer) -> None:
    desk.server.faults[kind].append(fault)

    assert await desk.collect() == 0
    assert len(desk.files()) == len(desk.named()) == 9
    assert not desk.notes.exists()


async def test_a_batch_that_chokes_the_server_costs_only_whom_it_chokes_on(desk: Maintainer) -> None:
    # Three people in one batch, then the first one alone, get no answer.
    desk.server.faults["people"].extend(BROKEN * 2)
    assert await desk.collect() == 0

    assert list(desk.people()) == ["Q1001", "Q1002"]
    assert desk.rejects() == [("Q1000", "", "no answer: status 500")]


async def test_a_question_without_an_answer_is_asked_again_by_the_next_run(desk: Maintainer) -> None:
    desk.server.faults["people"].extend(BROKEN * 2)
    await desk.collect()
    asked = len(desk.server.seen)
    await desk.collect()

    kinds = [one.kind for one in desk.server.seen[asked:]]
    assert list(desk.people()) == ["Q1000", "Q1001", "Q1002"]
    assert kinds == ["people", "category", "files", "photo", "photo", "photo"]
    assert not desk.notes.exists()


@pytest.mark.parametrize("kind", ["people", "category", "files"])
async def test_nobody_is_dropped_for_an_answer_that_does_not_come(desk: Maintainer, kind: str) -> None:
    await desk.collect("--limit", "1")
    before = desk.people()
    desk.server.faults[kind].extend(BROKEN * 3)
    await desk.collect("--limit", "1")

    assert desk.people() == before
    assert desk.named() == desk.files()


async def test_a_list_of_people_that_does_not_come_drops_nobody(desk: Maintainer) -> None:
    await desk.collect("--fame", "88")
    before = desk.people()
    desk.server.faults["query"].extend([Answer(b'{"results": {"bindings": []}}')] * 5)
    desk.server.faults["query"].extend(BROKEN * 3)  # those with 88 to 94 sitelinks, with 88 to 90, with 88
    await desk.collect("--fame", "88")

    assert desk.people() == before
    assert desk.notes.exists()


async def test_a_photo_that_does_not_come_leaves_the_old_ones(desk: Maintainer, world: World) -> None:
    await desk.collect("--limit", "1")
    before = desk.people()
    photo(world, "Star 0 0").original = jpeg(77)
    desk.server.faults["photo"].extend(BROKEN)
    await desk.collect("--limit", "1")

    assert desk.people() == before
    await desk.collect("--limit", "1")
    assert sha1(jpeg(77)) in {one.sha1 for one in desk.people()["Q1000"].photos}
    assert desk.named() == desk.files()
