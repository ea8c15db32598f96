"""What stands on a card, and under which name the page is."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from lookalike.core.language.texts import all_texts
from lookalike.faces.drawing.avatar.order import AvatarOrder
from lookalike.faces.drawing.card.card import Card, CardFormat
from lookalike.faces.types import Face, Reason, Refusal
from lookalike.gallery.matching import FaceMatch, percent
from lookalike.web.app import build_app
from lookalike.web.pictures.making import NOT_SEEN_WELL, CardWords, NotMade, make, share_card, star_of
from lookalike.web.pictures.orders import PictureKind, read_order
from tests.support.web.page import picture, serving
from tests.support.web.portraits import NO_CHANGES, NO_PHOTO, SHARE_ALIKE, HeldDraws, Home


@pytest.fixture
def match(portraits: Home, face: Face) -> FaceMatch:
    return FaceMatch(face.box, portraits.gallery.nearest(face.embedding, 6), face.turn, eyes=face.eyes)


def card_of(match: FaceMatch, id: str, photos: Path, language: str = "en") -> Card:
    star = star_of(match, id)
    assert star
    return share_card(match, star, photos, CardWords(all_texts()[language], "faces.example.org"), CardFormat.STORY)


def test_a_card_says_who_how_alike_whose_photo_and_where(match: FaceMatch, portraits: Home) -> None:
    card, star = card_of(match, SHARE_ALIKE, portraits.photos, "ru"), star_of(match, SHARE_ALIKE)
    assert star

    assert (card.name, card.star_name, card.percent) == ("Вы", "Нова Звезда1", percent(star.similarity))
    assert card.credit == "Фото: A. Photographer, CC BY-SA 4.0, фрагмент · карточка: CC BY-SA 4.0"
    assert (card.address, card.question) == ("faces.example.org", all_texts()["ru"]("card-question"))
    assert (card.star_box, card.star_eyes) == (match.box, match.eyes)
    assert (card.format, card.is_tile) == (CardFormat.STORY, False)


def test_a_photo_that_may_not_be_changed_is_shown_whole(match: FaceMatch, portraits: Home) -> None:
    card = card_of(match, NO_CHANGES, portraits.photos)

    assert (card.star_box, card.credit, card.is_tile) == (None, "Photo: A. Photographer, CC BY-ND 4.0", False)


def test_a_star_without_a_photo_is_drawn_as_a_tile(match: FaceMatch, portraits: Home) -> None:
    card = card_of(match, NO_PHOTO, portraits.photos)

    assert (card.is_tile, card.star_photo, card.credit) == (True, "", "")


class Draughtsman(HeldDraws):
    """Keeps what it is asked for, and makes nothing."""

    def __init__(self, face: Face) -> None:
        super().__init__(face)
        self.cards: list[Card] = []
        self.avatars: list[AvatarOrder] = []

    async def avatar(self, photo: bytes, order: AvatarOrder) -> bytes | Refusal:
        self.avatars.append(order)
        return Refusal(Reason.NO_FACE)

    async def draw(self, photo: bytes, card: Card) -> bytes | None:
        self.cards.append(card)
        return None


async def test_the_others_on_a_photo_are_left_out_of_a_drawing(match: FaceMatch, face: Face, portraits: Home) -> None:
    draws, beside = Draughtsman(face), replace(match, box=(0, 0, 40, 40))
    order, words = read_order(PictureKind.AVATAR, {"face": "2"}), CardWords(all_texts()["en"], "")
    made = await make(draws, b"a photo", order, (match, beside), portraits.photos, words)

    assert [(one.box, one.others) for one in draws.avatars] == [((0, 0, 40, 40), (match.box,))]
    assert made == NotMade.because(NOT_SEEN_WELL)


async def test_the_address_is_a_name_that_is_allowed_and_no_other(face: Face, portraits: Home) -> None:
    draws = Draughtsman(face)
    for hosts in (frozenset({"faces.example.org"}), frozenset("*")):
        app = build_app(draws.find, lambda: portraits.gallery, portraits.photos, draws=draws, hosts=hosts)
        async with serving(app) as client:
            for host in ("faces.example.org:443", "faces.example.org:8443", "localhost", "127.0.0.1"):
                answer = await _card(client, host)

    assert [card.address for card in draws.cards if not card.is_tile] == [
        "faces.example.org", "faces.example.org:8443", *[""] * 6
    ]  # fmt: skip
    assert (answer.status_code, answer.json()["outcome"]) == (422, "unreadable")


async def _card(client: httpx.AsyncClient, host: str) -> httpx.Response:
    return await client.post(
        "/api/pictures/card", files={"photo": ("me.jpg", picture())}, headers={"host": host}
    )  # fmt: skip
