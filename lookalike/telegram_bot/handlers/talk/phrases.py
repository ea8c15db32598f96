"""What people say beside names and photos: phrases by kind, of every language (assets/small_talk/*.txt)."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from lookalike.core.paths import ASSETS_DIR
from lookalike.gallery.names.spelling import words_of

PHRASES = ASSETS_DIR / "small_talk"
MOST_WORDS = 10  # of a text that a phrase is looked for in
MOST_BESIDE = 3  # words of a text that a phrase of one word counts in


def said_exactly(text: str) -> str | None:
    """The kind of a phrase that is the whole text; None if it is no phrase."""
    return phrases().get(tuple(words_of(text)))


def said(text: str) -> str | None:
    """The kind of the longest phrase that a short text holds, the last of several; None if it holds none."""
    words = words_of(text)
    if len(words) > MOST_WORDS:
        return None
    for length in range(len(words), 0, -1):
        if length == 1 and len(words) > MOST_BESIDE:
            return None
        for at in range(len(words) - length, -1, -1):
            if kind := phrases().get(tuple(words[at : at + length])):
                return kind
    return None


@functools.cache
def phrases() -> Mapping[tuple[str, ...], str]:
    """The kind of each phrase, by its words."""
    found: dict[tuple[str, ...], str] = {}
    for path in sorted(PHRASES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                kind, _, rest = line.partition(":")
                found |= {tuple(words_of(phrase)): kind for phrase in rest.split("|")}
    return found
