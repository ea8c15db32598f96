"""Where the time of a photo goes: the published pipeline, face_recognition's own calls and ours, on the same photos.

    .venv/bin/python bench/stages.py [PHOTOS]

Photo by photo all three take turns in one process on one core, so that a noisy machine is noisy for all. The times are
CPU time, medians; what to look at is the ratio. The published pipeline is the one this bot was first described with:
1280 px, HOG upsampled once, landmarks, dlib's own network, a linear scan of 12,000 celebrities.
"""

from __future__ import annotations

import io
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Protocol

import numpy as np
from record import keep, table

from photos import selfies

sys.path.insert(0, str(Path(__file__).parent.parent))

import dlib
from PIL import Image

from lookalike.faces.decoding import decode
from lookalike.faces.dlib_weights import RECOGNITION_DAT as DAT_NAME
from lookalike.faces.dlib_weights import model_file
from lookalike.faces.drawing.card.around import around
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.drawing.card.draw import draw
from lookalike.faces.drawing.card.panel import cut_around
from lookalike.faces.finder import FaceFinder, chips
from lookalike.faces.types import Refusal
from lookalike.gallery.gallery import Gallery

PUBLISHED_PX = 1280
PUBLISHED_PEOPLE = 12_000
CAMERA_PHOTOS, CAMERA_PX = 10, 3500  # square photos of 12 megapixels, sent as files
FACE = (200, 200, 600, 600)
CARD = Card(FACE, "Ann", "A star", "who that is", "", 87, "Photo: somebody, CC BY 4.0", "@bot", star_box=FACE)
Times = dict[str, list[float]]


