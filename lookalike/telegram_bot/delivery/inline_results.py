"""Inline results as python-telegram-bot's values."""

from __future__ import annotations

from telegram import (
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultPhoto,
    InputTextMessageContent,
)

from lookalike.telegram_bot.delivery.markup import entities, keyboard, preview
from lookalike.telegram_bot.replies.sharing.inline import InlineResult


def inline_result(result: InlineResult) -> InlineQueryResult:
    """A picture that Telegram has, a picture that it fetches, or words."""
    reply, buttons = result.reply, keyboard(result.reply.buttons)
    if result.file_id:
        return InlineQueryResultCachedPhoto(
            result.id, result.file_id, title=result.title, description=result.note, caption=reply.text,
            caption_entities=entities(reply), reply_markup=buttons,
        )  # fmt: skip
    if result.photo:
        return InlineQueryResultPhoto(
            result.id, result.photo.url, result.photo.thumbnail_url, title=result.title, description=result.note,
            caption=reply.text, caption_entities=entities(reply), reply_markup=buttons,
        )  # fmt: skip
    words = InputTextMessageContent(reply.text, entities=entities(reply), link_preview_options=preview(reply))
    return InlineQueryResultArticle(result.id, result.title, words, reply_markup=buttons, description=result.note)
