"""The report as a file: what it says, what it shows, and that no text in it is executed."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from lookalike.gallery.catalogue import CelebrityPhoto
from lookalike.indexing.duplicate_check import DuplicatePair, MixedPhotos, SharedFile, Suspects
from lookalike.indexing.embed_photos import KILLS_ITS_WORKER
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report import page as report_page
from lookalike.indexing.report import view_models
from lookalike.indexing.report.collector_rejects import NotCollected
from lookalike.indexing.report.namesakes import Namesakes
from lookalike.indexing.report.page import remarks, write_report
from lookalike.indexing.report.suspects import case_name
from lookalike.indexing.report.view_models import sample_of
from tests.support.galleries import ParsedPage, draw, page_of, report, star

pytestmark = pytest.mark.fast
PEOPLE = [star(number) for number in range(12)]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def pictures(page: ParsedPage) -> list[dict[str, str]]:
    return page.all("img")


def placeholders(page: ParsedPage) -> list[dict[str, str]]:
    return page.all("span", **{"class": "none"})


def test_a_good_gallery_has_no_remarks(tmp_path: Path) -> None:
    page = page_of(report(PEOPLE), tmp_path / "report.html")

    assert remarks(report(PEOPLE)) == []
    assert "12 people 24 photos · built 20 November 2026, 11:22 UTC" in page.text
    assert "Nothing here deserves a second look." in page.text


def test_all_celebrities_are_in_the_sheet_by_name(tmp_path: Path) -> None:
    page = page_of(report([star(2), star(0, name={"en": "Élan"}), star(1, name={"en": "Zoë"})]), tmp_path / "r.html")

    sheet = page.html.split('id="sheet"')[1]
    assert re.findall(r'class="name"><bdi>(.*?)</bdi>', sheet) == ["Élan", "Star 2", "Zoë"]


def test_a_large_gallery_shows_a_sample_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_models, "MAX_SHEET", 11)
    monkeypatch.setattr(view_models, "SHEET_SAMPLE", 4)

    page = page_of(report(PEOPLE), tmp_path / "report.html")

    assert "showing 4 of 12" in page.text
    assert len([li for li in page.all("li") if "data-words" in li]) == 4
    names = sorted(one.name_in("en") for one in PEOPLE)
    assert [one.name_in("en") for one in sample_of(PEOPLE)] == [names[0], names[3], names[7], names[11]]


def test_the_page_makes_no_request(tmp_path: Path) -> None:
    photos = draw(tmp_path / "photos", "Q0/1.png")
    celebrity = star(0, url="https://en.wikipedia.org/wiki/Star", photos=[{"file": "Q0/1.png"}])

    page = page_of(report([celebrity, *PEOPLE[1:]], photos), tmp_path / "report.html")

    assert pictures(page)
    for tag, attributes in page.elements:
        assert attributes.get("src", "data:").startswith("data:")
        assert tag not in {"link", "iframe", "object", "embed", "base", "use", "image"}
        assert tag == "a" or "href" not in attributes
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if "href" in attributes and not attributes["href"].startswith("#"):
            assert attributes["href"].startswith("https://en.wikipedia.org/")
    assert re.search(r"url\(|@import", page.html) is None
    assert page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"].startswith("default-src 'none'")


def test_a_catalogue_cannot_inject_markup(tmp_path: Path) -> None:
    photo = CelebrityPhoto(
        file="Q0/1.png",
        author=HOSTILE,
        license=HOSTILE,
        source_url="javascript:alert(3)",
        license_url="data:text/html,x",
    )
    hostile = star(
        0, id=HOSTILE.replace("/", ""), name={"en": HOSTILE, "ru": HOSTILE}, country=HOSTILE, roles=(HOSTILE,),
        gender=HOSTILE, born=HOSTILE, photos=(photo,),
    )  # fmt: skip
    photos = draw(tmp_path / "photos", "Q0/1.png")
    rejects = [
        IndexReject(HOSTILE, "Q0/1.png", HOSTILE),
        IndexReject("", "", HOSTILE),
        IndexReject("Q1", HOSTILE, "blurred"),
    ]
    suspects = Suspects((DuplicatePair(hostile, star(1), 0.3, ("Q0/1.png", "Q1/1.png")),))

    page = page_of(report([hostile], photos, rejects, suspects=suspects), tmp_path / "report.html")

    assert [tag for tag, _ in page.elements if tag == "script"] == ["script"]  # the page's own
    assert not any("onerror" in attributes or attributes.get("src") == "x" for _, attributes in page.elements)
    assert not [link for link in page.all("a") if not link["href"].startswith("#")]
    assert HOSTILE in page.words


def test_a_file_name_that_cannot_be_decoded_is_written_with_escapes(tmp_path: Path) -> None:
    page = page_of(report(PEOPLE, None, [IndexReject("Q1", "caf\udce9.jpg", "unreadable")]), tmp_path / "report.html")

    assert "caf\\udce9.jpg" in page.text


def test_without_photos_there_is_no_picture_anywhere(tmp_path: Path) -> None:
    suspects = Suspects((DuplicatePair(star(0), star(1), 0.3, ("Q0/1.png", "Q1/1.png")),))

    page = page_of(
        report(PEOPLE, None, [IndexReject("Q1", "Q1/3.png", "blurred")], suspects=suspects), tmp_path / "r.html"
    )

    assert not pictures(page)
    assert not placeholders(page)
    assert "data:image" not in page.html
    assert "Q1/3.png" in page.text


def test_a_photo_that_is_missing_or_broken_has_a_placeholder(tmp_path: Path) -> None:
    photos = draw(tmp_path / "photos", "Q0/1.png")
    (photos / "Q1").mkdir()
    (photos / "Q1/1.png").write_bytes(b"no picture")
    os.mkfifo(photos / "pipe.png")
    rejects = [IndexReject("Q1", file, "unreadable") for file in ("pipe.png", "Q1", "x" * 300 + ".png", "\0.png")]

    page = page_of(report([star(0), star(1), star(2)], photos, rejects), tmp_path / "report.html")

    sheet = page.html.split('id="sheet"')[1]
    assert sheet.count("<img") == 1
    assert sheet.count('class="none"') == 5  # all others of two photos each
    assert page.html.split('id="left-out"')[1].split("<section")[0].count('class="none"') == 4


def test_a_photo_that_killed_a_worker_is_not_opened(tmp_path: Path) -> None:
    photos = draw(tmp_path / "photos", "bad.png")

    page = page_of(
        report([star(0)], photos, [IndexReject("Q9", "bad.png", KILLS_ITS_WORKER)]), tmp_path / "report.html"
    )

    assert not pictures(page)


@pytest.mark.parametrize("file", ["../outside.png", "Q0/../../outside.png", "{tmp}/outside.png"])
def test_no_picture_is_read_from_outside_the_photos_directory(tmp_path: Path, file: str) -> None:
    draw(tmp_path, "outside.png")
    photos = draw(tmp_path / "photos", "Q0/1.png")

    page = page_of(
        report([star(5)], photos, [IndexReject("Q9", file.format(tmp=tmp_path), "blurred")]), tmp_path / "r.html"
    )

    assert not pictures(page)


def test_each_photo_has_its_name_file_and_whole_credit(tmp_path: Path) -> None:
    source = "https://commons.wikimedia.org/wiki/File:A_star%27s_portrait.png"
    author = "A. Photographer of a very long name / and another one / for the Foundation of a Festival in a Town"
    photo = CelebrityPhoto(file="Q0/1.png", author=author, license="CC BY-SA 4.0", source_url=source)
    rejected = CelebrityPhoto(file="Q0/9.png", author="B. Photographer", license_url="https://example.org/licence")
    photos = draw(tmp_path / "photos", "Q0/1.png", "Q0/9.png")

    page = page_of(
        report(
            [star(0, photos=(photo,))],
            photos,
            [IndexReject("Q0", "Q0/9.png", "blurred")],
            left_out={"Q0": star(0, photos=(photo, rejected))},
            photos_link="../photos",
        ),
        tmp_path / "report.html",
    )

    titles = {picture["title"] for picture in pictures(page)}
    assert titles == {f"Star 0, photo: {author} · CC BY-SA 4.0", "Star 0, photo: B. Photographer · licence"}
    assert page.all("a", href=source)
    assert page.all("a", href="https://example.org/licence")
    assert page.all("a", href="./../photos/Q0/9.png")
    sheet = ParsedPage(page.html.split('id="sheet"')[1]).text
    left_out = ParsedPage(page.html.split('id="left-out"')[1].split("<section")[0]).text
    assert f"Q0/1.png A star's portrait.png © {author} · CC BY-SA 4.0" in sheet
    assert "Star 0 Q0 Q0/9.png © B. Photographer · licence" in left_out


def test_all_photos_of_a_person_are_there(tmp_path: Path) -> None:
    files = [f"Q0/{number}.png" for number in range(5)]
    photos = draw(tmp_path / "photos", *files)

    page = page_of(report([star(0, photos=[{"file": file} for file in files])], photos), tmp_path / "report.html")

    sheet = page.html.split('id="sheet"')[1]
    assert sheet.count("<img") == 5
    assert "5 photos" in sheet
    assert [file for file in files if f"<bdi>{file}</bdi>" in sheet] == files


def test_many_people_have_one_picture_each_and_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_models, "MAX_THUMBNAILS", 3)
    photos = draw(tmp_path / "photos", "Q0/1.png", "Q0/2.png", "Q1/1.png", "Q1/2.png")

    page = page_of(report([star(0), star(1)], photos), tmp_path / "report.html")

    sheet = page.html.split('id="sheet"')[1]
    assert sheet.count("<img") == 2
    assert "Q0/2.png" in sheet


def test_a_person_with_more_photos_than_are_named_says_so(tmp_path: Path) -> None:
    one = star(0, photos=[{"file": f"Q0/{number}.png"} for number in range(100)])

    page = page_of(report([one]), tmp_path / "report.html")

    assert "100 photos" in page.text
    assert "and 60 more" in page.text


def test_the_collectors_rejects_link_to_commons(tmp_path: Path) -> None:
    rejected = [
        NotCollected("Q7", "Zoë", 'File:A "b" & c?.jpg', "licence is not free: CC BY-NC 2.0"),
        NotCollected("Q8", "<b>Bo", "javascript:alert(1)", "unreadable"),
    ]

    page = page_of(report(PEOPLE, not_collected=rejected), tmp_path / "report.html")

    shown = page.html.split('id="not-collected"')[1].split("<section")[0]
    (link,) = ParsedPage(shown).all("a")
    assert link["href"] == "https://commons.wikimedia.org/wiki/File:A_%22b%22_%26_c%3F.jpg"
    assert "licence is not free" in shown
    assert "CC BY-NC 2.0" in shown
    assert "javascript:alert(1)" in ParsedPage(shown).words


def test_every_id_can_be_copied(tmp_path: Path) -> None:
    page = page_of(report(PEOPLE, None, [IndexReject("Q99", "", "no usable photo")]), tmp_path / "report.html")

    ids = {button["data-copy"] for button in page.all("button", **{"class": "copy"})}
    assert ids >= {one.id for one in PEOPLE} | {"Q99"}


def test_suspects_are_shown_side_by_side(tmp_path: Path) -> None:
    one, two = star(0, name={"en": "Ada"}), star(1, name={"en": "Bo"})
    photos = draw(tmp_path / "photos", "Q0/1.png", "Q0/2.png", "Q1/1.png")
    suspects = Suspects(
        (DuplicatePair(one, two, 0.312, ("Q0/1.png", "Q1/1.png")),),
        (MixedPhotos(one, 0.71, (("Q0/1.png",), ("Q0/2.png",) * 9)),),
        (SharedFile((one, two), ("Q0/1.png", "Q1/1.png")),),
    )

    page = page_of(
        report([one, two], photos, suspects=suspects, namesakes=[Namesakes("Ada", (one, two), 0.7)]),
        tmp_path / "r.html",
    )

    shown = page.html.split('id="suspects"')[1].split("<section")[0]
    assert shown.count("<img") == 2 + 1 + 6 + 2 + 3
    text = ParsedPage(shown).text
    assert "Suspects 4 open" in text
    assert re.search(r"One person under two names\? 1 .*distance 0\.31 Ada Q0 .*Bo Q1 ", text)
    assert re.search(r"Two people under one name\? 1 .*distance 0\.71 Ada .*Ada ", text)
    assert re.search(r"One photo under several names 1 .*Ada .*Bo", text)
    assert re.search(r"One name, several people 1 .*Ada distance 0\.70 Ada .*Bo", text)


def test_a_solved_suspect_is_told_from_an_open_one(tmp_path: Path) -> None:
    pairs = tuple(DuplicatePair(star(number), star(number + 1), 0.3, None) for number in (0, 2))
    one = report(PEOPLE, suspects=Suspects(pairs), checked=frozenset({case_name("duplicate", "Q2", "Q3")}))

    shown = page_of(one, tmp_path / "report.html").html.split('id="suspects"')[1].split("<section")[0]
    still_open, solved = (ParsedPage(part).text for part in shown.split("<h3>Solved"))

    assert "1 open, 1 solved" in still_open
    assert "Star 0" in still_open
    assert "Star 2" not in still_open
    assert "you checked it" in solved
    assert "How to solve it" not in solved
    assert remarks(one)[0].text.startswith("1 may be somebody else")


def test_more_suspects_than_can_be_shown_are_counted(tmp_path: Path) -> None:
    pairs = tuple(DuplicatePair(star(number), star(number + 1), 0.3, None) for number in range(90))

    mixed = (MixedPhotos(star(2), 0.7, ((), ())),)
    page = page_of(report(PEOPLE, suspects=Suspects(pairs, mixed)), tmp_path / "report.html")

    assert "Suspects 91 open" in page.text
    assert "Showing 60 of 90" in page.text
    assert "Two people under one name?" in page.text


def test_hubs_are_those_with_most_best_matches(tmp_path: Path) -> None:
    counts = np.array([0, 5, 15, 0, 0, 0, 0, 0, 0, 0, 0, 0], np.int32)

    page = page_of(report(PEOPLE, match_counts=counts), tmp_path / "report.html")

    hubs = page.html.split('class="card hubs"')[1].split("</ol>")[0]
    assert re.findall(r'class="name"><bdi>(.*?)</bdi>', hubs) == ["Star 2", "Star 1"]
    assert "75%" in hubs
    assert "10 of 12 are the star of none" in page.text


def test_a_gallery_of_one_says_that_there_is_no_comparison(tmp_path: Path) -> None:
    alone = report([star(0, country=None)], best_scores=np.empty(0, np.float32), match_counts=np.zeros(1, np.int32))

    page = page_of(alone, tmp_path / "report.html")

    assert "1 person" in page.text
    assert "There is nobody else to compare with" in page.text
    assert remarks(alone) == []


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0%"), (0.0004, "<0.1%"), (0.0125, "1.2%"), (0.354, "35%"), (1, "100%")]
)
def test_a_share_is_rounded_for_reading(share: float, text: str) -> None:
    assert report_page.percent_text(share) == text


def test_the_same_report_is_the_same_file(tmp_path: Path) -> None:
    photos = draw(tmp_path / "photos", "Q0/1.png")
    for name in ("a.html", "b.html"):
        write_report(report(PEOPLE, photos), tmp_path / name)

    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
