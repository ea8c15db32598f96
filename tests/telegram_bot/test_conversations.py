"""Conversations as scripts, played with the real bot: what somebody does, and what the answer holds.

`photo` sends a selfie, `press X` presses the last button whose data begins with X; anything else is typed.
"""

from collections.abc import Callable

import pytest

from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")

Script = tuple[tuple[str, str], ...]
CONSENT = ("photo", "/delete"), ("press consent:yes", "%")
ENGLISH: dict[str, Script] = {
    "a collection": (
        ("/mine", "You have no stars yet"), *CONSENT, ("/mine", "Your stars: 1 of"), ("press menu:link:yes", "1 of"),
        ("press menu:link:no", "1 of"), ("/top", "met nobody yet"),
    ),
    "a challenge taken back": (
        *CONSENT, ("press duel:challenge:yes", "Send this link"), ("press duel:back", "no longer works"),
    ),
    "a link of nobody": (("/start from_abc", "no longer told"), ("/start duel_abc", "challenge is over")),
    "everything erased": (*CONSENT, ("/delete", "erased"), ("/mine", "You have no stars yet")),
}  # fmt: skip
RUSSIAN: dict[str, Script] = {
    "a collection": (
        ("/mine", "Звёзд у вас пока нет"), *CONSENT, ("/mine", "Ваши звёзды: 1 из"), ("press menu:link:yes", "1 из"),
        ("press menu:link:no", "1 из"), ("/top", "ещё никому не достал"),
    ),
    "a challenge taken back": (
        *CONSENT, ("press duel:challenge:yes", "Отправьте эту ссылку"), ("press duel:back", "больше не действует"),
    ),
    "a link of nobody": (("/start from_abc", "больше ни о ком"), ("/start duel_abc", "вызов уже окончен")),
    "everything erased": (*CONSENT, ("/delete", "стёрто"), ("/mine", "Звёзд у вас пока нет")),
}  # fmt: skip
SCRIPTS = [
    pytest.param(language, script, id=f"{language}: {name}")
    for language, scripts in (("en", ENGLISH), ("ru", RUSSIAN))
    for name, script in scripts.items()
]


def do(api: BotApi, person: Person, what: str, photo: bytes) -> None:
    """One line of a script on the person's side."""
    verb, _, data = what.partition(" ")
    if what == "photo":
        person.photo(photo)
    elif verb == "press":
        with_it = [call for call in shown_to(api, person) if any(one.startswith(data) for one in call.buttons)]
        person.press(with_it[-1], next(one for one in with_it[-1].buttons if one.startswith(data)))
    else:
        person.text(what)


def shown_to(api: BotApi, person: Person) -> list[Call]:
    return [call for call in api.calls if call.ok and call.chat_id == person.id and call.messages]


def shows(person: Person, words: str) -> Callable[[Call], bool]:
    """Whether a call sends that person, or edits for them, a message with these words."""
    return lambda call: call.ok and call.chat_id == person.id and bool(call.messages) and words in call.text


@pytest.mark.parametrize(("language", "script"), SCRIPTS)
async def test_a_conversation_goes_as_written(
    api: BotApi, bot: RunningBot, astronaut: bytes, language: str, script: Script
) -> None:
    person = api.user(language_code=language)
    for what, answer in script:
        since = len(api.calls)
        do(api, person, what, astronaut)
        await api.wait_for(shows(person, answer), SLOW_S, since=since)
