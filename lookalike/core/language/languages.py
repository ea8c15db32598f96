"""The languages there are: those that have a file in assets/locales, and nothing else lists them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path

from babel import Locale

from lookalike.core.paths import ASSETS_DIR

LOCALES = ASSETS_DIR / "locales"
DEFAULT_LANGUAGE = "en"


@functools.cache
def languages(locales: Path = LOCALES) -> Mapping[str, str]:
    """Every language's own name by its code, in the order of these names."""
    names = {path.stem: _own_name(path.stem) for path in locales.glob("*.ftl")}
    return dict(sorted(names.items(), key=lambda one: one[1].casefold()))


def language_of(code: str | None, default: str = DEFAULT_LANGUAGE) -> str:
    """The language for a user whose Telegram or browser is set to this IETF code: `pt-BR` is Portuguese."""
    short = re.split("[-_]", code or "", maxsplit=1)[0].lower()
    return short if short in languages() else default


def direction_of(language: str) -> str:
    """Where the letters of a language run, as HTML names it: `ltr`, `rtl`."""
    return str(Locale.parse(language).text_direction)


def _own_name(language: str) -> str:
    """As CLDR has it, with a capital where the script knows any: in a list it stands alone."""
    name = str(Locale.parse(language).get_display_name())
    return name[0].upper() + name[1:]
