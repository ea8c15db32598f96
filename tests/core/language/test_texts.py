"""What people read: every text in every language that assets/locales holds."""

import re
from dataclasses import dataclass, field
from functools import cache

import pytest
from babel import Locale
from fluent.syntax import FluentParser, ast

from lookalike.core.language.languages import LOCALES, direction_of, language_of, languages
from lookalike.core.language.texts import all_texts

pytestmark = pytest.mark.fast

TEXTS = all_texts()
OTHERS = [code for code in languages() if code != "en"]
COUNTS = (1, 2, 3, 5, 11, 21, 100)  # one of each plural category of whole numbers below a million
NUMBERS = {"people", "days", "count", "rank", "photos", "seconds", "place", "number"}
# Telegram's limits, in letters (core.telegram.org/bots/api): a toast, a command's line, the profile; and the width of
# what two or three buttons beside each other show on a phone.
LIMITS = {
    r"command-.*": 256, r"profile-name": 64, r"profile-description": 512, r"profile-short-description": 120,
    r"not-yours|rating-.*": 200, r"(button|region|role)-.*|menu-[a-z]+|where-(male|female|any)": 48, r".*": 3500,
}  # fmt: skip


@dataclass
class Found:
    """The arguments of a text, the variants that it has by argument, and the texts that it refers to."""

    arguments: set[str] = field(default_factory=set)
    variants: dict[str, set[str]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)


@cache
def texts_of(language: str) -> dict[str, Found]:
    """What the parser finds in each text of a language; a line that is none is an error."""
    found: dict[str, Found] = {}
    for entry in FluentParser().parse((LOCALES / f"{language}.ftl").read_text(encoding="utf-8")).body:
        if isinstance(entry, ast.Message):
            assert entry.id.name not in found, f"{entry.id.name} is there twice"
            found[entry.id.name] = read(entry, Found())
        else:
            assert isinstance(entry, ast.BaseComment), getattr(entry, "content", entry)
    return found


def read(node: object, into: Found) -> Found:
    """Everything that a node of the syntax tree holds."""
    match node:
        case ast.VariableReference():
            into.arguments.add(node.id.name)
        case ast.MessageReference() | ast.TermReference():
            into.others.add(node.id.name)
        case ast.SelectExpression(selector=ast.VariableReference(id=selector)):
            keys = {key.name if isinstance(key := one.key, ast.Identifier) else key.value for one in node.variants}
            into.variants.setdefault(selector.name, set()).update(keys)
    for child in node if isinstance(node, list) else vars(node).values() if isinstance(node, ast.BaseNode) else ():
        read(child, into)
    return into


def whole_number_categories(language: str) -> set[str]:
    """The plural categories that whole numbers below a million have."""
    return {Locale.parse(language).plural_form(number) for number in (*range(200), 1000)}


def arguments(language: str, id: str, number: int = 7) -> dict[str, str | int]:
    return {name: number if name in NUMBERS else name for name in texts_of(language)[id].arguments}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text_with_the_same_arguments(language: str) -> None:
    theirs, english = texts_of(language), texts_of("en")

    assert [id for id in english if id not in theirs] == []
    assert [id for id in theirs if id not in english] == []
    assert [id for id in english if theirs[id].arguments != english[id].arguments] == []


@pytest.mark.parametrize("language", languages())
def test_every_text_can_be_said_and_is_not_too_long(language: str) -> None:
    for id in texts_of(language):
        said = TEXTS[language](id, **arguments(language, id))
        assert said.strip()
        assert "{" not in said
        assert len(said) <= next(limit for pattern, limit in LIMITS.items() if re.fullmatch(pattern, id)), id


@pytest.mark.parametrize("language", languages())
def test_no_text_refers_to_another(language: str) -> None:
    assert {id: found.others for id, found in texts_of(language).items() if found.others} == {}


