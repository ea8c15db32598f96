"""Every handler, killed between its message and its end, and refused with 429: its answers come all the same.

every_handler.txt leads to each of them; the same is played undisturbed, and what came then has to come again. All are
disturbed at once, so that one crash and one restart are enough. The bot is in this process, its faces are made up.
"""

import asyncio
import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from lookalike.faces.types import Face, Refusal
from lookalike.telegram_bot.app import HANDLER_MODULES
from lookalike.telegram_bot.registry import Registry
from lookalike.workers.protocol import FoundFaces
from tests.support.bot_api.calls import SENDS, Call
from tests.support.bot_api.conversation import SLOW_S
from tests.support.bot_api.in_process_bot import InProcessBot, MadeUpFaces
from tests.support.bot_api.server import BotApi, accepted, stall, too_many
from tests.support.conversation_scripts import Player, Script, Step, read_scripts

SHOWING = SENDS | {"editMessageText", "editMessageMedia", "editMessageReplyMarkup"}
BOSSES = range(4_201, 4_260)
AGREED = {
    what: (Step(">", what=what), Step("<", what="/delete"), Step(">", what="press consent:yes"), Step("<", what="%"))
    for what in ("photo", "two")
}
CASES = read_scripts(Path(__file__).parent / "every_handler.txt")
# Handled once or not at all: nothing of them is in the journal.
NOT_JOURNALED = {"update: inline_query", "update: chosen_inline_result"}
# Chats that are not the bot's own have tests of their own (test_business.py, test_guest.py).
ELSEWHERE = {"update: business_message", "update: guest_message"}
# What is asked of a photo that waits for a new wording of the consent; the press itself is among them.
WAITING = {"photo: CompareFaces"}


class TwoInWidePhotos(MadeUpFaces):
    """Two faces in a photo that is wider than high."""

    async def find_for_card(self, photo: bytes, *, is_file: bool = False) -> FoundFaces | Refusal:
        found = await super().find_for_card(photo, is_file=is_file)
        width, height = Image.open(io.BytesIO(photo)).size
        if isinstance(found, Refusal) or width <= height:
            return found
        (one,) = found.faces
        return FoundFaces(found.size, (one, Face((110, 10, 190, 90), one.embedding)))


class Disturbed:
    """All cases, each with people of its own, up to the last line; and what came of that one."""

    def __init__(self, api: BotApi, photos: dict[str, bytes], bosses: Iterator[int]) -> None:
        self._api = api
        self.players = {
            case.name: Player(api, "en", photos, next(bosses) if case.language == "admin" else None) for case in CASES
        }
        self._since = 0

    async def prepare(self) -> None:
        for case in CASES:
            await self.players[case.name].play(list(prepared(case)))

    def act(self) -> None:
        self._since = len(self._api.calls)
        for case in CASES:
            self.players[case.name].do(case.steps[-1].who, case.steps[-1].what)

    def calls(self, name: str) -> list[Call]:
        """What was shown, or should have been."""
        chats = self.players[name].chats
        return [call for call in self._api.calls[self._since :] if call.method in SHOWING and call.chat_id in chats]

    def messages(self) -> dict[str, int]:
        """How many messages came."""
        return {
            name: sum(len(call.messages) for call in self.calls(name) if call.ok and call.method in SENDS)
            for name in self.players
        }

    async def all_begun(self, names: list[str], *, status: int = 0) -> None:
        """Wait until of each of these something was to be shown; with a status, until that was the answer."""

        def begun() -> bool:
            return all(any(not status or call.status == status for call in self.calls(one)) for one in names)

        await self._api.wait_for(lambda call: begun(), SLOW_S)


def prepared(case: Script) -> Iterator[Step]:
    """The lines of a case but its last one."""
    for step in case.steps[:-1]:
        yield from AGREED[step.what.partition(" ")[2] or "photo"] if step.what.startswith("agreed") else (step,)


async def reported(api: BotApi, photos: dict[str, bytes]) -> None:
    """The first report about a star goes to all who run the bot, who are to get only what they asked for."""
    (case,) = (case for case in CASES if case.name == "ReportReason")
    player = Player(api, "en", photos)
    await player.play(list(prepared(case)))
    player.do("", case.steps[-1].what)


@pytest.fixture
def photos(astronaut: bytes) -> dict[str, bytes]:
    wide = io.BytesIO()
    Image.open(io.BytesIO(astronaut)).resize((800, 400)).save(wide, "JPEG")
    return {"photo": astronaut, "two": wide.getvalue()}


def bot_in(home: Path, api: BotApi) -> InProcessBot:
    bot = InProcessBot(api, home, ADMIN_IDS=",".join(map(str, BOSSES)))
    bot.faces = TwoInWidePhotos(bot.gallery)
    return bot


async def finished(bot: InProcessBot) -> None:
    """Wait until nothing is left in the journal."""
    async with asyncio.timeout(SLOW_S):
        while await bot.store.unfinished_updates():  # noqa: ASYNC110 - the store tells nobody when a row is closed
            await asyncio.sleep(0.02)


def test_every_handler_is_among_them() -> None:
    registry = Registry.of(*HANDLER_MODULES)
    handlers = {f"/{name}" for name in registry.commands}
    handlers |= {shape.__name__ for shape in registry._callbacks}
    handlers |= {f"photo: {shape.__name__ if shape else None}" for shape in registry._photos}
    handlers |= {f"message: {content}".strip() for content in registry.messages}
    handlers |= {f"update: {kind}" for kind in registry.updates}

    assert {case.name for case in CASES} | NOT_JOURNALED | ELSEWHERE | WAITING == handlers


async def test_a_kill_or_a_429_costs_nobody_a_message(tmp_path: Path, photos: dict[str, bytes]) -> None:
    bosses = itertools.chain(BOSSES)
    async with BotApi() as api:
        async with bot_in(tmp_path, api) as bot:
            await reported(api, photos)
            await finished(bot)
            undisturbed = Disturbed(api, photos, bosses)
            await undisturbed.prepare()
            undisturbed.act()
            await finished(bot)
            expected = undisturbed.messages()
            shown = [name for name in expected if undisturbed.calls(name)]

            refused = Disturbed(api, photos, bosses)
            await refused.prepare()
            for method in SHOWING:
                api.fault(method, too_many(1))
            refused.act()
            await refused.all_begun(shown, status=429)
            api.clear()
            await finished(bot)
            assert refused.messages() == expected

        for fault in (stall(3600), accepted(stall(3600))):  # the message was not sent, or was and nobody knows
            first = await bot_in(tmp_path, api).__aenter__()
            killed = Disturbed(api, photos, bosses)
            await killed.prepare()
            for method in SHOWING:
                api.fault(method, fault)
            killed.act()
            await killed.all_begun(shown)
            await first.crash()
            api.clear()
            async with bot_in(tmp_path, api) as bot:
                await finished(bot)
            got = killed.messages()
            assert {name: n for name, n in got.items() if not expected[name] <= n <= expected[name] + 1} == {}
