"""One folder of photos for the starter gallery, of links into the folders that have them.

    .venv/bin/python bench/starter_photos.py OUT ../shared/stars/photos ../shared/faces/gallery ../shared/faces/probes

A source has a folder of photos for each person (`Kylian Mbappé/001.jpg`) or photos called `Luis_Figo_0007.jpg`. Each
person of assets/starter.jsonl gets the photos under the id or a name in English, without accents and punctuation, and
nobody else gets any. OUT is made anew; `make starter` runs this.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lookalike.gallery.catalogue import Celebrity, is_photo_name, read_catalogue  # noqa: E402 - found by the line above

CATALOGUE = ROOT / "assets" / "starter.jsonl"
# Folders of `faces` that show somebody who was a minor then; other sources have photos of them as adults.
MINORS = frozenset({"gallery/Daniel_Radcliffe", "probes/Daniel_Radcliffe", "gallery/Emma_Watson", "probes/Emma_Watson"})
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "Ø": "O", "ı": "i", "ł": "l", "đ": "d", "$": "S", **dict.fromkeys(".,'’()", "")}
)


def plain(name: str) -> str:
    """A name as an id: ASCII letters, digits and `-`, the words joined by underscores; `Jimin (BTS)` is `Jimin_BTS`."""
    letters = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return re.sub(r"[^A-Za-z0-9-]+", "_", "".join(one for one in letters if not unicodedata.combining(one))).strip("_")


def people(catalogue: Path) -> Iterator[Celebrity]:
    """The people of a catalogue; ValueError for a wrong line."""
    for line in read_catalogue(catalogue):
        if isinstance(line, str):
            raise ValueError(line)
        yield line


def photos_by_person(source: Path) -> Iterator[tuple[str, Path]]:
    """The name as an id, and the file, of each photo in a source."""
    for path in sorted(source.iterdir()):
        name = re.sub(r"_\d+$", "", path.stem) if path.is_file() else path.name
        if f"{source.name}/{name}" not in MINORS:
            files = [path] if path.is_file() else sorted(path.iterdir())
            yield from ((plain(name), file) for file in files if is_photo_name(file.name))


def link_photos(out: Path, sources: list[Path], catalogue: Path = CATALOGUE) -> dict[str, list[Path]]:
    """Make `out` anew with a folder of links for each person; the links by the person's id."""
    shutil.rmtree(out, ignore_errors=True)
    owners: dict[str, str] = {}
    for one in people(catalogue):
        for name in (one.id, one.name_in("en"), *one.aliases.get("en", ())):
            owners.setdefault(plain(name), one.id)
    links: dict[str, list[Path]] = {}
    for source in sources:
        for name, file in photos_by_person(source):
            if id := owners.get(name):
                link = out / id / f"{source.name}_{file.name}"
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(os.path.relpath(file, link.parent))
                links.setdefault(id, []).append(link)
    return links


def main() -> int:
    """Make the folder; the number of photos and of people is printed."""
    parser = argparse.ArgumentParser(description="One folder of links to photos of the starter gallery's people.")
    parser.add_argument("out", type=Path, help="the folder to make")
    parser.add_argument("sources", type=Path, nargs="+", help="folders of photos")
    arguments = parser.parse_args()
    links = link_photos(arguments.out.resolve(), [source.resolve() for source in arguments.sources])
    print(f"{sum(map(len, links.values())):,} photos of {len(links):,} people in {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
