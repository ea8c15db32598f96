"""The colours of share cards by season, from one file: assets/card_designs.toml.

card_designs().on(date(2026, 2, 14)).name   ->  "valentine"
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lookalike.core.errors import SettingsError
from lookalike.core.paths import ASSETS_DIR

AUTO = "auto"  # the design of the day
FILE = ASSETS_DIR / "card_designs.toml"
COLOUR = re.compile("#[0-9a-f]{6}")

Rgb = tuple[int, int, int]
Gradient = tuple[Rgb, Rgb]  # top, bottom
Day = tuple[int, int]  # month, day

ONE, TWO = ("ink", "faint", "accent", "badge", "track"), ("background", "tile")  # fields of one colour, of two


@dataclass(frozen=True)
class CardDesign:
    """The colours of a card; `days`: the first and the last day on which it is taken, also over a new year."""

    name: str
    background: Gradient
    ink: Rgb
    faint: Rgb
    accent: Rgb
    badge: Rgb
    track: Rgb
    tile: Gradient
    days: tuple[Day, Day] | None = None

    def is_on(self, day: date) -> bool:
        """Whether a day is one of its own."""
        if self.days is None:
            return False
        (first, last), today = self.days, (day.month, day.day)
        return first <= today <= last if first <= last else today >= first or today <= last


@dataclass(frozen=True)
class CardDesigns:
    """All designs by name, and the one for days that no other one has."""

    by_name: dict[str, CardDesign]
    default: CardDesign

    def on(self, day: date) -> CardDesign:
        """The one for a day."""
        return next((one for one in self.by_name.values() if one.is_on(day)), self.default)


@functools.cache
def card_designs(file: Path = FILE) -> CardDesigns:
    """All designs; SettingsError that names what is wrong in the file."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file.name} cannot be read: {error}") from None
    named = {name: _design(f"{file.name}, {name}", name, table) for name, table in tables.items()}
    without_days = [one for one in named.values() if one.days is None]
    if len(without_days) != 1:
        raise SettingsError(f"{file.name}: exactly one design must be without days")
    return CardDesigns(named, without_days[0])


def design_chooser(name: str, today: Callable[[], date]) -> Callable[[], str]:
    """What says the name of the design to use now: the one with that name, or with AUTO the one of the day.

    SettingsError if there is none with that name, or the file is wrong.
    """
    designs = card_designs()
    if name == AUTO:
        return lambda: designs.on(today()).name
    if name not in designs.by_name:
        raise SettingsError(f"CARD_DESIGN: must be {AUTO} or one of {', '.join(designs.by_name)} ({FILE.name})")
    return lambda: name


def _design(where: str, name: str, table: Any) -> CardDesign:
    fields = {*ONE, *TWO}
    if not isinstance(table, dict) or table.keys() - {"days"} != fields:
        raise SettingsError(f"{where}: must have {', '.join(sorted(fields))}, and may have days")
    one = {field: _colour(f"{where}, {field}", table[field]) for field in ONE}
    two = {field: tuple(_colour(f"{where}, {field}", end) for end in _pair(where, field, table)) for field in TWO}
    days = tuple(_day(f"{where}, days", day) for day in _pair(where, "days", table)) if "days" in table else None
    return CardDesign(name=name, **one, **two, days=days)  # type: ignore[arg-type]


def _pair(where: str, field: str, table: dict[str, Any]) -> list[Any]:
    value = table[field]
    if not isinstance(value, list) or len(value) != 2:
        raise SettingsError(f"{where}, {field}: must be a list of two")
    return value


def _colour(where: str, value: Any) -> Rgb:
    if not isinstance(value, str) or not COLOUR.fullmatch(value):
        raise SettingsError(f"{where}: must be a colour as #rrggbb")
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def _day(where: str, value: Any) -> Day:
    try:
        day = date.fromisoformat(f"2000-{value}")
    except ValueError:
        raise SettingsError(f"{where}: must be a day as month-day") from None
    return day.month, day.day
