"""Which celebrities take part: `women`, or `gender=female,region=asia,born=1970-1999,role=singer`.

    parse_filter("region=asia,gender=male")  ->  Filter(gender="male", region="asia")
    str(...)                                 ->  "gender=male,region=asia"

`any`, `men` and `women` stand for no filter, `gender=male` and `gender=female`. A celebrity of whom the catalogue does
not say what a filter asks is not among those whom it leaves.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import FilterError
from lookalike.gallery.catalogue import Celebrity

GENDERS = ("male", "female")
WORDS = {"any": "", "men": "male", "women": "female"}
MAX_LENGTH = 200  # of a filter's text
UNKNOWN_YEAR = -(2**15)
KEPT_CHOICES = 1000
# First and last years of birth that people are offered: the generations of Pew Research Center, older ones as one.
ERAS: tuple[tuple[int | None, int | None], ...] = ((None, 1945), (1946, 1964), (1965, 1980), (1981, 1996), (1997, None))

# ISO 3166-1 codes by region, after the United Nations' M49 with these exceptions, so that each country has one region
# and a region is what people mean by its name: the Middle East is Western Asia with Egypt and Iran; Armenia,
# Azerbaijan, Cyprus and Georgia, members of the Council of Europe, are in Europe; Central and South-eastern Asia are in
# east_asia. Kosovo (XK) and states that are no more (CS, DD, SU, YU) are added: Wikidata has them.
COUNTRIES = {
    "africa": "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW MZ"
    " NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW",
    "east_asia": "BN CN HK ID JP KG KH KP KR KZ LA MM MN MO MY PH SG TH TJ TL TM TW UZ VN",
    "south_asia": "AF BD BT IN LK MV NP PK",
    "middle_east": "AE BH EG IL IQ IR JO KW LB OM PS QA SA SY TR YE",
    "europe": "AD AL AM AT AX AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GG GI GR HR HU IE IM IS IT JE LI LT LU"
    " LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK CS DD SU YU",
    "north_america": "BM CA GL PM US",
    "latin_america": "AG AI AR AW BB BL BO BQ BR BS BV BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY"
    " LC MF MQ MS MX NI PA PE PR PY SR SV SX TC TT UY VC VE VG VI",
    "oceania": "AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
}
UNIONS = {"asia": ("east_asia", "south_asia")}
REGIONS = (*COUNTRIES, *UNIONS)
_PLACES = {name: place for place, name in enumerate(COUNTRIES)}
_PLACE_OF = {code: _PLACES[region] for region, codes in COUNTRIES.items() for code in codes.split()}


@dataclass(frozen=True)
class Filter:
    """What celebrities must be; empty fields ask nothing. `born`: first and last year, None where it is open."""

    gender: str = ""  # one of GENDERS
    region: str = ""  # one of REGIONS
    born: tuple[int | None, int | None] | None = None
    role: str = ""  # as catalogues write it, in small letters

    def __str__(self) -> str:
        """The one text of this filter, which parse_filter reads."""
        parts = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}
        if self.born:
            first, last = ("" if year is None else str(year) for year in self.born)
            parts["born"] = first if first == last else f"{first}-{last}"
        if set(parts) == {"gender"}:
            return "women" if self.gender == "female" else "men"
        return ",".join(f"{key}={value}" for key, value in parts.items()) or "any"


ANYBODY = Filter()


@dataclass(frozen=True)
class Choices:
    """The filters that a gallery has enough celebrities for, by the field in which they differ from the one in use."""

    genders: tuple[Filter, ...] = ()
    regions: tuple[Filter, ...] = ()
    eras: tuple[Filter, ...] = ()


def parse_filter(text: str) -> Filter:
    """The filter that a text says, in small or capital letters; FilterError with the part that is wrong."""
    if len(text) > MAX_LENGTH:
        raise FilterError(f"filter: longer than {MAX_LENGTH} characters")
    found: dict[str, str] = {}
    for part in text.lower().split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals and key in WORDS:
            key, value = "gender", WORDS[key]
        elif not equals or key not in _READ:
            raise FilterError(
                f"filter {text!r}: {part.strip()!r} is none of any, men, women, {', '.join(f'{one}=' for one in _READ)}"
            )
        elif not value:
            raise FilterError(f"filter {text!r}: {key}= has no value")
        if key in found:
            raise FilterError(f"filter {text!r}: says twice which {key}")
        found[key] = value
    if found.get("gender") == "":  # any
        del found["gender"]
    try:
        return Filter(**{key: _READ[key](value) for key, value in found.items()})
    except ValueError as error:
        raise FilterError(f"filter {text!r}: {error}") from None


def _read_gender(value: str) -> str:
    return _one_of("gender", value, GENDERS)


def _read_region(value: str) -> str:
    return _one_of("region", value, REGIONS)


def _one_of(key: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(f"{key} {value!r} is none of {', '.join(known)}")
    return value


def _read_born(value: str) -> tuple[int | None, int | None]:
    years = re.fullmatch(r"(\d{1,4})?-(\d{1,4})?", value if "-" in value else f"{value}-{value}", re.ASCII)
    if not years or value == "-":
        raise ValueError(f"born {value!r} is neither a year nor years such as 1970-1999, 1970- or -1999")
    first, last = (None if year is None else int(year) for year in years.groups())
    if first is not None and last is not None and first > last:
        raise ValueError(f"born {value!r} ends before it begins")
    return first, last


_READ: dict[str, Callable[[str], Any]] = {
    "gender": _read_gender,
    "region": _read_region,
    "born": _read_born,
    "role": str,
}


class Traits:
    """What filters ask of celebrities, in index order: 4 bytes each and 4 a role."""

    def __init__(self) -> None:
        self._genders, self._places, self._years = array("b"), array("b"), array("h")
        self._rows_of_role: dict[str, array[int]] = {}
        self.hidden_rows: frozenset[int] = frozenset()  # no filter leaves them
        self._choices: dict[tuple[Any, ...], Choices] = {}  # every answer asks for them

    def __len__(self) -> int:
        return len(self._years)

    def append(self, celebrity: Celebrity) -> None:
        """Add the next celebrity."""
        for role in {role.lower() for role in celebrity.roles}:
            self._rows_of_role.setdefault(role, array("i")).append(len(self))
        self._genders.append(GENDERS.index(celebrity.gender) if celebrity.gender in GENDERS else -1)
        self._places.append(_PLACE_OF.get((celebrity.country or "").upper(), -1))
        self._years.append(_year(celebrity.born))

    def rows(self, where: Filter) -> npt.NDArray[np.int64]:
        """The rows (r,), ascending, of the celebrities whom a filter leaves; FilterError if it leaves nobody."""
        rows: npt.NDArray[np.int64] = np.flatnonzero(self._left(where))
        if not len(rows):
            raise FilterError(f"filter {str(where)!r}: no celebrity of the gallery is left")
        return rows

    def choices(self, where: Filter, least: int) -> Choices:
        """The filters that differ from `where` in one field and leave at least so many celebrities."""
        asked = (where, least, len(self), self.hidden_rows)
        if asked not in self._choices:
            if len(self._choices) >= KEPT_CHOICES:
                self._choices.clear()
            self._choices[asked] = self._find_choices(where, least)
        return self._choices[asked]

    def _find_choices(self, where: Filter, least: int) -> Choices:
        def leaving(field: str, values: Iterable[Any]) -> tuple[Filter, ...]:
            filters = (replace(where, **{field: value}) for value in values)
            return tuple(one for one in filters if np.count_nonzero(self._left(one)) >= least)

        return Choices(leaving("gender", GENDERS), leaving("region", COUNTRIES), leaving("born", ERAS))

    def _left(self, where: Filter) -> npt.NDArray[np.bool_]:
        """Whether a filter leaves each celebrity (n,)."""
        left = np.ones(len(self), dtype=bool)
        if where.gender:
            left &= np.frombuffer(self._genders, np.int8) == GENDERS.index(where.gender)
        if where.region:
            places = [_PLACES[name] for name in UNIONS.get(where.region, (where.region,))]
            left &= np.isin(np.frombuffer(self._places, np.int8), places)
        if where.born:
            first, last = where.born
            years = np.frombuffer(self._years, np.int16)
            left &= (years >= (UNKNOWN_YEAR + 1 if first is None else first)) & (years != UNKNOWN_YEAR)
            left &= last is None or years <= last
        if where.role:
            has_role = np.zeros(len(self), dtype=bool)
            has_role[np.frombuffer(self._rows_of_role.get(where.role, array("i")), np.int32)] = True
            left &= has_role
        left[[*self.hidden_rows]] = False
        return left


def region_of(country: str | None) -> str | None:
    """The region (a key of COUNTRIES) of an ISO 3166-1 code, or None."""
    place = _PLACE_OF.get((country or "").upper())
    return None if place is None else tuple(COUNTRIES)[place]


def _year(born: str | None) -> int:
    """The year of a date or a year, ISO 8601; UNKNOWN_YEAR if it has none."""
    year = re.match(r"[+-]?\d{1,4}(?!\d)", born or "", re.ASCII)
    return int(year[0]) if year else UNKNOWN_YEAR
