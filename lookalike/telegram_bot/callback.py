"""Callback data of buttons as small frozen values: how a shape is written and read. The shapes: callback_data.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

MAX_BYTES = 64  # core.telegram.org/bots/api#inlinekeyboardbutton
WORD = r"[0-9A-Za-z_=,.-]*"  # what a text field may hold


class CallbackError(ValueError):
    """Callback data that Telegram would refuse, or that could not be read again."""


@dataclass(frozen=True)
class Callback:
    """One shape of callback data: a subclass names its verb, and its fields are the value, joined by colons.

    Several shapes may share a verb where their verbs go on behind a colon (`menu:mine`, then the fields).
    A field is a bool (`yes`, `no`), an int, or a text of the letters of WORD; it may be matched by a stricter pattern
    in PATTERNS.
    """

    verb: ClassVar[str]
    version: ClassVar[int] = 1
    PATTERNS: ClassVar[dict[str, str]] = {}

    def pack(self) -> str:
        """As it stands on a button; CallbackError if it is longer than Telegram allows, or cannot be read again."""
        data = f"{self.prefix()}:{self.value()}"
        if len(data.encode()) > MAX_BYTES:
            raise CallbackError(f"callback data of {len(data.encode())} bytes, at most {MAX_BYTES}: {data}")
        if type(self).parse(self.value()) != self:
            raise CallbackError(f"callback data that cannot be read again: {data}")
        return data

    @classmethod
    def prefix(cls) -> str:
        """Verb and version; version 1 is not written."""
        return cls.verb if cls.version == 1 else f"{cls.verb}.{cls.version}"

    def value(self) -> str:
        """The part behind the verb's colon."""
        return ":".join(_written(getattr(self, one.name)) for one in fields(self))

    @classmethod
    def parse(cls, value: str) -> Self | None:
        """Read `value()`; None if it cannot be one."""
        shape, parts = fields(cls), value.split(":")
        if len(parts) != len(shape):
            return None
        values = {}
        for one, part in zip(shape, parts, strict=True):
            pattern, read = READERS[getattr(one.type, "__name__", str(one.type))]
            if not re.fullmatch(cls.PATTERNS.get(one.name, pattern), part, re.ASCII):
                return None
            values[one.name] = read(part)
        return cls(**values)


def _written(value: bool | int | str) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


# By the type of a field: the pattern of its text, and how that is read.
READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "bool": ("yes|no", lambda part: part == "yes"),
    "int": (r"0|-?[1-9][0-9]{0,18}", int),
    "str": (WORD, str),
}
