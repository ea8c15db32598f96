"""Yes and no as people type them."""

import pytest

from lookalike.telegram_bot.yes_no import is_no, is_yes

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("text", ["yes", "YES!", "Ok.", "okay", "да", "ДА!!!", "ага", "👍", "👍🏽", "+"])
def test_yes(text: str) -> None:
    assert is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize("text", ["no", "No, thanks!", "нет", "Нет, спасибо.", "не надо", "👎", "I don't agree"])
def test_no(text: str) -> None:
    assert is_no(text)
    assert not is_yes(text)


@pytest.mark.parametrize("text", ["", "yes and no", "yesterday", "Brad Pitt", "да ну", "nobody", "?", "👋"])
def test_neither(text: str) -> None:
    assert not is_yes(text)
    assert not is_no(text)
