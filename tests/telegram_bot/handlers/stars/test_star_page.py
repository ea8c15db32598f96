"""A star's page."""

import re

import pytest

from tests.support.bot_api.conversation import answer, reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "words", ["angelina jolie", "Анжелина Джоли", "Angelina Joli", "/star jolie", "/star@stand_in_bot ANGELINA"]
)
async def test_a_name_gets_the_page_of_the_star(api: BotApi, ann: Person, words: str) -> None:
    page = await answer(api, ann.text(words))

    assert page.text.startswith(
        "⭐ Angelina Jolie, American actress and film director\nfilm, directing · 🇺🇸 · * 1975\n"
    )
    assert len(re.findall(r"^• .+ – 0\.\d\d, 0\.\d\d$", page.text, re.MULTILINE)) == 6
    assert page.params["link_preview_options"]["url"] == "https://en.wikipedia.org/wiki/Angelina_Jolie"
    assert page.buttons[0] == "duel:Angelina_Jolie"
    assert len([data for data in page.buttons if data.startswith("star:")]) == 6


async def test_the_page_is_in_the_language_of_whom_it_is_for(api: BotApi, bot: InProcessBot) -> None:
    person = api.user(first_name="Аня", language_code="ru")

    page = await answer(api, person.text("мадонна"))
    assert page.text.startswith("⭐ Мадонна, американская")
    assert "музыка" in page.text


async def test_a_button_with_a_name_leads_to_that_page(api: BotApi, ann: Person) -> None:
    page = await answer(api, ann.text("Angelina Jolie"))
    button = next(data for data in page.buttons if data.startswith("star:"))
    pressed = ann.press(page, button)

    other = await answer(api, pressed)
    assert f"duel:{button.removeprefix('star:')}" in other.buttons


async def test_several_stars_of_one_name_are_offered(api: BotApi, ann: Person) -> None:
    asked = await answer(api, ann.text("tom"))

    assert asked.text == "Whom do you mean?"
    assert "star:Tom_Cruise" in asked.buttons
    ann.press(asked, "star:Tom_Cruise")
    assert "⭐ Tom Cruise" in (await api.wait_for(reaches(ann, "⭐"))).text


async def test_the_command_alone_asks_for_a_name_and_the_next_words_are_it(api: BotApi, ann: Person) -> None:
    assert "Type the name" in (await answer(api, ann.text("/star"))).text
    assert "⭐ Joy" in (await answer(api, ann.text("joy"))).text
    assert "⭐ Joy" not in (await answer(api, ann.text("joy"))).text


async def test_an_unknown_name_is_told_so(api: BotApi, ann: Person) -> None:
    assert "nobody by that name" in (await answer(api, ann.text("/star xqzvbn"))).text


async def test_a_star_who_is_gone_is_told_so(api: BotApi, ann: Person) -> None:
    page = await answer(api, ann.text("madonna"))
    for data in ("star:Nobody", "duel:Nobody"):
        pressed = ann.press(page, data, forge=True)
        assert "no longer in my gallery" in (await answer(api, pressed)).text


@pytest.mark.parametrize("words", ["how are you", "nice", "I love you", "что ты умеешь", "joy"])
async def test_ordinary_words_open_no_page(api: BotApi, ann: Person, words: str) -> None:
    assert "⭐" not in (await answer(api, ann.text(words))).text


async def test_a_hidden_star_is_neither_found_nor_opened(api: BotApi, ann: Person, bot: InProcessBot) -> None:
    page = await answer(api, ann.text("Angelina Jolie"))
    bot.services.hidden.hide(["Angelina_Jolie"])
    try:
        assert "⭐" not in (await answer(api, ann.text("Angelina Jolie"))).text
        assert "no longer in my gallery" in (await answer(api, ann.press(page, "duel:Angelina_Jolie"))).text
    finally:
        bot.services.hidden.show(["Angelina_Jolie"])
