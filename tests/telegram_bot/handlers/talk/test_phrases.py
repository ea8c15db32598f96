"""What people say beside names and photos, by kind."""

import pytest

from lookalike.telegram_bot.handlers.talk.phrases import PHRASES, phrases, said, said_exactly
from lookalike.telegram_bot.texts import LANGUAGES, LOCALES

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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_phrases_and_an_answer_in_every_language(language: str) -> None:
    lines = (PHRASES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    kinds = {line.partition(":")[0] for line in lines if line and not line.startswith("#")}
    texts = (LOCALES / f"{language}.ftl").read_text(encoding="utf-8")

    assert kinds == set(phrases().values())
    assert all(f"\ntalk-{kind} =" in texts for kind in kinds)
    assert len(kinds) >= 12
