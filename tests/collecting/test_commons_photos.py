"""Which photos of Commons a celebrity gets, with which credit."""

from pathlib import Path

import pytest

from lookalike.collecting.fetching.http_client import TRIES
from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.data import CommonsUpload, WikimediaData, jpeg, sha1
from tests.support.wikimedia.server import STACK_TRACE

BROKEN = [STACK_TRACE] * TRIES  # a request that fails for good


def photo(data: WikimediaData, title: str) -> CommonsUpload:
    return data.uploads[f"File:{title}.jpg"]


async def test_every_photo_has_source_author_and_licence(runner: CollectRunner, data: WikimediaData) -> None:
    await runner.collect("--limit", "1")

    first = runner.people()["Q1000"].photos[0]
    assert first.source_url == "https://commons.wikimedia.org/wiki/File:Star_0_0.jpg"
    assert (first.author, first.license) == ("Jo & Co", "CC BY-SA 4.0")
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


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (CommonsUpload(jpeg(999), license="cc-by-nc-4.0"), "licence is not free: CC BY-NC 4.0 (no commercial use)"),
        (CommonsUpload(jpeg(999), license=None), "no licence"),
        (CommonsUpload(jpeg(999), artist=None), "its licence asks for an author, and none is named"),
        (CommonsUpload(b"<svg/>", mime="image/svg+xml"), "image/svg+xml is no photo"),
        (CommonsUpload(jpeg(999)[:300]), "no answer: unreadable"),
        (CommonsUpload(jpeg(999), thumb=b"<html>no picture</html>"), "no answer: not_a_picture"),
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


async def test_a_photo_that_cannot_be_downloaded_leaves_the_previous_ones(
    runner: CollectRunner, data: WikimediaData
) -> None:
    await runner.collect("--limit", "1")
    before = runner.people()
    photo(data, "Star 0 0").original = jpeg(77)
    runner.server.faults["photo"].extend(BROKEN)
    await runner.collect("--limit", "1")

    assert {one.file for one in runner.people()["Q1000"].photos} == {one.file for one in before["Q1000"].photos}
    await runner.collect("--limit", "1")
    assert sha1(jpeg(77)) in {one.sha1 for one in runner.people()["Q1000"].photos}
    assert runner.listed_files() == runner.files()


async def test_a_category_that_only_the_page_at_commons_names_is_used(
    runner: CollectRunner, data: WikimediaData
) -> None:
    item = data.items["Q1000"]
    item.category, item.linked_category = None, item.category
    await runner.collect("--limit", "1")

    assert len(runner.people()["Q1000"].photos) == 3


async def test_photos_that_depict_a_person_are_used_where_there_are_few(
    runner: CollectRunner, data: WikimediaData
) -> None:
    data.uploads["File:Gala.jpg"] = CommonsUpload(jpeg(888), depicts=("Q1000",))
    data.uploads["File:Statue of Star 0.jpg"] = CommonsUpload(jpeg(889), depicts=("Q1000",))
    await runner.collect("--limit", "1")

    sources = [one.source_url for one in runner.people()["Q1000"].photos]
    assert sources[-1:] == ["https://commons.wikimedia.org/wiki/File:Gala.jpg"]
    assert len(sources) == 4


async def test_a_tiff_is_shown_by_its_thumbnail(runner: CollectRunner, data: WikimediaData) -> None:
    data.uploads["File:Star 0.tif"] = CommonsUpload(b"II*\0", thumb=jpeg(777), mime="image/tiff")
    data.items["Q1000"].images = ["Star_0.tif"]
    await runner.collect("--limit", "1", "--photos-per-person", "1")

    (kept,) = runner.people()["Q1000"].photos
    assert kept.sha1 == sha1(jpeg(777))


@pytest.mark.parametrize("by", ["title", "link", "sha1", "file"])
async def test_one_photo_can_be_denied(runner: CollectRunner, data: WikimediaData, tmp_path: Path, by: str) -> None:
    await runner.collect("--limit", "1")
    lost = runner.people()["Q1000"].photos[0]
    line = {
        "title": "File:Star 0 0.jpg", "link": lost.source_url, "file": lost.file,
        "sha1": sha1(photo(data, "Star 0 0").original),
    }[by]  # fmt: skip
    (tmp_path / "deny.txt").write_text(f"{line} # asked us to\n")
    await runner.collect("--limit", "1", "--deny", str(tmp_path / "deny.txt"))

    assert len(runner.people()["Q1000"].photos) == 2
    assert lost.file not in runner.files()


async def test_a_nomination_for_deletion_is_a_reason(runner: CollectRunner, data: WikimediaData) -> None:
    photo(data, "Star 0 0").meta = {"DeletionReason": "Copyright violation"}
    await runner.collect("--limit", "1")

    assert ("Q1000", "File:Star 0 0.jpg", "nominated for deletion: Copyright violation") in runner.rejects()


async def test_a_file_that_spoils_its_batch_costs_nothing_else(runner: CollectRunner, data: WikimediaData) -> None:
    photo(data, "Star 0 0").is_unscalable = True
    assert await runner.collect() == 0

    assert [len(one.photos) for one in runner.people().values()] == [2, 3, 3]
    assert not runner.query_log.exists()
