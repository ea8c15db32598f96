"""collect_photos.py as a maintainer types it: what it says, interruptions, later runs."""

import asyncio
import os
import pty
import signal
import struct
import sys
import termios
from collections import Counter
from collections.abc import AsyncIterator
from fcntl import ioctl
from pathlib import Path

import pytest

from collect_photos import main
from lookalike.core.errors import ServerUnavailable
from tests.support.maintainer import ROOT, Maintainer
from tests.support.wikimedia import Wikimedia, busy
from tests.support.wikiworld import World, jpeg, sha1, small_world


@pytest.fixture
def world() -> World:
    return small_world(people=6, photos=4)


@pytest.fixture
async def desk(world: World, tmp_path: Path) -> AsyncIterator[Maintainer]:
    async with Wikimedia(world) as server:
        yield Maintainer(tmp_path, server)


def asked(desk: Maintainer, since: int = 0) -> Counter[tuple[str, ...]]:
    """The questions since then, each with how often it was asked."""
    return Counter(
        (one.kind, one.path, *(str(value) for value in one.params.values())) for one in desk.server.seen[since:]
    )


# The command.


async def test_the_command_makes_a_catalogue_and_says_so(desk: Maintainer) -> None:
    status, out, errors = await desk.command()

    assert (status, errors) == (0, "")
    assert out.startswith(f"{desk.catalogue}: 6 people, 24 photos (24 of them new), ")
    assert desk.named() == desk.files()


async def test_what_is_left_out_is_counted_by_reason(desk: Maintainer, world: World) -> None:
    for human in list(world.humans.values())[:2]:
        human.jobs += ("Q82955",)
    _, _, errors = await desk.command()

    assert "left out: 2 × a politician\n" in errors
    assert "celebrities.rejects.csv" in errors


@pytest.mark.parametrize("contact", ["", "nobody", "a@b\r\nX-Y: z"])
async def test_nothing_is_asked_without_a_contact(desk: Maintainer, contact: str) -> None:
    status, _, errors = await desk.command(contact=contact)

    assert status == 2
    assert "--contact, or COLLECT_CONTACT" in errors
    assert desk.server.seen == []


@pytest.mark.parametrize(
    "options",
    [
        ("--limit", "0"),
        ("--photos-per-person", "-1"),
        ("--per-minute", "0"),
        ("--per-minute", "nan"),
        ("--occupations", "astrologer"),
        ("--countries", "France"),
        ("--width", "333"),
        ("--names", "/nowhere"),
        ("--urls", "/nowhere"),
        ("--folder", "/nowhere"),
        ("--deny", "/nowhere"),
    ],
)
def test_wrong_usage_is_named_with_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, str]
) -> None:
    try:
        status = main(["--photos", str(tmp_path), "--contact", "a@b.c", *options])
    except SystemExit as end:  # argparse leaves that way
        status = int(end.code or 0)

    errors = capsys.readouterr().err
    assert status == 2
    assert options[0] in errors or options[1] in errors


async def test_nobody_to_be_had_leaves_the_catalogue_as_it_was(desk: Maintainer) -> None:
    await desk.collect()
    before = desk.catalogue.read_bytes()
    status, _, errors = await desk.command("--occupations", "dancer")

    assert status == 1
    assert "stays as it was" in errors
    assert desk.catalogue.read_bytes() == before


async def test_a_full_disk_is_one_line_and_what_was_fetched_stays(desk: Maintainer) -> None:
    full = desk.photos / "Q1003" / f".{sha1(jpeg(300))[:20]}-500.jpg.part"
    full.parent.mkdir(parents=True)
    full.symlink_to("/dev/full")
    status, _, errors = await desk.command()

    assert status == 2
    assert errors.count("\n") == 1
    assert "Q1003" in errors
    assert "No space left on device" in errors
    full.unlink()
    seen = len(desk.server.seen)
    assert await desk.collect() == 0
    assert max(asked(desk, seen).values()) == 1
    assert len(desk.files()) == 24


async def test_a_place_that_cannot_be_written_to_is_one_line(desk: Maintainer) -> None:
    desk.photos.write_text("a file where the directory should be")
    status, _, errors = await desk.command()

    assert (status, errors.count("\n")) == (2, 1)


async def test_two_runs_at_a_time_are_one_too_many(desk: Maintainer) -> None:
    desk.server.hold()
    first = await desk.start()
    await desk.server.until("photo", 1)
    status, _, errors = await desk.command()
    desk.server.release()

    assert (status, "another collect_photos.py is running" in errors) == (2, True)
    assert await first.wait() == 0


async def test_progress_shows_the_stage_and_what_is_left(desk: Maintainer) -> None:
    terminal, end = pty.openpty()
    ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    environment = {"PATH": os.defpath, "COLLECT_CONTACT": "a@b.c", **desk.server.environment}
    script = [sys.executable, str(ROOT / "collect_photos.py"), "--photos", str(desk.photos), "--per-minute", "100000"]
    script += ["--occupations", "Q33999"]
    process = await asyncio.create_subprocess_exec(*script, stdout=end, stderr=end, env=environment)
    os.close(end)
    shown = bytearray()

    def read() -> None:
        while True:
            try:
                shown.extend(os.read(terminal, 1000))
            except OSError:  # the command has ended
                return

    await asyncio.gather(asyncio.to_thread(read), process.wait())
    os.close(terminal)

    stages = [line.split(":")[0].strip() for line in shown.decode().replace("\r", "\n").split("\n") if "%|" in line]
    assert list(dict.fromkeys(stages)) == ["who", "countries", "offices", "people", "categories", "licences", "photos"]
    assert b"24/24" in shown
    assert b"0 MB to go" in shown


