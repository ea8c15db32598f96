"""The menu: keys in place of the phone's keyboard in a private chat, and buttons with the same choices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram.constants import ChatType

from lookalike.telegram_bot.callback_data import Menu
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.handlers.stars.random_star import random_page
from lookalike.telegram_bot.handlers.tastes.recommending import recommended
from lookalike.telegram_bot.registry import callback
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.replies.talk import how_are_you, menu_buttons
from lookalike.telegram_bot.texts import Texts

KEYS = (("find", "random"), ("mine", "how"))  # rows of keys; their texts are `menu-<key>`
COMMANDS = {"mine": "mine"}  # keys that are a command


def keyboard(context: Context) -> tuple[tuple[str, ...], ...]:
    """The keys for a private chat, none for a group."""
    if context.message.chat.type != ChatType.PRIVATE:
        return ()
    return tuple(tuple(context.texts(f"menu-{key}") for key in row) for row in KEYS)


async def pressed_key(context: Context) -> Reply | None:
    """A key of the menu, in whatever language it was shown."""
    typed = (context.message.text or "").strip()
    found = (key for row in KEYS for key in row if any(typed == told for told in _all(context, f"menu-{key}")))
    key = next(found, None)
    if key in COMMANDS:
        return await context.services.registry.commands[COMMANDS[key]].answer(context)
    return await CHOICES[key](context) if key else None


@callback(Menu)
async def choose(press: Press, chosen: Menu) -> Reply:
    """A button of the menu, or of small talk."""
    answer = CHOICES.get(chosen.choice)
    return await answer(press) if answer else Reply(press.texts("old-button"))


async def _find(talk: Conversation) -> Reply:
    return Reply(talk.texts("menu-find-answer"))


async def _how(talk: Conversation) -> Reply:
    return how_are_you(talk.texts)


async def _great(talk: Conversation) -> Reply:
    return Reply(talk.texts("talk-great"))


async def _soso(talk: Conversation) -> Reply:
    return Reply(talk.texts("talk-soso"), menu_buttons(talk.texts, "random"))


async def _number(talk: Conversation) -> Reply:
    return random_number(talk.texts, talk.update_id)


def random_number(texts: Texts, seed: int) -> Reply:
    """A number from 1 to 100, the same for the same seed: an update that is handled again says it again."""
    number = seed * 2_654_435_761 % 2**32 * 100 // 2**32 + 1  # Knuth's multiplicative hash
    return Reply(texts("talk-number", number=number), ((Button(texts("menu-number"), Menu("number").pack()),),))


CHOICES: dict[str, Callable[[Conversation], Awaitable[Reply]]] = {
    "find": _find,
    "random": random_page,
    "recommend": recommended,
    "how": _how,
    "great": _great,
    "soso": _soso,
    "number": _number,
}


def _all(context: Context, id: str) -> list[str]:
    return [texts(id) for texts in context.services.texts.values()]
