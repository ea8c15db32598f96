"""The page in a language: its texts, filled into index.html and as JSON for its scripts.

An element names its text: `data-text="ID"` what it holds, `data-label="ID"` its aria-label, `data-content="ID"` its
content. `{origin}` and `{language}` are filled into what is shown where somebody links to the page. Scripts find all
texts by id in the element `texts`, with `{name}` where they put a value.
"""

from __future__ import annotations

import functools
import html
import json
import re
from pathlib import Path
from typing import Any

from starlette.requests import Request

from lookalike.core.language.languages import DEFAULT_LANGUAGE, direction_of, language_of, languages
from lookalike.core.language.texts import all_texts
from lookalike.faces.types import Doubt, Reason

# Texts of the bot that the page says too.
SHARED = frozenset(
    {"credit-source", "where-any", "where-female", "where-male", "era-any", "era-until", "era-from"}
    | {f"region-{name}" for name in ("any", "north-america", "latin-america", "europe", "middle-east", "africa")}
    | {"region-south-asia", "region-east-asia", "region-oceania"}
    | {reason.replace("_", "-") for reason in Reason if reason is not Reason.TOO_LARGE}
    | {f"doubt-{doubt}" for doubt in Doubt}
    | {"morph", "morph-license", "morph-none", "avatar", "avatar-none", "avatar-comic", "avatar-ink", "avatar-poster"}
)
VALUES = {name: f"{{{name}}}" for name in ("percent", "face", "faces", "first", "last", "reason", "star", "license")}
MOST_LANGUAGES = 32  # that are looked at of Accept-Language: thousands of them fit in, and anybody may send them
MOST_PAGES = 64  # that are kept: anybody may ask for one with any port in it
_ELEMENT = re.compile(r'data-(text|label|content)="([a-z-]+)"([^>]*>)')
_ADDRESS = re.compile(r".*og:url.*\n")


@functools.cache
def spoken(language: str) -> dict[str, Any]:
    """A language as the page's scripts use it: its code, the direction of its letters, the texts by id."""
    texts = all_texts()[language]
    ids = sorted(SHARED | {id for id in texts.ids if id.startswith("page-")})
    said = {id: texts(id, **VALUES) for id in ids}
    return {"language": language, "direction": direction_of(language), "texts": said}


@functools.lru_cache(MOST_PAGES)
def page_in(language: str, template: Path, name: str = "") -> str:
    """The page's HTML in a language; `name`: of the page on the internet, '' where none is known."""
    said = spoken(language)

    def fill(found: re.Match[str]) -> str:
        attribute, id, rest = found.groups()
        text = html.escape(said["texts"][id])
        kept = f'data-{attribute}="{id}"'
        if attribute == "text":
            return f"{kept}{rest}{text}"
        return f'{"aria-label" if attribute == "label" else "content"}="{text}" {kept}{rest}'

    options = "".join(f'<option value="{code}" lang="{code}">{name}</option>' for code, name in languages().items())
    page = _ELEMENT.sub(fill, template.read_text(encoding="utf-8"))
    if not name:
        page = _ADDRESS.sub("", page)
    page = page.replace("{origin}", f"https://{name}" if name else "").replace("{language}", language)
    page = page.replace("<html>", f'<html lang="{language}" dir="{said["direction"]}">')
    page = page.replace("</select>", f"{options}</select>", 1)
    as_json = json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
    return page.replace('id="texts">', f'id="texts">{as_json}')


def language_asked(query: str, accept_language: str) -> str:
    """The first language of ours in the query's `lang` and in Accept-Language, else English."""
    accepted = accept_language.split(",", MOST_LANGUAGES)[:MOST_LANGUAGES]
    tags = (part.partition(";")[0].strip() for part in [query, *accepted])
    return next((known for tag in tags if (known := language_of(tag, default=""))), DEFAULT_LANGUAGE)


def language_for(request: Request) -> str:
    """The language that a request asks for."""
    return language_asked(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))
