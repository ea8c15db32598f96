"""What a button sends back: exact forms, at most 64 bytes, and nothing else is read."""

from dataclasses import dataclass

import pytest

from lookalike.telegram_bot.callback import MAX_BYTES, Callback, CallbackError
from lookalike.telegram_bot.callback_data import (
    SHAPES,
    Consent,
    Language,
    More,
    RateNext,
    RateStar,
    unpack,
)


@pytest.mark.parametrize(
    ("callback", "data"),
    [
        (Consent(True), "consent:yes"),
        (Consent(False), "consent:no"),
        (Language("ru"), "language:ru"),
        (Language("auto"), "language:auto"),
        (More("f" * 32), f"more:{'f' * 32}"),
    ],
)
def test_every_shape_is_written_and_read(callback: Callback, data: str) -> None:
    assert callback.pack() == data
    assert unpack(data) == callback


@pytest.mark.parametrize(
    "data",
    ["", ":", "consent", "consent:", "consent:maybe", "consent:yes:yes", "language:", "language:english", "more:",
     "more:a b", "nowhere:women", "consent.2:yes", "CONSENT:yes", "\x00", "é" * 40],
)  # fmt: skip
def test_what_no_button_of_ours_can_have_sent_is_not_read(data: str) -> None:
    assert unpack(data) is None


def test_data_longer_than_telegram_allows_is_an_error() -> None:
    More("x" * (MAX_BYTES - len("more:"))).pack()
    with pytest.raises(CallbackError):
        More("x" * MAX_BYTES).pack()


def test_a_score_is_one_to_ten_and_fits_beside_the_longest_tag() -> None:
    for shape in (RateStar("close", "x" * 24), RateNext("start", ""), RateNext("10", "x" * 24)):
        assert len(shape.pack().encode()) <= MAX_BYTES
        assert unpack(shape.pack()) == shape
    for data in ("rate:0:x", "rate:11:x", "rate:run:0:x", "rate:ask:", "rate:run:x", "rate:x"):
        assert unpack(data) is None
    assert unpack("rate:ask:7") == RateStar("ask", "7")  # an id may be a number


@dataclass(frozen=True)
class MoreOfAFace(Callback):
    """A later shape of `more`, whose value says something else."""

    verb = "more"
    version = 9
    face: int


def test_a_later_version_of_a_verb_stands_beside_the_earlier_one() -> None:
    shapes: tuple[type[Callback], ...] = (*SHAPES, MoreOfAFace)

    assert MoreOfAFace(3).pack() == "more.9:3"
    assert unpack("more.9:3", shapes) == MoreOfAFace(3)
    assert unpack("more:3", shapes) == More("3")
