"""Person queries -> people of Wikidata that the rules admit."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field

from lookalike.collecting.admission import is_denied, why_excluded
from lookalike.collecting.inputs import PersonQuery
from lookalike.collecting.run import CollectRun
from lookalike.collecting.wikimedia import wikidata
from lookalike.collecting.wikimedia.items import WikidataPerson
from lookalike.collecting.wikimedia.wikidata import Wikidata
from lookalike.core.errors import CollectError, FetchFailed, ServerUnavailable
from lookalike.gallery.catalogue import Celebrity

BANDS = (40, 20)  # sitelinks that begin a query for each occupation; about 10,000 people of ours have 40 and more
MOST_SPLITS = 3  # of a query that takes the service too long
TOP = 320  # sitelinks: nobody has more


@dataclass
class PeopleFinder:
    """Finds people at Wikidata and says who they are, each person once a run."""

    run: CollectRun
    wikidata: Wikidata
    _seen: set[str] = field(default_factory=set)  # Wikidata's ids of the people admitted
    _given_up: dict[str, CollectError] = field(default_factory=dict)  # occupation -> why

    async def famous(self) -> AsyncGenerator[PersonQuery, None]:
        """People of the rules' occupations and countries, the most famous first."""
        high: int | None = None
        for low in (
            *(band for band in BANDS if band > self.run.rules.fewest_sitelinks),
            self.run.rules.fewest_sitelinks,
        ):
            found: dict[str, int] = {}
            self.run.queries.progress.begin("who", len(self.run.rules.occupations))
            for occupation in self.run.rules.occupations:
                found |= await self._famous_between(occupation, low, high)
                self.run.queries.progress.advance()
            if low == self.run.rules.fewest_sitelinks:
                self.run.queries.progress.expect_people(len(found))
            for id in sorted(found, key=lambda id: (-found[id], int(id[1:]))):
                yield PersonQuery(id, id=id)
            high = low

    async def _famous_between(self, occupation: str, low: int, high: int | None, splits: int = 0) -> dict[str, int]:
        """Id -> sitelinks of those with low <= sitelinks < high.

        A query that fails is split at once, the most famous first. If that fails MOST_SPLITS times, so will all others
        of this occupation: it is given up, and no other one.
        """
        queries, countries = self.run.queries, self.run.rules.countries
        key = f"{occupation} {low} {high} {' '.join(countries)}".strip()
        if (known := queries.answer("slice", key)) is not None:
            return dict(known)
        try:
            if occupation in self._given_up:
                raise self._given_up[occupation]
            known = await self.wikidata.famous(occupation, low, high, countries)
        except (FetchFailed, ServerUnavailable) as failure:
            middle = ((high or TOP) + low) // 2
            if isinstance(failure, ServerUnavailable) or splits == MOST_SPLITS or middle <= low:
                self._given_up.setdefault(occupation, failure)
            if occupation in self._given_up:
                queries.fail("slice", key, failure)
                return self._previous_between(low, high)
            upper = await self._famous_between(occupation, middle, high, splits + 1)
            return upper | await self._famous_between(occupation, low, middle, splits + 1)
        queries.keep("slice", key, known)
        return known

    def _previous_between(self, low: int, high: int | None) -> dict[str, int]:
        """Those of the previous catalogue: a missing answer drops nobody."""
        return {
            id: one.fame or 0
            for id, one in self.run.previous.items()
            if id[1:].isdigit() and low <= (one.fame or 0) < (high or 10**9)
        }

    async def find(self, people: Sequence[PersonQuery]) -> list[WikidataPerson | Celebrity]:
        """The people admitted, in order; one whose query fails is the celebrity of the previous catalogue."""
        queries = self.run.queries
        countries = await queries.resolve_single("countries", self.wikidata.countries) or {}
        offices = frozenset(await queries.resolve_single("offices", self.wikidata.offices) or ())
        ids = [person.id or "" for person in people]
        await queries.resolve("person", ids, self.wikidata.people, batch=wikidata.BATCH, stage="people")
        admitted: list[WikidataPerson | Celebrity] = []
        for person in people:
            id = person.id or ""
            answer = queries.answer("person", id)
            if answer is None:
                admitted += self._previous(person)
            elif isinstance(answer, str):
                self.run.reject(person.line.id if person.line else id, person.name, answer)
            else:
                found = _with_country(WikidataPerson.model_validate(answer), countries)
                admitted += self._admit(person, found, offices)
        return admitted

    def _admit(self, query: PersonQuery, found: WikidataPerson, offices: frozenset[str]) -> list[WikidataPerson]:
        """The person, unless the rules exclude them or they were admitted before: a merged id leads to another."""
        found = _with_line(found, query.line)
        celebrity, is_listed = found.celebrity, query.name != query.id
        if found.wikidata_id in self._seen:
            if is_listed:  # two names of one person; an id says nothing that would be lost
                self.run.reject(celebrity.id, query.name, "is asked for twice")
            return []
        if reason := why_excluded(found, self.run.rules, offices, is_listed=is_listed):
            self.run.reject(celebrity.id, celebrity.name_in("en"), reason)
            return []
        self._seen.add(found.wikidata_id)
        return [found]

    def _previous(self, query: PersonQuery) -> list[Celebrity]:
        """The celebrity of the previous catalogue, if there is one, for a query without an answer."""
        id = query.line.id if query.line else query.id or ""
        previous = self.run.previous.get(id)
        if previous is None or is_denied(previous, query.id or "", self.run.rules):
            why = self.run.queries.why_unanswered("person", query.id or "")
            self.run.reject(id, query.name, why, is_final=previous is not None)
            return []
        return [previous]


def _with_country(found: WikidataPerson, countries: Mapping[str, str]) -> WikidataPerson:
    """With the code of the first of their countries that has one."""
    country = next((countries[id] for id in found.citizenships if id in countries), None)
    return found.model_copy(update={"celebrity": found.celebrity.model_copy(update={"country": country})})


def _with_line(found: WikidataPerson, line: Celebrity | None) -> WikidataPerson:
    """Wikidata's answer, overridden by what the maintainer's own line says."""
    if line is None:
        return found
    fields = {name: getattr(line, name) for name in line.model_fields_set - {"photos"}}
    fields["name"] = found.celebrity.name | line.name
    fields["description"] = found.celebrity.description | line.description
    return found.model_copy(update={"celebrity": found.celebrity.model_copy(update=fields)})
