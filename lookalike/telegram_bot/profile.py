"""What people see of the bot before they write to it: name, descriptions and picture, in every language."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from telegram import InputProfilePhotoStatic
from telegram.error import TelegramError
from telegram.ext import ExtBot

from lookalike.core.paths import ASSETS_DIR
from lookalike.telegram_bot.texts import DEFAULT_LANGUAGE, Texts

log = logging.getLogger(__name__)

PICTURE = ASSETS_DIR / "profile" / "picture.jpg"


async def show_profile(bot: ExtBot[None], texts: Mapping[str, Texts], picture: Path = PICTURE) -> None:
    """Set what differs from what Telegram has: setting is limited to a few times a day. The bot works without it.

    A picture is set only where there is none, so that one that the operator chose stays.
    """
    for language, words in texts.items():
        await _show_words(bot, words, None if language == DEFAULT_LANGUAGE else language)
    with _optional("picture"):
        if not (await bot.get_user_profile_photos(bot.id, limit=1)).total_count:
            await bot.set_my_profile_photo(InputProfilePhotoStatic(await asyncio.to_thread(picture.read_bytes)))


async def _show_words(bot: ExtBot[None], texts: Texts, code: str | None) -> None:
    """Name and descriptions for users of one language; None: of all languages that have none of their own."""
    name, description = texts("profile-name"), texts("profile-description")
    short_description = texts("profile-short-description")
    with _optional("name"):
        if (await bot.get_my_name(code)).name != name:
            await bot.set_my_name(name, code)
    with _optional("description"):
        if (await bot.get_my_description(code)).description != description:
            await bot.set_my_description(description, code)
    with _optional("short description"):
        if (await bot.get_my_short_description(code)).short_description != short_description:
            await bot.set_my_short_description(short_description, code)


@contextlib.contextmanager
def _optional(what: str) -> Iterator[None]:
    """A failure is a warning."""
    try:
        yield
    except TelegramError as error:
        log.warning("the bot's %s was not set: %s", what, type(error).__name__)
