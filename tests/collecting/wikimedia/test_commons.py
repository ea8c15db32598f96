"""Which photos of Commons may be shown, and with which credit."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from lookalike.collecting.fetching.http_client import HttpClient
from lookalike.collecting.wikimedia.commons import Commons, CommonsFile, likely, parse_file, title_of, without_tracking
from lookalike.core.errors import FailureKind, FetchFailed
from tests.support.wikimedia.collect_runner import QUICK
from tests.support.wikimedia.data import CommonsUpload, Json, WikimediaData, jpeg, sha1
from tests.support.wikimedia.server import HTML_PAGE, StandInResponse, WikimediaStandIn

TITLE = "File:Ann Lee 0.jpg"


@pytest.fixture
async def server() -> AsyncIterator[WikimediaStandIn]:
    data = WikimediaData()
    data.add("Ann Lee", photos=[jpeg(n) for n in range(7)])
    async with WikimediaStandIn(data) as server:
        yield server


@pytest.fixture
async def commons(server: WikimediaStandIn) -> AsyncIterator[Commons]:
    async with HttpClient("me@example.org", QUICK) as client:
        yield Commons(client, server.environment["COMMONS_API"])


def page(**meta: str | None) -> Json:
    """A file page with this extmetadata besides a free licence and an author; None: without it."""
    values = {"License": "cc-by-4.0", "LicenseShortName": "CC BY 4.0", "Artist": "Jo"} | meta
    info = {
        "mime": "image/jpeg",
        "sha1": "ab" * 20,
        "url": "https://upload.example/Ann.jpg",
        "thumburl": "https://upload.example/500px-Ann.jpg",
        "descriptionurl": "https://commons.example/wiki/File:Ann.jpg",
        "extmetadata": {name: {"value": value} for name, value in values.items() if value is not None},
    }
    return {"title": TITLE, "imageinfo": [info]}


def test_a_file_has_url_source_author_and_licence() -> None:
    answer = parse_file(page(LicenseUrl="//creativecommons.org/licenses/by/4.0"))

    assert answer == CommonsFile(
        title=TITLE,
        sha1="ab" * 20,
        url="https://upload.example/500px-Ann.jpg",
        is_original=False,
        source_url="https://commons.example/wiki/File:Ann.jpg",
        author="Jo",
        license="CC BY 4.0",
        license_url="https://creativecommons.org/licenses/by/4.0",
    )


@pytest.mark.parametrize("mime", ["image/svg+xml", "image/tiff", "image/gif", "application/pdf"])
def test_a_file_that_is_no_photo_is_named_by_its_type(mime: str) -> None:
    item = page()
    item["imageinfo"][0]["mime"] = mime
    del item["imageinfo"][0]["thumburl"]

    assert parse_file(item) == f"{mime} is no photo"


def test_a_small_original_is_recognised() -> None:
    item = page()
    del item["imageinfo"][0]["thumburl"]
    answer = parse_file(item)

    assert isinstance(answer, CommonsFile)
    assert (answer.url, answer.is_original) == ("https://upload.example/Ann.jpg", True)


@pytest.mark.parametrize("info", [None, [], [None], [{}], {}, [{"mime": "image/jpeg", "extmetadata": []}]])
def test_malformed_file_information_does_not_crash(info: Any) -> None:
    assert parse_file({"title": TITLE, "imageinfo": info}) == "no information at Commons"


@pytest.mark.parametrize(
    "flag", [{"missing": True, "imagerepository": ""}, {"missing": True}, {"missing": ""}, {"invalid": True}]
)
def test_a_deleted_file_is_named(flag: Json) -> None:
    assert parse_file({"title": TITLE} | flag) == "deleted from Commons"


@pytest.mark.parametrize("name", ["url", "thumburl", "descriptionurl"])
def test_links_are_kept_without_their_tracking(name: str) -> None:
    item = page()
    info = item["imageinfo"][0]
    right = info[name]
    info[name] += "?utm_source=commons.wikimedia.org&utm_campaign=index&utm_content=thumbnail"
    file = parse_file(item)

    assert file == parse_file(page())
    assert without_tracking(f"{right}?utm_source=x&lang=en&utm_y") == f"{right}?lang=en"


def test_a_small_original_is_recognised_although_its_links_are_tracked() -> None:
    item = page()
    url = "https://upload.example/Ann.jpg?utm_content="
    item["imageinfo"][0] |= {"url": f"{url}original", "thumburl": f"{url}thumbnail_unscaled"}
    file = parse_file(item)

    assert isinstance(file, CommonsFile)
    assert (file.url, file.is_original) == ("https://upload.example/Ann.jpg", True)


def test_a_tiff_has_a_thumbnail_that_is_a_photo() -> None:
    item = page()
    item["imageinfo"][0] |= {"mime": "image/tiff", "thumburl": "https://upload.example/500px-Ann.tif.jpg"}

    assert isinstance(parse_file(item), CommonsFile)


@pytest.mark.parametrize("name", ["ann_lee 0.jpg", "File:ann_lee_0.jpg", " Ann  lee 0.jpg"])
def test_titles_are_written_as_commons_writes_them(name: str) -> None:
    assert title_of(name) == "File:Ann lee 0.jpg"


def test_files_that_name_the_person_come_first_and_graves_never() -> None:
    titles = ["File:Gala 2019.jpg", "File:Signature of Ann Lee.jpg", "File:Lee, Ann.jpg", "File:Grave of Ann Lee.jpg"]

    assert likely(titles, "Ann Lee") == ["File:Lee, Ann.jpg", "File:Gala 2019.jpg"]


# Requests.


async def test_files_are_keyed_by_the_title_that_was_asked_for(commons: Commons, server: WikimediaStandIn) -> None:
    answers = await commons.files(["File:Ann_Lee_0.jpg", "File:Gone.jpg"])

    assert answers["File:Gone.jpg"] == "deleted from Commons"
    file = answers["File:Ann_Lee_0.jpg"]
    assert isinstance(file, CommonsFile)
    assert (file.sha1, file.author) == (sha1(server.data.uploads[TITLE].original), "Jo & Co")
    assert len(server.seen) == 1


async def test_a_response_in_parts_is_assembled(commons: Commons, server: WikimediaStandIn) -> None:
    server.files_in_part = 2
    titles = [f"File:Ann Lee {n}.jpg" for n in range(7)]
    answers = await commons.files(titles)

    assert all(isinstance(answers[title], CommonsFile) for title in titles)
    assert len(server.seen) == 4


async def test_older_versions_of_a_file_are_not_asked_for(commons: Commons, server: WikimediaStandIn) -> None:
    await commons.files([TITLE])

    assert len(server.seen) == 1


async def test_a_thumbnail_of_a_standard_width_is_asked_for(commons: Commons, server: WikimediaStandIn) -> None:
    server.data.uploads[TITLE] = CommonsUpload(jpeg(1, (2000, 2500)), thumb=jpeg(2))
    file = (await commons.files([TITLE]))[TITLE]

    assert isinstance(file, CommonsFile)
    assert file.url.endswith("/thumb/500px-Ann_Lee_0.jpg")
    assert not file.is_original


async def test_the_photos_of_a_category_are_listed_part_by_part(commons: Commons, server: WikimediaStandIn) -> None:
    server.members_in_part = 3
    server.data.categories["Ann Lee"][2:2] = ["File:Voice.ogg", "File:Map.svg"]

    assert await commons.members("Ann Lee") == [f"File:Ann Lee {n}.jpg" for n in range(7)]
    assert len(server.asked("category")) == 3


async def test_an_endless_category_is_not_read_to_its_end(commons: Commons, server: WikimediaStandIn) -> None:
    server.data.categories["Ann Lee"] = [f"File:{n}.jpg" for n in range(500)]

    assert len(await commons.members("Ann Lee")) == 50
    server.data.categories["Ann Lee"] = [f"File:{n}.ogg" for n in range(5000)]
    assert await commons.members("Ann Lee") == []
    assert len(server.seen) == 1 + 20


async def test_a_missing_category_is_empty(commons: Commons) -> None:
    assert await commons.members("No such") == []


@pytest.mark.parametrize("body", [{}, {"query": []}, {"batchcomplete": True}])
async def test_a_malformed_response_is_an_error(commons: Commons, server: WikimediaStandIn, body: Json) -> None:
    server.faults["files"].append(StandInResponse.of(body))

    with pytest.raises(FetchFailed):
        await commons.files([TITLE])


@pytest.mark.parametrize("query", [{"pages": 3}, {"pages": [None, {}]}, {"pages": {}, "normalized": [None]}])
async def test_malformed_pages_are_omitted(commons: Commons, server: WikimediaStandIn, query: Json) -> None:
    server.faults["files"].append(StandInResponse.of({"query": query}))

    assert await commons.files([TITLE]) == {}


async def test_a_file_that_cannot_be_scaled_spoils_only_itself(commons: Commons, server: WikimediaStandIn) -> None:
    server.data.uploads[TITLE].is_unscalable = True

    with pytest.raises(FetchFailed) as failure:
        await commons.files([TITLE, "File:Ann Lee 1.jpg"])
    assert failure.value.kind is FailureKind.ITEM
    assert await commons.files([TITLE]) == {TITLE: "cannot be scaled by Commons"}


async def test_a_file_whose_bytes_are_missing_is_no_answer(commons: Commons, server: WikimediaStandIn) -> None:
    server.data.uploads[TITLE].is_lost = True

    assert list(await commons.files([TITLE, "File:Ann Lee 1.jpg"])) == ["File:Ann Lee 1.jpg"]


async def test_photos_are_found_by_what_they_depict(commons: Commons, server: WikimediaStandIn) -> None:
    for title in (TITLE, "File:Ann Lee 1.jpg"):
        server.data.uploads[title].depicts = ("Q5", "Q1000")
    server.data.uploads["File:Film.ogv"] = CommonsUpload(b"", depicts=("Q1000",))

    assert await commons.depicting("Q1000") == [TITLE, "File:Ann Lee 1.jpg"]
    assert await commons.depicting("Q100") == []


async def test_a_page_of_html_is_retried(commons: Commons, server: WikimediaStandIn) -> None:
    server.faults["files"].append(HTML_PAGE)

    assert isinstance((await commons.files([TITLE]))[TITLE], CommonsFile)
