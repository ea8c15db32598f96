"""What is typed under a consent card that is open: yes and no count as its buttons, and a question is answered."""

from __future__ import annotations

from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.handlers.consent import agree_in_words, ask_with, is_open, refuse_in_words
from lookalike.telegram_bot.phrases import is_no, is_yes
from lookalike.telegram_bot.replies import choices
from lookalike.telegram_bot.replies.reply import SAID, Reply

# Parts of words by which a question about the card is known, where it has no question mark.
ASKED_ABOUT = (
    *("photo", "pictur", "privacy", "private", "data", "store", "save", "keep", "delet", "why", "what", "how"),
    *("фото", "сним", "картин", "приват", "данн", "хран", "сохран", "удал", "зачем", "почему", "что", "как"),
)


async def typed_answer(context: Context) -> Reply | None:
    """The answer to yes, no or a question while a consent card is open; None for anything else."""
    text = (context.message.text or "").replace(f"@{context.services.bot_name}", " ")
    yes, no = is_yes(text), is_no(text)
    if not (yes or no or _is_question(text)) or not await is_open(context):
        return None
    if yes:
        return await agree_in_words(context)
    if no:
        return await refuse_in_words(context)
    await ask_with(context, choices.consent_question(context.texts, context.services.settings.retention_days))
    return SAID


def _is_question(text: str) -> bool:
    return "?" in text or any(word.startswith(ASKED_ABOUT) for word in text.casefold().split())
