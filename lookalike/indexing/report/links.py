"""Links of the report: to photo files, and to pages that a catalogue names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote, unquote


def web_address(url: str | None) -> str:
    """The address if it is http or https, else '': a catalogue may hold `javascript:`."""
    return url if url and re.match(r"https?://", url) else ""


def file_link(photos_link: str | None, file: str) -> str:
    """The link from the report to a photo file, every odd character quoted; '' if it is not below the photos."""
    if photos_link is None or not is_inside(Path(file)):
        return ""
    try:
        return "./" + quote(os.fsencode(f"{photos_link}/{file}"))
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can hold and no file is called
        return ""


def is_inside(file: Path) -> bool:
    """Whether a path stays in the directory that it is relative to."""
    return not file.is_absolute() and ".." not in file.parts


def title_of(source_url: str) -> str:
    """The title of a file page of Commons as people write it, such as `A b.jpg`; '' for any other address."""
    return unquote(source_url.partition("/wiki/File:")[2]).replace("_", " ")
