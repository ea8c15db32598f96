"""The words beside a morph: the credit, and the same licence where the star's photo asks for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from lookalike.faces.drawing.card.card import Card
from lookalike.gallery.catalogue import CelebrityPhoto
from lookalike.telegram_bot.callback_data import MorphAt, StripAt
from lookalike.telegram_bot.replies.drawn import morph_card
from lookalike.telegram_bot.replies.reply import Reply
from tests.telegram_bot.test_replies import CREDIT, TEXTS, match_of, neighbour

BOX = (10, 10, 90, 90)


def made(
    photos: Path, photo: CelebrityPhoto | None, shown: MorphAt | StripAt | None = None
) -> tuple[Card, Reply] | None:
    (photos / CREDIT.file).touch()
    return morph_card(TEXTS["en"], match_of(neighbour(photo=photo)), shown or MorphAt(0, "any"), photos)


def test_a_morph_of_a_share_alike_photo_says_so_with_links_to_source_and_licence(tmp_path: Path) -> None:
    found = made(tmp_path, CREDIT.model_copy(update={"box": BOX}))

    assert found
    _, reply = found
    assert "This picture may be passed on under CC BY-SA 4.0 too." in reply.text
    assert {link.url for link in reply.links} == {CREDIT.source_url, CREDIT.license_url}
    assert [[button.data for button in row] for row in reply.buttons] == [["card:strip:0:any"]]


def test_another_licence_asks_for_no_more_than_its_credit(tmp_path: Path) -> None:
    found = made(tmp_path, CREDIT.model_copy(update={"box": BOX, "license": "CC BY 4.0"}), StripAt(0, "any"))

    assert found
    _, reply = found
    assert "Jo Doe" in reply.text
    assert "passed on" not in reply.text
    assert reply.buttons == ()


@pytest.mark.parametrize(
    "change", [{"box": None}, {"box": BOX, "license": "CC BY-ND 4.0"}, {"box": BOX, "file": "gone"}]
)
def test_a_photo_that_is_not_there_or_may_not_be_changed_makes_none(tmp_path: Path, change: dict[str, object]) -> None:
    assert made(tmp_path, CREDIT.model_copy(update=change)) is None
    assert made(tmp_path, None) is None


def test_a_place_behind_the_last_star_is_the_last_one(tmp_path: Path) -> None:
    photo = CREDIT.model_copy(update={"box": BOX})
    (tmp_path / CREDIT.file).touch()
    last = morph_card(TEXTS["en"], match_of(neighbour(photo=photo)), MorphAt(5, "any"), tmp_path)

    assert last
    assert last[0] == replace(last[0], star_name="Keanu Reeves")
