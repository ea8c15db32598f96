"""What is not right about a star: people's reports, and hiding a star or a photo, which can be undone."""

from __future__ import annotations

import contextlib
import logging

from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.telegram_bot.callback_data import HideStar, ReportReason, ReportStar, photo_tag
from lookalike.telegram_bot.context import Context, Press
from lookalike.telegram_bot.handlers.stars.star_page import find_names
from lookalike.telegram_bot.registry import callback, command
from lookalike.telegram_bot.replies import reports as replies
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.report_file import StarReport
from lookalike.telegram_bot.texts import texts_of

log = logging.getLogger(__name__)

LISTED = 10  # reports, or hidden stars
TOLD_AT = (1, 10, 100, 1000)  # reports of the same, of which those who run the bot are told


@callback(ReportStar)
async def what_is_wrong(press: Press, asked: ReportStar) -> None:
    """Ask what is not right."""
    star = press.services.gallery().celebrities.by_tag(asked.star)
    photo = press.message.reply_to_message if press.message else None
    reply = replies.reasons(press.texts, star, asked) if star else Reply(press.texts("star-gone"))
    await press.services.sender.send(press.chat_id, reply, photo.message_id if photo else None)


@callback(ReportReason)
async def reported(press: Press, given: ReportReason) -> None:
    """Count the report, and tell those who run the bot."""
    services = press.services
    star = services.gallery().celebrities.by_tag(given.star)
    if given.reason != "none" and star:
        file = next((one.file for one in star.photos if photo_tag(one.file) == given.photo), "")
        report = services.reports.add(star.id, file, given.reason, press.update_id)
        if report.count in TOLD_AT:
            await _tell_admins(press, star, report)
    text = "report-closed" if given.reason == "none" else "report-thanks"
    await services.sender.edit(press.query, press.texts(text))


async def _tell_admins(press: Press, star: Celebrity, report: StarReport) -> None:
    """Send the report to each of ADMIN_IDS; one who cannot be reached sees it in /reports."""
    services = press.services
    for admin_id in sorted(services.settings.admin_ids):
        admin = await services.store.get_user(admin_id)
        with contextlib.suppress(BadRequest, Forbidden):
            await services.sender.send(admin_id, replies.report(texts_of(services.texts, admin), star, report))


@command("reports", admin=True)
async def reports(context: Context) -> Reply | None:
    """The latest reports, a message each."""
    services, found = context.services, context.services.reports.read()[:LISTED]
    known = services.gallery().celebrities.by_id({one.star for one in found})
    shown = [one for one in found if one.star in known]
    for one in shown:
        await services.sender.send(context.chat_id, replies.report(context.texts, known[one.star], one))
    return None if shown else Reply(context.texts("reports-none"))


@command("hide", admin=True)
async def hide(context: Context) -> Reply:
    """Hide the star whom the text names; without one, the hidden ones with the way back."""
    celebrities, hidden = context.services.gallery().celebrities, context.services.hidden.read()
    if not context.arguments:
        return replies.hidden_list(context.texts, sorted(hidden.stars)[-LISTED:], len(hidden.stars))
    found = await find_names(context, context.arguments)
    rows = found.sure or found.near
    if len(rows) == 1:
        return _hide_star(context, celebrities[rows[0]])
    return replies.who_is_hidden(context.texts, [celebrities[row] for row in rows])


@callback(HideStar)
async def hide_pressed(press: Press, wanted: HideStar) -> Reply | None:
    """Hide a star or one of their photos, show them again, or leave them; only for those who run the bot."""
    services, message = press.services, press.message
    is_private = message is not None and message.chat.type == ChatType.PRIVATE
    if press.user.id not in services.settings.admin_ids or not is_private or message is None:
        return Reply(press.texts("old-button"))
    reply = _done(press, wanted)
    return None if await services.sender.edit_card(message, reply) else reply


def _done(press: Press, wanted: HideStar) -> Reply:
    services, texts = press.services, press.texts
    if wanted.what == "undo":
        hidden = services.hidden.read()
        stars = [id for id in hidden.stars if celebrity_tag(id) == wanted.star and not wanted.photo]
        photos = [file for file in hidden.photos if wanted.photo and photo_tag(file) == wanted.photo]
        services.hidden.show(stars, photos)
        log.info("shown again by %s: %s", services.store.log_id(press.user.id), (*stars, *photos))
        return Reply(texts("hide-undone"))
    star = services.gallery().celebrities.by_tag(wanted.star)
    if star is None:
        return Reply(texts("hide-gone"))
    if wanted.what == "none":
        services.reports.drop(star.id)
        return Reply(texts("hide-left", star=star.name_in(texts.language)))
    if wanted.what == "star":
        return _hide_star(press, star)
    files = [one.file for one in star.photos if photo_tag(one.file) == wanted.photo]
    services.hidden.hide(photos=files)
    services.reports.drop(star.id)
    log.info("photos hidden by %s: %s", services.store.log_id(press.user.id), files)
    return replies.hidden(texts, star, wanted.photo)


def _hide_star(talk: Context | Press, star: Celebrity) -> Reply:
    services = talk.services
    services.hidden.hide([star.id])
    services.reports.drop(star.id)
    log.info("hidden by %s: %s", services.store.log_id(talk.user.id), star.id)
    return replies.hidden(talk.texts, star, "")