class Clock:
    """CPU time by stage."""

    def __init__(self) -> None:
        self.times: Times = defaultdict(list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what is done inside."""
        began = time.process_time()
        yield
        self.times[name].append(1000 * (time.process_time() - began))

    def medians(self) -> dict[str, float]:
        """Milliseconds by stage."""
        return {name: round(median(values), 2) for name, values in self.times.items()}


class Pipeline(Protocol):
    """A way from a photo to a star."""

    def answer(self, photo: bytes, clock: Clock) -> None:
        """One photo."""


class Published:
    """dlib throughout, as published."""

    def __init__(self) -> None:
        self.detector = dlib.get_frontal_face_detector()
        self.landmarks = dlib.shape_predictor(str(model_file("shape_predictor_5_face_landmarks.dat")))
        self.network = dlib.face_recognition_model_v1(str(model_file(DAT_NAME)))
        self.people = np.random.default_rng(0).normal(size=(PUBLISHED_PEOPLE, 128))

    def answer(self, photo: bytes, clock: Clock) -> None:
        """One photo."""
        with clock.stage("decode"):
            image = Image.open(io.BytesIO(photo)).convert("RGB")
            scale = PUBLISHED_PX / max(image.size)
            pixels = np.asarray(image.resize((round(image.width * scale), round(image.height * scale))))
        with clock.stage("detect"):
            boxes = self.detector(pixels, 1)
        if not boxes:
            return
        with clock.stage("landmarks and chips"):
            shape = self.landmarks(pixels, boxes[0])
        with clock.stage("embed"):
            embedding = np.array(self.network.compute_face_descriptor(pixels, shape))
        with clock.stage("search"):
            np.linalg.norm(self.people - embedding, axis=1).argmin()


class Ours:
    """The stages of `Faces.find` and what comes after, one by one."""

    def __init__(self) -> None:
        self.faces = FaceFinder()
        self.gallery = Gallery.load(Path(__file__).parent.parent / "assets" / "starter")

    def answer(self, photo: bytes, clock: Clock) -> None:
        """One photo."""
        with clock.stage("decode"):
            picture = decode(photo)
        if isinstance(picture, Refusal):
            raise ValueError(picture.reason.message)
        with clock.stage("detect"):
            boxes = self.faces.detector.detect(picture.image).boxes
        if not boxes:
            return
        with clock.stage("landmarks and chips"):
            pixels = picture.pixels()
            cut = chips(pixels, self.faces.landmarks(pixels, boxes[0]))
        with clock.stage("embed"):
            embedding = self.faces.embed(cut[None])[0]
        with clock.stage("search"):
            self.gallery.nearest(embedding, 6)


def main() -> int:
    """Measure, print, keep."""
    photos = selfies(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
    published, ours, peers, whole, cards = Clock(), Clock(), Clock(), Clock(), Clock()
    pipelines: list[tuple[Pipeline, Clock]] = [(Published(), published), (Ours(), ours)]
    faces, recognition = FaceFinder(), face_recognition_calls()
    for photo in photos:
        for pipeline, clock in pipelines:
            with whole.stage(type(pipeline).__name__.lower()):
                pipeline.answer(photo, clock)
        with ours.stage("share card"):
            draw(photo, CARD, photos[0])
        with whole.stage("worker"):
            faces.find(photo)
        if recognition:
            recognition(photo, peers)
        answer_with_card(faces, photo, photos[0], "photo of 800 px", cards)
    for photo in selfies(CAMERA_PHOTOS, CAMERA_PX):
        answer_with_card(faces, photo, photos[0], f"file of {CAMERA_PX} px", cards)
    figures = {
        "photos": len(photos),
        "published_ms": published.medians(),
        "ours_ms": ours.medians(),
        "face_recognition_ms": peers.medians(),
        "whole_ms": whole.medians(),
        "find_and_draw_ms": cards.medians(),
        "times_faster": round(median(whole.times["published"]) / median(whole.times["ours"]), 1),
    }
    keep("stages", figures)
    names = list(dict.fromkeys([*published.times, *ours.times]))
    rows = [(name, *(clock.medians().get(name, "–") for clock in (published, peers, ours))) for name in names]
    rows.append(("all", *(round(sum(c.medians().values()), 1) for c in (published, peers)), whole.medians()["ours"]))
    print(table(rows, ("CPU ms, median", "published", "face_recognition", "ours")))
    print(table(list(cards.medians().items()), ("find and draw", "CPU ms, median")))
    return 0


def answer_with_card(faces: FaceFinder, photo: bytes, star: bytes, name: str, clock: Clock) -> None:
    """What workers do for one answer: the photo decoded again for its card, or kept; the card drawn from a panel."""
    for way in ("decoded twice", "decoded once", "with a panel"):
        with clock.stage(f"{name}, {way}"):
            picture = decode(photo)
            if isinstance(picture, Refusal) or isinstance(found := faces.find_in(picture), Refusal):
                return
            face = found.faces[0][0]
            if way == "with a panel":
                kept = around(face.box, face.eyes, found.picture.size)
                panel = replace(CARD, box=kept.box(face.box), eyes=kept.eyes(face.eyes))
                draw(cut_around(found.picture, face), panel, star)
            else:
                card = replace(CARD, box=face.box, eyes=face.eyes)
                draw(picture if way == "decoded once" else photo, card, star)


def face_recognition_calls() -> Callable[[bytes, Clock], None] | None:
    """The package's own calls on a photo; None where it is not installed."""
    try:
        import face_recognition
    except ImportError:
        print("face_recognition is not installed (requirements-bench.txt): not compared", file=sys.stderr)
        return None

    def answer(photo: bytes, clock: Clock) -> None:
        with clock.stage("decode"):
            pixels = face_recognition.load_image_file(io.BytesIO(photo))
        with clock.stage("detect"):
            boxes = face_recognition.face_locations(pixels)
        with clock.stage("embed"):
            embeddings = face_recognition.face_encodings(pixels, boxes)
        with clock.stage("search"):
            face_recognition.face_distance(known, embeddings[0]) if embeddings else None

    known = list(np.random.default_rng(0).normal(size=(PUBLISHED_PEOPLE, 128)))
    return answer


if __name__ == "__main__":
    sys.exit(main())
