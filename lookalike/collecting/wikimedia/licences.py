"""Which licences of Commons are free enough to show a photo in an answer, and whom they ask to be named.

What `extmetadata` holds: LicenseParser.php, DataCollector.php and TemplateParser.php of the extension CommonsMetadata.
Its `License` is there for the best known licences alone; `LicenseShortName`, which is HTML, names them all.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_CHARACTERS = 2000  # of a credit: longer ones are essays
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
# Allowed as LicenseShortName says it. All allow changes and any use, and ask for no more than a credit and a link.
ALLOWED = re.compile(
    r"cc0( 1\.0)?|cc[ -]by([ -]sa)?([ ,-]\d(\.\d)?)+([ -](international|unported|generic|igo|scotland|[a-z]{2}))*"
    r"|public domain|pd([ -].*)?|no restrictions|copyrighted free use|attribution( only)?|fal( 1\.3)?|free art license"
    r"|kogl type 1|godl-india|ogl( ?v?\d(\.\d)?)?|ogl-c \d\.\d|mit( license)?|bsd|apache( license)? 2\.0"
    r"|licence ouverte( \d\.\d)?|beerware|wtfpl|cc-pd-mark|pdm(-owner)?|cc-zero"
)
# Why others are not, by what is in their name or link; the first that fits.
REFUSED = (
    (re.compile(r"[ /-]nc\b"), "no commercial use"),
    (re.compile(r"[ /-]nd\b"), "no changes"),
    (re.compile(r"fair use|non-free|nonfree|all rights reserved"), "not free"),
    (re.compile(r"gfdl|gnu free doc"), "asks for its whole text beside the photo"),
    (re.compile(r"kogl type [234]"), "no commercial use or no changes"),
)


@dataclass(frozen=True)
class Licence:
    """A licence that allows a photo to be shown. `asks_for_author`: whoever shows it has to name one."""

    name: str
    url: str | None
    asks_for_author: bool


def licence_of(meta: Mapping[str, Any]) -> Licence | str:
    """The licence in an `extmetadata`, or the reason why the photo cannot be shown."""
    if reason := plain_text(field(meta, "DeletionReason")):
        return f"nominated for deletion: {reason}"
    code = field(meta, "License").lower()
    name = plain_text(field(meta, "LicenseShortName")) or plain_text(field(meta, "UsageTerms")) or code.upper()
    url = web_url(field(meta, "LicenseUrl"))
    if not name:
        return "no licence"
    said = f"{name} {code} {url or ''}".lower()
    if why := next((why for pattern, why in REFUSED if pattern.search(said)), None):
        return f"licence is not free: {name} ({why})"
    if is_true(meta, "NonFree"):
        return f"licence is not free: {name} (marked as not free)"
    if not ALLOWED.fullmatch(name.lower()) and not ALLOWED.fullmatch(code):
        return f"licence is not on the list of free ones: {name}"
    by_its_name = re.match(r"cc[ -]by|attribution|kogl|godl|ogl|fal", name.lower()) is not None
    return Licence(
        name=name,
        url=url or (ZERO if name.lower().startswith("cc0") or code in ("cc0", "cc-zero") else None),
        asks_for_author=by_its_name or is_true(meta, "AttributionRequired"),
    )


def credit_of(meta: Mapping[str, Any]) -> str:
    """Whom to name, as plain text: the attribution that was asked for, else the authors; '' if there is nobody."""
    return plain_text(field(meta, "Attribution")) or plain_text(field(meta, "Artist"))


def plain_text(text: str) -> str:
    """A field, which is HTML, as one line of plain text: without style sheets and hidden text, lists with commas."""
    text = re.sub(r"(?is)<!--.*?-->|<(style|script)\b.*?</\1\s*>", " ", text)
    text = re.sub(r"(?is)<(\w+)[^>]*display:\s*none.*?</\1>", " ", text)  # hidden text, such as the name again
    text = re.sub(r"(?i)</li>\s*<li[^>]*>|<br\s*/?>|</p>\s*<p[^>]*>", ", ", text)
    text = " ".join(html.unescape(re.sub(r"(?s)<[^>]*>", " ", text)).split())
    text = re.sub(r"\s+([,;:.)])", r"\1", re.sub(r"(,\s*){2,}", ", ", text)).strip(" ,;")
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1].rstrip() + "…"


def field(meta: Mapping[str, Any], name: str) -> str:
    """The value of a field as text; '' if there is none."""
    entry = meta.get(name)
    return str(entry.get("value", "")).strip() if isinstance(entry, dict) else ""


def is_true(meta: Mapping[str, Any], name: str) -> bool:
    """Flags are texts: "true", "True"."""
    return field(meta, name).lower() == "true"


def web_url(url: str) -> str | None:
    """A link, with its protocol; None for anything else."""
    url = f"https:{url}" if url.startswith("//") else url
    return url if re.match(r"https?://\S+$", url) else None
