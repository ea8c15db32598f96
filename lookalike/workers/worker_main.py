"""A worker process: reads photos from its standard input, answers with faces or share cards on its standard output.

It holds the models and nothing else: no gallery, no token, no database, no network. Started and watched by workers.py.
"""

from __future__ import annotations

import contextlib
import faulthandler
import math
import os
import resource
import sys
import time
from pathlib import Path
from typing import BinaryIO

from lookalike.core.errors import ModelError
from lookalike.faces.finder import FaceFinder
from lookalike.faces.share_card import Card, CardError, draw
from lookalike.faces.types import Refusal
from lookalike.workers.protocol import SIZES, Head, pack, unpack
from lookalike.workers.sandbox import confine

MEMORY_LIMIT_BYTES = 2_000_000_000  # of address space; resident stays under 1 GB even for 40 megapixel pictures
CPU_PER_PHOTO_S = 8  # below the deadline: a decoder in a loop frees its core even when nobody looks (workers.py)

NICENESS = 5
OOM_SCORE = "500"  # of -1000..1000, the bot's being 0: short of memory, the kernel ends a worker and not the bot


def main() -> None:
    """Answer messages until the bot closes the pipe."""
    faulthandler.enable()
    missing = limit()
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not spoil the messages
    try:
        faces = FaceFinder(Path(sys.argv[1]))
    except ModelError as error:
        answers.write(pack({"error": str(error)}))
        answers.flush()
        return
    answers.write(pack({"ready": True, "missing": missing}))
    answers.flush()
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        while message := read(requests):
            allow_cpu(CPU_PER_PHOTO_S)
            answers.write(answer(faces, *message))
            answers.flush()


def limit() -> list[str]:
    """Bound memory, leave no face in a core dump, let the bot go first, be confined; returns what could not be."""
    os.nice(NICENESS)
    with contextlib.suppress(OSError):  # where the bot's own is higher already
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return confine()


def allow_cpu(seconds: int) -> None:
    """So much CPU time from now on, rounded up to a second; then the kernel ends this process (SIGXCPU)."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, resource.RLIM_INFINITY))


def read(requests: BinaryIO) -> tuple[Head, bytes] | None:
    """The next message; None when the pipe is closed."""
    sizes = requests.read(SIZES.size)
    if len(sizes) < SIZES.size:
        return None
    head_bytes, body_bytes = SIZES.unpack(sizes)
    return unpack(requests.read(head_bytes)), requests.read(body_bytes)


def answer(faces: FaceFinder, head: Head, photo: bytes) -> bytes:
    """What is found in the photo, how good it is for a gallery, or the share card made of it."""
    match head:
        case {"do": "find"}:
            found = faces.find(photo)
            if isinstance(found, Refusal):
                return pack({"refusal": found.reason})
            return pack({"boxes": [face.box for face in found]}, b"".join(face.embedding.tobytes() for face in found))
        case {"do": "inspect"}:
            portrait = faces.inspect(photo)
            if isinstance(portrait, Refusal):
                return pack({"refusal": portrait.reason})
            return pack({"measures": portrait.measures}, portrait.embedding.tobytes())
        case {"do": "draw", "card": card}:
            with contextlib.suppress(CardError):
                return pack({}, draw(photo, Card(**card | {"box": tuple(card["box"])})))
            return pack({})
    raise ValueError(f"unknown request {sorted(head)}")


if __name__ == "__main__":
    main()
