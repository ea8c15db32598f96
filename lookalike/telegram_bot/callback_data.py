"""What a button sends back when it is pressed: `verb:value`, at most 64 bytes, as small frozen values.

A card stays in its chat for years, so a shape that has been sent is read for ever. A verb whose value gets another
meaning takes a new version, written `verb.2:value`; the old one keeps its class, or is answered as unknown.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

MAX_BYTES = 64  # core.telegram.org/bots/api#inlinekeyboardbutton


class CallbackError(ValueError):
    """Callback data that Telegram would refuse."""


@dataclass(frozen=True)
class Callback(ABC):
    """One shape of callback data; a subclass names its verb and says how its value is written and read."""

    verb: ClassVar[str]
    version: ClassVar[int] = 1

    def pack(self) -> str:
        """As it stands on a button; CallbackError if it is longer than Telegram allows."""
        data = f"{self.prefix()}:{self.value()}"
        if len(data.encode()) > MAX_BYTES:
            raise CallbackError(f"callback data of {len(data.encode())} bytes, at most {MAX_BYTES}: {data}")
        return data

    @classmethod
    def prefix(cls) -> str:
        """Verb and version; version 1 is not written."""
        return cls.verb if cls.version == 1 else f"{cls.verb}.{cls.version}"

    @abstractmethod
    def value(self) -> str:
        """The part behind the colon."""

    @classmethod
    @abstractmethod
    def parse(cls, value: str) -> Self | None:
        """Read `value()`; None if it cannot be one."""


@dataclass(frozen=True)
class Consent(Callback):
    """Yes or no to the consent card."""

    verb = "consent"
    agreed: bool

    def value(self) -> str:
        """`yes` or `no`."""
        return "yes" if self.agreed else "no"

    @classmethod
    def parse(cls, value: str) -> Self | None:
        """Read `value()`."""
        return cls(value == "yes") if value in ("yes", "no") else None


@dataclass(frozen=True)
class Language(Callback):
    """A language was chosen; `auto` is the one of the person's Telegram."""

    verb = "language"
    code: str

    def value(self) -> str:
        """A two-letter code, or `auto`."""
        return self.code

    @classmethod
    def parse(cls, value: str) -> Self | None:
        """Read `value()`."""
        return cls(value) if re.fullmatch(r"[a-z]{2}|auto", value) else None


@dataclass(frozen=True)
class More(Callback):
    """More lookalikes of an earlier answer."""

    verb = "more"
    answer_id: str

    def value(self) -> str:
        """The answer's id."""
        return self.answer_id

    @classmethod
    def parse(cls, value: str) -> Self | None:
        """Read `value()`."""
        return cls(value) if re.fullmatch(r"[0-9A-Za-z_-]+", value) else None


SHAPES: tuple[type[Callback], ...] = (Consent, Language, More)


def unpack(data: str, shapes: tuple[type[Callback], ...] = SHAPES) -> Callback | None:
    """Read what a button sent; None for what no shape of ours can have written."""
    prefix, colon, value = data.partition(":")
    shape = next((one for one in shapes if one.prefix() == prefix), None)
    return shape.parse(value) if shape and colon else None
