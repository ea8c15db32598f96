"""Reports: what is asked of people, and what those who run the bot read and press."""

from __future__ import annotations

from collections.abc import Sequence

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.telegram_bot.callback_data import HideStar, ReportReason, ReportStar, photo_tag
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.report_file import REASONS, StarReport
from lookalike.telegram_bot.texts import Texts


def reasons(texts: Texts, star: Celebrity, asked: ReportStar) -> Reply:
    """What is not right: a button for each reason."""
    rows = tuple(
        (Button(texts(f"report-{reason}"), ReportReason(asked.star, asked.photo, reason).pack()),)
        for reason in (*REASONS, "none")
    )
    return Reply(texts("report-ask", star=star.name_in(texts.language)), rows)


def report(texts: Texts, star: Celebrity, reported: StarReport) -> Reply:
    """A report, with what can be done."""
    tag, photo = celebrity_tag(star.id), photo_tag(reported.photo) if reported.photo else ""
    actions = ("star", *(("photo",) if photo else ()), "none")
    text = texts(
        "report",
        star=star.name_in(texts.language),
        item=star.id,
        reason=texts(f"report-{reported.reason}"),
        photo=reported.photo or "–",
        count=reported.count,
        day=reported.last,
    )
    rows = tuple((Button(texts(f"hide-{what}"), HideStar(what, tag, photo).pack()),) for what in actions)
    return Reply(text, rows, preview_url=star.url_in(texts.language))


def hidden(texts: Texts, star: Celebrity, photo: str) -> Reply:
    """That a star is hidden, or the photo of this tag, with the way back."""
    back = Button(texts("hide-undo"), HideStar("undo", celebrity_tag(star.id), photo).pack())
    text = texts("hide-done-photo" if photo else "hide-done-star", star=star.name_in(texts.language))
    return Reply(text, ((back,),))


def hidden_list(texts: Texts, ids: Sequence[str], count: int) -> Reply:
    """How to hide a star, and those that are hidden, each with the way back."""
    rows = tuple(
        (Button(texts("hide-undo-of", star=id), HideStar("undo", celebrity_tag(id), "").pack()),) for id in ids
    )
    return Reply(texts("hide-usage", count=count), rows)


def who_is_hidden(texts: Texts, stars: Sequence[Celebrity]) -> Reply:
    """Which of several stars is to be hidden."""
    rows = tuple(
        (Button(f"{one.name_in(texts.language)} ({one.id})", HideStar("star", celebrity_tag(one.id), "").pack()),)
        for one in stars
    )
    return Reply(texts("hide-who" if stars else "hide-nobody"), rows)
