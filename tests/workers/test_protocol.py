"""Frames: what goes in comes out; whatever is not exactly an answer is refused, before memory is given to it."""

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.faces.drawing.card.card import Card, CardFormat
from lookalike.faces.types import EMBEDDING_SIZE, MAX_PIXELS, Doubt, Face, MeasuredFace, Reason, Refusal
from lookalike.workers import protocol
from lookalike.workers.protocol import (
    MAX_ANSWER_BYTES,
    MAX_HEAD_BYTES,
    MAX_PANEL_BYTES,
    SIZES,
    Answer,
    Drawing,
    FoundFaces,
    PhotoTask,
    PictureSize,
    ProtocolError,
    Ready,
    Request,
    StartFailure,
    read_answer,
    read_request,
    read_start,
    unpack_sizes,
    write_answer,
)

pytestmark = pytest.mark.fast

EMBEDDING: npt.NDArray[np.float32] = np.linspace(-0.3, 0.3, EMBEDDING_SIZE, dtype=np.float32)
MEASURED = MeasuredFace(
    EMBEDDING, (10, 20, 110, 120), (30.5, 60.25, 92.0, 60.5), 2, 61.5, 0.25, 0.1, 0.3, 50.0, 0.4, 0.0
)
FACES = FoundFaces(
    PictureSize(640, 480),
    (Face((0, 0, 640, 480), EMBEDDING, eyes=(200.5, 200.0, 400.25, 210.0)), Face((1, 2, 30, 40), -EMBEDDING)),
)
HEAD = {"size": [640, 480], "turn": 0, "boxes": [[0, 0, 9, 9]], "eyes": [None]}  # of one face
JPEG, WEBP = b"\xff\xd8\xff\xe0 and so on \xff\xd9", b"RIFF\x08\x00\x00\x00WEBPmore"
ROW = EMBEDDING.tobytes()


def parts(answer: Answer | Ready | StartFailure) -> tuple[bytes, bytes]:
    """Head and body of a frame, by the sizes that it begins with."""
    start, body = write_answer(answer)
    head_bytes, body_bytes = unpack_sizes(start[: SIZES.size])
    assert (len(start) - SIZES.size, len(body)) == (head_bytes, body_bytes)
    return start[SIZES.size :], body


# Whole frames.


def test_a_request_comes_out_as_it_went_in() -> None:
    card = Card(
        (1, 2, 3, 4), "Ada", "Star", "note", "/where/it/lies.jpg", 50, "credit", "address", 90,
        (1.5, 2.5, 3.5, 2.5), (5, 6, 7, 8), (5.5, 6.5, 7.5, 6.5),
    )  # fmt: skip
    request = Request(PhotoTask.DRAW, b"photo", card, b"star's photo")
    start = protocol.request_start(request)
    head_bytes, body_bytes = SIZES.unpack(start[: SIZES.size])

    assert (head_bytes, body_bytes) == (len(start) - SIZES.size, len(b"photostar's photo"))
    assert read_request(start[SIZES.size :], b"".join(request.body)) == replace(
        request, card=replace(card, star_photo="")
    )


@pytest.mark.parametrize("format", CardFormat)
def test_the_format_of_a_card_comes_along(format: CardFormat) -> None:
    card = Card((1, 2, 3, 4), "Ada", "Star", "note", "", 50, "credit", "address", format=format, design="night")
    start = protocol.request_start(Request(PhotoTask.DRAW, JPEG, card, b"star's photo"))

    assert read_request(start[SIZES.size :], JPEG + b"star's photo").card == card


@pytest.mark.parametrize("panel", [False, True])
def test_a_panel_is_asked_for(panel: bool) -> None:
    start = protocol.request_start(Request(PhotoTask.FIND, b"photo", panel=panel))

    assert read_request(start[SIZES.size :], b"photo").panel == panel


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        (PhotoTask.DRAW, Drawing(JPEG)),
        (PhotoTask.THUMBNAIL, Drawing(WEBP)),
        (PhotoTask.CHECK, PictureSize(5000, 8000)),
        *((task, Refusal(reason)) for task in PhotoTask for reason in Reason),
    ],
)
def test_an_answer_comes_out_as_it_went_in(task: PhotoTask, answer: Answer) -> None:
    assert read_answer(task, *parts(answer)) == answer


@pytest.mark.parametrize("panel", [b"", JPEG])
def test_faces_come_out_as_they_went_in(panel: bytes) -> None:
    found = read_answer(PhotoTask.FIND, *parts(replace(FACES, panel=panel)))

    assert isinstance(found, FoundFaces)
    assert (found.size, found.panel) == (FACES.size, panel)
    assert [(face.box, face.eyes) for face in found.faces] == [(face.box, face.eyes) for face in FACES.faces]
    for face, expected in zip(found.faces, FACES.faces, strict=True):
        np.testing.assert_array_equal(face.embedding, expected.embedding)


