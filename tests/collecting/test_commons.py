"""Which photos of Commons may be shown, and with which credit."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from lookalike.collecting.commons import ZERO, Commons, CommonsFile, likely, parse_file, plain_author, title_of
from lookalike.collecting.http_client import HttpClient
from lookalike.core.errors import FetchFailed
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
    async with HttpClient("me@example.org", 1e6, first_pause_s=0.0001) as client:
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


@pytest.mark.parametrize(
    "license",
    ["cc0", "CC0", "pd", "pd-usgov", "cc-by-2.0", "cc-by-sa-4.0", "cc-by-sa-3.0-de", "cc-by-sa-3.0,2.5,2.0,1.0"],
)
def test_free_licences_are_accepted(license: str) -> None:
    assert isinstance(parse_file(page(License=license)), CommonsFile)


@pytest.mark.parametrize(
    "license",
    [
        "cc-by-nc-2.0",
        "cc-by-nd-4.0",
        "cc-by-nc-sa-3.0",
        "cc-by-sa-3.0-nc",
        "gfdl",
        "fair use",
        "pdq",
        "cc-by",
        "cc-sa-1",
    ],
)
def test_other_licences_are_refused(license: str) -> None:
    assert parse_file(page(License=license)) == f"licence is not free: {license}"


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        ({"License": None}, "no licence"),
        ({"License": ""}, "no licence"),
        ({"NonFree": "true"}, "licence is not free: cc-by-4.0"),
        ({"LicenseUrl": "https://creativecommons.org/licenses/by-nc/4.0"}, "licence is not free: cc-by-4.0"),
        ({"Artist": None}, "its licence asks for an author, and none is named"),
        ({"Artist": "<br>"}, "its licence asks for an author, and none is named"),
        ({"License": "pd", "Artist": "", "AttributionRequired": "true"},
         "its licence asks for an author, and none is named"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_shown_has_a_reason(meta: dict[str, str | None], reason: str) -> None:
    assert parse_file(page(**meta)) == reason


def test_the_public_domain_needs_no_author() -> None:
    answer = parse_file(page(License="cc0", Artist=None, LicenseShortName=None))

    assert isinstance(answer, CommonsFile)
    assert (answer.author, answer.license, answer.license_url) == (None, "CC0", ZERO)


@pytest.mark.parametrize("mime", ["image/svg+xml", "image/tiff", "image/gif", "application/pdf"])
def test_a_file_that_is_no_photo_is_named_by_its_type(mime: str) -> None:
    item = page()
    item["imageinfo"][0]["mime"] = mime

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


@pytest.mark.parametrize("flag", [{"missing": True}, {"missing": ""}, {"invalid": True}])
def test_a_deleted_file_is_named(flag: Json) -> None:
    assert parse_file({"title": TITLE} | flag) == "deleted from Commons"


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ('<a href="x">Jo &amp; Co</a>', "Jo & Co"),
        ("<ul><li><a>Jo</a>\n from  <b>Riga</b></li></ul>", "Jo from Riga"),
        ('Unknown author<span style="display: none;">Unknown author</span>', "Unknown author"),
        ("J" * 81, "J" * 79 + "…"),
        ("J" * 80, "J" * 80),
    ],
)
def test_an_author_is_one_plain_line(text: str, author: str) -> None:
    assert plain_author(text) == author


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


async def test_a_page_of_html_is_retried(commons: Commons, server: WikimediaStandIn) -> None:
    server.faults["files"].append(HTML_PAGE)

    assert isinstance((await commons.files([TITLE]))[TITLE], CommonsFile)
