"""How a reply looks in Telegram: its buttons, links and preview as python-telegram-bot's values."""

from __future__ import annotations

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
)

from lookalike.telegram_bot.replies.reply import Button, Buttons, Reply


def keyboard(buttons: Buttons, *, has_inline: bool = False) -> InlineKeyboardMarkup | None:
    """Rows of buttons; `has_inline`: whether the bot has inline mode."""
    rows = [[_button(one, has_inline=has_inline) for one in row] for row in buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def buttons_of(message: Message) -> Buttons:
    """The buttons under a message of the bot, as they were sent."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return tuple(
        tuple(Button(one.text, _text(one.callback_data), one.url, one.switch_inline_query) for one in row)
        for row in rows
    )


def _text(data: object) -> str | None:
    return data if isinstance(data, str) else None


def phone_keyboard(reply: Reply) -> ReplyKeyboardMarkup | None:
    """The keys of a reply in place of the phone's keyboard; they stay until others come."""
    return ReplyKeyboardMarkup(reply.keyboard, is_persistent=True, resize_keyboard=True) if reply.keyboard else None


def _button(button: Button, *, has_inline: bool) -> InlineKeyboardButton:
    if has_inline and button.inline is not None:
        return InlineKeyboardButton(button.text, switch_inline_query=button.inline)
    return InlineKeyboardButton(button.text, callback_data=button.data, url=button.url)


def entities(reply: Reply) -> list[MessageEntity] | None:
    """The links behind words of a reply."""
    return [MessageEntity(MessageEntity.TEXT_LINK, link.start, link.length, link.url) for link in reply.links] or None


def preview(reply: Reply) -> LinkPreviewOptions:
    """A large preview above the words, or none at all."""
    if not reply.preview_url:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=reply.preview_url, prefer_large_media=True, show_above_text=True)