def test_a_measured_face_comes_out_as_it_went_in() -> None:
    found = read_answer(PhotoTask.INSPECT, *parts(MEASURED))

    assert isinstance(found, MeasuredFace)
    assert found.measures == MEASURED.measures
    assert (found.box, found.eyes) == (MEASURED.box, MEASURED.eyes)
    np.testing.assert_array_equal(found.embedding, EMBEDDING)


@pytest.mark.parametrize("first", [Ready(("network (no such call)",)), Ready(), StartFailure("no model")])
def test_a_first_frame_comes_out_as_it_went_in(first: Ready | StartFailure) -> None:
    assert read_start(*parts(first)) == first


# What a worker that has been taken over may send.


@pytest.mark.parametrize("sizes", [(MAX_HEAD_BYTES + 1, 0), (2, MAX_ANSWER_BYTES + 1), (2, 4_000_000_000)])
def test_sizes_over_the_limits_are_refused(sizes: tuple[int, int]) -> None:
    with pytest.raises(ProtocolError):
        unpack_sizes(SIZES.pack(*sizes))


@pytest.mark.parametrize("task", PhotoTask)
@pytest.mark.parametrize(
    "head",
    [
        b"", b"{", b"\xff\xfe", b"[" * MAX_HEAD_BYTES, b"1" * 5000, b'"text"', b"[]", b"null", b'{"ready": true}',
        b'{"refusal": "other"}', b'{"refusal": ["no_face"]}', b'{"refusal": "no_face", "more": 1}', b'{"more": 1}',
    ],
)  # fmt: skip
def test_a_head_that_is_no_answer_is_refused(task: PhotoTask, head: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_answer(task, head, b"")


def test_a_refusal_has_no_body() -> None:
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.FIND, b'{"refusal": "no_face"}', b"carried out")


@pytest.mark.parametrize(
    "box",
    [
        [0, 0, 641, 480], [0, 0, 640, 481], [-1, 0, 9, 9], [9, 0, 9, 9], [9, 0, 8, 9], [0, 0, 9], [0, 0, 9, 9, 9],
        [0, 0, 9.0, 9], [0, 0, True, 9], [0, 0, "9", 9], [0, 0, None, 9], [0, 0, [9], 9], "0099", None, {}, 10**4000,
    ],
)  # fmt: skip
def test_a_box_is_four_ints_within_the_picture(box: Any) -> None:
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.FIND, json.dumps(HEAD | {"boxes": [box]}).encode(), ROW)


@pytest.mark.parametrize(
    "eyes",
    [[], [None, None], [[]], [[1.0, 2.0, 3.0]], [[1, 2, 3, 4]], [[1.0, 2.0, 3.0, 1e9]], [[1.0, 2.0, 3.0, math.nan]],
     [["1", 2.0, 3.0, 4.0]], [{}], [0], {}, None, "eyes"],
)  # fmt: skip
def test_each_box_has_eyes_of_four_numbers_or_none(eyes: Any) -> None:
    assert isinstance(read_answer(PhotoTask.FIND, json.dumps(HEAD).encode(), ROW), FoundFaces)
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.FIND, json.dumps(HEAD | {"eyes": eyes}).encode(), ROW)


@pytest.mark.parametrize(
    "size", [[MAX_PIXELS + 1, 1], [8000, 8000], [0, 9], [-9, -9], [9], [9, 9, 9], [True, 9], [9.0, 9], ["9", 9], 9, {}]
)
def test_a_size_is_that_of_an_allowed_picture(size: Any) -> None:
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.CHECK, json.dumps({"size": size}).encode(), b"")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 3e38, 2.1])
@pytest.mark.parametrize("task", [PhotoTask.FIND, PhotoTask.INSPECT])
def test_an_embedding_is_128_small_numbers(task: PhotoTask, number: float) -> None:
    head, _ = parts(MEASURED) if task == PhotoTask.INSPECT else parts(replace(FACES, faces=FACES.faces[:1]))
    wrong = EMBEDDING.copy()
    wrong[77] = number
    for body in (wrong.tobytes(), ROW[:-4], ROW[:-1], ROW + ROW[:4], b""):
        with pytest.raises(ProtocolError):
            read_answer(task, head, body)


