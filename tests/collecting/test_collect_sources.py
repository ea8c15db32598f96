"""A maintainer's own sources: people by name, photos by link, a folder."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lookalike.collecting.catalogue_update import merged
from lookalike.core.paths import ROOT
from tests.support.collect_runner import CollectRunner
from tests.support.wikimedia_data import jpeg, small_data
from tests.support.wikimedia_server import WikimediaStandIn


@pytest.fixture
async def runner(tmp_path: Path) -> AsyncIterator[CollectRunner]:
    async with WikimediaStandIn(small_data(people=6, photos=4)) as server:
        yield CollectRunner(tmp_path, server)


async def test_people_by_name_by_id_and_by_catalogue(runner: CollectRunner, tmp_path: Path) -> None:
    names = tmp_path / "names.jsonl"
    names.write_text(
        '{"id": "Star_Four", "name": {"en": "The Star"}, "url": "https://en.wikipedia.org/wiki/Star_4",'
        ' "roles": ["athlete"], "country": "SU"}\n'
        '{"id": "Nobody", "name": "No Body"}\n'
        '{"id": "S2", "name": "Star 2"}\n'
        '{"id": "a/b", "name": "x"}\n'
    )
    assert await runner.collect("--names", str(names), "--limit", "2", "--occupations", "dancer") == 0

    four, two = runner.people().values()
    assert (four.id, four.name) == ("Star_Four", {"en": "The Star", "ru": "Star 4 по-русски"})
    assert (four.roles, four.country, four.born, four.fame) == (("athlete",), "SU", "1952-03-11", 86)
    assert all(photo.file.startswith("Star_Four/") for photo in four.photos)
    assert (two.id, two.name["en"]) == ("S2", "Star 2")
    assert ("", "", "nobody of that name at Wikidata") in runner.rejects()
    assert any("line 4: id" in reason for _, _, reason in runner.rejects())


async def test_a_list_of_names_alone_collects_nobody_else(runner: CollectRunner, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Star 5\nStar 1 по-русски\n")
    environment = {"PATH": os.defpath, "COLLECT_CONTACT": "a@b.c", **runner.server.environment}
    script = [sys.executable, str(ROOT / "collect_photos.py"), "--per-minute", "100000", "--photos", str(runner.photos)]
    process = await asyncio.create_subprocess_exec(*script, "--names", str(tmp_path / "names.txt"), env=environment)

    assert await process.wait() == 0
    assert list(runner.people()) == ["Q1005", "Q1001"]


async def test_photos_by_link(runner: CollectRunner, tmp_path: Path) -> None:
    host, data = runner.server.url, runner.server.data
    data.uploads["File:Big.jpg"] = data.uploads.pop("File:Star 0 0.jpg")
    (tmp_path / "links.txt").write_text(
        f"Ann Lee\t{host}/Special:FilePath/Big.jpg\n"
        f"Ann Lee\t{host}/Special:FilePath/Big.jpg\n"
        f"Ann Lee\t{host}/original/Gone.jpg\n"
        f'{{"name": "Bo", "url": "{host}/original/Star_1_0.jpg", "author": "Jo", "license": "CC0"}}\n'
        f"Cy\t{host}/original/Star_1_0.jpg\n"
        "Di\n"
    )
    assert await runner.collect("--urls", str(tmp_path / "links.txt"), "--occupations", "dancer") == 0

    ann, bo = runner.people().values()
    assert (ann.id, ann.name, len(ann.photos)) == ("Ann_Lee", {"en": "Ann Lee"}, 1)
    assert (bo.photos[0].author, bo.photos[0].license) == ("Jo", "CC0")
    reasons = [reason for _, _, reason in runner.rejects()]
    assert "status 404" in reasons
    assert "is a photo of somebody else, too" in reasons
    assert any("line 6: url" in reason for reason in reasons)
    seen = len(runner.server.asked("photo"))
    await runner.collect("--urls", str(tmp_path / "links.txt"), "--occupations", "dancer")
    assert [one.path for one in runner.server.asked("photo")[seen:]] == ["/original/Gone.jpg"]


async def test_an_unavailable_server_costs_only_its_own_photos(
    runner: CollectRunner, tmp_path: Path, unused_tcp_port: int
) -> None:
    links = [f"Ann\thttp://127.0.0.1:{unused_tcp_port}/{number}.jpg" for number in range(20)]
    (tmp_path / "links.txt").write_text("\n".join([*links, f"Bo\t{runner.server.url}/original/Star_1_0.jpg"]))

    assert await runner.collect("--urls", str(tmp_path / "links.txt"), "--occupations", "dancer") == 0
    assert list(runner.people()) == ["Bo"]
    reasons = {reason for id, _, reason in runner.rejects() if id == "Ann"}
    assert {"no answer: not reached", f"no answer: 127.0.0.1:{unused_tcp_port} is unavailable"} < reasons


async def test_a_folder_needs_no_network_and_no_contact(runner: CollectRunner, tmp_path: Path) -> None:
    (tmp_path / "mine" / "Ann_Lee").mkdir(parents=True)
    (tmp_path / "mine" / "Ann_Lee" / "1.jpg").write_bytes(jpeg(1))
    script = [sys.executable, str(ROOT / "collect_photos.py"), "--photos", str(runner.photos)]
    done = await asyncio.to_thread(
        subprocess.run, [*script, "--folder", str(tmp_path / "mine")], env={"PATH": os.defpath}, check=False
    )

    assert done.returncode == 0
    assert [photo.file for photo in runner.people()["Ann_Lee"].photos] == ["Ann_Lee/1.jpg"]


async def test_a_celebrity_from_two_sources_has_the_photos_of_both(runner: CollectRunner) -> None:
    await runner.collect("--limit", "1")
    one = runner.people()["Q1000"]
    own = one.photos[0].model_copy(update={"file": "own.jpg"})
    both = merged([one, one.model_copy(update={"photos": (one.photos[1], own)})])

    assert list(both) == ["Q1000"]
    assert both["Q1000"].photos == (*one.photos, own)
