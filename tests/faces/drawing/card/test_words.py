"""Texts of a card: wrapped, then smaller, then shortened in the middle; a licence at the end is never lost."""

import numpy as np
import pytest
from PIL import Image

from lookalike.core.language.credits import card_credit
from lookalike.core.language.texts import all_texts
from lookalike.faces.drawing.card import words
from lookalike.faces.drawing.card.card import CardFormat
from lookalike.faces.drawing.card.layout import LAYOUTS, TextBox
from lookalike.faces.drawing.card.words import MOST_LETTERS, text_mask, wrapped
from lookalike.faces.drawing.lettering import draw_line, drawable_part, line_length

pytestmark = [pytest.mark.fast, pytest.mark.usefixtures("raqm")]

LICENCE = ", CC BY-SA 4.0, cropped"
LONGEST_LICENCE = "Creative Commons Attribution-Share Alike 4.0-3.0-2.5-2.0-1.0"  # that is collected, in UsageTerms
# As Commons has them: an agency with a place and a date, several people with links to them, a text in two languages.
CREDITS = [
    "Photo: Bundesarchiv, Bild 183-R87657 / Hans-Günter von der Heide-Krummhübel / CC-BY-SA 3.0" + LICENCE,
    "Photo: U.S. Navy photo by Mass Communication Specialist 2nd Class (SW) Aaron Peterson, edited by Example User, "
    "cropped and retouched by Another User of the English-language Wikipedia, uploaded by a third one" + LICENCE,
    "Foto: Кинопоиск и «Российская газета», пресс-служба фестиваля «Золотой орёл», фотограф неизвестен" + LICENCE,
    "الصورة: وزارة الثقافة والإعلام، مهرجان البحر الأحمر السينمائي الدولي" + LICENCE,
]
TEXTS = all_texts()
BOXES = [layout.name for layout in LAYOUTS.values()]


@pytest.mark.parametrize("box", [layout.credit for layout in LAYOUTS.values()], ids=LAYOUTS)
@pytest.mark.parametrize("credit", CREDITS)
def test_the_longest_credits_stand_whole(credit: str, box: TextBox) -> None:
    lines, size = wrapped(drawable_part(credit, MOST_LETTERS), "Regular", box)

    assert " ".join(lines).replace("- ", "-") == credit.replace("- ", "-")
    assert size >= box.least


@pytest.mark.parametrize("format", CardFormat)
def test_a_credit_that_cannot_stand_whole_keeps_its_licence(format: CardFormat) -> None:
    lines, size = wrapped("x" * 900 + LICENCE, "Regular", LAYOUTS[format].credit)

    assert "".join(lines).endswith(LICENCE.replace(" ", "")) or " ".join(lines).endswith(LICENCE)
    assert "…" in "".join(lines)
    assert size == LAYOUTS[format].credit.least


@pytest.mark.parametrize("author", ["Aaron Peterson and " * 20, "李小龙" * 100, "W" * 300, "x, " * 660])
@pytest.mark.parametrize("language", TEXTS)
def test_the_longest_licence_is_never_lost(language: str, author: str, monkeypatch: pytest.MonkeyPatch) -> None:
    box, lines = (
        min((layout.credit for layout in LAYOUTS.values()), key=lambda box: box.width * box.height),
        list[str](),
    )

    def drawing(text: str, weight: str, size: int, room: int) -> Image.Image:
        lines.append(text)
        return draw_line(text, weight, size, room)

    monkeypatch.setattr(words, "draw_line", drawing)
    credit = card_credit(TEXTS[language], author, LONGEST_LICENCE, is_cropped=True)
    text_mask.__wrapped__(credit, "Regular", box)
    end = drawable_part(credit[credit.index(author) + len(author) :], len(credit))

    assert end.count(LONGEST_LICENCE) == 2
    assert "".join(lines).replace(" ", "").endswith(end.replace(" ", ""))


