"""Occupations by Wikidata's ids (P106): those that are collected, and those that are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

OCCUPATIONS = {
    "actor": ("Q33999", "Q10800557", "Q10798782", "Q2405480"),  # of films, of television, voices
    "singer": ("Q177220", "Q488205", "Q2252262"),  # singer-songwriters, rappers
    "musician": ("Q639669",),
    "comedian": ("Q245068",),
    "presenter": ("Q947873",),
    "youtuber": ("Q17125263",),
    "model": ("Q4610556", "Q3357567"),  # fashion models
    "director": ("Q2526255",),
    "dancer": ("Q5716684",),
    "footballer": ("Q937857",),
    "basketball player": ("Q3665646",),
    "tennis player": ("Q10833314",),
    "racing driver": ("Q10841764",),
    "writer": ("Q36180",),
}
POLITICIAN = frozenset({"Q82955", "Q116"})  # politician, monarch
CRIMINAL = frozenset({"Q2159907", "Q484188", "Q931260", "Q10384029", "Q14886050"})  # serial killer, murderer, drug
# trafficker, terrorist
NOT_FAMOUS_FOR = ("writer",)  # most politicians have written a book


def occupation_ids(occupations: Iterable[str]) -> list[str]:
    """The ids of occupations given as words of OCCUPATIONS or as ids; KeyError for an unknown word."""
    ids = (OCCUPATIONS[one] if not re.fullmatch(r"Q[1-9]\d*", one) else (one,) for one in occupations)
    return list(dict.fromkeys(id for some in ids for id in some))


def is_first_a_politician(jobs: Sequence[str]) -> bool:
    """Whether somebody's occupations name a politician, and nothing before it that made them famous.

    Wikidata lists first what somebody was known for first: Arnold Schwarzenegger is an actor.
    """
    famous_for = {id for role, ids in OCCUPATIONS.items() if role not in NOT_FAMOUS_FOR for id in ids}
    first = next((job for job in jobs if job in POLITICIAN or job in famous_for), None)
    return first in POLITICIAN