# Interruptions.


@pytest.mark.parametrize(("kind", "count"), [("query", 20), ("category", 3), ("files", 1), ("photo", 4), ("photo", 20)])
async def test_a_run_that_was_killed_goes_on_where_it_was(desk: Maintainer, kind: str, count: int) -> None:
    process = await desk.start()
    await desk.server.until(kind, count)
    process.kill()
    await process.wait()
    seen, there = len(desk.server.seen), desk.files()
    answered = asked(desk)

    assert not desk.catalogue.exists()
    assert await desk.collect() == 0

    again = asked(desk, seen)
    assert max(again.values()) == 1
    # Nothing is asked twice but what was under way, three questions at the most.
    assert sum((again & answered).values()) <= 3
    photos = {one.path for one in desk.server.seen[seen:] if one.kind == "photo"}
    assert len(photos) == 24 - len([file for file in there if not Path(file).name.startswith(".")])
    assert desk.named() == desk.files()
    assert len(desk.named()) == 24


async def test_ctrl_c_keeps_what_is_done_and_says_so(desk: Maintainer) -> None:
    desk.server.hold()
    process = await desk.start()
    await desk.server.until("photo", 3)
    process.send_signal(signal.SIGINT)
    _, errors = await process.communicate()
    seen = len(desk.server.seen)

    assert process.returncode == 130
    assert errors.decode() == "\nstopped; the next run goes on from here\n"
    desk.server.release()
    assert await desk.collect() == 0
    assert {one.kind for one in desk.server.seen[seen:]} == {"photo"}


@pytest.mark.parametrize("kind", ["query", "people", "photo"])
async def test_a_server_that_goes_away_ends_the_run_and_the_next_one_goes_on(desk: Maintainer, kind: str) -> None:
    desk.server.down.add(kind)
    with pytest.raises(ServerUnavailable, match="no usable answer 10 times in a row: status 500"):
        await desk.collect()
    assert not desk.catalogue.exists()

    desk.server.down.clear()
    assert await desk.collect() == 0
    assert len(desk.files()) == 24


async def test_a_ban_is_told_in_one_line_with_status_2(desk: Maintainer) -> None:
    desk.server.faults["query"].append(busy("86400"))
    status, _, errors = await desk.command()

    assert status == 2
    assert "asks for a pause of 86400 s" in errors
    assert len(desk.server.seen) == 1


# Later runs.


async def test_a_later_run_asks_anew_and_fetches_nothing_that_is_there(desk: Maintainer) -> None:
    await desk.collect()
    seen, before = len(desk.server.seen), desk.people()
    await desk.collect()

    kinds = {one.kind for one in desk.server.seen[seen:]}
    assert kinds == {"query", "people", "category", "files"}
    assert desk.people() == before


async def test_whoever_left_wikidata_is_dropped_with_their_photos(
    desk: Maintainer, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "names.txt").write_text("Q1000\nQ1001\n")
    await desk.collect("--names", str(tmp_path / "names.txt"), "--limit", "2")
    del world.humans["Q1001"]
    await desk.collect("--names", str(tmp_path / "names.txt"), "--limit", "2")

    assert "dropped: Q1001 Star 1: deleted from Wikidata\n" in capsys.readouterr().err
    assert list(desk.people()) == ["Q1000", "Q1002"]
    assert desk.named() == desk.files()


async def test_a_photo_that_lost_its_licence_is_deleted_and_replaced(
    desk: Maintainer, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    await desk.collect("--photos-per-person", "2")
    (lost,) = (file for file in desk.files() if sha1(jpeg(0))[:20] in file)
    world.uploads["File:Star 0 0.jpg"].license = "fair use"
    for number in range(4):
        del world.uploads[f"File:Star 3 {number}.jpg"]
    await desk.collect("--photos-per-person", "2")

    assert lost not in desk.files()
    assert desk.named() == desk.files()
    assert len(desk.people()["Q1000"].photos) == 2
    assert "dropped: Q1003 Star 3: no usable photo\n" in capsys.readouterr().err


async def test_people_who_are_not_asked_for_this_time_keep_their_photos(
    desk: Maintainer, capsys: pytest.CaptureFixture[str]
) -> None:
    await desk.collect()
    files, seen = desk.files(), len(desk.server.seen)
    await desk.collect("--limit", "2")
    assert "dropped: Q1005 Star 5: not asked for\n" in capsys.readouterr().err
    assert (len(desk.people()), desk.files()) == (2, files)

    await desk.collect()
    assert (len(desk.people()), "photo" in {one.kind for one in desk.server.seen[seen:]}) == (6, False)


async def test_a_maintainers_own_photos_are_never_deleted(desk: Maintainer) -> None:
    await desk.collect()
    (desk.photos / "Q1000" / "own.jpg").write_bytes(jpeg(5))
    line = desk.catalogue.read_text().replace('"photos":[{', '"photos":[{"file":"Q1000/own.jpg"},{', 1)
    desk.catalogue.write_text(line)
    assert "Q1000/own.jpg" in desk.named()
    await desk.collect()

    assert "Q1000/own.jpg" not in desk.named()
    assert "Q1000/own.jpg" in desk.files()
