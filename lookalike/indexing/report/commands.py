"""The commands that the report offers: complete, quoted for a shell, to be run in the project's directory."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lookalike.core.paths import ASSETS_DIR
from lookalike.gallery.catalogue import CelebrityPhoto

PROGRAM = (".venv/bin/python", "build_index.py")
DENY = ASSETS_DIR / "deny.txt"  # where a build was given no deny-list
# A file name that can be a line of a deny-list and an argument; any other photo is named by its SHA-1.
PLAIN_FILE = re.compile(r"[^\s#-]([^#]*[^\s#])?")


@dataclass(frozen=True)
class MaintainerCommands:
    """Commands for one index, with the options of its build."""

    photos: Path = Path("photos")
    out: Path = Path("assets/index")
    catalog: Path | None = None
    deny: tuple[Path, ...] = ()
    link_template: str | None = None
    forget_photos: bool = False

    def remove(self, id: str) -> str:
        """Remove a celebrity for good; '' if the id cannot be typed."""
        value = [f"--remove={id}"] if id.startswith("-") else ["--remove", id]
        return _command(*value, *self._deny, "--photos", _shown(self.photos), "--out", _shown(self.out))

    def deny_photos(self, photos: Sequence[CelebrityPhoto]) -> str:
        """Leave photos out and build again; '' if one of them cannot be named."""
        names = [_name(photo) for photo in photos]
        return _command(*self._build, "--deny-photos", *names) if names and all(names) else ""

    def check(self, suspect: str) -> str:
        """Keep that a suspect is none, and build again."""
        return _command(*self._build, "--checked", suspect)

    @property
    def build(self) -> str:
        """Build again."""
        return _command(*self._build)

    @property
    def _deny(self) -> list[str]:
        return [word for path in self.deny or (DENY,) for word in ("--deny", _shown(path))]

    @property
    def _build(self) -> list[str]:
        catalog = ["--catalog", _shown(self.catalog)] if self.catalog else []
        link = ["--link-template", self.link_template] if self.link_template else []
        forget = ["--forget-photos"] if self.forget_photos else []
        return ["--photos", _shown(self.photos), *catalog, *self._deny, *link, *forget, "--out", _shown(self.out)]


def _command(*words: str) -> str:
    """'' if a word holds a character that cannot be seen or typed: who pastes it should know what it does."""
    return shlex.join((*PROGRAM, *words)) if all(word.isprintable() for word in words) else ""


def _name(photo: CelebrityPhoto) -> str:
    return photo.file if PLAIN_FILE.fullmatch(photo.file) else photo.sha1 or ""


def _shown(path: Path) -> str:
    """Relative to the working directory where it lies in there."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
