"""The index on the disk is damaged, foreign or replaced while the bot answers: it is refused, or taken as a whole."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from faults import ROOT
from faults.index_damage import Damage, flips, halves, plain, signed
from faults.ledger import Shot
from faults.rig import Rig, Row, Stage
from lookalike.core.errors import IndexRefused
from lookalike.gallery.index_format import CELEBRITIES, replace_directory
from lookalike.gallery.load_check import check_load

DRAIN_S = 60.0
HEADLINE = re.compile(r"\A\d+% (?P<star>.+)")  # of an answer; a note on who the star is may follow
REFUSED, TAKEN = "the new index is refused", "new index:"
RATE_PER_S = 10.0


# Damaged indexes


async def damaged(rig: Rig) -> list[Row]:
    """Truncations, flipped bits, mix-ups: at the loader, which may not believe any, and at the bot while it answers."""
    with tempfile.TemporaryDirectory(dir=rig.scratch) as name:
        home = Path(name)
        index = rig.materials.index
        other, _ = await asyncio.to_thread(halves, index, home)
        ways = plain(other)
        bits = flips(rig.random("X1"), index, rig.size(1000, 200))
        vouched = signed(other, index)
        vouched = vouched[1::2] if rig.is_short else vouched
        rows = [
            await _refused(_Loader(), home, index, "cut, zeroed, missing, mixed up or foreign", ways),
            await _refused(_Loader(), home, index, "one bit flipped", bits),
            await _refused(_Trial(), home, index, "damage that the manifest vouches for", vouched),
        ]
        chosen = rig.random("X1 bot").sample(ways, rig.size(20, 4)) + rig.random("X1 bits").sample(
            bits, rig.size(20, 3)
        )
        return [*rows, await _serves_on(rig, home, chosen + vouched[:: rig.size(1, 3)])]


async def _refused(loader: _Loader | _Trial, home: Path, index: Path, case: str, ways: list[Damage]) -> Row:
    """Give each to the loader."""
    taken, died = [], []
    for way in ways:
        spoiled = await asyncio.to_thread(way.copy, index, home / "spoiled")
        answer = await loader.load(spoiled)
        if answer == "loaded":
            taken.append(way.name)
        if answer == "died":
            died.append(way.name)
        await asyncio.to_thread(shutil.rmtree, spoiled, ignore_errors=True)
    await loader.close()
    note = f"{len(ways) - len(taken) - len(died)} refused, {len(taken)} loaded, {len(died)} crashed the loader"
    if wrong := taken + died:
        note += ": " + ", ".join(wrong[:6]) + (", …" if len(wrong) > 6 else "")
    return Row("X1", case, "100 % refused before load", not wrong, len(ways), note=note)


class _Loader:
    """A process that loads indexes, and its successors."""

    def __init__(self) -> None:
        self._child: asyncio.subprocess.Process | None = None

    async def load(self, index: Path) -> str:
        """'refused: …', 'loaded' or 'died'."""
        if self._child is None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "faults.index_loader", cwd=ROOT, stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        assert self._child.stdin is not None  # noqa: S101 - made with PIPE
        assert self._child.stdout is not None  # noqa: S101 - made with PIPE
        self._child.stdin.write(f"{index}\n".encode())
        if line := await self._child.stdout.readline():
            return line.decode().strip()
        await self.close()
        return "died"

    async def close(self) -> None:
        """End the process."""
        if self._child:
            with contextlib.suppress(ProcessLookupError):
                self._child.kill()
            await self._child.wait()
            self._child = None


class _Trial:
    """What the bot does before it loads an index: a new process for each."""

    async def load(self, index: Path) -> str:
        """'refused: …' or 'loaded'."""
        try:
            await check_load(index)
        except IndexRefused as error:
            return f"refused: {error}"
        return "loaded"

    async def close(self) -> None:
        """Nothing is left to close."""


async def _serves_on(rig: Rig, home: Path, ways: list[Damage]) -> Row:
    """Put each in the place of the bot's index and tell the bot; it must say no and answer as before."""
    live = home / "live"
    shutil.copytree(rig.materials.index, live)
    said_no = 0
    async with rig.stage("X1", index=live) as stage:
        for way in ways:
            spoiled = await asyncio.to_thread(way.copy, rig.materials.index, home / "spoiled")
            before = _told(stage)
            shutil.rmtree(live, ignore_errors=True)
            if spoiled.exists():
                spoiled.rename(live)
            stage.bot.send(signal.SIGHUP)
            async with _answering(stage):
                said_no += await _tells(stage, before) == REFUSED
        await stage.settle(DRAIN_S)
        survived = stage.bot.is_running
        return await stage.row(
            "X1", "SIGHUP with a damaged index in place", "refused; the previous build serves on", rounds=len(ways),
            holds=said_no == len(ways) and survived,
            note=f"{said_no} of {len(ways)} refused" + ("" if survived else "; the bot ended"),
        )  # fmt: skip


