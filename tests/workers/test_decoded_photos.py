"""A photo whose faces were found is decoded once: it is kept for its card, for a moment."""

import io
import os

import pytest
from PIL import Image

from lookalike.faces.decoding import Picture
from lookalike.faces.types import Reason, Refusal
from lookalike.workers import worker_main as worker
from lookalike.workers.decoded_photos import KEPT, DecodedPhotos

pytestmark = pytest.mark.fast


def jpeg(grey: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 60), (grey, grey, grey)).save(file, "JPEG")
    return file.getvalue()


def picture() -> Picture:
    return Picture(Image.new("RGB", (60, 60)), (60, 60))


def test_a_photo_that_is_kept_is_not_decoded_again_and_then_no_longer_kept() -> None:
    photo, decoded, before = jpeg(100), DecodedPhotos(), picture()
    decoded.keep(photo, before)

    assert decoded.take(bytes(bytearray(photo))) is before
    assert len(decoded) == 0
    again = decoded.take(photo)
    assert isinstance(again, Picture)
    assert again is not before


def test_another_photo_is_decoded_and_nothing_is_lost_by_it() -> None:
    decoded = DecodedPhotos()
    decoded.keep(jpeg(100), picture())

    assert decoded.take(b"nothing") == Refusal(Reason.NOT_A_PICTURE)
    assert len(decoded) == 1


def test_the_oldest_photo_goes() -> None:
    decoded, pictures = DecodedPhotos(), [picture() for _ in range(KEPT + 1)]
    for number, one in enumerate(pictures):
        decoded.keep(jpeg(number), one)

    assert [decoded.take(jpeg(number)) is one for number, one in enumerate(pictures)] == [False] + KEPT * [True]


@pytest.mark.parametrize("comes", [True, False], ids=["a request comes", "none comes"])
def test_photos_are_kept_only_as_long_as_requests_come(comes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "KEPT_S", 0.01)
    decoded = DecodedPhotos()
    decoded.keep(jpeg(100), picture())
    read, write = os.pipe()
    with os.fdopen(read, "rb") as requests, os.fdopen(write, "wb", buffering=0) as bot:
        if comes:
            bot.write(b"the beginning of one")
        worker.forget_if_idle(decoded, requests)

    assert len(decoded) == comes
