"""Tastes learned beside the bot: when, from what, and what comes of it when the process that learns them fails."""

import asyncio
import logging
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from faults.processes import command, descendants, is_running, limit_memory, send
from lookalike.core.child_process import child_environment
from lookalike.core.errors import StoreError, TrainingFailed
from lookalike.core.metrics import Metrics
from lookalike.core.paths import ROOT
from lookalike.gallery.gallery import Gallery
from lookalike.store.store import Store
from lookalike.taste.model_directory import MANIFEST, save_model, trained_at
from lookalike.taste.serving.served_tastes import ServedTastes
from lookalike.taste.serving.shared_ratings import LEAST_RATERS, LEAST_USERS
from lookalike.taste.training import train
from lookalike.telegram_bot.operating.taste_trainer import TasteTrainer
from tests.support.bot_api.conversation import STARTER
from tests.support.stores import StoreDir
from tests.support.taste.people import crowd

Rated = tuple[str, str, int]
NIGHT = datetime(2026, 11, 20, 4, tzinfo=UTC).astimezone().hour  # local, of 4:00 UTC
PEOPLE = LEAST_USERS + 10


class MadeUpRatings:
    """In place of the store: these ratings, in one batch; behind it waits `gate`, and `is_told` is set there."""

    def __init__(self, ratings: Iterable[Rated], since: int = 0) -> None:
        self.ratings, self.since = list(ratings), since
        self.is_told, self.gate = asyncio.Event(), asyncio.Event()
        self.gate.set()
        self.failures = 0  # so many more times it fails

    async def all_ratings(self) -> AsyncIterator[list[Rated]]:
        if self.failures:
            self.failures -= 1
            raise StoreError("the disk is full")
        yield self.ratings
        self.is_told.set()
        await self.gate.wait()

    async def ratings_since(self, since: datetime) -> int:
        return self.since


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery.load(STARTER)


@pytest.fixture(scope="module")
def stars(gallery: Gallery) -> list[str]:
    return [one.id for one in gallery.celebrities[:12]]


@pytest.fixture
def tastes(tmp_path: Path) -> ServedTastes:
    return ServedTastes(tmp_path / "taste")


@pytest.fixture
async def used(tastes: ServedTastes) -> ServedTastes:
    """With a model in use."""
    save_model(train(crowd(60, 30).ratings), tastes.directory)
    await tastes.reload()
    return tastes


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def trainer_of(
    gallery: Gallery, tastes: ServedTastes, metrics: Metrics, store_dir: StoreDir
) -> Callable[..., TasteTrainer]:
    def make(source: MadeUpRatings | Store, **options: float) -> TasteTrainer:
        times: dict[str, object] = {"look_s": 0.01, "pauses_s": (0.01, 0.04), **options}
        return TasteTrainer(source, tastes, lambda: gallery, metrics, store_dir.clock, hour=NIGHT, after=200, **times)  # type: ignore[arg-type]

    return make


def likes(stars: list[str], people: int = PEOPLE) -> Iterator[Rated]:
    """Half of the people like the stars in even places, half the others; the last star has one rater too few."""
    for person in range(people):
        for place, star in enumerate(stars[:-1]):
            yield f"p{person}", star, 9 - person % 2 if (person + place) % 2 else 2 + person % 2
    for person in range(LEAST_RATERS - 1):
        yield f"p{person}", stars[-1], 7


def trainings() -> list[int]:
    return [pid for pid in descendants(os.getpid()) if b"training_process" in command(pid)]


# What is learned


async def test_tastes_are_learned_from_the_store_and_taken_into_use(
    store: Store, tastes: ServedTastes, gallery: Gallery, stars: list[str], trainer_of: Callable[..., TasteTrainer]
) -> None:
    await rate_all(store, likes(stars))
    taken = asyncio.Event()
    tastes.when_replaced(taken.set)
    running = asyncio.create_task(trainer_of(store).run())
    await asyncio.wait_for(taken.wait(), 120)
    running.cancel()

    model = tastes.model
    assert model is not None
    assert (model.users, model.ratings) == (PEOPLE, PEOPLE * (len(stars) - 1))
    assert model.items.find(gallery.celebrities[0].name_in("en")) == model.items.by_id[stars[0]]
    liked = model.profile({stars[0]: 9, stars[2]: 8, stars[1]: 2})
    best = [model.items.ids[one.item] for one in model.recommend(liked, 3)]
    assert set(best) <= set(stars[4:-1:2])


