"""Small talk, the menu, and what is not understood."""

import itertools
import re

import pytest

from lookalike.telegram_bot.handlers.talk.menu import random_number
from lookalike.telegram_bot.texts import all_texts
from tests.support.bot_api.conversation import answer
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXTS = all_texts()


@pytest.mark.parametrize(
    ("language", "words", "answered"),
    [
        ("en", "thank you", "You are welcome"),
        ("en", "who are you?", "I am a bot"),
        ("en", "you are stupid", "still have much to learn"),
        ("en", "what can you do", "which star you look like"),
        ("en", "random number", "Your number is"),
        ("ru", "спасибо", "Пожалуйста"),
        ("ru", "Ты кто?", "Я бот"),
        ("ru", "я тебя люблю", "всего лишь бот"),
        ("ru", "пока", "До встречи"),
        ("uk", "дякую", "Нема за що"),
        ("hi", "shukriya", "शुक्रिया कैसा"),
        ("id", "kamu siapa?", "Aku bot"),
        ("ar", "من أنت؟", "أنا بوت"),
        ("fa", "خداحافظ", "به امید دیدار"),
    ],
)
async def test_small_talk_is_answered_in_the_language_of_who_talks(
    api: BotApi, bot: InProcessBot, language: str, words: str, answered: str
) -> None:
    person = api.user(language_code=language)

    assert answered in (await answer(api, person.text(words))).text


async def test_how_are_you_comes_back_with_two_answers_and_each_is_answered(api: BotApi, ann: Person) -> None:
    asked = await answer(api, ann.text("how are you?"))
    assert asked.buttons == ["menu:great", "menu:soso"]

    said = [(await answer(api, ann.press(asked, data))).text for data in asked.buttons]
    assert said == [TEXTS["en"]("talk-great"), TEXTS["en"]("talk-soso")]


async def test_the_start_brings_the_keys_in_a_private_chat_only(api: BotApi, ann: Person) -> None:
    greeted = await answer(api, ann.text("/start"))
    group = api.user(first_name="Cy", chat_type="supergroup")
    in_group = await answer(api, group.text("/start@stand_in_bot"))

    markup = greeted.params["reply_markup"]
    keys = [key["text"] for row in markup["keyboard"] for key in row]
    assert [key.split(" ", 1)[1] for key in keys] == ["Find my star", "Random star", "My stars", "How are you?"]
    assert (markup["is_persistent"], markup["resize_keyboard"]) == (True, True)
    assert "reply_markup" not in in_group.params


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_key_works_in_whatever_language_it_was_shown(api: BotApi, ann: Person, language: str) -> None:
    texts = TEXTS[language]

    assert "photo of your face" in (await answer(api, ann.text(texts("menu-find")))).text
    assert (await answer(api, ann.text(texts("menu-random")))).text.startswith("⭐ ")
    assert (await answer(api, ann.text(texts("menu-how")))).buttons == ["menu:great", "menu:soso"]
    assert (await answer(api, ann.text(texts("menu-mine")))).text == (await answer(api, ann.text("/mine"))).text


async def test_random_stars_are_none_of_the_last_ten(api: BotApi, ann: Person) -> None:
    shown = [(await answer(api, ann.text("/random"))).text.splitlines()[0] for _ in range(11)]

    assert len(set(shown)) == 11


async def test_nobody_meets_the_same_wall_twice_running(api: BotApi, ann: Person) -> None:
    told = [await answer(api, ann.text(words)) for words in ("xqz", "blorp", "xqz", "xqz", "blorp")]

    assert all(one.text != next_one.text for one, next_one in itertools.pairwise(told))
    assert "Send me a photo" in told[0].text
    assert told[1].buttons == ["menu:find", "menu:random", "menu:how"]
    assert len([data for data in told[2].buttons if data.startswith("star:")]) == 4


async def test_a_name_that_is_nearly_typed_is_offered(api: BotApi, ann: Person) -> None:
    offered = await answer(api, ann.text("Jolei"))

    assert "star:Angelina_Jolie" in offered.buttons


async def test_an_unknown_choice_gets_a_kind_word(api: BotApi, ann: Person) -> None:
    asked = await answer(api, ann.text("how are you?"))

    assert "from another time" in (await answer(api, ann.press(asked, "menu:dance", forge=True))).text


async def test_random_numbers_are_from_1_to_100_and_the_same_for_the_same_update() -> None:
    numbers = [int(re.findall(r"\d+", random_number(TEXTS["en"], seed).text)[0]) for seed in range(5000)]

    assert (min(numbers), max(numbers)) == (1, 100)
    assert len(set(numbers)) == 100
    assert random_number(TEXTS["en"], 7) == random_number(TEXTS["en"], 7)
