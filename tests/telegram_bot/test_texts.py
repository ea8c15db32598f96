"""What the bot says: every text in every language."""

import re

import pytest

from lookalike.telegram_bot.texts import LANGUAGES, LOCALES, Texts, all_texts, is_greeting, language_of

TEXTS = all_texts()


def keys(language: str) -> dict[str, set[str]]:
    """The texts of a language with the arguments that each takes."""
    found: dict[str, set[str]] = {}
    current = ""
    for line in (LOCALES / f"{language}.ftl").read_text(encoding="utf-8").splitlines():
        if name := re.match(r"([a-z][a-z0-9-]*) =", line):
            current = name[1]
            found[current] = set()
        if current and not line.startswith("#"):
            found[current] |= set(re.findall(r"\$(\w+)", line))
    return found


def test_every_language_has_every_text_with_the_same_arguments() -> None:
    assert keys("ru") == keys("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_said(language: str) -> None:
    for id, arguments in keys(language).items():
        said = TEXTS[language](
            id, **{name: 7 if name in ("people", "days", "count", "rank") else name for name in arguments}
        )
        assert said
        assert "{" not in said


def test_an_unknown_text_is_an_error() -> None:
    with pytest.raises(LookupError):
        TEXTS["en"]("no-such-text")


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


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("ru-RU", "ru"), ("RU", "ru"), ("en-GB", "en"), ("de", "en"), (None, "en"), ("", "en")],
)
def test_the_language_follows_telegrams(code: str | None, language: str) -> None:
    assert language_of(code) == language


@pytest.mark.parametrize(
    ("people", "words"), [(1, "1 звезда ждёт"), (3, "3 звезды ждут"), (11, "11 звёзд ждут"), (551, "551 звезда ждёт")]
)
def test_russian_counts_as_russians_do(people: int, words: str) -> None:
    assert words in Texts("ru")("start", name="Ann", people=people)