@pytest.mark.parametrize("language", languages())
def test_where_english_counts_every_plural_of_the_language_is_there(language: str) -> None:
    categories, known = whole_number_categories(language), {*Locale.parse(language).plural_form.tags, "other"}
    for id, english in texts_of("en").items():
        for argument in (name for name, keys in english.variants.items() if "one" in keys):
            keys = {"zero" if key == "0" else key for key in texts_of(language)[id].variants.get(argument, ())}
            if keys - {"other"}:  # a wording may do without
                assert len(categories - (keys - {"other"})) <= 1, (id, argument)  # at most one is the default's
                assert {key for key in keys if not key.isdigit()} <= known | {"zero"}, id


@pytest.mark.parametrize("language", languages())
def test_a_count_is_told_apart_from_any_other(language: str) -> None:
    for id, english in texts_of("en").items():
        counts = {name for name, keys in english.variants.items() if "one" in keys}
        said = [TEXTS[language](id, **arguments(language, id, number)) for number in COUNTS] if counts else []
        assert len(set(said)) == len(said), id


@pytest.mark.parametrize("language", OTHERS)
def test_variants_by_number_are_as_many_as_in_english(language: str) -> None:
    for id, english in texts_of("en").items():
        if numbered := english.variants.get("variant"):
            assert texts_of(language)[id].variants.get("variant") == numbered, id


@pytest.mark.parametrize("language", OTHERS)
def test_commands_links_and_names_of_formats_stay_as_they_are(language: str) -> None:
    for id in texts_of("en"):
        theirs, english = (set(re.findall(r"(?<!\w)/[a-z]+", said_in(one, id))) for one in (language, "en"))
        assert theirs == english, id


def said_in(language: str, id: str) -> str:
    return TEXTS[language](id, **arguments(language, id))


def test_an_unknown_text_is_an_error() -> None:
    with pytest.raises(LookupError):
        TEXTS["en"]("no-such-text")


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("ru-RU", "ru"), ("RU", "ru"), ("en-GB", "en"), ("zh-hans", "en"), ("rus", "en"), (None, "en"),
     ("", "en"), ("../en", "en")],
)  # fmt: skip
def test_the_language_follows_telegrams(code: str | None, language: str) -> None:
    assert language_of(code) == language


@pytest.mark.parametrize("language", languages())
def test_a_language_is_chosen_in_every_country_that_speaks_it(language: str) -> None:
    assert {language_of(f"{language}-{country}") for country in ("br", "419", "TR")} == {language}


def test_languages_have_their_own_names() -> None:
    assert languages()["ru"] == "Русский"
    assert len(set(languages().values())) == len(languages())
    assert [direction_of(code) for code in ("en", "ru", "ar", "fa")] == ["ltr", "ltr", "rtl", "rtl"]


@pytest.mark.parametrize(
    ("language", "people", "words"),
    [("ru", 1, "1 звезда ждёт"), ("ru", 3, "3 звезды ждут"), ("ru", 11, "11 звёзд ждут"), ("ru", 21, "21 звезда ждёт"),
     ("uk", 22, "22 зірки чекають"), ("uk", 12, "12 зірок чекають"), ("ar", 2, "نجمان"), ("ar", 103, "نجوم"),
     ("ar", 111, "نجمًا")],
)  # fmt: skip
def test_a_language_counts_as_its_people_do(language: str, people: int, words: str) -> None:
    assert words in TEXTS[language]("start", name="Ann", people=people)


@pytest.mark.parametrize("language", languages())
def test_a_name_and_a_percentage_keep_their_place_between_right_to_left_letters(language: str) -> None:
    said = TEXTS[language]("share-text", star="Ann", percent="87%")

    assert ("\u2068Ann\u2069" in said, "\u206887%\u2069" in said) == (direction_of(language) == "rtl",) * 2


@pytest.mark.parametrize("language", languages())
def test_a_card_has_one_name_on_the_page_and_on_itself(language: str) -> None:
    said = TEXTS[language]("card-license", credit="", license="")

    assert TEXTS[language]("page-card").casefold() in said.casefold()


def test_ukrainian_addresses_one_person_informally() -> None:
    for text in ("card-question", "avatar", "page-lead", "page-foot"):
        assert not re.search(r"\b(ви|вас|вам|ваш\w*|\w+те)\b", TEXTS["uk"](text), re.IGNORECASE)
