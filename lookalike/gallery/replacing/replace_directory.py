"""An index directory takes the place of another one, and of nothing else."""

from __future__ import annotations

from pathlib import Path

from lookalike.core.directory_swap import put_in_place
from lookalike.core.errors import IndexRefused
from lookalike.gallery.index_format import MANIFEST


def replace_directory(new: Path, target: Path) -> None:
    """Put the directory `new` in the place of `target` atomically; what was there is deleted afterwards.

    IndexRefused if what is there is neither an index nor empty: a slip such as `--out photos` deletes nothing.
    """
    check_replaceable(target)
    put_in_place(new, target)


def check_replaceable(target: Path) -> None:
    """IndexRefused if `target` is a file, or a directory that is neither an index nor empty."""
    if target.exists() and not (target.is_dir() and ((target / MANIFEST).is_file() or not any(target.iterdir()))):
        raise IndexRefused(f"{target} is not an index: it is not replaced")
