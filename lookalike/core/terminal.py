"""Text that is safe to print: file names, names and errors cannot move the cursor or colour the terminal."""

import unicodedata

ESCAPED = frozenset(
    {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
)  # control, format, surrogate, private, unassigned, breaks
JOINERS = "\u200c\u200d"  # format characters that Persian, Indic scripts and emoji are spelled with


def printable(text: str) -> str:
    r"""`text` on one line: control characters, line breaks and undecodable bytes are escaped, such as `\x1b`, `\n`."""
    if text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in ESCAPED and character not in JOINERS
        else character
        for character in text
    )
