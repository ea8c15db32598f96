"""The report as a file: what it says, what it shows, and that no text in it is executed."""

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.indexing.duplicate_check import DuplicatePair, MixedPhotos, SharedFile, Suspects
from lookalike.indexing.embed_photos import KILLS_ITS_WORKER
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report import page as report_page
from lookalike.indexing.report import view_models
from lookalike.indexing.report.page import remarks, write_report
from lookalike.indexing.report.view_models import ViewModels, plain, sample_of
from tests.support.galleries import ParsedPage, draw, manifest, page_of, report, star

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
    assert re.findall(r"<bdi>(.*?)</bdi>", sheet) == ["Élan", "Star 2", "Zoë"]


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
    assert sheet.count('class="none"') == 2
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


def test_each_picture_has_its_credit_and_link(tmp_path: Path) -> None:
    source = "https://commons.wikimedia.org/wiki/File:Star.png"
    photo = CelebrityPhoto(file="Q0/1.png", author="A. Photographer", license="CC BY-SA 4.0", source_url=source)
    rejected = CelebrityPhoto(file="Q0/9.png", author="B. Photographer", license_url="https://example.org/licence")
    photos = draw(tmp_path / "photos", "Q0/1.png", "Q0/9.png")

    page = page_of(
        report(
            [star(0, photos=(photo,))],
            photos,
            [IndexReject("Q0", "Q0/9.png", "blurred")],
            credits={"Q0/9.png": rejected},
        ),
        tmp_path / "report.html",
    )

    titles = [picture["title"] for picture in pictures(page)]
    assert set(titles) == {"Star 0, photo: A. Photographer · CC BY-SA 4.0", "Q0, photo: B. Photographer"}
    assert page.all("a", href=source, **{"class": "credit"})
    assert page.all("a", href="https://example.org/licence", **{"class": "credit"})
    assert "A. Photographer · CC BY-SA 4.0" in page.text
    assert "B. Photographer" in page.text


def test_rejects_are_shown_by_reason(tmp_path: Path) -> None:
    rejects = [IndexReject("Q1", f"Q1/{number}.png", "no_face") for number in range(60)]
    rejects += [IndexReject("Q2", "Q2/1.png", "same as Q2/0.png"), IndexReject("Q3", "Q3/1.png", "same as Q3/0.png")]
    rejects += [
        IndexReject("", "", "celebrities.jsonl: line 3: id: Field required"),
        IndexReject("Q4", "", "on the deny-list"),
    ]

    page = page_of(report(PEOPLE, None, rejects), tmp_path / "report.html")

    found = [(one.bar.label, one.bar.count) for one in ViewModels(None, {}).rejects(rejects)]
    assert found == [
        ("no face", 60), ("same as another photo", 2), ("wrong line of the catalogue", 1), ("on the deny-list", 1)
    ]  # fmt: skip
    assert "Showing 24 of 60" in page.text
    assert "Q2/1.png: same as Q2/0.png" in page.text
    assert "celebrities.jsonl: line 3: id: Field required" in page.text


def test_rare_reasons_share_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_models, "MAX_REASONS", 1)
    rejects = [
        IndexReject("Q1", "1.png", "blurred"),
        IndexReject("Q1", "2.png", "blurred"),
        IndexReject("Q1", "3.png", "too tilted"),
    ]

    rare = ViewModels(None, {}).rejects([*rejects, IndexReject("Q1", "4.png", "no_face")])[-1]

    assert (rare.bar.label, rare.bar.count) == ("2 other reasons", 2)
    assert rare.lines == ("3.png: too tilted", "4.png: no_face")


def test_suspects_are_shown_side_by_side(tmp_path: Path) -> None:
    one, two = star(0, name={"en": "Ada"}), star(1, name={"en": "Bo"})
    photos = draw(tmp_path / "photos", "Q0/1.png", "Q0/2.png", "Q1/1.png")
    suspects = Suspects(
        (DuplicatePair(one, two, 0.312, ("Q0/1.png", "Q1/1.png")),),
        (MixedPhotos(one, 0.71, (("Q0/1.png",), ("Q0/2.png",) * 9)),),
        (SharedFile((one, two), ("Q0/1.png", "Q1/1.png")),),
    )

    page = page_of(report([one, two], photos, suspects=suspects), tmp_path / "report.html")

    shown = page.html.split('id="suspects"')[1].split("<section")[0]
    assert shown.count("<img") == 2 + 1 + 6 + 2
    text = ParsedPage(shown).text
    assert re.search(r"One person under two names\? distance 0\.31 Ada .*Bo", text)
    assert re.search(r"Two people under one name\? distance 0\.71 Ada .*Ada and 3 more", text)
    assert re.search(r"One photo under several names Ada .*Bo", text)


