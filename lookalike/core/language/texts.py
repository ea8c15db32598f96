"""What the project says to people: assets/locales/*.ftl (Project Fluent)."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from lookalike.core.language.languages import LOCALES, direction_of, languages

_TEXT = re.compile(r"^(?=([a-z][a-z0-9-]*) =)", re.MULTILINE)  # where a text begins, with its id


class Texts:
    """All texts of one language; an unknown text or argument is an error, found by the tests.

    A text is parsed when it is first said, for a whole file takes 40 ms; so none may refer to another one.
    """

    def __init__(self, language: str, locales: Path = LOCALES) -> None:
        self.language = language
        # Between right-to-left letters a name in Latin ones needs Unicode's isolates, or commas and percentages move.
        self._bundle = FluentBundle([language], use_isolating=direction_of(language) == "rtl")
        _, *parts = _TEXT.split((locales / f"{language}.ftl").read_text(encoding="utf-8"))
        self.ids = frozenset(parts[::2])
        self._sources = dict(zip(parts[::2], parts[1::2], strict=True))  # by id, until they are parsed

    def __call__(self, id: str, **arguments: str | int) -> str:
        """The text with that id."""
        if source := self._sources.pop(id, None):
            self._bundle.add_resource(FluentResource(source))
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


@functools.cache
def all_texts(locales: Path = LOCALES) -> Mapping[str, Texts]:
    """The texts of every language, by its code."""
    return {language: Texts(language, locales) for language in languages(locales)}
