"""Photos on the disk are complete, or they are not there."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from lookalike.collecting.downloads import BODY_TRIES, PhotoChecker, WantedPhoto, download, sha1_of, write_whole
from lookalike.collecting.fetching.http_client import TRIES, HttpClient
from lookalike.core.errors import CollectError, FetchFailed
from lookalike.faces.types import Reason, Refusal
from lookalike.workers import worker_process
from tests.support.pools import ROGUE, child_pids
from tests.support.wikimedia.collect_runner import QUICK, check_here
from tests.support.wikimedia.data import jpeg, sha1, small_data
from tests.support.wikimedia.server import StandInResponse, WikimediaStandIn


@pytest.fixture
async def server() -> AsyncIterator[WikimediaStandIn]:
    async with WikimediaStandIn(small_data(people=1, photos=1)) as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    async with HttpClient("me@example.org", QUICK) as client:
        yield client


@pytest.fixture
def wanted(server: WikimediaStandIn) -> WantedPhoto:
    return WantedPhoto(
        "Q1000", "name-500", f"{server.url}/original/Star_0_0.jpg", author="Jo", license="CC0", source_url="https://c/f"
    )


def encoded(kind: str, size: tuple[int, int] = (60, 60)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


def serve(server: WikimediaStandIn, data: bytes) -> None:
    server.data.uploads["File:Star 0 0.jpg"].original = data


def files(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*"))


async def test_a_photo_is_in_the_folder_of_its_celebrity(
    client: HttpClient, wanted: WantedPhoto, tmp_path: Path
) -> None:
    assert wanted.as_photo(tmp_path) is None
    assert await download(client, check_here, wanted, tmp_path) is None

    photo = wanted.as_photo(tmp_path)
    assert photo is not None
    assert photo.model_dump(exclude_defaults=True) == {
        "file": "Q1000/name-500.jpg",
        "sha1": sha1(jpeg(0)),
        "author": "Jo",
        "license": "CC0",
        "source_url": "https://c/f",
    }
    assert (tmp_path / photo.file).read_bytes() == jpeg(0)
    assert files(tmp_path) == ["Q1000", "Q1000/name-500.jpg"]


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp")])
async def test_a_photo_has_the_ending_of_its_format(
    client: HttpClient, server: WikimediaStandIn, wanted: WantedPhoto, tmp_path: Path, kind: str, ending: str
) -> None:
    serve(server, encoded(kind))
    await download(client, check_here, wanted, tmp_path)

    assert wanted.path(tmp_path) == tmp_path / "Q1000" / f"name-500{ending}"


@pytest.mark.parametrize(
    ("data", "reason"),
    [(encoded("PNG", (10, 10)), "face_too_small"), (encoded("GIF"), "not a JPEG, PNG or WebP")],
    ids=["tiny", "gif"],
)
async def test_a_file_that_is_no_use_is_refused(
    client: HttpClient, server: WikimediaStandIn, wanted: WantedPhoto, tmp_path: Path, data: bytes, reason: str
) -> None:
    serve(server, data)

    assert await download(client, check_here, wanted, tmp_path) == reason
    assert files(tmp_path) == []


WRONG_BYTES = [b"<html>no photo</html>", jpeg(1)[:400], b""]


@pytest.mark.parametrize("data", WRONG_BYTES, ids=["html", "cut off", "empty"])
async def test_wrong_bytes_are_asked_for_again(
    client: HttpClient, server: WikimediaStandIn, wanted: WantedPhoto, tmp_path: Path, data: bytes
) -> None:
    server.faults["photo"].append(StandInResponse(data, type="image/jpeg"))

    assert await download(client, check_here, wanted, tmp_path) is None
    assert (len(server.seen), files(tmp_path)) == (2, ["Q1000", "Q1000/name-500.jpg"])


@pytest.mark.parametrize("data", WRONG_BYTES, ids=["html", "cut off", "empty"])
async def test_wrong_bytes_are_an_error_and_no_refusal(
    client: HttpClient, server: WikimediaStandIn, wanted: WantedPhoto, tmp_path: Path, data: bytes
) -> None:
    serve(server, data)

    with pytest.raises(FetchFailed):
        await download(client, check_here, wanted, tmp_path)
    assert (len(server.seen), files(tmp_path)) == (BODY_TRIES, [])


async def test_a_missing_photo_is_refused_with_its_status(
    client: HttpClient, server: WikimediaStandIn, wanted: WantedPhoto, tmp_path: Path
) -> None:
    server.data.uploads.clear()

    assert await download(client, check_here, wanted, tmp_path) == "status 404"


async def test_a_server_that_is_down_is_an_error_and_no_refusal(
    client: HttpClient, server: WikimediaStandIn, wanted: WantedPhoto, tmp_path: Path
) -> None:
    server.faults["photo"].extend([StandInResponse(b"", 500)] * TRIES)

    with pytest.raises(FetchFailed, match="status 500"):
        await download(client, check_here, wanted, tmp_path)


async def test_bytes_with_another_sha1_are_not_kept(client: HttpClient, wanted: WantedPhoto, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="not the bytes"):
        await download(client, check_here, replace(wanted, sha1=sha1(b"other")), tmp_path)
    assert files(tmp_path) == []
    assert await download(client, check_here, replace(wanted, sha1=sha1(jpeg(0))), tmp_path) is None


async def test_a_photo_that_cannot_be_written_is_an_error_that_names_it(
    client: HttpClient, wanted: WantedPhoto, tmp_path: Path
) -> None:
    (tmp_path / "Q1000").write_text("a file where the folder should be")

    with pytest.raises(CollectError, match=r"Q1000/name-500.jpg: (Not a directory|File exists)"):
        await download(client, check_here, wanted, tmp_path)


def test_a_full_disk_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    full = tmp_path / ".full.part"
    full.symlink_to("/dev/full")

    with pytest.raises(CollectError, match="full: No space left on device"):
        write_whole(tmp_path / "full", b"x")
    assert not (tmp_path / "full").exists()


def test_a_file_is_replaced_by_rename(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / ".a.part").write_text("left by a run that was killed, and longer than what comes")
    write_whole(tmp_path / "a", b"new")

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "new")]


def test_sha1_is_written_as_commons_does() -> None:
    assert sha1_of(b"") == "da39a3ee5e6b4b0d3255bfef95601890afd80709"


async def test_photos_are_decoded_in_a_worker_that_starts_with_the_first(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = child_pids()
    async with PhotoChecker() as check:
        assert child_pids() == before
        answers = await asyncio.gather(check(jpeg(1)), check(b"<html>"), check(jpeg(2)))
        assert len(child_pids() - before) == 1

    assert list(answers) == [None, Refusal(Reason.NOT_A_PICTURE), None]
    assert child_pids() == before


async def test_a_photo_that_crashes_its_decoder_is_unreadable(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "PROGRAM", ROGUE)
    async with PhotoChecker() as check:
        assert await check(b"abort") == Refusal(Reason.UNREADABLE)
        assert await check(jpeg(1)) is None


async def test_a_run_without_photos_starts_no_worker() -> None:
    before = child_pids()
    async with PhotoChecker():
        pass

    assert child_pids() == before
