"""Suspects as cases for a maintainer: what is asked, whom to compare, which command solves it, what is solved.

A case has a name that stays the same from build to build until what it asks about changes: `build_index.py --checked`
takes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.indexing.duplicate_check import DuplicatePair, MixedPhotos, SharedFile, Suspects
from lookalike.indexing.report.commands import MaintainerCommands
from lookalike.indexing.report.namesakes import Namesakes
from lookalike.indexing.report.view_models import CelebrityView, ViewModels

CHECKED = "you checked it"
LEFT_OUT = "the build left the photos of one side out"
MAX_CASES = 60  # shown of each kind, and of those that are solved
MAX_PICTURES, MAX_OF_GROUP = 3, 6  # on one side of a case: of a person, of a group of one's photos
MAX_SIDES = 8
MOST_REMOVALS = 4  # commands for one case: of more namesakes, the ids are enough


@dataclass(frozen=True)
class Remedy:
    """What turned out, and the command for it."""

    text: str
    command: str


@dataclass(frozen=True)
class SuspectCase:
    """Celebrities, or groups of one's photo files, to be compared.

    `distance`: L2, None for a shared photo; `solved`: how, '' while it is open.
    """

    kind: str
    name: str
    note: str
    distance: float | None
    sides: tuple[tuple[Celebrity, tuple[str, ...] | None], ...]  # None: all photos
    remedies: tuple[Remedy, ...]
    solved: str = ""


@dataclass(frozen=True)
class SuspectView:
    """A case with its people, or groups of one's photos, side by side."""

    case: SuspectCase
    sides: tuple[CelebrityView, ...]


@dataclass(frozen=True)
class SuspectGroup:
    """The first of `count` open cases of a kind."""

    kind: SuspectKind
    count: int
    cases: tuple[SuspectView, ...]


@dataclass(frozen=True)
class SuspectKind:
    """A question about cases, and how to find the answer."""

    question: str
    help: str


KINDS = {
    "duplicate": SuspectKind(
        "One person under two names?",
        "The mean embeddings of these two are nearer than those of different people nearly ever are. Distance: 0 is "
        "the same, two people are mostly 0.6 and more apart. Relatives and people who look alike are found, too.",
    ),
    "mixed": SuspectKind(
        "Two people under one name?",
        "The photos of one entry fall into two groups as far apart as two people are. Look for the group that is "
        "somebody else, or a photo in which another face was taken.",
    ),
    "shared": SuspectKind(
        "One photo under several names",
        "The same file belongs to several people: a group picture, or a mistake. Only one face of it was measured, for "
        "all of them.",
    ),
    "namesakes": SuspectKind(
        "One name, several people",
        "Entries with the same name: one person twice, or namesakes whose photos are easily mixed up. Look whether "
        "each photo shows the one who is meant.",
    ),
}  # fmt: skip


def suspect_groups(views: ViewModels, cases: Sequence[SuspectCase]) -> tuple[SuspectGroup, ...]:
    """The open cases by kind, the most suspicious first."""
    by_kind = [
        (text, [case for case in cases if case.kind == kind and not case.solved]) for kind, text in KINDS.items()
    ]
    return tuple(
        SuspectGroup(text, len(some), tuple(_view(views, case) for case in some[:MAX_CASES]))
        for text, some in by_kind
        if some
    )


def solved_views(views: ViewModels, cases: Sequence[SuspectCase]) -> tuple[SuspectView, ...]:
    """The solved cases, or the first of them."""
    return tuple(_view(views, case) for case in [case for case in cases if case.solved][:MAX_CASES])


def _view(views: ViewModels, case: SuspectCase) -> SuspectView:
    pictures = MAX_OF_GROUP if case.kind == "mixed" else MAX_PICTURES
    return SuspectView(case, tuple(views.celebrity(one, files, pictures) for one, files in case.sides[:MAX_SIDES]))


def suspect_cases(
    suspects: Suspects,
    namesakes: Sequence[Namesakes],
    in_index: Collection[Celebrity],
    checked: Collection[str],
    commands: MaintainerCommands,
) -> list[SuspectCase]:
    """All cases by kind, the most suspicious first. `in_index`: the celebrities with the photos that are used."""
    mixed_ids = {one.celebrity.id for one in suspects.mixed}
    used = {one.id: one for one in in_index if one.id in mixed_ids}
    found = [
        *(_of_pair(one, commands) for one in suspects.duplicates),
        *(_of_mixed(one, used, commands) for one in suspects.mixed),
        *(_of_shared(one, commands) for one in suspects.shared),
        *(_of_namesakes(one, commands) for one in namesakes),
    ]
    return [_solved(case, CHECKED) if case.name in checked else case for case in found]


