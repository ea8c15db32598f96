"""The texts, as the rest of this room names them, and those of a user."""

from __future__ import annotations

from collections.abc import Mapping

from lookalike.core.language.languages import DEFAULT_LANGUAGE, LOCALES, language_of, languages
from lookalike.core.language.texts import Texts, all_texts
from lookalike.store.models import User

__all__ = ["DEFAULT_LANGUAGE", "LOCALES", "Texts", "all_texts", "language_of", "languages", "texts_of"]


def texts_of(texts: Mapping[str, Texts], user: User | None, telegrams: str | None = None) -> Texts:
    """The texts in the language that a user chose, else in their Telegram's; `telegrams`: the code it gives now."""
    chosen = user.chosen_language if user else None
    return texts[chosen or language_of(telegrams or (user.language if user else None))]
