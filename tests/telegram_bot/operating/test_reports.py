"""Reports reach those who run the bot, who hide a star or a photo at once, and show it again."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from lookalike.gallery.celebrities import celebrity_tag
from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION
from lookalike.telegram_bot.report_file import FILE_NAME, ReportFile
from tests.support.bot_api.calls import Call
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")
ADMIN_ID = 777


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path_factory.mktemp("bot"), ADMIN_IDS=str(ADMIN_ID)) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ada(api: BotApi, bot: InProcessBot) -> Person:
    """She runs the bot."""
    ada = api.user(ADMIN_ID, "Ada")
    await api.answer_to(ada.text("/start"))
    return ada


@pytest_asyncio.fixture(loop_scope="module")
async def ann(api: BotApi, bot: InProcessBot, ada: Person) -> Person:
    ann = api.user(first_name="Ann")
    await bot.store.upsert_user(ann.id, "Ann", "en")
    await bot.store.give_consent(ann.id, CONSENT_VERSION)
    return ann


async def after_press(api: BotApi, person: Person, card: Call, data: str, words: str = "", to: int = 0) -> Call:
    """Press a button; the message with these words that comes of it, there or in chat `to`."""
    since = len(api.calls)
    person.press(card, data, forge=True)
    return await api.wait_for(
        lambda call: call.ok and call.chat_id == (to or person.id) and bool(call.messages) and words in call.text,
        since=since,
    )


def star_of(bot: InProcessBot, place: int = 0) -> str:
    """The id of the star that every photo shows here."""
    return bot.served().nearest(bot.gallery.photos[0], 6)[place].celebrity.id


async def test_a_report_reaches_the_admin_who_hides_the_star_everywhere_and_shows_it_again(
    api: BotApi, bot: InProcessBot, ada: Person, ann: Person, astronaut: bytes
) -> None:
    star, next_one = star_of(bot), star_of(bot, 1)
    sent = ann.photo(astronaut)
    card = await api.answer_to(sent)
    asked = await after_press(api, ann, card, f"report:{celebrity_tag(star)}:")
    told = await after_press(api, ann, asked, f"report.2:{celebrity_tag(star)}::unkind", star, to=ada.id)
    thanked = await api.wait_for(lambda call: call.ok and "passed it on" in call.text)
    hidden = await after_press(api, ada, told, f"admin:hide:star:{celebrity_tag(star)}:", "is hidden")
    meanwhile = star_of(bot)
    again = await api.answer_to(ann.send(photo=sent.message["photo"]))  # the same file: its answer was remembered
    unnamed = await api.answer_to(ann.text(f"/star {bot.gallery.celebrities.by_id([star])[star].name_in('en')}"))
    shown = await after_press(api, ada, hidden, f"admin:hide:undo:{celebrity_tag(star)}:", "Shown again")

    assert len(asked.buttons) == 4
    assert f"report:{celebrity_tag(star)}:" in card.buttons
    assert "Reported once" in told.text
    assert thanked.chat_id == ann.id
    assert meanwhile == next_one
    assert again.text.splitlines()[0] != card.text.splitlines()[0]
    assert star not in "".join(unnamed.buttons)
    assert shown.chat_id == ada.id
    assert star_of(bot) == star


async def test_hide_takes_a_name_and_lists_what_is_hidden(api: BotApi, bot: InProcessBot, ada: Person) -> None:
    celebrity = bot.gallery.celebrities[5]
    done = await api.answer_to(ada.text(f"/hide {celebrity.name_in('en')}"))
    was_hidden = celebrity.id in bot.services.hidden.read().stars
    listed = await api.answer_to(ada.text("/hide"))
    await after_press(api, ada, listed, f"admin:hide:undo:{celebrity_tag(celebrity.id)}:", "Shown again")

    assert "is hidden" in done.text
    assert was_hidden
    assert listed.buttons == [f"admin:hide:undo:{celebrity_tag(celebrity.id)}:"]
    assert bot.services.hidden.read().stars == frozenset()


async def test_reports_are_listed_until_the_star_is_left_as_it_is(api: BotApi, bot: InProcessBot, ada: Person) -> None:
    star = bot.gallery.celebrities[9].id
    bot.services.reports.add(star, "", "unlike", 1)
    listed = await api.answer_to(ada.text("/reports"))
    await after_press(api, ada, listed, f"admin:hide:none:{celebrity_tag(star)}:", "stays as it is")

    assert star in listed.text
    assert star not in {one.star for one in bot.services.reports.read()}


async def test_for_everybody_else_there_are_no_such_commands_and_buttons(
    api: BotApi, bot: InProcessBot, ann: Person
) -> None:
    told = [await api.answer_to(ann.text(f"/{name}")) for name in ("hide Brad Pitt", "reports")]
    pressed = await after_press(api, ann, told[0], f"admin:hide:star:{celebrity_tag(star_of(bot))}:")

    assert all("do not know that command" in call.text for call in told)
    assert "from another time" in pressed.text
    assert bot.services.hidden.read().stars == frozenset()


async def test_a_report_that_comes_twice_is_counted_once(tmp_path: Path) -> None:
    file = ReportFile(tmp_path / FILE_NAME, lambda: date(2026, 11, 21))
    counts = [file.add("Q1", "Q1/1.jpg", "photo", update_id).count for update_id in (1, 1, 2)]
    file.add("Q2", "", "unkind", 3)

    assert counts == [1, 1, 2]
    assert [(one.star, one.count, one.last) for one in ReportFile(tmp_path / FILE_NAME).read()] == [
        ("Q2", 1, "2026-11-21"),
        ("Q1", 2, "2026-11-21"),
    ]
    (tmp_path / FILE_NAME).write_text("[")
    assert ReportFile(tmp_path / FILE_NAME).read() == []
