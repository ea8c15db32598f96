"""The index on the disk is damaged or replaced while the bot answers: it is refused, or loaded whole."""

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
from faults.ledger import SentPhoto
from faults.rig import BotUnderTest, Rig, Row
from lookalike.core.errors import IndexRefused
from lookalike.gallery.index_format import CELEBRITIES
from lookalike.gallery.replacing.load_check import check_load
from lookalike.gallery.replacing.replace_directory import replace_directory

DRAIN_S = 60.0
# The line of an answer that names the star; a note on who that is may follow. A photo of several people has a list.
NAMING = re.compile(r"^(?:\d+% |1\. )(?P<star>.+)$", re.MULTILINE)
REFUSED, TAKEN = "the new index is refused", "new index:"
RATE_PER_S = 10.0


# Damaged indexes


async def damaged(rig: Rig) -> list[Row]:
    """Truncated files, flipped bits, files of two builds: refused by the loader, and by the bot while it answers."""
    with tempfile.TemporaryDirectory(dir=rig.scratch) as name:
        home = Path(name)
        index = rig.materials.index
        other, _ = await asyncio.to_thread(halves, index, home)
        ways = plain(other)
        bits = flips(rig.random("X1"), index, rig.size(1000, 200))
        signed_damage = signed(other, index)
        signed_damage = signed_damage[1::2] if rig.is_short else signed_damage
        rows = [
            await _refused(_Loader(), home, index, "cut, zeroed, missing, mixed up or foreign", ways),
            await _refused(_Loader(), home, index, "one bit flipped", bits),
            await _refused(_LoadCheck(), home, index, "damage with the right checksums", signed_damage),
        ]
        chosen = rig.random("X1 bot").sample(ways, rig.size(20, 4)) + rig.random("X1 bits").sample(
            bits, rig.size(20, 3)
        )
        return [*rows, await _serves_on(rig, home, chosen + signed_damage[:: rig.size(1, 3)])]


async def _refused(loader: _Loader | _LoadCheck, home: Path, index: Path, case: str, ways: list[Damage]) -> Row:
    """Load each; none may be accepted or crash the loader."""
    taken, died = [], []
    for way in ways:
        damaged_index = await asyncio.to_thread(way.copy, index, home / "damaged_index")
        answer = await loader.load(damaged_index)
        if answer == "loaded":
            taken.append(way.name)
        if answer == "died":
            died.append(way.name)
        await asyncio.to_thread(shutil.rmtree, damaged_index, ignore_errors=True)
    await loader.close()
    note = f"{len(ways) - len(taken) - len(died)} refused, {len(taken)} loaded, {len(died)} crashed the loader"
    if wrong := taken + died:
        note += ": " + ", ".join(wrong[:6]) + (", …" if len(wrong) > 6 else "")
    return Row("X1", case, "100 % refused before load", not wrong, len(ways), note=note)


class _Loader:
    """A process that loads indexes; started again when one crashes it."""

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


class _LoadCheck:
    """The bot's own check before it loads an index: a new process for each."""

    async def load(self, index: Path) -> str:
        """'refused: …' or 'loaded'."""
        try:
            await check_load(index)
        except IndexRefused as error:
            return f"refused: {error}"
        return "loaded"

    async def close(self) -> None:
        """Nothing is open."""


async def _serves_on(rig: Rig, home: Path, ways: list[Damage]) -> Row:
    """Replace the bot's index by each, send SIGHUP; the bot must refuse it and answer as before."""
    live = home / "live"
    shutil.copytree(rig.materials.index, live)
    refused = 0
    async with rig.run_bot("X1", index=live) as bot:
        for way in ways:
            damaged_index = await asyncio.to_thread(way.copy, rig.materials.index, home / "damaged_index")
            before = _reload_count(bot)
            shutil.rmtree(live, ignore_errors=True)
            if damaged_index.exists():
                damaged_index.rename(live)
            bot.process.send(signal.SIGHUP)
            async with _answering(bot):
                refused += await _reload_result(bot, before) == REFUSED
        await bot.settle(DRAIN_S)
        survived = bot.process.is_running
        return await bot.row(
            "X1", "SIGHUP with a damaged index in place", "refused; the previous build serves on", rounds=len(ways),
            holds=refused == len(ways) and survived,
            note=f"{refused} of {len(ways)} refused" + ("" if survived else "; the bot ended"),
        )  # fmt: skip