@pytest.mark.parametrize("panel", [b"x", JPEG[:-1], WEBP, b"\xff\xd8\xff" + bytes(MAX_PANEL_BYTES) + b"\xff\xd9"])
def test_behind_the_embeddings_is_a_small_jpeg_or_nothing(panel: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.FIND, *parts(replace(FACES, panel=panel)))


@pytest.mark.parametrize("doubt", [None, *Doubt])
def test_a_doubt_about_the_main_face_comes_out_as_it_went_in(doubt: Doubt | None) -> None:
    main, other = FACES.faces
    found = read_answer(PhotoTask.FIND, *parts(replace(FACES, faces=(replace(main, doubt=doubt), other))))

    assert isinstance(found, FoundFaces)
    assert [face.doubt for face in found.faces] == [doubt, None]


@pytest.mark.parametrize("doubt", ["", "other", 1, True, ["dark"], {}])
def test_an_unknown_doubt_is_refused(doubt: Any) -> None:
    head, body = parts(FACES)
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.FIND, json.dumps(json.loads(head) | {"doubt": doubt}).encode(), body)


@pytest.mark.parametrize("boxes", [[], [[0, 0, 9, 9]] * 2, [[0, 0, 9, 9]] * 1000, {"0": [0, 0, 9, 9]}, None])
def test_each_embedding_has_a_box(boxes: Any) -> None:
    body = ROW * 1000 if boxes and len(boxes) == 1000 else ROW
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.FIND, json.dumps(HEAD | {"boxes": boxes}).encode(), body)


@pytest.mark.parametrize(
    "changed",
    [{"faces": 1.5}, {"faces": True}, {"turn": math.nan}, {"turn": math.inf}, {"turn": "0"}, {"turn": None},
     {"faces": 10**30}, {"more": 1.0}],
)  # fmt: skip
def test_measures_are_those_of_a_face_and_finite(changed: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.INSPECT, measured_head(measures=MEASURED.measures | changed), ROW)


def measured_head(**changed: Any) -> bytes:
    """The head of an answer to an inspection, with some of it changed."""
    return json.dumps({"box": MEASURED.box, "eyes": MEASURED.eyes, "measures": MEASURED.measures} | changed).encode()


@pytest.mark.parametrize(
    "changed",
    [{"box": [0, 0, 0, 9]}, {"box": [0.0, 0, 9, 9]}, {"box": [0, 0, 9, MAX_PIXELS + 1]}, {"box": None},
     {"eyes": [1.0, 2.0, 3.0]}, {"eyes": [1, 2, 3, 4]}, {"eyes": [math.nan, 2.0, 3.0, 4.0]}, {"eyes": "1234"},
     {"eyes": [1.0, 2.0, 3.0, 1e9]}, {"more": 1}],
)  # fmt: skip
def test_a_measured_face_has_a_box_and_two_eyes(changed: dict[str, Any]) -> None:
    assert isinstance(read_answer(PhotoTask.INSPECT, measured_head(), ROW), MeasuredFace)
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.INSPECT, measured_head(**changed), ROW)


@pytest.mark.parametrize("body", [b"", JPEG[:-1], JPEG[1:], b"the key of people's data", WEBP])
def test_a_card_begins_and_ends_as_a_jpeg(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.DRAW, b"{}", body)


@pytest.mark.parametrize("body", [b"", WEBP[:-1], WEBP + b"x", JPEG])
def test_a_thumbnail_is_a_webp_as_long_as_it_says(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.THUMBNAIL, b"{}", body)


@pytest.mark.parametrize(
    "head",
    [{"ready": 1, "missing": []}, {"ready": True}, {"ready": True, "missing": ["x"] * 11},
     {"ready": True, "missing": [1]}, {"error": 1}, {"error": "x" * 1001}, {}, {"size": [9, 9]}],
)  # fmt: skip
def test_a_first_frame_that_is_none_is_refused(head: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        read_start(json.dumps(head).encode(), b"")


def test_the_text_of_a_first_frame_is_one_printable_line() -> None:
    assert read_start(b'{"error": "no\\n\\u001b[31mmodel"}', b"") == StartFailure("no  [31mmodel")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
KEYS = st.sampled_from(["size", "boxes", "measures", "refusal", "ready"])


@given(task=st.sampled_from(PhotoTask), head=st.dictionaries(KEYS, JSON) | JSON, body=st.binary(max_size=1100))
def test_whatever_comes_is_an_answer_or_a_protocol_error(task: PhotoTask, head: Any, body: bytes) -> None:
    try:
        read_answer(task, json.dumps(head).encode(), body)
    except ProtocolError:
        return
    assert head.keys() in ({"refusal"}, {"size"})
