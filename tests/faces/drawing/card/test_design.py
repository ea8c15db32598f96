"""The colours of cards: one file, checked; a design for every day; texts that can be read on all of them."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from lookalike.core.errors import SettingsError
from lookalike.faces.drawing.card.design import FILE, CardDesign, Rgb, card_designs, design_chooser

pytestmark = pytest.mark.fast

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3


def luminance(colour: Rgb) -> float:
    """Relative luminance, as WCAG defines it."""
    linear = [one / 255 / 12.92 if one <= 10 else ((one / 255 + 0.055) / 1.055) ** 2.4 for one in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def on_each_other(design: CardDesign) -> Iterator[tuple[str, Rgb, Rgb]]:
    """Every text of a card, and what is behind it."""
    for behind in design.background:
        yield from (("name", design.ink, behind), ("note", design.faint, behind), ("question", design.accent, behind))
    yield from (("initials", design.ink, behind) for behind in design.tile)
    yield "percentage", design.ink, design.badge
    yield "address", design.badge, design.accent


@pytest.mark.parametrize("name", card_designs().by_name)
def test_every_text_stands_out_from_what_is_behind_it(name: str) -> None:
    for text, ink, behind in on_each_other(card_designs().by_name[name]):
        assert contrast(ink, behind) >= LEAST_CONTRAST, text


def test_contrast_is_that_of_black_on_white() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-12-26", "night"), ("2026-12-27", "new-year"), ("2027-01-02", "new-year"), ("2027-01-03", "night"),
     ("2026-02-14", "valentine"), ("2026-10-31", "halloween"), ("2026-11-02", "night")],
)  # fmt: skip
def test_a_design_begins_and_ends_on_its_days(day: str, name: str) -> None:
    assert card_designs().on(date.fromisoformat(day)).name == name


def test_every_day_has_a_design_and_every_design_a_day() -> None:
    days = [date(2028, 1, 1) + timedelta(days) for days in range(366)]

    assert {card_designs().on(day).name for day in days} == set(card_designs().by_name)


def test_a_design_is_chosen_by_its_name_or_by_the_day() -> None:
    assert design_chooser("halloween", lambda: date(2026, 2, 14))() == "halloween"
    assert design_chooser("auto", lambda: date(2026, 2, 14))() == "valentine"


def test_a_name_that_is_none_is_a_wrong_setting_that_says_which_there_are() -> None:
    with pytest.raises(SettingsError, match="CARD_DESIGN: must be auto or one of night, new-year"):
        design_chooser("spring", lambda: date(2026, 2, 14))


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('ink = "#ffffff"', 'ink = "white"', "night, ink: must be a colour as #rrggbb"),
        ('background = ["#1b1838", "#43215f"]', 'background = "#1b1838"', "night, background: must be a list of two"),
        ('faint = "#c9c0da"\n', "", "night: must have accent, background"),
        ('faint = "#c9c0da"', 'faint = "#c9c0da"\nshadow = "#000000"', "night: must have"),
        ('days = ["12-27", "01-02"]', 'days = ["12-27", "02-31"]', "new-year, days: must be a day as month-day"),
        ('days = ["12-27", "01-02"]\n', "", "exactly one design must be without days"),
        ("[night]", "night = 3\n[x]", "night: must have"),
        ("[night]", "[night", "cannot be read"),
    ],
)
def test_a_wrong_file_is_one_clear_error(tmp_path: Path, before: str, after: str, problem: str) -> None:
    text, file = FILE.read_text(), tmp_path / "card_designs.toml"
    assert before in text
    file.write_text(text.replace(before, after, 1))

    with pytest.raises(SettingsError) as error:
        card_designs(file)
    assert problem in str(error.value)
    assert "card_designs.toml" in str(error.value)


def test_a_missing_file_is_the_same(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"card_designs\.toml cannot be read"):
        card_designs(tmp_path / "card_designs.toml")
