"""How the bot and a worker talk: frames of a JSON head and a body of raw bytes, over a pair of pipes.

A frame is the sizes of head and body (two big-endian uint32), the head, the body. What comes from a worker is data of a
process that a stranger's picture may have taken over: sizes are bounded before memory is given to them, and every field
is checked. Whatever is not exactly an answer raises ProtocolError, and the pool ends that worker. Nothing is pickled.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from lookalike.core.errors import LookalikeError
from lookalike.faces.drawing.avatar.order import AvatarOrder
from lookalike.faces.drawing.card.card import Card, CardFormat
from lookalike.faces.types import (
    EMBEDDING_SIZE,
    MAX_PIXELS,
    MEASURES,
    QUARTER_TURNS,
    Box,
    Doubt,
    Embedding,
    Eyes,
    Face,
    MeasuredFace,
    Reason,
    Refusal,
)
from lookalike.workers.file_shapes import is_jpeg, is_mp4, is_webp

Head = dict[str, Any]

SIZES = struct.Struct(">II")  # bytes of the head, bytes of the body
MAX_HEAD_BYTES = 65_536
MAX_ANSWER_BYTES = 2_000_000  # of the body; a share card has about 70 KB, 32 embeddings have 16 KB
KEPT_PHOTOS = 3  # by a worker, decoded, for their cards: 2.6 MB each, as Telegram sends them
MAX_PANEL_BYTES = 1_500_000  # of a face for a share card, a JPEG of at most 920 px; some 100 to 200 KB
MAX_FACES = 64  # of one photo; finder.MAX_FACES is 32
MAX_EMBEDDING_VALUE = 2.0  # of each of the 128 numbers; norms are 1.23-1.62
MAX_TEXT = 1000  # letters of a message for the log

_EMBEDDING_BYTES = EMBEDDING_SIZE * 4  # float32


class ProtocolError(LookalikeError):
    """A worker sent something that is no answer; the text says what, without any of its bytes."""


class PhotoTask(StrEnum):
    """What a worker can be asked for."""

    FIND = "find"  # the faces of a photo -> FoundFaces
    INSPECT = "inspect"  # its main face and how good it is -> MeasuredFace
    DRAW = "draw"  # a share card of two photos -> Drawing, JPEG
    NUMBER = "number"  # the photo with a number at each face -> Drawing, JPEG
    MORPH = "morph"  # one face turns into the other -> Drawing, MP4
    STRIP = "strip"  # five pictures of that -> Drawing, JPEG
    AVATAR = "avatar"  # a person as a drawing -> Drawing, JPEG or WebP
    THUMBNAIL = "thumbnail"  # a small square copy -> Drawing, WebP
    CHECK = "check"  # decode the photo whole -> PictureSize


@dataclass(frozen=True)
class Request:
    """A task and the encoded photo that it is about; for a card also what stands on it, and the star's photo.

    `panel`: whether the faces are wanted with the panel of a card, if the photo is costly to decode. `boxes` and
    `turn`: of the faces that get a number.
    """

    task: PhotoTask
    photo: bytes
    card: Card | None = None
    star_photo: bytes = b""
    panel: bool = False
    boxes: tuple[Box, ...] = ()
    turn: int = 0
    avatar: AvatarOrder | None = None

    @property
    def body(self) -> tuple[bytes, ...]:
        """What follows the head, in parts that are written one after the other, so that nothing is copied."""
        return self.photo, self.star_photo


@dataclass(frozen=True)
class PictureSize:
    """Width and height in px of a picture as it is looked at, turned upright."""

    width: int
    height: int


@dataclass(frozen=True, eq=False)
class FoundFaces:
    """The faces of a photo, the main one first, and the size of the upright picture that their boxes are in.

    `panel`: the main face as a JPEG for a share card, or nothing where the photo itself will do.
    """

    size: PictureSize
    faces: tuple[Face, ...]
    panel: bytes = b""


@dataclass(frozen=True)
class Drawing:
    """An encoded picture that the worker made: JPEG, WebP, or MP4."""

    data: bytes


@dataclass(frozen=True)
class Ready:
    """The first frame of a worker: it has its models. `missing`: protections that this machine cannot give."""

    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class StartFailure:
    """The first frame of a worker that cannot load its models, and why."""

    error: str


LARGEST = PictureSize(MAX_PIXELS, MAX_PIXELS)  # a gallery photo's box is only drawn by, within the photo

Answer = FoundFaces | MeasuredFace | Drawing | PictureSize | Refusal


def frame_start(head: Head, body_bytes: int) -> bytes:
    """Sizes and head of a frame; the body is written after it."""
    text = json.dumps(head).encode()
    return SIZES.pack(len(text), body_bytes) + text


def unpack_sizes(sizes: bytes) -> tuple[int, int]:
    """Bytes of the head and of the body of an answer; ProtocolError if they are over the limits."""
    head_bytes, body_bytes = SIZES.unpack(sizes)
    if head_bytes > MAX_HEAD_BYTES or body_bytes > MAX_ANSWER_BYTES:
        raise ProtocolError(f"a frame of {head_bytes} + {body_bytes} bytes")
    return head_bytes, body_bytes


# Requests.


def request_start(request: Request) -> bytes:
    """Sizes and head of the frame of a request."""
    head: Head = {"task": request.task, "sizes": [len(part) for part in request.body]}
    if request.panel:
        head["panel"] = True
    if request.boxes:
        head |= {"boxes": request.boxes, "turn": request.turn}
    if request.avatar:
        head["avatar"] = asdict(request.avatar)
    if request.card:
        head["card"] = asdict(request.card) | {"star_photo": ""}  # no path of ours is a worker's business
    return frame_start(head, sum(head["sizes"]))


def read_request(head: bytes, body: bytes) -> Request:
    """The request of a frame that came from the bot."""
    values = json.loads(head)
    photo_bytes, _ = values["sizes"]
    card = _card(values["card"]) if "card" in values else None
    boxes, turn = tuple(map(tuple, values.get("boxes", ()))), values.get("turn", 0)
    task, star = PhotoTask(values["task"]), body[photo_bytes:]
    avatar = AvatarOrder.read(values["avatar"]) if "avatar" in values else None
    return Request(task, body[:photo_bytes], card, star, "panel" in values, boxes, turn, avatar)


def _card(values: Head) -> Card:
    places = {name: values[name] and tuple(values[name]) for name in ("box", "eyes", "star_box", "star_eyes")}
    return Card(**values | places | {"format": CardFormat(values["format"])})


# Answers.


def write_answer(answer: Answer | Ready | StartFailure) -> tuple[bytes, bytes]:
    """The frame of an answer, in two parts."""
    head, body = _head_and_body(answer)
    return frame_start(head, len(body)), body


def _head_and_body(answer: Answer | Ready | StartFailure) -> tuple[Head, bytes]:
    match answer:
        case FoundFaces(size, faces, panel):
            embeddings = b"".join(face.embedding.tobytes() for face in faces)
            places = {"boxes": [face.box for face in faces], "eyes": [face.eyes for face in faces]}
            head = {"size": [size.width, size.height], "turn": faces[0].turn, **places}
            if faces[0].doubt:
                head["doubt"] = faces[0].doubt
            return head, embeddings + panel
        case MeasuredFace():
            return {"box": answer.box, "eyes": answer.eyes, "measures": answer.measures}, answer.embedding.tobytes()
        case Drawing(data):
            return {}, data
        case PictureSize(width, height):
            return {"size": [width, height]}, b""
        case Refusal(reason):
            return {"refusal": reason}, b""
        case Ready(missing):
            return {"ready": True, "missing": list(missing)}, b""
        case StartFailure(error):
            return {"error": error}, b""


def read_start(head: bytes, body: bytes) -> Ready | StartFailure:
    """What the first frame of a worker says; ProtocolError if it is none."""
    match _parsed(head):
        case {"ready": True, "missing": [*missing]} if not body and len(missing) <= 10:
            return Ready(tuple(_text(one) for one in missing))
        case {"error": error} if not body:
            return StartFailure(_text(error))
    raise ProtocolError("a first frame that is none")


def read_answer(task: PhotoTask, head: bytes, body: bytes) -> Answer:
    """The checked answer to a task; ProtocolError if it is anything else."""
    values = _parsed(head)
    if values.keys() == {"refusal"}:
        return _refusal(values["refusal"], body)
    match task:
        case PhotoTask.FIND if values.keys() - {"doubt"} == {"size", "turn", "boxes", "eyes"}:
            return _found_faces(values, body)
        case PhotoTask.INSPECT if values.keys() == {"box", "eyes", "measures"}:
            return _measured_face(values, body)
        case PhotoTask.DRAW | PhotoTask.NUMBER | PhotoTask.STRIP if not values and is_jpeg(body):
            return Drawing(body)
        case PhotoTask.MORPH if not values and is_mp4(body):
            return Drawing(body)
        case PhotoTask.AVATAR if not values and (is_jpeg(body) or is_webp(body)):
            return Drawing(body)
        case PhotoTask.THUMBNAIL if not values and is_webp(body):
            return Drawing(body)
        case PhotoTask.CHECK if values.keys() == {"size"} and not body:
            return _size(values["size"])
    raise ProtocolError(f"no answer to {task}")


def _parsed(head: bytes) -> Head:
    try:
        values = json.loads(head)
    except (ValueError, RecursionError):  # also bytes that are not UTF-8, and integers of over 4,300 digits
        raise ProtocolError("a head that is not JSON") from None
    if not isinstance(values, dict):
        raise ProtocolError("a head that is no object")
    return values


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ProtocolError("something else than a short text")
    return "".join(letter if letter.isprintable() else " " for letter in value)


def _refusal(reason: object, body: bytes) -> Refusal:
    if not isinstance(reason, str) or reason not in set(Reason) or body:
        raise ProtocolError("an unknown refusal")
    return Refusal(Reason(reason))


def _size(value: object) -> PictureSize:
    match value:
        case [int(width), int(height)] if _is_px(width, height) and width * height <= MAX_PIXELS:
            return PictureSize(width, height)
    raise ProtocolError("a size that no picture has")


def _found_faces(values: Head, body: bytes) -> FoundFaces:
    size, turn, boxes, eyes = _size(values["size"]), values["turn"], values["boxes"], values["eyes"]
    if type(turn) is not int or turn not in QUARTER_TURNS:
        raise ProtocolError("a turn that is no quarter turn")
    if not isinstance(boxes, list) or not 1 <= len(boxes) <= MAX_FACES or len(body) < len(boxes) * _EMBEDDING_BYTES:
        raise ProtocolError("not one embedding for each box")
    if not isinstance(eyes, list) or len(eyes) != len(boxes):
        raise ProtocolError("not one pair of eyes for each box")
    rows = [body[_EMBEDDING_BYTES * number :][:_EMBEDDING_BYTES] for number in range(len(boxes))]
    panel = body[_EMBEDDING_BYTES * len(boxes) :]
    if panel and not (len(panel) <= MAX_PANEL_BYTES and is_jpeg(panel)):
        raise ProtocolError("something else than a panel behind the embeddings")
    main, *others = (
        Face(_box(box, size), _embedding(row), turn, eyes=None if pair is None else _eyes(pair))
        for box, row, pair in zip(boxes, rows, eyes, strict=True)
    )
    return FoundFaces(size, (replace(main, doubt=_doubt(values.get("doubt"))), *others), panel)


def _doubt(value: object) -> Doubt | None:
    if value is not None and (not isinstance(value, str) or value not in set(Doubt)):
        raise ProtocolError("an unknown doubt")
    return None if value is None else Doubt(value)


def _box(value: object, size: PictureSize) -> Box:
    match value:
        case [int(left), int(top), int(right), int(bottom)] if (
            not any(isinstance(edge, bool) for edge in (left, top, right, bottom))
            and 0 <= left < right <= size.width
            and 0 <= top < bottom <= size.height
        ):
            return left, top, right, bottom
    raise ProtocolError("a box that is not within its picture")


def _embedding(data: bytes) -> Embedding:
    if len(data) == _EMBEDDING_BYTES:
        values: Embedding = np.frombuffer(data, dtype="<f4")
        if (np.abs(values) <= MAX_EMBEDDING_VALUE).all():  # not so for NaN
            return values
    raise ProtocolError("an embedding that is none")


def _measured_face(values: Head, body: bytes) -> MeasuredFace:
    measures = values["measures"]
    if not isinstance(measures, dict) or measures.keys() != set(MEASURES):
        raise ProtocolError("other measures than those of a face")
    if type(measures["faces"]) is not int or not all(_is_finite(value) for value in measures.values()):
        raise ProtocolError("a measure that is not a number")
    return MeasuredFace(_embedding(body), _box(values["box"], LARGEST), _eyes(values["eyes"]), **measures)


def _eyes(value: object) -> Eyes:
    match value:
        case [float(x_left), float(y_left), float(x_right), float(y_right)]:
            eyes = (x_left, y_left, x_right, y_right)
            if all(abs(edge) <= MAX_PIXELS for edge in eyes):  # not so for NaN
                return eyes
    raise ProtocolError("eyes that are not in a picture")


def _is_px(*values: int) -> bool:
    return all(type(value) is int and 0 < value <= MAX_PIXELS for value in values)


def _is_finite(value: object) -> bool:
    if type(value) is int:
        return abs(value) <= MAX_PIXELS
    return type(value) is float and math.isfinite(value)
