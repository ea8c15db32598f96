"""Text that is safe to print: file names, names and errors cannot move the cursor or colour the terminal."""

import json
import unicodedata
from collections.abc import Callable

# Control, format, surrogate, private and unassigned characters, line and paragraph separators.
ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
JOINERS = "\u200c\u200d"  # format characters that Persian, Indic scripts and emoji are spelled with


def printable(text: str) -> str:
    r"""`text` on one line: control characters, line breaks and undecodable bytes are escaped, such as `\x1b`, `\n`."""
    return _escaped(text, lambda character: character.encode("unicode_escape").decode())


def printable_json(value: object) -> str:
    """JSON on one line with letters of all scripts as they are, and what acts on a terminal as JSON's own escapes."""
    return _escaped(json.dumps(value, ensure_ascii=False), lambda character: json.dumps(character)[1:-1])


def _escaped(text: str, escape: Callable[[str], str]) -> str:
    if text.isprintable():
        return text
    return "".join(escape(one) if unicodedata.category(one) in ESCAPED and one not in JOINERS else one for one in text)
