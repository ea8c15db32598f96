"""Handlers are found in modules that are named; a command is one function and its texts, and nothing else."""

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from lookalike.telegram_bot import app
from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.delivery.update_kinds import KINDS
from lookalike.telegram_bot.profile import show_profile
from lookalike.telegram_bot.registry import Registry, command, on_message
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.texts import LOCALES, all_texts, languages
from tests.support.bot_api.conversation import STARTER_PEOPLE, reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi

ADMIN = 700_999_001


@command("weather")
async def weather(context: Context) -> Reply:
    return Reply(context.texts("weather", place=context.arguments))


WEATHER = ModuleType("weather")
WEATHER.weather = weather  # type: ignore[attr-defined]  # as if it were a file with that function
TEXTS = {"en": "command-weather = the weather\nweather = In { $place }: rain.\n",
         "ru": "command-weather = погода\nweather = { $place }: дождь.\n"}  # fmt: skip


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    shutil.copytree(LOCALES, tmp_path / "locales")
    for file in (tmp_path / "locales").iterdir():
        with file.open("a", encoding="utf-8") as opened:
            opened.write(TEXTS.get(file.stem, TEXTS["en"]))
    return tmp_path / "locales"


async def test_a_new_command_is_one_function_and_its_texts(tmp_path: Path, locales: Path) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path, modules=(WEATHER,), locales=locales) as bot:
        await show_profile(bot.bot, bot.services.texts, bot.services.registry.menu)
        ann, ivan = api.user(), api.user(language_code="ru")
        answered = [(await api.answer_to(one.text("/weather Paris"))).text for one in (ann, ivan)]
        helped = [(await api.answer_to(one.text("/help"))).text for one in (ann, ivan)]
        menus = {
            call.params.get("language_code"): call.params["commands"][-1]
            for call in api.calls
            if call.method == "setMyCommands"
        }

    assert answered == ["In Paris: rain.", "Paris: дождь."]
    assert ["/weather – the weather" in helped[0], "/weather – погода" in helped[1]] == [True, True]
    assert menus[None] == {"command": "weather", "description": "the weather"}
    assert menus["ru"] == {"command": "weather", "description": "погода"}


def test_two_handlers_for_the_same_are_an_error() -> None:
    with pytest.raises(ValueError, match="two handlers"):
        Registry([weather, weather])


def test_every_command_has_its_texts_and_every_kind_of_update_its_handler() -> None:
    registry = Registry.of(*app.HANDLER_MODULES)

    for texts in all_texts().values():
        assert [name for name in registry.menu if not texts(f"command-{name}")] == []
    handled = {"message", "callback_query", *registry.updates}
    assert set(KINDS.allowed_updates) == handled
    assert {"start", "help", "privacy", "export", "delete", "language", "mine", "top"} <= set(registry.menu)
    assert "" in registry.messages  # whatever else a message holds is answered


@pytest.mark.parametrize("language", languages())
def test_help_names_every_command_but_itself_and_start(language: str) -> None:
    assert "{ $commands }" in (LOCALES / f"{language}.ftl").read_text(encoding="utf-8")


async def test_admin_commands_work_for_admins_in_private_and_for_nobody_else(tmp_path: Path) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path, ADMIN_IDS=f"1,{ADMIN}"):
        admin, other = api.user(id=ADMIN), api.user()
        group = api.user(id=ADMIN, chat_type="supergroup")
        stats = await api.answer_to(admin.text("/stats"))
        refused = [await api.answer_to(one) for one in (other.text("/stats"), group.text("/stats@stand_in_bot"))]

    assert f"Stars in the gallery: {STARTER_PEOPLE}" in stats.text
    assert ["do not know that command" in call.text for call in refused] == [True, True]


async def test_a_button_of_another_time_is_answered_kindly(tmp_path: Path) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path):
        for language, words in (("en", "from another time"), ("ru", "из другого времени")):
            person = api.user(language_code=language)
            hello = await api.answer_to(person.text("/start"))
            person.press(hello, "vote:42", forge=True)
            await api.wait_for(reaches(person, words))


def test_a_decorator_keeps_nothing() -> None:
    before = Registry.of(*app.HANDLER_MODULES).messages

    @on_message("text")
    async def other(context: Context) -> None: ...

    assert Registry.of(*app.HANDLER_MODULES).messages == before
