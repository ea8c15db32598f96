"""The page's words: which texts it says, and in which language."""

import json
import re

import pytest

from lookalike.core.language.languages import languages
from lookalike.core.language.texts import all_texts
from lookalike.web.app import PAGE_DIR
from lookalike.web.words import MOST_LANGUAGES, MOST_PAGES, SHARED, language_asked, page_in, spoken

pytestmark = pytest.mark.fast

SOURCES = "\n".join(path.read_text("utf-8") for path in PAGE_DIR.iterdir() if path.suffix in (".html", ".js"))


def test_every_text_of_the_page_is_used_and_every_one_used_is_there() -> None:
    own = {id for id in all_texts()["en"].ids if id.startswith("page-")}
    used = set(re.findall(r'"(page-[a-z-]+)"', SOURCES))

    assert used == own
    assert all(f'"{id}"' in SOURCES or re.match("region-|doubt-", id) for id in SHARED)


def test_scripts_hold_no_words_of_their_own() -> None:
    scripts = "\n".join(path.read_text("utf-8") for path in PAGE_DIR.glob("*.js"))
    code = re.sub(r"//.*|/\*.*?\*/", "", scripts)

    assert re.findall(r'"[A-Z][a-z]+ [^"]*"|"[а-яё][^"]*"', code) == []


@pytest.mark.parametrize("language", languages())
def test_the_page_holds_its_texts_as_json_and_in_its_elements(language: str) -> None:
    html = page_in(language, PAGE_DIR / "index.html")
    embedded = re.search(r'<script type="application/json" id="texts">(.*?)</script>', html, re.DOTALL)

    assert embedded
    assert json.loads(embedded[1]) == spoken(language)
    assert not re.findall(r'data-text="[^"]*"[^>]*><', html)
    assert html.count("<option value=") == len(languages())


def test_pages_for_ever_other_ports_are_not_all_kept() -> None:
    for port in range(2 * MOST_PAGES):
        page_in("en", PAGE_DIR / "index.html", f"faces.example.org:{port}")

    assert page_in.cache_info().currsize <= MOST_PAGES


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("ru", "en", "ru"), ("", "ru-RU,ru;q=0.9,en;q=0.8", "ru"), ("xx", "zz, RU", "ru"), ("", "", "en"),
        ("../ru", "*", "en"), ("", "zh-CN,zh;q=0.9", "en"), ("RU-ru", "", "ru"),
        ("", "zz," * (MOST_LANGUAGES - 1) + "ru", "ru"), ("", "zz," * MOST_LANGUAGES + "ru", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_first_of_ours_that_is_asked_for(query: str, accept: str, language: str) -> None:
    assert language_asked(query, accept) == language
