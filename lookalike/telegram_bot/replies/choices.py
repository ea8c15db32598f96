"""Questions with buttons: the consent card, the languages."""

from __future__ import annotations

from lookalike.telegram_bot.callback_data import Consent, Language
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.texts import LANGUAGES, Texts


def consent_card(texts: Texts, name: str, retention_days: int) -> Reply:
    """What is done with a photo and what is kept, with two buttons."""
    yes, no = Button(texts("consent-yes"), Consent(True).pack()), Button(texts("consent-no"), Consent(False).pack())
    return Reply(texts("consent", name=name, days=retention_days), ((yes,), (no,)))


def language_card(texts: Texts) -> Reply:
    """The languages to choose from."""
    rows = tuple((Button(name, Language(code).pack()),) for code, name in LANGUAGES.items())
    return Reply(texts("language"), (*rows, (Button(texts("language-auto"), Language("auto").pack()),)))
