"""The bot's side of the page's process, over one that is odd (tests/support/web/odd_page.py)."""

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from lookalike.core import child_process
from lookalike.core.settings import Settings, read_settings
from lookalike.web import page_supervisor
from lookalike.web.page_supervisor import PageSupervisor
from tests.support.pools import GIVE_UP_S

TOKEN = "123456789:AAF-not-a-real-token-but-just-as-long"  # noqa: S105
ENVIRONMENT = {
    "TELEGRAM_TOKEN": TOKEN,
    "MONGODB_URI": "mongodb://ada:secret@127.0.0.1/",
    "TRUSTED_PROXIES": "10.0.0.0/8",
}


@pytest.fixture(autouse=True)
def _odd_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_supervisor, "PROGRAM", "tests.support.web.odd_page")
    monkeypatch.setattr(page_supervisor, "PAUSES_S", (0.01, 0.1))


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@contextlib.asynccontextmanager
async def running(
    listener: socket.socket, behaviour: str, bot_is_well: Callable[[], bool] = lambda: True
) -> AsyncIterator[PageSupervisor]:
    page = PageSupervisor(read_settings({**ENVIRONMENT, "INDEX_DIR": behaviour}), listener, bot_is_well)
    task = asyncio.create_task(page.run())
    try:
        yield page
    finally:
        task.cancel()
        async with asyncio.timeout(GIVE_UP_S):
            await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(GIVE_UP_S):
        while not condition():  # noqa: ASYNC110 - the supervisor has no event for it
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("bot_is_well", [True, False])
async def test_the_page_gets_its_settings_without_secrets_and_the_health_of_the_bot(
    listener: socket.socket, bot_is_well: bool
) -> None:
    async with running(listener, "echo", lambda: bot_is_well) as page:
        await until(lambda: page.is_well)
        settings, told = map(json.loads, page.metrics.decode().splitlines())
    assert set(settings) == page_supervisor.SETTINGS
    assert settings["trusted_proxies"] == ["10.0.0.0/8"]
    assert TOKEN not in json.dumps(settings)
    assert told == {"bot": "ok" if bot_is_well else "unhealthy"}


def test_every_setting_that_the_page_reads_is_among_those_that_it_gets() -> None:
    files = Path(page_supervisor.__file__).parent.rglob("*.py")
    named = {name for file in files for name in re.findall(r"\bsettings\.(\w+)", file.read_text(encoding="utf-8"))}

    assert named & set(Settings.model_fields) - page_supervisor.SETTINGS == set()


async def test_a_reload_reaches_the_page_and_what_it_reports_is_known(listener: socket.socket) -> None:
    async with running(listener, "echo") as page:
        await until(lambda: page.is_well)
        page.reload()
        await until(lambda: not page.is_well)
        assert json.loads(page.metrics) == {"reload": True}
        assert page.restarts == 0


@pytest.mark.parametrize("behaviour", ["ends", "silent", "nonsense"])
async def test_a_page_that_ends_or_is_silent_or_talks_nonsense_is_restarted(
    listener: socket.socket, behaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_supervisor, "SILENT_S", 0.3)
    monkeypatch.setattr(page_supervisor, "CLOSE_S", 0.3)
    async with running(listener, behaviour) as page:
        await until(lambda: page.restarts >= 2)
        await until(lambda: page.is_well)


async def test_a_page_that_does_not_start_is_tried_again_and_the_bot_goes_on(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(child_process, "RUN_MODULE", ("/nowhere/python",))
    async with running(listener, "echo") as page:
        await until(lambda: page.restarts >= 2)
    assert "does not start" in caplog.text


@pytest.mark.parametrize("behaviour", ["echo", "deaf"])
async def test_no_page_is_left_behind(listener: socket.socket, behaviour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_supervisor, "CLOSE_S", 0.3)
    async with running(listener, behaviour) as page:
        await until(lambda: page.is_well)
        assert page._process is not None
        process = page._process
        assert process.returncode is None
    assert process.returncode is not None
