"""The consent card answers back: what is typed under it, further photos meanwhile, buttons of other people."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
import pytest_asyncio

from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION
from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Sent

pytestmark = pytest.mark.asyncio(loop_scope="module")
BUTTONS = ["consent:yes", "consent:no"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path_factory.mktemp("bot")) as running:
        yield running


def star_for(photo: Sent) -> Callable[[Call], bool]:
    """Whether a call answers this photo with a star."""
    return lambda call: call.ok and call.reply_to == photo.message_id and "%" in call.text


def asks_about(photo: Sent) -> Callable[[Call], bool]:
    """Whether a call asks for consent to look at this photo."""
    return lambda call: call.ok and call.reply_to == photo.message_id and call.buttons == BUTTONS


@pytest.mark.parametrize(("language", "word"), [("en", "yes"), ("en", "OK!"), ("ru", "Да"), ("ru", "ага")])
async def test_a_typed_yes_is_the_button(
    api: BotApi, bot: InProcessBot, astronaut: bytes, language: str, word: str
) -> None:
    ann = api.user(language_code=language)
    photo = ann.photo(astronaut)
    await api.answer_to(photo)
    ann.text(word)
    answer = await api.wait_for(star_for(photo))

    assert answer.ok
    assert len(api.sent_to(ann)) == 3  # card, thanks, answer


@pytest.mark.parametrize(("language", "word", "said"), [("en", "No, thanks", "forgotten it"), ("ru", "нет", "забыл")])
async def test_a_typed_no_is_the_button(
    api: BotApi, bot: InProcessBot, astronaut: bytes, language: str, word: str, said: str
) -> None:
    ann = api.user(language_code=language)
    await api.answer_to(ann.photo(astronaut))

    assert said in (await api.answer_to(ann.text(word))).text
    assert await bot.store.held_photos(ann.id) == []


@pytest.mark.parametrize("asked", ["what happens to my photo?", "کی می‌بینه؟", "fotoku disimpan di mana"])
async def test_a_question_is_answered_and_its_buttons_count(
    api: BotApi, bot: InProcessBot, astronaut: bytes, asked: str
) -> None:
    ann = api.user()
    photo = ann.photo(astronaut)
    await api.answer_to(photo)
    told = await api.answer_to(ann.text(asked))
    ann.press(told, "consent:yes")
    answer = await api.wait_for(lambda call: call.ok and call.reply_to == photo.message_id and "%" in call.text)

    assert "never stored" in told.text
    assert told.buttons == BUTTONS
    assert answer.ok


async def test_without_a_card_yes_is_a_word_like_any_other(api: BotApi, bot: InProcessBot) -> None:
    said = await api.answer_to(api.user().text("yes"))

    assert "photo" in said.text
    assert said.buttons == []


async def test_a_second_photo_meanwhile_gets_one_line_and_both_are_answered(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann = api.user()
    photos = [ann.photo(astronaut) for _ in range(2)]
    first, second = [await api.wait_for(asks_about(photo)) for photo in photos]
    ann.press(second, "consent:yes")
    for photo in photos:
        await api.wait_for(star_for(photo))

    assert "•" in first.text
    assert len(second.text.splitlines()) == 1
    assert second.buttons == BUTTONS


async def test_who_agreed_to_an_earlier_text_is_kindly_asked_again(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann = api.user()
    await bot.store.upsert_user(ann.id, "Ann", "en")
    await bot.store.give_consent(ann.id, CONSENT_VERSION - 1)
    card = await api.answer_to(ann.photo(astronaut))

    assert card.text.startswith("You agreed before.")
    assert "grown-ups" in card.text
    assert card.buttons == BUTTONS


async def test_a_dialogue_about_something_else_goes_on_after_yes(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann = api.user()
    card = await api.answer_to(ann.photo(astronaut))
    await bot.store.set_conversation(ann.id, {"step": "duel"}, timedelta(hours=1))
    ann.press(card, "consent:yes")
    await api.wait_for(reaches(ann, "%"))

    assert await bot.store.get_conversation(ann.id) == {"step": "duel"}


@pytest.mark.parametrize(("language", "words"), [("en", "somebody else's"), ("ru", "чужая кнопка")])
async def test_a_press_that_is_not_for_you_says_so_in_a_toast_of_your_language(
    api: BotApi, bot: InProcessBot, astronaut: bytes, language: str, words: str
) -> None:
    ann = api.user(chat_type="supergroup")
    card = await api.answer_to(ann.photo(astronaut, f"@{api.state.bot['username']}"))
    bob = api.user(language_code=language, chat=ann.chat)
    since = len(api.calls)
    bob.press(card, "consent:yes")
    toast = await api.wait_for("answerCallbackQuery", since=since)

    assert words in toast.params["text"]
    assert await bot.store.get_user(bob.user["id"]) is None
