"""Names as people type them: how many find their star, how fast, and what ordinary texts find.

    .venv/bin/python bench/names.py

Of each of the starter's celebrities the English and the Russian name, typed in these ways: as it is, in small letters
without accents; with one mistyped letter in each word of four or more (left out, doubled, changed, or swapped with the
next); the Russian name in Latin letters; family name alone; with a mistyped letter; inside a question. `first`: the
share whose celebrity is found first, `in_five`: among the first five, `opened`: named surely, alone or to be chosen.
Some names are those of several people, and then only one of them can be first. Drawn with a fixed seed.
Ordinary texts: every sentence that the bot itself says in both languages, cut into parts of at most MOST words, and
every window of one to three words of Python's own manual of its syntax: `opened` are those that name somebody surely.
Time: CPU ms of a search among MANY names, those of the starter with their letters mixed.
"""

from __future__ import annotations

import pydoc_data.topics
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from record import keep, table
from vectors import STARTER

sys.path.insert(0, str(Path(__file__).parent.parent))

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.index_format import CELEBRITIES
from lookalike.gallery.names.name_search import NameSearch
from lookalike.gallery.names.spelling import words_of
from lookalike.telegram_bot.texts import LOCALES

SEED, MANY, TIMED, MOST = 11, 10_000, 500, 12
IN_LATIN = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)) | {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya",
}  # fmt: skip
LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz", "ru": "абвгдежзийклмнопрстуфхцчшщыьэюя"}
QUESTION = {"en": "Do I look like {}?", "ru": "Я похож на {}?"}


def main() -> int:
    """Measure, print, keep."""
    stars = Celebrities.read(STARTER.parent / CELEBRITIES)
    search, chance = NameSearch.of(stars), random.Random(SEED)
    rows = [found(search, how, typed) for how, typed in typings(list(stars), chance).items()]
    print(table([tuple(row.values()) for row in rows], tuple(rows[0])))
    ordinary = [opened(search, stars, what, texts) for what, texts in ordinary_texts().items()]
    print(table([tuple(row.values())[:3] for row in ordinary], tuple(ordinary[0])[:3]))
    print(*(row["examples"] for row in ordinary), sep="\n")
    spent = timed(list(stars), chance)
    print(table([tuple(spent.values())], tuple(spent)))
    keep("names", {"typed": rows, "ordinary": ordinary, "time": spent})
    return 0


def typings(stars: list[Celebrity], chance: random.Random) -> dict[str, list[tuple[int, str]]]:
    """Rows with a text that is meant for the celebrity of that row, by how it is typed."""
    typed: dict[str, list[tuple[int, str]]] = {}
    for row, star in enumerate(stars):
        for language in ("en", "ru"):
            words = words_of(star.name[language])
            name, mistyped = " ".join(words), " ".join(mistype(word, language, chance) for word in words)
            ways = {"as it is": name, "mistyped": mistyped, "in a question": QUESTION[language].format(name)}
            if language == "ru":
                ways["in Latin letters"] = "".join(IN_LATIN.get(letter, letter) for letter in name)
            if len(words) > 1:
                ways |= {"family name": words[-1], "family name, mistyped": mistype(words[-1], language, chance)}
            for how, text in ways.items():
                typed.setdefault(f"{language}: {how}", []).append((row, text))
    return typed


def mistype(word: str, language: str, chance: random.Random) -> str:
    """A word of four or more letters with one mistake."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    letter = chance.choice(LETTERS[language])
    return chance.choice([
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ])  # fmt: skip


def found(search: NameSearch, how: str, typed: list[tuple[int, str]]) -> dict[str, Any]:
    """One row: shares of the texts typed in one way."""
    ranks, sure = [], []
    for row, text in typed:
        result = search.search(text, 6)
        likely = list(dict.fromkeys((*result.sure, *result.near)))
        ranks.append(likely.index(row) if row in likely else 99)
        sure.append(row in result.sure)
    return {
        "typed": how, "texts": len(typed), "first": share(np.array(ranks) == 0),
        "in_five": share(np.array(ranks) < 5), "opened": share(np.array(sure)),
    }  # fmt: skip


def share(which: np.ndarray[Any, Any]) -> float:
    """A share to three digits."""
    return round(float(which.mean()), 3)


def ordinary_texts() -> dict[str, list[str]]:
    """Texts that name nobody, by where they are from."""
    said = {
        f"the bot's own, {language}": [*sentences((LOCALES / f"{language}.ftl").read_text(encoding="utf-8"))]
        for language in LETTERS
    }
    words = [word for text in pydoc_data.topics.topics.values() for word in re.findall(r"[A-Za-z]{2,}", text)]
    windows = {" ".join(words[at : at + size]).lower() for size in (1, 2, 3) for at in range(0, len(words) - 3, size)}
    return said | {"Python's manual, en": sorted(windows)[::5]}


def sentences(texts: str) -> Iterator[str]:
    """Parts of the texts of a language, without names of texts and arguments."""
    plain = re.sub(r"^#.*|^[\w-]+ =|\{[^{}]*\}|\[\w+\]|/\w+", "\n", texts, flags=re.MULTILINE)
    for part in re.split(r"[.!?:;,()\n•–]+", plain):
        if 0 < len(words_of(part)) <= MOST:
            yield part.strip()


def opened(search: NameSearch, stars: Celebrities, what: str, texts: list[str]) -> dict[str, Any]:
    """One row: how many texts name somebody surely, and some of them."""
    hits = [(text, rows) for text in texts if (rows := search.search(text).sure)]
    examples = [f"{text} -> {stars[rows[0]].name_in('en')}" for text, rows in hits[:: max(1, len(hits) // 10)]]
    return {"texts_of": what, "texts": len(texts), "opened": round(len(hits) / len(texts), 4), "examples": examples}


def timed(stars: list[Celebrity], chance: random.Random) -> dict[str, Any]:
    """The time of a search among MANY names, and of making them ready."""

    def mixed(text: str) -> str:
        return " ".join("".join(chance.sample(word, len(word))) for word in text.split())

    names = [stars[number % len(stars)].name for number in range(MANY - len(stars))]
    made_up = [{language: mixed(name) for language, name in both.items()} for both in names]
    many = stars + [Celebrity(id=f"made-up {number}", name=name) for number, name in enumerate(made_up)]
    began = time.process_time()
    search = NameSearch.of(many)
    ready_s = time.process_time() - began
    texts = [text for some in typings(stars, chance).values() for _, text in some]
    spent = []
    for text in chance.sample(texts, TIMED):
        began = time.process_time()
        search.search(text)
        spent.append(1000 * (time.process_time() - began))
    return {
        "names": MANY, "ready_s": round(ready_s, 2), "ms": round(median(spent), 1),
        "ms_p95": round(float(np.quantile(spent, 0.95)), 1), "ms_max": round(max(spent), 1),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
