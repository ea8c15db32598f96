"""A whole run: its sources, the rules of the servers, an unavailable server."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from collect_photos import parse
from lookalike.collecting.collect import collect
from lookalike.collecting.service_check import check_services
from lookalike.core.errors import ServerUnavailable
from lookalike.core.paths import ROOT
from lookalike.core.settings import read_collector_settings
from tests.support.wikimedia.collect_runner import CONTACT, QUICK, CollectRunner, check_here
from tests.support.wikimedia.data import WikimediaData, jpeg, small_data
from tests.support.wikimedia.server import BLOCK, STACK_TRACE


@pytest.fixture
def data() -> WikimediaData:
    return small_data(people=6, photos=4)


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
    assert ("Nobody", "", "nobody of that name at Wikidata") in runner.rejects()
    assert any("line 4: id" in reason for _, _, reason in runner.rejects())


async def test_a_list_of_names_alone_collects_nobody_else(runner: CollectRunner, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Star 5\nStar 1 по-русски\n")
    environment = {"PATH": os.defpath, "COLLECT_CONTACT": "a@b.c", **runner.server.environment}
    script = [sys.executable, str(ROOT / "collect_photos.py"), "--per-minute", "100000", "--photos", str(runner.photos)]
    process = await asyncio.create_subprocess_exec(*script, "--names", str(tmp_path / "names.txt"), env=environment)

    assert await process.wait() == 0
    assert list(runner.people()) == ["Q1005", "Q1001"]


async def test_a_whole_run_keeps_to_the_rules_of_the_servers(runner: CollectRunner) -> None:
    await runner.collect()
    seen = runner.server.seen

    assert all(f"({CONTACT})" in one.agent for one in seen)
    assert {one.kind for one in seen if "maxlag" in one.params} == {"files", "category"}
    assert {one.params["maxlag"] for one in seen if "maxlag" in one.params} == {"5"}
    assert {one.params["iiurlwidth"] for one in runner.server.asked("files")} == {"500"}
    assert runner.server.most_at_once["photo"] <= 2
    assert {runner.server.most_at_once[kind] for kind in ("query", "people", "files", "category")} == {1}


@pytest.mark.parametrize("kind", ["query", "people", "files", "photo"])
async def test_a_first_run_ends_with_an_unavailable_server_and_the_next_goes_on(
    runner: CollectRunner, kind: str
) -> None:
    runner.server.always[kind] = STACK_TRACE
    with pytest.raises(ServerUnavailable, match=r"status 500"):
        await runner.collect()
    assert not runner.catalogue.exists()

    runner.server.always.clear()
    assert await runner.collect() == 0
    assert len(runner.files()) == 24


async def test_a_folder_needs_no_network_and_no_contact(runner: CollectRunner, tmp_path: Path) -> None:
    (tmp_path / "mine" / "Ann_Lee").mkdir(parents=True)
    (tmp_path / "mine" / "Ann_Lee" / "1.jpg").write_bytes(jpeg(1))
    script = [sys.executable, str(ROOT / "collect_photos.py"), "--photos", str(runner.photos)]
    done = await asyncio.to_thread(
        subprocess.run, [*script, "--folder", str(tmp_path / "mine")], env={"PATH": os.defpath}, check=False
    )

    assert done.returncode == 0
    assert [photo.file for photo in runner.people()["Ann_Lee"].photos] == ["Ann_Lee/1.jpg"]


@pytest.mark.parametrize("source", ["--folder", "--urls"])
async def test_a_folder_or_links_are_added_to_the_catalogue(runner: CollectRunner, tmp_path: Path, source: str) -> None:
    await runner.collect()
    before = runner.people()
    (tmp_path / "mine" / "Ann_Lee").mkdir(parents=True)
    (tmp_path / "mine" / "Ann_Lee" / "1.jpg").write_bytes(jpeg(1))
    (tmp_path / "links").write_text(f"Ann Lee\t{runner.server.url}/original/Star_0_0.jpg\n")
    given = tmp_path / ("mine" if source == "--folder" else "links")
    parsed = parse([source, str(given), "--photos", str(runner.photos), "--contact", CONTACT])
    assert await collect(parsed, read_collector_settings(runner.server.environment), check_here, QUICK) == 0

    assert runner.people() == before | {"Ann_Lee": runner.people()["Ann_Lee"]}
    await runner.collect()  # without naming them again
    assert "Ann_Lee" in runner.people()


async def test_a_check_asks_each_service_once(runner: CollectRunner, capsys: pytest.CaptureFixture[str]) -> None:
    runner.server.data.add("Douglas Adams", 90, [jpeg(42)], id="Q42")
    parsed = parse(["--check", "--contact", CONTACT])
    status = await check_services(parsed, read_collector_settings(runner.server.environment))

    assert status == 0
    assert capsys.readouterr().out.endswith("all fine\n")
    assert [one.kind for one in runner.server.seen] == ["query", "people", "files", "photo"]


async def test_a_check_names_the_service_that_is_wrong(
    runner: CollectRunner, capsys: pytest.CaptureFixture[str]
) -> None:
    runner.server.always["query"] = STACK_TRACE
    runner.server.always["files"] = BLOCK
    parsed, settings = parse(["--check", "--contact", CONTACT]), read_collector_settings(runner.server.environment)
    status = await check_services(parsed, settings)

    out = capsys.readouterr().out
    assert status == 2
    assert "/sparql: wrong: status 500" in out
    assert "/wikidata: fine" in out
    assert "/commons: wrong: 127.0.0.1" in out
    assert "robot policy" in out
    assert out.endswith("2 of the services cannot be used now\n")
