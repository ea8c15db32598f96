"""Catalogues in three forms, and the ways in which a line can be wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from lookalike.core.errors import CatalogueError
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto, read_catalogue

pytestmark = pytest.mark.fast

JOLIE: dict[str, Any] = {
    "id": "Q13909",
    "name": {"en": "Angelina Jolie", "ru": "Анджелина Джоли"},
    "aliases": {"en": ["Angelina Jolie Voight"]},
    "description": {"en": "American actress"},
    "url": {
        "en": "https://en.wikipedia.org/wiki/Angelina_Jolie",
        "ru": "https://ru.wikipedia.org/wiki/Джоли,_Анджелина",
    },
    "roles": ["actor", "director"],
    "gender": "female",
    "country": "US",
    "born": "1975-06-04",
    "fame": 150,
    "n_movies": 60,
    "photos": [
        {
            "file": "Q13909/1.jpg",
            "source_url": "https://commons.wikimedia.org/wiki/File:1.jpg",
            "author": "Gage Skidmore",
            "license": "CC BY-SA 3.0",
            "license_url": "https://creativecommons.org/licenses/by-sa/3.0",
            "sha1": "0" * 40,
        }
    ],
}


def written(path: Path, *lines: Any) -> Path:
    """A catalogue of JSON Lines; what is not text is written as JSON."""
    text = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "celebrities.jsonl"


def ids(path: Path) -> list[str]:
    """The ids of the good lines; a wrong line fails the test."""
    found = list(read_catalogue(path))
    assert [one for one in found if isinstance(one, str)] == []
    return [one.id for one in found if isinstance(one, Celebrity)]


def message(path: Path) -> str:
    """The message about the one wrong line; the good ones before and after it must have been read."""
    first, wrong, last = read_catalogue(path)
    assert isinstance(first, Celebrity)
    assert isinstance(last, Celebrity)
    assert isinstance(wrong, str)
    return wrong


def between(path: Path, line: Any) -> Path:
    return written(path, {"id": "first", "name": "First"}, line, {"id": "last", "name": "Last"})


# JSON Lines.


def test_a_full_line_is_read_with_all_its_fields(file: Path) -> None:
    (celebrity,) = read_catalogue(written(file, JOLIE))

    assert isinstance(celebrity, Celebrity)
    assert celebrity.model_dump(mode="json", exclude_defaults=True) == JOLIE


def test_id_and_name_are_enough(file: Path) -> None:
    (celebrity,) = read_catalogue(written(file, {"id": "Q1", "name": {"en": "Ada"}}))

    assert celebrity == Celebrity(id="Q1", name={"en": "Ada"})


def test_a_plain_name_is_english(file: Path) -> None:
    (celebrity,) = read_catalogue(written(file, {"id": "Q1", "name": "Ada", "description": "countess"}))

    assert celebrity == Celebrity(id="Q1", name={"en": "Ada"}, description={"en": "countess"})


def test_a_plain_link_is_for_every_language(file: Path) -> None:
    (ada,) = read_catalogue(written(file, {"id": "Q1", "name": "Ada", "url": "https://example.org/Ada"}))

    assert isinstance(ada, Celebrity)
    assert (ada.url_in("en"), ada.url_in("ru")) == ("https://example.org/Ada", "https://example.org/Ada")


def test_a_link_is_the_one_in_the_persons_language_else_any(file: Path) -> None:
    (jolie,) = read_catalogue(written(file, JOLIE))
    bare = Celebrity(id="Q1", name={"en": "Ada"})

    assert isinstance(jolie, Celebrity)
    assert [jolie.url_in(language) for language in ("ru", "fr")] == [JOLIE["url"]["ru"], JOLIE["url"]["en"]]
    assert bare.url_in("en") is None


def test_unknown_keys_are_ignored(file: Path) -> None:
    photo = JOLIE["photos"][0] | {"camera": "Nikon"}

    assert list(read_catalogue(written(file, JOLIE | {"height": 169, "photos": [photo]}))) == list(
        read_catalogue(written(file.with_name("plain.jsonl"), JOLIE))
    )


def test_order_is_kept_and_empty_lines_are_skipped(file: Path) -> None:
    assert ids(written(file, {"id": "b", "name": "B"}, "", "   ", {"id": "a", "name": "A"}, "")) == ["b", "a"]


def test_an_empty_catalogue_has_no_celebrities(file: Path) -> None:
    assert ids(written(file, "")) == []


def test_lines_may_end_as_on_windows(file: Path) -> None:
    file.write_bytes(b'{"id": "a", "name": "A"}\r\n{"id": "b", "name": "B"}\r\n')

    assert ids(file) == ["a", "b"]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_only_a_line_end_ends_a_line(file: Path, separator: str) -> None:
    """JSON may hold some of these in a text as they are, and model_dump_json writes them so."""
    line = Celebrity(id="a", name={"en": "A"}, description={"en": f"one{separator}two"}).model_dump_json()

    assert ids(written(file, line, {"id": "b", "name": "B"})) == ["a", "b"]


def test_a_byte_order_mark_is_no_part_of_the_first_line(file: Path) -> None:
    """What some editors put at the beginning of a file."""
    file.write_bytes(b'\xef\xbb\xbf{"id": "a", "name": "A"}\n')

    assert ids(file) == ["a"]


# Wrong lines.


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("{", "not JSON"),
        ("Ada Lovelace", "not JSON"),
        ("17", "line"),
        ("null", "line"),
        ('"Ada"', "line"),
        ({}, "id"),
        ({"id": "Q1"}, "name"),
        ({"name": "Ada"}, "id"),
        ({"id": "", "name": "Ada"}, "id"),
        ({"id": "x" * 201, "name": "Ada"}, "id"),
        ({"id": 17, "name": "Ada"}, "id"),
        ({"id": "Q1", "name": {}}, "name"),
        ({"id": "Q1", "name": 17}, "name"),
        ({"id": "Q1", "name": {"en": None}}, "name.en"),
        ({"id": "Q1", "name": "Ada", "url": "javascript:alert(1)"}, "url"),
        ({"id": "Q1", "name": "Ada", "url": "//example.org"}, "url"),
        ({"id": "Q1", "name": "Ada", "url": {"en": "https://example.org", "ru": "javascript:alert(1)"}}, "url"),
        ({"id": "Q1", "name": "Ada", "roles": "actor"}, "roles"),
        ({"id": "Q1", "name": "Ada", "fame": "very"}, "fame"),
        ({"id": "Q1", "name": "Ada", "n_movies": 1.5}, "n_movies"),
        ({"id": "Q1", "name": "Ada", "photos": "a.jpg"}, "photos"),
        ({"id": "Q1", "name": "Ada", "photos": ["a.jpg"]}, "photos.0"),
        ({"id": "Q1", "name": "Ada", "photos": [{"file": "a.jpg"}, {}]}, "photos.1.file"),
        ('{"id": "Q1", "name": "\\ud800"}', "name"),
        ('{"id": "Q1", "name": "Ada", "fame": ' + "9" * 5000 + "}", ""),
        ("[" * 100_000, ""),
    ],
)
def test_a_wrong_line_is_named_with_its_field_and_skipped(file: Path, line: Any, field: str) -> None:
    found = message(between(file, line))

    assert found.startswith(f"{file}: line 2: {field}")
    assert "\n" not in found


@pytest.mark.parametrize("id", ["../secret", "a/b", "/", "a\\b", "a\x00b", "..", "."])
def test_an_id_that_is_a_path_is_refused(file: Path, id: str) -> None:
    """Photos are looked for in the folder called like the id."""
    assert f"{file}: line 2: id" in message(between(file, {"id": id, "name": "Ada"}))


@pytest.mark.parametrize(
    "photo", ["../../etc/passwd", "/etc/passwd", "Ada/../../x.jpg", "..", "", ".", "./.", "a\x00b.jpg"]
)
def test_a_photo_outside_the_photos_directory_is_refused(file: Path, photo: str) -> None:
    line = {"id": "Q1", "name": "Ada", "photos": [{"file": photo}]}

    assert f"{file}: line 2: photos.0.file" in message(between(file, line))


@pytest.mark.parametrize("photo", ["a.jpg", "Ada/1.jpg", "..a.jpg", "a..jpg", "Ада Лавлейс/1.jpg", "a:b.jpg"])
def test_odd_names_inside_the_photos_directory_are_fine(photo: str) -> None:
    assert CelebrityPhoto(file=photo).file == photo


def test_the_second_of_two_equal_ids_is_refused(file: Path) -> None:
    found = list(
        read_catalogue(written(file, {"id": "a", "name": "A"}, {"id": "a", "name": "B"}, {"id": "b", "name": "B"}))
    )

    assert [one.name_in("en") for one in found if isinstance(one, Celebrity)] == ["A", "B"]
    assert [one for one in found if isinstance(one, str)] == [f"{file}: line 2: id: 'a' is in the file already"]


# A file that is not a catalogue.


def test_a_missing_file_is_called_missing(file: Path) -> None:
    with pytest.raises(CatalogueError, match=f"{file.name} is missing"):
        list(read_catalogue(file))


def test_a_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=tmp_path.name):
        list(read_catalogue(tmp_path))


def test_bytes_that_are_no_text_are_an_error(file: Path) -> None:
    file.write_bytes(b'{"id": "a", "name": "\xe9"}')

    with pytest.raises(CatalogueError, match=file.name):
        list(read_catalogue(file))


def test_half_a_flat_list_is_an_error(file: Path) -> None:
    file.write_text('[{"name": "Ada"},')

    with pytest.raises(CatalogueError, match=file.name):
        list(read_catalogue(file))


# The flat list.

FLAT = [
    {"name": "Angelina Jolie", "alias": "jolie", "role": "actress", "n_movies": 60},
    {"name": "Tom Hanks", "role": "actor"},
    {"name": "Ада Лавлейс"},
]


def flat(file: Path, entries: Any, template: str | None = None) -> list[Celebrity | str]:
    file.write_text(json.dumps(entries), encoding="utf-8")
    return list(read_catalogue(file, template))


def test_a_flat_list_is_read(file: Path) -> None:
    assert flat(file, FLAT) == [
        Celebrity(id="jolie", name={"en": "Angelina Jolie"}, roles=("actress",), n_movies=60),
        Celebrity(id="Tom_Hanks", name={"en": "Tom Hanks"}, roles=("actor",)),
        Celebrity(id="Ада_Лавлейс", name={"en": "Ада Лавлейс"}),
    ]


@pytest.mark.parametrize(
    ("template", "urls"),
    [
        (
            "https://en.wikipedia.org/wiki/{name}",
            ["https://en.wikipedia.org/wiki/Angelina_Jolie", "https://en.wikipedia.org/wiki/Tom_Hanks"],
        ),
        ("https://example.org/?who={alias}", ["https://example.org/?who=jolie", "https://example.org/?who="]),
        ("https://example.org/", ["https://example.org/"] * 2),
        (None, [None, None]),
    ],
)
def test_a_link_is_made_by_the_template(file: Path, template: str | None, urls: list[str | None]) -> None:
    assert [one.url_in("en") for one in flat(file, FLAT[:2], template) if isinstance(one, Celebrity)] == urls


@pytest.mark.parametrize("template", ["https://example.org/{nme}", "https://example.org/{", "https://example.org/{0}"])
def test_a_wrong_template_is_named(file: Path, template: str) -> None:
    with pytest.raises(CatalogueError, match="template"):
        flat(file, FLAT, template)


@pytest.mark.parametrize(
    "entry", [{"alias": "x"}, "Ada", 17, None, {"name": None}, {"name": ""}, {"name": "/"}, {"name": "..."}]
)
def test_a_wrong_entry_is_named_and_skipped(file: Path, entry: Any) -> None:
    first, wrong, last = flat(file, [FLAT[0], entry, FLAT[1]])

    assert isinstance(first, Celebrity)
    assert isinstance(last, Celebrity)
    assert isinstance(wrong, str)
    assert wrong.startswith(f"{file}: entry 2: ")


def test_a_full_entry_in_a_list_is_read_too(file: Path) -> None:
    assert flat(file, [JOLIE]) == list(read_catalogue(written(file.with_name("lines.jsonl"), JOLIE)))


# Languages.


@pytest.mark.parametrize(
    ("language", "name", "description"),
    [("ru", "Анджелина Джоли", "American actress"), ("en", "Angelina Jolie", "American actress"),
     ("de", "Angelina Jolie", "American actress"), ("", "Angelina Jolie", "American actress")],
)  # fmt: skip
def test_a_text_falls_back_to_english(language: str, name: str, description: str) -> None:
    celebrity = Celebrity.model_validate(JOLIE)

    assert (celebrity.name_in(language), celebrity.description_in(language)) == (name, description)


def test_without_english_any_language_will_do() -> None:
    celebrity = Celebrity(id="Q1", name={"ru": "Ада"})

    assert (celebrity.name_in("de"), celebrity.description_in("de")) == ("Ада", "")


def test_an_empty_name_falls_back_too() -> None:
    assert Celebrity(id="Q1", name={"de": "", "en": "Ada"}).name_in("de") == "Ada"
    assert Celebrity(id="Q1", name={"en": ""}).name_in("de") == "Q1"
