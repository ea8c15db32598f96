"""Celebrities of a folder without a catalogue, names as folder names, and lists of ids."""

from pathlib import Path

import pytest

from lookalike.core.errors import CatalogueError
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto, from_folder, read_names, slug

pytestmark = pytest.mark.fast

# Folders.


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_files_and_folders_are_celebrities(tmp_path: Path) -> None:
    touch(tmp_path, "Tom_Hanks.jpg", "Ada_Lovelace/2.png", "Ada_Lovelace/1.JPEG", "Ada_Lovelace/old/3.webp")

    assert from_folder(tmp_path) == [
        Celebrity(
            id="Ada_Lovelace",
            name={"en": "Ada Lovelace"},
            photos=tuple(CelebrityPhoto(file=f"Ada_Lovelace/{name}") for name in ("1.JPEG", "2.png", "old/3.webp")),
        ),
        Celebrity(id="Tom_Hanks", name={"en": "Tom Hanks"}, photos=(CelebrityPhoto(file="Tom_Hanks.jpg"),)),
    ]


def test_a_file_that_is_not_a_photo_is_ignored(tmp_path: Path) -> None:
    touch(tmp_path, "README.md", "Ada/notes.txt", "rejects.csv", ".gitignore")
    (tmp_path / "Folder.jpg").mkdir()

    assert from_folder(tmp_path) == []


def test_hidden_files_are_ignored(tmp_path: Path) -> None:
    """As macOS leaves them on a USB stick."""
    touch(tmp_path, "Ada/1.jpg", "Ada/._1.jpg", "._Ada.jpg", ".cache/1.jpg")

    assert [(one.id, [photo.file for photo in one.photos]) for one in from_folder(tmp_path)] == [("Ada", ["Ada/1.jpg"])]


def test_a_file_and_a_folder_of_one_name_are_one_celebrity(tmp_path: Path) -> None:
    touch(tmp_path, "Ada.jpg", "Ada/1.jpg")

    assert [(one.id, len(one.photos)) for one in from_folder(tmp_path)] == [("Ada", 2)]


# Names as folder names, and lists that are edited by hand.


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Tom Hanks", "Tom_Hanks"),
        (" Ada ", "Ada"),
        ("AC/DC", "ACDC"),
        ("../x", "x"),
        ("a\\b", "ab"),
        ("will.i.am", "will.i.am"),
    ],
)
def test_a_name_as_a_folder_name(name: str, folder: str) -> None:
    assert slug(name) == folder


def test_a_list_of_ids_has_comments(tmp_path: Path) -> None:
    path = tmp_path / "deny.txt"
    path.write_text("# Who must not be there\nQ1\n  Ada_Lovelace  # by request\n\n#Q2\n", encoding="utf-8")

    assert read_names(path) == {"Q1", "Ada_Lovelace"}


def test_a_list_of_ids_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="nowhere is missing"):
        read_names(tmp_path / "nowhere")
    with pytest.raises(CatalogueError, match="cannot be read"):
        read_names(tmp_path)
