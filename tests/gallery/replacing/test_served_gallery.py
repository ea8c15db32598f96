"""The gallery in use: a new index takes its place, one reload at a time; after any failure the previous one stays."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lookalike.core.errors import IndexRefused
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import MANIFEST
from lookalike.gallery.replacing import served_gallery
from lookalike.gallery.replacing.served_gallery import ServedGallery
from tests.support.crowds import crowd, written


class Served:
    """A gallery of three celebrities, whose failed reloads are counted."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.failures = 0
        written(crowd(range(3)), directory)
        self.gallery = ServedGallery(directory, self._count)

    def _count(self) -> None:
        self.failures += 1

    def replace(self, celebrities: int) -> None:
        shutil.rmtree(self.directory)
        written(crowd(range(celebrities)), self.directory)

    @property
    def celebrities(self) -> int:
        return len(self.gallery().celebrities)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(tmp_path / "index")


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What happens in place of the check in a child process, one entry per reload; empty: nothing."""
    steps: list[Callable[[], None]] = []

    async def check(directory: Path) -> None:
        await asyncio.sleep(0)
        if steps:
            steps.pop(0)()

    monkeypatch.setattr(served_gallery, "check_load", check)
    return steps


async def test_a_new_index_takes_the_place_of_the_old_one(served: Served) -> None:
    served.replace(5)
    before = served.gallery()
    await served.gallery.reload()

    assert (served.celebrities, len(before.celebrities), served.failures) == (5, 3, 0)


async def test_a_refused_index_leaves_the_previous_one(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    (served.directory / MANIFEST).write_text("{")
    await served.gallery.reload()

    assert (served.celebrities, served.failures) == (3, 1)
    assert "the previous one stays in use" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        BlockingIOError(11, "Resource temporarily unavailable"),
        OSError(12, "Cannot allocate memory"),
        MemoryError(),
        RuntimeError("can't start new thread"),
        FileNotFoundError(2, "No such file or directory"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("where", ["check", "load"])
async def test_after_any_failure_the_previous_gallery_stays(
    served: Served, checked: list[Callable[[], None]], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture, error: Exception, where: str,
) -> None:  # fmt: skip
    """A fork, a thread or an allocation that fails; the next reload is as any other."""

    def fail(*_: object) -> Gallery:
        raise error

    served.replace(5)
    with monkeypatch.context() as patch:
        if where == "check":
            checked.append(fail)  # type: ignore[arg-type] # it returns nothing
        else:
            patch.setattr(Gallery, "load", fail)
        await served.gallery.reload()
    assert (served.celebrities, served.failures) == (3, 1)
    assert "the previous one stays in use" in caplog.text

    await served.gallery.reload()
    assert (served.celebrities, served.failures) == (5, 1)


async def test_one_reload_at_a_time_and_the_newest_index_wins(
    served: Served, checked: list[Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten signals while an index is being loaded are one more load, which takes what is on disk then."""
    loads = running = most = 0
    load = Gallery.load

    def counted(directory: Path, fame_weight: float | None) -> Gallery:
        nonlocal loads, running, most
        loads, running = loads + 1, running + 1
        most = max(most, running)
        found = load(directory, fame_weight)
        running -= 1
        return found

    monkeypatch.setattr(Gallery, "load", counted)
    again: list[asyncio.Task[str]] = []

    def many_signals() -> None:
        again.extend(asyncio.create_task(served.gallery.reload()) for _ in range(10))

    def replaced() -> None:
        served.replace(7)

    checked += [many_signals, replaced]
    await served.gallery.reload()
    await asyncio.gather(*again)

    assert (served.celebrities, loads, most, served.failures) == (7, 2, 1, 0)


async def test_a_reload_that_is_cancelled_does_not_block_the_next(
    served: Served, checked: list[Callable[[], None]]
) -> None:
    served.replace(5)
    first = asyncio.create_task(served.gallery.reload())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    await served.gallery.reload()

    assert served.celebrities == 5


def test_a_first_index_that_is_refused_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IndexRefused):
        ServedGallery(tmp_path / "nowhere")
