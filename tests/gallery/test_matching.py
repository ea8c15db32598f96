"""One photo to its outcome, with faces whose embeddings can be read in its bytes."""

import json
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from lookalike.core.errors import FilterError, WorkerDied
from lookalike.faces.types import MAX_BYTES, Doubt, Face, Reason, Refusal
from lookalike.gallery.calibration import Calibration
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.filters import Filter
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import Manifest
from lookalike.gallery.matching import (
    Compared,
    FaceMatch,
    Match,
    PooledMatch,
    compare,
    comparison_json,
    match,
    match_album,
    percent,
    to_json,
)
from lookalike.gallery.vector_index import ExactIndex

BOX = (10, 20, 110, 120)


# A gallery small enough for mental arithmetic: Ada is at the origin, Bob three to the right, Cleo four up.


def at(x: float, y: float) -> "np.ndarray[Any, np.dtype[np.float32]]":
    embedding = np.zeros(128, np.float32)
    embedding[:2] = x, y
    return embedding


ADA = Celebrity(
    id="Q1", name={"en": "Ada", "ru": "Ада"}, photos=(CelebrityPhoto(file="a1.jpg"), CelebrityPhoto(file="a2.jpg"))
)
BOB = Celebrity(id="Q2", name={"en": "Bob"}, gender="male", photos=(CelebrityPhoto(file="b.jpg"),))
CLEO = Celebrity(id="Q3", name={"en": "Cleo"})
PLACES = np.stack([at(0, 0), at(3, 0), at(0, 4)])


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery(
        manifest=cast(Manifest, None),  # nothing that is asked here needs it
        celebrities=Celebrities.of((ADA, BOB, CLEO)),
        index=ExactIndex(PLACES),
        calibration=Calibration(mu=3, sigma=1, radius_weight=0.0),
        centroids=PLACES,
        corrections=np.zeros(3, np.float32),
        photos=np.stack([at(0, 1), at(0, -1), at(3, 0), at(0, 4)]),
        photo_starts=np.array([0, 2, 3, 4]),
        photo_boxes=np.array([(0, 0, 0, 0), (10, 20, 30, 50), (0, 0, 0, 0), (0, 0, 0, 0)], np.int32),
        photo_eyes=np.array([(0, 0, 0, 0), (15, 30, 25, 31), (0, 0, 0, 0), (0, 0, 0, 0)], np.float32),
    )


async def find(photo: bytes) -> tuple[Face, ...] | Refusal:
    """A face for each `x,y` in the photo; a refusal by its reason's name; `deadly` crashes the worker."""
    text = photo.decode()
    if text == "deadly":
        raise WorkerDied("ConnectionResetError")
    if text in set(Reason):
        return Refusal(Reason(text))
    return tuple(Face(BOX, at(*map(float, pair.split(",")))) for pair in text.split(";"))


async def matched(photo: bytes, gallery: Gallery, k: int = 3) -> Match:
    outcome = await match(photo, find, gallery, k)
    assert isinstance(outcome, Match)
    return outcome


# Photo to outcome.


async def test_a_face_is_answered_with_its_nearest_celebrities(gallery: Gallery) -> None:
    (face,) = (await matched(b"0,0", gallery)).faces

    assert face.box == BOX
    assert [(one.celebrity, one.distance, one.score) for one in face.neighbours] == [
        (ADA, 0, 0),
        (BOB, 3, 3),
        (CLEO, 4, 4),
    ]


async def test_a_similarity_is_the_share_of_people_less_alike(gallery: Gallery) -> None:
    """The score is three deviations under the mean, at the mean, and one above it."""
    (face,) = (await matched(b"0,0", gallery)).faces

    assert [round(one.similarity, 4) for one in face.neighbours] == [0.9987, 0.5, 0.1587]


async def test_the_photo_shown_is_the_nearest_of_the_celebrity(gallery: Gallery) -> None:
    above, below = (await matched(b"0,0.5;0,-0.5", gallery)).faces

    assert above.neighbours[0].photo == ADA.photos[0]
    place = {"box": (10, 20, 30, 50), "eyes": (15, 30, 25, 31)}
    assert below.neighbours[0].photo == ADA.photos[1].model_copy(update=place)
    assert gallery.photos_of("Q1") == (above.neighbours[0].photo, below.neighbours[0].photo)


