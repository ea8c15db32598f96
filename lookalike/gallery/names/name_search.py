"""A text -> the celebrities that it names: in any case, either alphabet, any order, with typing mistakes.

Words are compared by how they sound (spelling.py) with every word of every name and alias, and with neighbours joined
("di caprio" is "dicaprio"). A celebrity is meant if each word of the text, less ordinary ones at its ends, is near a
word of one of the names. bench/names.py measures how many are found, how fast, and what ordinary texts find.
"""

from __future__ import annotations

import functools
import math
import operator
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from lookalike.core.paths import ASSETS_DIR
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.names.spelling import sound_key, words_of

ORDINARY = ASSETS_DIR / "ordinary_words.txt"
MOST_WORDS = 12  # of a text that may name somebody
MOST_NAME_WORDS = 4  # of those, that are a name
NEAR = 0.6  # similarity of two words' keys from which one may be the other mistyped: two letters of five
OFFERED = 0.7  # similarity from which a name is offered to somebody who may have mistyped it
OFFERED_BEHIND = 0.1  # of similarity, behind the best one that is offered
SURE = 0.75  # mean similarity from which two or more words are a name
SURE_WITHIN = 0.77  # the same of a part of a text
SURE_JOINED = 0.9  # the same of two words that are one of a name
OTHER_INITIAL = 0.05  # of similarity, less for words that begin otherwise: few people mistype the first letter
SURE_ALONE = 0.83  # the same of one word: one letter of six
LONG = 6  # letters of a word that alone names somebody though it is mistyped
BEGUN = 2  # letters from which a name may be completed
SHORT = 3  # letters; such a word is never mistyped
TIED = 0.02  # of similarity: who is nearer than that to the best is as likely meant


@dataclass(frozen=True)
class NamesFound:
    """Rows of celebrities, most likely first: those that a text surely names, and those that it nearly names."""

    sure: tuple[int, ...] = ()
    near: tuple[int, ...] = ()


NOBODY = NamesFound()


@dataclass(frozen=True)
class _Hit:
    """A name that a text may mean: its celebrity, how near (0..1), and whether all of it was typed."""

    row: int
    similarity: float
    is_whole: bool
    is_sure: bool


