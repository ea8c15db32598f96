"""What is on a card: of an answer in every format, of an album, of several people; and under which licence it is."""

from pathlib import Path

import pytest

from lookalike.core.language.languages import languages
from lookalike.faces.drawing.card.card import Card, CardFormat
from lookalike.gallery.catalogue import CelebrityPhoto
from lookalike.gallery.matching import PooledMatch
from lookalike.telegram_bot.callback_data import CardAs
from lookalike.telegram_bot.replies.album_answer import of_one_person
from lookalike.telegram_bot.replies.answer_buttons import Shown
from lookalike.telegram_bot.replies.card_formats import formatted
from lookalike.telegram_bot.replies.everybody import cards
from lookalike.telegram_bot.replies.reply import Reply
from tests.telegram_bot.test_replies import CREDIT, KEANU, TEXTS, answer, match_of, neighbour

CUT = CREDIT.model_copy(update={"box": (10, 20, 110, 120)})


def formats_of(reply: Reply) -> list[str]:
    """The data of the buttons to other formats."""
    data = [button.data or "" for row in reply.buttons for button in row]
    return [one for one in data if one.startswith(("card:story", "card:square"))]


def made(photos: Path, photo: CelebrityPhoto | None, wanted: CardAs, language: str = "en") -> tuple[Reply, Card]:
    """The reply to a press, and its card; `photos` has the file of CREDIT."""
    (photos / CREDIT.file).touch()
    match = match_of(neighbour(photo=photo))
    reply = formatted(TEXTS[language], match, wanted, user_name="Ann", bot_name="look_bot", photos_dir=photos)
    assert reply.card
    return reply, reply.card


@pytest.mark.parametrize("language", languages())
def test_an_answer_has_both_other_formats_in_one_row(language: str) -> None:
    reply = answer(match_of(neighbour()), language)

    assert formats_of(reply) == ["card:story:0:any", "card:square:0:any"]
    assert any([button.data for button in row] == formats_of(reply) for row in reply.buttons)


def test_a_photo_of_several_people_has_them_not() -> None:
    assert formats_of(answer(match_of(neighbour(), neighbour()))) == []


@pytest.mark.parametrize("format", ["story", "square"])
def test_the_card_comes_in_that_format_with_its_credit(tmp_path: Path, format: str) -> None:
    reply, card = made(tmp_path, CUT, CardAs(format, 0, "any"))

    assert card.format is CardFormat(format)
    assert (card.name, card.star_name, card.percent, card.is_tile) == ("Ann", "Keanu Reeves", 87, False)
    assert (card.question, card.address) == ("And you? Who do you look like?", "t.me/look_bot")
    assert reply.text == "Keanu Reeves – 87%\n📷 Jo Doe, CC BY-SA 4.0"
    assert {link.url for link in reply.links} == {CREDIT.source_url, CREDIT.license_url}


@pytest.mark.parametrize("photo", [None, CREDIT.model_copy(update={"file": "gone.jpg"})], ids=["none", "gone"])
def test_without_a_photo_there_is_a_tile_and_nothing_to_credit(tmp_path: Path, photo: CelebrityPhoto | None) -> None:
    reply, card = made(tmp_path, photo, CardAs("story", 9, "any"))

    assert (card.is_tile, card.star_photo, card.credit) == (True, "", "")
    assert reply.text == "Keanu Reeves – 87%"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("license", "times"), [("CC BY-SA 4.0", 2), ("CC BY 4.0", 1)])
def test_a_card_of_a_cut_share_alike_photo_names_its_own_licence(
    tmp_path: Path, language: str, license: str, times: int
) -> None:
    _, card = made(tmp_path, CUT.model_copy(update={"license": license}), CardAs("story", 0, "any"), language)

    assert card.credit.count(license) == times


def test_a_photo_that_is_shown_whole_leaves_the_card_without_a_licence(tmp_path: Path) -> None:
    _, card = made(tmp_path, CREDIT, CardAs("story", 0, "any"))

    assert card.credit == "Photo: Jo Doe, CC BY-SA 4.0"


def test_the_card_of_an_album_says_of_how_many_photos(tmp_path: Path) -> None:
    (tmp_path / CREDIT.file).touch()
    pooled = PooledMatch(match_of(neighbour(photo=CUT)), photos=4, shown=0, left_out=0)
    reply = of_one_person(TEXTS["en"], pooled, user_name="Ann", bot_name="look_bot", photos_dir=tmp_path, shown=Shown())

    assert reply.card
    assert reply.card.note == "from 4 photos"


def test_of_several_people_a_star_without_a_photo_is_a_tile(tmp_path: Path) -> None:
    (tmp_path / CREDIT.file).touch()
    found = cards(TEXTS["en"], match_of(neighbour(photo=CUT), neighbour()), bot_name="b", photos_dir=tmp_path)

    assert [(one.card.name, one.card.is_tile) for one in found] == [("1", False), ("2", True)]
    assert cards(TEXTS["en"], match_of(neighbour(), neighbour()), bot_name="b", photos_dir=tmp_path) == []


def test_a_star_is_named_in_the_users_language(tmp_path: Path) -> None:
    _, card = made(tmp_path, CUT, CardAs("square", 0, "any"), "ru")

    assert card.star_name == KEANU.name["ru"]
    assert card.question == "А вы? На кого похожи вы?"
