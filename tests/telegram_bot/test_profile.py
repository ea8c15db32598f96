"""What people see of the bot before they write to it."""

import io
from pathlib import Path

import pytest
from PIL import Image

from lookalike.telegram_bot import app
from lookalike.telegram_bot.profile import PICTURE, show_profile
from lookalike.telegram_bot.texts import all_texts, languages
from tests.support.bot_api.conversation import answer
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, too_many

TEXTS = all_texts()
PARTS = {"name": 64, "description": 512, "short_description": 120}  # Telegram's limits, in letters


async def shown(api: BotApi) -> None:
    """Let a bot that starts show itself."""
    bot = app.make_bot(api.url, api.token)
    try:
        await app.connect(bot)
        await show_profile(bot, TEXTS, ["start", "help"])
    finally:
        await bot.shutdown()


def settings_made(api: BotApi) -> list[str]:
    return [call.method for call in api.calls if call.method.startswith("setMy")]


async def test_name_descriptions_and_picture_are_set_in_every_language() -> None:
    async with BotApi() as api:
        await shown(api)

    for part in PARTS:
        for language in languages():
            code = "" if language == "en" else language
            assert api.state.profile.texts[part, code] == TEXTS[language](f"profile-{part.replace('_', '-')}")
    assert api.state.profile.picture == PICTURE.read_bytes()


async def test_what_is_as_it_should_be_is_not_set_again() -> None:
    async with BotApi() as api:
        await shown(api)
        api.state.profile.texts["description", "ru"] = "changed elsewhere"
        before = len(settings_made(api))
        await shown(api)

    assert settings_made(api)[before:] == ["setMyDescription"]


async def test_a_picture_that_the_operator_chose_stays() -> None:
    async with BotApi() as api:
        api.state.profile.picture = b"their own"
        await shown(api)

    assert api.state.profile.picture == b"their own"


async def test_a_flood_wait_of_hours_is_a_warning_and_the_rest_is_set(caplog: pytest.LogCaptureFixture) -> None:
    async with BotApi() as api:
        api.fault("setMyName", too_many(20_000))
        await shown(api)

    assert "the bot's name was not set in en: RetryAfter" in caplog.text
    assert [call.method for call in api.calls].count("setMyName") == 1  # the wait is for every language
    assert api.state.profile.texts["short_description", "ru"] == TEXTS["ru"]("profile-short-description")
    assert api.state.profile.picture is not None


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("part", PARTS)
def test_the_words_are_no_longer_than_telegram_allows(language: str, part: str) -> None:
    assert 0 < len(TEXTS[language](f"profile-{part.replace('_', '-')}")) <= PARTS[part]


def test_the_picture_is_one_that_telegram_takes() -> None:
    with Image.open(io.BytesIO(PICTURE.read_bytes())) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", (640, 640), "RGB")


@pytest.mark.parametrize(("language", "words"), [("en", "run by Ada, ada@example.org"), ("ru", "ведёт Ada, ada@")])
async def test_privacy_names_who_runs_the_bot(tmp_path: Path, language: str, words: str) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path, OPERATOR="Ada, ada@example.org"):
        told = await answer(api, api.user(language_code=language).text("/privacy"))

    assert words in told.text
