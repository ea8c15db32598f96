"""Small talk with buttons."""

from __future__ import annotations

from lookalike.telegram_bot.callback_data import Menu
from lookalike.telegram_bot.replies.reply import Button, Buttons, Reply
from lookalike.telegram_bot.texts import Texts


def how_are_you(texts: Texts) -> Reply:
    """How the bot is, and the question back with two answers to choose from."""
    great, soso = (Button(texts(f"menu-{one}"), Menu(one).pack()) for one in ("great", "soso"))
    return Reply(texts("talk-how"), ((great, soso),))


def menu_buttons(texts: Texts, *choices: str) -> Buttons:
    """One row of choices of the menu."""
    return (tuple(Button(texts(f"menu-{one}"), Menu(one).pack()) for one in choices),)
