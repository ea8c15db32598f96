"""Cards, morphs and drawings over the API, made by a real worker."""

import io
from pathlib import Path

import httpx
import pytest
from PIL import Image

from lookalike.core.language.texts import all_texts
from lookalike.faces.types import Face, Reason, Refusal
from lookalike.gallery.matching import FaceMatch
from lookalike.web.pictures.making import CardWords, NotMade, PictureFile, make
from lookalike.web.pictures.orders import PictureKind, read_order
from lookalike.workers.file_shapes import is_jpeg, is_mp4, is_webp
from lookalike.workers.pool import WorkerPool
from tests.support.web.page import picture
from tests.support.web.portraits import GONE, NO_CHANGES, NO_EYES, NO_PHOTO, SHARE_ALIKE, WHOLE, Home, crowded

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def ask(client: httpx.AsyncClient, kind: str, photo: bytes, **fields: str) -> httpx.Response:
    return await client.post(f"/api/pictures/{kind}", files={"photo": ("me.jpg", photo)}, data=fields)


@pytest.mark.parametrize("star", [SHARE_ALIKE, NO_CHANGES, NO_PHOTO, GONE, NO_EYES, WHOLE])
async def test_every_star_has_a_card(studio: httpx.AsyncClient, astronaut: bytes, star: str) -> None:
    answer = await ask(studio, "card", astronaut, star=star)

    with Image.open(io.BytesIO(answer.content)) as card:
        assert (card.format, card.width / card.height) == ("JPEG", 4 / 5)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert answer.headers["content-disposition"] == "attachment; filename=lookalike-card.jpg"


async def test_a_star_whose_photo_is_damaged_has_a_card_without_it(
    single: WorkerPool, portraits: Home, face: Face, astronaut: bytes, tmp_path: Path
) -> None:
    (tmp_path / "star.jpg").write_bytes(b"no picture")
    match = FaceMatch(face.box, portraits.gallery.nearest(face.embedding, 6), face.turn, eyes=face.eyes)
    order, words = read_order(PictureKind.CARD, {"star": SHARE_ALIKE}), CardWords(all_texts()["en"])
    made = await make(single, astronaut, order, (match,), tmp_path, words)
    undrawn = await make(single, b"no picture", order, (match,), tmp_path, words)

    assert isinstance(made, PictureFile)
    assert is_jpeg(made.data)
    assert undrawn == NotMade.refused(Refusal(Reason.UNREADABLE))


async def test_a_card_comes_in_its_format(studio: httpx.AsyncClient, astronaut: bytes) -> None:
    sides = []
    for format in ("story", "square"):
        answer = await ask(studio, "card", astronaut, format=format)
        with Image.open(io.BytesIO(answer.content)) as card:
            sides.append(card.width / card.height)

    assert sides == [9 / 16, 1]


async def test_a_morph_is_a_video_to_be_saved_and_nowhere_stored(studio: httpx.AsyncClient, astronaut: bytes) -> None:
    answer = await ask(studio, "morph", astronaut, star=SHARE_ALIKE)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert is_mp4(answer.content)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == "attachment; filename=lookalike-morph.mp4"


async def test_a_morph_as_a_strip_is_five_pictures_side_by_side(studio: httpx.AsyncClient, astronaut: bytes) -> None:
    answer = await ask(studio, "morph", astronaut, star="1", format="strip")

    with Image.open(io.BytesIO(answer.content)) as strip:
        assert (strip.format, strip.width) == ("JPEG", 5 * strip.height)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == "attachment; filename=lookalike-morph.jpg"


async def test_a_drawing_comes_in_its_style_and_format(studio: httpx.AsyncClient, astronaut: bytes) -> None:
    comic, ink = [await ask(studio, "avatar", astronaut, style=style) for style in ("comic", "ink")]
    sticker = await ask(studio, "avatar", astronaut, format="sticker")

    assert is_jpeg(comic.content)
    assert is_jpeg(ink.content)
    assert comic.content != ink.content
    assert is_webp(sticker.content)
    assert sticker.headers["content-type"] == "image/webp"
    assert sticker.headers["content-disposition"] == "attachment; filename=lookalike-drawing.webp"


async def test_of_two_people_the_one_that_is_asked_for_is_drawn(studio: httpx.AsyncClient, astronaut: bytes) -> None:
    both = crowded(astronaut)
    first, second, twelfth = [await ask(studio, "avatar", both, face=face) for face in ("1", "2", "12")]

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content != second.content
    assert (twelfth.status_code, twelfth.json()["outcome"]) == (422, "no_such_face")


@pytest.mark.parametrize(
    ("star", "outcome"),
    [
        (NO_CHANGES, "not_changeable"), (NO_PHOTO, "no_star_photo"), (GONE, "no_star_photo"),
        (NO_EYES, "not_seen_well"), (WHOLE, "not_seen_well"), ("Q99", "no_such_star"), ("7", "no_such_star"),
        ("-1", "no_such_star"), ("0", "no_such_star"), ("1" + "0" * 30, "no_such_star"),
        ("../../etc/passwd", "no_such_star"), ("x" * 15_000, "no_such_star"), ("１", "no_such_star"),
    ],
    ids=lambda value: value[:20],
)  # fmt: skip
async def test_without_a_photo_that_may_be_changed_there_is_no_morph_and_the_answer_says_why(
    studio: httpx.AsyncClient, astronaut: bytes, star: str, outcome: str
) -> None:
    answer = await ask(studio, "morph", astronaut, star=star)

    assert (answer.status_code, answer.json()["outcome"]) == (422, outcome)
    assert answer.json()["error"].endswith(".")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("kind", ["card", "morph", "avatar"])
async def test_a_photo_without_a_face_is_refused_with_the_reason(studio: httpx.AsyncClient, kind: str) -> None:
    answers = [await ask(studio, kind, photo) for photo in (picture(), b"no picture")]

    assert [(one.status_code, one.json()["outcome"]) for one in answers] == [(422, "no_face"), (422, "not_a_picture")]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("avatar", {"style": "oil"}), ("avatar", {"format": "video"}), ("morph", {"format": "sticker"}),
        ("card", {"format": "strip"}),
        ("morph", {"face": "0"}), ("morph", {"face": "-1"}), ("morph", {"face": "1e9"}), ("avatar", {"face": "9" * 9}),
    ],
)  # fmt: skip
async def test_a_wrong_field_is_named(
    studio: httpx.AsyncClient, astronaut: bytes, kind: str, fields: dict[str, str]
) -> None:
    answer = await ask(studio, kind, astronaut, **fields)
    (name,) = fields

    assert (answer.status_code, answer.json()["field"]) == (422, name)
    assert answer.json()["error"].startswith(f"{name}: must be")


async def test_whom_a_filter_leaves_out_is_no_star_of_a_picture(studio: httpx.AsyncClient, astronaut: bytes) -> None:
    answer = await ask(studio, "morph", astronaut, where="women")

    assert answer.status_code == 400
    assert "no celebrity of the gallery is left" in answer.json()["error"]


async def test_nothing_of_a_request_stands_in_the_headers_of_its_answer(
    studio: httpx.AsyncClient, astronaut: bytes
) -> None:
    name = 'x"; filename="run.html\r\nSet-Cookie: a=b'
    answer = await studio.post(
        "/api/pictures/avatar?lang=<script>", files={"photo": (name, astronaut)}, data={"style": "ink", "note": name}
    )

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"] == "attachment; filename=lookalike-drawing.jpg"