async def test_a_celebrity_without_photos_has_none_to_show(gallery: Gallery) -> None:
    assert (await matched(b"0,4", gallery)).best.photo is None


async def test_every_face_is_answered_in_the_order_found(gallery: Gallery) -> None:
    outcome = await matched(b"3,1;0,5;0,0", gallery)

    assert [face.neighbours[0].celebrity for face in outcome.faces] == [BOB, CLEO, ADA]
    assert outcome.best.celebrity == BOB


async def test_a_correction_changes_the_order_but_not_the_distance(gallery: Gallery) -> None:
    """Bob is a hub: near to everybody, so his score is raised."""
    corrected = replace(gallery, corrections=np.array([0, 2, -0.5], np.float32))
    (face,) = (await matched(b"3,4", corrected)).faces

    assert [(one.celebrity, one.distance, one.score) for one in face.neighbours] == [
        (CLEO, 3, 2.5),
        (ADA, 5, 5),
        (BOB, 4, 6),
    ]


@pytest.mark.parametrize(("k", "count"), [(1, 1), (2, 2), (3, 3), (50, 3)])
async def test_a_face_has_k_celebrities_or_all_there_are(gallery: Gallery, k: int, count: int) -> None:
    assert len((await matched(b"1,1", gallery, k)).faces[0].neighbours) == count


@pytest.mark.parametrize("reason", Reason)
async def test_a_refusal_is_passed_on(gallery: Gallery, reason: Reason) -> None:
    assert await match(str(reason).encode(), find, gallery) == Refusal(reason)


async def test_a_photo_that_crashes_its_worker_is_unreadable(gallery: Gallery) -> None:
    assert await match(b"deadly", find, gallery) == Refusal(Reason.UNREADABLE)


async def test_a_photo_over_20_megabytes_never_reaches_a_worker(gallery: Gallery) -> None:
    async def nobody(_: bytes) -> Refusal:
        raise AssertionError

    assert await match(bytes(MAX_BYTES + 1), nobody, gallery) == Refusal(Reason.TOO_LARGE)


# JSON and percentages.


async def test_json_is_as_the_contract_says(gallery: Gallery) -> None:
    assert to_json("me.jpg", await matched(b"0,0", gallery, 2)) == {
        "photo": "me.jpg",
        "outcome": "match",
        "faces": [
            {
                "box": [10, 20, 110, 120],
                "matches": [
                    {"id": "Q1", "name": "Ada", "distance": 0.0, "similarity": 0.9987},
                    {"id": "Q2", "name": "Bob", "distance": 3.0, "similarity": 0.5},
                ],
            }
        ],
    }


@pytest.mark.parametrize("reason", Reason)
def test_json_of_a_refusal_has_its_reason_and_a_message(reason: Reason) -> None:
    assert to_json("me.jpg", Refusal(reason)) == {
        "photo": "me.jpg",
        "outcome": reason.value,
        "faces": [],
        "message": reason.message,
    }


async def test_json_is_plain_data(gallery: Gallery) -> None:
    value = to_json("me.jpg", await matched(b"1,1;2,2", gallery))

    assert json.loads(json.dumps(value)) == value


async def test_names_are_in_the_language_asked_for(gallery: Gallery) -> None:
    outcome = await matched(b"0,0", gallery)

    assert [one["name"] for one in to_json("", outcome, "ru")["faces"][0]["matches"]] == ["Ада", "Bob", "Cleo"]


@pytest.mark.parametrize(
    ("similarity", "shown"), [(0, 1), (0.004, 1), (0.01, 1), (0.494, 49), (0.5, 50), (0.87, 87), (0.994, 99), (1, 99)]
)
def test_a_percentage_is_never_0_or_100(similarity: float, shown: int) -> None:
    assert percent(similarity) == shown


def test_the_best_match_is_that_of_the_main_face(gallery: Gallery) -> None:
    faces = tuple(FaceMatch(BOX, gallery.nearest(at(x, 0), 1)) for x in (3, 0))

    assert Match(faces).best.celebrity == BOB


