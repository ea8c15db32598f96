"""What people read: every text in every language, exact words, and the limits of Telegram."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lookalike.faces.types import Doubt, Reason, Refusal
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Neighbour
from lookalike.gallery.matching import FaceMatch, Match, percent
from lookalike.store.models import Answer, Ranked
from lookalike.telegram_bot.replies import photo_answer
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.replies.sharing.collection import CollectedStar, my_stars
from lookalike.telegram_bot.texts import all_texts, languages

TEXTS = all_texts()
KEANU = Celebrity(
    id="Keanu_Reeves",
    name={"en": "Keanu Reeves", "ru": "Киану Ривз"},
    description={"en": "Canadian actor", "ru": "канадский актёр"},
    url={"en": "https://en.wikipedia.org/wiki/Keanu_Reeves", "ru": "https://ru.wikipedia.org/wiki/Ривз,_Киану"},
)
CREDIT = CelebrityPhoto(
    file="Keanu.jpg",
    author="Jo Doe",
    license="CC BY-SA 4.0",
    license_url="https://creativecommons.org/licenses/by-sa/4.0",
    source_url="https://commons.wikimedia.org/wiki/File:K.jpg",
)


def neighbour(celebrity: Celebrity = KEANU, similarity: float = 0.87, photo: CelebrityPhoto | None = None) -> Neighbour:
    return Neighbour(celebrity, 0.5, 0.5, similarity, photo)


def match_of(*faces: Neighbour) -> Match:
    return Match(tuple(FaceMatch((10 * i, 0, 10 * i + 9, 9), (one,)) for i, one in enumerate(faces)))


def answer(outcome: Match | Refusal, language: str = "en", photos: Path = Path("nowhere")) -> Reply:
    return photo_answer.answer(
        TEXTS[language], outcome, user_name="Ann", bot_name="look_bot", photos_dir=photos
    )  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_every_reason_has_a_text_of_its_own(language: str) -> None:
    said = {answer(Refusal(reason), language).text for reason in Reason}

    assert len(said) == len(Reason)


@pytest.mark.parametrize("language", languages())
def test_every_doubt_is_said_beside_the_answer_in_a_text_of_its_own(language: str) -> None:
    plain = answer(match_of(neighbour()), language).text
    said = {answer(doubtful(doubt), language).text for doubt in Doubt}

    assert len(said) == len(Doubt)
    assert all(text.startswith(plain + "\n\n") for text in said)


def doubtful(doubt: Doubt) -> Match:
    (face,) = match_of(neighbour()).faces
    return Match((replace(face, doubt=doubt),))


def test_the_answer_names_the_star_who_that_is_and_the_percentage() -> None:
    assert answer(match_of(neighbour())).text == (
        "87% Keanu Reeves, Canadian actor\n"
        "A striking likeness!\n"
        "You look more like your star than 87% of people look like theirs."
    )


def test_the_answer_in_russian() -> None:
    text = answer(match_of(neighbour()), "ru").text

    assert text.startswith("87% Киану Ривз, канадский актёр\nПоразительное сходство!")


@pytest.mark.parametrize(("similarity", "shown"), [(0.0, 1), (0.004, 1), (0.5, 50), (0.9949, 99), (1.0, 99)])
def test_a_percentage_has_at_most_two_digits_and_is_never_zero(similarity: float, shown: int) -> None:
    assert percent(similarity) == shown


def test_without_a_photo_of_the_star_there_is_a_preview_and_no_card() -> None:
    reply = answer(match_of(neighbour(photo=CREDIT)))

    assert (reply.card, reply.preview_url) == (None, KEANU.url["en"])


def test_the_links_lead_to_the_article_in_the_users_language() -> None:
    reply = answer(match_of(neighbour()), "ru")

    assert reply.preview_url == KEANU.url["ru"]
    assert KEANU.url["ru"] in [row[0].url for row in reply.buttons]


def test_with_a_photo_of_the_star_there_is_a_card_and_its_credit(tmp_path: Path) -> None:
    (tmp_path / "Keanu.jpg").touch()
    reply = answer(match_of(neighbour(photo=CREDIT)), photos=tmp_path)

    assert reply.card is not None
    assert reply.card.credit == "Photo: Jo Doe, CC BY-SA 4.0"
    assert (reply.card.name, reply.card.star_name, reply.card.percent) == ("Ann", "Keanu Reeves", 87)
    assert reply.text.endswith("\n📷 Jo Doe, CC BY-SA 4.0")


PLACE = {"box": (10, 20, 110, 120), "eyes": (40.0, 50.0, 80.0, 51.0)}


@pytest.mark.parametrize(("language", "cropped"), [("en", "cropped"), ("ru", "фрагмент")])
def test_the_stars_photo_is_cut_to_the_face_and_the_credit_says_so(tmp_path: Path, language: str, cropped: str) -> None:
    (tmp_path / "Keanu.jpg").touch()
    star = neighbour(photo=CREDIT.model_copy(update=PLACE))
    (face,) = match_of(star).faces
    reply = answer(Match((replace(face, eyes=(1.0, 2.0, 5.0, 2.0)),)), language, photos=tmp_path)

    assert reply.card is not None
    assert (reply.card.eyes, reply.card.star_box, reply.card.star_eyes) == ((1, 2, 5, 2), PLACE["box"], PLACE["eyes"])
    assert f"Jo Doe, CC BY-SA 4.0, {cropped} · " in reply.card.credit


@pytest.mark.parametrize("license", ["CC BY-ND 4.0", "cc by-nc-nd 2.0"])
def test_a_photo_whose_licence_allows_no_changes_is_shown_whole(tmp_path: Path, license: str) -> None:
    (tmp_path / "Keanu.jpg").touch()
    photo = CREDIT.model_copy(update=PLACE | {"license": license})
    reply = answer(match_of(neighbour(photo=photo)), photos=tmp_path)

    assert reply.card is not None
    assert (reply.card.star_box, reply.card.credit) == (None, f"Photo: Jo Doe, {license}")


def linked(reply: Reply) -> list[tuple[str, str]]:
    """The words that are links, as Telegram finds them, with where they lead."""
    units = reply.text.encode("utf-16-le")
    return [(units[2 * a.start : 2 * (a.start + a.length)].decode("utf-16-le"), a.url) for a in reply.links]


@pytest.mark.parametrize("language", languages())
def test_the_credit_leads_to_the_photo_and_to_its_licence(tmp_path: Path, language: str) -> None:
    (tmp_path / "Keanu.jpg").touch()
    famous = KEANU.model_copy(update={"description": {"en": "actor 🎬🎬"}})  # two units each

    assert linked(answer(match_of(neighbour(famous, photo=CREDIT)), language, tmp_path)) == [
        ("Jo Doe", "https://commons.wikimedia.org/wiki/File:K.jpg"),
        ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0"),
    ]


@pytest.mark.parametrize(
    ("known", "credit", "links"),
    [
        ({"author": None}, "📷 source, CC BY-SA 4.0", ["source", "CC BY-SA 4.0"]),
        ({"author": None, "license": None}, "📷 source", ["source"]),
        ({"license": None, "license_url": None}, "📷 Jo Doe", ["Jo Doe"]),
        ({"license_url": None}, "📷 Jo Doe, CC BY-SA 4.0", ["Jo Doe", "CC BY-SA 4.0"]),
        ({"source_url": None, "author": None}, "📷 CC BY-SA 4.0", ["CC BY-SA 4.0"]),
        ({"source_url": "javascript:x", "license_url": "x"}, "📷 Jo Doe, CC BY-SA 4.0", []),
        ({"author": "CC BY-SA 4.0"}, "📷 CC BY-SA 4.0, CC BY-SA 4.0", ["CC BY-SA 4.0"] * 2),
        ({"author": "", "license": "", "source_url": None, "license_url": None}, "people look like theirs.", []),
    ],
)
def test_a_credit_says_what_is_known(
    tmp_path: Path, known: dict[str, str | None], credit: str, links: list[str]
) -> None:
    (tmp_path / "Keanu.jpg").touch()
    reply = answer(match_of(neighbour(photo=CREDIT.model_copy(update=known))), photos=tmp_path)

    assert reply.text.endswith(credit)
    assert [words for words, _ in linked(reply)] == links
    assert len({link.start for link in reply.links}) == len(reply.links)


def test_a_link_that_no_longer_fits_into_the_caption_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "Keanu.jpg").touch()
    long = KEANU.model_copy(update={"description": {"en": "a" * 940}})
    reply = answer(match_of(neighbour(long, photo=CREDIT)), photos=tmp_path)

    assert linked(reply) == []


def test_several_people_are_numbered_from_left_to_right_and_nobody_is_called_you() -> None:
    bo, cy = (KEANU.model_copy(update={"name": {"en": name}}) for name in ("Bo", "Cy"))
    outcome = match_of(neighbour(), neighbour(bo, 0.2), neighbour(cy, 0.4))
    swapped = replace(outcome, faces=(outcome.faces[0], outcome.faces[2], outcome.faces[1]))
    reply = answer(swapped)

    lines = [line for line in reply.text.splitlines() if line[:1].isdigit()]
    assert [line[:2] for line in lines] == ["1.", "2.", "3."]
    assert {"Bo – 20%", "Cy – 40%"} < {line[3:] for line in lines}
    assert "you" not in reply.text.lower()
    assert list(reply.numbered) == sorted((face.box for face in outcome.faces), key=lambda box: box[0])


def test_a_crowd_fits_into_a_caption() -> None:
    long = KEANU.model_copy(update={"name": {"en": "N" * 150}})
    text = answer(match_of(*[neighbour(long)] * 30)).text

    assert len(text) <= 1024
    assert text.endswith(" – 87%")


def test_a_crowd_is_counted() -> None:
    assert answer(match_of(*[neighbour()] * 12)).text.endswith("…and 2 more")


def test_buttons_lead_to_the_encyclopedia_and_to_friends() -> None:
    buttons = [row[0] for row in answer(match_of(neighbour())).buttons]

    assert buttons[0] == Button("Who is Keanu Reeves?", url=KEANU.url["en"])
    assert buttons[2].url is not None
    assert buttons[2].url.startswith("https://t.me/share/url?url=https%3A//t.me/look_bot&text=I%20look%20like")


def test_more_lists_who_came_next_with_links() -> None:
    found = Answer(
        "a1", 1, datetime(2026, 1, 1, tzinfo=UTC), "match", (Ranked("k", "Keanu", 0.87), Ranked("b", "Bo 🎬", 0.4))
    )
    reply = photo_answer.more(TEXTS["en"], found, {"b": "https://b"}, has_photo=True)

    assert reply.text == "After Keanu (87%), you look most like:\n\n2. Bo 🎬 – 40%"
    assert linked(reply) == [("Bo 🎬", "https://b")]
    assert reply.preview_url == "https://b"
    assert [one.data for one in reply.buttons[0]] == ["more.2:1:any"]
    assert photo_answer.more(TEXTS["en"], found, {}, has_photo=False).buttons == ()
    assert "nothing more" in photo_answer.more(TEXTS["en"], None, {}, has_photo=True).text


def collected(number: int, people: int = 2) -> CollectedStar:
    star = Celebrity(id=f"Q{number}", name={"en": f"Star {number}"}, fame=number)
    return CollectedStar(star, days=number % 3, times=1 + number % 2, people=people)


@pytest.mark.parametrize("language", languages())
def test_stars_are_paged_with_buttons_to_each_and_the_rarest_above(language: str) -> None:
    stars = [collected(number) for number in range(20)]
    stars[13] = collected(13, people=1)
    pages = [
        my_stars(TEXTS[language], stars, page, gallery_size=930, unmet=5, tells_friends=False) for page in range(4)
    ]

    assert [one.data for row in pages[1].buttons for one in row] == [
        *(f"star:Q{number}" for number in range(8, 16)), "menu:mine:0", "menu:mine:1", "menu:mine:2", "menu:link:yes",
    ]  # fmt: skip
    assert pages[3] == pages[2]
    assert all("Star 13" in page.text.split("\n\n")[0] for page in pages)
    assert len(pages[0].text) < 1000
