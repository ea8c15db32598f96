"""Reading photo files: the size limit holds before anything is read."""

from pathlib import Path

from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import Reason, Refusal


def test_a_file_that_cannot_be_read_is_unreadable(tmp_path: Path) -> None:
    assert read_photo(tmp_path / "nowhere.jpg") == Refusal(Reason.UNREADABLE)
    assert read_photo(tmp_path) == Refusal(Reason.UNREADABLE)


def test_a_file_over_20_megabytes_is_too_large_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(10 * 2**40)  # ten terabytes of nothing

    assert read_photo(path) == Refusal(Reason.TOO_LARGE)