def test_json_of_a_doubtful_match_says_why() -> None:
    face = FaceMatch((0, 0, 9, 9), (), doubt=Doubt.BLURRED)

    assert to_json("me.jpg", Match((face, replace(face, doubt=None))))["faces"] == [
        {"box": [0, 0, 9, 9], "doubt": "blurred", "matches": []}, {"box": [0, 0, 9, 9], "matches": []},
    ]  # fmt: skip


# Filters and two people.


async def test_a_filter_leaves_whom_it_says(gallery: Gallery) -> None:
    outcome = await match(b"0,0;1,1", find, gallery, where=Filter(gender="male"))

    assert isinstance(outcome, Match)
    assert [[one.celebrity for one in face.neighbours] for face in outcome.faces] == [[BOB], [BOB]]
    assert [one.distance for one in outcome.faces[0].neighbours] == [3]


async def test_a_filter_that_leaves_nobody_is_an_error(gallery: Gallery) -> None:
    with pytest.raises(FilterError, match="no celebrity of the gallery is left"):
        await match(b"0,0", find, gallery, where=Filter(gender="female"))


async def test_the_main_faces_of_two_photos_are_compared(gallery: Gallery) -> None:
    outcome = await compare((b"3,0;9,9", b"0,4"), find, gallery)

    assert isinstance(outcome, Compared)
    assert [face.embedding.tolist() for face in outcome.faces] == [at(3, 0).tolist(), at(0, 4).tolist()]
    assert outcome.comparison == gallery.stranger_pairs.compare(at(3, 0), at(0, 4))
    assert comparison_json(("a.jpg", "b.jpg"), outcome) == {
        "photos": ["a.jpg", "b.jpg"],
        "outcome": "compared",
        "distance": 5.0,
        "similarity": round(outcome.comparison.similarity, 4),
    }


@pytest.mark.parametrize(
    ("photos", "reason", "which"),
    [((b"no_face", b"0,0"), Reason.NO_FACE, "a.jpg"), ((b"0,0", b"deadly"), Reason.UNREADABLE, "b.jpg"),
     ((b"0,0", b"x" * (MAX_BYTES + 1)), Reason.TOO_LARGE, "b.jpg"),
     ((b"no_face", b"unreadable"), Reason.NO_FACE, "a.jpg")],
)  # fmt: skip
async def test_two_photos_of_which_one_has_no_face_are_answered_as_that_one(
    gallery: Gallery, photos: tuple[bytes, bytes], reason: Reason, which: str
) -> None:
    outcome = await compare(photos, find, gallery)

    assert comparison_json(("a.jpg", "b.jpg"), outcome) == to_json(which, Refusal(reason))


# Photos that arrived together.

NO_FACE = Refusal(Reason.NO_FACE)


def photo_of(*places: tuple[float, float]) -> tuple[Face, ...]:
    return tuple(Face((number, 0, number + 50, 50), at(*place)) for number, place in enumerate(places))


def test_an_album_of_one_person_has_one_answer_from_the_mean_of_its_main_faces(gallery: Gallery) -> None:
    found: list[tuple[Face, ...] | Refusal] = [
        photo_of((2.8, 0)),
        NO_FACE,
        photo_of((3.3, 0), (0, 4)),
        photo_of((2.9, 0)),
    ]
    album = match_album(found, gallery)

    assert isinstance(album, PooledMatch)
    assert (album.photos, album.left_out) == (3, 1)
    assert album.match.best.celebrity == BOB
    assert album.match.best.distance == pytest.approx(0.0, abs=1e-6)  # the mean is at (3, 0)
    assert album.shown == 3  # the nearest to it
    assert album.match.faces[0].box == found[3][0].box  # type: ignore[index]


def test_an_album_in_which_two_faces_are_too_far_apart_has_an_answer_for_each_photo(gallery: Gallery) -> None:
    album = match_album([photo_of((0, 0)), photo_of((0.5, 0)), photo_of((1, 0)), NO_FACE], gallery)

    assert isinstance(album, tuple)
    assert [isinstance(one, Match) for one in album] == [True, True, True, False]


def test_an_album_with_one_face_has_an_answer_for_each_photo(gallery: Gallery) -> None:
    album = match_album([NO_FACE, photo_of((0, 4))], gallery)

    assert isinstance(album, tuple)
    assert isinstance(album[1], Match)
    assert album[1].best.celebrity == CLEO