def _solved(case: SuspectCase, how: str) -> SuspectCase:
    return SuspectCase(case.kind, case.name, case.note, case.distance, case.sides, (), how)


def _of_pair(pair: DuplicatePair, commands: MaintainerCommands) -> SuspectCase:
    people = (pair.first, pair.second)
    files = [(file,) for file in pair.photos] if pair.photos else [None, None]
    name = case_name("duplicate", *sorted(one.id for one in people))
    return SuspectCase(
        "duplicate", name, "", pair.distance, tuple(zip(people, files, strict=True)),
        (*_removals(people, commands), Remedy("Two people who look alike", commands.check(name))),
    )  # fmt: skip


def _of_mixed(mixed: MixedPhotos, used: Mapping[str, Celebrity], commands: MaintainerCommands) -> SuspectCase:
    is_used = mixed.celebrity.id in used
    groups = [_photos((mixed.celebrity, *([used[mixed.celebrity.id]] if is_used else [])), one) for one in mixed.groups]
    # Without names of files (--forget-photos) it is not known which photos are used.
    files = {photo.file for photo in used[mixed.celebrity.id].photos} if is_used else set()
    is_left_out = bool(files) and any(group and files.isdisjoint(group) for group in mixed.groups)
    contents = sorted(photo.sha1 or photo.file for group in mixed.groups for photo in _photos([mixed.celebrity], group))
    name = case_name("mixed", mixed.celebrity.id, *contents)
    remedies = [
        Remedy(f"The {place} is somebody else", commands.deny_photos(group))
        for place, group in zip(("left side", "right side"), groups, strict=True)
    ]
    case = SuspectCase(
        "mixed", name, "", mixed.distance, tuple((mixed.celebrity, group) for group in mixed.groups),
        (*remedies, Remedy("All of them are one person", commands.check(name))),
    )  # fmt: skip
    return _solved(case, LEFT_OUT) if is_left_out else case


def _of_shared(shared: SharedFile, commands: MaintainerCommands) -> SuspectCase:
    photos = [_photos([one], [file])[0] for one, file in zip(shared.celebrities, shared.files, strict=True)]
    name = case_name("shared", *sorted(one.id for one in shared.celebrities), photos[0].sha1 or photos[0].file)
    remedies = [
        Remedy(f"It does not show {one.name_in('en')}", commands.deny_photos([photo]))
        for one, photo in zip(shared.celebrities, photos, strict=True)
        if len(set(shared.files)) == len(shared.files) <= MOST_REMOVALS
    ]
    remedies.append(Remedy("It shows several people, or none of them", commands.deny_photos(photos)))
    sides = tuple((one, (file,)) for one, file in zip(shared.celebrities, shared.files, strict=True))
    return SuspectCase(
        "shared", name, "", None, sides, (*remedies, Remedy("All is right", commands.check(name)))
    )  # fmt: skip


def _of_namesakes(namesakes: Namesakes, commands: MaintainerCommands) -> SuspectCase:
    name = case_name("namesakes", *sorted(one.id for one in namesakes.celebrities))
    removals = _removals(namesakes.celebrities, commands) if len(namesakes.celebrities) <= MOST_REMOVALS else ()
    return SuspectCase(
        "namesakes", name, namesakes.name, namesakes.distance, tuple((one, None) for one in namesakes.celebrities),
        (*removals, Remedy("Different people, each with the right photos", commands.check(name))),
    )  # fmt: skip


def _removals(people: Sequence[Celebrity], commands: MaintainerCommands) -> tuple[Remedy, ...]:
    return tuple(
        Remedy(f"One person: remove {one.name_in('en')} ({one.id}) with its photos", commands.remove(one.id))
        for one in people
    )


def _photos(people: Sequence[Celebrity], files: Sequence[str]) -> list[CelebrityPhoto]:
    """The photos with these files, as the last of the people who has them knows them: an index knows the SHA-1."""
    by_file = {photo.file: photo for one in people for photo in one.photos}
    return [by_file.get(file) or CelebrityPhoto.model_construct(file=file) for file in files]


def case_name(kind: str, *parts: str) -> str:
    """The name of a case: of the same kind and about the same it is the same."""
    text = "\0".join((kind, *parts)).encode("utf-8", "backslashreplace")
    return f"{kind}-{hashlib.sha256(text).hexdigest()[:8]}"
