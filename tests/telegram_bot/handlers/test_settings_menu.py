"""/settings: among whom stars are looked for, from the next photo on."""

from pathlib import Path

from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi


async def test_a_choice_is_kept_shown_and_applied_to_the_next_photo(tmp_path: Path, astronaut: bytes) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path) as bot:
        ann = api.user()
        await bot.store.upsert_user(ann.id, "Ann", "en")
        await bot.store.give_consent(ann.id, CONSENT_VERSION)
        menu = await api.answer_to(ann.text("/settings"))
        ann.press(menu, "where.3:women")
        shown = await api.wait_for("editMessageText")
        found = await api.answer_to(ann.photo(astronaut))
        ann.press(menu, "where.3:region=moon", forge=True)
        await api.wait_for(lambda call: call.ok and "Nobody is left" in call.text)
        user = await bot.store.get_user(ann.id)

    assert "among all stars" in menu.text
    assert {"where.3:men", "where.3:region=europe", "where.3:born=1946-1964"} < set(menu.buttons)
    assert "here: among women." in shown.text
    assert found.text.startswith("Among women:\n")
    assert user is not None
    assert user.where == "women"


async def test_messages_to_everybody_can_be_declined_and_wanted_again(tmp_path: Path) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path) as bot:
        ann = api.user()
        menu = await api.answer_to(ann.text("/settings"))
        ann.press(menu, "menu:news:no:yes")
        off = await api.wait_for("editMessageText")
        declined = await bot.store.get_user(ann.id)
        before = len(api.calls)
        ann.press(off, "menu:news:yes:yes")
        on = await api.wait_for("editMessageText", since=before)
        wanted = await bot.store.get_user(ann.id)

    assert declined is not None
    assert wanted is not None
    assert (declined.no_news, wanted.no_news) == (True, False)
    assert ["You get the messages" in call.text for call in (menu, off, on)] == [True, False, True]
