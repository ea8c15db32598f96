"""The catalogue of the starter gallery: whole, in both languages, with nobody who is denied."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

from lookalike.gallery.catalogue import Celebrity, read_catalogue, read_names
from lookalike.gallery.filters import COUNTRIES
from lookalike.indexing.photo_selection import folder_names

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
ROLES = {
    "actor", "athlete", "basketball player", "businessperson", "coach", "comedian", "dancer", "director", "footballer",
    "model", "musician", "politician", "presenter", "racing driver", "rapper", "religious leader", "royalty", "singer",
    "tennis player", "writer",
}  # fmt: skip
MOST_POLITICIANS = 12  # whom everybody knows, royalty included
LEAST_PEOPLE = 841  # as many as of ../shared/stars are usable


@pytest.fixture(scope="module")
def lines() -> list[Celebrity | str]:
    return list(read_catalogue(ROOT / "assets" / "starter.jsonl"))


@pytest.fixture(scope="module")
def people(lines: list[Celebrity | str]) -> list[Celebrity]:
    return [line for line in lines if isinstance(line, Celebrity)]


def test_every_line_is_right_and_every_id_its_own(lines: list[Celebrity | str]) -> None:
    assert [line for line in lines if isinstance(line, str)] == []
    assert len(lines) >= LEAST_PEOPLE


def test_an_id_fits_into_the_link_that_starts_the_bot_with_a_star(people: list[Celebrity]) -> None:
    """`/start star_<id>`: 64 of A-Z, a-z, 0-9, _ and - (core.telegram.org/bots/features#deep-linking)."""
    assert [one.id for one in people if not re.fullmatch(r"[A-Za-z0-9_-]{1,59}", one.id)] == []


@pytest.mark.parametrize("field", ["name", "description"])
def test_everybody_has_words_in_both_languages(people: list[Celebrity], field: str) -> None:
    texts = {one.id: getattr(one, field) for one in people}

    assert {id: text for id, text in texts.items() if set(text) != {"en", "ru"}} == {}
    assert [text["ru"] for text in texts.values() if len(text["ru"].strip()) < 2 or len(text["ru"]) > 100] == []
    assert [text["en"] for text in texts.values() if re.search("[А-Яа-яЁё]|  |^ | $", text["en"])] == []


def test_russian_names_are_written_in_russian_letters(people: list[Celebrity]) -> None:
    """Artists who write themselves in Latin letters in Russian, too, are known by these names."""
    latin = [one.name["ru"] for one in people if not re.search("[А-Яа-яЁё]", one.name["ru"])]

    assert all(name in {one.name["en"] for one in people} | {"6LACK"} for name in latin)
    assert len(latin) < 20


def test_links_lead_to_articles_of_wikipedia(people: list[Celebrity]) -> None:
    for one in people:
        assert set(one.url) in ({"en"}, {"en", "ru"}), one.id
        for language, url in one.url.items():
            prefix, _, title = url.partition("/wiki/")
            assert prefix == f"https://{language}.wikipedia.org", one.id
            assert title, one.id
            assert not re.search(r"[\s|#?<>\[\]{}]", unquote(title)), one.id
            assert url.isascii(), one.id


def test_two_people_share_a_link_only_if_it_is_about_their_group(people: list[Celebrity]) -> None:
    shared = {url for url, count in Counter(one.url["en"] for one in people).items() if count > 1}

    assert all(", member of " in one.description["en"] for one in people if one.url["en"] in shared)


def test_facts_are_of_the_known_kinds(people: list[Celebrity]) -> None:
    countries = {code for codes in COUNTRIES.values() for code in codes.split()}
    for one in people:
        assert one.roles, one.id
        assert set(one.roles) <= ROLES, one.id
        assert one.gender in ("male", "female"), one.id
        assert one.country in countries, one.id
        assert one.born is not None, one.id
        assert re.fullmatch(r"\d{4}(-\d\d-\d\d)?", one.born), one.id
        assert 1900 <= int(one.born[:4]) <= 2006, one.id
        assert one.fame is not None, one.id
        assert 1 <= one.fame <= 300, one.id


def test_the_most_famous_come_first(people: list[Celebrity]) -> None:
    fame = [one.fame or 0 for one in people]

    assert fame == sorted(fame, reverse=True)


def test_nobody_is_on_the_deny_list(people: list[Celebrity]) -> None:
    denied = read_names(ROOT / "assets" / "deny.txt")

    assert [one.id for one in people if denied.intersection(folder_names(one))] == []


def test_politicians_are_a_handful(people: list[Celebrity]) -> None:
    assert sum(bool({"politician", "royalty", "religious leader"} & set(one.roles)) for one in people) <= (
        MOST_POLITICIANS
    )


def link_photos(out: Path, *sources: Path) -> None:
    """Run bench/starter_photos.py."""
    command = [sys.executable, str(ROOT / "bench" / "starter_photos.py"), *map(str, (out, *sources))]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def test_photos_are_linked_by_id_whatever_the_accents_in_the_name_of_a_folder(tmp_path: Path) -> None:
    for file in ("stars/Kylian Mbappé/1.jpg", "stars/Jimin (BTS)/1.jpg", "stars/Nobody/1.jpg", "more/Pele_0003.jpg",
                 "gallery/Emma_Watson/1.jpg", "stars/Emma Watson/1.jpg", "stars/Emma Watson/notes.txt"):  # fmt: skip
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(file)
    out = tmp_path / "out"
    link_photos(out, tmp_path / "stars", tmp_path / "more", tmp_path / "gallery")

    assert {file.relative_to(out).as_posix(): file.read_text() for file in out.glob("*/*")} == {
        "Kylian_Mbappe/stars_1.jpg": "stars/Kylian Mbappé/1.jpg",
        "Jimin_BTS/stars_1.jpg": "stars/Jimin (BTS)/1.jpg",
        "Pele/more_Pele_0003.jpg": "more/Pele_0003.jpg",
        "Emma_Watson/stars_1.jpg": "stars/Emma Watson/1.jpg",
    }


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared, which has the photos, is not there")
def test_everybody_has_photos_in_the_shared_folders(people: list[Celebrity], tmp_path: Path) -> None:
    link_photos(
        tmp_path / "out", SHARED / "stars" / "photos", SHARED / "faces" / "gallery", SHARED / "faces" / "probes"
    )

    assert {folder.name for folder in (tmp_path / "out").iterdir()} == {one.id for one in people}
