"""What people say beside names and photos, by kind."""

import pytest

from lookalike.telegram_bot.phrases import (
    PHRASES,
    PLAIN,
    is_greeting,
    is_no,
    is_yes,
    phrases,
    said,
    said_exactly,
)
from lookalike.telegram_bot.texts import LOCALES, languages

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Thanks!", "thanks"),
        ("СПАСИБО большое)))", "thanks"),
        ("What's your name?", "who"),
        ("how are you", "how"),
        ("Как дела?", "how"),
        ("случайное число", "number"),
        ("ты классный", "compliment"),
        ("Сколько тебе лет?", "age"),
        ("расскажи что-нибудь смешное", "joke"),
        ("ещё анекдот", "joke"),
        ("ти хто?", "who"),
        ("kaise ho", "how"),
        ("माफ करो", "sorry"),
        ("wkwkwk", "laugh"),
        ("شُكرًا", "thanks"),
        ("چطوری؟", "how"),
        ("كي هستي", "who"),
        ("¿Cuántos años tienes?", "age"),
        ("vc e um robo", "real"),
        ("T'es qui ?", "who"),
        ("Wie geht’s?", "how"),
        ("seni cok seviyorum", "love"),
    ],
)
def test_a_phrase_is_known_in_any_case_and_punctuation(text: str, kind: str) -> None:
    assert said_exactly(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hello dear bot, how are you today?", "how"),
        ("oh great, thanks", "thanks"),
        ("ну и сколько тебе лет", "age"),
        ("tell me how does it work please", "can"),
    ],
)
def test_a_phrase_is_found_in_a_short_text(text: str, kind: str) -> None:
    assert said(text) == kind


@pytest.mark.parametrize(
    "text", ["", "!?", "the bus was late and so I am not sure of it", "one two three four ok", "Qwerty"]
)
def test_other_texts_are_no_small_talk(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize("language", languages())
def test_every_kind_has_phrases_and_an_answer_in_every_language(language: str) -> None:
    lines = (PHRASES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    kinds = {line.partition(":")[0] for line in lines if line and not line.startswith("#")}
    texts = (LOCALES / f"{language}.ftl").read_text(encoding="utf-8")

    assert kinds == {*phrases().values(), *PLAIN}
    assert all(f"\ntalk-{kind} =" in texts for kind in kinds.difference(PLAIN))
    assert len(kinds) >= 12


@pytest.mark.parametrize(
    "words", ["hello", "Hi!", "HEY", "Привет", "привет!!", "Добрый день", "hello there", "hi, bot"]
)
def test_greetings_are_recognised(words: str) -> None:
    assert is_greeting(words)


@pytest.mark.parametrize(
    "words", ["", "!!!", "history", "who is this", "hello my friend I have a long question", "высокий"]
)
def test_other_words_are_no_greeting(words: str) -> None:
    assert not is_greeting(words)


@pytest.mark.parametrize("text", ["yes", "YES!", "Ok.", "okay", "да", "ДА!!!", "ага", "👍", "👍🏽", "+"])
def test_a_yes_is_recognised(text: str) -> None:
    assert is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize("text", ["no", "No, thanks!", "нет", "Нет, спасибо.", "не надо", "👎", "I don't agree"])
def test_a_no_is_recognised(text: str) -> None:
    assert is_no(text)
    assert not is_yes(text)


@pytest.mark.parametrize("text", ["", "yes and no", "yesterday", "Brad Pitt", "да ну", "?", "👋", "👍?", "👍👎", "+-"])
def test_other_words_are_neither_yes_nor_no(text: str) -> None:
    assert not is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize("language", languages())
def test_each_language_has_its_yes_its_no_and_its_greeting_and_none_is_two_of_them(language: str) -> None:
    lines = (PHRASES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    said_so = {kind: [p.strip() for p in rest.split("|")] for kind, _, rest in (one.partition(":") for one in lines)}

    assert all(is_yes(words) and not is_no(words) and not is_greeting(words) for words in said_so["yes"])
    assert all(is_no(words) and not is_yes(words) and not is_greeting(words) for words in said_so["no"])
    assert all(is_greeting(words) for words in said_so["greeting"])