async def test_a_star_that_fewer_than_five_have_rated_is_not_learned(
    tastes: ServedTastes, stars: list[str], trainer_of: Callable[..., TasteTrainer]
) -> None:
    await trainer_of(MadeUpRatings(likes(stars))).train()

    assert tastes.model is not None
    assert sorted(tastes.model.items.ids) == sorted(stars[:-1])


async def test_who_is_erased_is_out_of_the_next_model_and_too_few_leave_none(
    store: Store, tastes: ServedTastes, stars: list[str], trainer_of: Callable[..., TasteTrainer]
) -> None:
    trainer = trainer_of(store)
    await rate_all(store, likes(stars, LEAST_USERS + 1))
    await trainer.train()
    assert tastes.model is not None
    await store.erase_user(1000)

    await trainer.train()
    assert tastes.model.users == LEAST_USERS
    await store.erase_user(1001)
    await trainer.train()

    assert tastes.model is None
    assert not tastes.directory.exists()


async def rate_all(store: Store, ratings: Iterable[Rated]) -> None:
    """Put these ratings into the store; person 0 is the user 1000."""
    given = [(1000 + int(person[1:]), star, score) for person, star, score in ratings]
    await asyncio.gather(*(store.upsert_user(user, "Somebody", "en") for user in {user for user, _, _ in given}))
    await asyncio.gather(*(store.rate(user, star, score) for user, star, score in given))


EVERYBODY = [f"p{number}" for number in range(PEOPLE)]


@pytest.mark.parametrize(
    ("ratings", "why"),
    [
        (lambda stars: [], "0 people have rated"),
        (lambda stars: [("p0", star, 8) for star in stars], "0 people have rated"),
        (lambda stars: [(one, "unknown", 1 + place % 9) for place, one in enumerate(EVERYBODY)], "0 people have rated"),
        (lambda stars: [(one, stars[0], 1 + place % 9) for place, one in enumerate(EVERYBODY)], "are of one item"),
        (lambda stars: [(one, star, 7) for one in EVERYBODY for star in stars], "ratings are 7"),
    ],
    ids=["no ratings", "one person", "unknown stars", "one star", "all alike"],
)  # fmt: skip
async def test_what_says_nothing_of_tastes_is_told_in_clear_words_and_is_no_failure(
    ratings: Callable[[list[str]], list[Rated]], why: str, tastes: ServedTastes, stars: list[str],
    trainer_of: Callable[..., TasteTrainer], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO)
    await trainer_of(MadeUpRatings(ratings(stars))).train()

    assert tastes.model is None
    assert [why in line for line in caplog.messages if "not learned yet" in line] == [True]


# When


@pytest.mark.parametrize(
    ("hours_ago", "new", "is_due"),
    [(9, 0, True), (1, 199, False), (1, 200, True)],
    ids=["once a night", "few new ratings", "many new ratings"],
)
async def test_it_is_done_every_night_and_after_many_new_ratings(
    hours_ago: int, new: int, is_due: bool, used: ServedTastes, store_dir: StoreDir,
    trainer_of: Callable[..., TasteTrainer],
) -> None:  # fmt: skip
    store_dir.clock.now = datetime.now(UTC).replace(hour=12)
    trainer = trainer_of(MadeUpRatings([], since=new))
    trainer._looked_at = store_dir.clock.now - timedelta(hours=hours_ago)

    assert await trainer.is_due() == is_due


async def test_when_the_model_on_the_disk_was_trained_is_read_once_after_a_start(
    used: ServedTastes, store_dir: StoreDir, trainer_of: Callable[..., TasteTrainer]
) -> None:
    found = trained_at(used.directory)
    assert found is not None
    store_dir.clock.now = found
    trainer = trainer_of(MadeUpRatings([]))

    assert not await trainer.is_due()
    (used.directory / MANIFEST).unlink()
    assert not await trainer.is_due()
    assert await trainer_of(MadeUpRatings([])).is_due()


