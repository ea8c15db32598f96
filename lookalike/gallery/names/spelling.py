"""Words of a text without case, accents and punctuation, and keys of how they sound in Latin or Cyrillic letters.

    words_of("J-Lo, Beyoncé!")   ->  ["j", "lo", "beyonce"]
    sound_key("джоли")           ->  "joli"
    sound_key("jolie")           ->  "joli"

The key is rough on purpose: letters that people mix up, or that one alphabet writes otherwise than the other, become
one. It is compared with other keys and never shown.
"""

from __future__ import annotations

import functools
import re
import unicodedata

# Letters that Unicode does not take apart into a letter and an accent; Arabic ones that are typed for each other, or
# that a Persian keyboard has instead; the two signs of a nasal vowel in Hindi.
_ALONE = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е", "ѐ": "е"} | dict(
    zip("ىیکةٱँ", "ييكهاं", strict=True)
)
# Accents; the vowel signs and the stretching of Arabic; the dot under Hindi letters. Few people type them.
_ACCENTS = frozenset(map(chr, (*range(0x300, 0x370), 0x640, *range(0x64B, 0x656), 0x670, 0x93C)))
_SILENT = "'’ʼ`´ʻ"  # within a name: O'Neill
# Cyrillic letters by their sound, Ukrainian ones among them.
_CYRILLIC = str.maketrans(
    dict(zip("абвгдежзийклмнопрстуфхыэіїєґ", "abvgdejziiklmnoprstufhieiieg", strict=True))
    | {"ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
)
# Groups of Latin letters by their sound, in this order.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("[dt]?zh|dj|dg(?=[ei])", "j"),
        ("tsch|tch", "ch"),
        ("sch", "sh"),
        ("ph", "f"),
        ("kh", "h"),
        ("ck|q(?=u)", "k"),
        ("q", "k"),
        ("c(?=[eiy])", "s"),
        ("c(?!h)", "k"),
        ("x", "ks"),
        ("w", "v"),
        ("z", "s"),
        ("yu|ju(?=[lr])", "iu"),
        ("ya", "ia"),
        ("ou|oo", "u"),
        ("ee|ie$|ey$|y", "i"),
        ("(?<=[a-z])(?<![cs])h(?![aeiou])|(?<=[tg])h", ""),
        (r"(.)\1+", r"\1"),
        ("(?<=[a-z]{3}[bcdfghjklmnprstv])e$", ""),
    )
)


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without accents, apostrophes and punctuation."""
    return "".join(map(_folded, unicodedata.normalize("NFC", text.casefold()))).split()


@functools.lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    if letter in _SILENT or letter in _ACCENTS:
        return ""
    if letter in _ALONE:
        return _ALONE[letter]
    if not (letter.isalnum() or unicodedata.category(letter).startswith("M")):
        return " "
    if "\u0400" <= letter <= "\u04ff":
        return letter
    plain = unicodedata.normalize("NFKD", letter)
    return "".join(one for one in plain if one not in _ACCENTS)


@functools.lru_cache(maxsize=4096)
def sound_key(word: str) -> str:
    """How a word of `words_of` sounds, in Latin letters; words of other alphabets stay as they are."""
    key = word.translate(_CYRILLIC)
    if not key.isascii():
        return key
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key or word
