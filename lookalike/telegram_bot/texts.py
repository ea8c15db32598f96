"""The texts, as the rest of this room names them."""

from lookalike.core.language.languages import DEFAULT_LANGUAGE, LOCALES, language_of, languages
from lookalike.core.language.texts import Texts, all_texts

__all__ = ["DEFAULT_LANGUAGE", "LOCALES", "Texts", "all_texts", "language_of", "languages"]