def test_more_letters_than_are_looked_at_keep_their_end_too() -> None:
    box = LAYOUTS[CardFormat.CHAT].credit
    endless, other = (text_mask("x" * 2000 + end, "Regular", box).mask for end in (LICENCE, ", CC0"))

    assert endless is not None
    assert other is not None
    assert endless.tobytes() != other.tobytes()


@pytest.mark.parametrize("letters", ["李小龙", "สมชายวงศ์สวัสดิ์", "Aaron Peterson and "], ids=["chinese", "thai", "latin"])
def test_of_an_endless_credit_few_letters_are_measured(monkeypatch: pytest.MonkeyPatch, letters: str) -> None:
    measured: list[str] = []

    def measuring(text: str, weight: str, size: int) -> float:
        measured.append(text)
        return line_length(text, weight, size)

    monkeypatch.setattr(words, "line_length", measuring)
    endless = (letters * 2000)[: 2000 - len(LICENCE)] + LICENCE

    assert text_mask.__wrapped__(endless, "Regular", LAYOUTS[CardFormat.CHAT].credit).mask is not None
    assert sum(map(len, measured)) < 20 * MOST_LETTERS


@pytest.mark.parametrize("box", BOXES, ids=LAYOUTS)
@pytest.mark.parametrize(
    "name",
    ["Wolfeschlegelsteinhausenbergerdorff-Schmidt von und zu Hohenfels",
     "Константин Константинович Рокоссовский-Заозёрский Второй",
     "عبد الرحمن بن خالد بن محمد العبد الله الفيصل الثاني", "प्रियंका चोपड़ा जोनास श्रीनिवासन वेंकटरमण अय्यर", "李小龙" * 21],
    ids=["latin", "cyrillic", "arabic", "hindi", "chinese"],
)  # fmt: skip
def test_a_name_of_64_letters_stands_whole(name: str, box: TextBox) -> None:
    lines, _ = wrapped(name, "Bold", box)

    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert len(lines) > 1


def test_a_name_wraps_before_it_is_made_smaller() -> None:
    box = TextBox(300, 100, 40, 20)

    assert wrapped("Keanu", "Bold", box) == (["Keanu"], 40)
    assert wrapped("Keanu Charles Reeves", "Bold", box) == (["Keanu Charles", "Reeves"], 40)
    lines, size = wrapped("Wolfeschlegelstein Hausen", "Bold", box)
    assert len(lines) == 2
    assert 20 < size < 40


@pytest.mark.parametrize("text", ["Thai สมชาย วงศ์สวัสดิ์ณอยุธยาเจริญสุขสวัสดิ์พัฒนา", "W" * 200, "Wi " * 60, "a-b" * 50])
def test_no_line_is_wider_than_its_box(text: str) -> None:
    box = TextBox(200, 60, 30, 16)
    lines, size = wrapped(drawable_part(text), "Bold", box)

    assert lines
    assert all(line_length(line, "Bold", size) <= box.width for line in lines)
    assert all(len(line.strip()) == len(line) for line in lines)


@pytest.mark.parametrize("text", ["Agjpqy|Å", "ЙЦДЩ", "ليلى", "प्रियंका", "李小龙", "W" * 500, "Wi " * 99])
def test_letters_are_not_cut_off_at_the_edges(text: str) -> None:
    """A mask begins and ends with its letters: what a larger box shows of them is no more."""
    for box in (TextBox(376, 100, 42, 20), TextBox(752, 44, 16, 11)):
        found = text_mask(text, "Bold", box)
        assert found.mask is not None
        pixels = np.asarray(found.mask)
        assert pixels.max() == 255
        assert found.top > 0
        assert found.top + found.mask.height <= found.height + box.size
        assert found.left + found.mask.width <= box.width


@pytest.mark.parametrize("text", ["", " ", "🙂", "\x07"])
def test_what_has_no_letters_has_no_mask(text: str) -> None:
    assert text_mask(text, "Bold", BOXES[0]).mask is None
    assert text_mask(text, "Bold", BOXES[0]).height == 0
