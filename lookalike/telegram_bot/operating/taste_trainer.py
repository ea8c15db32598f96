"""Learns tastes anew: at night, or once there are many new ratings; in a process that costs nobody an answer.

The process gets the ratings through its standard input, in batches, so that no file holds them and the store is free
between two; people are keyed hashes there. Erased ratings are out of the model from the next training on, which is the
next night's at the latest; where too few ratings are left, the model is deleted. A training that fails, however it
does, is counted, logged in one line and tried again after a pause that grows; the model before it stays in use.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import time
from asyncio import StreamReader
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from signal import Signals
from typing import Protocol

from lookalike.core.child_process import start_child, tell, tell_all
from lookalike.core.errors import TrainingFailed
from lookalike.core.metrics import Metrics
from lookalike.gallery.gallery import Gallery
from lookalike.taste.model_directory import trained_at
from lookalike.taste.serving.served_tastes import ServedTastes
from lookalike.taste.serving.shared_ratings import NOT_ENOUGH

log = logging.getLogger(__name__)

PROGRAM = "lookalike.telegram_bot.operating.training_process"
LOOK_S = 10.0  # how often it is looked whether there is something to learn
DEADLINE_S = 3600.0  # 10⁷ ratings take 465 s on two free cores (bench/taste_sizes.py), and it gives way to everything
PAUSES_S = (60.0, 6 * 3600.0)  # after a failure, doubling
GROWTH = 0.1  # new ratings among those of the model, from which on a training is worth its time
OUTPUT_BYTES = 10_000  # of what the process says


class RatingsSource(Protocol):
    """What the store knows of ratings."""

    def all_ratings(self) -> AsyncIterator[list[tuple[str, str, int]]]:
        """All ratings in batches: the key of a person, the id of a celebrity, the score."""
        ...

    async def ratings_since(self, since: datetime) -> int:
        """How many ratings were given or changed since then."""
        ...


class TasteTrainer:
    """Trains while `run()` runs, one training at a time."""

    def __init__(
        self, source: RatingsSource, tastes: ServedTastes, gallery: Callable[[], Gallery], metrics: Metrics,
        clock: Callable[[], datetime], *, hour: int, after: int,
        look_s: float = LOOK_S, deadline_s: float = DEADLINE_S, pauses_s: tuple[float, float] = PAUSES_S,
    ) -> None:  # fmt: skip
        self._source, self._tastes, self._gallery, self._metrics = source, tastes, gallery, metrics
        self._clock, self._hour, self._after = clock, hour, after
        self._look_s, self._deadline_s, self._pauses_s = look_s, deadline_s, pauses_s
        self._pause_s = pauses_s[0]
        self._looked_at: datetime | None = None  # at all ratings

    async def run(self) -> None:
        """Train whenever there is something to learn, until cancelled."""
        while True:
            await asyncio.sleep(self._look_s)
            try:
                if await self.is_due():
                    await self.train()
            except Exception as error:  # whatever it is: answers do not depend on it
                await self._failed(str(error) or type(error).__name__)
            else:
                self._pause_s = self._pauses_s[0]

    async def _failed(self, why: str) -> None:
        self._metrics.failure("training")
        log.error("tastes were not learned: %s; next attempt in %g s", why, self._pause_s)
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(self._pauses_s[1], self._pause_s * 2)

    async def is_due(self) -> bool:
        """Whether the hour of training has passed since the last one, or there are many new ratings."""
        if self._looked_at is None:  # not again: it takes the checksums of all files
            known = await asyncio.to_thread(trained_at, self._tastes.directory)
            self._looked_at = known or datetime.fromtimestamp(0, UTC)
        last = self._looked_at
        if last < self._last_night() and self._tastes.directory.exists():
            return True
        model = self._tastes.model
        enough = max(self._after, GROWTH * (model.ratings if model else 0))
        return await self._source.ratings_since(last) >= (1 if last < self._last_night() else enough)

    def _last_night(self) -> datetime:
        """When the hour of training last began."""
        now = self._clock().astimezone()
        tonight = now.replace(hour=self._hour, minute=0, second=0, microsecond=0)
        return tonight if tonight <= now else tonight - timedelta(days=1)

    async def train(self) -> None:
        """Train once and take the model; TrainingFailed, StoreError or OSError if that is not possible."""
        began, began_at = time.monotonic(), self._clock()
        process = await start_child(PROGRAM, str(self._tastes.directory.absolute()), stderr=PIPE)
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._tell(process)
                said, problem = await asyncio.gather(_read(process.stdout), _read(process.stderr))
                status = await process.wait()
        except TimeoutError:
            raise TrainingFailed(f"it took more than {self._deadline_s:.0f} s") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if status == NOT_ENOUGH:
            log.info("tastes are not learned yet: %s", said)
            await asyncio.to_thread(shutil.rmtree, self._tastes.directory, ignore_errors=True)
        elif status != 0:
            raise TrainingFailed(f"ended by {Signals(-status).name}" if status < 0 else _last_line(problem))
        if refusal := await self._tastes.reload():
            raise TrainingFailed(refusal)
        self._looked_at = began_at
        self._metrics.states(training_s=time.monotonic() - began)

    async def _tell(self, process: Process) -> None:
        """Give the process all ratings, then the names of their stars; it may end before it has read them."""
        stars: set[str] = set()
        with suppress(ConnectionError):
            async for batch in self._source.all_ratings():
                stars.update(star for _, star, _ in batch)
                await tell(process, json.dumps(batch).encode() + b"\n")
            names = await asyncio.to_thread(self._names, stars)
            await tell_all(process, json.dumps(names).encode() + b"\n")

    def _names(self, stars: Collection[str]) -> dict[str, str]:
        """The names of those of the stars that the gallery has; a star that was taken out of it is not learned."""
        return {id: one.name_in("en") for id, one in self._gallery().celebrities.by_id(stars).items()}


async def _read(stream: StreamReader | None) -> str:
    """The first OUTPUT_BYTES of what a process says."""
    assert stream is not None  # noqa: S101 - made with PIPE
    return (await stream.read())[:OUTPUT_BYTES].decode(errors="replace").strip()


def _last_line(problem: str) -> str:
    return problem.rpartition("\n")[2]
