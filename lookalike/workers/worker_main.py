"""A worker process: reads requests from its standard input, writes answers to its standard output.

It holds the models and nothing else: no gallery, no token, no database, no network. Started and watched by the pool.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import math
import os
import resource
import select
import sys
import time
from pathlib import Path
from typing import BinaryIO

from lookalike.core.errors import ModelError
from lookalike.core.own_process import lower_priority
from lookalike.core.paths import MESH_DIR
from lookalike.faces.decoding import Picture, decode
from lookalike.faces.drawing.avatar.order import AvatarOrder
from lookalike.faces.drawing.card.card import Card, CardError
from lookalike.faces.drawing.card.draw import draw
from lookalike.faces.drawing.card.panel import cut_around
from lookalike.faces.drawing.lettering import FONTS
from lookalike.faces.drawing.numbered_faces import number_faces
from lookalike.faces.drawing.thumbnails import make_thumbnail
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import MAX_SIDE_PX, Reason, Refusal
from lookalike.faces.warm_up import warm_up
from lookalike.workers.decoded_photos import KEPT_S, DecodedPhotos
from lookalike.workers.protocol import (
    MAX_PANEL_BYTES,
    SIZES,
    Answer,
    Drawing,
    FoundFaces,
    PhotoTask,
    PictureSize,
    Ready,
    Request,
    StartFailure,
    read_request,
    write_answer,
)
from lookalike.workers.sandbox import confine, readable_files

MEMORY_LIMIT_BYTES = 2_000_000_000  # of address space; resident stays under 1 GB even for 40 megapixel pictures
CPU_PER_PHOTO_S = 8  # under the pool's deadline: a decoder in a loop frees its core even when nobody looks
# Of a photo from which the panel of its card is cut while it is decoded. Telegram's own photos are never larger, and
# decoding them again is cheaper than encoding a panel; a file from a camera costs 40 ms and more (bench/stages.py).
COSTLY_PIXELS = MAX_SIDE_PX**2
# The clock by which the kernel measures that limit: CPUCLOCK_PROF of this process (linux/posix-timers.h). It counts
# ticks, so it is not that of `time.process_time`, which in a busy worker falls seconds behind it within minutes.
LIMIT_CLOCK = ~0 << 3
COSTLY_S = 0.1  # CPU time of a request that may leave freed memory behind; an ordinary photo takes 0.03
NICENESS = 5
OOM_SCORE = 500  # of -1000..1000, the bot's being 0: short of memory, the kernel ends a worker and not the bot


def main() -> None:
    """Answer requests until the bot closes the pipe."""
    faulthandler.enable()
    limit_resources()
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not spoil the frames
    try:
        faces = FaceFinder(Path(sys.argv[1]))
    except ModelError as error:
        send(answers, StartFailure(str(error)))
        return
    warm_up(faces)
    return_memory()
    send(answers, Ready(tuple(confine(readable_files(FONTS, MESH_DIR)))))
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        decoded = DecodedPhotos()
        while request := receive(requests):
            allow_cpu(CPU_PER_PHOTO_S)
            began = time.process_time()
            send(answers, answer(faces, request, decoded))
            if time.process_time() - began > COSTLY_S:
                return_memory()
            forget_if_idle(decoded, requests)


def limit_resources() -> None:
    """Bound memory, leave no face in a core dump, let the bot go first."""
    lower_priority(NICENESS, oom_score=OOM_SCORE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: int) -> None:
    """So much CPU time from now on, rounded up to a second; then the kernel ends this process (SIGXCPU)."""
    resource.setrlimit(
        resource.RLIMIT_CPU, (math.ceil(time.clock_gettime(LIMIT_CLOCK)) + seconds, resource.RLIM_INFINITY)
    )


def return_memory() -> None:
    """Give the pages of freed memory back to the kernel: glibc keeps what lies below anything that is still in use."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none, and keeps less
    if trim:
        trim(0)