@dataclass(frozen=True, eq=False)
class NameSearch:
    """The names of celebrities, ready to be searched.

    A place is a word of a name, or two or all of its words joined. `keys` (k,) of places differ, shortest first, with
    their `lengths` (k,) and `numbers`; places are sorted by key, those of key i are `starts[i]:starts[i + 1]`. Of each
    place: its name, and which of the name's words it is, as bits. Of each name: its celebrity's row, and the bits of
    all its words. `fame` (n,): Wikipedias, 0 if unknown.
    """

    keys: list[str]
    numbers: dict[str, int]
    lengths: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    names: npt.NDArray[np.int32]
    bits: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.int32]
    whole: npt.NDArray[np.uint32]
    fame: npt.NDArray[np.int32]
    hidden: frozenset[int] = frozenset()  # rows that are not found

    def without(self, rows: frozenset[int]) -> NameSearch:
        """The same, without the celebrities of these rows."""
        return replace(self, hidden=rows)

    @classmethod
    def of(cls, celebrities: Iterable[Celebrity]) -> NameSearch:
        """The names and aliases of celebrities, in index order: 0.1 s for 1,000."""
        numbers: dict[str, int] = {}
        keys, names, bits = array("i"), array("i"), array("I")
        rows, whole, fame = array("i"), array("I"), array("i")
        for row, celebrity in enumerate(celebrities):
            fame.append(celebrity.fame or 0)
            for words in _spellings(celebrity):
                for key, mask in _places(words):
                    keys.append(numbers.setdefault(key, len(numbers)))
                    names.append(len(rows))
                    bits.append(mask)
                rows.append(row)
                whole.append((1 << len(words)) - 1)
        found = sorted(numbers, key=len)
        ranks = np.empty(len(found), np.int32)
        ranks[[numbers[key] for key in found]] = np.arange(len(found))
        number = ranks[np.frombuffer(keys, np.int32)]
        order = np.argsort(number, kind="stable")
        starts = np.searchsorted(number[order], np.arange(len(numbers) + 1))
        return cls(
            found, {key: at for at, key in enumerate(found)}, np.array([len(key) for key in found]), starts,
            np.frombuffer(names, np.int32)[order], np.frombuffer(bits, np.uint32)[order],
            np.frombuffer(rows, np.int32), np.frombuffer(whole, np.uint32), np.frombuffer(fame, np.int32),
        )  # fmt: skip

    def search(self, text: str, most: int = 6) -> NamesFound:
        """Whom a text names: at most so many rows of each."""
        words = words_of(text)
        if not 0 < len(words) <= MOST_WORDS:
            return NOBODY
        matches = _Matches(self, words)
        hits: list[_Hit] = []
        for first, end in _windows(words):
            found = [*self._hits(words, first, end, matches)]
            if any(one.is_sure for one in found):
                return self._found(found, most)
            hits += found if 2 * (end - first) >= len(words) else []
        return self._found(hits, most)

    def begins_with(self, text: str, most: int) -> list[int]:
        """The rows of celebrities with a word in their names that begins as the text's last word sounds, by fame.

        For a name that is still being typed. At least two letters.
        """
        words = words_of(text)
        key = sound_key(words[-1]) if words else ""
        if len(key) < BEGUN or len(words) > MOST_NAME_WORDS:
            return []
        found = [number for number, one in enumerate(self.keys) if one.startswith(key)]
        names = {int(name) for number in found for name in self.names[self.starts[number] : self.starts[number + 1]]}
        rows = {int(self.rows[name]) for name in names} - self.hidden
        return sorted(rows, key=lambda row: (-int(self.fame[row]), row))[:most]

    def near_keys(self, key: str) -> dict[int, float]:
        """The numbers of the keys that are NEAR one, with their similarity; others are too short or too long for it."""
        first, end = np.searchsorted(self.lengths, [math.ceil(NEAR * len(key)), math.floor(len(key) / NEAR) + 1])
        keys = self.keys[first:end]
        similar = cdist([key], keys, scorer=OSA.normalized_similarity, score_cutoff=NEAR, dtype=np.float32)[0]
        return {int(at) + int(first): float(similar[at]) for at in np.flatnonzero(similar)}

    def _hits(self, words: list[str], first: int, end: int, matches: _Matches) -> Iterator[_Hit]:
        only_ordinary = all(map(is_ordinary, words[first:end]))
        for units in _tokenisations(first, end):
            columns = [matches[unit] for unit in units]
            letters = [sum(len(words[at]) for at in range(*unit)) for unit in units]
            for name in set.intersection(*({*column} for column in columns)):
                masks = [column[name].bits for column in columns]
                if sum(masks) != functools.reduce(operator.or_, masks):  # two words of the text for one of the name
                    continue
                near = sum(n * column[name].similarity for n, column in zip(letters, columns, strict=True))
                typed = _Typed(
                    similarity=near / sum(letters),
                    words=len(units),
                    joined=end - first - len(units),
                    letters=sum(letters),
                    is_whole=sum(masks) == self.whole[name],
                    is_ordinary=only_ordinary,
                    is_all=end - first == len(words),
                    is_stem=all(column[name].is_stem for column in columns),
                )
                if int(self.rows[name]) not in self.hidden:
                    yield _Hit(int(self.rows[name]), typed.similarity, typed.is_whole, typed.is_sure)

    def _found(self, hits: Sequence[_Hit], most: int) -> NamesFound:
        best: dict[int, _Hit] = {}
        for one in sorted(hits, key=self._rank):
            best.setdefault(one.row, one)
        ranked = sorted(best.values(), key=self._rank)
        sure = [one for one in ranked if one.is_sure]
        least = max(OFFERED, ranked[0].similarity - OFFERED_BEHIND) if ranked else OFFERED
        near = tuple(one.row for one in ranked if one.similarity >= least)[:most]
        if not sure:
            return NamesFound((), near)
        top = sure[0]
        tied = [one.row for one in sure if one.similarity > top.similarity - TIED and self._may_be_meant(one, top)]
        return NamesFound(tuple(tied[:most]), near)

    def _may_be_meant(self, one: _Hit, top: _Hit) -> bool:
        """Whether a celebrity may be meant beside the best: who has as much of the name, or is more famous."""
        return one.is_whole == top.is_whole or self.fame[one.row] > self.fame[top.row]

    def _rank(self, hit: _Hit) -> tuple[bool, float, bool, int]:
        return not hit.is_sure, -round(hit.similarity / TIED), not hit.is_whole, -int(self.fame[hit.row])


@dataclass(frozen=True)
class _Match:
    """A place of a name that a word may be: how near (0..1), its bits, and whether they differ at the end only.

    At the end names are inflected: "Мадонну".
    """

    similarity: float
    bits: int
    is_stem: bool


