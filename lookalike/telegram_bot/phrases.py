"""What people say beside names and photos: phrases by kind, of every language (assets/small_talk/*.txt)."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from lookalike.core.paths import ASSETS_DIR
from lookalike.gallery.names.spelling import words_of

PHRASES = ASSETS_DIR / "small_talk"
PLAIN = ("greeting", "yes", "no")  # kinds that are no small talk: each has an answer of its own
SIGNS = {"yes": frozenset("+👍👌"), "no": frozenset("-👎")}
BESIDE_SIGNS = frozenset("!.\ufe0f🏻🏼🏽🏾🏿")  # beside which a sign says the same
MOST_WORDS = 10  # of a text that a phrase is looked for in
MOST_BESIDE = 3  # words of a text that a phrase of one word counts in

_Words = tuple[str, ...]


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


def is_greeting(text: str) -> bool:
    """Whether a text is only a greeting, in any case and with any punctuation."""
    words, greetings = tuple(words_of(text)), _by_kind()["greeting"]
    return words in greetings or (words[:1] in greetings and len(words) <= 3)


def is_yes(text: str) -> bool:
    """Whether a text says yes and nothing else, in any case and with any punctuation."""
    return _is(text, "yes")


def is_no(text: str) -> bool:
    """Whether a text says no and nothing else."""
    return _is(text, "no")


@functools.cache
def phrases() -> Mapping[_Words, str]:
    """The kind of each phrase of small talk, by its words."""
    return {words: kind for kind, found in _by_kind().items() if kind not in PLAIN for words in found}


def _is(text: str, kind: str) -> bool:
    words = tuple(words_of(text))
    if words:
        return words in _by_kind()[kind]
    signs = set("".join(text.split())) - BESIDE_SIGNS
    return bool(signs) and signs <= SIGNS[kind]


@functools.cache
def _by_kind() -> Mapping[str, frozenset[_Words]]:
    """The phrases of each kind, of all languages."""
    found: dict[str, set[_Words]] = {}
    for path in sorted(PHRASES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                kind, _, rest = line.partition(":")
                found.setdefault(kind, set()).update(tuple(words_of(phrase)) for phrase in rest.split("|"))
    return {kind: frozenset(phrases) for kind, phrases in found.items()}
