"""Inline results: where Telegram can fetch a photo, and what python-telegram-bot makes of each kind."""

import pytest
from telegram import InlineQueryResultArticle, InlineQueryResultCachedPhoto, InlineQueryResultPhoto

from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.store.models import KeptCard
from lookalike.telegram_bot.delivery.inline_results import inline_result
from lookalike.telegram_bot.delivery.markup import keyboard
from lookalike.telegram_bot.replies.reply import Button
from lookalike.telegram_bot.replies.sharing.inline import commons_links, own_card, star_result
from lookalike.telegram_bot.texts import Texts

TEXTS = Texts("en")
FILE = "https://commons.wikimedia.org/wiki/File:Example.jpg"
PHOTO = CelebrityPhoto(file="x.jpg", source_url=FILE, author="Jo Doe", license="CC BY 4.0")
STAR = Celebrity(id="Q1", name={"en": "Ada"}, description={"en": "actor"}, photos=(PHOTO,))


def test_a_photo_of_commons_is_where_wikimedia_serves_it() -> None:
    """Commons' own example lies at commons/a/a9/Example.jpg (commons.wikimedia.org/wiki/File:Example.jpg)."""
    links = commons_links(PHOTO)

    assert links
    assert links.url == "https://upload.wikimedia.org/wikipedia/commons/thumb/a/a9/Example.jpg/500px-Example.jpg"
    assert links.thumbnail_url.endswith("/120px-Example.jpg")


def test_a_name_with_spaces_and_other_letters_is_escaped() -> None:
    spaced = commons_links(
        CelebrityPhoto(file="x", source_url="https://commons.wikimedia.org/wiki/File:%C3%89va A.JPG")
    )

    assert spaced
    assert spaced.url.endswith("/%C3%89va_A.JPG/500px-%C3%89va_A.JPG")


@pytest.mark.parametrize(
    "url", [None, "", "https://example.org/File:Example.jpg", f"{FILE}.png", "https://commons.wikimedia.org/wiki/Ada"]
)
def test_any_other_photo_is_not_fetched(url: str | None) -> None:
    assert commons_links(CelebrityPhoto(file="x", source_url=url)) is None


def test_a_star_is_a_photo_with_its_credit_or_else_words() -> None:
    photo = inline_result(star_result(TEXTS, STAR, STAR.photos, "https://t.me/look_bot"))
    words = inline_result(star_result(TEXTS, STAR, (), "https://t.me/look_bot"))

    assert isinstance(photo, InlineQueryResultPhoto)
    assert photo.caption == "Ada, actor\n📷 Jo Doe, CC BY 4.0"
    assert [one.url for one in photo.caption_entities or ()] == [FILE, FILE]
    assert isinstance(words, InlineQueryResultArticle)


def test_a_card_is_the_picture_that_telegram_has_or_else_words() -> None:
    picture = inline_result(own_card(TEXTS, KeptCard("Q1", 71, "AgAC"), STAR, "https://t.me/look_bot"))
    words = inline_result(own_card(TEXTS, KeptCard("Q1", 71), STAR, "https://t.me/look_bot"))

    assert isinstance(picture, InlineQueryResultCachedPhoto)
    assert (picture.photo_file_id, picture.caption) == ("AgAC", "I look like Ada: 71%! And you?")
    assert isinstance(words, InlineQueryResultArticle)


@pytest.mark.parametrize("has_inline", [True, False])
def test_a_button_types_to_the_bot_where_it_has_inline_mode_and_opens_its_link_elsewhere(has_inline: bool) -> None:
    made = keyboard(((Button("Tell", url="https://t.me/share", inline="Ada"),),), has_inline=has_inline)

    assert made
    (button,) = made.inline_keyboard[0]
    assert (button.switch_inline_query, button.url) == (("Ada", None) if has_inline else (None, "https://t.me/share"))
