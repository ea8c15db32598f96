"""The outer shape of what a worker sends."""

import pytest

from lookalike.workers.file_shapes import is_mp4

FTYP, MDAT = b"\0\0\0\x0cftypisom", b"\0\0\0\x0amdat\1\2"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (FTYP + MDAT, True),
        (FTYP, True),
        (MDAT + FTYP, False),
        (FTYP + MDAT[:-1], False),
        (FTYP + MDAT + b"\0", False),
        (FTYP + b"\0\0\0\0mdat", False),
        (b"", False),
        (b"\0\0\0", False),
    ],
)
def test_an_mp4_is_boxes_to_its_very_end(data: bytes, expected: bool) -> None:
    assert is_mp4(data) == expected
