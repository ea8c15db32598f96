"""Loads index directories that may be damaged, in a process of its own, since some of them can crash nmslib.

    python -m faults.index_loader

One directory a line comes in, `refused: why` or `loaded` goes out.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lookalike.core.errors import IndexRefused
from lookalike.gallery.gallery import Gallery


def main() -> None:
    """Answer until the pipe is closed."""
    for line in sys.stdin:
        try:
            Gallery.load(Path(line.strip()))
        except IndexRefused as error:
            print(f"refused: {error}".replace("\n", " "), flush=True)
        else:
            print("loaded", flush=True)


if __name__ == "__main__":
    main()
