"""Buttons of menus."""

from __future__ import annotations

from lookalike.telegram_bot.callback_data import Language
from lookalike.telegram_bot.context import Press
from lookalike.telegram_bot.registry import callback
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.texts import language_of, languages


@callback(Language)
async def choose_language(press: Press, chosen: Language) -> Reply | None:
    """Keep the choice of language, and say so in it."""
    code = None if chosen.code == "auto" else chosen.code
    if code and code not in languages():
        return Reply(press.texts("old-button"))
    await press.services.store.set_language(press.user.id, code, update_id=press.update_id)
    texts = press.services.texts[code or language_of(press.user.language)]
    await press.services.sender.edit(press.query, texts("language-chosen"))
    return None
