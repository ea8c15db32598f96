"""The stars somebody got (/mine), and the stars most people met (/top)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lookalike.telegram_bot.callback_data import MinePage, TellFriends
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.registry import callback, command
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.sharing import collection
from lookalike.telegram_bot.replies.sharing.collection import CollectedStar

WEEK = timedelta(days=7)
TOP_STARS = 10
UNFOUND_STARS = 6  # shown, of those that nobody got
WELL_KNOWN = 200  # among so many of the best known it is looked for them
STAR_LINK = "star"  # the kind of links that tell friends which star somebody got


@command("mine", private=True)
async def mine(context: Context) -> Reply:
    """The user's stars."""
    return await my_stars(context, 0)


@callback(MinePage)
async def mine_page(press: Press, wanted: MinePage) -> Reply | None:
    """Another page of the user's stars, in the same message."""
    return await _shown(press, await my_stars(press, wanted.page))


@callback(TellFriends)
async def tell_friends(press: Press, wanted: TellFriends) -> Reply | None:
    """Whether friends who open the user's link hear their star; a no takes back the links that are out."""
    store, user = press.services.store, press.user
    await store.set_tells_friends(user.id, wanted.tells, update_id=press.update_id)
    if not wanted.tells:
        await store.drop_links(user.id, STAR_LINK)
    return await _shown(press, await my_stars(press, 0, tells_friends=wanted.tells))


@command("top")
async def top(context: Context) -> Reply:
    """The stars most people met this week, and some that nobody got."""
    store, celebrities = context.services.store, context.services.gallery().celebrities
    found = await store.most_found(datetime.now(UTC) - WEEK, TOP_STARS)
    unfound = await store.first_unfound(celebrities.best_known(WELL_KNOWN), UNFOUND_STARS)
    known = celebrities.by_id([id for id, _ in found] + unfound)
    met = [(known[id], people) for id, people in found if id in known]
    return collection.most_met(context.texts, met, [known[id] for id in unfound], await _unmet(context))


async def my_stars(talk: Conversation, page: int, *, tells_friends: bool | None = None) -> Reply:
    """A page of the user's stars; those that the gallery no longer has are left out."""
    celebrities = talk.services.gallery().celebrities
    found = await talk.services.store.found_stars(talk.user.id)
    known, today = celebrities.by_id([one.celebrity_id for one in found]), datetime.now(UTC).date()
    stars = [
        CollectedStar(known[one.celebrity_id], max(0, (today - one.last_at.date()).days), one.times, one.people)
        for one in found
        if one.celebrity_id in known
    ]
    return collection.my_stars(
        talk.texts, stars, page, gallery_size=len(celebrities) - len(celebrities.hidden_rows), unmet=await _unmet(talk),
        tells_friends=talk.user.tells_friends if tells_friends is None else tells_friends,
    )  # fmt: skip


async def _unmet(talk: Conversation) -> int:
    """How many stars of the gallery nobody got."""
    return max(0, len(talk.services.gallery().celebrities) - await talk.services.store.count_found())


async def _shown(press: Press, reply: Reply) -> Reply | None:
    """Show a reply in the message of the button; returned if that cannot be, to be sent."""
    edited = await press.services.sender.edit_card(press.message, reply) if press.message else None
    return None if edited else reply
