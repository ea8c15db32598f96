"""What is sent to a chat is repeated at most once, also by later attempts of its update and by later processes.

The answers to photos, of which the outcome is kept as well, are in test_kept_answer.py.
"""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PIL import Image

from lookalike.core.errors import StoreClosed
from lookalike.store.store import Store
from lookalike.telegram_bot.delivery import update_queue
from lookalike.telegram_bot.delivery.copies import CountedCopies, copies_of_update
from lookalike.telegram_bot.delivery.update_queue import REPLAYED, RETRIED
from tests.conftest import SmallIndex
from tests.support.bot_api.calls import SENDS, Call
from tests.support.bot_api.conversation import answers_with_percentage, consented, reaches
from tests.support.bot_api.in_process_bot import SOON_S, InProcessBot
from tests.support.bot_api.server import LATE, BotApi, Person, error, normal
from tests.support.stores import ADA

Ask = Callable[[], object]
IsCopy = Callable[[Call], bool]
Prepare = Callable[[BotApi, Person, bytes], Awaitable[tuple[Ask, IsCopy]]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


def bot_in(home: Path, api: BotApi, answer_s: float = SOON_S) -> InProcessBot:
    """A bot that draws stickers."""
    bot = InProcessBot(api, home, answer_s=answer_s)
    webp = io.BytesIO()
    Image.new("RGBA", (512, 512)).save(webp, "WEBP")
    bot.faces.drawing = webp.getvalue()
    return bot


def is_sent_to(person: Person, words: str = "", method: str = "") -> IsCopy:
    return lambda call: (
        call.ok and call.method in SENDS and call.chat_id == person.id and words in call.text and method in call.method
    )


async def star_duel(api: BotApi, ann: Person, astronaut: bytes) -> tuple[Ask, IsCopy]:
    """A photo that is compared with one star."""
    return lambda: ann.photo(astronaut, "Angelina Jolie"), is_sent_to(ann, "% Angelina Jolie")


async def for_a_business(api: BotApi, ann: Person, astronaut: bytes) -> tuple[Ask, IsCopy]:
    """A photo in a chat of a business account."""
    shop = api.state.elsewhere.connect({"id": 5, "is_bot": False, "first_name": "Shop"})

    def ask() -> None:
        ann.elsewhere("business_message", astronaut, caption="@stand_in_bot?", business_connection_id=shop)

    return ask, lambda call: call.params.get("business_connection_id") == shop and call.method in SENDS


async def card_of_the_challenger(api: BotApi, ann: Person, astronaut: bytes) -> tuple[Ask, IsCopy]:
    """A friend's photo, whose answer the challenger gets as well."""
    photo = ann.photo(astronaut)
    ann.press(await api.wait_for(answers_with_percentage(photo)), "duel:challenge:yes")
    made = await api.wait_for(reaches(ann, "?start=duel_"))
    bob = api.user(first_name="Bob")
    await consented(api, bob, astronaut)
    await api.answer_to(bob.text(f"/start {made.text.partition('?start=')[2].split()[0]}"))

    def ask() -> None:
        api.fail("sendMessage", normal)  # the friend's
        bob.photo(astronaut)

    return ask, is_sent_to(ann, "You two")


async def sticker(api: BotApi, ann: Person, astronaut: bytes) -> tuple[Ask, IsCopy]:
    """A person as a drawing, at a button."""
    photo = ann.photo(astronaut)
    card = await api.wait_for(answers_with_percentage(photo))
    return lambda: ann.press(card, "card:avatar:ink:sticker", forge=True), is_sent_to(ann, method="sendSticker")


async def cards_of_everybody(api: BotApi, ann: Person, astronaut: bytes) -> tuple[Ask, IsCopy]:
    """An album behind the answer to a photo of several people."""
    return lambda: ann.photo(astronaut), is_sent_to(ann, method="sendMediaGroup")


async def words(api: BotApi, ann: Person, astronaut: bytes) -> tuple[Ask, IsCopy]:
    """A command that is answered in words."""
    return lambda: ann.text("/help"), is_sent_to(ann, "/settings")


async def consent_card(api: BotApi, ann: Person, astronaut: bytes) -> tuple[Ask, IsCopy]:
    """The question before the first photo is looked at."""
    bob = api.user(first_name="Bob")
    return lambda: bob.photo(astronaut), is_sent_to(bob)


def copies(api: BotApi, is_copy: IsCopy) -> int:
    return sum(map(is_copy, api.calls))


@pytest.mark.parametrize("prepare", [star_duel, for_a_business, card_of_the_challenger, sticker, words, consent_card])
async def test_a_killed_process_and_a_telegram_that_answers_late_make_two_copies_and_no_more(
    api: BotApi, tmp_path: Path, astronaut: bytes, prepare: Prepare
) -> None:
    ann = api.user()
    first = await bot_in(tmp_path, api, answer_s=60.0).__aenter__()
    await consented(api, ann, astronaut)
    ask, is_copy = await prepare(api, ann, astronaut)
    await first.finish()
    for method in ("sendMessage", "sendSticker"):
        api.fault(method, LATE)
    before = copies(api, is_copy)
    ask()
    await api.wait_for(is_copy, since=len(api.calls))
    await first.crash()
    async with bot_in(tmp_path, api) as bot:
        await bot.finish()

    assert copies(api, is_copy) == before + 2


@pytest.mark.parametrize(("prepare", "method"), [(words, "sendMessage"), (cards_of_everybody, "sendMediaGroup")])
async def test_what_an_earlier_attempt_may_have_sent_counts_in_the_next_one(
    api: BotApi, tmp_path: Path, astronaut: bytes, small_index: SmallIndex, monkeypatch: pytest.MonkeyPatch,
    prepare: Prepare, method: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(update_queue, "FIRST_PAUSE_S", 0.01)
    ann = api.user()
    bot = InProcessBot(api, tmp_path, index=small_index.directory, answer_s=SOON_S, PHOTOS_DIR=str(small_index.photos))
    bot.faces.people, bot.faces.card = 2, astronaut
    async with bot:
        await consented(api, ann, astronaut)
        await bot.finish()
        ask, is_copy = await prepare(api, ann, astronaut)
        before = copies(api, is_copy)
        api.fail(method, LATE, error(403))  # of something in between: the whole update is tried again
        api.fault(method, LATE)
        ask()
        await api.wait_for(lambda call: call.status == 403)
        await bot.finish()

    assert copies(api, is_copy) == before + 2


async def test_an_update_that_is_handled_for_the_first_time_asks_the_store_nothing(store: Store) -> None:
    await store.close()

    assert (await copies_of_update(store, {"update_id": 17}, ADA, 7)).number == 0
    for again in (REPLAYED, RETRIED):
        with pytest.raises(StoreClosed):
            await copies_of_update(store, {"update_id": 17, again: True}, ADA, 7)


async def test_one_that_a_killed_process_may_have_sent_is_kept_with_the_next_one() -> None:
    kept: list[int] = []

    async def keep(number: int) -> None:
        kept.append(number)

    replayed = CountedCopies(keep, is_replayed=True)
    await replayed.change(+1)
    used_up = CountedCopies(keep)
    await used_up.use_up()

    assert (replayed.number, replayed.most) == (1, 1)
    assert kept == [2, 2]
