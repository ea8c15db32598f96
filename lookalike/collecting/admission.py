"""Whom the rules admit into a gallery: adults of our time who are famous for what they do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from lookalike.collecting.run import CollectRules
from lookalike.collecting.wikimedia.items import WikidataPerson
from lookalike.gallery.catalogue import Celebrity, slug

DIED_SINCE = 1950  # before that there are paintings and few photos that a face can be measured in
BORN_SINCE = 1880  # of those whose death nobody has entered
ADULT_YEARS = 18


def why_excluded(
    found: WikidataPerson, rules: CollectRules, offices: Collection[str], *, is_listed: bool, today: date | None = None
) -> str | None:
    """The reason to leave a person out, if there is one.

    `offices`: ids of those of heads of state and of government; `is_listed`: by the maintainer, who knows who it is,
    so that an unknown date of birth is no reason.
    """
    if is_denied(found.celebrity, found.wikidata_id, rules):
        return "on the deny-list"
    if rules.admits_everybody:
        return None
    if found.is_criminal:
        return "convicted of a crime, or known for one"
    is_politician = found.is_politician or not set(offices).isdisjoint(found.offices)
    if is_politician and not rules.with_politicians:
        return "a politician"
    return _why_not_of_our_time(found, is_listed, today or datetime.now(UTC).date())


def is_denied(celebrity: Celebrity, wikidata_id: str, rules: CollectRules) -> bool:
    """Whether a deny-list has one of their ids, or one of their names as folders are called."""
    return not rules.deny.isdisjoint({celebrity.id, wikidata_id, *map(slug, celebrity.name.values())})


def _why_not_of_our_time(found: WikidataPerson, is_listed: bool, today: date) -> str | None:
    born, died = found.celebrity.born, found.died
    if died and int(died[:4]) < DIED_SINCE:
        return f"died before {DIED_SINCE}"
    if not born:
        return None if is_listed else "no date of birth: may be a minor"
    if not died and int(born[:4]) < BORN_SINCE:
        return f"born before {BORN_SINCE}"
    # The last day on which they may have been born: `2008` is 2008-12-31.
    latest = (born + "-12-31"[len(born) - 4 :])[:10] if len(born) != len("2008-03") else f"{born}-31"
    adult_since = f"{today.year - ADULT_YEARS:04}-{today.month:02}-{today.day:02}"
    return "a minor" if latest > adult_since else None
