"""Wikidata's client: the query service finds famous people, the action API says who they are.

Shapes and limits: mediawiki.org/wiki/Wikidata_Query_Service/User_Manual (queries up to 60 s, one at a time),
wikidata.org/w/api.php?action=help&modules=wbgetentities (50 at a time).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lookalike.collecting.fetching.http_client import HttpClient
from lookalike.collecting.wikimedia.items import (
    HUMAN,
    WikidataPerson,
    as_dict,
    asked_languages,
    parse_person,
    row_item,
    titles,
)
from lookalike.core.errors import FailureKind, FetchFailed

BATCH = 50  # items a request of the action API takes
NAMES_BATCH = 25  # names in one query: six labels and aliases each
NAME_TAGS = ("en", "ru", "mul")  # languages of the names that are looked for; each more makes the query longer
SPARQL_JSON = "application/sparql-results+json"
OFFICES = ("Q48352", "Q2285706")  # head of state, head of government: P39 holds one of their kinds
SOVEREIGN_STATE = "Q3624078"
PREFIXES = (
    "PREFIX wd: <http://www.wikidata.org/entity/>\n"
    "PREFIX wdt: <http://www.wikidata.org/prop/direct/>\n"
    "PREFIX wikibase: <http://wikiba.se/ontology#>\n"
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    "PREFIX schema: <http://schema.org/>\n"
    "PREFIX hint: <http://www.bigdata.com/queryHints#>\n"
)
# Blazegraph's: evaluate as written, sitelinks first, by a range scan of their index. Other servers find nothing then.
IN_ORDER = 'hint:Query hint:optimizer "None" . '
BY_RANGE = " hint:Prior hint:rangeSafe true ."

Json = Mapping[str, Any]


class Namesake(NamedTuple):
    """One of the people who have a name. `fame`: sitelinks; `what`: the description in English."""

    id: str
    fame: int
    what: str = ""


class Wikidata:
    """Requests to Wikidata. All raise FetchFailed; those to the query service have to be made one at a time."""

    def __init__(self, client: HttpClient, query_url: str, api_url: str) -> None:
        self._client, self._query_url, self._api_url = client, query_url, api_url

    async def famous(self, occupation: str, low: int, high: int | None, countries: Sequence[str]) -> dict[str, int]:
        """Ids of people with an occupation (its id) and low <= sitelinks < high; id -> sitelinks.

        `countries`: ISO 3166-1 codes, of which they have the citizenship; empty: any. A server without Blazegraph's
        hints finds nobody by them, so that an empty answer is asked for again without.
        """
        below = f" && ?links < {high}" if high else ""
        codes = " ".join(f'"{code}"' for code in countries)
        of_country = f" ?p wdt:P27/wdt:P297 ?code . VALUES ?code {{ {codes} }}" if countries else ""
        for in_order, by_range in ((IN_ORDER, BY_RANGE), ("", "")):
            rows = await self._query(
                f"SELECT DISTINCT ?p ?links WHERE {{ {in_order}?p wikibase:sitelinks ?links .{by_range}"
                f" FILTER(?links >= {low}{below}) ?p wdt:P106 wd:{occupation} ; wdt:P31 wd:{HUMAN} .{of_country} }}"
            )
            links = {id: _text(row, "links") for row in rows if (id := row_item(row, "p"))}
            if found := {id: int(count) for id, count in links.items() if count.isdigit()}:
                return found
        return {}

    async def countries(self) -> dict[str, str]:
        """The ISO 3166-1 code of each country, by its id."""
        rows = await self._query("SELECT ?country ?code WHERE { ?country wdt:P297 ?code }")
        return {id: code for row in rows if (id := row_item(row, "country")) and len(code := _text(row, "code")) == 2}

    async def offices(self) -> list[str]:
        """Ids of the offices of heads of state and of government; not those of a part of a state, such as governors."""
        roots = " ".join(f"wd:{root}" for root in OFFICES)
        rows = await self._query(
            f"SELECT DISTINCT ?office WHERE {{ VALUES ?root {{ {roots} }} ?office wdt:P279* ?root ;"
            f" wdt:P1001/wdt:P31 wd:{SOVEREIGN_STATE} }}"
        )
        return [id for row in rows if (id := row_item(row, "office"))]

    async def by_name(self, names: Sequence[str]) -> dict[str, list[Namesake]]:
        """The people of each name or alias, the most famous first."""
        labels = " ".join(f"{_literal(name)}@{tag}" for name in names for tag in NAME_TAGS)
        rows = await self._query(
            f"SELECT ?name ?p ?links ?what WHERE {{ VALUES ?name {{ {labels} }} ?p rdfs:label|skos:altLabel ?name ;"
            f" wdt:P31 wd:{HUMAN} ; wikibase:sitelinks ?links ."
            f' OPTIONAL {{ ?p schema:description ?what FILTER(LANG(?what) = "en") }} }}'
        )
        found: dict[str, dict[str, Namesake]] = {name: {} for name in names}
        for row in rows:
            id, name, links = row_item(row, "p"), _text(row, "name"), _text(row, "links")
            if id and links.isdigit() and name in found:
                found[name][id] = Namesake(id, int(links), _text(row, "what"))
        return {name: sorted(people.values(), key=lambda one: -one.fame) for name, people in found.items()}

    async def by_article(self, articles: Sequence[str]) -> dict[str, str]:
        """The id of what each article is about, '' where there is none; an article is `site:Title`, all of one site."""
        site = articles[0].partition(":")[0]
        asked = "|".join(article.partition(":")[2] for article in articles)
        params = {"sites": site, "titles": asked, "props": "sitelinks", "sitefilter": site, "redirects": "yes"}
        entities = await self._entities(params | ({"normalize": "1"} if len(articles) == 1 else {}))
        ids = {titles(entity).get(site): str(entity.get("id", "")) for entity in entities.values()}
        if len(articles) == 1:  # a normalised title, or that of a redirect, comes back as another
            known = [id for title, id in ids.items() if title and id]
            return {articles[0]: known[0] if known else ""}
        return {article: id for article in articles if (id := ids.get(article.partition(":")[2]))}

    async def people(self, ids: Sequence[str]) -> dict[str, WikidataPerson | str]:
        """Who up to BATCH people are, or why they cannot be used; an id that the response omits is omitted."""
        params = {
            "ids": "|".join(ids),
            "props": "labels|descriptions|claims|sitelinks",
            "languages": "|".join(asked_languages()),
            "languagefallback": "1",
        }
        try:
            entities = await self._entities(params)
        except FetchFailed as failure:
            if failure.kind is FailureKind.ITEM and len(ids) == 1:
                return {ids[0]: "no such item at Wikidata"}
            raise
        return {id: parse_person(entities[id]) for id in ids if id in entities}

    async def _query(self, text: str) -> list[Json]:
        params = {"query": PREFIXES + text, "format": "json"}
        answer = await self._client.query(self._query_url, params, accept=SPARQL_JSON)
        rows = as_dict(answer.get("results")).get("bindings")
        if not isinstance(rows, list):
            raise FetchFailed("no rows in the response")
        return [row for row in rows if isinstance(row, dict)]

    async def _entities(self, params: dict[str, str]) -> dict[str, Json]:
        answer = await self._client.api(self._api_url, {"action": "wbgetentities"} | params)
        entities = answer.get("entities")
        if not isinstance(entities, dict):
            raise FetchFailed("no entities in the response")
        return {id: entity for id, entity in entities.items() if isinstance(entity, dict)}


def _text(row: Json, name: str) -> str:
    return str(as_dict(row.get(name)).get("value", ""))


def _literal(text: str) -> str:
    """A string as SPARQL writes it; its escapes are JSON's."""
    return json.dumps(text, ensure_ascii=False)
