"""The buttons under an answer, and the line that says among whom a star was found."""

import pytest

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.filters import COUNTRIES, ERAS, GENDERS, Choices, Filter, parse_filter
from lookalike.telegram_bot.callback import MAX_BYTES
from lookalike.telegram_bot.callback_data import Where
from lookalike.telegram_bot.replies.answer_buttons import Shown, among, answer_buttons, filter_list, settings_card
from lookalike.telegram_bot.replies.reply import Buttons
from lookalike.telegram_bot.texts import all_texts, languages

pytestmark = pytest.mark.fast
TEXTS = all_texts()
KEANU = Celebrity(id="Q43416", name={"en": "Keanu Reeves"})
ALL = Choices(
    tuple(Filter(one) for one in GENDERS),
    tuple(Filter(region=one) for one in COUNTRIES),
    tuple(Filter(born=one) for one in ERAS),
)


def data(buttons: Buttons) -> list[list[str]]:
    return [[one.data or "" for one in row] for row in buttons]


def under(shown: Shown) -> list[list[str]]:
    return data(answer_buttons(TEXTS["en"], KEANU, None, "87%", shown, 3, "look_bot"))


def test_the_first_star_leads_on_the_last_one_back_and_one_between_both_ways() -> None:
    assert [under(Shown(place))[0] for place in range(3)] == [
        ["more.2:1:any"],
        ["more.2:0:any", "more.2:2:any"],
        ["more.2:1:any"],
    ]


def test_men_women_and_anybody_keep_the_region() -> None:
    where = parse_filter("women,region=asia")
    shown = Shown(0, where, Choices((Filter("male", "asia"), Filter("female", "asia"))))

    assert under(shown)[1] == ["where:gender=male,region=asia", f"where:{where}", "where:region=asia"]


def test_what_the_gallery_does_not_know_is_not_offered() -> None:
    assert not [data for row in under(Shown()) for data in row if data.startswith("where")]
    assert data(filter_list(TEXTS["en"], Shown())) == [["more.2:0:any"]]


def test_what_is_chosen_is_marked() -> None:
    buttons = answer_buttons(TEXTS["en"], KEANU, None, "87%", Shown(0, Filter("male"), ALL), 3, "look_bot")

    assert [one.text for one in buttons[1]] == ["✓ Men", "Women", "Anybody"]


@pytest.mark.parametrize("language", languages())
def test_every_filter_has_words_and_fits_into_a_button(language: str) -> None:
    texts = TEXTS[language]
    lines = set()
    for gender in ("", *GENDERS):
        for region in ("", *COUNTRIES):
            for born in (None, *ERAS):
                where = Filter(gender, region, born)
                lines.add(among(texts, where))
                for row in (*filter_list(texts, Shown(5, where, ALL)), *answer_buttons(
                    texts, KEANU, None, "87%", Shown(5, where, ALL), 6, "look_bot"
                )):  # fmt: skip
                    for one in row:
                        assert one.text
                        assert one.data is None or len(one.data.encode()) <= MAX_BYTES

    assert len(lines) == 3 * (len(COUNTRIES) + 1) * (len(ERAS) + 1)


def test_the_line_reads_as_people_speak() -> None:
    assert among(TEXTS["en"], parse_filter("women,region=asia,born=1946-1964")) == (
        "Among women from Asia, born 1946–1964:"
    )
    assert among(TEXTS["ru"], parse_filter("men,region=europe")) == "Среди мужчин из Европы:"
    assert among(TEXTS["en"], parse_filter("any")) == ""


def test_the_line_is_part_of_a_sentence_in_the_settings() -> None:
    said = settings_card(TEXTS["fr"], parse_filter("women,region=asia"), Choices(), no_news=False).text

    assert "parmi les femmes d’Asie." in said


def test_a_filter_is_read_again_from_its_button() -> None:
    assert Where.parse("gender=female,born=1970-") == Where("gender=female,born=1970-")