class _Matches:
    """For words first:end of a text, joined: the names that have it; found when asked for."""

    def __init__(self, search: NameSearch, words: list[str]) -> None:
        self._search, self._words = search, words
        self._known: dict[tuple[int, int], dict[int, _Match]] = {}

    def __getitem__(self, unit: tuple[int, int]) -> dict[int, _Match]:
        if unit not in self._known:
            words = self._words[slice(*unit)]
            self._known[unit] = self._find("".join(words), may_be_mistyped=not all(map(is_ordinary, words)))
        return self._known[unit]

    def _find(self, word: str, *, may_be_mistyped: bool) -> dict[int, _Match]:
        search, key = self._search, sound_key(word)
        if len(word) <= SHORT or not may_be_mistyped:
            near = {search.numbers[key]: 1.0} if key in search.numbers else {}
        else:
            near = search.near_keys(key)
        found: dict[int, _Match] = {}
        for at, similarity in near.items():
            other = search.keys[at]
            similarity -= OTHER_INITIAL if other[0] != key[0] else 0
            is_stem = len(other) >= LONG and key.startswith(other[:-1]) and len(key) <= len(other) + 2
            for place in range(search.starts[at], search.starts[at + 1]):
                name = int(search.names[place])
                if name not in found or similarity > found[name].similarity:
                    found[name] = _Match(similarity, int(search.bits[place]), is_stem)
        return found


@dataclass(frozen=True)
class _Typed:
    """A part of a text beside a name: how near it is, its words (of which so many are two joined) and letters.

    `is_whole`: all words of the name are typed; `is_all`: it is all of the text; `is_stem`: as `_Match`.
    """

    similarity: float
    words: int
    joined: int
    letters: int
    is_whole: bool
    is_ordinary: bool
    is_all: bool
    is_stem: bool

    @property
    def is_sure(self) -> bool:
        """Whether it means the name."""
        if self.words > 1:
            return self.similarity >= (SURE if self.is_all else SURE_WITHIN) and (self.is_whole or not self.is_ordinary)
        if self.joined:
            return self.similarity >= SURE_JOINED and self.letters >= LONG
        if self.is_ordinary or self.letters < SHORT or (self.letters == SHORT and not self.is_all):
            return False
        if self.similarity == 1.0 or (self.is_stem and not self.is_all):
            return True
        return self.is_all and self.letters >= LONG and self.similarity >= SURE_ALONE


def _spellings(celebrity: Celebrity) -> list[list[str]]:
    """The words of each name and alias, each once."""
    texts = [*celebrity.name.values(), *(alias for some in celebrity.aliases.values() for alias in some)]
    found = {tuple(words): words for text in texts if 0 < len(words := words_of(text)) <= 16}
    return list(found.values())


def _places(words: list[str]) -> Iterator[tuple[str, int]]:
    """The keys of a name's words, of neighbours joined, and of all joined, with the bits of the words."""
    for at, word in enumerate(words):
        yield sound_key(word), 1 << at
    for at in range(len(words) - 1):
        yield sound_key(words[at] + words[at + 1]), 3 << at
    if len(words) > 2:
        yield sound_key("".join(words)), (1 << len(words)) - 1


def _windows(words: list[str]) -> Iterator[tuple[int, int]]:
    """The parts of a text that may be a name, longest first: what is around them is ordinary."""
    count = len(words)
    telling = [at for at, word in enumerate(words) if not is_ordinary(word)]
    if not telling:  # all of it is a name, or none of it
        spans = [(0, count)]
    else:
        spans = [(first, end) for first in range(telling[0] + 1) for end in range(telling[-1] + 1, count + 1)]
    return iter(sorted((one for one in spans if one[1] - one[0] <= MOST_NAME_WORDS), key=lambda one: one[0] - one[1]))


def _tokenisations(first: int, end: int) -> Iterator[list[tuple[int, int]]]:
    """The words first:end one by one, and with two neighbours joined."""
    singles = [(at, at + 1) for at in range(first, end)]
    yield singles
    for at in range(len(singles) - 1):
        yield [*singles[:at], (first + at, first + at + 2), *singles[at + 2 :]]


def is_ordinary(word: str) -> bool:
    """Whether people type a word without meaning a celebrity."""
    return word in ordinary_words()


@functools.cache
def ordinary_words() -> frozenset[str]:
    """The words of assets/ordinary_words.txt, as `words_of` writes them."""
    lines = ORDINARY.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in words_of(line))
