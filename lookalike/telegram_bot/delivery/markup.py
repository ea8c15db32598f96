"""How a reply looks in Telegram: its buttons, links and preview as python-telegram-bot's values."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity

from lookalike.telegram_bot.replies.reply import Reply


def markup(reply: Reply) -> InlineKeyboardMarkup | None:
    """The buttons of a reply."""
    rows = [[InlineKeyboardButton(b.text, callback_data=b.data, url=b.url) for b in row] for row in reply.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def entities(reply: Reply) -> list[MessageEntity] | None:
    """The links behind words of a reply."""
    return [MessageEntity(MessageEntity.TEXT_LINK, link.start, link.length, link.url) for link in reply.links] or None


def preview(reply: Reply) -> LinkPreviewOptions:
    """A large preview above the words, or none at all."""
    if not reply.preview_url:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=reply.preview_url, prefer_large_media=True, show_above_text=True)
