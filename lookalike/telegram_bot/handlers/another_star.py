"""Another star of a photo: the buttons under its answer. The photo is looked at again; nothing of a face is kept."""

from __future__ import annotations

from dataclasses import replace

from telegram import Message

from lookalike.core.errors import FilterError
from lookalike.faces.types import Refusal
from lookalike.gallery.filters import Filter, parse_filter
from lookalike.gallery.gallery import Neighbour
from lookalike.gallery.matching import SHOWN
from lookalike.telegram_bot.callback_data import AllCards, FilterList, More, StarAt, Where
from lookalike.telegram_bot.context import Press
from lookalike.telegram_bot.handlers.consent import ask_anew
from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION, draw_card, look_at, star_reply
from lookalike.telegram_bot.handlers.sharing.everybody import send_cards
from lookalike.telegram_bot.handlers.sharing.own_cards import keep_card
from lookalike.telegram_bot.photos.message_photo import Photo, photo_in
from lookalike.telegram_bot.registry import callback
from lookalike.telegram_bot.replies import photo_answer
from lookalike.telegram_bot.replies.answer_buttons import Shown, filter_list
from lookalike.telegram_bot.replies.reply import Reply, within_caption


@callback(StarAt)
async def star_at(press: Press, wanted: StarAt) -> Reply | None:
    """The star before or after the one that is shown."""
    return await _show(press, wanted, wanted.place)


@callback(Where)
async def among_others(press: Press, wanted: Where) -> Reply | None:
    """The star among those whom a filter leaves."""
    return await _show(press, wanted, 0)


@callback(AllCards)
async def all_cards(press: Press, wanted: AllCards) -> Reply | None:
    """A card for everybody in the photo."""
    again = await asked_again(press, wanted.where)
    if not isinstance(again, tuple):
        return again
    photo, where = again
    services, patience = press.services, press.services.sender.patience(photo.chat_id)
    try:
        async with services.photo_queue.turn(press.user.id, is_file=photo.is_file), patience:
            _, outcome = await look_at(press, photo, services.gallery(), where)
    except FilterError:
        return Reply(press.texts("where-nobody"))
    if isinstance(outcome, Refusal):
        return Reply(press.texts("photo-gone"))
    await send_cards(press, photo, outcome)
    return None


@callback(FilterList)
async def filters(press: Press, wanted: FilterList) -> Reply | None:
    """Regions and years of birth in place of the buttons."""
    where = _filter_of(wanted.where)
    if press.message is None or where is None:
        return Reply(press.texts("old-button"))
    choices = press.services.gallery().celebrities.traits.choices(where, SHOWN)
    reply = Reply("", filter_list(press.texts, Shown(wanted.place, where, choices)))
    await press.services.sender.edit_buttons(press.message, reply)
    _note(press, press.message, wanted)
    return None


@callback(More)
async def more_lookalikes(press: Press, wanted: More) -> None:
    """Who came after the star of an answer from before there was another button for that."""
    services, photo = press.services, _photo_of(press)
    found = await services.store.get_answer(wanted.answer_id, press.user.id)
    known = services.gallery().celebrities.by_id([one.celebrity_id for one in found.ranking] if found else ())
    links = {id: url for id, one in known.items() if (url := one.url_in(press.texts.language))}
    reply = photo_answer.more(press.texts, found, links, has_photo=photo is not None)
    await press.send(press.chat_id, reply, photo.message_id if photo else None)


async def _show(press: Press, wanted: StarAt | Where, place: int) -> Reply | None:
    """Look at the photo again, and show the star in the message whose button was pressed, or else in a new one."""
    services, message, again = press.services, press.message, await asked_again(press, wanted.where)
    if not isinstance(again, tuple):
        return again
    if message is None:
        return Reply(press.texts("photo-gone"))
    photo, where = again
    if services.shown_cards.shows(message.chat_id, message.message_id) == wanted.pack():
        return None  # tapped twice
    try:
        shown = await _star(press, photo, where, place)
    except FilterError:
        return Reply(press.texts("where-nobody"))
    if shown is None:
        return Reply(press.texts("photo-gone"))
    await press.check_not_erased()
    reply, card, star = shown
    sent = await services.sender.edit_card(message, reply, card)
    if sent is None:
        sent = await press.send(photo.chat_id, reply, photo.message_id, card)
        await services.sender.edit_buttons(message, Reply(""))  # one card to go on with is enough
        if sent:
            _note(press, sent, wanted)
    _note(press, message, wanted)
    await keep_card(press, star, sent)
    return None


async def asked_again(press: Press, where: str) -> tuple[Photo, Filter] | Reply | None:
    """The photo that the message with the button answers, and the filter that the button names.

    Or why it is not looked at again; None if consent is asked for anew.
    """
    photo, found = _photo_of(press), _filter_of(where)
    if found is None:
        return Reply(press.texts("old-button"))
    if photo is None:
        return Reply(press.texts("photo-gone"))
    if press.user.consent_version != CONSENT_VERSION:
        await ask_anew(press)
        return None
    return photo, found


async def _star(press: Press, photo: Photo, where: Filter, place: int) -> tuple[Reply, bytes | None, Neighbour] | None:
    """The reply, its card and the star; None if the photo cannot be had any more. FilterError if nobody is left."""
    services, gallery = press.services, press.services.gallery()
    patience = services.sender.patience(photo.chat_id)
    async with services.photo_queue.turn(press.user.id, is_file=photo.is_file), patience:
        data, outcome = await look_at(press, photo, gallery, where)
        if isinstance(outcome, Refusal):
            return None
        reply = of_one_photo(press, photo, star_reply(press, outcome, gallery, where, place))
        stars = outcome.faces[0].neighbours
        return reply, await draw_card(press, photo, data, reply), stars[min(place, len(stars) - 1)]


def of_one_photo(press: Press, photo: Photo, reply: Reply) -> Reply:
    """The reply, which says so where the answer may have been of a whole album; of its other photos nothing is kept."""
    if not photo.album:
        return reply
    return replace(reply, text=within_caption(reply.text, ["", press.texts("album-one")]))


def _photo_of(press: Press) -> Photo | None:
    """The photo that the message with the button answers; None if it was deleted."""
    asked = press.message.reply_to_message if press.message else None
    return photo_in(asked) if asked else None


def _filter_of(where: str) -> Filter | None:
    """The filter that a button names; None for one of which this version knows nothing."""
    try:
        return parse_filter(where)
    except FilterError:
        return None


def _note(press: Press, message: Message, wanted: StarAt | Where | FilterList) -> None:
    """Note what a message shows now."""
    press.services.shown_cards.put(press.chat_id, message.message_id, wanted.pack())
