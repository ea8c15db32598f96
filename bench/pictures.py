"""Contact sheets of pictures that are made of faces, to look at, and what they cost: never into git.

    .venv/bin/python bench/pictures.py --avatars --morphs --cards [FOLDER]    into FOLDER, .cache/pictures unless named

A file of pictures_of/ for each kind says what is on its sheet, and what was tried and rejected.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["OMP_NUM_THREADS"] = "1"  # as in a worker, before NumPy is imported: small matrices take tenfold else

from pictures_of.avatars import draw_avatars  # noqa: E402 - finds lookalike by the line above
from pictures_of.cards import draw_cards  # noqa: E402
from pictures_of.morphs import draw_morphs  # noqa: E402

KINDS = {"avatars": draw_avatars, "morphs": draw_morphs, "cards": draw_cards}


def main() -> None:
    """Write the sheets of the kinds that are asked for, and print what their pictures cost."""
    parser = argparse.ArgumentParser(description="Contact sheets of pictures made of faces.")
    for kind in KINDS:
        parser.add_argument(f"--{kind}", action="store_true")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".cache" / "pictures")
    asked = parser.parse_args()
    wanted = [draw for kind, draw in KINDS.items() if getattr(asked, kind)]
    if not wanted:
        parser.error("which pictures?")
    asked.folder.mkdir(parents=True, exist_ok=True)
    for draw in wanted:
        draw(asked.folder)


if __name__ == "__main__":
    main()
