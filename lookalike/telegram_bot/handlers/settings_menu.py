"""/settings: among whom stars are looked for. It is asked for, never guessed."""

from __future__ import annotations

from lookalike.core.errors import FilterError
from lookalike.gallery.filters import ANYBODY, Filter, parse_filter
from lookalike.gallery.matching import SHOWN
from lookalike.telegram_bot.callback_data import KeepWhere
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.handlers.photo_flow import remembered_filter
from lookalike.telegram_bot.registry import callback, command
from lookalike.telegram_bot.replies.answer_buttons import settings_card
from lookalike.telegram_bot.replies.reply import Reply


@command("settings")
async def settings(context: Context) -> Reply:
    """What is chosen, with buttons to choose otherwise."""
    return _card(context, remembered_filter(context.user, context.services.gallery()))


@callback(KeepWhere)
async def keep_where(press: Press, chosen: KeepWhere) -> Reply | None:
    """Keep among whom the user's stars are looked for from now on."""
    try:
        where = parse_filter(chosen.where)
        press.services.gallery().celebrities.traits.rows(where)
    except FilterError:
        return Reply(press.texts("where-nobody"))
    kept = "" if where == ANYBODY else str(where)
    await press.services.store.set_where(press.user.id, kept, update_id=press.update_id)
    card = _card(press, where)
    is_shown = press.message and await press.services.sender.edit_card(press.message, card)
    return None if is_shown else card


def _card(talk: Conversation, where: Filter) -> Reply:
    return settings_card(talk.texts, where, talk.services.gallery().celebrities.traits.choices(where, SHOWN))
