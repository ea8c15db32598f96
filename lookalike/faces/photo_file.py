"""Reading a photo file from the disk, up to the size limit."""

from pathlib import Path

from lookalike.faces.types import MAX_BYTES, Reason, Refusal


def read_photo(path: Path) -> bytes | Refusal:
    """The bytes of a file; a refusal if it is larger than MAX_BYTES or cannot be read."""
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_BYTES else Refusal(Reason.TOO_LARGE)
    except OSError:
        return Refusal(Reason.UNREADABLE)