def receive(requests: BinaryIO) -> Request | None:
    """The next request; None when the pipe is closed."""
    sizes = requests.read(SIZES.size)
    if len(sizes) < SIZES.size:
        return None
    head_bytes, body_bytes = SIZES.unpack(sizes)
    return read_request(requests.read(head_bytes), requests.read(body_bytes))


def forget_if_idle(decoded: DecodedPhotos, requests: BinaryIO) -> None:
    """Keep no photo where the next request does not begin within a moment."""
    if not decoded:
        return
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    if not poll.poll(1000 * KEPT_S):
        decoded.forget()


def send(answers: BinaryIO, answer: Answer | Ready | StartFailure) -> None:
    """Write one frame."""
    for part in write_answer(answer):
        view = memoryview(part)
        while view:
            view = view[answers.write(view) :]


def answer(faces: FaceFinder, request: Request, decoded: DecodedPhotos) -> Answer:
    """What the request asks for, or the reason why its photo is of no use."""
    photo = request.photo
    match request.task:
        case PhotoTask.FIND:
            return _find(faces, photo, decoded, for_card=request.panel)
        case PhotoTask.INSPECT:
            return faces.inspect(photo)
        case PhotoTask.DRAW if request.card:
            return _draw(decoded.take(photo), request.card, request.star_photo)
        case PhotoTask.MORPH | PhotoTask.STRIP if request.card:
            return _morph(request.task, photo, request.card, request.star_photo)
        case PhotoTask.AVATAR if request.avatar:
            return _avatar(photo, request.avatar)
        case PhotoTask.NUMBER:
            numbered = number_faces(photo, request.boxes, request.turn)
            return numbered if isinstance(numbered, Refusal) else Drawing(numbered)
        case PhotoTask.THUMBNAIL:
            small = make_thumbnail(photo)
            return small if isinstance(small, Refusal) else Drawing(small)
        case PhotoTask.CHECK:
            picture = decode(photo)
            return picture if isinstance(picture, Refusal) else PictureSize(*picture.size)
    raise ValueError(f"{request.task} without what it needs")


def _morph(task: PhotoTask, photo: bytes, card: Card, star_photo: bytes) -> Drawing | Refusal:
    from lookalike.faces.drawing import morph  # 50 MB that most workers never use

    made = morph.morph_of(photo, card, star_photo)
    if isinstance(made, Refusal):
        return made
    return Drawing(morph.morph_video(made) if task is PhotoTask.MORPH else morph.morph_strip(made))


def _avatar(photo: bytes, order: AvatarOrder) -> Drawing | Refusal:
    from lookalike.faces.drawing.avatar.avatar import avatar  # two networks and SciPy, which most workers never use

    made = avatar(photo, order)
    return made if isinstance(made, Refusal) else Drawing(made)


def _find(faces: FaceFinder, photo: bytes, decoded: DecodedPhotos, *, for_card: bool) -> FoundFaces | Refusal:
    picture = decode(photo)
    if isinstance(picture, Refusal):
        return picture
    found = faces.find_in(picture)
    if isinstance(found, Refusal):
        return found
    upright, all_faces = found.picture, tuple(face for face, _ in found.faces)
    panel = b""
    if for_card and upright.size[0] * upright.size[1] > COSTLY_PIXELS:
        panel = cut_around(upright, all_faces[0])
    elif for_card:
        decoded.keep(photo, picture)
    return FoundFaces(PictureSize(*upright.size), all_faces, panel if len(panel) <= MAX_PANEL_BYTES else b"")


def _draw(picture: Picture | Refusal, card: Card, star_photo: bytes) -> Drawing | Refusal:
    try:
        return picture if isinstance(picture, Refusal) else Drawing(draw(picture, card, star_photo))
    except CardError:
        return Refusal(Reason.UNREADABLE)


if __name__ == "__main__":
    main()