def test_more_suspects_than_can_be_shown_are_counted(tmp_path: Path) -> None:
    many = Suspects(
        tuple(DuplicatePair(star(0), star(1), 0.3, None) for _ in range(30)), (MixedPhotos(star(2), 0.7, ((), ())),)
    )

    page = page_of(report(PEOPLE, suspects=many), tmp_path / "report.html")

    assert "Suspects showing 25 of 31" in page.text
    assert "Two people under one name?" in page.text


def test_hubs_are_those_with_most_best_matches(tmp_path: Path) -> None:
    counts = np.array([0, 5, 15, 0, 0, 0, 0, 0, 0, 0, 0, 0], np.int32)

    page = page_of(report(PEOPLE, match_counts=counts), tmp_path / "report.html")

    hubs = page.html.split('class="card hubs"')[1].split("</ol>")[0]
    assert re.findall(r"<bdi>(.*?)</bdi>", hubs) == ["Star 2", "Star 1"]
    assert "75%" in hubs
    assert "10 of 12 are the star of none" in page.text


def test_a_gallery_of_one_says_that_there_is_no_comparison(tmp_path: Path) -> None:
    alone = report([star(0, country=None)], best_scores=np.empty(0, np.float32), match_counts=np.zeros(1, np.int32))

    page = page_of(alone, tmp_path / "report.html")

    assert "1 person" in page.text
    assert "There is nobody else to compare with" in page.text
    assert remarks(alone) == []


def hub_of(people: int, share: float) -> npt.NDArray[np.int32]:
    counts = np.full(people, round((1 - share) * 100_000 / (people - 1)), np.int32)
    counts[3] = round(share * 100_000)
    return counts


def many(count: int, **changes: Any) -> list[Celebrity]:
    return [star(number, **changes) for number in range(count)]


@pytest.mark.parametrize(
    ("changes", "section", "text"),
    [
        ({"manifest": manifest(12, 24, recall=0.98)}, "top", "The search misses 2.0%"),
        ({"best_scores": np.full(1000, 0.51, np.float32)}, "percentages", "not even: 0.63"),
        ({"match_counts": hub_of(12, 0.5)}, "hubs", "Star 3 is the star of 50% of strangers."),
        ({"suspects": Suspects(mixed=(MixedPhotos(star(0), 0.7, ((), ())),))}, "suspects", "1 may be somebody else"),
        ({"rejects": [IndexReject("Q1", f"{n}.png", "blurred") for n in range(11)]}, "left-out", "31% of the photos"),
        ({"people": many(12, country="US")}, "who", "100% of those whose country is known are US."),
        ({"people": many(12, photos=[{"file": "1.png"}])}, "who", "12 people have one photo only"),
    ],
)
def test_remarks_come_first(changes: dict[str, Any], section: str, text: str, tmp_path: Path) -> None:
    one = report(**({"people": PEOPLE} | changes))
    page = page_of(one, tmp_path / "report.html")
    (remark,) = remarks(one)

    assert remark.section == section
    assert text in remark.text
    assert "deserves a second look" not in page.text
    assert re.search(rf'<li><a href="#{section}"><bdi>{re.escape(remark.text)}</bdi>', page.html)
    assert [found for _, found in page.elements if found.get("id") == section]


@pytest.mark.parametrize(
    "changes",
    [
        {"manifest": manifest(12, 24, recall=0.99)},
        {"people": many(300), "match_counts": hub_of(300, 0.0199)},
        {"match_counts": hub_of(12, 0.4)},  # even would be 8 %
        {"rejects": [IndexReject("Q1", f"{n}.png", "blurred") for n in range(10)]},
        {"rejects": [IndexReject("Q1", "", "no usable photo") for n in range(100)]},
        {"people": many(6, country="US") + many(4, country="FR")},
        {"people": many(12, country=None)},
        {"people": many(6, photos=[{"file": "1.png"}]) + many(6)},
        {"best_scores": np.full(2, 0.5, np.float32)},  # two photos say nothing
    ],
)
def test_values_within_the_limits_make_no_remark(changes: dict[str, Any]) -> None:
    assert remarks(report(**({"people": PEOPLE} | changes))) == []


def test_a_large_gallery_has_a_hub_from_two_percent_on() -> None:
    (remark,) = remarks(report(many(300), match_counts=hub_of(300, 0.0201)))

    assert remark.text == "Star 3 is the star of 2.0% of strangers."


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0%"), (0.0004, "<0.1%"), (0.0125, "1.2%"), (0.354, "35%"), (1, "100%")]
)
def test_a_share_is_rounded_for_reading(share: float, text: str) -> None:
    assert report_page.percent_text(share) == text


def test_names_are_sorted_and_found_without_accents() -> None:
    assert plain("Élan ÅNGSTRÖM Gül") == "elan angstrom gul"


def test_the_same_report_is_the_same_file(tmp_path: Path) -> None:
    photos = draw(tmp_path / "photos", "Q0/1.png")
    for name in ("a.html", "b.html"):
        write_report(report(PEOPLE, photos), tmp_path / name)

    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
