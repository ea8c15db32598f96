"""A conversation of several steps: one handler asks, the next message is the answer, and a restart forgets nothing."""

from datetime import timedelta
from pathlib import Path
from types import ModuleType

from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.dialogue import Dialogue
from lookalike.telegram_bot.registry import command
from lookalike.telegram_bot.replies.reply import Reply
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi


@command("cities")
async def cities(context: Context) -> Reply:
    """Collects three cities, one a message; each call is one step."""
    dialogue = Dialogue(context.services.store, context.user.id)
    named = [*((await dialogue.state()) or {"cities": []})["cities"], context.arguments]
    if len(named) < 3:
        await dialogue.set({"cities": named}, timedelta(hours=1))
        return Reply("and?")
    await dialogue.end()
    return Reply(", ".join(named))


CITIES = ModuleType("cities")
CITIES.cities = cities  # type: ignore[attr-defined]  # as if it were a file with that function


async def test_a_dialogue_goes_on_after_a_restart_and_ends(tmp_path: Path) -> None:
    async with BotApi() as api:
        ann = api.user()
        async with InProcessBot(api, tmp_path, modules=(CITIES,)):
            for city in ("Rome", "Oslo"):
                assert (await api.answer_to(ann.text(f"/cities {city}"))).text == "and?"
        async with InProcessBot(api, tmp_path, modules=(CITIES,)):
            assert (await api.answer_to(ann.text("/cities Bonn"))).text == "Rome, Oslo, Bonn"
            assert (await api.answer_to(ann.text("/cities Riga"))).text == "and?"


async def test_delete_ends_a_dialogue(tmp_path: Path) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path, modules=(CITIES,)) as bot:
        ann = api.user()
        await api.answer_to(ann.text("/cities Rome"))
        await api.answer_to(ann.text("/delete"))
        assert await Dialogue(bot.store, ann.id).state() is None
