"""/settings: among whom stars are looked for, which is never guessed; whether messages to everybody come."""

from __future__ import annotations

from lookalike.core.errors import FilterError
from lookalike.gallery.filters import ANYBODY, Filter, parse_filter
from lookalike.gallery.matching import SHOWN
from lookalike.store.store import User
from lookalike.telegram_bot.callback_data import KeepWhere, News
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.handlers.photo_flow import remembered_filter
from lookalike.telegram_bot.registry import callback, command
from lookalike.telegram_bot.replies.answer_buttons import settings_card
from lookalike.telegram_bot.replies.choices import news_buttons, news_line
from lookalike.telegram_bot.replies.reply import Reply


@command("settings")
async def settings(context: Context) -> Reply:
    """What is chosen, with buttons to choose otherwise."""
    return _card(context, remembered_filter(context.user, context.services.gallery()), context.user)


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
    return await _shown(press, _card(press, where, press.user))


@callback(News)
async def news(press: Press, chosen: News) -> Reply | None:
    """Keep whether messages that go to everybody are wanted."""
    services, no_news = press.services, not chosen.wanted
    user = await services.store.decline_broadcasts(press.user.id, no_news, update_id=press.update_id)
    if chosen.in_settings and user:
        return await _shown(press, _card(press, remembered_filter(user, services.gallery()), user))
    if press.message:
        await services.sender.edit_buttons(press.message, Reply("", news_buttons(press.texts, no_news=no_news)))
    return Reply(news_line(press.texts, no_news=no_news))


async def _shown(press: Press, card: Reply) -> Reply | None:
    """Show the card where the button was; the card itself if that cannot be done."""
    is_shown = press.message and await press.services.sender.edit_card(press.message, card)
    return None if is_shown else card


def _card(talk: Conversation, where: Filter, user: User) -> Reply:
    choices = talk.services.gallery().celebrities.traits.choices(where, SHOWN)
    return settings_card(talk.texts, where, choices, no_news=user.no_news)
