"""Lists that maintainers write: names, catalogues, links, folders."""

from pathlib import Path

import pytest

from lookalike.collecting.downloads import WantedPhoto
from lookalike.collecting.inputs import PersonQuery, read_links, read_person_queries, take_folder
from lookalike.core.errors import CatalogueError, CollectError
from lookalike.core.paths import ROOT
from lookalike.gallery.catalogue import Celebrity
from tests.support.wikimedia.data import jpeg, sha1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.txt"


def queries(path: Path, text: str) -> list[PersonQuery | str]:
    path.write_text(text, encoding="utf-8")
    return list(read_person_queries(path))


def links(path: Path, text: str) -> list[tuple[Celebrity, WantedPhoto] | str]:
    path.write_text(text, encoding="utf-8")
    return list(read_links(path))


def test_a_list_has_a_name_or_an_id_a_line(path: Path) -> None:
    text = "\ufeffKeanu Reeves # the actor\n\n  Q42 \nhttps://www.wikidata.org/wiki/Q7\n# nobody\nЭнн Ли\r\n"

    assert queries(path, text) == [
        PersonQuery("Keanu Reeves"),
        PersonQuery("Q42", id="Q42"),
        PersonQuery("https://www.wikidata.org/wiki/Q7", id="Q7"),
        PersonQuery("Энн Ли"),
    ]


@pytest.mark.parametrize(
    ("line", "id", "article"),
    [
        ('{"id": "Q7", "name": "Ann"}', "Q7", None),
        ('{"id": "Ann", "name": "Ann", "url": "https://www.wikidata.org/wiki/Q7"}', "Q7", None),
        ('{"id": "Ann", "name": "Ann", "url": "https://en.wikipedia.org/wiki/L%C3%A9e_A#Life"}', None, "enwiki:Lée A"),
        ('{"id": "A", "name": "A", "url": "https://zh-yue.wikipedia.org/wiki/A"}', None, "zh_yuewiki:A"),
        ('{"id": "Ann", "name": "Ann", "url": "https://example.org/Ann"}', None, None),
    ],
)  # fmt: skip
def test_a_catalogue_leads_to_people_by_id_by_article_or_by_name(
    path: Path, line: str, id: str | None, article: str | None
) -> None:
    (query,) = queries(path, line + "\n")

    assert isinstance(query, PersonQuery)
    assert (query.id, query.article) == (id, article)
    assert query.line is not None


def test_a_wrong_line_of_a_catalogue_is_named_and_skipped(path: Path) -> None:
    wrong, right = queries(path, '{"id": "a/b", "name": "Ann"}\n{"id": "Bo", "name": "Bo"}\n')

    assert isinstance(wrong, str)
    assert "line 1: id" in wrong
    assert isinstance(right, PersonQuery)


def test_the_starter_catalogue_is_a_list_of_people() -> None:
    found = list(read_person_queries(ROOT / "assets" / "starter.jsonl"))
    by_article = [query for query in found if isinstance(query, PersonQuery) and query.article]

    assert len(found) > 800
    assert len(by_article) == len(found)


@pytest.mark.parametrize("data", [None, b"\xff\xfe\xff"])
def test_an_unreadable_list_is_an_error_that_names_it(path: Path, data: bytes | None) -> None:
    if data:
        path.write_bytes(data)

    with pytest.raises(CatalogueError, match=r"list\.txt"):
        list(read_person_queries(path))
    with pytest.raises(CatalogueError, match=r"list\.txt"):
        list(read_links(path))


def test_a_list_has_a_link_a_line(path: Path) -> None:
    (link,) = links(path, "# photos\nKeanu Reeves\thttps://example.org/k.jpg\n\n")

    assert isinstance(link, tuple)
    assert link[0] == Celebrity(id="Keanu_Reeves", name={"en": "Keanu Reeves"})
    assert (link[1].celebrity, link[1].url) == ("Keanu_Reeves", "https://example.org/k.jpg")


def test_a_link_has_its_credit(path: Path) -> None:
    (link,) = links(
        path,
        '{"name": "Ann", "id": "Q7", "url": "http://x/y", "author": "Jo", "license": "CC0", "license_url": "http://l",'
        ' "source_url": "http://s", "more": 1}\n',
    )

    assert isinstance(link, tuple)
    celebrity, wanted = link
    assert celebrity.id == wanted.celebrity == "Q7"
    assert (wanted.author, wanted.license) == ("Jo", "CC0")
    assert (wanted.license_url, wanted.source_url) == ("http://l", "http://s")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("Ann", "url"),
        ("Ann\tftp://x/y", "url"),
        ("\thttp://x/y", "name"),
        ("..\thttp://x/y", "id"),
        ('{"name": "Ann"}', "url"),
        ('{"name": "Ann", "url": "http://x/y", "id": "../up"}', "id"),
        ('{"name": 3, "url": "http://x/y"}', "name"),
        ('{"name"', "not JSON"),
    ],
)
def test_a_wrong_link_is_named_and_skipped(path: Path, line: str, field: str) -> None:
    wrong, right = links(path, f"{line}\nBo\thttp://x/b.jpg\n")

    assert isinstance(wrong, str)
    assert f"line 1: {field}" in wrong
    assert isinstance(right, tuple)


def test_the_photos_of_a_folder_are_linked(tmp_path: Path) -> None:
    (tmp_path / "mine" / "Ann_Lee").mkdir(parents=True)
    (tmp_path / "mine" / "Ann_Lee" / "1.jpg").write_bytes(jpeg(1))
    (tmp_path / "mine" / "Bo.png").write_bytes(jpeg(2))
    for _ in range(2):
        ann, bo = take_folder(tmp_path / "mine", tmp_path / "photos")

    assert (ann.id, ann.name, [photo.file for photo in ann.photos]) == ("Ann_Lee", {"en": "Ann Lee"}, ["Ann_Lee/1.jpg"])
    assert (bo.photos[0].file, bo.photos[0].sha1) == ("Bo/Bo.png", sha1(jpeg(2)))
    assert (tmp_path / "photos" / "Bo" / "Bo.png").samefile(tmp_path / "mine" / "Bo.png")


def test_a_changed_photo_replaces_the_previous_one(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "photos" / "Bo").mkdir(parents=True)
    (tmp_path / "mine" / "Bo.jpg").write_bytes(jpeg(1))
    (tmp_path / "photos" / "Bo" / "Bo.jpg").write_bytes(jpeg(2))
    take_folder(tmp_path / "mine", tmp_path / "photos")

    assert (tmp_path / "photos" / "Bo" / "Bo.jpg").read_bytes() == jpeg(1)


def test_the_photos_directory_itself_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "Bo.jpg").write_bytes(jpeg(1))
    (bo,) = take_folder(tmp_path, tmp_path / "." / "")

    assert [photo.file for photo in bo.photos] == ["Bo.jpg"]
    assert [path.name for path in tmp_path.iterdir()] == ["Bo.jpg"]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="is missing"):
        take_folder(tmp_path / "nowhere", tmp_path)


def test_a_target_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "Bo.jpg").write_bytes(jpeg(1))
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "Bo").write_text("a file")

    with pytest.raises(CollectError, match=r"Bo\.jpg"):
        take_folder(tmp_path / "mine", tmp_path / "photos")
