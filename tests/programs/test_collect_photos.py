"""collect_photos.py as a command: output, exit statuses, interruptions."""

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
from lookalike.core.paths import ROOT
from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.data import WikimediaData, jpeg, sha1, small_data
from tests.support.wikimedia.server import WikimediaStandIn, busy


@pytest.fixture
def data() -> WikimediaData:
    return small_data(people=6, photos=4)


@pytest.fixture
async def runner(data: WikimediaData, tmp_path: Path) -> AsyncIterator[CollectRunner]:
    async with WikimediaStandIn(data) as server:
        yield CollectRunner(tmp_path, server)


def requests(runner: CollectRunner, since: int = 0) -> Counter[tuple[str, ...]]:
    """The requests since then, each with how often it came."""
    return Counter(
        (one.kind, one.path, *(str(value) for value in one.params.values())) for one in runner.server.seen[since:]
    )


async def test_the_command_writes_a_catalogue_and_prints_its_figures(runner: CollectRunner) -> None:
    status, out, errors = await runner.run_command()

    assert status == 0
    assert all(" requests, about " in line for line in errors.splitlines())  # on a machine that takes over 5 s
    assert out.startswith(f"{runner.catalogue}: 6 people, 24 photos (24 of them new), ")
    assert runner.listed_files() == runner.files()


async def test_rejects_are_counted_by_reason(runner: CollectRunner, data: WikimediaData) -> None:
    for item in list(data.items.values())[:2]:
        item.jobs = ("Q82955", *item.jobs)
    _, _, errors = await runner.run_command()

    assert "left out: 2 × a politician\n" in errors
    assert "celebrities.rejects.csv" in errors


@pytest.mark.parametrize("contact", ["", "nobody", "a@b\r\nX-Y: z"])
async def test_no_request_is_made_without_a_contact(runner: CollectRunner, contact: str) -> None:
    status, _, errors = await runner.run_command(contact=contact)

    assert status == 2
    assert "--contact, or COLLECT_CONTACT" in errors
    assert runner.server.seen == []


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


async def test_an_empty_result_leaves_the_catalogue_unchanged(runner: CollectRunner) -> None:
    await runner.collect()
    before = runner.catalogue.read_bytes()
    status, _, errors = await runner.run_command("--occupations", "dancer")

    assert status == 1
    assert "is unchanged" in errors
    assert runner.catalogue.read_bytes() == before


async def test_a_full_disk_is_one_line_and_downloaded_photos_stay(runner: CollectRunner) -> None:
    full = runner.photos / "Q1003" / f".{sha1(jpeg(300))[:20]}-500.jpg.part"
    full.parent.mkdir(parents=True)
    full.symlink_to("/dev/full")
    status, _, errors = await runner.run_command()

    assert status == 2
    assert "Q1003" in errors
    assert "No space left on device" in errors
    full.unlink()
    seen = len(runner.server.seen)
    assert await runner.collect() == 0
    assert max(requests(runner, seen).values()) == 1
    assert len(runner.files()) == 24


async def test_a_place_that_cannot_be_written_to_is_one_line(runner: CollectRunner) -> None:
    runner.photos.write_text("a file where the directory should be")
    status, _, errors = await runner.run_command()

    assert (status, errors.count("\n")) == (2, 1)


async def test_a_second_run_at_the_same_time_is_refused(runner: CollectRunner) -> None:
    runner.server.hold()
    first = await runner.start()
    await runner.server.until("photo", 1)
    status, _, errors = await runner.run_command()
    runner.server.release()

    assert (status, "another collect_photos.py is running" in errors) == (2, True)
    assert await first.wait() == 0


async def test_one_bar_shows_the_stage_and_the_time_left(runner: CollectRunner) -> None:
    terminal, end = pty.openpty()
    ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    environment = {"PATH": os.defpath, "COLLECT_CONTACT": "a@b.c", **runner.server.environment}
    script = [sys.executable, str(ROOT / "collect_photos.py"), "--photos", str(runner.photos), "--per-minute", "100000"]
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

    lines = [line for line in shown.decode().replace("\r", "\n").split("\n") if "%|" in line]
    assert any(" requests, about " in line for line in lines)
    assert "100%" in lines[-1]


@pytest.mark.parametrize(("kind", "count"), [("query", 2), ("category", 3), ("files", 1), ("photo", 4), ("photo", 20)])
async def test_a_killed_run_is_continued_by_the_next_one(runner: CollectRunner, kind: str, count: int) -> None:
    process = await runner.start()
    await runner.server.until(kind, count)
    process.kill()
    await process.wait()
    seen, there = len(runner.server.seen), runner.files()
    answered = requests(runner)

    assert not runner.catalogue.exists()
    assert await runner.collect() == 0

    again = requests(runner, seen)
    assert max(again.values()) == 1
    # Only the requests in flight are repeated, three at most.
    assert sum((again & answered).values()) <= 3
    photos = {one.path for one in runner.server.seen[seen:] if one.kind == "photo"}
    assert len(photos) == 24 - len([file for file in there if not Path(file).name.startswith(".")])
    assert runner.listed_files() == runner.files()
    assert len(runner.listed_files()) == 24


async def test_ctrl_c_keeps_what_is_done_and_ends_with_130(runner: CollectRunner) -> None:
    runner.server.hold()
    process = await runner.start()
    await runner.server.until("photo", 2)  # more are never under way at a time
    process.send_signal(signal.SIGINT)
    _, errors = await process.communicate()
    seen = len(runner.server.seen)

    assert process.returncode == 130
    *progress, last = errors.decode().splitlines()
    assert last == "collect_photos.py: stopped; the next run continues from here"
    assert all(" requests, about " in line for line in progress)
    runner.server.release()
    assert await runner.collect() == 0
    assert {one.kind for one in runner.server.seen[seen:]} == {"photo"}


async def test_a_ban_is_one_line_with_status_2(runner: CollectRunner) -> None:
    runner.server.faults["query"].append(busy("86400"))
    status, _, errors = await runner.run_command()

    assert status == 2
    assert "asks for a pause of 86400 s" in errors
    assert len(runner.server.seen) == 1
