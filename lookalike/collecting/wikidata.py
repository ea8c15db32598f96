"""Wikidata's client: the query service finds famous people, the action API says who they are.

Shapes and limits: mediawiki.org/wiki/Wikidata_Query_Service/User_Manual (queries up to 60 s, one at a time),
wikidata.org/w/api.php?action=help&modules=wbgetentities (50 at a time), doc.wikimedia.org/Wikibase (the JSON of items).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from lookalike.collecting.http_client import HttpClient
from lookalike.core.errors import FetchFailed
from lookalike.gallery.catalogue import Celebrity

BATCH = 50  # items a request of the action API takes
NAMES_BATCH = 50  # names in one query: three labels each
LANGUAGES = ("en", "ru")
TOP_BAND = 160  # sitelinks: a few hundred people have more
FEWEST_SITELINKS = 10
NO_WIKIPEDIA = frozenset({"commonswiki", "specieswiki", "metawiki", "wikidatawiki", "sourceswiki", "mediawikiwiki"})

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
POLITICIAN = frozenset({"Q82955", "Q116"})  # P106: politician, monarch
OFFICES = ("Q48352", "Q2285706")  # head of state, head of government: P39 holds one of their kinds
HUMAN = "Q5"
GENDERS = {"Q6581097": "male", "Q2449503": "male", "Q6581072": "female", "Q1052281": "female"}  # trans people too

_ENTITY = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9]\d*)")
_TIME = re.compile(r"\+(\d{4})-(\d\d)-(\d\d)T")
_YEAR, _MONTH, _DAY = 9, 10, 11  # precisions of Wikibase's times

Json = Mapping[str, Any]


class WikidataPerson(BaseModel):
    """A person as Wikidata describes them: catalogue line without photos, and where to look for photos at Commons.

    `images`: file names, the best first; `category`: the name of a category without "Category:", if there is one;
    `is_politician`: by occupation; `citizenships` and `offices`: ids.
    """

    model_config = ConfigDict(frozen=True)

    celebrity: Celebrity
    images: tuple[str, ...] = ()
    category: str | None = None
    is_politician: bool = False
    citizenships: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()


class Wikidata:
    """Requests to Wikidata. All raise FetchFailed; those to the query service have to be made one at a time."""

    def __init__(self, client: HttpClient, query_url: str, api_url: str) -> None:
        self._client, self._query_url, self._api_url = client, query_url, api_url

    async def famous(self, occupation: str, low: int, high: int | None, countries: Sequence[str]) -> dict[str, int]:
        """Ids of people with an image, an occupation (its id), and low <= sitelinks < high; id -> sitelinks.

        `countries`: ISO 3166-1 codes, of which they have the citizenship; empty: any.
        """
        below = f" && ?links < {high}" if high else ""
        codes = " ".join(f'"{code}"' for code in countries)
        of_country = f" ?p wdt:P27/wdt:P297 ?code . VALUES ?code {{ {codes} }}" if countries else ""
        rows = await self._query(
            f"SELECT DISTINCT ?p ?links WHERE {{ ?p wdt:P106 wd:{occupation} ; wdt:P31 wd:{HUMAN} ; wdt:P18 ?img ;"
            f" wikibase:sitelinks ?links . FILTER(?links >= {low}{below}){of_country} }}"
        )
        return {id: int(links) for row in rows if (id := _id(row, "p")) and (links := _text(row, "links")).isdigit()}

    async def countries(self) -> dict[str, str]:
        """The ISO 3166-1 code of each country, by its id."""
        rows = await self._query("SELECT ?country ?code WHERE { ?country wdt:P297 ?code }")
        return {id: code for row in rows if (id := _id(row, "country")) and len(code := _text(row, "code")) == 2}

    async def offices(self) -> list[str]:
        """Ids of the offices of heads of state and of government."""
        roots = " ".join(f"wd:{root}" for root in OFFICES)
        rows = await self._query(
            f"SELECT DISTINCT ?office WHERE {{ VALUES ?root {{ {roots} }} ?office wdt:P279* ?root }}"
        )
        return [id for row in rows if (id := _id(row, "office"))]

    async def by_name(self, names: Sequence[str]) -> dict[str, str]:
        """The id of the most famous person of each name, '' where there is nobody."""
        labels = " ".join(f"{_literal(name)}@{tag}" for name in names for tag in (*LANGUAGES, "mul"))
        rows = await self._query(
            f"SELECT ?name ?p ?links WHERE {{ VALUES ?name {{ {labels} }} ?p rdfs:label ?name ;"
            f" wdt:P31 wd:{HUMAN} ; wikibase:sitelinks ?links }}"
        )
        best: dict[str, tuple[int, str]] = {}
        for row in rows:
            id, name, links = _id(row, "p"), _text(row, "name"), _text(row, "links")
            if id and links.isdigit():
                best[name] = max(best.get(name, (-1, "")), (int(links), id))
        return {name: best.get(name, (0, ""))[1] for name in names}

    async def by_article(self, articles: Sequence[str]) -> dict[str, str]:
        """The id of what each article is about, '' where there is none; an article is `site:Title`, all of one site."""
        site = articles[0].partition(":")[0]
        titles = "|".join(article.partition(":")[2] for article in articles)
        entities = await self._entities({"sites": site, "titles": titles, "props": "sitelinks", "sitefilter": site})
        ids = {_titles(entity).get(site): str(entity.get("id", "")) for entity in entities.values()}
        return {article: ids.get(article.partition(":")[2], "") for article in articles}

    async def people(self, ids: Sequence[str]) -> dict[str, WikidataPerson | str]:
        """Who up to BATCH people are, or why they cannot be used; an id that the response omits is omitted."""
        entities = await self._entities(
            {
                "ids": "|".join(ids),
                "props": "labels|descriptions|claims|sitelinks",
                "languages": "|".join(LANGUAGES),
                "languagefallback": "1",
            }
        )
        return {id: parse_person(entities[id]) for id in ids if id in entities}

    async def _query(self, text: str) -> list[Json]:
        answer = await self._client.json(self._query_url, {"query": text, "format": "json"}, post=True)
        rows = _dict(answer.get("results")).get("bindings")
        if not isinstance(rows, list):
            raise FetchFailed("no rows in the response")
        return [row for row in rows if isinstance(row, dict)]

    async def _entities(self, params: dict[str, str]) -> dict[str, Json]:
        answer = await self._client.api(self._api_url, {"action": "wbgetentities"} | params)
        entities = answer.get("entities")
        if not isinstance(entities, dict):
            raise FetchFailed("no entities in the response")
        return {id: entity for id, entity in entities.items() if isinstance(entity, dict)}


def parse_person(entity: Json) -> WikidataPerson | str:
    """A person in the JSON of a Wikidata item, or the reason why it cannot be used."""
    id = str(entity.get("id", ""))
    if "missing" in entity or not id:
        return "deleted from Wikidata"
    if HUMAN not in _ids(entity, "P31"):
        return "not a person"
    name = _texts(entity, "labels")
    if not name or set(name.values()) == {id}:  # some answers give the id where there is no name
        return "no name in English or Russian"
    jobs = _ids(entity, "P106")
    try:
        celebrity = Celebrity(
            id=id,
            name=name,
            description=_texts(entity, "descriptions"),
            url=_url(entity),
            roles=tuple(role for role, kinds in OCCUPATIONS.items() if set(kinds) & set(jobs)),
            gender=next((GENDERS[one] for one in _ids(entity, "P21") if one in GENDERS), None),
            born=next(filter(None, map(_date, _values(entity, "P569"))), None),
            fame=sum(site.endswith("wiki") and site not in NO_WIKIPEDIA for site in _titles(entity)),
        )
    except ValidationError:
        return "cannot be written into a catalogue"
    return WikidataPerson(
        celebrity=celebrity,
        images=tuple(dict.fromkeys(value for value in _values(entity, "P18") if isinstance(value, str))),
        category=next((value for value in _values(entity, "P373") if isinstance(value, str)), None),
        is_politician=bool(POLITICIAN & set(jobs)),
        citizenships=tuple(_ids(entity, "P27")),
        offices=tuple(_ids(entity, "P39")),
    )


def bands(fewest: int) -> Iterator[tuple[int, int | None]]:
    """Ranges of sitelinks (low, high) from the most famous down to `fewest`, each narrow enough for one query."""
    low, high = max(TOP_BAND, fewest), None
    yield low, high
    while low > fewest:
        low, high = max(fewest, low - max(1, low // 8)), low
        yield low, high


def occupation_ids(occupations: Iterable[str]) -> list[str]:
    """The ids of occupations given as words of OCCUPATIONS or as ids; KeyError for an unknown word."""
    ids = (OCCUPATIONS[one] if not re.fullmatch(r"Q[1-9]\d*", one) else (one,) for one in occupations)
    return list(dict.fromkeys(id for some in ids for id in some))


def _dict(value: Any) -> dict[str, Any]:
    """An empty object comes as a list: the API is written in PHP."""
    return value if isinstance(value, dict) else {}


def _id(row: Json, name: str) -> str:
    """The id of an item in a row; '' for an unbound one, and for an unknown one (a blank node, `.well-known/genid`)."""
    match = _ENTITY.fullmatch(_text(row, name))
    return match[1] if match else ""


def _text(row: Json, name: str) -> str:
    return str(_dict(row.get(name)).get("value", ""))


def _literal(text: str) -> str:
    """A string as SPARQL writes it; its escapes are JSON's."""
    return json.dumps(text, ensure_ascii=False)


