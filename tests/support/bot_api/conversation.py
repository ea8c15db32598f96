"""Talking to a bot over the Bot API stand-in: a first photo with consent, and what came of it."""

import json
from collections.abc import Callable

from tests.support.bot_api.calls import Call
from tests.support.bot_api.server import BotApi, Person, Sent
from tests.support.running_bot import ROOT

STARTER = ROOT / "assets" / "starter"
STARTER_PEOPLE: int = json.loads((STARTER / "manifest.json").read_text(encoding="utf-8"))["celebrities"]
SLOW_S = 60.0  # a bound that only a broken bot meets: the first answer waits for the models to load


def downloads(api: BotApi, person: Person) -> list[Call]:
    """The files of this person that the bot asked for."""
    own = set()
    for (chat_id, _), message in api.state.messages.items():
        if chat_id == person.id:
            files = [*message.get("photo", []), message.get("document", {})]
            own |= {file.get("file_id") for file in files}
    return [call for call in api.calls if call.method == "getFile" and call.params.get("file_id") in own]


def answers_with_percentage(photo: Sent) -> Callable[[Call], bool]:
    """Whether a call answers this photo with a star."""
    return lambda call: call.ok and "%" in call.text and call.reply_to == photo.message_id


async def erased(api: BotApi, person: Person) -> int:
    """Send /delete and wait for the answer; how many calls there were before it."""
    before = len(api.calls)
    person.text("/delete")
    await api.wait_for(reaches(person, "erased"), since=before)
    return before


def reaches(person: Person, words: str = "") -> Callable[[Call], bool]:
    """Whether a call is a message with these words to that person."""
    return lambda call: call.ok and call.chat_id == person.id and words in call.text


async def answer(api: BotApi, sent: Sent) -> Call:
    """The bot's answer."""
    return await api.answer_to(sent, SLOW_S)


async def consented(api: BotApi, person: Person, photo: bytes) -> Call:
    """The answer to the first photo of somebody who agrees."""
    sent = person.photo(photo)
    card = await answer(api, sent)
    before = len(api.calls)
    person.press(card, "consent:yes")
    return await api.wait_for(
        lambda call: call.ok and call.method in ("sendMessage", "sendPhoto") and call.reply_to == sent.message_id
        and call.chat_id == person.id, SLOW_S, since=before,
    )  # fmt: skip
