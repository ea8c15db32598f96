"""50 strangers beside each other as share cards of every format, in every design; and cards with long names.

Tried and rejected: squares of 430 px with a margin around them on a wide card (a phone shows the faces half as large),
the percentage in the middle of that height (it covers cheeks), 800 x 1000 px (a millisecond more, nothing to be seen on
a phone), a face that stays small beside one whose photo has no room around it (one looks like a child), and the eyes of
such a face at their own height (the two do not look like a pair).
"""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from pathlib import Path

from lookalike.faces.drawing.card.card import Card, CardFormat
from lookalike.faces.drawing.card.design import card_designs
from lookalike.faces.drawing.card.draw import draw
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Face
from pictures_of.contact_sheet import contact_sheet, small
from pictures_of.strangers import strangers

HIGH_PX = 480  # of a card of a sheet
ROUNDS = 5  # of all photos, for the cost
CREDIT = "Photo: Somebody Else, CC BY-SA 4.0, cropped"
LONG_CREDIT = f"Photo: {'Ministry of Culture and Mass Communications, ' * 5}CC BY-SA 3.0 DE, cropped"
NAMES = [
    ("Wolfeschlegelsteinhausenbergerdorff-Schmidt von und zu Hohenfels", "Константин Константинович Рокоссовский"),
    ("محمد عبد الله الأنصاري", "عبد الرحمن بن خالد بن محمد العبد الله الفيصل"),
    ("प्रियंका चोपड़ा जोनास", "สมชาย วงศ์สวัสดิ์ณอยุธยา"),
    ("W" * 64, "李小龙" * 21),
    ("", "Ángela Ruiz"),
]

Stranger = tuple[bytes, Face]


def draw_cards(folder: Path) -> None:
    """Write the sheets and print what a card of each format costs."""
    people = [(photo, faces[0]) for photo, faces in strangers(FaceFinder())]
    designs = itertools.cycle(card_designs().by_name)
    pairs = list(zip(people, people[1:] + people[:1], strict=True))
    rows = [
        [small(_drawn(one, other, format=format, design=design), HIGH_PX) for format in CardFormat]
        for (one, other), design in zip(pairs, designs, strict=False)
    ]
    contact_sheet(rows, in_a_row=5).save(folder / "cards.jpg", quality=85)
    first, second = people[:2]
    long = [
        [
            small(_drawn(first, second, format=format, name=name, star_name=star, **_more(name)), 960)
            for name, star in NAMES
        ]
        for format in CardFormat
    ]
    contact_sheet(long).save(folder / "card_names.jpg", quality=90)
    print(_costs(people))


def _more(name: str) -> dict[str, object]:
    """A long credit; without a name no photo of the star."""
    return {"credit": LONG_CREDIT, "star_note": "who became known for something else"} if name else {"is_tile": True}


def _drawn(one: Stranger, other: Stranger, **values: object) -> bytes:
    (photo, face), (star_photo, star) = one, other
    card = Card(
        face.box, "Ann", "A star", "who that is", "", 87, CREDIT, "t.me/your_lookalike_bot", face.turn, face.eyes,
        star.box, star.eyes, star.turn, name_else="You", question="And you? Who do you look like?",
    )  # fmt: skip
    return draw(photo, replace(card, **values), star_photo)  # type: ignore[arg-type]


def _costs(people: list[Stranger]) -> str:
    """Least CPU time, lower quartile and bytes of each format; the formats take turns, the star is always the same."""
    times: dict[CardFormat, list[float]] = {format: [] for format in CardFormat}
    sizes: dict[CardFormat, list[int]] = {format: [] for format in CardFormat}
    for _, one, format in itertools.product(range(ROUNDS), people, CardFormat):
        before = time.process_time()
        made = _drawn(one, people[0], format=format)
        times[format].append(1000 * (time.process_time() - before))
        sizes[format].append(len(made))
    return "\n".join(
        f"{format}: CPU least {min(times[format]):.1f} ms, lower quartile {_quantile(times[format], 0.25):.1f} ms;"
        f" median {_quantile(sizes[format], 0.5) / 1000:.0f} kB, most {max(sizes[format]) / 1000:.0f}"
        for format in CardFormat
    )


def _quantile(values: list[float] | list[int], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]