@contextlib.asynccontextmanager
async def _answering(bot: BotUnderTest) -> AsyncIterator[None]:
    """Send a photo before and after."""
    bot.photo()
    yield
    bot.photo()


# Reloads


async def reloads(rig: Rig) -> list[Row]:
    """Two indexes with different celebrities in turn, under ten photos a second."""
    home = rig.scratch / "X2"
    even, odd = await asyncio.to_thread(halves, rig.materials.index, home)
    live = home / "live"
    shutil.copytree(even, live)
    async with rig.run_bot("X2", index=live, users=30) as bot:
        loading = asyncio.create_task(_reload(bot, itertools.cycle((odd, even)), live, rig.size(50, 8)))
        sent: list[tuple[SentPhoto, int]] = []
        began = time.monotonic()
        while not loading.done():
            await asyncio.sleep(max(0.0, began + len(sent) / RATE_PER_S - time.monotonic()))
            sent.append(_photo(bot, rig.materials.pictures, len(sent)))
        taken = await loading
        await bot.settle(DRAIN_S)
        mixed, share = _mixed(sent, _stars(even), _stars(odd))
        late_s = bot.ledger.latency_s(95, [photo for photo, _ in sent])
        return [
            await bot.row(
                "X2", f"SIGHUP under {RATE_PER_S:.0f} photos/s, two indexes in turn",
                "0 errors; every answer from one build", rounds=rig.size(50, 8),
                holds=taken == rig.size(50, 8) and not mixed and 0 < share < 1,
                note=f"{taken} taken, {mixed} answers from neither or both, {share:.0%} from the first, "
                f"p95 {late_s:.2f} s",
            )
        ]  # fmt: skip


def _photo(bot: BotUnderTest, pictures: tuple[bytes, ...], number: int) -> tuple[SentPhoto, int]:
    """Send the next photo; with the number of its picture, since here a picture has two right answers."""
    person = bot.users[number % len(bot.users)]
    return bot.ledger.expect(person.photo(pictures[number % len(pictures)])), number % len(pictures)


async def _reload(bot: BotUnderTest, indexes: itertools.cycle[Path], live: Path, rounds: int) -> int:
    """Replace the index as build_index.py does and send SIGHUP, so many times; how many the bot loaded."""
    taken = 0
    for index in itertools.islice(indexes, rounds):
        fresh = live.with_name("fresh")
        await asyncio.to_thread(shutil.copytree, index, fresh)
        await asyncio.to_thread(replace_directory, fresh, live)
        before = _reload_count(bot)
        bot.process.send(signal.SIGHUP)
        taken += await _reload_result(bot, before) == TAKEN
    return taken


def _reload_count(bot: BotUnderTest) -> int:
    """How often the bot has logged the result of a reload."""
    return sum(bot.process.log.count(words) for words in (REFUSED, TAKEN))


async def _reload_result(bot: BotUnderTest, before: int, at_most_s: float = DRAIN_S) -> str:
    """Wait for the next result: REFUSED, TAKEN, or '' if none comes."""
    deadline = time.monotonic() + at_most_s
    while _reload_count(bot) <= before:
        if time.monotonic() > deadline or not bot.process.is_running:
            return ""
        await asyncio.sleep(0.05)
    log = bot.process.log
    return max((REFUSED, TAKEN), key=log.rfind)


def _stars(index: Path) -> frozenset[str]:
    """The English names in an index."""
    lines = (index / CELEBRITIES).read_text(encoding="utf-8").splitlines()
    return frozenset(json.loads(line)["name"]["en"] for line in lines)


def _mixed(sent: list[tuple[SentPhoto, int]], even: frozenset[str], odd: frozenset[str]) -> tuple[int, float]:
    """How many answers are of neither index or differ for one picture; the share of answers by `even`."""
    seen: dict[tuple[int, bool], str] = {}
    mixed = first = 0
    for photo, picture in sent:
        naming = NAMING.search(photo.text)
        stars = [star for star in even | odd if naming and naming["star"].startswith(star)]
        star = max(stars, key=len, default="")
        is_even = star in even
        first += is_even
        named = naming[0] if naming else ""  # with the percentage; the words for a likeness differ
        mixed += not star or named != seen.setdefault((picture, is_even), named)
    return mixed, first / max(1, len(sent))


SCENARIOS = {"X1": damaged, "X2": reloads}
