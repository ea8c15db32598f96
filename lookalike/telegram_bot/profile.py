"""What people see of the bot before they write to it: name, descriptions, commands and picture, in every language."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path

from telegram import BotCommand, InputProfilePhotoStatic
from telegram.error import RetryAfter, TelegramError
from telegram.ext import ExtBot

from lookalike.core.paths import ASSETS_DIR
from lookalike.telegram_bot.delivery.http_request import WRONG_SHAPE
from lookalike.telegram_bot.texts import DEFAULT_LANGUAGE, Texts

log = logging.getLogger(__name__)

PARTS = ("name", "description", "short_description")  # as the methods of the Bot API name them
PICTURE = ASSETS_DIR / "profile" / "picture.jpg"


async def show_profile(
    bot: ExtBot[None], texts: Mapping[str, Texts], commands: Sequence[str], picture: Path = PICTURE
) -> None:
    """Set what differs from what Telegram has: setting is limited to a few times a day. The bot works without it.

    `commands`: the names of those that everybody may see. A picture is set only where there is none, so that one that
    the operator chose stays.
    """
    await _in_every_language("command menu", texts, functools.partial(_show_menu, bot, commands))
    for part in PARTS:
        await _in_every_language(part, texts, functools.partial(_show, bot, part))
    with _optional("picture"):
        if not (await bot.get_user_profile_photos(bot.id, limit=1)).total_count:
            await bot.set_my_profile_photo(InputProfilePhotoStatic(await asyncio.to_thread(picture.read_bytes)))


async def _in_every_language(
    what: str, texts: Mapping[str, Texts], show: Callable[[Texts, str | None], Awaitable[None]]
) -> None:
    """Show something to the users of each language; the default one, first, is for all who have none of their own.

    A flood wait ends it: it holds for the other languages too, and the next start sets what is missing.
    """
    for language in sorted(texts, key=lambda code: code != DEFAULT_LANGUAGE):
        try:
            await show(texts[language], None if language == DEFAULT_LANGUAGE else language)
        except (TelegramError, *WRONG_SHAPE) as error:
            log.warning("the bot's %s was not set in %s: %s", what, language, type(error).__name__)
            if isinstance(error, RetryAfter):
                return


async def _show_menu(bot: ExtBot[None], names: Sequence[str], texts: Texts, code: str | None) -> None:
    wanted = tuple(BotCommand(name, texts(f"command-{name}")) for name in names)
    if await bot.get_my_commands(language_code=code) != wanted:
        await bot.set_my_commands(wanted, language_code=code)


async def _show(bot: ExtBot[None], part: str, texts: Texts, code: str | None) -> None:
    wanted, kept = texts(f"profile-{part.replace('_', '-')}"), await getattr(bot, f"get_my_{part}")(code)
    if getattr(kept, part) != wanted:
        await getattr(bot, f"set_my_{part}")(wanted, code)


@contextlib.contextmanager
def _optional(what: str) -> Iterator[None]:
    """A failure is a warning."""
    try:
        yield
    except (TelegramError, *WRONG_SHAPE) as error:
        log.warning("the bot's %s was not set: %s", what, type(error).__name__)
