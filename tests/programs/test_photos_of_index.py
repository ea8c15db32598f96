"""`make photos`: free photos for the people of an index, shown with their credits."""

import csv
import subprocess
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

import collect_photos
from lookalike.collecting.collect import STOPPED
from lookalike.collecting.fetching.pace import Pace
from lookalike.core.paths import ROOT
from lookalike.core.settings import read_collector_settings
from lookalike.faces.types import MeasuredFace, Reason, Refusal
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.gallery import Gallery
from lookalike.indexing.portrait_check import SOMEBODY_ELSE
from lookalike.programs.photos_of_index import collect_for_index
from tests.support.crowds import crowd, person, written
from tests.support.wikimedia.collect_runner import CONTACT, QUICK, VirtualClock
from tests.support.wikimedia.data import WikimediaData, small_data
from tests.support.wikimedia.server import BLOCK, StandInResponse, WikimediaStandIn

PEOPLE = 8
BOX, EYES = (20, 30, 100, 110), (45.0, 60.0, 75.0, 60.0)


def starter(data: WikimediaData, index: Path) -> Path:
    """An index of everybody in the data, by article, without photos."""
    entries = crowd(range(len(data.items)))
    celebrities = [
        Celebrity(
            id=name.replace(" ", "_"), name={"en": name}, url={"en": f"https://en.wikipedia.org/wiki/{name}"}, fame=9
        )
        for name in (item.names["en"] for item in data.items.values())
    ]
    changed = [
        type(one)(person, one.centroid, one.embeddings) for one, person in zip(entries, celebrities, strict=True)
    ]
    written(changed, index)
    return index


