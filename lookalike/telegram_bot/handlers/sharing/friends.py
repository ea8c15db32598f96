"""Links that friends open: which star somebody got, if they allowed it."""

from __future__ import annotations

from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.handlers.sharing.collection import STAR_LINK
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.sharing import friends


async def told_by_friend(context: Context, code: str) -> Reply:
    """Which star the friend got whose link was opened; of a link that was taken back or has expired, nothing."""
    services = context.services
    link = next((one for one in await services.store.find_links(code) if one.kind == STAR_LINK), None)
    friend = await services.store.get_user(link.user_id) if link else None
    if link is None or friend is None or not friend.tells_friends:
        return Reply(context.texts("friend-link-over", name=context.texts.name(context.user.name)))
    if friend.id == context.user.id:
        return Reply(context.texts("friend-link-own"))
    star = services.gallery().celebrities.by_id([link.fields["celebrity_id"]]).get(link.fields["celebrity_id"])
    if star is None:
        return Reply(context.texts("friend-link-over", name=context.texts.name(context.user.name)))
    return friends.star_of_friend(context.texts, context.user.name, friend.name, star, link.fields["percent"])
