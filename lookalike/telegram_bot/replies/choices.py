"""Questions with buttons: the consent card, the languages."""

from __future__ import annotations

from lookalike.telegram_bot.callback_data import Consent, Language, News
from lookalike.telegram_bot.replies.reply import Button, Buttons, Reply
from lookalike.telegram_bot.texts import Texts, languages

LANGUAGES_A_ROW = 3  # their names are short: a phone shows three beside each other


def consent_card(texts: Texts, name: str, retention_days: int, *, is_changed: bool = False) -> Reply:
    """What is done with a photo and what is kept, with two buttons; `is_changed`: an earlier text was agreed to."""
    text = texts("consent", name=name, days=retention_days)
    return Reply("\n\n".join((texts("consent-changed"), text)) if is_changed else text, _yes_or_no(texts))


def consent_again(texts: Texts) -> Reply:
    """One line about a further photo, while the card is not answered."""
    return Reply(texts("consent-again"), _yes_or_no(texts))


def consent_question(texts: Texts, retention_days: int) -> Reply:
    """What happens to a photo, in short."""
    return Reply(texts("consent-question", days=retention_days), _yes_or_no(texts))


def _yes_or_no(texts: Texts) -> Buttons:
    yes, no = Button(texts("consent-yes"), Consent(True).pack()), Button(texts("consent-no"), Consent(False).pack())
    return ((yes,), (no,))


def language_card(texts: Texts) -> Reply:
    """The languages to choose from."""
    buttons = tuple(Button(name, Language(code).pack()) for code, name in languages().items())
    rows = (buttons[at : at + LANGUAGES_A_ROW] for at in range(0, len(buttons), LANGUAGES_A_ROW))
    return Reply(texts("language"), (*rows, (Button(texts("language-auto"), Language("auto").pack()),)))


def news_buttons(texts: Texts, *, no_news: bool, in_settings: bool = False) -> Buttons:
    """The one button to stop messages that go to everybody, or to get them again."""
    words = texts("news-again" if no_news else "news-stop")
    return ((Button(words, News(no_news, in_settings).pack()),),)


def news_line(texts: Texts, *, no_news: bool) -> str:
    """Whether a user gets messages that go to everybody."""
    return texts("news-off" if no_news else "news-on")
