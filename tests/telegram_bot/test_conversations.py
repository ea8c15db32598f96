"""Conversations as scripts, played with the real bot: what somebody does, and what the answer holds.

`photo` sends a selfie, with what follows as its caption; `press X` presses the last button whose data begins with X;
anything else is typed.
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
    "two people compared": (
        *CONSENT, ("/compare", "two photos"), ("photo", "the second person"), ("photo", "pairs of strangers"),
        ("photo", "people look like theirs"),
    ),
    "two people compared by one who has not agreed": (
        ("/compare", "two photos"), ("photo", "/delete"), ("press consent:yes", "the second person"),
        ("photo", "👥 99%"),
    ),
    "for groups": (("/lookalike", "Send me a photo"),),
    "a collection": (
        ("/mine", "You have no stars yet"), *CONSENT, ("/mine", "Your stars: 1 of"), ("press menu:link:yes", "1 of"),
        ("press menu:link:no", "1 of"), ("/top", "met nobody yet"),
    ),
    "a challenge taken back": (
        *CONSENT, ("press duel:challenge:yes", "Send this link"), ("press duel:back", "no longer works"),
    ),
    "a link of nobody": (("/start from_abc", "no longer told"), ("/start duel_abc", "challenge is over")),
    "everything erased": (*CONSENT, ("/delete", "erased"), ("/mine", "You have no stars yet")),
    "a name": (
        ("Angelina Joli", "⭐ Angelina Jolie"), ("press star:", "The stars most like them"),
        ("jolie angelina", "⭐ Angelina Jolie"), ("Schwarzeneger", "⭐ Arnold Schwarzenegger"),
    ),
    "several of one name": (("tom", "Whom do you mean?"), ("press star:Tom_Hanks", "⭐ Tom Hanks")),
    "the command asks for a name": (("/star", "Type the name"), ("shakira", "⭐ Shakira")),
    "a duel by button": (
        ("Angelina Jolie", "⭐"), ("press duel:Angelina_Jolie", "How alike are you and Angelina Jolie?"),
        ("photo", "/delete"), ("press consent:yes", "% Angelina Jolie"),
    ),
    "a duel by caption": (
        ("photo Do I look like Will Smith?", "/delete"), ("press consent:yes", "% Will Smith"),
    ),
    "small talk": (
        ("thank you", "You are welcome"), ("who are you?", "I am a bot"), ("random number", "Your number is"),
        ("press menu:number", "Your number is"), ("bye", "See you"),
    ),
    "how are you": (
        ("how are you?", "And you?"), ("press menu:great", "I am glad"), ("press menu:soso", "cheer you up"),
        ("press menu:random", "⭐"),
    ),
    "not understood": (
        ("qwrtp", "Send me a photo"), ("zxcvb", "Here is what I do well"), ("qwrtp", "better at faces than at words"),
        ("Jolei", "I am not sure whom you mean"),
    ),
    "commands of who runs the bot": tuple(
        (command, "do not know that command") for command in ("/stats", "/ban 5", "/broadcast hi", "/reload")
    ),
    "another star of the same photo": (
        *CONSENT, ("press more.2:1", "Number 2 of the 6"), ("press more.2:0", "people look like theirs"),
        ("press where:women", "Among women:"), ("press where.2", "Among women:"),
        ("press where:gender=female,region=europe", "Among women from Europe:"),
    ),
    "consent in words": (
        ("photo", "/delete"), ("what do you keep?", "never stored"), ("photo", "This one waits too"), ("OK!", "%"),
    ),
    "a refusal in words": (("photo", "/delete"), ("No, thanks", "forgotten it")),
    "a remembered choice": (
        ("/settings", "among all stars"), ("press where.3:men", "among men"), ("photo", "/delete"),
        ("yes", "Among men:"),
    ),
    "not right": (*CONSENT, ("press report:", "What is not right"), ("press report.2:", "passed it on")),
    "no messages to everybody": (
        ("/settings", "get the messages that go to everybody"), ("press menu:news:no", "get none of the messages"),
        ("press menu:news:yes", "get the messages that go to everybody"),
    ),
}  # fmt: skip
RUSSIAN: dict[str, Script] = {
    "two people compared": (
        *CONSENT, ("/compare", "два фото"), ("photo", "фото второго человека"), ("photo", "пар незнакомых людей"),
        ("photo", "людей – на свою"),
    ),
    "two people compared by one who has not agreed": (
        ("/compare", "два фото"), ("photo", "/delete"), ("press consent:yes", "фото второго человека"),
        ("photo", "👥 99%"),
    ),
    "for groups": (("/lookalike", "Пришлите фото"),),
    "a collection": (
        ("/mine", "Звёзд у вас пока нет"), *CONSENT, ("/mine", "Ваши звёзды: 1 из"), ("press menu:link:yes", "1 из"),
        ("press menu:link:no", "1 из"), ("/top", "ещё никому не достал"),
    ),
    "a challenge taken back": (
        *CONSENT, ("press duel:challenge:yes", "Отправьте эту ссылку"), ("press duel:back", "больше не действует"),
    ),
    "a link of nobody": (("/start from_abc", "больше ни о ком"), ("/start duel_abc", "вызов уже окончен")),
    "everything erased": (*CONSENT, ("/delete", "стёрто"), ("/mine", "Звёзд у вас пока нет")),
    "a name": (("анжелина джоли", "⭐ Анджелина Джоли"), ("шварцнеггер", "⭐ Арнольд Шварценеггер")),
    "the command with a name": (("/star мадонна", "⭐ Мадонна"), ("/star йцукенг", "никого не знаю")),
    "a duel by link": (
        ("/start star_Madonna", "Насколько вы похожи?"), ("photo", "/delete"), ("press consent:yes", "% Мадонна"),
    ),
    "small talk": (
        ("спасибо", "Пожалуйста"), ("ты классный", "я краснею"), ("сколько тебе лет?", "чёрно-белое кино"),
        ("ты тупой", "Мне ещё многому надо учиться"), ("откуда ты", "Из компьютера"),
    ),
    "keys of the menu": (
        ("/start", "Пришлите селфи"), ("🎲 Случайная звезда", "⭐"), ("💬 Как дела?", "А у вас?"),
        ("📸 Найди мою звезду", "Пришлите фото лица"),
    ),
    "commands of who runs the bot": tuple(
        (command, "Такой команды я не знаю") for command in ("/stats", "/ban 5", "/broadcast hi", "/reload")
    ),
    "another star of the same photo": (
        *CONSENT, ("press more.2:1", "Номер 2 из 6"), ("press more.2:0", "людей – на свою"),
        ("press where:women", "Среди женщин:"), ("press where.2", "Среди женщин:"),
        ("press where:gender=female,region=europe", "Среди женщин из Европы:"),
    ),
    "consent in words": (
        ("photo", "/delete"), ("а что хранится?", "нигде оно не хранится"), ("photo", "И это фото подождёт"),
        ("да", "%"),
    ),
    "a refusal in words": (("photo", "/delete"), ("нет", "забыл о нём")),
    "a remembered choice": (
        ("/settings", "среди всех звёзд"), ("press where.3:men", "среди мужчин"), ("photo", "/delete"),
        ("ага", "Среди мужчин:"),
    ),
    "not right": (*CONSENT, ("press report:", "Что не так?"), ("press report.2:", "передам")),
    "no messages to everybody": (
        ("/settings", "идут всем, к вам приходят"), ("press menu:news:no", "к вам не приходят"),
        ("press menu:news:yes", "идут всем, к вам приходят"),
    ),
}  # fmt: skip
SCRIPTS = [
    pytest.param(language, script, id=f"{language}: {name}")
    for language, scripts in (("en", ENGLISH), ("ru", RUSSIAN))
    for name, script in scripts.items()
]


def do(api: BotApi, person: Person, what: str, photo: bytes) -> None:
    """One line of a script on the person's side."""
    verb, _, data = what.partition(" ")
    if verb == "photo":
        person.photo(photo, data or None)
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
