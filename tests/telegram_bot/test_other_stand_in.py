"""Conversations against a stand-in that nobody here wrote: npm's telegram-test-api.

It knows text in private chats. Its presses lack `chat_instance`, which Telegram's always have, so that nobody can read
them. It has no files (no photo, no export), no edited media, no toasts, no groups, no inline mode, no limits and no
faults, tells neither what a message replies to nor what is confirmed, and its getMe lacks `is_bot`
(tests/telegram_test_api/serve.js adds it). So those scripts are played here in which people type and nothing else.
"""

import asyncio
import itertools
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.support.bot_api.conversation import SLOW_S, STARTER
from tests.support.bot_api.server import TOKEN, BotApi
from tests.support.conversation_scripts import Script, read_scripts
from tests.support.running_bot import ROOT, QuickBot

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.outside]

PACKAGE = ROOT / "tests" / "telegram_test_api"
INSTALLED = ROOT / ".cache" / "telegram-test-api"
LOOK_S = 0.2  # it tells nobody when a message comes
VERBS = (
    "press", "photo", "wall", "two", "album", "file", "text-file", "sticker", "gif", "video", "voice", "location",
    "contact", "send", "edit", "block", "unblock", "link", "inline", "update", "answer", "forge", "/export",
)  # fmt: skip
SCRIPTS = [
    script
    for file in sorted((Path(__file__).parent / "conversations").glob("*.txt"))
    for script in read_scripts(file)
    if all(not step.who and step.sign in "<>" and not step.what.startswith(VERBS) for step in script.steps)
]


@pytest.fixture(scope="module")
def package() -> Path:
    """The package with what it needs, by npm and the hashes of package-lock.json."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        pytest.skip("node and npm are not here: the stand-in of others is not played against")
    if not (INSTALLED / "node_modules" / "telegram-test-api").is_dir():
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(PACKAGE / name, INSTALLED / name)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            pytest.skip(f"npm could not fetch telegram-test-api: {done.stderr[-200:]}")
    shutil.copyfile(PACKAGE / "serve.js", INSTALLED / "serve.js")
    return INSTALLED


class OtherStandIn:
    """What people do and see at the other stand-in."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._people = itertools.count(800_000_001)

    async def play(self, script: Script) -> None:
        person: dict[str, Any] = {
            "id": next(self._people),
            "is_bot": False,
            "first_name": "Ann",
            "language_code": script.language,
        }
        before: list[tuple[int, str]] = []
        for step in script.steps:
            shown = await self._shown(person["id"])
            if step.sign == ">":
                before = told(shown)
                await self._type(person, step.what)
                continue
            ends_at = time.monotonic() + SLOW_S
            while not any(step.what in text for number, text in told(shown) if (number, text) not in before):
                assert time.monotonic() < ends_at, f"{script.name}: {step.what} did not come; {told(shown)}"
                await asyncio.sleep(LOOK_S)
                shown = await self._shown(person["id"])

    async def _type(self, person: dict[str, Any], what: str) -> None:
        chat = {"id": person["id"], "type": "private", "first_name": "Ann"}
        message = {"botToken": TOKEN, "from": person, "chat": chat, "date": int(time.time()), "text": what}
        await self._client.post("/sendMessage", json=message)

    async def _shown(self, chat_id: int) -> list[dict[str, Any]]:
        """The messages of the bot in a chat, as they are now."""
        history = (await self._client.post("/getUpdatesHistory", json={"token": TOKEN})).json()["result"]
        return [one for one in history if str(one.get("message", {}).get("chat_id")) == str(chat_id)]


def told(shown: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """The number and the words of each message."""
    return [(one["messageId"], one["message"]["text"]) for one in shown]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def other(package: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OtherStandIn]:
    home = tmp_path_factory.mktemp("bot")
    node = await asyncio.create_subprocess_exec("node", "serve.js", cwd=package, stdout=subprocess.PIPE)
    try:
        assert node.stdout
        url = f"http://127.0.0.1:{int(await node.stdout.readline())}"
        async with (
            QuickBot(BotApi(), home, STARTER, home, TELEGRAM_API_URL=url),
            httpx.AsyncClient(base_url=url) as client,
        ):
            yield OtherStandIn(client)
    finally:
        node.kill()
        await node.wait()


async def test_what_is_typed_is_answered_as_with_the_stand_in_of_the_project(other: OtherStandIn) -> None:
    assert len(SCRIPTS) > 10
    async with asyncio.TaskGroup() as group:
        for script in SCRIPTS:
            group.create_task(other.play(script), name=script.name)