class PortraitsHere:
    """Finds in picture 100 n + k of the stand-in (its last bytes) the face of the n-th person; in some, another's."""

    size = 1

    def __init__(self, others: Collection[int] = (), empty: Collection[int] = ()) -> None:
        self.others, self.empty = others, empty
        self.seen: list[int] = []

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        number = int.from_bytes(photo[-4:], "big")
        self.seen.append(number)
        if number in self.empty:
            return Refusal(Reason.NO_FACE)
        who = person(number // 100 + (number in self.others))
        good = {"faces": 1, "eyes_px": 40.0, "contrast": 40.0, "sharpness": 0.3, "roughness": 0.5, "white": 0.0}
        return MeasuredFace(who.centroid, BOX, EYES, tilt_deg=0.0, turn=0.0, **cast("Any", good))


@pytest.fixture
def data() -> WikimediaData:
    data = small_data(people=PEOPLE, photos=2)
    data.items["Q1001"].jobs = ("Q82955",)  # a politician whom the gallery has
    return data


@pytest.fixture
async def server(data: WikimediaData) -> AsyncIterator[WikimediaStandIn]:
    async with WikimediaStandIn(data) as server:
        yield server


async def collect(
    server: WikimediaStandIn, index: Path, *options: str, pace: Pace = QUICK, clock: VirtualClock | None = None,
    inspector: PortraitsHere | None = None,
) -> int:  # fmt: skip
    photos = str(index.parent / "photos")
    parsed = collect_photos.parse(["--index", str(index), "--photos", photos, "--contact", CONTACT, *options])
    settings = read_collector_settings(server.environment)
    return await collect_for_index(parsed, settings, inspector or PortraitsHere(), pace, clock or VirtualClock())


async def test_everybody_gets_a_photo_with_its_credit(server: WikimediaStandIn, tmp_path: Path) -> None:
    index = starter(server.data, tmp_path / "index")
    assert await collect(server, index) == 0

    people = Gallery.load(index).celebrities
    assert [len(one.photos) for one in people] == [1] * PEOPLE
    assert all(photo.author == "Jo & Co" and not photo.embedded for one in people for photo in one.photos)
    assert all((tmp_path / "photos" / photo.file).is_file() for one in people for photo in one.photos)
    assert people[1].photos[0].file.startswith("Star_1/")


async def test_each_photo_is_shown_with_the_place_of_its_face(server: WikimediaStandIn, tmp_path: Path) -> None:
    index = starter(server.data, tmp_path / "index")
    await collect(server, index)

    shown = [photo for one in Gallery.load(index).celebrities for photo in one.photos]
    assert [(photo.box, photo.eyes) for photo in shown] == [(BOX, EYES)] * PEOPLE


async def test_a_photo_of_somebody_else_or_of_nobody_is_rejected_and_the_next_one_taken(
    server: WikimediaStandIn, tmp_path: Path
) -> None:
    index = starter(server.data, tmp_path / "index")
    before = Gallery.load(index)
    assert await collect(server, index, inspector=PortraitsHere(others={200, 500, 501}, empty={300})) == 0

    after = Gallery.load(index)
    assert [len(one.photos) for one in after.celebrities] == [1, 1, 1, 1, 1, 0, 1, 1]
    assert (after.celebrities[2].photos[0].source_url or "").endswith("File:Star_2_1.jpg")
    assert np.array_equal(after.photos, before.photos)
    with (tmp_path / "photos" / "shown.rejects.csv").open(encoding="utf-8", newline="") as file:
        rejects = [(row["celebrity"], row["photo"], row["reason"]) for row in csv.DictReader(file)]
    assert {
        ("Star_2", "File:Star 2 0.jpg", SOMEBODY_ELSE), ("Star_3", "File:Star 3 0.jpg", "no_face"),
        ("Star_5", "File:Star 5 0.jpg", SOMEBODY_ELSE), ("Star_5", "File:Star 5 1.jpg", SOMEBODY_ELSE),
    } <= set(rejects)  # fmt: skip


async def test_no_photo_is_looked_at_twice(server: WikimediaStandIn, tmp_path: Path) -> None:
    index = starter(server.data, tmp_path / "index")
    inspector = PortraitsHere(others={200})
    await collect(server, index, inspector=inspector)
    await collect(server, index, inspector=inspector)

    assert len(inspector.seen) == len(set(inspector.seen)) == PEOPLE + 1


async def test_the_deny_list_holds_for_people_and_photos(server: WikimediaStandIn, tmp_path: Path) -> None:
    index = starter(server.data, tmp_path / "index")
    (tmp_path / "deny.txt").write_text("Star_2\nFile:Star 3 0.jpg\n")
    await collect(server, index, "--deny", str(tmp_path / "deny.txt"))

    people = Gallery.load(index).celebrities
    assert [len(one.photos) for one in people] == [1, 1, 0, 1, 1, 1, 1, 1]
    assert people[3].photos[0].source_url == "https://commons.wikimedia.org/wiki/File:Star_3_1.jpg"


async def test_a_stopped_run_shows_what_there_is_and_the_next_one_fetches_the_rest(
    server: WikimediaStandIn, tmp_path: Path
) -> None:
    index = starter(server.data, tmp_path / "index")
    server.faults["photo"].extend([StandInResponse()] * 3)
    server.always["photo"] = BLOCK
    assert await collect(server, index) == STOPPED
    assert sum(bool(one.photos) for one in Gallery.load(index).celebrities) == 3

    server.always.clear()
    seen = len(server.asked("photo"))
    assert await collect(server, index) == 0
    assert sum(bool(one.photos) for one in Gallery.load(index).celebrities) == PEOPLE
    assert len(server.asked("photo")) - seen == PEOPLE - 3


async def test_551_people_take_less_than_ten_minutes_by_the_budget(tmp_path: Path) -> None:
    async with WikimediaStandIn(small_data(people=551, photos=1)) as server:
        index = starter(server.data, tmp_path / "index")
        clock = VirtualClock()
        server.now = clock.now
        assert await collect(server, index, pace=Pace(), clock=clock) == 0

    assert len(server.asked("photo")) == 551
    assert clock.now() < 600
    at = [one.at for one in server.seen]
    assert all(later - earlier > 59.9 for earlier, later in zip(at, at[201:], strict=False))  # 200 a minute


def test_make_photos_collects_for_the_index_in_use() -> None:
    done = subprocess.run(["make", "-n", "photos"], cwd=ROOT, capture_output=True, text=True, check=True)

    (line,) = (line for line in done.stdout.splitlines() if "collect_photos.py" in line)
    for option in ("--index assets/index", "--photos photos", "--deny assets/deny.txt"):
        assert option in line
