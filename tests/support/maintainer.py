"""A maintainer's desk for the tests of collect_photos.py: a photos directory, and the command to fill it."""

import asyncio
import csv
import os
import sys
from asyncio.subprocess import PIPE, Process
from functools import partial
from pathlib import Path
from unittest import mock

import collect_photos
from lookalike.collecting.http_client import HttpClient
from lookalike.core.settings import read_collector_settings
from lookalike.gallery.catalogue import Celebrity, read_catalogue
from tests.support.wikimedia import Wikimedia

ROOT = Path(__file__).parents[2]
CONTACT = "gallery@example.org"
FAST = ("--per-minute", "1000000")


class Maintainer:
    """Runs collect_photos.py against a stand-in, in this process or as a command, and reads what it left."""

    def __init__(self, directory: Path, server: Wikimedia) -> None:
        self.server = server
        self.directory = directory
        self.photos = directory / "photos"
        self.catalogue = self.photos / "celebrities.jsonl"
        self.notes = self.photos / "celebrities.notes.jsonl"

    async def collect(self, *options: str) -> int:
        """Run it in this process, with pauses too short to notice."""
        given = ("--occupations", "Q33999", "--photos", str(self.photos), "--contact", CONTACT, *FAST, *options)
        self.photos.mkdir(parents=True, exist_ok=True)
        with mock.patch.object(collect_photos, "Fetcher", partial(HttpClient, first_pause_s=0.0001)):
            settings = read_collector_settings(self.server.environment)
            return await collect_photos.collect(collect_photos.parse(list(given)), settings)

    async def start(self, *options: str, contact: str = CONTACT) -> Process:
        """Start the command."""
        environment = {"PATH": os.defpath, "COLLECT_CONTACT": contact, **self.server.environment}
        script = str(ROOT / "collect_photos.py")
        return await asyncio.create_subprocess_exec(
            sys.executable, script, "--photos", str(self.photos), *FAST, "--occupations", "Q33999", *options,
            stdout=PIPE, stderr=PIPE, env=environment,
        )  # fmt: skip

    async def command(self, *options: str, contact: str = CONTACT) -> tuple[int, str, str]:
        """Run the command to its end: exit status, output, errors."""
        process = await self.start(*options, contact=contact)
        out, errors = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode(), errors.decode()

    def people(self) -> dict[str, Celebrity]:
        """The catalogue; every line of it is right."""
        lines = list(read_catalogue(self.catalogue))
        assert [line for line in lines if isinstance(line, str)] == []
        return {line.id: line for line in lines if isinstance(line, Celebrity)}

    def files(self) -> list[str]:
        """The photos on the disk."""
        return sorted(path.relative_to(self.photos).as_posix() for path in self.photos.glob("*/*"))

    def named(self) -> list[str]:
        """The photos in the catalogue."""
        return sorted(photo.file for one in self.people().values() for photo in one.photos)

    def rejects(self) -> list[tuple[str, str, str]]:
        """Celebrity, photo and reason of all that was left out."""
        with (self.photos / "celebrities.rejects.csv").open(encoding="utf-8", newline="") as file:
            return [(row["celebrity"], row["photo"], row["reason"]) for row in csv.DictReader(file)]