def _values(entity: Json, property: str) -> list[Any]:
    """Values of a property, the preferred ones first; without deprecated, unknown (`somevalue`) and `novalue` ones."""
    by_rank: dict[str, list[Any]] = {"preferred": [], "normal": []}
    statements = _dict(entity.get("claims")).get(property)
    for statement in statements if isinstance(statements, list) else ():
        snak = _dict(_dict(statement).get("mainsnak"))
        rank = _dict(statement).get("rank")
        if snak.get("snaktype") == "value" and rank in by_rank:
            by_rank[rank].append(_dict(snak.get("datavalue")).get("value"))
    return by_rank["preferred"] + by_rank["normal"]


def _ids(entity: Json, property: str) -> list[str]:
    return [str(_dict(value).get("id", "")) for value in _values(entity, property)]


def _date(value: Any) -> str | None:
    """A Wikibase time as `1952`, `1952-03` or `1952-03-11`, as precisely as it is known; None below a year."""
    match = _TIME.match(str(_dict(value).get("time", "")))
    digits = {_YEAR: 4, _MONTH: 7, _DAY: 10}.get(_dict(value).get("precision", 0))
    return "-".join(match.groups())[:digits] if match and digits else None


def _texts(entity: Json, part: str) -> dict[str, str]:
    """Labels or descriptions by language; another language's fallback is kept for English only, the catalogue's own."""
    texts = {}
    for language in LANGUAGES:
        entry = _dict(_dict(entity.get(part)).get(language))
        if entry.get("value") and (language == "en" or entry.get("language") == language):
            texts[language] = str(entry["value"])
    return texts


def _titles(entity: Json) -> dict[str, str]:
    """Titles of the pages about an item, by site."""
    links = _dict(entity.get("sitelinks"))
    return {site: str(_dict(link).get("title", "")) for site, link in links.items()}


def _url(entity: Json) -> str:
    """The Wikipedia article in the first of LANGUAGES that has one, else Wikidata's own page."""
    for language in LANGUAGES:
        if title := _titles(entity).get(f"{language}wiki"):
            return f"https://{language}.wikipedia.org/wiki/{quote(title.replace(' ', '_'), safe='():,!*')}"
    return f"https://www.wikidata.org/wiki/{entity['id']}"
