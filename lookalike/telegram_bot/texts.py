"""What the bot says, in every language: assets/locales/*.ftl (Project Fluent)."""

from __future__ import annotations

from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from lookalike.core.paths import ASSETS_DIR

LOCALES = ASSETS_DIR / "locales"
LANGUAGES = {"en": "English", "ru": "Русский"}
DEFAULT_LANGUAGE = "en"
GREETINGS = frozenset(
    {"hello", "hi", "hey", "hiya", "yo", "good morning", "good day", "good evening"}
    | {"привет", "приветик", "здравствуй", "здравствуйте", "хай", "хелло", "салют"}
    | {"доброе утро", "добрый день", "добрый вечер"}
)


class Texts:
    """All texts of one language; an unknown text or argument is an error, found by the tests."""

    def __init__(self, language: str, locales: Path = LOCALES) -> None:
        self.language = language
        self._bundle = FluentBundle([language], use_isolating=False)
        self._bundle.add_resource(FluentResource((locales / f"{language}.ftl").read_text(encoding="utf-8")))

    def __call__(self, id: str, **arguments: str | int) -> str:
        """The text with that id."""
        pattern = self._bundle.get_message(id).value
        if pattern is None:
            raise KeyError(id)
        text, errors = self._bundle.format_pattern(pattern, arguments)
        if errors:
            raise errors[0]
        return str(text)

    def name(self, name: str) -> str:
        """A user's first name, or a friendly word where it has no visible letter."""
        return name if any(letter.isprintable() and not letter.isspace() for letter in name) else self("friend")


def all_texts(locales: Path = LOCALES) -> dict[str, Texts]:
    """The texts of every language, by its code."""
    return {language: Texts(language, locales) for language in LANGUAGES}


def language_of(code: str | None) -> str:
    """The language for a user whose Telegram is set to this IETF code."""
    short = (code or "").split("-")[0].lower()
    return short if short in LANGUAGES else DEFAULT_LANGUAGE


def is_greeting(text: str) -> bool:
    """Whether a text is only a greeting, in any case and with any punctuation."""
    words = "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    return " ".join(words) in GREETINGS or (bool(words) and words[0] in GREETINGS and len(words) <= 3)
