"""Person queries -> people of Wikidata that the rules admit."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lookalike.collecting import wikidata
from lookalike.collecting.inputs import PersonQuery
from lookalike.collecting.run import CollectRun
from lookalike.collecting.wikidata import Wikidata, WikidataPerson
from lookalike.core.errors import FetchFailed
from lookalike.gallery.catalogue import Celebrity


@dataclass
class PeopleFinder:
    """Finds people at Wikidata and says who they are, each person once a run."""

    run: CollectRun
    wikidata: Wikidata
    _seen: set[str] = field(default_factory=set)  # Wikidata's ids of the people admitted

    async def famous(self) -> AsyncGenerator[PersonQuery, None]:
        """People of the rules' occupations and countries, the most famous first."""
        for low, high in wikidata.bands(self.run.rules.fewest_sitelinks):
            found: dict[str, int] = {}
            for occupation in self.run.rules.occupations:
                found |= await self._famous_between(occupation, low, high)
            for id in sorted(found, key=lambda id: (-found[id], int(id[1:]))):
                yield PersonQuery(id, id=id)

    async def _famous_between(self, occupation: str, low: int, high: int | None) -> dict[str, int]:
        """Id -> sitelinks of those with low <= sitelinks < high; a query that fails is split into two narrower ones."""
        queries, countries = self.run.queries, self.run.rules.countries
        key = f"{occupation} {low} {high} {' '.join(countries)}".strip()
        if (known := queries.answer("slice", key)) is None:
            try:
                known = await self.wikidata.famous(occupation, low, high, countries)
            except FetchFailed as failure:
                if high and high - low > 1:
                    middle = (low + high) // 2
                    lower = await self._famous_between(occupation, low, middle)
                    return lower | await self._famous_between(occupation, middle, high)
                queries.unanswered["slice", key] = str(failure)
                # A missing answer drops nobody.
                return {
                    id: one.fame or 0
                    for id, one in self.run.previous.items()
                    if id[1:].isdigit() and low <= (one.fame or 0) < (high or 10**9)
                }
            queries.keep("slice", key, known)
        return dict(known)

    async def named(self, lines: Iterable[PersonQuery | str]) -> AsyncGenerator[PersonQuery, None]:
        """The queries of a list with Wikidata's ids; wrong lines and people unknown to Wikidata are rejected."""
        lines, queries = list(lines), self.run.queries
        for line in lines:
            if isinstance(line, str):
                self.run.reject("", "", line)
        people = [line for line in lines if isinstance(line, PersonQuery)]
        articles = sorted({person.article for person in people if person.article and not person.id})
        for site in dict.fromkeys(article.partition(":")[0] for article in articles):
            of_site = [article for article in articles if article.startswith(f"{site}:")]
            await queries.resolve("article", of_site, self.wikidata.by_article, batch=wikidata.BATCH)
        ids = [person.id or queries.answer("article", person.article or "") for person in people]
        without_id = [person.name for person, id in zip(people, ids, strict=True) if not id]
        await queries.resolve("name", without_id, self.wikidata.by_name, batch=wikidata.NAMES_BATCH, at_once=1)
        for person, id in zip(people, ids, strict=True):
            if id := id or queries.answer("name", person.name):
                yield PersonQuery(person.name, id=id, line=person.line)
            elif ("name", person.name) in queries.unanswered:
                self.run.reject("", person.name, queries.why_unanswered("name", person.name))
            else:
                self.run.reject("", person.name, "nobody of that name at Wikidata")

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
        wikidata_id, found = found.celebrity.id, _with_line(found, query.line)
        celebrity = found.celebrity
        if wikidata_id in self._seen:
            if query.name != query.id:  # two names of one person; an id says nothing that would be lost
                self.run.reject(celebrity.id, query.name, "is asked for twice")
            return []
        if reason := self._why_excluded(found, offices):
            self.run.reject(celebrity.id, celebrity.name_in("en"), reason)
            return []
        self._seen.add(wikidata_id)
        return [found]

    def _why_excluded(self, found: WikidataPerson, offices: frozenset[str]) -> str | None:
        if self.run.is_denied(found.celebrity):
            return "on the deny-list"
        is_politician = found.is_politician or bool(offices & set(found.offices))
        if is_politician and not self.run.rules.with_politicians:
            return "a politician"
        return None if found.images or found.category else "no photo at Wikidata"

    def _previous(self, query: PersonQuery) -> list[Celebrity]:
        """The celebrity of the previous catalogue, if there is one, for a query without an answer."""
        id = query.line.id if query.line else query.id or ""
        previous = self.run.previous.get(id)
        if previous is None or self.run.is_denied(previous):
            self.run.reject(id, query.name, self.run.queries.why_unanswered("person", query.id or ""))
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
