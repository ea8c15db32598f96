"""Messages that are no photo and no command: what was typed, and everything else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.handlers.consent_words import typed_answer
from lookalike.telegram_bot.handlers.stars.star_page import asked_name, named_star
from lookalike.telegram_bot.handlers.talk.menu import pressed_key
from lookalike.telegram_bot.handlers.talk.small_talk import not_understood, phrase_within, plain_phrase
from lookalike.telegram_bot.phrases import is_greeting
from lookalike.telegram_bot.registry import on_message
from lookalike.telegram_bot.replies.reply import Reply


@on_message("text")
async def words(context: Context) -> Reply | None:
    """Answer what was typed: the first of ANSWERS that has something to say."""
    for find in ANSWERS:
        if reply := await find(context):
            return reply
    return None


async def greeting(context: Context) -> Reply | None:
    """A greeting is returned."""
    if not is_greeting(context.message.text or ""):
        return None
    return Reply(context.texts("hello", name=context.texts.name(context.user.name)))


# The last one always answers.
ANSWERS: tuple[Callable[[Context], Awaitable[Reply | None]], ...] = (
    typed_answer, pressed_key, asked_name, greeting, plain_phrase, named_star, phrase_within, not_understood,
)  # fmt: skip


@on_message("document")
async def other_file(context: Context) -> Reply:
    """A file that is no picture."""
    return Reply(context.texts("only-pictures"))


@on_message()
async def anything_else(context: Context) -> Reply:
    """A sticker, a voice message, a place."""
    return Reply(context.texts("send-photo"))
