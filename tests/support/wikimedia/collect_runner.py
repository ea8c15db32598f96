"""Runs collect_photos.py against the stand-in for Wikimedia, and reads what it wrote."""

import asyncio
import csv
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import collect_photos
from lookalike.collecting.collect import collect
from lookalike.collecting.fetching.pace import Clock, Pace
from lookalike.collecting.names import Choose, ask_on_terminal
from lookalike.core.paths import ROOT
from lookalike.core.settings import read_collector_settings
from lookalike.faces.decoding import decode
from lookalike.faces.types import Refusal
from lookalike.gallery.catalogue import Celebrity, read_catalogue
from tests.support.wikimedia.server import WikimediaStandIn

CONTACT = "gallery@example.org"
FAST = ("--per-minute", "1000000")
QUICK = Pace(per_minute=1e6, slow_pause_s=0, first_pause_s=0.0001)


class VirtualClock(Clock):
    """A clock that moves by sleeping, which takes no time."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def now(self) -> float:
        return self._now_s

    async def sleep(self, seconds: float) -> None:
        self._now_s += seconds
        await asyncio.sleep(0)


async def check_here(photo: bytes, id: str) -> Refusal | None:
    """Decode a photo of anybody in this process: a worker of its own for each test would take seconds."""
    picture = decode(photo)
    return picture if isinstance(picture, Refusal) else None


class CollectRunner:
    """A photos directory, and collect_photos.py to fill it, in this process or as a command."""

    def __init__(self, directory: Path, server: WikimediaStandIn) -> None:
        self.server = server
        self.photos = directory / "photos"
        self.catalogue = self.photos / "celebrities.jsonl"
        self.clock: Clock = VirtualClock()
        self.query_log = self.photos / "celebrities.notes.jsonl"

    async def collect(self, *options: str, choose: Choose = ask_on_terminal) -> int:
        """Run it in this process, without a worker, with pauses that take no time."""
        given = ("--occupations", "Q33999", "--photos", str(self.photos), "--contact", CONTACT, *options)
        parsed = collect_photos.parse(list(given))
        return await collect(
            parsed, read_collector_settings(self.server.environment), check_here, QUICK, self.clock, choose
        )

    async def start(self, *options: str, contact: str = CONTACT) -> Process:
        """Start the command."""
        environment = {"PATH": os.defpath, "COLLECT_CONTACT": contact, **self.server.environment}
        script = str(ROOT / "collect_photos.py")
        return await asyncio.create_subprocess_exec(
            sys.executable, script, "--photos", str(self.photos), *FAST, "--occupations", "Q33999", *options,
            stdout=PIPE, stderr=PIPE, env=environment,
        )  # fmt: skip

    async def run_command(self, *options: str, contact: str = CONTACT) -> tuple[int, str, str]:
        """Run the command to its end: exit status, output, errors."""
        process = await self.start(*options, contact=contact)
        out, errors = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode(), errors.decode()

    def people(self) -> dict[str, Celebrity]:
        """The catalogue, all of whose lines have to be right."""
        lines = list(read_catalogue(self.catalogue))
        assert [line for line in lines if isinstance(line, str)] == []
        return {line.id: line for line in lines if isinstance(line, Celebrity)}

    def files(self) -> list[str]:
        """The photos on the disk."""
        return sorted(path.relative_to(self.photos).as_posix() for path in self.photos.glob("*/*"))

    def listed_files(self) -> list[str]:
        """The photos in the catalogue."""
        return sorted(photo.file for one in self.people().values() for photo in one.photos)

    def rejects(self) -> list[tuple[str, str, str]]:
        """Celebrity, photo and reason of each reject."""
        with (self.photos / "celebrities.rejects.csv").open(encoding="utf-8", newline="") as file:
            return [(row["celebrity"], row["photo"], row["reason"]) for row in csv.DictReader(file)]
