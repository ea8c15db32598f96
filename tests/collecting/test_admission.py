"""Whom the rules admit: adults of our time who are famous for what they do."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lookalike.collecting.admission import why_excluded
from lookalike.collecting.run import CollectRules
from lookalike.collecting.wikimedia.items import WikidataPerson
from lookalike.gallery.catalogue import Celebrity

TODAY = date(2026, 11, 21)
DENY = frozenset({"Q7", "Bo_Ek"})
RULES = CollectRules(Path("photos"), photos_per_person=4, width_px=500, with_politicians=False, deny=DENY)


def why(
    born: str | None = "1970-01-02", *, rules: CollectRules = RULES, listed: bool = False, **fields: Any
) -> str | None:
    celebrity = Celebrity(id=fields.pop("id", "Q42"), name={"en": fields.pop("name", "Ann Lee")}, born=born)
    person = WikidataPerson(celebrity=celebrity, wikidata_id=fields.pop("wikidata_id", "Q42"), **fields)
    return why_excluded(person, rules, {"Q11696"}, is_listed=listed, today=TODAY)


def test_an_adult_of_our_time_is_admitted() -> None:
    assert why() is None


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        ("2008-11-21", None), ("2008-11-22", "a minor"), ("2008-10", None), ("2008-11", "a minor"), ("2007", None),
        ("2008", "a minor"), ("2012-01-01", "a minor"),
    ],
)  # fmt: skip
def test_a_minor_is_one_who_may_be_younger_than_eighteen(born: str, reason: str | None) -> None:
    assert why(born) == reason
    assert why(born, listed=True) == reason


@pytest.mark.parametrize(
    ("born", "died", "reason"),
    [
        ("1905", "1950", None),
        ("1905", "1949-12-31", "died before 1950"),
        ("1875", "1955", None),
        ("1879", None, "born before 1880"),
        ("1880", None, None),
        (None, "1949", "died before 1950"),
    ],
)
def test_somebody_of_our_time_lives_or_died_since_1950(born: str | None, died: str | None, reason: str | None) -> None:
    assert why(born, died=died) == reason


def test_an_unknown_date_of_birth_is_a_reason_unless_the_maintainer_names_the_person() -> None:
    assert why(None) == "no date of birth: may be a minor"
    assert why(None, listed=True) is None


def test_politicians_by_occupation_or_office_are_left_out_unless_asked_for() -> None:
    everybody = CollectRules(Path(), 4, 500, with_politicians=True, deny=frozenset())

    assert why(is_politician=True) == why(offices=("Q11696",)) == "a politician"
    assert why(offices=("Q887010",)) is None  # a governor
    assert why(is_politician=True, rules=everybody) is None


def test_criminals_are_left_out() -> None:
    assert why(is_criminal=True) == "convicted of a crime, or known for one"


@pytest.mark.parametrize("person", [{"id": "Q7"}, {"wikidata_id": "Q7"}, {"name": "Bo Ek"}])
def test_the_deny_list_holds_whatever_the_rules_are(person: dict[str, Any]) -> None:
    everybody = CollectRules(Path(), 4, 500, with_politicians=True, deny=RULES.deny, admits_everybody=True)

    assert why(**person) == why(rules=everybody, **person) == "on the deny-list"
    assert why("2020", rules=everybody, is_criminal=True) is None
