"""An item of Wikidata, as its JSON has it -> a person (doc.wikimedia.org/Wikibase, "JSON")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from lookalike.collecting.wikimedia.occupations import CRIMINAL, OCCUPATIONS, is_first_a_politician
from lookalike.core.language.languages import DEFAULT_LANGUAGE, languages
from lookalike.gallery.catalogue import Celebrity

NO_WIKIPEDIA = frozenset({"commonswiki", "specieswiki", "metawiki", "wikidatawiki", "sourceswiki", "mediawikiwiki"})
HUMAN = "Q5"
GENDERS = {"Q6581097": "male", "Q2449503": "male", "Q6581072": "female", "Q1052281": "female"}  # trans people too

_ENTITY = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9]\d*)")
_TIME = re.compile(r"\+(\d{4})-(\d\d)-(\d\d)T")
_YEAR, _MONTH, _DAY = 9, 10, 11  # precisions of Wikibase's times

Json = Mapping[str, Any]


class WikidataPerson(BaseModel):
    """A person as Wikidata describes them: catalogue line without photos, and where to look for photos at Commons.

    `images`: file names, the best first; `categories`: names without "Category:"; `is_politician`, `is_criminal`: by
    occupation, and by a conviction; `citizenships` and `offices`: ids; `died`: as precisely as it is known.
    """

    model_config = ConfigDict(frozen=True)

    celebrity: Celebrity
    wikidata_id: str
    images: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    is_politician: bool = False
    is_criminal: bool = False
    citizenships: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    died: str | None = None


def parse_person(entity: Json) -> WikidataPerson | str:
    """A person in the JSON of a Wikidata item, or the reason why it cannot be used."""
    id = str(entity.get("id", ""))
    if "missing" in entity or not id:
        return "deleted from Wikidata"
    if HUMAN not in _ids(entity, "P31"):
        return "not a person"
    name = _texts(entity, "labels")
    if not name or set(name.values()) == {id}:  # some answers give the id where there is no name
        return "no name"
    jobs = _ids(entity, "P106")
    try:
        celebrity = Celebrity(
            id=id,
            name=name,
            description=_texts(entity, "descriptions"),
            url=_url(entity),
            roles=tuple(role for role, kinds in OCCUPATIONS.items() if set(kinds) & set(jobs)),
            gender=next((GENDERS[one] for one in _ids(entity, "P21") if one in GENDERS), None),
            born=_date_of(entity, "P569"),
            fame=sum(site.endswith("wiki") and site not in NO_WIKIPEDIA for site in titles(entity)),
        )
    except ValidationError:
        return "cannot be written into a catalogue"
    return WikidataPerson(
        celebrity=celebrity,
        wikidata_id=id,
        images=tuple(dict.fromkeys(value for value in _values(entity, "P18") if isinstance(value, str))),
        categories=_categories(entity),
        is_politician=is_first_a_politician(jobs),
        is_criminal=bool(CRIMINAL & set(jobs)) or bool(_ids(entity, "P1399")),
        citizenships=tuple(_ids(entity, "P27")),
        offices=tuple(_ids(entity, "P39")),
        died=_date_of(entity, "P570"),
    )


def _categories(entity: Json) -> tuple[str, ...]:
    """The categories of Commons: the statement's (P373) and the page's about the item; many have only one of them."""
    stated = [value for value in _values(entity, "P373") if isinstance(value, str)]
    page = titles(entity).get("commonswiki", "")
    linked = [page.removeprefix("Category:")] if page.startswith("Category:") else []
    return tuple(dict.fromkeys(name for name in stated + linked if name and "|" not in name))


def as_dict(value: Any) -> dict[str, Any]:
    """An empty object comes as a list: the API is written in PHP."""
    return value if isinstance(value, dict) else {}


def row_item(row: Json, name: str) -> str:
    """The id of an item in a row; '' for an unbound one, and for an unknown one (a blank node, `.well-known/genid`)."""
    match = _ENTITY.fullmatch(str(as_dict(row.get(name)).get("value", "")))
    return match[1] if match else ""


def _values(entity: Json, property: str) -> list[Any]:
    """Values of a property, the preferred ones first; without deprecated, unknown (`somevalue`) and `novalue` ones."""
    by_rank: dict[str, list[Any]] = {"preferred": [], "normal": []}
    statements = as_dict(entity.get("claims")).get(property)
    for statement in statements if isinstance(statements, list) else ():
        snak = as_dict(as_dict(statement).get("mainsnak"))
        rank = as_dict(statement).get("rank")
        if snak.get("snaktype") == "value" and rank in by_rank:
            by_rank[rank].append(as_dict(snak.get("datavalue")).get("value"))
    return by_rank["preferred"] + by_rank["normal"]


def _ids(entity: Json, property: str) -> list[str]:
    return [str(as_dict(value).get("id", "")) for value in _values(entity, property)]


def _date_of(entity: Json, property: str) -> str | None:
    return next(filter(None, map(_date, _values(entity, property))), None)


def _date(value: Any) -> str | None:
    """A Wikibase time as `1952`, `1952-03` or `1952-03-11`, as precisely as it is known; None below a year."""
    match = _TIME.match(str(as_dict(value).get("time", "")))
    digits = {_YEAR: 4, _MONTH: 7, _DAY: 10}.get(as_dict(value).get("precision", 0))
    return "-".join(match.groups())[:digits] if match and digits else None


def _texts(entity: Json, part: str) -> dict[str, str]:
    """Labels or descriptions by language, English first.

    Another language's fallback is kept for English only, the catalogue's own; what is the same as the English is not
    written again, for it is said where a language has nothing.
    """
    texts: dict[str, str] = {}
    for language in asked_languages():
        entry = as_dict(as_dict(entity.get(part)).get(language))
        value = str(entry.get("value") or "")
        is_own = language == DEFAULT_LANGUAGE or entry.get("language") == language
        if value and is_own and value != texts.get(DEFAULT_LANGUAGE):
            texts[language] = value
    return texts


def asked_languages() -> tuple[str, ...]:
    """The languages in which people are described, English first."""
    return DEFAULT_LANGUAGE, *sorted(set(languages()) - {DEFAULT_LANGUAGE})


def titles(entity: Json) -> dict[str, str]:
    """Titles of the pages about an item, by site."""
    links = as_dict(entity.get("sitelinks"))
    return {site: str(as_dict(link).get("title", "")) for site, link in links.items()}


def _url(entity: Json) -> dict[str, str]:
    """The Wikipedia article in each language of ours that has one; if none has, Wikidata's own page."""
    articles = {
        language: f"https://{language}.wikipedia.org/wiki/{quote(title.replace(' ', '_'), safe='():,!*')}"
        for language in asked_languages()
        if (title := titles(entity).get(f"{language}wiki"))
    }
    return articles or {"en": f"https://www.wikidata.org/wiki/{entity['id']}"}