@contextlib.asynccontextmanager
async def _answering(stage: Stage) -> AsyncIterator[None]:
    """A photo before and after."""
    stage.photo()
    yield
    stage.photo()


# Whole indexes, one after the other


async def reloads(rig: Rig) -> list[Row]:
    """Two indexes of different people take turns under ten photos a second."""
    home = rig.scratch / "X2"
    even, odd = await asyncio.to_thread(halves, rig.materials.index, home)
    live = home / "live"
    shutil.copytree(even, live)
    async with rig.stage("X2", index=live, people=30) as stage:
        loading = asyncio.create_task(_reload(stage, itertools.cycle((odd, even)), live, rig.size(50, 8)))
        shots: list[tuple[Shot, int]] = []
        began = time.monotonic()
        while not loading.done():
            await asyncio.sleep(max(0.0, began + len(shots) / RATE_PER_S - time.monotonic()))
            shots.append(_photo(stage, rig.materials.pictures, len(shots)))
        taken = await loading
        await stage.settle(DRAIN_S)
        mixed, share = _mixed(shots, _stars(even), _stars(odd))
        late_s = stage.ledger.latency_s(95, [shot for shot, _ in shots])
        return [
            await stage.row(
                "X2", f"SIGHUP under {RATE_PER_S:.0f} photos/s, two indexes in turn",
                "0 errors; every answer from one build", rounds=rig.size(50, 8),
                holds=taken == rig.size(50, 8) and not mixed and 0 < share < 1,
                note=f"{taken} taken, {mixed} answers from neither or both, {share:.0%} from the first, "
                f"p95 {late_s:.2f} s",
            )
        ]  # fmt: skip


def _photo(stage: Stage, pictures: tuple[bytes, ...], number: int) -> tuple[Shot, int]:
    """The next photo, and which picture it is: here one picture has two right answers."""
    person = stage.people[number % len(stage.people)]
    return stage.ledger.expect(person.photo(pictures[number % len(pictures)])), number % len(pictures)


async def _reload(stage: Stage, indexes: itertools.cycle[Path], live: Path, rounds: int) -> int:
    """Replace the index as build_index.py does and tell the bot, so many times; how many it took."""
    taken = 0
    for index in itertools.islice(indexes, rounds):
        fresh = live.with_name("fresh")
        await asyncio.to_thread(shutil.copytree, index, fresh)
        await asyncio.to_thread(replace_directory, fresh, live)
        before = _told(stage)
        stage.bot.send(signal.SIGHUP)
        taken += await _tells(stage, before) == TAKEN
    return taken


def _told(stage: Stage) -> int:
    """How often the bot has said what became of a new index."""
    return sum(stage.bot.log.count(words) for words in (REFUSED, TAKEN))


async def _tells(stage: Stage, before: int, at_most_s: float = DRAIN_S) -> str:
    """Wait until it says so once more; REFUSED, TAKEN, or '' if nothing comes."""
    deadline = time.monotonic() + at_most_s
    while _told(stage) <= before:
        if time.monotonic() > deadline or not stage.bot.is_running:
            return ""
        await asyncio.sleep(0.05)
    log = stage.bot.log
    return max((REFUSED, TAKEN), key=log.rfind)


def _stars(index: Path) -> frozenset[str]:
    """The English names in an index."""
    lines = (index / CELEBRITIES).read_text(encoding="utf-8").splitlines()
    return frozenset(json.loads(line)["name"]["en"] for line in lines)


def _mixed(shots: list[tuple[Shot, int]], even: frozenset[str], odd: frozenset[str]) -> tuple[int, float]:
    """Answers that no single index gives (it would give the same to the same picture); the share of those by `even`."""
    seen: dict[tuple[int, bool], str] = {}
    mixed = first = 0
    for shot, picture in shots:
        headline = HEADLINE.match(shot.text)
        stars = [star for star in even | odd if headline and headline["star"].startswith(star)]
        star = max(stars, key=len, default="")
        is_even = star in even
        first += is_even
        expected = seen.setdefault((picture, is_even), shot.text)
        mixed += not star or shot.text != expected
    return mixed, first / max(1, len(shots))


SCENARIOS = {"X1": damaged, "X2": reloads}
