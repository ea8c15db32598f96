"""Commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram.constants import ChatType

from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.handlers import group_chats
from lookalike.telegram_bot.handlers.sharing.challenge import challenged, delete_duels
from lookalike.telegram_bot.handlers.sharing.friends import told_by_friend
from lookalike.telegram_bot.handlers.stars.star_duel import ask_for_photo
from lookalike.telegram_bot.handlers.talk.menu import keyboard
from lookalike.telegram_bot.registry import command
from lookalike.telegram_bot.replies import choices
from lookalike.telegram_bot.replies.reply import Reply

# What a deep link does, https://t.me/<bot>?start=<prefix>_<code>, by its prefix.
DEEP_LINKS: dict[str, Callable[[Context, str], Awaitable[Reply]]] = {
    "from": told_by_friend,
    "duel": challenged,
    "star": ask_for_photo,
}
UNLISTED = ("start", "help")  # /help does not list them


@command("start")
async def start(context: Context) -> Reply:
    """Greet by name, or do what the deep link says."""
    prefix, underscore, code = context.arguments.partition("_")
    if underscore and prefix in DEEP_LINKS:
        return await DEEP_LINKS[prefix](context, code)
    if context.message.chat.type != ChatType.PRIVATE:
        return await group_chats.await_photo(context)
    stars = len(context.services.gallery().celebrities)
    words = context.texts("start", name=context.texts.name(context.user.name), people=stars)
    return Reply(words, keyboard=keyboard(context))


@command("help")
async def help(context: Context) -> Reply:
    """How to get a good answer, and what else there is."""
    listed = [name for name in context.services.registry.menu if name not in UNLISTED]
    lines = (f"/{name} – {context.texts(f'command-{name}')}" for name in listed)
    return Reply(context.texts("help", commands="\n".join(lines)))


@command("privacy")
async def privacy(context: Context) -> Reply:
    """What happens to a photo, what is kept, and who can read it, and who runs the bot."""
    settings = context.services.settings
    log = "none" if settings.mongodb_uri is None else "sealed" if settings.mongodb_seal else "readable"
    told = context.texts("privacy", days=settings.retention_days, log=log)
    operator = context.texts("privacy-operator", operator=settings.operator) if settings.operator else ""
    more = (context.texts(id) for id in ("privacy-pictures", "privacy-ratings", "privacy-more"))
    return Reply("\n\n".join(filter(None, (told, *more, operator))))


@command("export", private=True)
async def export(context: Context) -> Reply | None:
    """Everything that is kept about the user, as a JSON file; at most once a minute."""
    services, user_id = context.services, context.user.id
    if not services.exports.take(user_id):
        return Reply(context.texts("export-wait"))
    try:
        kept = await services.store.export_user(user_id)
        await services.sender.send_file(context.chat_id, kept, "lookalike.json", context.texts("export-caption"))
    except BaseException:
        services.exports.give_back(user_id)
        raise
    return None


@command("delete", keeps_user=False)
async def delete(context: Context) -> None:
    """Erase everything about the user, and the cards of their duels in both chats.

    The update stays until it is answered, then it is erased from the files too.
    """
    services = context.services
    await delete_duels(context)
    found = await services.store.erase_user(context.user.id, answering=context.update_id)
    services.answer_cache.forget(context.user.id)
    said = "deleted" if found else "deleted-nothing"
    if await services.bans.holds(context.user.id):
        said = "deleted-banned"
    await services.sender.say(context.chat_id, context.texts(said))
    await services.store.finish_update(context.update_id, scrub=True)


@command("language")
async def language(context: Context) -> Reply:
    """The languages to choose from."""
    return choices.language_card(context.texts)
