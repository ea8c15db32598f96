"""Whom a text names: the starter's stars, as people type them, and none in what people say otherwise."""

import pytest

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.index_format import CELEBRITIES
from lookalike.gallery.names.name_search import NOBODY, NameSearch, ordinary_words
from lookalike.gallery.names.spelling import words_of
from tests.support.bot_api.conversation import STARTER

pytestmark = pytest.mark.fast

STARS = Celebrities.read(STARTER / CELEBRITIES)
SEARCH = NameSearch.of(STARS)


def sure(text: str) -> list[str]:
    return [STARS[row].id for row in SEARCH.search(text).sure]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Angelina Jolie", "Angelina_Jolie"),
        ("анжелина джоли", "Angelina_Jolie"),
        ("ANGELINA JOLI", "Angelina_Jolie"),
        ("джоли анджелина", "Angelina_Jolie"),
        ("andzhelina dzholi", "Angelina_Jolie"),
        ("angelinajolie", "Angelina_Jolie"),
        ("Schwarzeneger", "Arnold_Schwarzenegger"),
        ("шварцнеггер", "Arnold_Schwarzenegger"),
        ("ди каприо", "Leonardo_DiCaprio"),
        ("j.k. rowling", "JK_Rowling"),
        ("JK Rowling", "JK_Rowling"),
        ("will smith", "Will_Smith"),
        ("риана", "Rihanna"),
        ("покажи Анджелину Джоли", "Angelina_Jolie"),
        ("Do I look like Kate Winslett?", "Kate_Winslet"),
        ("do I look like Will Smith", "Will_Smith"),
        ("похожа ли я на Мадонну", "Madonna"),
        ("Tom Curise", "Tom_Cruise"),
    ],
)
def test_a_name_is_found_as_people_type_it(text: str, id: str) -> None:
    assert sure(text) == [id]


def test_who_shares_a_name_is_found_too_most_famous_first() -> None:
    found = [STARS[row] for row in SEARCH.search("tom").sure]
    fame = [one.fame or 0 for one in found]

    assert len(found) == 6
    assert {one.name["en"].split()[0] for one in found} == {"Tom"}
    assert fame == sorted(fame, reverse=True)


def test_a_whole_name_comes_before_a_part_of_a_more_famous_one() -> None:
    assert [name.split("_")[0] for name in sure("ronaldo")] == ["Ronaldo", "Cristiano"]


@pytest.mark.parametrize(
    "text",
    ["how are you", "nice", "I love you", "thank you so much", "where are you from?", "what is this", "good morning",
     "joy", "a rose", "is it free", "как дела", "спасибо большое", "ты кто", "люблю тебя", "рука", "доброе утро",
     "a quién me parezco", "não gostei da foto", "tu peux m'aider", "wer ist das denn", "ben kime benziyorum",
     "что ты умеешь", "", "?!", "1234567", "🙂", "v", "la la la la la la la la la la la la la la la"],
)  # fmt: skip
def test_what_people_say_otherwise_names_nobody(text: str) -> None:
    assert sure(text) == []


def test_a_name_too_far_off_is_offered() -> None:
    found = SEARCH.search("Jolei")

    assert found.sure == ()
    assert "Angelina_Jolie" in [STARS[row].id for row in found.near]


def test_a_star_called_by_an_ordinary_word_is_offered_and_not_opened() -> None:
    assert [STARS[row].name["en"] for row in SEARCH.search("Joy").near] == ["Joy"]


def test_aliases_and_names_in_other_alphabets_are_names() -> None:
    search = NameSearch.of(
        [
            Celebrity(id="a", name={"en": "Psy", "ko": "싸이"}),
            Celebrity(id="b", name={"en": "Marshall"}, aliases={"en": ("Slim Shady",)}),
        ]
    )

    assert search.search("싸이").sure == (0,)
    assert search.search("slim shadi").sure == (1,)
    assert search.search("Bob Dylan") == NOBODY


def test_an_empty_gallery_names_nobody() -> None:
    assert NameSearch.of([]).search("Angelina Jolie") == NOBODY


def test_one_word_of_a_name_is_not_typed_by_two_of_a_text() -> None:
    search = NameSearch.of([Celebrity(id="a", name={"en": "Angelina Jolie"})])

    assert search.search("angelina angelina").sure == ()


def test_most_are_as_many_as_asked_for() -> None:
    assert len(SEARCH.search("tom", 2).sure) == 2


def test_ordinary_words_are_written_as_texts_are_read() -> None:
    assert all(words_of(word) == [word] for word in ordinary_words())


def test_a_name_that_is_still_being_typed_is_completed_best_known_first() -> None:
    search = NameSearch.of(
        [
            Celebrity(id="1", name={"en": "Angela Merkel", "ru": "Ангела Меркель"}, fame=5),
            Celebrity(id="2", name={"en": "Angelina Jolie"}, fame=9),
            Celebrity(id="3", name={"en": "Ann Angeles"}, fame=1),
        ]
    )

    assert search.begins_with("ang", 2) == [1, 0]
    assert search.begins_with("Angela Мерк", 9) == [0]
    assert search.begins_with("a", 9) == search.begins_with("", 9) == search.begins_with("xy", 9) == []
