"""Suspects as cases: which are solved, under which name they are remembered, and what can be done."""

import numpy as np
import pytest

from lookalike.indexing.duplicate_check import DuplicatePair, MixedPhotos, SharedFile, Suspects
from lookalike.indexing.report.commands import MaintainerCommands
from lookalike.indexing.report.namesakes import Namesakes, find_namesakes, plain
from lookalike.indexing.report.suspects import KINDS, LEFT_OUT, SuspectCase, suspect_cases
from tests.support.galleries import star

pytestmark = pytest.mark.fast
ONE, TWO = star(0), star(1)
FILES, OTHER_FILES = [photo.file for photo in ONE.photos], [photo.file for photo in TWO.photos]
SUSPECTS = Suspects(
    (DuplicatePair(ONE, TWO, 0.3, (FILES[0], OTHER_FILES[0])),),
    (MixedPhotos(ONE, 0.7, ((FILES[0],), (FILES[1],))),),
    (SharedFile((ONE, TWO), (FILES[0], OTHER_FILES[0])),),
)
NAMESAKES = (Namesakes("Star", (ONE, TWO), 0.7),)


def cases(suspects: Suspects = SUSPECTS, checked: frozenset[str] = frozenset()) -> list[SuspectCase]:
    return suspect_cases(suspects, NAMESAKES, [ONE, TWO], checked, MaintainerCommands())


def test_there_is_a_case_of_every_kind() -> None:
    assert [case.kind for case in cases()] == list(KINDS)
    assert all(not case.solved and case.remedies for case in cases())


def test_every_case_can_be_checked_by_its_name() -> None:
    for case in cases():
        assert case.remedies[-1].command.endswith(f"--checked {case.name}")
        solved = {one.name: one.solved for one in cases(checked=frozenset({case.name}))}
        assert [name for name, how in solved.items() if how] == [case.name]


def test_the_order_of_two_people_does_not_open_a_case_again() -> None:
    turned = Suspects((DuplicatePair(TWO, ONE, 0.3, None),))

    assert cases(turned)[0].name == cases()[0].name


def test_another_photo_opens_a_case_of_mixed_photos_again() -> None:
    more = Suspects(mixed=(MixedPhotos(ONE, 0.7, ((FILES[0],), (FILES[1], "Q0/3.png"))),))

    assert cases(more)[0].name != cases()[1].name


def test_photos_that_the_build_left_out_are_solved() -> None:
    mixed = Suspects(mixed=(MixedPhotos(ONE, 0.7, (tuple(FILES), ("Q0/7.png", "Q0/8.png"))),))

    assert cases(mixed)[0].solved == LEFT_OUT
    assert cases()[1].solved == ""


def test_without_names_of_photos_nothing_counts_as_left_out() -> None:
    nameless = ONE.model_copy(update={"photos": ()})
    mixed = Suspects(mixed=(MixedPhotos(ONE, 0.7, (tuple(FILES), ("Q0/7.png",))),))

    (case,) = suspect_cases(mixed, (), [nameless], frozenset(), MaintainerCommands())
    assert case.solved == ""


def test_one_file_that_two_people_name_is_denied_for_both() -> None:
    shared = Suspects(shared=(SharedFile((ONE, TWO), (FILES[0], FILES[0])),))

    assert [remedy.text for remedy in cases(shared)[0].remedies] == [
        "It shows several people, or none of them", "All is right"
    ]  # fmt: skip


def test_namesakes_are_those_with_a_name_in_common_in_any_language() -> None:
    people = [
        star(0, name={"en": "Élan Gül", "ru": "Элан"}),
        star(1, name={"en": "elan gul", "ru": "Элан"}),
        star(2, name={"en": "Somebody", "ru": "ЭЛАН"}),
        star(3, name={"en": "Nobody"}),
    ]
    centroids = np.array([[0, 0], [0, 3], [4, 0], [9, 9]], np.float32)

    found = [(one.name, [who.id for who in one.celebrities], one.distance) for one in find_namesakes(people, centroids)]

    assert found == [("Élan Gül", ["Q0", "Q1"], 3.0), ("Элан", ["Q0", "Q1", "Q2"], 3.0)]


def test_one_person_with_one_name_in_two_languages_is_no_namesake() -> None:
    assert find_namesakes([star(0, name={"en": "Ada", "de": "Ada"})], np.zeros((1, 2), np.float32)) == []


def test_names_are_compared_without_accents_and_case() -> None:
    assert plain("Élan ÅNGSTRÖM Gül") == "elan angstrom gul"