async def test_without_ratings_and_without_a_model_there_is_nothing_to_do(
    trainer_of: Callable[..., TasteTrainer],
) -> None:
    assert not await trainer_of(MadeUpRatings([])).is_due()


# Failures


@pytest.mark.parametrize("is_told", [False, True], ids=["while it is being told", "once it has everything"])
async def test_a_killed_training_costs_nothing_but_itself(
    is_told: bool, used: ServedTastes, stars: list[str], trainer_of: Callable[..., TasteTrainer]
) -> None:
    source, previous = MadeUpRatings(likes(stars)), used.model
    source.gate.clear()
    trainer = trainer_of(source)
    training = asyncio.create_task(trainer.train())
    await source.is_told.wait()
    if is_told:
        source.gate.set()
        await asyncio.sleep(0)
    send(trainings(), signal.SIGKILL)
    source.gate.set()

    with pytest.raises(TrainingFailed, match="SIGKILL"):
        await training
    assert used.model is previous
    await trainer.train()
    assert used.model is not previous


def small_files(pid: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1000, 1000))


@pytest.mark.parametrize(
    ("restrict", "why"),
    [(lambda pid: limit_memory(pid, 1_000_000), "Error"), (small_files, "File too large")],
    ids=["no memory", "no room on the disk"],
)
async def test_a_training_without_memory_or_disk_leaves_the_model_and_no_files(
    restrict: Callable[[int], None], why: str, used: ServedTastes, stars: list[str],
    trainer_of: Callable[..., TasteTrainer],
) -> None:  # fmt: skip
    filler = [("p0", f"unknown {number}", 5) for number in range(20_000)]  # more than a pipe holds: it is being read
    source, previous = MadeUpRatings([*filler, *likes(stars)]), used.model
    source.gate.clear()
    training = asyncio.create_task(trainer_of(source).train())
    await source.is_told.wait()
    (pid,) = trainings()
    restrict(pid)
    source.gate.set()

    with pytest.raises(TrainingFailed, match=why):
        await training
    assert used.model is previous
    assert [path.name for path in used.directory.parent.iterdir() if "taste" in path.name] == ["taste"]
    assert await used.reload() == ""


async def test_a_training_that_hangs_is_ended(
    used: ServedTastes, stars: list[str], trainer_of: Callable[..., TasteTrainer]
) -> None:
    source = MadeUpRatings(likes(stars))
    source.gate.clear()

    with pytest.raises(TrainingFailed, match="more than"):
        await trainer_of(source, deadline_s=0.2).train()
    assert trainings() == []


async def test_failures_are_counted_logged_in_a_line_and_tried_again_after_growing_pauses(
    tastes: ServedTastes, stars: list[str], trainer_of: Callable[..., TasteTrainer], metrics: Metrics,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    source, taken = MadeUpRatings(likes(stars), since=200), asyncio.Event()
    source.failures = 4
    tastes.when_replaced(taken.set)
    running = asyncio.create_task(trainer_of(source).run())
    await asyncio.wait_for(taken.wait(), 120)
    running.cancel()

    failed = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    pauses = ("0.01", "0.02", "0.04", "0.04")
    assert failed == [f"tastes were not learned: the disk is full; next attempt in {one} s" for one in pauses]
    assert b'lookalike_failures_total{what="training"} 4.0' in await metrics.text()


async def test_a_training_ends_with_a_bot_that_is_killed(tmp_path: Path) -> None:
    """Here the bot is a process that tells a training nothing."""
    program = (
        "import subprocess, sys; from lookalike.core.child_process import *\n"
        "process = subprocess.Popen([*RUN_MODULE, 'lookalike.telegram_bot.operating.training_process', sys.argv[1]],"
        " stdin=subprocess.PIPE, env=child_environment(), start_new_session=True)\n"
        "process.stdin.write(b'[]\\n' * 100_000); process.stdin.flush(); print(process.pid, flush=True); process.wait()"
    )
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path / "taste"), cwd=ROOT, env=child_environment(),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert bot.stdout is not None
    pid = int(await bot.stdout.readline())
    assert is_running(pid)
    bot.kill()
    await bot.wait()

    async with asyncio.timeout(60):
        while is_running(pid):  # noqa: ASYNC110 - the kernel tells only its parent
            await asyncio.sleep(0.01)
    assert not (tmp_path / "taste").exists()
